//! Which of a browser's tabs tells of something that came: those that the person sees, on their page; where they see none, one
//! alone, by the browser's own notification and a sound.

/// What a tab does about something that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It tells on its page.
    Page,
    /// It tells whoever does not see it.
    Alert,
    /// It leaves it to others.
    Nothing,
}

/// Whose it is to tell, by what the tabs have kept of it ([`local_set`](crate::browser::local_set)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// This tab's, which was seen as it came: the others leave it to this one, seen or not by now.
    Own,
    /// Another's, which was seen, or has told of it.
    Another,
    /// Nobody's yet.
    Open,
}

/// What a tab does about something that came. `seen`: the person sees it now. `leads`: it holds the browser's socket, as one of
/// its tabs does; what they keep is too slow to choose one of several that look at the same moment. Where a browser lets them not
/// share a socket each of them leads, and what they keep is all there is.
pub fn part(seen: bool, leads: bool, claim: Claim) -> Part {
    match claim {
        _ if seen => Part::Page,
        Claim::Own => Part::Alert,
        Claim::Open if leads => Part::Alert,
        Claim::Open | Claim::Another => Part::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn of_tabs_that_nobody_sees_one_tells() {
        assert_eq!(part(false, true, Claim::Open), Part::Alert);
        assert_eq!(part(false, false, Claim::Open), Part::Nothing);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_tab_that_is_seen_tells_and_none_behind_it() {
        for (leads, claim) in [(true, Claim::Own), (false, Claim::Own), (false, Claim::Another), (true, Claim::Open)] {
            assert_eq!(part(true, leads, claim), Part::Page, "{leads} {claim:?}");
        }
        for leads in [true, false] {
            assert_eq!(part(false, leads, Claim::Another), Part::Nothing);
            // The person looked away before it was told.
            assert_eq!(part(false, leads, Claim::Own), Part::Alert);
        }
    }
}

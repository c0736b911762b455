//! How long to wait before the next try, so that a server that comes back is not run over by all who lost it.

use shared::live::{CLOSE_CROWDED, CLOSE_TOO_MANY_FRAMES};

/// The first wait is at most this long, in milliseconds.
const FIRST: f64 = 1_000.0;
/// No wait is longer.
const LONGEST: f64 = 30_000.0;

/// The least wait after too many frames.
const SLOWER: f64 = 10_000.0;
/// The first wait of a tab that nobody sees when its person has too many sockets: it would throw out another one, which would throw
/// out it in turn.
const STAND_BACK: f64 = 60_000.0;
/// None of those waits is longer.
const STAND_BACK_LONGEST: f64 = 900_000.0;
/// A socket that was there for so long before it was one too many does not belong to those that throw each other out.
const CALM: f64 = 600_000.0;

/// How a socket ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// The code that it was closed with; 0 when there was none.
    pub code: u16,
    /// How many tries have failed since the line was last there.
    pub failed: u32,
    /// How often it was one too many; see [`crowded`].
    pub crowded: u32,
    /// Whether the person sees the tab.
    pub seen: bool,
}

/// How often the sockets of a tab were one too many, one soon after the other, when another has ended that was there for so
/// many milliseconds.
pub fn crowded(before: u32, code: u16, lived: f64) -> u32 {
    let before = if lived >= CALM { 0 } else { before };
    before.saturating_add(u32::from(code == CLOSE_CROWDED))
}

/// The wait before the next try after a socket has ended, in milliseconds. A tab that is seen meanwhile need not wait for the
/// end of it.
pub fn after(ended: Ended, chance: f64) -> f64 {
    let usual = wait(ended.failed, chance);
    match ended.code {
        CLOSE_TOO_MANY_FRAMES => usual.max(SLOWER),
        // In its place goes one that is older, and that most likely nobody sees.
        CLOSE_CROWDED if ended.seen => usual.max(wait(ended.crowded, chance)),
        CLOSE_CROWDED => jittered(doubled(STAND_BACK, ended.crowded.saturating_sub(1), STAND_BACK_LONGEST), chance),
        _ => usual,
    }
}

/// So long, twice as long for each time, and never longer than that.
fn doubled(first: f64, times: u32, longest: f64) -> f64 {
    (first * 2_f64.powi(times.min(16).cast_signed())).min(longest)
}

/// Between half of it and all of it.
fn jittered(whole: f64, chance: f64) -> f64 {
    whole * chance.clamp(0.0, 1.0).mul_add(0.5, 0.5)
}

/// The wait before a try, in milliseconds: each up to twice as long as the one before, and never the same for two
/// browsers.
///
/// `failed` tries have failed since the line was last there; `chance` is between 0 and 1.
pub fn wait(failed: u32, chance: f64) -> f64 {
    jittered(doubled(FIRST, failed, LONGEST), chance)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn each_wait_is_longer_up_to_half_a_minute() {
        let longest: Vec<f64> = [0, 1, 2, 3, 4, 5, 6, u32::MAX].map(|failed| wait(failed, 1.0)).into();
        assert_eq!(longest, [1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 30_000.0, 30_000.0, 30_000.0]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn chance_takes_up_to_half_of_it() {
        assert!((wait(2, 0.0) - 2_000.0).abs() < f64::EPSILON);
        assert!((wait(2, 0.5) - 3_000.0).abs() < f64::EPSILON);
        assert!((wait(2, 7.0) - 4_000.0).abs() < f64::EPSILON);
    }

    fn ended(code: u16, crowded: u32, seen: bool) -> Ended {
        Ended { code, failed: 0, crowded, seen }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn one_too_many_stands_back_unless_it_is_seen() {
        let unseen: Vec<f64> =
            [1, 2, 3, 5, u32::MAX].map(|times| after(ended(CLOSE_CROWDED, times, false), 1.0)).into();
        assert_eq!(unseen, [60_000.0, 120_000.0, 240_000.0, 900_000.0, 900_000.0]);
        let seen: Vec<f64> = [1, 2, 5, u32::MAX].map(|times| after(ended(CLOSE_CROWDED, times, true), 1.0)).into();
        assert_eq!(seen, [2_000.0, 4_000.0, 30_000.0, 30_000.0]);
        assert!((after(ended(CLOSE_CROWDED, 1, false), 0.0) - 30_000.0).abs() < f64::EPSILON);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_those_that_throw_each_other_out_are_counted() {
        assert_eq!(crowded(0, CLOSE_CROWDED, 1_000.0), 1);
        assert_eq!(crowded(1, CLOSE_CROWDED, 1_000.0), 2);
        assert_eq!(crowded(2, 1006, 1_000.0), 2, "the network was away in between");
        assert_eq!(crowded(7, CLOSE_CROWDED, CALM), 1);
        assert_eq!(crowded(7, 1006, CALM), 0);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_ended_otherwise_waits_as_ever() {
        assert!((after(ended(1006, 3, false), 1.0) - 1_000.0).abs() < f64::EPSILON);
        assert!((after(ended(CLOSE_TOO_MANY_FRAMES, 0, true), 1.0) - SLOWER).abs() < f64::EPSILON);
    }
}

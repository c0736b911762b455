//! Where a link leads.

use url::Url;

/// The longest address that is a link, in bytes: browsers and servers take no longer ones for granted.
const LONGEST: usize = 2_000;

/// Where a link leads, as it is written into the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Out of the desk.
    Outside(String),
    /// To a page of the desk, or to a program for mail or telephone.
    Here(String),
}

impl Target {
    /// The target that somebody wrote; none where a link would lead nowhere or must not.
    pub fn of(written: &str) -> Option<Self> {
        let written = written.trim();
        if written.len() > LONGEST {
            return None;
        }
        if is_path(written) {
            return Some(Self::Here(written.to_owned()));
        }
        if written.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) {
            let address = format!("https://{written}");
            return Url::parse(&address).is_ok().then_some(Self::Outside(address));
        }
        match Url::parse(written).ok()?.scheme() {
            "http" | "https" => Some(Self::Outside(written.to_owned())),
            "mailto" | "tel" => Some(Self::Here(written.to_owned())),
            _ => None,
        }
    }
}

/// Whether it is a path of this desk. Browsers read `//host`, `/\host` and `/⇥/host` as another host.
pub fn is_path(written: &str) -> bool {
    written.starts_with('/')
        && !written.starts_with("//")
        && !written.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_web_or_into_the_desk() {
        let outside = |text: &str| Some(Target::Outside(text.to_owned()));
        let here = |text: &str| Some(Target::Here(text.to_owned()));
        assert_eq!(Target::of("https://example.org"), outside("https://example.org"));
        assert_eq!(Target::of("HTTP://example.org/a?b#c"), outside("HTTP://example.org/a?b#c"));
        assert_eq!(Target::of("www.example.org"), outside("https://www.example.org"));
        assert_eq!(Target::of("/tickets/7"), here("/tickets/7"));
        assert_eq!(Target::of("mailto:ana@example.org"), here("mailto:ana@example.org"));
        assert_eq!(Target::of("tel:+34600000000"), here("tel:+34600000000"));
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "",
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://example.org/x",
            "//example.org",
            "/\\example.org",
            "/\t/example.org",
            "\\\\example.org",
            "tickets/7",
            "#here",
            "?a=b",
            "https://",
            "www.example.org:port",
        ] {
            assert_eq!(Target::of(text), None, "{text:?}");
        }
    }
}

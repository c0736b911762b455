//! What plain text holds besides words: addresses, numbers of tickets, names after an `@`.

use linkify::{LinkFinder, LinkKind};
use shared::fields::{self, USERNAME_MAX, USERNAME_MIN};
use unicode_normalization::char::is_combining_mark;

/// The most digits of a ticket's number that anyone writes.
const DIGITS: usize = 12;
/// So many dots and dashes at the end of a name may belong to the sentence instead.
const TRAILING: usize = 4;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words.
    Text(&'t str),
    /// An address of the web, without `https://` when it begins with `www.`.
    Web(&'t str),
    /// An e-mail address.
    Mail(&'t str),
    /// `#1042`, and the number.
    Ticket(&'t str, i64),
    /// What follows an `@`.
    Mention(&'t str),
}

/// A text in its parts, given the character before it.
pub fn pieces(text: &str, before: Option<char>) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    if !text.contains(['@', '#', ':', '.']) {
        found.push(Piece::Text(text));
        return found;
    }
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false);
    let (mut at, mut before) = (0, before);
    for link in finder.links(text) {
        let piece = match link.kind() {
            LinkKind::Url if is_web(link.as_str()) => Piece::Web(link.as_str()),
            // `¿@ana.ruiz` is a name.
            LinkKind::Email if link.as_str().is_ascii() && fields::email(link.as_str(), &()).is_ok() => {
                Piece::Mail(link.as_str())
            }
            // `informe.pdf` and `main.rs` are no addresses.
            _ => continue,
        };
        words(text.get(at..link.start()).unwrap_or_default(), before, &mut found);
        found.push(piece);
        at = link.end();
        before = link.as_str().chars().next_back();
    }
    words(text.get(at..).unwrap_or_default(), before, &mut found);
    found
}

fn is_web(address: &str) -> bool {
    let begins = |with: &str| address.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    begins("http://") || begins("https://") || begins("www.")
}

/// Adds the parts of a text without addresses.
fn words<'t>(text: &'t str, mut before: Option<char>, found: &mut Vec<Piece<'t>>) {
    let mut rest = text;
    let mut plain = text;
    while let Some(sign) = rest.chars().next() {
        let after = rest.get(sign.len_utf8()..).unwrap_or_default();
        let piece = match sign {
            '@' if may_precede_mention(before) => mention(after),
            '#' if !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '#' | '&' | '/' | '_')) => {
                ticket(rest, after)
            }
            _ => None,
        };
        let Some((piece, length)) = piece else {
            before = Some(sign);
            rest = after;
            continue;
        };
        let upto = plain.len() - rest.len();
        if let Some(text) = plain.get(..upto).filter(|text| !text.is_empty()) {
            found.push(Piece::Text(text));
        }
        found.push(piece);
        let piece = rest.get(..length).unwrap_or_default();
        before = piece.chars().next_back();
        rest = rest.get(length..).unwrap_or_default();
        plain = rest;
    }
    if !plain.is_empty() {
        found.push(Piece::Text(plain));
    }
}

/// Whether an `@` after this begins a name; in `a@b` it does not.
fn may_precede_mention(before: Option<char>) -> bool {
    !before.is_some_and(|c| c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '_' | '-' | '+' | '%' | '@'))
}

/// The name at the start of what follows an `@`, and how long it is with its sign.
fn mention(after: &str) -> Option<(Piece<'_>, usize)> {
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '.' | '-' | '_');
    let end = after.find(|c: char| !is_part(c)).unwrap_or(after.len());
    let run = after.get(..end)?;
    // No name is that long, however it is written.
    let short = run.len() <= 4 * USERNAME_MAX + TRAILING;
    (short && readings(run).next().is_some()).then_some((Piece::Mention(run), 1 + end))
}

/// The names that may be meant by what follows an `@`, longest first: a dot at its end may belong to the sentence.
pub fn readings(run: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(run), |name| name.strip_suffix(['.', '-', '_'])).take(TRAILING + 1).filter(|name| {
        (USERNAME_MIN..=USERNAME_MAX).contains(&name.chars().count()) && name.chars().any(char::is_alphanumeric)
    })
}

/// The number at the start of a text.
fn ticket<'t>(text: &'t str, after: &'t str) -> Option<(Piece<'t>, usize)> {
    let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let ends = after.get(digits..)?.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let number = after.get(..digits).filter(|_| ends && digits <= DIGITS)?.parse().ok().filter(|&number| number > 0)?;
    Some((Piece::Ticket(text.get(..=digits)?, number), digits + 1))
}

#[cfg(test)]
mod tests {
    use super::{
        Piece::{Mail, Mention, Text, Ticket, Web},
        *,
    };

    #[test]
    fn names_and_numbers_stand_between_words() {
        assert_eq!(
            pieces("Hola @ana.ruiz, mira #1042.", None),
            [Text("Hola "), Mention("ana.ruiz"), Text(", mira "), Ticket("#1042", 1042), Text(".")]
        );
        assert_eq!(pieces("(@ana)", None), [Text("("), Mention("ana"), Text(")")]);
        assert_eq!(pieces("@Inés", None), [Mention("Inés")]);
        assert_eq!(pieces("¿@ana.ruiz?", None), [Text("¿"), Mention("ana.ruiz"), Text("?")]);
        assert_eq!(pieces("@ine\u{301}s!", None), [Mention("ine\u{301}s"), Text("!")]);
        assert_eq!(pieces("@ana @luis", None), [Mention("ana"), Text(" "), Mention("luis")]);
    }

    #[test]
    fn what_only_looks_like_a_name_or_a_number_is_text() {
        for text in ["@", "@ ana", "@a", "@...", "a@@ana", "100%@ana", "#", "#abc", "#12abc", "a#12", "##12", "#0"] {
            assert_eq!(pieces(text, None), [Text(text)], "{text}");
        }
        assert_eq!(pieces("@ana", Some('x')), [Text("@ana")]);
        let long = format!("@{}", "a".repeat(300));
        assert_eq!(pieces(&long, None), [Text(long.as_str())]);
        assert_eq!(pieces("#1234567890123", None), [Text("#1234567890123")]);
    }

    #[test]
    fn addresses_are_found_and_file_names_are_not() {
        assert_eq!(
            pieces("Ver https://example.org/a_(b)?c=1. O www.example.org, o a@b.example", None),
            [
                Text("Ver "),
                Web("https://example.org/a_(b)?c=1"),
                Text(". O "),
                Web("www.example.org"),
                Text(", o "),
                Mail("a@b.example"),
            ]
        );
        for text in ["informe.pdf y main.rs", "file:///etc/passwd", "javascript://x.example/%0aalert(1)"] {
            assert_eq!(pieces(text, None), [Text(text)], "{text}");
        }
        assert_eq!(pieces("https://example.org/@ana#12", None), [Web("https://example.org/@ana#12")]);
    }

    #[test]
    fn a_dot_at_the_end_may_be_the_sentences() {
        let of = |run| readings(run).collect::<Vec<_>>();
        assert_eq!(of("ana"), ["ana"]);
        assert_eq!(of("ana..."), ["ana...", "ana..", "ana.", "ana"]);
        assert_eq!(of("a."), ["a."]);
        assert!(of("__").is_empty());
    }
}

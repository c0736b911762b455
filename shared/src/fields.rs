//! Rules that several requests share, in the form [`garde`] calls, and the way from garde's reports to field codes.
//!
//! A rule fails with the name of a [`FieldCode`], so that a report carries codes and no prose.
//!
//! What the OpenAPI document says of lengths stands beside each field as a number, since utoipa takes no constant there; the
//! document's tests hold those numbers to the constants here.

use garde::{Report, Validate};

use crate::{
    colour::Rgb,
    problem::{FieldCode, FieldErrors},
};

/// The longest title of a ticket, in characters.
pub const TITLE_MAX: usize = 200;
/// The longest description or comment, in characters.
pub const BODY_MAX: usize = 100_000;
/// The longest message between two people, in characters.
pub const MESSAGE_MAX: usize = 10_000;
/// The longest name of a person or a category, in characters.
pub const NAME_MAX: usize = 100;
/// The longest name of a token, in characters.
pub const TOKEN_NAME_MAX: usize = 80;
/// The longest name of a saved view, in characters.
pub const VIEW_NAME_MAX: usize = 60;
/// The longest text that is looked for, in characters.
pub const SEARCH_MAX: usize = 200;
/// The longest name of a desk, in characters.
pub const DESK_NAME_MAX: usize = 60;
/// The shortest user name, in characters.
pub const USERNAME_MIN: usize = 2;
/// The longest user name, in characters.
pub const USERNAME_MAX: usize = 50;
/// The longest e-mail address, in bytes (RFC 5321 §4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;
/// The longest part of one before its `@`, in bytes (RFC 5321 §4.5.3.1.1).
const MAILBOX_MAX: usize = 64;

/// The code of a garde error, as our rules write it.
pub(crate) fn error(code: FieldCode) -> garde::Error {
    let name = serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned));
    garde::Error::new(name.unwrap_or_default())
}

/// Characters that show nothing of themselves: white space, controls, and of Unicode's format characters and fillers those
/// that people meet.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(c, '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Marks that turn the direction of all that follows, in the line and in whatever it is shown within.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that show nothing and that no script or emoji needs within a name: with them one name passes for another. What
/// joins letters, chooses a form of one or says a direction is none of them; flags of regions, which are spelled with tags, are
/// given up.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{3164}')
        || matches!(c, '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line that is a name: no character that is not seen besides.
fn name_line(text: &str, max: usize) -> garde::Result {
    line(text, max)?;
    if text.chars().any(is_unseen) { Err(error(FieldCode::InvalidCharacters)) } else { Ok(()) }
}

/// One line of text: something to see, no control characters, none that turn the direction, at most `max` characters.
fn line(text: &str, max: usize) -> garde::Result {
    if text.chars().all(is_invisible) {
        return Err(error(FieldCode::Required));
    }
    if text.chars().count() > max {
        return Err(error(FieldCode::TooLong));
    }
    if text.chars().any(|c| c.is_control() || turns_direction(c)) {
        return Err(error(FieldCode::InvalidCharacters));
    }
    Ok(())
}

/// The title of a ticket: one line of 1 to 200 characters.
pub fn title<C>(text: &str, _: &C) -> garde::Result {
    line(text, TITLE_MAX)
}

/// The name of a person or a category: one line of 1 to 100 characters.
pub fn name<C>(text: &str, _: &C) -> garde::Result {
    name_line(text, NAME_MAX)
}

/// The name of a token: one line of 1 to 80 characters.
pub fn token_name<C>(text: &str, _: &C) -> garde::Result {
    name_line(text, TOKEN_NAME_MAX)
}

/// The name of a saved view: one line of 1 to 60 characters.
pub fn view_name<C>(text: &str, _: &C) -> garde::Result {
    name_line(text, VIEW_NAME_MAX)
}

/// Words to look for: at most 200 characters, no control characters.
pub fn search_words<C>(text: &str, _: &C) -> garde::Result {
    if text.trim().chars().count() > SEARCH_MAX {
        return Err(error(FieldCode::TooLong));
    }
    if text.trim().chars().any(char::is_control) {
        return Err(error(FieldCode::InvalidCharacters));
    }
    Ok(())
}

/// At most so many of something.
pub(crate) fn at_most<T, C>(max: usize) -> impl FnOnce(&[T], &C) -> garde::Result {
    move |chosen, _| if chosen.len() > max { Err(error(FieldCode::TooLong)) } else { Ok(()) }
}

/// A choice of several, of which one at least is made.
pub fn some<T, C>(chosen: &[T], _: &C) -> garde::Result {
    if chosen.is_empty() { Err(error(FieldCode::Required)) } else { Ok(()) }
}

/// What a desk calls itself: one line of 1 to 60 characters.
pub fn desk_name<C>(text: &str, _: &C) -> garde::Result {
    name_line(text, DESK_NAME_MAX)
}

/// A desk's colour: `#rrggbb`, legible on white and under it; see [`crate::colour`].
pub fn brand_colour<C>(text: &str, _: &C) -> garde::Result {
    match text.parse::<Rgb>() {
        Err(()) => Err(error(FieldCode::InvalidColour)),
        Ok(colour) if !colour.is_legible() => Err(error(FieldCode::LowContrast)),
        Ok(_) => Ok(()),
    }
}

/// A description or a comment: not blank, at most 100,000 characters, no control characters but line ends and tabs.
pub fn body<C>(text: &str, _: &C) -> garde::Result {
    lines(text, BODY_MAX)
}

/// A message: not blank, at most 10,000 characters, no control characters but line ends and tabs.
pub fn message<C>(text: &str, _: &C) -> garde::Result {
    lines(text, MESSAGE_MAX)
}

/// Several lines of text: something to see, at most `max` characters, no control characters but line ends and tabs.
fn lines(text: &str, max: usize) -> garde::Result {
    if text.chars().all(is_invisible) {
        return Err(error(FieldCode::Required));
    }
    if text.chars().count() > max {
        return Err(error(FieldCode::TooLong));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(error(FieldCode::InvalidCharacters));
    }
    Ok(())
}

/// A user name: 2 to 50 letters, digits, dots, dashes or underscores, a letter or digit among them, so that it is one word after an `@`.
pub fn username<C>(text: &str, _: &C) -> garde::Result {
    if text.is_empty() {
        return Err(error(FieldCode::Required));
    }
    if text.chars().count() > USERNAME_MAX {
        return Err(error(FieldCode::TooLong));
    }
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !text.chars().all(allowed) || !text.chars().any(char::is_alphanumeric) {
        return Err(error(FieldCode::InvalidCharacters));
    }
    if text.chars().count() < USERNAME_MIN {
        return Err(error(FieldCode::TooShort));
    }
    Ok(())
}

/// An e-mail address, as HTML's `type=email` understands it, as far as a mail can be sent there.
pub fn email<C>(text: &str, _: &C) -> garde::Result {
    if text.is_empty() {
        return Err(error(FieldCode::Required));
    }
    if text.len() > EMAIL_MAX {
        return Err(error(FieldCode::TooLong));
    }
    if is_address(text) { Ok(()) } else { Err(error(FieldCode::InvalidEmail)) }
}

/// The rule of HTML's `type=email` (HTML standard, "valid e-mail address"), but dots stand between other characters, and the
/// mailbox is no longer than mail servers take. A domain may be written in any letters; whether those spell one only the
/// server knows. Written out, because a regex engine in the page weighs as much as the page.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let in_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(in_atom);
    let in_label = |c: char| if c.is_ascii() { c.is_ascii_alphanumeric() || c == '-' } else { !is_invisible(c) };
    let is_label = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && label.chars().all(in_label)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    local.len() <= MAILBOX_MAX && local.split('.').all(is_atom) && domain.split('.').all(is_label)
}

/// A password in a form that sets one; see [`crate::password`].
pub fn new_password<C>(text: &str, _: &C) -> garde::Result {
    match crate::password::broken_rules(text).first() {
        Some(&code) => Err(error(code)),
        None => Ok(()),
    }
}

/// Checks a request; the error names each field that breaks a rule.
pub fn check<T: Validate<Context = ()>>(request: &T) -> Result<(), FieldErrors> {
    request.validate().map_err(|report| field_errors(&report))
}

/// The field codes of a garde report.
pub fn field_errors(report: &Report) -> FieldErrors {
    let mut fields = FieldErrors::new();
    for (path, problem) in report.iter() {
        let code = serde_json::from_value(problem.message().into()).unwrap_or(FieldCode::Invalid);
        fields.entry(path.to_string()).or_default().push(code);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_something_to_see_and_turns_nothing_around() {
        for nothing in ["\u{200b}", " \u{2060}\u{feff} ", "\u{3164}", "\u{202e}\u{200b}"] {
            assert_eq!(title(nothing, &()).unwrap_err().to_string(), "required", "{nothing:?}");
            assert!(body(nothing, &()).is_err(), "{nothing:?}");
        }
        for turned in ["\u{202e}evil", "a\u{2066}b"] {
            assert_eq!(title(turned, &()).unwrap_err().to_string(), "invalid_characters", "{turned:?}");
        }
        // Families and Hebrew need their joiners and marks.
        for fine in ["👨\u{200d}👩\u{200d}👧", "שלום\u{200f}!", "¿?"] {
            assert!(title(fine, &()).is_ok(), "{fine:?}");
        }
        for dots in ["..", "-_"] {
            assert!(username(dots, &()).is_err());
        }
    }

    #[test]
    fn a_name_holds_nothing_that_is_not_seen() {
        for alike in
            ["Ada\u{200b} Ibarra", "Ada\u{3164}Ibarra", "Ada\u{e0041}", "\u{feff}Ada", "A\u{ad}da", "Ada\u{2060}"]
        {
            for rule in [name::<()>, token_name::<()>, view_name::<()>, desk_name::<()>] {
                assert_eq!(rule(alike, &()).unwrap_err().to_string(), "invalid_characters", "{alike:?}");
            }
            // Some scripts set their words apart so, and a title stands for nobody.
            assert!(title(alike, &()).is_ok(), "{alike:?}");
        }
        // Persian, Japanese and families need what joins letters and chooses their forms.
        for fine in ["مهدی\u{200c}پور", "葛\u{e0100}城", "👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "O’Hara"]
        {
            assert!(name(fine, &()).is_ok(), "{fine:?}");
        }
    }

    #[test]
    fn a_text_is_as_long_as_its_characters_are_many() {
        type Rule = fn(&str, &()) -> garde::Result;
        let rules: [(Rule, usize); 8] = [
            (title, TITLE_MAX),
            (body, BODY_MAX),
            (message, MESSAGE_MAX),
            (name, NAME_MAX),
            (token_name, TOKEN_NAME_MAX),
            (view_name, VIEW_NAME_MAX),
            (desk_name, DESK_NAME_MAX),
            (search_words, SEARCH_MAX),
        ];
        // Of one, two and four bytes in UTF-8; the last one is two units of UTF-16.
        for character in ["x", "ñ", "😀"] {
            for (rule, most) in rules {
                assert!(rule(&character.repeat(most), &()).is_ok(), "{most} {character}");
                let refused = rule(&character.repeat(most + 1), &()).unwrap_err();
                assert_eq!(refused.to_string(), "too_long", "{most} {character} and one more");
            }
        }
    }

    #[test]
    fn nul_and_blank_text_are_refused() {
        for text in ["", "   ", "a\0b", "two\nlines"] {
            assert!(title(text, &()).is_err(), "{text:?}");
        }
        assert!(body("two\nlines\tand a tab", &()).is_ok());
        assert!(body("a\0b", &()).is_err());
    }

    #[test]
    fn addresses() {
        assert!(email("ana.ruiz@example.org", &()).is_ok());
        assert!(email("o'neil+desk@mail.example-1.org", &()).is_ok());
        assert!(email("correo@compañía.es", &()).is_ok());
        for text in ["compañía@example.org", "a@compa ñía.es", "a@\u{200b}.es", "a@ñ_.es", "a@-ñ.es"] {
            assert!(email(text, &()).is_err(), "{text:?}");
        }
        for text in ["", "ana", "ana@", "@example.org", "ana ruiz@example.org", "a@b@c.org", "a@-b.org", "a@b..org"] {
            assert!(email(text, &()).is_err(), "{text:?}");
        }
        // Mail servers take none of these.
        for text in ["a..b@x.org", ".a@x.org", "a.@x.org", ".@x.org"] {
            assert!(email(text, &()).is_err(), "{text:?}");
        }
        let of = |length: usize| format!("{}@x.org", "a".repeat(length));
        assert!(email(&of(MAILBOX_MAX), &()).is_ok() && email(&of(MAILBOX_MAX + 1), &()).is_err());
    }
}

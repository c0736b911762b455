//! What the server says itself: in mails, in exported files, in what a system shows of the installed page.
//!
//! It stands with what the page says, in the part `server` of each file in `frontend/locales`. `build.rs` turns that into one
//! type with a field for each text: a text that a language lacks does not compile, nor does one that nothing says.

use shared::{
    accounts::Locale,
    languages::Category,
    tickets::{Priority, Status},
};

pub use self::generated::Words;

/// A value for each language, and the types behind [`Words`].
#[allow(missing_docs, clippy::pedantic)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// What is said of a number, in the forms that a language has for it.
pub struct Counted {
    one: &'static str,
    few: Option<&'static str>,
    many: Option<&'static str>,
    other: &'static str,
}

impl Counted {
    /// The form for so many; what is filled in is `count`.
    pub fn say(&self, locale: Locale, count: usize) -> String {
        let form = match locale.category(u64::try_from(count).unwrap_or(u64::MAX)) {
            Category::One => self.one,
            Category::Few => self.few.unwrap_or(self.other),
            Category::Many => self.many.unwrap_or(self.other),
            Category::Other => self.other,
        };
        fill(form, &[("count", &count.to_string())])
    }
}

impl Words {
    /// A state.
    pub fn status(&self, status: Status) -> &'static str {
        match status {
            Status::Open => self.status.open,
            Status::InProgress => self.status.in_progress,
            Status::Waiting => self.status.waiting,
            Status::Closed => self.status.closed,
        }
    }

    /// A priority.
    pub fn priority(&self, priority: Priority) -> &'static str {
        match priority {
            Priority::Low => self.priority.low,
            Priority::Medium => self.priority.medium,
            Priority::High => self.priority.high,
            Priority::Urgent => self.priority.urgent,
        }
    }
}

/// Fills in what stands in double braces. What is filled in is never looked at again, whatever braces it has.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, after)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name.trim()) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_only_text() {
        assert_eq!(fill("{{ a }} y {{ b }}", &[("a", "{{ b }}"), ("b", "2")]), "{{ b }} y 2");
        assert_eq!(fill("{{ a", &[("a", "1")]), "{{ a");
        assert_eq!(fill("{a}", &[("a", "1")]), "{a}");
    }

    #[test]
    fn a_number_is_said_in_its_form() {
        let counted = Counted {
            one: "{{ count }} bilet",
            few: Some("{{ count }} bilety"),
            many: None,
            other: "{{ count }} biletu",
        };
        assert_eq!(counted.say(Locale::Es, 1), "1 bilet");
        assert_eq!(counted.say(Locale::Es, 0), "0 biletu");
    }

    #[test]
    fn each_language_has_its_own_words() {
        for locale in Locale::ALL {
            let words = Words::of(locale);
            assert_eq!(words.locale, locale);
            for other in Locale::ALL.into_iter().filter(|&other| other != locale) {
                assert_ne!(words.mail.hello, Words::of(other).mail.hello);
            }
        }
    }
}

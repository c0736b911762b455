//! Keys that do something: one, or two after each other ("g t"). Plain characters only: combinations with Ctrl, Alt or Meta
//! belong to the browser and to screen readers.

use std::fmt;

/// The longest pause between two keys that belong together, in milliseconds.
pub const TOGETHER: f64 = 1_200.0;

/// One or two keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    first: String,
    second: Option<String>,
}

/// What a key leads to, after those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Nothing.
    None,
    /// More keys have to follow.
    Begun,
    /// All keys were pressed.
    Whole,
}

impl Keys {
    /// Reads what [`fmt::Display`] writes; none when it is no key.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let first = words.next().and_then(key)?;
        let second = match words.next() {
            Some(word) => Some(key(word)?),
            None => None,
        };
        words.next().is_none().then_some(Self { first, second })
    }

    /// How a key that is pressed fits, after the one before it when that was a moment ago.
    pub fn fit(&self, before: Option<&str>, pressed: &str) -> Fit {
        let Some(pressed) = key(pressed) else { return Fit::None };
        match (&self.second, before) {
            (None, None) if self.first == pressed => Fit::Whole,
            (Some(_), None) if self.first == pressed => Fit::Begun,
            (Some(second), Some(before)) if self.first == before && *second == pressed => Fit::Whole,
            _ => Fit::None,
        }
    }

    /// Whether both cannot be had: they are the same, or one is the beginning of the other.
    pub fn collides_with(&self, other: &Self) -> bool {
        self.first == other.first && (self.second.is_none() || other.second.is_none() || self.second == other.second)
    }

    /// The keys one by one, to be shown.
    pub fn into_each(self) -> impl Iterator<Item = String> {
        std::iter::once(self.first).chain(self.second)
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.first)?;
        self.second.iter().try_for_each(|second| write!(formatter, " {second}"))
    }
}

/// A key as it is kept: one visible character, letters small.
pub fn key(pressed: &str) -> Option<String> {
    let mut characters = pressed.chars();
    let character = characters.next()?;
    let is_one = characters.next().is_none() && !character.is_whitespace() && !character.is_control();
    is_one.then(|| character.to_lowercase().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Keys {
        Keys::parse(text).unwrap()
    }

    #[test]
    fn keys_are_written_as_they_are_read() {
        for text in ["a", "?", "g t", "ñ"] {
            assert_eq!(keys(text).to_string(), text);
        }
        assert_eq!(keys("G T").to_string(), "g t");
        for text in ["", " ", "Enter", "g  t", "g t x", "g Enter", "a "] {
            assert_eq!(Keys::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_second_key_counts_after_the_first_alone() {
        assert_eq!(keys("t").fit(None, "T"), Fit::Whole);
        assert_eq!(keys("t").fit(Some("g"), "t"), Fit::None);
        assert_eq!(keys("g t").fit(None, "g"), Fit::Begun);
        assert_eq!(keys("g t").fit(Some("g"), "t"), Fit::Whole);
        assert_eq!(keys("g t").fit(Some("x"), "t"), Fit::None);
        assert_eq!(keys("t").fit(None, "Tab"), Fit::None);
    }

    #[test]
    fn what_begins_alike_collides() {
        assert!(keys("g").collides_with(&keys("g t")) && keys("g t").collides_with(&keys("g")));
        assert!(keys("g t").collides_with(&keys("g t")));
        assert!(!keys("g t").collides_with(&keys("g m")) && !keys("t").collides_with(&keys("g t")));
    }
}

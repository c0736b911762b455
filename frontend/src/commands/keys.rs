//! Keys that do something: one, or two after each other ("g t"). Plain characters and the space bar: combinations with Ctrl,
//! Alt or Meta belong to the browser and to screen readers. Only what works while one types too may have Ctrl with a letter.

use std::fmt;

use crate::i18n::{I18n, t_string};

/// The longest pause between two keys that belong together, in milliseconds.
pub const TOGETHER: f64 = 1_200.0;

/// What stands for the space bar.
const SPACE: &str = "space";
/// What stands before a letter that is pressed together with Ctrl.
const CTRL: &str = "ctrl+";
/// With these Ctrl does something else in every browser: to tabs and windows, and to the text that is being written.
const RESERVED: &str = "acnqrtvwxyz";

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
        let first = words.next().and_then(word)?;
        let second = match words.next() {
            Some(text) => Some(word(text)?),
            None => None,
        };
        // What is pressed together with Ctrl stands alone.
        let apart = second.as_ref().is_none_or(|second| !first.starts_with(CTRL) && !second.starts_with(CTRL));
        (words.next().is_none() && apart).then_some(Self { first, second })
    }

    /// How a key that is pressed fits, after the one before it when that was a moment ago.
    pub fn fit(&self, before: Option<&str>, pressed: &str) -> Fit {
        let Some(pressed) = word(pressed) else { return Fit::None };
        match (&self.second, before) {
            (None, None) if self.first == pressed => Fit::Whole,
            (Some(_), None) if self.first == pressed => Fit::Begun,
            (Some(second), Some(before)) if self.first == before && *second == pressed => Fit::Whole,
            _ => Fit::None,
        }
    }

    /// Whether they are Ctrl with the key that is pressed.
    pub fn are_held(&self, pressed: &str) -> bool {
        with_ctrl(pressed).is_some_and(|held| self.first == held)
    }

    /// Whether both cannot be had: they are the same, or one is the beginning of the other.
    pub fn collides_with(&self, other: &Self) -> bool {
        self.first == other.first && (self.second.is_none() || other.second.is_none() || self.second == other.second)
    }

    /// The keys one by one.
    pub fn into_each(self) -> impl Iterator<Item = String> {
        std::iter::once(self.first).chain(self.second)
    }

    /// The keys as they stand on a keyboard.
    pub fn words(self, i18n: I18n) -> String {
        self.into_each().map(|key| name(i18n, &key)).collect::<Vec<_>>().join(" ")
    }

    /// The keys as assistive technology is told of them; none for two after each other, which it has no words for.
    pub fn told(&self) -> Option<String> {
        let key = match self.first.strip_prefix(CTRL) {
            Some(held) => format!("Control+{}", held.to_uppercase()),
            None if self.first == SPACE => "Space".to_owned(),
            None => self.first.to_uppercase(),
        };
        self.second.is_none().then_some(key)
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.first)?;
        self.second.iter().try_for_each(|second| write!(formatter, " {second}"))
    }
}

/// A key that is pressed, as it is kept: one visible character, letters small, or the space bar.
pub fn key(pressed: &str) -> Option<String> {
    if pressed == " " {
        return Some(SPACE.to_owned());
    }
    let mut characters = pressed.chars();
    let character = characters.next()?;
    let is_one = characters.next().is_none() && !character.is_whitespace() && !character.is_control();
    is_one.then(|| character.to_lowercase().collect())
}

/// A letter that is pressed together with Ctrl, as it is kept; none for what belongs to the browser.
pub fn with_ctrl(pressed: &str) -> Option<String> {
    let held = key(pressed)?;
    let is_letter = held.chars().count() == 1 && held.chars().all(char::is_alphabetic);
    (is_letter && !RESERVED.contains(&held)).then(|| format!("{CTRL}{held}"))
}

/// What was pressed so far, with one more: a third key begins anew, and so does one together with Ctrl.
pub fn and_then(so_far: &str, pressed: String) -> String {
    let both = format!("{so_far} {pressed}");
    if Keys::parse(&both).is_some() { both } else { pressed }
}

/// A key as it stands on a keyboard.
pub fn name(i18n: I18n, key: &str) -> String {
    match key.strip_prefix(CTRL) {
        Some(held) => format!("Ctrl {}", held.to_uppercase()),
        None if key == SPACE => t_string!(i18n, commands.space).to_owned(),
        None => key.to_uppercase(),
    }
}

/// A key that is kept; none when it is no key.
fn word(kept: &str) -> Option<String> {
    let small = kept.to_lowercase();
    match small.strip_prefix(CTRL) {
        Some(held) => with_ctrl(held),
        None if small == SPACE => Some(small),
        None => key(kept),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn keys(text: &str) -> Keys {
        Keys::parse(text).unwrap()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_are_written_as_they_are_read() {
        for text in ["a", "?", "g t", "ñ", "space", "g space", "ctrl+k", "+"] {
            assert_eq!(keys(text).to_string(), text);
        }
        assert_eq!(keys("G T").to_string(), "g t");
        for text in
            ["", " ", "Enter", "g  t", "g t x", "g Enter", "a ", "ctrl+", "ctrl+w", "ctrl+1", "ctrl+k t", "g ctrl+k"]
        {
            assert_eq!(Keys::parse(text), None, "{text:?}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_second_key_counts_after_the_first_alone() {
        assert_eq!(keys("t").fit(None, "T"), Fit::Whole);
        assert_eq!(keys("t").fit(Some("g"), "t"), Fit::None);
        assert_eq!(keys("g t").fit(None, "g"), Fit::Begun);
        assert_eq!(keys("g t").fit(Some("g"), "t"), Fit::Whole);
        assert_eq!(keys("g t").fit(Some("x"), "t"), Fit::None);
        assert_eq!(keys("t").fit(None, "Tab"), Fit::None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_space_bar_is_a_key_and_ctrl_comes_with_a_letter() {
        assert_eq!(keys("space").fit(None, &key(" ").unwrap()), Fit::Whole);
        assert!(keys("ctrl+k").are_held("K") && !keys("ctrl+k").are_held("j") && !keys("k").are_held("k"));
        // What is pressed alone is not what is pressed with Ctrl.
        assert_eq!(keys("ctrl+k").fit(None, "k"), Fit::None);
        assert_eq!(with_ctrl("t").or(with_ctrl(" ")).or(with_ctrl("Enter")), None);
        assert_eq!(keys("ctrl+k").told().as_deref(), Some("Control+K"));
        assert_eq!(keys("g t").told(), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn one_more_key_follows_the_first() {
        let pressed = |so_far, one: &str| and_then(so_far, one.to_owned());
        assert_eq!(pressed("", "g"), "g");
        assert_eq!(pressed("g", "t"), "g t");
        assert_eq!(pressed("g t", "x"), "x");
        assert_eq!(pressed("g", "ctrl+j"), "ctrl+j");
        assert_eq!(pressed("ctrl+j", "g"), "g");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_begins_alike_collides() {
        assert!(keys("g").collides_with(&keys("g t")) && keys("g t").collides_with(&keys("g")));
        assert!(keys("g t").collides_with(&keys("g t")));
        assert!(!keys("g t").collides_with(&keys("g m")) && !keys("t").collides_with(&keys("g t")));
    }
}

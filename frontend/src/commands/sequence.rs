//! Keys as they are pressed, one after another.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    Command, Commands,
    keys::{Fit, Keys, TOGETHER, key},
};
use crate::browser;

/// What was pressed a moment ago. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Sequence {
    commands: Commands,
    /// The first of two keys, and when it was pressed.
    before: StoredValue<Option<(String, f64)>>,
}

impl Sequence {
    /// Nothing was pressed yet.
    pub fn of(commands: Commands) -> Self {
        Self { commands, before: StoredValue::new(None) }
    }

    /// What is pressed next is the first.
    pub fn begin_anew(self) {
        self.before.set_value(None);
    }

    /// Which of some commands a key does, after the one before it; the key may be the first of two, too.
    pub fn take(self, event: &KeyboardEvent, among: impl IntoIterator<Item = Command>) -> Option<Command> {
        // A shift or the like that is held is not pressed for itself.
        let pressed = key(&event.key())?;
        let now = browser::now();
        let first = self.before.get_value().filter(|(_, at)| now - at < TOGETHER).map(|(first, _)| first);
        let keys = |command| Some((command, self.commands.keys_untracked(command)?));
        let (found, is_begun) = fitting(first.as_deref(), &pressed, among.into_iter().filter_map(keys));
        self.before.set_value(is_begun.then_some((pressed, now)));
        found
    }
}

/// The first that a key does, after the one before it; or whether it begins what does one.
fn fitting(
    before: Option<&str>,
    pressed: &str,
    among: impl Iterator<Item = (Command, Keys)>,
) -> (Option<Command>, bool) {
    let mut is_begun = false;
    for (command, keys) in among {
        match keys.fit(before, pressed) {
            Fit::Whole => return (Some(command), false),
            Fit::Begun => is_begun = true,
            Fit::None => {}
        }
    }
    (None, is_begun)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_key_does_what_it_fits() {
        let among = || {
            [(Command::NextRow, "j"), (Command::Mine, "g m")]
                .into_iter()
                .map(|(command, keys)| (command, Keys::parse(keys).unwrap()))
        };
        assert_eq!(fitting(None, "J", among()), (Some(Command::NextRow), false));
        assert_eq!(fitting(None, "g", among()), (None, true));
        assert_eq!(fitting(Some("g"), "m", among()), (Some(Command::Mine), false));
        assert_eq!(fitting(None, "x", among()), (None, false));
    }
}

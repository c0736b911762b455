//! The keys that a person chose instead of the usual ones. They belong to the keyboard, so they stay in the browser.

use std::collections::BTreeMap;

use super::{Command, keys::Keys};
use crate::browser;

/// Where they are kept.
const CHOSEN: &str = "turno.keys.chosen";
/// Where it is kept what was done last.
const RECENT: &str = "turno.commands.recent";
/// How many of those are remembered.
const REMEMBERED: usize = 4;

/// The keys of each command; none for those that have none.
pub type Chosen = BTreeMap<Command, Option<Keys>>;

/// What the person chose. What cannot be read is forgotten, entry by entry.
pub fn chosen() -> Chosen {
    let written: BTreeMap<String, String> =
        browser::local_get(CHOSEN).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let entry = |(name, keys): (String, String)| {
        let command: Command = serde_json::from_value(name.into()).ok()?;
        let keys = if keys.is_empty() { None } else { Some(Keys::parse(&keys)?) };
        Some((command, keys))
    };
    written.into_iter().filter_map(entry).collect()
}

/// Keeps what the person chose.
pub fn keep(chosen: &Chosen) {
    if chosen.is_empty() {
        return browser::local_remove(CHOSEN);
    }
    let text: BTreeMap<Command, String> = chosen
        .iter()
        .map(|(&command, keys)| (command, keys.as_ref().map(Keys::to_string).unwrap_or_default()))
        .collect();
    if let Ok(text) = serde_json::to_string(&text) {
        browser::local_set(CHOSEN, &text);
    }
}

/// The keys of a command. Keys that the person chose for another go before the usual ones, which may be newer.
pub fn keys_of(chosen: &Chosen, command: Command) -> Option<Keys> {
    if let Some(keys) = chosen.get(&command) {
        return keys.clone();
    }
    let is_taken = |usual: &Keys| chosen.values().flatten().any(|keys| keys.collides_with(usual));
    Keys::parse(command.usual_keys()).filter(|usual| !is_taken(usual))
}

/// What was done last, the latest first. What cannot be read is forgotten, one by one.
pub fn recent() -> Vec<Command> {
    let written: Vec<String> =
        browser::local_get(RECENT).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    written.into_iter().filter_map(|name| serde_json::from_value(name.into()).ok()).collect()
}

/// Remembers what was done.
pub fn remember(command: Command) {
    let mut recent = recent();
    recent.retain(|&other| other != command);
    recent.insert(0, command);
    recent.truncate(REMEMBERED);
    if let Ok(text) = serde_json::to_string(&recent) {
        browser::local_set(RECENT, &text);
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn keys_that_were_chosen_go_before_the_usual_ones_of_another() {
        let usual = keys_of(&Chosen::new(), Command::Peek);
        assert!(usual.is_some());
        let chosen = Chosen::from([(Command::Keys, usual.clone()), (Command::Search, None)]);
        assert_eq!(keys_of(&chosen, Command::Keys), usual);
        assert_eq!(keys_of(&chosen, Command::Peek), None);
        assert_eq!(keys_of(&chosen, Command::Search), None);
        assert!(keys_of(&chosen, Command::Palette).is_some());
    }
}

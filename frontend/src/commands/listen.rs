//! Listens to the keyboard.

use leptos::{ev, prelude::*};

use super::{
    Command, Commands,
    keys::{Fit, TOGETHER, key},
};
use crate::{browser, tickets::is_free};

/// Does what the keys say that are pressed, for as long as what calls this is shown.
pub fn listen(commands: Commands) {
    // The first of two keys, and when it was pressed.
    let before = StoredValue::new(None::<(String, f64)>);
    let handle = window_event_listener(ev::keydown, move |event| {
        // A shift or the like that is held is not pressed for itself.
        let Some(pressed) = key(&event.key()) else { return };
        if !is_free(&event) || event.repeat() {
            return before.set_value(None);
        }
        let now = browser::now();
        let first = before.get_value().filter(|(_, at)| now - at < TOGETHER).map(|(first, _)| first);
        before.set_value(None);
        for command in untrack(|| commands.available()) {
            let Some(keys) = commands.keys_untracked(command) else { continue };
            match keys.fit(first.as_deref(), &pressed) {
                Fit::Whole => {
                    event.prevent_default();
                    return run(commands, command);
                }
                Fit::Begun => before.set_value(Some((pressed.clone(), now))),
                Fit::None => {}
            }
        }
    });
    on_cleanup(move || handle.remove());
}

/// After the key was handled: a field that it leads to must not get it.
fn run(commands: Commands, command: Command) {
    request_animation_frame(move || commands.run(command));
}

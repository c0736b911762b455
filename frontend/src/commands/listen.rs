//! Listens to the keyboard.

use leptos::{ev, prelude::*};

use super::{Command, Commands, keys::key, sequence::Sequence};
use crate::{browser, tickets::is_free};

/// Does what the keys say that are pressed, for as long as what calls this is shown.
pub fn listen(commands: Commands) {
    let sequence = Sequence::of(commands);
    let handle = window_event_listener(ev::keydown, move |event| {
        // A shift or the like that is held is not pressed for itself.
        if key(&event.key()).is_none() {
            return;
        }
        if !is_free(&event) || event.repeat() || (event.key() == " " && is_pressed_by_space()) {
            return sequence.begin_anew();
        }
        if let Some(command) = sequence.take(&event, untrack(|| commands.pressable())) {
            event.prevent_default();
            run(commands, command);
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the space bar is for what has the focus.
pub fn is_pressed_by_space() -> bool {
    browser::focused().is_some_and(|element| matches!(element.tag_name().as_str(), "BUTTON" | "SUMMARY"))
}

/// After the key was handled: a field that it leads to must not get it.
fn run(commands: Commands, command: Command) {
    request_animation_frame(move || commands.run(command));
}

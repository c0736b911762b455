//! Sends what waits, one after the other, from one tab at a time.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use leptos::{prelude::*, task::spawn_local};
use shared::{chat::SendMessage, ids::UserId};

use super::{
    outbox::{self, Fate, Waiting},
    state::Chat,
};
use crate::{api::chat as api, lock::alone};

#[derive(Default)]
struct Sender {
    busy: Cell<bool>,
    /// How often the first in the row has been tried in vain.
    attempts: Cell<u32>,
    timer: RefCell<Option<TimeoutHandle>>,
}

thread_local! {
    static SENDER: Sender = Sender::default();
}

/// Sends what waits now. What cannot be sent for lack of a connection is tried again by itself.
pub fn pump(chat: Chat) {
    let Some(me) = chat.me() else { return };
    if !chat.has_waiting() || SENDER.with(|sender| sender.busy.replace(true)) {
        return;
    }
    let timer = SENDER.with(|sender| sender.timer.take());
    if let Some(timer) = timer {
        timer.clear();
    }
    spawn_local(async move {
        let done = std::rc::Rc::new(Cell::new(true));
        let outcome = std::rc::Rc::clone(&done);
        alone(&format!("turno-outbox-{me}"), async move { outcome.set(send_all(chat, me).await) }).await;
        SENDER.with(|sender| sender.busy.set(false));
        // What was written while the lock was being given back.
        if done.get() {
            pump(chat);
        }
    });
}

/// Sends all that waits; false when the rest has to wait.
async fn send_all(chat: Chat, me: UserId) -> bool {
    while chat.me() == Some(me)
        && let Some(Waiting { client_id, to, body, .. }) = chat.next_waiting()
    {
        let request = SendMessage { body, client_id: Some(client_id.clone()) };
        match api::send(to, &request).await {
            Ok(message) => {
                SENDER.with(|sender| sender.attempts.set(0));
                if chat.me() != Some(me) {
                    outbox::forget(me, &client_id);
                    return true;
                }
                chat.take(message, false);
                chat.settle(&client_id);
            }
            Err(error) => {
                let attempts = SENDER.with(|sender| sender.attempts.get()) + 1;
                match outbox::fate(&error, attempts) {
                    Fate::Again(pause) => {
                        SENDER.with(|sender| sender.attempts.set(attempts));
                        later(chat, pause);
                        return false;
                    }
                    Fate::Waits => return false,
                    Fate::Refused(refusal) => {
                        SENDER.with(|sender| sender.attempts.set(0));
                        chat.refuse(&client_id, refusal);
                    }
                }
            }
        }
    }
    true
}

fn later(chat: Chat, pause: Duration) {
    let timer = set_timeout_with_handle(move || pump(chat), pause).ok();
    SENDER.with(|sender| sender.timer.replace(timer));
}

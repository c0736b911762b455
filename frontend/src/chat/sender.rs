//! Sends what waits, one after the other, from one tab at a time.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use leptos::{prelude::*, task::spawn_local};
use shared::{chat::SendMessage, ids::UserId};

use super::{
    outbox::{self, Fate, Tries, Waiting},
    state::Chat,
};
use crate::{api::chat as api, lock::alone};

#[derive(Default)]
struct Sender {
    busy: Cell<bool>,
    /// How the first in the row has fared.
    tries: Cell<Tries>,
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
                SENDER.with(|sender| sender.tries.set(Tries::default()));
                if chat.me() != Some(me) {
                    outbox::forget(me, &client_id);
                    return true;
                }
                chat.take(message, false);
                chat.settle(&client_id);
            }
            Err(error) => {
                let tries = SENDER.with(|sender| sender.tries.get()).after(&error);
                match tries.fate(&error) {
                    Fate::Again(pause) => {
                        SENDER.with(|sender| sender.tries.set(tries));
                        later(chat, pause);
                        return false;
                    }
                    // Until then nobody sends, unless somebody else is here by now.
                    Fate::Waits => return chat.me() != Some(me),
                    Fate::Refused(refusal) => {
                        SENDER.with(|sender| sender.tries.set(Tries::default()));
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

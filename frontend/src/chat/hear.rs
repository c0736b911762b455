//! What comes from outside: by the live stream, and from the other tabs of this browser.

use leptos::prelude::*;
use shared::live::ServerFrame;

use super::{
    conversations, outbox, sender,
    state::{CHANGED, Chat, known_thread},
};
use crate::moves::DEMO_REMOVED;

impl Chat {
    /// Something came by the live stream.
    pub(super) fn hear(self, frame: &ServerFrame) {
        let Some(me) = self.me() else { return };
        match frame {
            ServerFrame::Message { message, .. } => self.take(message.clone(), true),
            ServerFrame::Receipt { by, from, up_to, read, at, .. } => {
                let peer = if *by == me { *from } else { *by };
                if let Some(thread) = known_thread(peer) {
                    thread.run.update(|run| run.receipt(*from, *up_to, *read, *at));
                }
                if *by != me {
                    self.conversations().update(|list| {
                        if let Some(list) = list {
                            conversations::receipt(list, peer, *up_to, *read, *at);
                        }
                    });
                } else if *read {
                    self.look_soon();
                }
            }
            // The demo's people are gone, with what they wrote.
            ServerFrame::Event(event) if event.kind == DEMO_REMOVED => self.read_anew(),
            ServerFrame::Typing { from } => {
                if let Some(thread) = self.thread(*from) {
                    thread.hears_typing();
                }
            }
            _ => {}
        }
    }

    /// Another tab of this browser changed something.
    pub(super) fn hear_tab(self, event: &web_sys::StorageEvent) {
        let (Some(me), Some(key)) = (self.me(), event.key()) else { return };
        if key == CHANGED {
            self.look_soon();
        }
        let Some(client_id) = key.strip_prefix(&outbox::prefix(me)) else { return };
        if let Some(waiting) = event.new_value().as_deref().and_then(outbox::parse) {
            self.waiting.update(|all| outbox::upsert(all, waiting));
            // Whoever wrote it may be closed before it is sent: then it goes from here. One of them sends at a time.
            return sender::pump(self);
        }
        let peer = self
            .waiting
            .with_untracked(|all| all.iter().find(|waiting| waiting.client_id == client_id).map(|waiting| waiting.to));
        self.waiting.update(|all| all.retain(|waiting| waiting.client_id != client_id));
        // Sent from there: it is among the messages now.
        if let Some(thread) = peer.and_then(known_thread).filter(|thread| thread.is_shown()) {
            thread.refresh();
        }
    }
}

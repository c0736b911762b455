//! What the person has written, until the server has it.

use leptos::prelude::*;
use shared::ids::UserId;

use super::{
    outbox::{self, Refusal, Waiting},
    sender,
    state::Chat,
};
use crate::browser;

impl Chat {
    /// What waits to be sent to somebody; tracked.
    pub fn waiting_for(self, peer: UserId) -> Vec<Waiting> {
        self.waiting.with(|all| all.iter().filter(|waiting| waiting.to == peer).cloned().collect())
    }

    /// Writes to somebody. From here on it is kept until the server has it.
    pub fn send(self, to: UserId, body: String) {
        let Some(me) = self.me() else { return };
        let written = self.waiting.with_untracked(|all| outbox::next_moment(all, browser::now()));
        let mut waiting = Waiting { client_id: browser::fresh_name(), to, body, written, refused: None, kept: false };
        waiting.kept = outbox::keep(me, &waiting);
        self.waiting.update(|all| outbox::upsert(all, waiting));
        sender::pump(self);
    }

    /// Whether something that is to be sent would be lost with this tab; untracked.
    pub(super) fn would_lose(self) -> bool {
        self.me().is_some() && self.waiting.with_untracked(|all| outbox::is_only_here(all))
    }

    /// Tries again what was refused.
    pub fn retry(self, client_id: &str) {
        self.change(client_id, None);
        sender::pump(self);
    }

    /// Discards what was not sent, or takes out what has arrived.
    pub fn settle(self, client_id: &str) {
        if let Some(me) = self.me() {
            outbox::forget(me, client_id);
        }
        if self.waiting.with_untracked(|all| all.iter().any(|waiting| waiting.client_id == client_id)) {
            self.waiting.update(|all| all.retain(|waiting| waiting.client_id != client_id));
        }
    }

    /// Leaves a message to the person.
    pub(super) fn refuse(self, client_id: &str, refusal: Refusal) {
        self.change(client_id, Some(refusal));
    }

    fn change(self, client_id: &str, refused: Option<Refusal>) {
        let found =
            self.waiting.with_untracked(|all| all.iter().find(|waiting| waiting.client_id == client_id).cloned());
        if let (Some(me), Some(waiting)) = (self.me(), found) {
            let mut waiting = Waiting { refused, ..waiting };
            waiting.kept = outbox::keep(me, &waiting);
            self.waiting.update(|all| outbox::upsert(all, waiting));
        }
    }

    /// How many messages that were not sent are in this tab only, because the browser does not keep them; untracked.
    pub fn count_only_here(self) -> usize {
        self.waiting.with_untracked(|all| all.iter().filter(|waiting| !waiting.kept).count())
    }

    /// Whether something is to be sent.
    pub(super) fn has_waiting(self) -> bool {
        self.waiting.with_untracked(|all| outbox::next(all).is_some())
    }

    /// What is to be sent next. What another tab has sent or discarded meanwhile is gone.
    pub(super) fn next_waiting(self) -> Option<Waiting> {
        let me = self.me()?;
        loop {
            let next = self.waiting.with_untracked(|all| outbox::next(all).cloned())?;
            if !next.kept || outbox::is_kept(me, &next.client_id) {
                return Some(next);
            }
            self.settle(&next.client_id);
        }
    }
}

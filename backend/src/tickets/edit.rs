//! What an edit of a ticket does, collected before it is done.

use serde_json::{Value, json};
use shared::tickets::{Change, HistoryKind, Status};

use super::rows::{TicketChanges, status_code};
use crate::{
    db::{now, to_micros},
    error::AppError,
    events::change,
};

/// A person as the history names them.
pub(super) fn named(id: i64, name: &str) -> Value {
    json!({ "id": id, "name": name })
}

/// What an edit does: the columns it sets and what it writes into the history.
pub(super) struct Edit {
    /// When, in microseconds.
    pub(super) at: i64,
    pub(super) kind: HistoryKind,
    pub(super) columns: TicketChanges,
    pub(super) changes: Vec<Change>,
    /// The state it changes to.
    pub(super) to: Option<Status>,
}

impl Edit {
    /// One that does nothing yet.
    pub(super) fn new(kind: HistoryKind) -> Self {
        Self { at: to_micros(now()), kind, columns: TicketChanges::default(), changes: Vec::new(), to: None }
    }

    /// Sets a field, when that changes it.
    pub(super) fn field<T: serde::Serialize + PartialEq>(
        &mut self,
        name: &str,
        from: &T,
        to: &T,
        set: impl FnOnce(&mut TicketChanges),
    ) {
        if let Some(change) = change(name, from, to) {
            self.changes.push(change);
            set(&mut self.columns);
        }
    }

    /// Takes the ticket from whoever has it.
    pub(super) fn put_back(&mut self, assignee: i64, name: &str) {
        self.field("assignee", &named(assignee, name), &Value::Null, |changes| changes.assignee_id = Some(None));
    }

    /// Goes to another state, as far as the states' order allows.
    pub(super) fn go(&mut self, from: Status, to: Status) -> Result<(), AppError> {
        if !from.can_become(to) || (from == Status::Closed && self.kind == HistoryKind::TicketUpdated) {
            return Err(AppError::InvalidTransition { from, to });
        }
        self.stand(from, to);
        Ok(())
    }

    /// Goes back to a state it was in, against the states' order.
    pub(super) fn go_back(&mut self, from: Status, to: Status) {
        if from == Status::Closed {
            self.kind = HistoryKind::TicketReopened;
        }
        self.stand(from, to);
    }

    fn stand(&mut self, from: Status, to: Status) {
        if to == Status::Closed {
            self.kind = HistoryKind::TicketClosed;
        }
        self.to = Some(to);
        let closed_at = (to == Status::Closed).then_some(self.at);
        self.field("status", &from.as_str(), &to.as_str(), |changes| {
            changes.status = Some(status_code(to));
            changes.closed_at = Some(closed_at);
        });
    }
}

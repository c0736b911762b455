//! Changing several tickets at once, and taking that back.

use garde::Validate;
use serde::{Deserialize, Serialize};

use super::{Priority, Status, TicketSummary};
use crate::{
    fields,
    ids::{CategoryId, TicketId, UserId},
    present,
    problem::FieldCode,
};

/// How many tickets can be changed at once.
pub const BULK_MAX: usize = 100;
/// How long one can take back that one moved a ticket to another state, against the states' order, in minutes.
pub const UNDO_MINUTES: i64 = 5;

/// Changes several tickets, each by itself: what cannot be done with one leaves the others alone.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeTickets {
    /// 1 to 100, each about another ticket.
    #[garde(custom(several))]
    pub changes: Vec<ChangeTicket>,
    /// Whether this takes back the caller's own last changes: then a ticket also goes back to a state that it could not go
    /// to otherwise, for five minutes.
    #[serde(default)]
    #[garde(skip)]
    pub undo: bool,
}

/// Changes one ticket in one way: exactly one of the fields besides `id` and `version` is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeTicket {
    /// Which.
    pub id: TicketId,
    /// The version the change was made from.
    pub version: i64,
    /// Where it goes: `closed` closes it, and `open` reopens a closed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How soon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// What it is about; `null` for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<CategoryId>))]
    pub category_id: Option<Option<CategoryId>>,
    /// Who deals with it; `null` puts it back.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<UserId>))]
    pub assignee_id: Option<Option<UserId>>,
}

/// What of a ticket is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// Where it stands.
    Status(Status),
    /// How soon.
    Priority(Priority),
    /// What it is about.
    Category(Option<CategoryId>),
    /// Who deals with it.
    Assignee(Option<UserId>),
}

impl ChangeTicket {
    /// The change of one thing.
    pub fn new(id: TicketId, version: i64, aspect: Aspect) -> Self {
        let none = Self { id, version, status: None, priority: None, category_id: None, assignee_id: None };
        match aspect {
            Aspect::Status(status) => Self { status: Some(status), ..none },
            Aspect::Priority(priority) => Self { priority: Some(priority), ..none },
            Aspect::Category(category) => Self { category_id: Some(category), ..none },
            Aspect::Assignee(assignee) => Self { assignee_id: Some(assignee), ..none },
        }
    }

    /// What it changes; none when that is nothing, or several things.
    pub fn aspect(&self) -> Option<Aspect> {
        match (self.status, self.priority, self.category_id, self.assignee_id) {
            (Some(status), None, None, None) => Some(Aspect::Status(status)),
            (None, Some(priority), None, None) => Some(Aspect::Priority(priority)),
            (None, None, Some(category), None) => Some(Aspect::Category(category)),
            (None, None, None, Some(assignee)) => Some(Aspect::Assignee(assignee)),
            _ => None,
        }
    }
}

fn several<C>(changes: &[ChangeTicket], _: &C) -> garde::Result {
    if changes.is_empty() {
        return Err(fields::error(FieldCode::Required));
    }
    if changes.len() > BULK_MAX {
        return Err(fields::error(FieldCode::TooLong));
    }
    let mut ids: Vec<TicketId> = changes.iter().map(|change| change.id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < changes.len() || changes.iter().any(|change| change.aspect().is_none()) {
        return Err(fields::error(FieldCode::Invalid));
    }
    Ok(())
}

/// What became of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeResult {
    /// The ticket is as it was to be.
    Done,
    /// Somebody changed it meanwhile.
    Conflict,
    /// The caller may not do this with it.
    Forbidden,
    /// There is no such ticket, or the caller may not know of it.
    NotFound,
    /// The states' order forbids it, or what it was to become is not there any more.
    Refused,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeOutcome {
    /// Of which ticket.
    pub id: TicketId,
    /// What became of it.
    pub result: ChangeResult,
    /// The ticket as it is now; absent when the caller may not see it, or may no longer.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub ticket: Option<TicketSummary>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(id: i64) -> ChangeTicket {
        ChangeTicket::new(TicketId(id), 1, Aspect::Status(Status::Closed))
    }

    #[test]
    fn each_ticket_is_changed_once_and_in_one_way() {
        let refused = |changes: &[ChangeTicket]| several(changes, &()).err().map(|error| error.to_string());
        let too_many: Vec<ChangeTicket> = (0..).map(change).take(BULK_MAX + 1).collect();
        assert_eq!(refused(&too_many[1..]), None);
        assert_eq!(refused(&too_many).as_deref(), Some("too_long"));
        assert_eq!(refused(&[]).as_deref(), Some("required"));
        assert_eq!(refused(&[change(1), change(1)]).as_deref(), Some("invalid"));
        let both = ChangeTicket { priority: Some(Priority::Low), ..change(1) };
        assert_eq!(refused(&[both]).as_deref(), Some("invalid"));
        assert_eq!(refused(&[ChangeTicket { status: None, ..change(1) }]).as_deref(), Some("invalid"));
    }

    #[test]
    fn null_takes_away() {
        let change: ChangeTicket = serde_json::from_str(r#"{"id":1,"version":1,"assignee_id":null}"#).unwrap();
        assert_eq!(change.aspect(), Some(Aspect::Assignee(None)));
    }
}

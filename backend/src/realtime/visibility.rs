//! Who sees an event, as they stand now.

use shared::{
    accounts::Role,
    ids::UserId,
    live::LiveEvent,
    permissions::{Relation, TechnicianScope, TicketAction, can_on_ticket},
    tickets::HistoryKind,
};

use crate::{
    events::{Audience, EventKind, LoggedEvent},
    tickets::access::Standing,
};

/// What everybody may know of that it happened, though not who did it: what the page shows of it is public to those who are
/// logged in.
const FOR_ALL: [EventKind; 5] = [
    EventKind::CategoryCreated,
    EventKind::CategoryUpdated,
    EventKind::CategoryDeleted,
    EventKind::SettingsUpdated,
    // Tickets that are on anybody's page are gone.
    EventKind::DemoRemoved,
];
/// What those who did it themselves are told of, on all their devices.
const OWN: [EventKind; 9] = [
    EventKind::LoggedIn,
    EventKind::LoggedOut,
    EventKind::SessionRevoked,
    EventKind::TokenCreated,
    EventKind::TokenRevoked,
    EventKind::PasswordChanged,
    EventKind::ViewCreated,
    EventKind::ViewUpdated,
    EventKind::ViewDeleted,
];
/// What the person it is about is told of.
const ABOUT_ONESELF: [EventKind; 2] = [EventKind::UserUpdated, EventKind::PasswordChanged];

/// Somebody who may see an event.
#[derive(Debug, Clone, Copy)]
pub struct Eyes {
    /// Who.
    pub id: UserId,
    /// What they may do.
    pub role: Role,
    /// What technicians see.
    pub scope: TechnicianScope,
}

impl Eyes {
    /// Whether they see everything as others of the same person's do. What technicians see is no matter to anybody else.
    pub fn see_as(self, others: Self) -> bool {
        self.role == others.role && (self.role != Role::Technician || self.scope == others.scope)
    }
}

/// How somebody sees an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The bell has something new for them.
    notified: bool,
    /// They may not see the ticket any more since this.
    lost: bool,
    /// They may know who did it.
    names_actor: bool,
}

impl Shown {
    const WHOLE: Self = Self { notified: false, lost: false, names_actor: true };

    /// The event as it is told.
    pub fn live(self, event: &LoggedEvent) -> LiveEvent {
        LiveEvent {
            id: event.id,
            kind: event.kind.clone(),
            at: event.at,
            actor_id: event.actor.filter(|_| self.names_actor),
            ticket_id: event.ticket,
            comment_id: event.payload.comment_id.filter(|_| !self.lost),
            notified: self.notified,
            lost: self.lost,
        }
    }
}

/// Whether an event is about a chat, and so told in frames of its own.
pub fn is_of_chat(event: &LoggedEvent) -> bool {
    event.audience == Some(Audience::Pair)
}

/// How somebody sees an event that is not about a chat; none when they do not. `standing` is that of its ticket now.
pub fn shown(event: &LoggedEvent, standing: Option<&Standing>, eyes: Eyes) -> Option<Shown> {
    let audience = event.audience.filter(|&audience| audience != Audience::Pair)?;
    if event.ticket.is_some() {
        return standing.and_then(|standing| on_ticket(event, audience, standing, eyes));
    }
    if eyes.role == Role::Admin {
        return Some(Shown::WHOLE);
    }
    let kind = event.known?;
    let own = event.actor == Some(eyes.id) && OWN.contains(&kind);
    let about = event.subject == Some(eyes.id.0) && ABOUT_ONESELF.contains(&kind);
    (own || about || FOR_ALL.contains(&kind)).then_some(Shown { names_actor: own, ..Shown::WHOLE })
}

fn on_ticket(event: &LoggedEvent, audience: Audience, standing: &Standing, eyes: Eyes) -> Option<Shown> {
    let action = match audience {
        Audience::Ticket => TicketAction::View,
        Audience::Staff => TicketAction::Note,
        Audience::Admins | Audience::Pair => return (eyes.role == Role::Admin).then_some(Shown::WHOLE),
    };
    let relation = standing.relation(eyes.id);
    if can_on_ticket(eyes.role, eyes.scope, relation, action) {
        return Some(Shown { notified: event.payload.told.contains(&eyes.id), ..Shown::WHOLE });
    }
    let before = before(event, relation, eyes.id);
    let lost = before != relation
        && !can_on_ticket(eyes.role, eyes.scope, relation, TicketAction::View)
        && can_on_ticket(eyes.role, eyes.scope, before, action);
    lost.then_some(Shown { lost, ..Shown::WHOLE })
}

/// How somebody stood to the ticket before the event, as far as the event changed it.
fn before(event: &LoggedEvent, after: Relation, me: UserId) -> Relation {
    let mut before = after;
    if let Some(change) = event.payload.changes.iter().find(|change| change.field == "assignee") {
        before.assignee = change.from.get("id").and_then(serde_json::Value::as_i64) == Some(me.0);
        // What the program gives to somebody was given when the ticket was opened, and nobody's at no time.
        before.unassigned = change.from.is_null() && event.actor.is_some();
    }
    if event.known == Some(EventKind::Ticket(HistoryKind::WatcherRemoved)) && event.subject == Some(me.0) {
        before.watcher = true;
    }
    before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eyes_see_otherwise_with_another_role_and_a_technicians_with_another_scope() {
        let eyes = |role, scope| Eyes { id: UserId(1), role, scope };
        let (all, assigned) = (TechnicianScope::All, TechnicianScope::Assigned);
        assert!(eyes(Role::Technician, all).see_as(eyes(Role::Technician, all)));
        assert!(!eyes(Role::Technician, assigned).see_as(eyes(Role::Technician, all)));
        assert!(!eyes(Role::User, all).see_as(eyes(Role::Admin, all)));
        assert!(eyes(Role::Admin, assigned).see_as(eyes(Role::Admin, all)));
        assert!(eyes(Role::User, assigned).see_as(eyes(Role::User, all)));
    }
}

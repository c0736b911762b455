use std::time::Instant;

use futures_util::FutureExt;
use shared::{accounts::UserRef, tickets::Change};
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::{
    accounts::rows::role_code,
    events::{Audience, Payload},
    realtime::outbox::Next,
};

/// One that its person is at, as far as is known.
const DEVICE: Device = Device { present: true, opener: Opener::Page, idle: None };

/// A hub that nobody has joined, and whose words nobody hears.
fn hub() -> Hub {
    let (say, gone, count) = (unbounded_channel().0, unbounded_channel().0, unbounded_channel().0);
    Hub::new(EventId(0), TechnicianScope::All, Pace::default(), say, gone, count)
}

#[test]
fn what_waits_to_be_told_of_a_ticket_is_forgotten_with_it() {
    let hub = hub();
    let (who, id, outbox) = (UserId(1), SocketId(1), Arc::<Outbox>::default());
    let face = UserRef { id: who, name: "Ana".to_owned(), avatar_url: None };
    let mut person = Person::new(face, Role::User);
    person.sockets.push(Socket::open(id, outbox.clone(), DEVICE));
    hub.inner().people.insert(who, person);
    hub.view(who, id, Some((TicketId(3), false)));
    hub.view(who, id, None);
    assert!(outbox.next().now_or_never().is_none());
    // One that stays is told, and of it alone.
    hub.view(who, id, Some((TicketId(3), false)));
    hub.view(who, id, Some((TicketId(4), false)));
    assert!(matches!(outbox.next().now_or_never(), Some(Next::Fleeting(text)) if text.contains("\"ticket_id\":4")));
    assert!(outbox.next().now_or_never().is_none());
}

#[test]
fn what_nobody_here_hears_is_passed_by_and_what_somebody_hears_is_not() {
    let hub = hub();
    let (ana, luis, eva) = (UserId(1), UserId(2), UserId(3));
    let face = UserRef { id: ana, name: "Ana".to_owned(), avatar_url: None };
    let mut person = Person::new(face, Role::User);
    person.sockets.push(Socket::open(SocketId(1), Arc::default(), DEVICE));
    hub.inner().people.insert(ana, person);
    assert!(!hub.passes(EventId(1)) && !hub.passes_all(EventId(1), &BTreeSet::from([ana, luis])));
    assert_eq!(hub.position(), EventId(0), "an event is passed by that somebody hears");
    assert!(hub.passes_all(EventId(1), &BTreeSet::from([luis, eva])));
    assert_eq!(hub.position(), EventId(1));
    // Whoever has just gone hears nothing either.
    hub.leave(ana, SocketId(1), Instant::now(), false);
    assert!(hub.passes_all(EventId(2), &BTreeSet::from([ana, luis])) && hub.passes(EventId(3)));
    assert_eq!(hub.position(), EventId(3));
}

/// A person as the database has them.
fn ana(role: Role) -> UserRow {
    UserRow {
        id: 1,
        username: "ana".to_owned(),
        name: "Ana".to_owned(),
        email: "ana@example.org".to_owned(),
        role: role_code(role),
        active: true,
        locale: "es".to_owned(),
        theme: "system".to_owned(),
        password_hash: None,
        last_seen_at: None,
        created_at: 0,
        avatar_at: None,
    }
}

/// A change by the log's sixth event.
fn change(known: EventKind, field: &str) -> LoggedEvent {
    let change = Change { field: field.to_owned(), from: "before".into(), to: "after".into() };
    LoggedEvent {
        id: EventId(6),
        at: crate::db::now(),
        actor: None,
        kind: known.as_str().to_owned(),
        known: Some(known),
        ticket: None,
        subject: Some(1),
        audience: Some(Audience::Admins),
        payload: Payload { changes: vec![change], ..Payload::default() },
    }
}

/// How often what waits tells to read everything anew.
fn resyncs(outbox: &Outbox) -> usize {
    let mut count = 0;
    while let Some(next) = outbox.next().now_or_never() {
        count += usize::from(matches!(next, Next::Frame(frame) if frame.text.contains("\"resync\"")));
    }
    count
}

#[test]
fn who_joined_with_the_new_role_before_the_log_got_there_reads_anew() {
    let hub = hub();
    let outbox = Arc::<Outbox>::default();
    assert!(hub.join(&ana(Role::User), hub.changes(), outbox.clone(), DEVICE).is_some());
    hub.set_person(&ana(Role::User));
    hub.tell(&change(EventKind::UserUpdated, "name"), None);
    assert_eq!(resyncs(&outbox), 0);
    hub.set_person(&ana(Role::User));
    // Also who joins in between.
    let late = Arc::<Outbox>::default();
    assert!(hub.join(&ana(Role::User), hub.changes(), late.clone(), DEVICE).is_some());
    hub.tell(&change(EventKind::UserUpdated, "role"), None);
    assert_eq!((resyncs(&outbox), resyncs(&late)), (1, 1));
    // And who joined before, once.
    hub.set_person(&ana(Role::Technician));
    hub.tell(&change(EventKind::UserUpdated, "role"), None);
    assert_eq!(resyncs(&outbox), 1);
}

#[test]
fn who_joined_with_the_new_scope_before_the_log_got_there_reads_anew() {
    let hub = hub();
    let outbox = Arc::<Outbox>::default();
    assert!(hub.join(&ana(Role::Technician), hub.changes(), outbox.clone(), DEVICE).is_some());
    hub.set_scope(TechnicianScope::All, true);
    hub.tell(&change(EventKind::SettingsUpdated, "name"), None);
    assert_eq!(resyncs(&outbox), 0);
    hub.tell(&change(EventKind::SettingsUpdated, "technician_scope"), None);
    assert_eq!(resyncs(&outbox), 1);
    hub.set_scope(TechnicianScope::Assigned, true);
    hub.tell(&change(EventKind::SettingsUpdated, "technician_scope"), None);
    assert_eq!(resyncs(&outbox), 1);
}

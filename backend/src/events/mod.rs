//! The event log: every change of state appends one row, in the same transaction as the change.
//!
//! From it come the history of a ticket, the audit log and what is told live. Numbers are committed in their order, so
//! whoever has read up to N has missed nothing before it; see [`crate::db::dialect::lock_log`]. Each event carries the hash
//! of all before it ([`chain`]), so that one that was tampered with is found ([`verify`]).

pub mod chain;
mod logged;
mod payload;
mod store;
pub mod verify;

use shared::{
    ids::{MessageId, TicketId, UserId},
    tickets::{Change, HistoryKind},
};

pub use self::logged::{LastChange, LoggedEvent, after, chose_to_follow, count, last_change};
pub use self::payload::{Payload, change};
pub use self::store::{EventRow, HistoryRow, append, append_all, append_rows, history_sizes, ticket_history};

/// Who may see an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever may read the ticket.
    Ticket,
    /// The staff among them.
    Staff,
    /// Administrators.
    Admins,
    /// Two people who write to each other: the actor and the subject. Neither the audit nor a ticket's history tells of it.
    Pair,
}

impl Audience {
    /// As its column keeps it.
    pub fn code(self) -> i16 {
        match self {
            Self::Ticket => 0,
            Self::Staff => 1,
            Self::Admins => 2,
            Self::Pair => 3,
        }
    }

    /// The audience of a column; none of a later version's.
    pub fn of_code(code: i16) -> Option<Self> {
        [Self::Ticket, Self::Staff, Self::Admins, Self::Pair].into_iter().find(|audience| audience.code() == code)
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Something on a ticket.
    Ticket(HistoryKind),
    /// A person logged in.
    LoggedIn,
    /// A person logged out.
    LoggedOut,
    /// A person ended one of their sessions from another one.
    SessionRevoked,
    /// A person made a token.
    TokenCreated,
    /// A person revoked one of their tokens.
    TokenRevoked,
    /// An account was made.
    UserCreated,
    /// An account was changed.
    UserUpdated,
    /// An account was deactivated.
    UserDeactivated,
    /// A password was changed.
    PasswordChanged,
    /// Somebody asked for a link to set another password.
    PasswordResetRequested,
    /// An administrator made a link to set somebody's password.
    PasswordLinkCreated,
    /// An administrator read a mail with such a link in it.
    PasswordLinkRead,
    /// A category was made.
    CategoryCreated,
    /// A category was changed.
    CategoryUpdated,
    /// A category was deleted.
    CategoryDeleted,
    /// A saved reply is there for all of staff from now on.
    ReplyCreated,
    /// One that all of staff has was changed.
    ReplyUpdated,
    /// One that all of staff had is no longer there for them.
    ReplyDeleted,
    /// A person kept a list of tickets under a name.
    ViewCreated,
    /// Such a list was changed.
    ViewUpdated,
    /// Such a list was deleted.
    ViewDeleted,
    /// Somebody could not log in.
    LoginFailed,
    /// The desk's settings, its logo among them, were changed.
    SettingsUpdated,
    /// Invented tickets and people were put into the desk.
    DemoLoaded,
    /// They were taken out of it.
    DemoRemoved,
    /// A list was taken away as a file.
    Exported,
    /// A person wrote to another.
    MessageSent,
    /// A person edited what they wrote.
    MessageEdited,
    /// A person deleted what they wrote.
    MessageDeleted,
    /// What somebody wrote reached a device of the other.
    MessagesDelivered,
    /// What somebody wrote was read by the other.
    MessagesRead,
}

impl EventKind {
    /// The kinds whose subject is a person.
    pub const ABOUT_PEOPLE: &[Self] = &[
        Self::LoggedIn,
        Self::LoginFailed,
        Self::UserCreated,
        Self::UserUpdated,
        Self::UserDeactivated,
        Self::PasswordChanged,
        Self::PasswordResetRequested,
        Self::PasswordLinkCreated,
        Self::PasswordLinkRead,
        Self::Ticket(HistoryKind::WatcherAdded),
        Self::Ticket(HistoryKind::WatcherRemoved),
    ];

    /// The kinds that are not about a ticket.
    const BESIDE_TICKETS: &[Self] = &[
        Self::LoggedIn,
        Self::LoggedOut,
        Self::SessionRevoked,
        Self::TokenCreated,
        Self::TokenRevoked,
        Self::UserCreated,
        Self::UserUpdated,
        Self::UserDeactivated,
        Self::PasswordChanged,
        Self::PasswordResetRequested,
        Self::PasswordLinkCreated,
        Self::PasswordLinkRead,
        Self::CategoryCreated,
        Self::CategoryUpdated,
        Self::CategoryDeleted,
        Self::ReplyCreated,
        Self::ReplyUpdated,
        Self::ReplyDeleted,
        Self::ViewCreated,
        Self::ViewUpdated,
        Self::ViewDeleted,
        Self::LoginFailed,
        Self::SettingsUpdated,
        Self::DemoLoaded,
        Self::DemoRemoved,
        Self::Exported,
        Self::MessageSent,
        Self::MessageEdited,
        Self::MessageDeleted,
        Self::MessagesDelivered,
        Self::MessagesRead,
    ];

    /// What happens between two people who write to each other.
    pub const OF_CHATS: &[Self] =
        &[Self::MessageSent, Self::MessageEdited, Self::MessageDeleted, Self::MessagesDelivered, Self::MessagesRead];

    /// The kind of a name in the log; none of a later version's.
    pub fn of_name(name: &str) -> Option<Self> {
        let beside = Self::BESIDE_TICKETS.iter().copied();
        HistoryKind::ALL.iter().copied().map(Self::Ticket).chain(beside).find(|kind| kind.as_str() == name)
    }

    /// The name in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ticket(kind) => kind.as_str(),
            Self::LoggedIn => "logged_in",
            Self::LoggedOut => "logged_out",
            Self::SessionRevoked => "session_revoked",
            Self::TokenCreated => "token_created",
            Self::TokenRevoked => "token_revoked",
            Self::UserCreated => "user_created",
            Self::UserUpdated => "user_updated",
            Self::UserDeactivated => "user_deactivated",
            Self::PasswordChanged => "password_changed",
            Self::PasswordResetRequested => "password_reset_requested",
            Self::PasswordLinkCreated => "password_link_created",
            Self::PasswordLinkRead => "password_link_read",
            Self::CategoryCreated => "category_created",
            Self::CategoryUpdated => "category_updated",
            Self::CategoryDeleted => "category_deleted",
            Self::ReplyCreated => "reply_created",
            Self::ReplyUpdated => "reply_updated",
            Self::ReplyDeleted => "reply_deleted",
            Self::ViewCreated => "view_created",
            Self::ViewUpdated => "view_updated",
            Self::ViewDeleted => "view_deleted",
            Self::LoginFailed => "login_failed",
            Self::SettingsUpdated => "settings_updated",
            Self::DemoLoaded => "demo_loaded",
            Self::DemoRemoved => "demo_removed",
            Self::Exported => "exported",
            Self::MessageSent => "message_sent",
            Self::MessageEdited => "message_edited",
            Self::MessageDeleted => "message_deleted",
            Self::MessagesDelivered => "messages_delivered",
            Self::MessagesRead => "messages_read",
        }
    }
}

/// Who did it, from where.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The person; none when the program did it.
    pub actor: Option<UserId>,
    /// The network address.
    pub address: Option<String>,
}

/// An event to append.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    /// Who did it.
    pub origin: &'a Origin,
    /// What.
    pub kind: EventKind,
    /// The ticket it is about.
    pub ticket: Option<TicketId>,
    /// The person, session, token, category or view it is about; on a ticket, the person who follows it from now on, or no
    /// more.
    pub subject: Option<i64>,
    /// Who may see it.
    pub audience: Audience,
    /// The rest.
    pub payload: Payload,
}

impl<'a> NewEvent<'a> {
    /// Something on a ticket, for whoever may read it.
    pub fn ticket(origin: &'a Origin, kind: HistoryKind, ticket: TicketId) -> Self {
        Self {
            origin,
            kind: EventKind::Ticket(kind),
            ticket: Some(ticket),
            subject: None,
            audience: Audience::Ticket,
            payload: Payload::default(),
        }
    }

    /// Something about the desk, for administrators.
    pub fn desk(origin: &'a Origin, kind: EventKind, subject: i64) -> Self {
        Self {
            origin,
            kind,
            ticket: None,
            subject: Some(subject),
            audience: Audience::Admins,
            payload: Payload::default(),
        }
    }

    /// Something about the desk as a whole, for administrators.
    pub fn whole_desk(origin: &'a Origin, kind: EventKind) -> Self {
        Self { subject: None, ..Self::desk(origin, kind, 0) }
    }

    /// Something between whoever does it and another person, for these two; from where is not kept.
    pub fn chat(origin: &'a Origin, kind: EventKind, other: UserId, message: MessageId) -> Self {
        Self {
            origin,
            kind,
            ticket: None,
            subject: Some(other.0),
            audience: Audience::Pair,
            payload: Payload { message_id: Some(message), ..Payload::default() },
        }
    }

    /// With whom it notified.
    #[must_use]
    pub fn told(mut self, people: Vec<UserId>) -> Self {
        self.payload.told = people;
        self
    }

    /// With what its subject is called.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.payload.subject_name = Some(name.to_owned());
        self
    }

    /// With what changed.
    #[must_use]
    pub fn changes(mut self, changes: Vec<Change>) -> Self {
        self.payload.changes = changes;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kind after a kind, of those about the desk: whoever adds one is told to add it here.
    fn after(kind: EventKind) -> Option<EventKind> {
        Some(match kind {
            EventKind::Ticket(_) => EventKind::LoggedIn,
            EventKind::LoggedIn => EventKind::LoggedOut,
            EventKind::LoggedOut => EventKind::SessionRevoked,
            EventKind::SessionRevoked => EventKind::TokenCreated,
            EventKind::TokenCreated => EventKind::TokenRevoked,
            EventKind::TokenRevoked => EventKind::UserCreated,
            EventKind::UserCreated => EventKind::UserUpdated,
            EventKind::UserUpdated => EventKind::UserDeactivated,
            EventKind::UserDeactivated => EventKind::PasswordChanged,
            EventKind::PasswordChanged => EventKind::PasswordResetRequested,
            EventKind::PasswordResetRequested => EventKind::PasswordLinkCreated,
            EventKind::PasswordLinkCreated => EventKind::PasswordLinkRead,
            EventKind::PasswordLinkRead => EventKind::CategoryCreated,
            EventKind::CategoryCreated => EventKind::CategoryUpdated,
            EventKind::CategoryUpdated => EventKind::CategoryDeleted,
            EventKind::CategoryDeleted => EventKind::ReplyCreated,
            EventKind::ReplyCreated => EventKind::ReplyUpdated,
            EventKind::ReplyUpdated => EventKind::ReplyDeleted,
            EventKind::ReplyDeleted => EventKind::ViewCreated,
            EventKind::ViewCreated => EventKind::ViewUpdated,
            EventKind::ViewUpdated => EventKind::ViewDeleted,
            EventKind::ViewDeleted => EventKind::LoginFailed,
            EventKind::LoginFailed => EventKind::SettingsUpdated,
            EventKind::SettingsUpdated => EventKind::DemoLoaded,
            EventKind::DemoLoaded => EventKind::DemoRemoved,
            EventKind::DemoRemoved => EventKind::Exported,
            EventKind::Exported => EventKind::MessageSent,
            EventKind::MessageSent => EventKind::MessageEdited,
            EventKind::MessageEdited => EventKind::MessageDeleted,
            EventKind::MessageDeleted => EventKind::MessagesDelivered,
            EventKind::MessagesDelivered => EventKind::MessagesRead,
            EventKind::MessagesRead => return None,
        })
    }

    #[test]
    fn the_pages_know_every_kind() {
        let all = std::iter::successors(Some(EventKind::LoggedIn), |&kind| after(kind));
        // The audit does not tell who wrote to whom.
        let desk = all.filter(|kind| !EventKind::OF_CHATS.contains(kind)).map(EventKind::as_str);
        let mut kinds: Vec<&str> = HistoryKind::ALL.iter().map(|kind| kind.as_str()).chain(desk).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, shared::audit::KINDS);
        assert!(EventKind::ABOUT_PEOPLE.iter().all(|kind| kinds.contains(&kind.as_str())));
    }

    #[test]
    fn every_kind_is_known_by_its_name() {
        let beside: Vec<_> = std::iter::successors(Some(EventKind::LoggedIn), |&kind| after(kind)).collect();
        let kinds = HistoryKind::ALL.iter().copied().map(EventKind::Ticket).chain(beside);
        for kind in kinds {
            assert_eq!(EventKind::of_name(kind.as_str()), Some(kind));
        }
        assert_eq!(EventKind::of_name("ticket_flown"), None);
    }
}

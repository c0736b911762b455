//! Who is told of what, and how.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use shared::{
    accounts::Role,
    ids::{CommentId, NotificationId, TicketId, UserId},
    notifications::{NotificationChoices, NotificationKind, NotificationPage, NotificationQuery, UpdateChoices},
    permissions::{Relation, TechnicianScope, TicketAction, can_on_ticket},
    tickets::{Status, Visibility},
};

use super::{
    rows::{NewNotification, kind_code, kind_of},
    store::{self, Sight},
};
use crate::{
    accounts::rows::UserRow,
    auth::caller::Caller,
    db::{Conn, Db, DbError, now, to_micros},
    error::AppError,
    mail::{self, News},
    markdown,
    state::State,
    tickets::{list::reasons, status_code},
    web::paging,
};

/// How long a notification is kept, in days.
const KEPT_DAYS: i64 = 90;
/// How often old ones are removed.
const TIDY: Duration = Duration::from_hours(1);

/// Something that happened to a ticket.
#[derive(Debug, Clone, Copy)]
pub struct Happening<'a> {
    /// The ticket.
    pub ticket: TicketId,
    /// Its title, after it happened.
    pub title: &'a str,
    /// Who has the problem.
    pub requester: UserId,
    /// Who deals with it, after it happened.
    pub assignee: Option<UserId>,
    /// What.
    pub what: What<'a>,
}

/// What happened to a ticket.
#[derive(Debug, Clone, Copy)]
pub enum What<'a> {
    /// It was given to its assignee.
    Assigned,
    /// It was opened, and its category gave it to its assignee.
    Received,
    /// Somebody commented on it.
    Commented {
        /// The comment.
        comment: CommentId,
        /// Its text, as Markdown.
        body: &'a str,
        /// Who may read it.
        visibility: Visibility,
        /// Those who are mentioned in it.
        mentioned: &'a [UserId],
    },
    /// Somebody rewrote their comment and mentions more people in it: only they are told.
    Rewritten {
        /// The comment.
        comment: CommentId,
        /// Its text as it is now, as Markdown.
        body: &'a str,
        /// Who may read it.
        visibility: Visibility,
        /// Those who were not mentioned before.
        mentioned: &'a [UserId],
    },
    /// Somebody attached files without a word.
    Attached {
        /// What they are called.
        names: &'a [&'a str],
    },
    /// It stands elsewhere now.
    StateChanged {
        /// Where.
        to: Status,
    },
    /// Somebody was invited to follow it: only they are told.
    Invited {
        /// Who.
        person: UserId,
    },
}

impl What<'_> {
    /// What it is to somebody.
    fn kind_for(&self, person: UserId) -> NotificationKind {
        match self {
            Self::Assigned | Self::Received => NotificationKind::Assigned,
            Self::Rewritten { .. } => NotificationKind::Mentioned,
            Self::Commented { mentioned, .. } if mentioned.contains(&person) => NotificationKind::Mentioned,
            Self::Commented { .. } | Self::Attached { .. } => NotificationKind::Answered,
            Self::StateChanged { .. } => NotificationKind::StateChanged,
            Self::Invited { .. } => NotificationKind::Invited,
        }
    }

    fn is_internal(&self) -> bool {
        let (Self::Commented { visibility, .. } | Self::Rewritten { visibility, .. }) = self else { return false };
        *visibility == Visibility::Internal
    }

    /// Whether only the assignee is told.
    fn is_for_assignee(&self) -> bool {
        matches!(self, Self::Assigned | Self::Received)
    }

    /// Whether everybody is told who has to do with the ticket.
    fn is_for_all(&self) -> bool {
        matches!(self, Self::Commented { .. } | Self::Attached { .. } | Self::StateChanged { .. })
    }

    /// The same in a mail to somebody.
    fn in_mail(&self, person: UserId) -> mail::What {
        match *self {
            Self::Assigned => mail::What::Assigned,
            Self::Received => mail::What::Received,
            Self::Commented { comment, body, mentioned, .. } | Self::Rewritten { comment, body, mentioned, .. } => {
                let (comment, body, internal) = (Some(comment), body.to_owned(), self.is_internal());
                if mentioned.contains(&person) {
                    mail::What::Mentioned { comment, body, internal }
                } else {
                    mail::What::Answered { comment, body, internal }
                }
            }
            Self::Attached { names } => {
                mail::What::Answered { comment: None, body: markdown::listed(names), internal: false }
            }
            Self::StateChanged { to } => mail::What::StateChanged { to },
            Self::Invited { .. } => mail::What::Invited,
        }
    }
}

/// Tells everybody whom it concerns, within the transaction of what happened: whoever has the ticket, deals with it, follows
/// it, is mentioned or invited, and may see it, except the one who did it. Each is told once, as they chose. Returns whose
/// list has something new, for the event of what happened.
pub async fn tell(conn: &mut Conn, by: &Caller, happening: &Happening<'_>) -> Result<Vec<UserId>, AppError> {
    let concerned = concerned(conn, by, happening).await?;
    if concerned.is_empty() {
        return Ok(Vec::new());
    }
    let ids = concerned.iter().map(|person| person.id).collect();
    let chosen = store::choices(conn, ids).await?;
    let (mut rows, mut letters) = (Vec::new(), Vec::new());
    for person in &concerned {
        let user = UserId(person.id);
        let kind = happening.what.kind_for(user);
        let channels = merged(&chosen, person.id).of(kind);
        if channels.in_app {
            rows.push(row(by, happening, user, kind));
        }
        if channels.mail {
            letters.push((person, News { by: by.user.name.clone(), what: happening.what.in_mail(user) }));
        }
    }
    if !rows.is_empty() {
        store::insert(conn, &rows).await?;
    }
    mail::service::queue_news(conn, happening.ticket, happening.title, letters).await?;
    Ok(rows.iter().map(|row| UserId(row.user_id)).collect())
}

fn row(by: &Caller, happening: &Happening<'_>, user: UserId, kind: NotificationKind) -> NewNotification {
    let (comment, status) = match happening.what {
        What::Assigned | What::Received | What::Attached { .. } | What::Invited { .. } => (None, None),
        What::Commented { comment, .. } | What::Rewritten { comment, .. } => (Some(comment.0), None),
        What::StateChanged { to } => (None, Some(status_code(to))),
    };
    NewNotification {
        user_id: user.0,
        kind: kind_code(kind),
        ticket_id: Some(happening.ticket.0),
        comment_id: comment,
        // What its category does nobody did.
        actor_id: (!matches!(happening.what, What::Received)).then_some(by.user.id),
        status,
        internal: happening.what.is_internal(),
        created_at: to_micros(now()),
    }
}

/// Those whom it concerns and who may see it, each once.
async fn concerned(conn: &mut Conn, by: &Caller, happening: &Happening<'_>) -> Result<Vec<UserRow>, DbError> {
    let mut ids = BTreeSet::new();
    let mut watchers = Vec::new();
    if happening.what.is_for_assignee() || happening.what.is_for_all() {
        ids.extend(happening.assignee.map(|user| user.0));
    }
    if happening.what.is_for_all() {
        watchers = store::watchers(conn, happening.ticket).await?;
        ids.insert(happening.requester.0);
        ids.extend(&watchers);
    }
    match happening.what {
        What::Commented { mentioned, .. } | What::Rewritten { mentioned, .. } => {
            ids.extend(mentioned.iter().map(|user| user.0));
        }
        What::Invited { person } => {
            ids.insert(person.0);
        }
        What::Assigned | What::Received | What::Attached { .. } | What::StateChanged { .. } => {}
    }
    ids.remove(&by.user.id);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    if !happening.what.is_for_all() {
        watchers = store::watchers(conn, happening.ticket).await?;
    }
    let mut people = store::people(conn, ids.into_iter().collect()).await?;
    let action = if happening.what.is_internal() { TicketAction::Note } else { TicketAction::View };
    people.retain(|person| {
        let user = UserId(person.id);
        let relation = Relation {
            requester: user == happening.requester,
            assignee: Some(user) == happening.assignee,
            watcher: watchers.contains(&person.id),
            unassigned: happening.assignee.is_none(),
        };
        can_on_ticket(person.role(), by.scope, relation, action)
    });
    Ok(people)
}

/// What a person chose, over what holds for everybody.
fn merged(chosen: &[store::Chosen], user: i64) -> NotificationChoices {
    let mut choices = NotificationChoices::default();
    for &(_, kind, in_app, mail) in chosen.iter().filter(|(whose, ..)| *whose == user) {
        let channels = choices.of_mut(kind_of(kind));
        channels.in_app = in_app;
        channels.mail = mail;
    }
    choices
}

/// How a person is told of each kind of thing.
pub async fn choices(conn: &mut Conn, user: UserId) -> Result<NotificationChoices, DbError> {
    Ok(merged(&store::choices(conn, vec![user.0]).await?, user.0))
}

/// Changes how a person is told; whether anything is other than it was.
pub async fn choose(conn: &mut Conn, user: UserId, change: &UpdateChoices) -> Result<bool, DbError> {
    let before = choices(conn, user).await?;
    let after = change.applied_to(before);
    for kind in NotificationKind::ALL {
        let channels = after.of(kind);
        if channels != before.of(kind) {
            store::choose(conn, user, kind, channels.in_app, channels.mail).await?;
        }
    }
    Ok(after != before)
}

/// What the caller was told of and may still see, newest first.
pub async fn list(db: &Db, caller: &Caller, query: &NotificationQuery) -> Result<NotificationPage, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("notifications", &(caller.id(), query.unread))?;
    let before = paging::decode::<i64>(&scope, query.cursor.as_deref())?;
    let reasons = reasons(caller.role(), caller.scope, caller.id());
    let sight = Sight { me: caller.id(), reasons: &reasons, internal: caller.role().is_staff() };
    let mut conn = db.read().await?;
    let rows = store::list(&mut conn, &sight, query.unread, before, paging::one_more(limit)).await?;
    let unread = count(&mut conn, &sight).await?;
    drop(conn);
    let page = paging::page(&scope, rows, limit, |row| row.id, Into::into)?;
    Ok(NotificationPage { items: page.items, next_cursor: page.next_cursor, unread })
}

/// How many notifications a person with a role has not read and may still see, up to
/// [`UNREAD_MAX`](shared::notifications::UNREAD_MAX).
pub async fn unread(conn: &mut Conn, me: UserId, role: Role, scope: TechnicianScope) -> Result<u32, DbError> {
    count(conn, &Sight { me, reasons: &reasons(role, scope, me), internal: role.is_staff() }).await
}

async fn count(conn: &mut Conn, sight: &Sight<'_>) -> Result<u32, DbError> {
    Ok(u32::try_from(store::unread(conn, sight).await?).unwrap_or(u32::MAX))
}

/// Marks the caller's notifications as read: those named, or all. All their devices are told.
pub async fn mark_read(state: &State, caller: &Caller, ids: Option<Vec<NotificationId>>) -> Result<(), AppError> {
    if ids.as_ref().is_some_and(Vec::is_empty) {
        return Ok(());
    }
    let at = to_micros(now());
    if state.db.write(async |conn| store::mark_read(conn, caller.id(), ids.as_deref(), at).await).await? {
        state.live.hub.bell_changed(caller.id());
    }
    Ok(())
}

/// Whether the bell tells a person that somebody wrote to them.
pub async fn tells_of_chat(conn: &mut Conn, user: UserId, from: UserId) -> Result<bool, DbError> {
    store::tells_of_chat(conn, user, from).await
}

/// Tells a person by the bell that somebody wrote to them, unless it does: once for each conversation.
pub async fn tell_of_chat(conn: &mut Conn, user: UserId, from: UserId, now: i64) -> Result<(), DbError> {
    if store::tells_of_chat(conn, user, from).await? {
        return Ok(());
    }
    let row = NewNotification {
        user_id: user.0,
        kind: kind_code(NotificationKind::Chat),
        ticket_id: None,
        comment_id: None,
        actor_id: Some(from.0),
        status: None,
        internal: false,
        created_at: now,
    };
    store::insert(conn, &[row]).await
}

/// A person has read what somebody wrote to them: the bell tells no more of it; whether it did.
pub async fn read_chat(conn: &mut Conn, user: UserId, from: UserId, now: i64) -> Result<bool, DbError> {
    store::read_chat(conn, user, from, now).await
}

/// Removes old ones, for as long as the program runs.
pub async fn sweep(state: &State) {
    let mut every = tokio::time::interval(TIDY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let before = to_micros(now() - TimeDelta::days(KEPT_DAYS));
        if let Err(error) = state.db.write(async |conn| store::remove(conn, before).await).await {
            tracing::warn!(%error, "could not remove old notifications");
        }
    }
}

//! Who an `@` in a comment stands for: active people who may see that comment. Anybody else's name stays text, so that a
//! mention never reaches, nor tells of, a person it should not.
//!
//! Whom a comment mentions is settled when it is written, and kept: the notifications read it, and later readers see the
//! same names whatever has become of the people.

pub mod handlers;
pub mod preview;
mod store;

use std::collections::{HashMap, HashSet};

use shared::{
    accounts::{Role, UserRef},
    ids::{TicketId, UserId},
    page::Page,
    permissions::{Relation, TechnicianScope, TicketAction, can_on_ticket},
    tickets::{MENTIONABLE_MAX, Mention, MentionQuery, Visibility},
};

use self::store::{Candidates, PersonRow};
pub use self::store::{forget, keep};
use super::{
    access,
    rows::{FullTicket, TicketRow},
};
use crate::{
    accounts::rows::user_ref,
    auth::caller::Caller,
    db::{Conn, Db, DbError},
    error::AppError,
    text::fold,
    web::paging,
};

/// A person whom a comment mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentioned {
    /// How the comment names them, folded.
    pub word: String,
    /// Their number.
    pub id: UserId,
    /// Their user name.
    pub username: String,
    /// Their name.
    pub name: String,
    /// When they set their picture, in microseconds.
    pub avatar_at: Option<i64>,
}

impl Mentioned {
    /// As the API tells it.
    pub fn to_mention(&self) -> Mention {
        mention(self.id.0, &self.username, &self.name, self.avatar_at)
    }
}

fn mention(id: i64, username: &str, name: &str, avatar_at: Option<i64>) -> Mention {
    let UserRef { id, name, avatar_url } = user_ref(id, name.to_owned(), avatar_at);
    Mention { id, username: username.to_owned(), name, avatar_url }
}

/// What one must be allowed in order to read a comment.
pub fn reading(visibility: Visibility) -> TicketAction {
    match visibility {
        Visibility::Public => TicketAction::View,
        Visibility::Internal => TicketAction::Note,
    }
}

/// The people that the words of a text on a ticket ([`crate::markdown::mentioned`]) name and who may read it, in the order
/// of their numbers. Somebody with a problem reaches those they have to do with there, as with [`candidates`]: whether a
/// name is that of somebody on staff cannot be tried out.
pub async fn resolve(
    conn: &mut Conn,
    caller: &Caller,
    ticket: &FullTicket,
    visibility: Visibility,
    words: &[String],
) -> Result<Vec<Mentioned>, DbError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let row = &ticket.listed.row;
    let mut named = store::named(conn, words).await?;
    if !caller.role().is_staff() {
        named = involved(conn, row, named).await?;
    }
    let readers = readers(conn, caller.scope, row, visibility, named).await?;
    let mentioned = |person: PersonRow| Mentioned {
        word: person.username_folded,
        id: UserId(person.id),
        username: person.username,
        name: person.name,
        avatar_at: person.avatar_at,
    };
    Ok(readers.into_iter().map(mentioned).collect())
}

/// Those of some people who have to do with a ticket, as far as all who see it know.
async fn involved(conn: &mut Conn, ticket: &TicketRow, mut people: Vec<PersonRow>) -> Result<Vec<PersonRow>, DbError> {
    if people.is_empty() {
        return Ok(people);
    }
    let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
    let mut known: HashSet<i64> = store::followers_among(conn, ticket.id, ids.clone()).await?.into_iter().collect();
    known.extend(store::answering_among(conn, ticket.id, ids).await?);
    known.insert(ticket.requester_id);
    known.extend(ticket.assignee_id);
    people.retain(|person| known.contains(&person.id));
    Ok(people)
}

/// Those of some people who may read what is written so on a ticket.
async fn readers(
    conn: &mut Conn,
    scope: TechnicianScope,
    ticket: &TicketRow,
    visibility: Visibility,
    mut people: Vec<PersonRow>,
) -> Result<Vec<PersonRow>, DbError> {
    if people.is_empty() {
        return Ok(people);
    }
    let ids = people.iter().map(|person| person.id).collect();
    let followers: HashSet<i64> = store::followers_among(conn, ticket.id, ids).await?.into_iter().collect();
    people.retain(|person| {
        let relation = Relation {
            requester: ticket.requester_id == person.id,
            assignee: ticket.assignee_id == Some(person.id),
            watcher: followers.contains(&person.id),
            unassigned: ticket.assignee_id.is_none(),
        };
        can_on_ticket(person.role(), scope, relation, reading(visibility))
    });
    Ok(people)
}

/// Whom each of some comments mentions.
pub async fn of_comments(conn: &mut Conn, comments: Vec<i64>) -> Result<HashMap<i64, Vec<Mentioned>>, DbError> {
    let mut found: HashMap<i64, Vec<Mentioned>> = HashMap::new();
    if comments.is_empty() {
        return Ok(found);
    }
    for (comment, word, id, username, name, avatar_at) in store::of_comments(conn, comments).await? {
        found.entry(comment).or_default().push(Mentioned { word, id: UserId(id), username, name, avatar_at });
    }
    Ok(found)
}

/// Who may be offered while the caller types an `@`: people who may see the ticket. Somebody with a problem is offered
/// those they have to do with there (the requester, the assignee, whoever follows it, staff who answered) and not the
/// whole staff that could see it.
pub async fn candidates(
    db: &Db,
    caller: &Caller,
    id: TicketId,
    query: &MentionQuery,
) -> Result<Page<Mention>, AppError> {
    let text = paging::search_text(query.q.as_deref())?.unwrap_or_default();
    let visibility = query.visibility.unwrap_or(Visibility::Public);
    let limit = paging::limit(query.limit)?.min(MENTIONABLE_MAX);
    let mut conn = db.read().await?;
    let ticket = access::allowed(&mut conn, caller, id, reading(visibility)).await?;
    let row = &ticket.listed.row;
    let sought = Candidates {
        ticket: id,
        requester: row.requester_id,
        assignee: row.assignee_id,
        roles: seeing_any(caller.scope, row.assignee_id.is_none()),
        only_staff: visibility == Visibility::Internal,
        only_involved: !caller.role().is_staff(),
        words: text.trim_start_matches('@').split_whitespace().map(fold).filter(|word| !word.is_empty()).collect(),
        limit,
    };
    let people = store::candidates(&mut conn, &sought).await?;
    let people = readers(&mut conn, caller.scope, row, visibility, people).await?;
    drop(conn);
    Ok(Page::whole(
        people.iter().map(|person| mention(person.id, &person.username, &person.name, person.avatar_at)).collect(),
    ))
}

/// The roles that see a ticket with which they have nothing to do.
fn seeing_any(scope: TechnicianScope, unassigned: bool) -> Vec<Role> {
    let stranger = Relation { unassigned, ..Relation::default() };
    Role::ALL.into_iter().filter(|&role| can_on_ticket(role, scope, stranger, TicketAction::View)).collect()
}

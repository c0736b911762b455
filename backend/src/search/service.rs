//! What is found, in which order.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
};

use shared::{
    ids::TicketId,
    permissions::{self, DeskAction},
    search::{SearchHit, SearchKind, SearchQuery},
    tickets::{Priority, StatusSet, TicketQuery, TicketSummary},
};

use super::{
    asked::Asked,
    highlight::{holds, marked, snippet},
    store::{self, Found, FoundPerson, TicketFacts, Within},
};
use crate::{
    accounts::rows::user_ref,
    auth::caller::Caller,
    db::{Conn, Db, DbError, from_micros, full_text::Word},
    error::AppError,
    tickets::{
        list::{self, reasons},
        rows::status_of,
    },
    web::paging,
};

/// The texts of so many are held at the same time: those of a page, unless more are asked for.
const AT_ONCE: usize = 26;
/// Texts that together are longer, in bytes, are not looked through where other requests wait for it.
const HEAVY: usize = 100_000;
/// A ticket named by its number comes before all else.
const NAMED: f64 = 1_000.0;
/// What a ticket's score counts,
const TICKET: f64 = 1.0;
/// and what that of a comment does: less where it matches as well.
const COMMENT: f64 = 0.6;
/// A person's name matches or does not: where no text does, each matches as well.
const PERSON: f64 = 1.0;
/// One of so many places is kept for people: who types a name may look for its person, however many texts name them.
const PLACES: usize = 4;
/// So many people are looked through for those who are called so: in the names of others the letters only happen to be.
const PEOPLE: i64 = 100;

/// What the caller may see of what they search for, best first.
pub async fn search(db: &Db, caller: &Caller, query: &SearchQuery) -> Result<Vec<SearchHit>, AppError> {
    let limit = paging::limit(query.limit)?;
    let Some(text) = paging::search_text(query.q.as_deref())? else { return Ok(Vec::new()) };
    let asked = Asked::parse(&text);
    let mut conn = db.read().await?;
    let mut found = find(&mut conn, caller, &asked, query.kind, limit).await?;
    found.sort_by(|one, other| other.score().total_cmp(&one.score()));
    let mut seen = HashSet::new();
    found.retain(|thing| seen.insert(thing.key()));
    found.truncate(limit);
    let tickets: BTreeSet<i64> = found.iter().filter_map(Thing::ticket).collect();
    let tickets: Vec<i64> = tickets.into_iter().collect();
    let facts = if tickets.is_empty() { HashMap::new() } else { store::facts(&mut conn, tickets).await? };
    let comments = ids(&found, SearchKind::Comment);
    let mut authors = if comments.is_empty() { HashMap::new() } else { store::authors(&mut conn, comments).await? };
    drop(conn);
    let mut hits = Vec::with_capacity(found.len());
    while !found.is_empty() {
        let rest = found.split_off(found.len().min(AT_ONCE));
        let some = std::mem::replace(&mut found, rest);
        hits.extend(present(db, some, asked.words.clone()).await?);
    }
    for (hit, place) in hits.iter_mut().zip(1_u32..) {
        hit.score = f64::from(place).recip();
        if let Some(ticket) = hit.ticket_id.and_then(|id| facts.get(&id.0)) {
            tell(hit, ticket);
        }
        if hit.kind == SearchKind::Comment {
            hit.author = authors.remove(&hit.id);
        }
    }
    Ok(hits)
}

/// The numbers of what was found of one kind.
fn ids(found: &[Thing], kind: SearchKind) -> Vec<i64> {
    found.iter().map(Thing::key).filter(|key| key.0 == kind).map(|key| key.1).collect()
}

/// Lets a hit say how its ticket stands, so that nobody has to open it for that.
fn tell(hit: &mut SearchHit, ticket: &TicketFacts) {
    let requester = &ticket.requester;
    hit.status = Some(status_of(ticket.status));
    hit.requester = Some(user_ref(ticket.requester_id, requester.name.clone(), requester.avatar_at));
    hit.updated_at = Some(from_micros(ticket.updated_at));
}

/// Some of what was found, as it is shown, each by itself: only now are its texts read, of which each may be long.
async fn present(db: &Db, some: Vec<Thing>, words: Vec<Word>) -> Result<Vec<SearchHit>, AppError> {
    let texts = if words.is_empty() { Texts::default() } else { Texts::of(&mut db.read().await?, &some).await? };
    let weight = texts.weight();
    let present = move || some.iter().map(|thing| thing.hit(texts.of_thing(thing), &words)).collect();
    if weight <= HEAVY {
        return Ok(present());
    }
    tokio::task::spawn_blocking(present).await.map_err(AppError::internal)
}

/// What stands in tickets and comments, by their numbers.
#[derive(Default)]
struct Texts {
    descriptions: HashMap<i64, String>,
    bodies: HashMap<i64, String>,
}

impl Texts {
    async fn of(conn: &mut Conn, some: &[Thing]) -> Result<Self, DbError> {
        let (tickets, comments) = (ids(some, SearchKind::Ticket), ids(some, SearchKind::Comment));
        let mut texts = Self::default();
        if !tickets.is_empty() {
            texts.descriptions = store::descriptions(conn, tickets).await?;
        }
        if !comments.is_empty() {
            texts.bodies = store::bodies(conn, comments).await?;
        }
        Ok(texts)
    }

    /// How much there is to look through, in bytes.
    fn weight(&self) -> usize {
        self.descriptions.values().chain(self.bodies.values()).map(String::len).sum()
    }

    /// That of one thing; nothing of what has none.
    fn of_thing(&self, thing: &Thing) -> &str {
        let text = match thing.key() {
            (SearchKind::Ticket, id) => self.descriptions.get(&id),
            (SearchKind::Comment, id) => self.bodies.get(&id),
            (SearchKind::Person, _) => None,
        };
        text.map_or("", String::as_str)
    }
}

/// What there is of each kind.
async fn find(
    conn: &mut Conn,
    caller: &Caller,
    asked: &Asked,
    kind: Option<SearchKind>,
    limit: usize,
) -> Result<Vec<Thing>, AppError> {
    let rows = i64::try_from(limit).map_err(AppError::internal)?;
    let within = Within::new(&reasons(caller.role(), caller.scope, caller.id()), asked, caller.id());
    let asks = |one| kind.is_none_or(|only| only == one);
    let mut found = Vec::new();
    if let Some(number) = asked.number
        && asks(SearchKind::Ticket)
    {
        let named = store::numbered(conn, number.0, &within).await?;
        found.extend(named.into_iter().map(|found| Thing::Text(Found { score: NAMED, ..found })));
    }
    if asked.words.is_empty() {
        if asked.has_filters() && asked.number.is_none() && asks(SearchKind::Ticket) {
            found.extend(narrowed(conn, caller, asked, limit).await?.into_iter().map(Thing::Text));
        }
        return Ok(found);
    }
    if asks(SearchKind::Ticket) {
        let tickets = store::tickets(conn, &asked.words, &within, rows).await?;
        found.extend(tickets.into_iter().map(|ticket| Thing::weighed(ticket, TICKET)));
    }
    if asks(SearchKind::Comment) {
        let comments = store::comments(conn, &asked.words, &within, caller.role().is_staff(), rows).await?;
        found.extend(comments.into_iter().map(|comment| Thing::weighed(comment, COMMENT)));
    }
    let only_tickets = asked.has_filters() || asked.within.is_some();
    if asks(SearchKind::Person) && permissions::can(caller.role(), DeskAction::FindPeople) && !only_tickets {
        let people = store::people(conn, &asked.words, rows.max(PEOPLE)).await?;
        found = with_people(found, people, &asked.words, limit);
    }
    Ok(found)
}

/// Puts people before texts that match as well. How well a text matches is a number of its database's own, which says nothing
/// beside a name: the first who are called so match as well as the best text, and the others come after all texts.
fn with_people(found: Vec<Thing>, people: Vec<FoundPerson>, words: &[Word], limit: usize) -> Vec<Thing> {
    let best = found.iter().map(Thing::score).filter(|&score| score < NAMED).max_by(f64::total_cmp);
    let (first, others) = best.map_or((PERSON, PERSON), |best| (best, 0.0));
    let mut places = (limit / PLACES).max(1);
    let scored = people.into_iter().map(|person| {
        let is_first = places > 0 && (holds(&person.name, words) || holds(&person.username, words));
        places -= usize::from(is_first);
        Thing::Person(person, if is_first { first } else { others })
    });
    scored.chain(found).collect()
}

/// Tickets by filters alone, latest activity first: what the list of tickets shows, which reads no more rows than it shows.
async fn narrowed(conn: &mut Conn, caller: &Caller, asked: &Asked, limit: usize) -> Result<Vec<Found>, AppError> {
    let query = TicketQuery {
        status: Some(StatusSet(asked.statuses.clone())).filter(|set| !set.0.is_empty()),
        assignee_id: asked.assignee,
        ..TicketQuery::default()
    };
    let priorities: Vec<Option<Priority>> = match asked.priorities.as_slice() {
        [] => vec![None],
        some => Priority::ALL.iter().copied().filter(|priority| some.contains(priority)).map(Some).collect(),
    };
    let mut tickets = Vec::new();
    for priority in priorities {
        let query = TicketQuery { priority, ..query.clone() };
        tickets.extend(list::page_of(conn, caller, &query, limit).await?.items);
    }
    tickets.sort_by_key(|ticket| Reverse((ticket.updated_at, ticket.id)));
    let found =
        |ticket: TicketSummary| Found { ticket_id: ticket.id.0, comment_id: None, title: ticket.title, score: 0.0 };
    Ok(tickets.into_iter().map(found).collect())
}

/// Something that was found.
enum Thing {
    /// A ticket or a comment.
    Text(Found),
    /// A person, and how well they match.
    Person(FoundPerson, f64),
}

impl Thing {
    /// A text by how well it matches, which is never as well as a number names a ticket.
    fn weighed(found: Found, weight: f64) -> Self {
        Self::Text(Found { score: found.score.min(NAMED - 1.0) * weight, ..found })
    }

    fn score(&self) -> f64 {
        match self {
            Self::Text(found) => found.score,
            Self::Person(_, score) => *score,
        }
    }

    /// The ticket that it is, or that it was said in.
    fn ticket(&self) -> Option<i64> {
        match self {
            Self::Text(found) => Some(found.ticket_id),
            Self::Person(..) => None,
        }
    }

    fn key(&self) -> (SearchKind, i64) {
        match self {
            Self::Text(Found { comment_id: Some(id), .. }) => (SearchKind::Comment, *id),
            Self::Text(found) => (SearchKind::Ticket, found.ticket_id),
            Self::Person(person, _) => (SearchKind::Person, person.id),
        }
    }

    /// As it is shown, with what stands in it. Its place gives it a score: that of its database counts how many rows hold the
    /// words, whoever may see them, and so would tell anybody what stands in the notes and tickets of others.
    fn hit(&self, text: &str, words: &[Word]) -> SearchHit {
        let ((kind, id), ticket_id) = (self.key(), self.ticket().map(TicketId));
        let (title, snippet) = match self {
            Self::Text(found) => (marked(&found.title, words), snippet(text, words)),
            Self::Person(person, _) => {
                let line = format!("{} · {}", person.username, person.email);
                (marked(&person.name, words), marked(&line, words))
            }
        };
        SearchHit {
            kind,
            id,
            ticket_id,
            title,
            snippet,
            status: None,
            requester: None,
            author: None,
            updated_at: None,
            score: 0.0,
        }
    }
}

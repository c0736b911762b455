//! What is found, in which order.

use shared::{
    permissions::{self, DeskAction},
    search::{SearchHit, SearchKind, SearchQuery},
};

use super::{
    asked::Asked,
    highlight::{marked, snippet},
    store::{self, Found, FoundPerson, Within},
};
use crate::{auth::caller::Caller, db::Db, error::AppError, tickets::list::reasons, web::paging};

/// A ticket named by its number comes before all else.
const NAMED: f64 = 1_000.0;
/// A comment counts less than a ticket that matches as well.
const COMMENT: f64 = 0.6;
/// A person's name matches or does not.
const PERSON: f64 = 1.0;

/// What the caller may see of what they search for, best first.
pub async fn search(db: &Db, caller: &Caller, query: &SearchQuery) -> Result<Vec<SearchHit>, AppError> {
    let limit = paging::limit(query.limit)?;
    let Some(text) = paging::search_text(query.q.as_deref())? else { return Ok(Vec::new()) };
    let asked = Asked::parse(&text);
    let rows = i64::try_from(limit).map_err(AppError::internal)?;
    let within = Within::new(&reasons(caller.role(), caller.scope, caller.id()), &asked, caller.id());
    let staff = caller.role().is_staff();
    let asks = |kind| query.kind.is_none_or(|only| only == kind);

    let mut hits = Vec::new();
    let mut conn = db.read().await?;
    if let Some(number) = asked.number
        && asks(SearchKind::Ticket)
    {
        let found = store::narrowed(&mut conn, Some(number.0), &within, 1).await?;
        hits.extend(found.into_iter().map(|found| hit(&Found { score: NAMED, ..found }, &asked.words)));
    }
    if asked.words.is_empty() {
        if asked.has_filters() && asked.number.is_none() && asks(SearchKind::Ticket) {
            let found = store::narrowed(&mut conn, None, &within, rows).await?;
            hits.extend(found.into_iter().map(|found| hit(&found, &asked.words)));
        }
        return Ok(hits);
    }
    if asks(SearchKind::Ticket) {
        let found = store::tickets(&mut conn, &asked.words, &within, rows).await?;
        hits.extend(found.into_iter().map(|found| hit(&found, &asked.words)));
    }
    if asks(SearchKind::Comment) {
        let found = store::comments(&mut conn, &asked.words, &within, staff, rows).await?;
        hits.extend(found.into_iter().map(|found| hit(&Found { score: found.score * COMMENT, ..found }, &asked.words)));
    }
    if asks(SearchKind::Person) && permissions::can(caller.role(), DeskAction::FindPeople) && !asked.has_filters() {
        let found = store::people(&mut conn, &asked.words, rows).await?;
        hits.extend(found.into_iter().map(|found| person(&found, &asked.words)));
    }
    drop(conn);
    hits.sort_by(|one, other| other.score.total_cmp(&one.score));
    let mut seen = std::collections::HashSet::new();
    hits.retain(|hit| seen.insert((hit.kind, hit.id)));
    hits.truncate(limit);
    Ok(hits)
}

fn hit(found: &Found, words: &[String]) -> SearchHit {
    SearchHit {
        kind: if found.comment_id.is_some() { SearchKind::Comment } else { SearchKind::Ticket },
        id: found.comment_id.unwrap_or(found.ticket_id),
        ticket_id: Some(shared::ids::TicketId(found.ticket_id)),
        title: marked(&found.title, words),
        snippet: snippet(&found.body, words),
        score: found.score,
    }
}

fn person(found: &FoundPerson, words: &[String]) -> SearchHit {
    SearchHit {
        kind: SearchKind::Person,
        id: found.id,
        ticket_id: None,
        title: marked(&found.name, words),
        snippet: marked(&format!("{} · {}", found.username, found.email), words),
        score: PERSON,
    }
}

//! What happens when mails are written, and when an administrator looks after them.

use chrono::{DateTime, Utc};
use shared::{
    ids::{MailId, TicketId},
    mail::{FullMail, Mail, MailQuery, MailState, MailStatus},
    page::Page,
};

use super::{
    QUEUED, current,
    letter::{Letter, News},
    render::{Places, Reader, Rendered, render, subject},
    rows::{MailRow, NewMail, kind_word, state_code},
    store,
};
use crate::{
    accounts::rows::{UserRow, locale_code, locale_of},
    auth::caller::Caller,
    db::{Conn, from_micros, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent},
    password_links, settings,
    state::State,
    web::paging,
};

/// The most that happened to a ticket that goes into one mail.
const NEWS_MAX: usize = 30;

/// Writes a mail to somebody, within the transaction of what it tells of. It is sent once that is committed.
pub async fn queue(conn: &mut Conn, reader: &UserRow, letter: &Letter) -> Result<MailId, AppError> {
    let desk = settings::service::desk_name(conn).await?;
    let mail = written(reader, letter, &desk, now())?;
    let id = store::insert(conn, &mail).await?;
    wake();
    Ok(id)
}

/// Writes to each of several people; see [`queue`].
pub async fn queue_all(conn: &mut Conn, letters: Vec<(&UserRow, Letter)>) -> Result<(), AppError> {
    if letters.is_empty() {
        return Ok(());
    }
    let desk = settings::service::desk_name(conn).await?;
    for (reader, letter) in letters {
        store::insert(conn, &written(reader, &letter, &desk, now())?).await?;
    }
    wake();
    Ok(())
}

/// Writes the news of a ticket to each of these people, within the transaction of what happened. It goes into the mail about
/// that ticket that still waits for them, when there is one.
pub async fn queue_news(
    conn: &mut Conn,
    ticket: TicketId,
    title: &str,
    letters: Vec<(&UserRow, News)>,
) -> Result<(), AppError> {
    if letters.is_empty() {
        return Ok(());
    }
    let desk = settings::service::desk_name(conn).await?;
    let waiting = store::untried(conn, ticket, letters.iter().map(|(reader, _)| reader.id).collect()).await?;
    for (reader, news) in letters {
        let open = waiting.iter().find(|waiting| waiting.user_id == reader.id);
        if let Some(open) = open
            && let Some(longer) = open.letter.as_deref().and_then(|letter| longer(letter, &news))
            && store::rewrite(conn, open, &longer).await?
        {
            continue;
        }
        let letter = Letter::Ticket { ticket, title: title.to_owned(), news: vec![news] };
        store::insert(conn, &written(reader, &letter, &desk, now())?).await?;
    }
    wake();
    Ok(())
}

/// A letter with one more thing in it; none when it is full, or no news of a ticket.
fn longer(letter: &str, more: &News) -> Option<String> {
    let Ok(Letter::Ticket { ticket, title, mut news }) = serde_json::from_str::<Letter>(letter) else { return None };
    if news.len() >= NEWS_MAX {
        return None;
    }
    news.push(more.clone());
    serde_json::to_string(&Letter::Ticket { ticket, title, news }).ok()
}

/// A mail, as it waits for its turn.
fn written(reader: &UserRow, letter: &Letter, desk: &str, now: DateTime<Utc>) -> Result<NewMail, AppError> {
    Ok(NewMail {
        user_id: reader.id,
        ticket_id: letter.ticket().map(|ticket| ticket.0),
        kind: kind_word(letter.kind()),
        locale: locale_code(reader.locale()).to_owned(),
        address: reader.email.clone(),
        subject: subject(letter, reader.locale(), desk),
        state: state_code(MailState::Queued),
        attempts: 0,
        next_attempt_at: to_micros(now),
        created_at: to_micros(now),
        letter: serde_json::to_string(letter).map_err(AppError::internal)?,
    })
}

/// Tells whoever sends mails that there is one, or will be when the transaction is committed.
fn wake() {
    QUEUED.send_modify(|count| *count = count.wrapping_add(1));
}

/// The mails, newest first.
pub async fn list(state: &State, query: &MailQuery) -> Result<Page<Mail>, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("mails", &query.state)?;
    let before = paging::decode::<i64>(&scope, query.cursor.as_deref())?;
    let mut conn = state.db.read().await?;
    let rows = store::list(&mut conn, query.state, before, paging::one_more(limit)).await?;
    drop(conn);
    paging::page(&scope, rows, limit, |(row, _)| row.id, |(row, reader)| row.into_mail(reader))
}

/// How the sending of mail stands.
pub async fn status(state: &State) -> Result<MailStatus, AppError> {
    let server = state.config.mail.as_ref();
    let mut conn = state.db.read().await?;
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    Ok(MailStatus {
        configured: server.is_some(),
        server: server.map(|server| format!("{}:{}", server.host, server.port)),
        sender: server.map(|server| server.sender.to_string()),
        address_known: state.mail.is_address_known(),
        queued: count(store::count(&mut conn, MailState::Queued).await?),
        failed: count(store::count(&mut conn, MailState::Failed).await?),
        last_error: store::last_error(&mut conn).await?,
        last_sent_at: store::last_sent(&mut conn).await?.map(from_micros),
    })
}

/// One mail and what it says. A link in it is covered where mails are sent; where they are not, this is the way it takes to
/// the person, and that an administrator went it is noted. A token, which opens no account, does not go it.
pub async fn get(state: &State, caller: &Caller, id: MailId) -> Result<FullMail, AppError> {
    let mut conn = state.db.read().await?;
    let (row, reader, letter) = store::find(&mut conn, id).await?.ok_or(AppError::NotFound)?;
    let mut letter = letter.as_deref().and_then(|letter| serde_json::from_str::<Letter>(letter).ok());
    if let Some(letter) = &mut letter
        && row.state() == MailState::Queued
    {
        current::reword(&mut conn, letter).await?;
    }
    let mut token = None;
    let uncovered = state.config.mail.is_none() && caller.session().is_ok();
    if let Some(link) = letter.as_ref().and_then(Letter::link).filter(|_| uncovered) {
        token = password_links::service::token_of(&mut conn, &state.auth.secrets, link).await?;
    }
    let text = match &letter {
        Some(letter) => Some(in_words(state, &mut conn, &row, &reader, letter, token.as_deref()).await?.text),
        None => None,
    };
    drop(conn);
    if token.is_some() {
        let origin = caller.origin();
        let event = NewEvent::desk(&origin, EventKind::PasswordLinkRead, reader.id);
        state.db.write(async |conn| events::append(conn, &event).await).await?;
    }
    Ok(FullMail { mail: row.into_mail(reader.face()), text })
}

/// A letter in the words of its reader; a link in it is covered without its token.
pub(super) async fn in_words(
    state: &State,
    conn: &mut Conn,
    row: &MailRow,
    reader: &UserRow,
    letter: &Letter,
    token: Option<&str>,
) -> Result<Rendered, AppError> {
    let brand = settings::service::brand(conn).await?;
    let address = |path: &str| state.mail.address_of(path);
    let button = match letter {
        Letter::Welcome { .. } | Letter::PasswordReset { .. } | Letter::PasswordLink { .. } => {
            token.map(|token| address(&password_links::path(token)))
        }
        Letter::Ticket { ticket, .. } => Some(address(&format!("/tickets/{ticket}"))),
        Letter::Chat { .. } => Some(address("/chat")),
        Letter::Test => Some(address("/")),
    };
    let reader = Reader {
        locale: locale_of(&row.locale),
        name: &reader.name,
        username: &reader.username,
        desk: &brand.name,
        colour: &brand.colour,
    };
    Ok(render(letter, &reader, &Places { button, profile: address("/profile"), desk: address("/") }))
}

/// Writes a mail to the caller, to see whether it arrives.
pub async fn test(state: &State, caller: &Caller) -> Result<Mail, AppError> {
    let id = state.db.write(async |conn| queue(conn, &caller.user, &Letter::Test).await).await?;
    find(state, id).await
}

async fn find(state: &State, id: MailId) -> Result<Mail, AppError> {
    let mut conn = state.db.read().await?;
    let (row, reader, _) = store::find(&mut conn, id).await?.ok_or(AppError::NotFound)?;
    Ok(row.into_mail(reader.face()))
}

/// Tries a mail now that waits, was given up or was cancelled.
pub async fn retry(state: &State, id: MailId) -> Result<Mail, AppError> {
    find(state, id).await?;
    let tried = state.db.write(async |conn| store::retry(conn, id, to_micros(now())).await).await?;
    if !tried {
        return Err(AppError::VersionConflict(None));
    }
    wake();
    find(state, id).await
}

/// Takes a mail that waits out of the line.
pub async fn cancel(state: &State, id: MailId) -> Result<Mail, AppError> {
    find(state, id).await?;
    let cancelled = state.db.write(async |conn| store::cancel(conn, id).await).await?;
    if !cancelled {
        return Err(AppError::VersionConflict(None));
    }
    find(state, id).await
}

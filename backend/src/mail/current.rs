//! What a mail says when its turn comes: it may have waited since what it tells of.

use std::collections::HashSet;

use shared::{ids::UserId, mail::MailTrouble, notifications::NotificationKind};

use super::letter::{Letter, What};
use crate::{
    accounts::rows::UserRow,
    chat,
    db::{Conn, DbError},
    error::AppError,
    notifications,
    state::State,
    tickets::{self, access},
};

/// Puts what comments say now in the place of what they said, and leaves out those that are gone. Whether the letter is
/// another one then.
pub async fn reword(conn: &mut Conn, letter: &mut Letter) -> Result<bool, DbError> {
    let Letter::Ticket { news, .. } = letter else { return Ok(false) };
    let ids: Vec<i64> = news.iter().filter_map(|news| news.what.comment()).map(|comment| comment.0).collect();
    if ids.is_empty() {
        return Ok(false);
    }
    let bodies = tickets::service::comment_bodies(conn, ids).await?;
    let mut is_other = false;
    news.retain_mut(|news| {
        let (What::Answered { comment: Some(comment), body, .. }
        | What::Mentioned { comment: Some(comment), body, .. }) = &mut news.what
        else {
            return true;
        };
        let Some(now) = bodies.get(&comment.0) else {
            is_other = true;
            return false;
        };
        if *body != *now {
            is_other = true;
            body.clone_from(now);
        }
        true
    });
    Ok(is_other)
}

/// A letter without what its reader may no longer see, has seen, or no longer wants by mail. When nothing is left, why.
pub async fn for_reader(
    state: &State,
    conn: &mut Conn,
    reader: &UserRow,
    letter: Letter,
) -> Result<Result<Letter, MailTrouble>, AppError> {
    let user = UserId(reader.id);
    match letter {
        Letter::Ticket { ticket, title, mut news } => {
            let scope = state.settings.technician_scope();
            let Some(sight) = access::sight(conn, reader, scope, ticket).await? else {
                return Ok(Err(MailTrouble::OutOfSight));
            };
            news.retain(|news| sight.notes || !news.what.is_internal());
            if news.is_empty() {
                return Ok(Err(MailTrouble::OutOfSight));
            }
            let choices = notifications::service::choices(conn, user).await?;
            news.retain(|news| choices.of(news.what.kind()).mail);
            if news.is_empty() {
                return Ok(Err(MailTrouble::Unwanted));
            }
            // A comment that was rewritten to mention the reader is told of twice, by now in the same words.
            let mut seen = HashSet::new();
            news.reverse();
            news.retain(|news| news.what.comment().is_none_or(|comment| seen.insert(comment)));
            news.reverse();
            Ok(Ok(Letter::Ticket { ticket, title, news }))
        }
        Letter::Chat { .. } => {
            if !chat::service::has_unread(conn, user).await? {
                return Ok(Err(MailTrouble::OutOfSight));
            }
            let is_wanted = notifications::service::choices(conn, user).await?.of(NotificationKind::Chat).mail;
            Ok(if is_wanted { Ok(letter) } else { Err(MailTrouble::Unwanted) })
        }
        letter => Ok(Ok(letter)),
    }
}

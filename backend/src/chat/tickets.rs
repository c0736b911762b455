//! A ticket that is made of messages.

use std::{collections::HashMap, fmt::Write};

use shared::{
    accounts::Role, chat::TicketFromMessages, fields::BODY_MAX, ids::UserId, problem::FieldCode, tickets::CreateTicket,
};

use super::{
    access,
    rows::{FullFile, MessageRow, Pair},
    store,
};
use crate::{
    attachments::entry::Known,
    auth::caller::Caller,
    db::from_micros,
    error::AppError,
    markdown,
    state::State,
    tickets::{self, service::Created},
};

/// Opens a ticket with what the caller and somebody wrote to each other: the messages chosen are its description, in the order
/// they were written, and their files are attached to it. It is the user's of the two; between staff, the caller's.
pub async fn create(
    state: &State,
    caller: &Caller,
    with: UserId,
    request: TicketFromMessages,
) -> Result<Created, AppError> {
    let ids: Vec<i64> = request.message_ids.iter().map(|id| id.0).collect();
    let mut conn = state.db.read().await?;
    // Whatever became of the messages, and of whoever wrote them.
    if let Some(created) = tickets::service::opened_as(&mut conn, caller, request.client_id.as_deref()).await? {
        return Ok(created);
    }
    let peer = access::partner(&mut conn, caller, with).await?;
    let for_peer = caller.role().is_staff() && peer.role() == Role::User;
    if for_peer && !peer.active {
        return Err(AppError::AccountInactive);
    }
    let mut messages = store::find_all(&mut conn, &ids).await?;
    let pair = Pair::of(caller.id(), with);
    messages.retain(|message| message.pair() == pair && message.deleted_at.is_none());
    if ids.iter().any(|id| messages.iter().all(|message| message.id != *id)) {
        return Err(AppError::field("message_ids", FieldCode::Unknown));
    }
    let files = store::files_of(&mut conn, messages.iter().map(|message| message.id).collect()).await?;
    drop(conn);
    let names = HashMap::from([(caller.user.id, caller.user.name.as_str()), (peer.id, peer.name.as_str())]);
    let description = described(&messages, &files, &names);
    if description.chars().count() > BODY_MAX {
        return Err(AppError::field("message_ids", FieldCode::TooLong));
    }
    let writers: HashMap<i64, i64> = messages.iter().map(|message| (message.id, message.from_id)).collect();
    let known = |file: FullFile| Known {
        blob: file.blob.id,
        uploader: writers.get(&file.row.message_id).copied().unwrap_or(caller.user.id),
        media_type: file.row.media_type,
        name: file.row.name,
    };
    let ticket = CreateTicket {
        title: request.title,
        description,
        priority: request.priority,
        category_id: request.category_id,
        requester_id: for_peer.then_some(with),
        client_id: request.client_id,
    };
    let files: Vec<Known> = files.into_iter().map(known).collect();
    tickets::service::create_with(&state.db, caller, ticket, &files).await
}

/// What was said as Markdown: who said it and when, and the message as a quote, so that nothing in it reaches beyond it.
fn described(messages: &[MessageRow], files: &[FullFile], names: &HashMap<i64, &str>) -> String {
    let mut text = String::new();
    for message in messages {
        let name = names.get(&message.from_id).copied().unwrap_or_default();
        let at = from_micros(message.created_at).format("%Y-%m-%d %H:%M UTC");
        // Writing to a String does not fail.
        let _ = writeln!(text, "**{}** · {at}\n", markdown::escaped(name));
        let sent: Vec<&str> =
            files.iter().filter(|file| file.row.message_id == message.id).map(|file| file.row.name.as_str()).collect();
        let listed = markdown::listed(&sent);
        let between = if message.body.is_empty() || listed.is_empty() { "" } else { "\n\n" };
        let said = format!("{}{between}{listed}", message.body.trim_end());
        for line in said.lines() {
            let _ = writeln!(text, "{}", format!("> {line}").trim_end());
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Names, to_html};

    fn message(id: i64, from_id: i64, body: &str) -> MessageRow {
        MessageRow {
            id,
            from_id,
            to_id: 3 - from_id,
            client_id: None,
            created_at: id * 60_000_000,
            delivered_at: None,
            read_at: None,
            edited_at: None,
            deleted_at: None,
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_message_is_quoted_whatever_is_in_it() {
        let names = HashMap::from([(1, "Ana *Ruiz*"), (2, "Luis")]);
        let text = described(&[message(1, 1, "Hola\n```\nsin cerrar"), message(2, 2, "# Adiós")], &[], &names);
        assert_eq!(
            text,
            "**Ana \\*Ruiz\\*** · 1970-01-01 00:01 UTC\n\n> Hola\n> ```\n> sin cerrar\n\n\
             **Luis** · 1970-01-01 00:02 UTC\n\n> # Adiós"
        );
        let html = to_html(&text, &Names::new());
        assert!(html.contains("<strong>Ana *Ruiz*</strong>") && html.contains("<strong>Luis</strong>"), "{html}");
        assert_eq!(html.matches("<blockquote>").count(), 2, "{html}");
    }
}

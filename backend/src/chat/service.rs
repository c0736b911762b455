//! What happens when people write to each other, and read it.
//!
//! Everything that changes what a pair wrote holds that pair first ([`store::lock`]), so messages are numbered in the order
//! in which they are committed, and what is kept of a conversation is what its messages say.

use std::collections::{BTreeMap, HashMap};

use shared::{
    chat::{
        ChatPeopleQuery, ChatPerson, Conversation, ConversationPage, MarkMessagesRead, Message, MessageFile,
        MessageQuery, SendMessage,
    },
    fields,
    ids::{MessageId, UserId},
    page::Page,
    tickets::PageQuery,
};

use tokio::task::JoinError;

use super::{
    access, people,
    rows::{ConversationRow, MessageRow, NewMessage, Pair, folded},
    store,
};
use crate::{
    accounts::rows::{role_of, user_ref},
    auth::{caller::Caller, message_rate::Counted},
    db::{Conn, DbError, now, to_micros},
    error::AppError,
    events::{self, EventKind, NewEvent, Origin},
    markdown, notifications,
    state::State,
    text::fold,
    web::paging,
};

/// Texts that together may become more, in bytes, are not rendered where other requests wait for it.
const HEAVY: usize = 100_000;

/// A message that is kept.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The message, as it is now.
    pub message: Message,
    /// Whether it was not kept before: false when it had come already, under the same name.
    pub fresh: bool,
}

/// What somebody is about to say.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Light Markdown.
    pub body: &'a str,
    /// The same, folded.
    pub folded: &'a str,
    /// What the program calls it.
    pub client_id: Option<&'a str>,
    /// That it counts as one of those that its writer may write.
    pub counted: &'a Counted,
}

/// A message as it was entered.
#[derive(Debug, Clone, Copy)]
pub struct Entered {
    /// Its number.
    pub id: MessageId,
    /// When, in microseconds.
    pub at: i64,
    /// Whether it is new.
    pub fresh: bool,
}

/// Writes to somebody. What came already under the same name is answered as it is now, whatever comes with the name this time:
/// whoever asks again has lost the first answer.
pub async fn send(state: &State, caller: &Caller, to: UserId, request: SendMessage) -> Result<Sent, AppError> {
    fields::check(&request).map_err(AppError::Validation)?;
    let folded = folded(&request.body);
    let counted = Counted::default();
    let draft =
        Draft { body: &request.body, folded: &folded, client_id: request.client_id.as_deref(), counted: &counted };
    let origin = caller.origin();
    let entered = state
        .db
        .write(async |conn| -> Result<Entered, AppError> {
            let entered = enter(state, conn, caller, to, draft).await?;
            announce(conn, &origin, to, entered).await?;
            Ok(entered)
        })
        .await?;
    if !entered.fresh {
        return sent_before(state, entered.id).await;
    }
    let row = MessageRow {
        id: entered.id.0,
        from_id: caller.user.id,
        to_id: to.0,
        client_id: request.client_id,
        created_at: entered.at,
        delivered_at: None,
        read_at: None,
        edited_at: None,
        deleted_at: None,
        body: request.body,
    };
    Ok(Sent { message: row.into_message(Vec::new()), fresh: true })
}

/// Keeps a message, unless one of that name is kept, or its writer has written too many; all but its event, which comes last.
pub async fn enter(
    state: &State,
    conn: &mut Conn,
    caller: &Caller,
    to: UserId,
    draft: Draft<'_>,
) -> Result<Entered, AppError> {
    let (from, pair) = (caller.id(), Pair::of(caller.id(), to));
    match access::recipient(conn, caller, to).await {
        Ok(_) => store::open(conn, pair).await?,
        // Whoever can be written to no more has what they got before.
        Err(refused @ (AppError::NotFound | AppError::AccountInactive)) => {
            let known = store::lock(conn, pair).await?;
            let before = if known { entered_before(conn, from, to, draft).await? } else { None };
            return before.ok_or(refused);
        }
        Err(error) => return Err(error),
    }
    if let Some(before) = entered_before(conn, from, to, draft).await? {
        return Ok(before);
    }
    // Only here is it known that the message is a new one.
    state.auth.messages.count(from, draft.counted)?;
    let at = to_micros(now());
    let new = NewMessage {
        low_id: pair.low,
        high_id: pair.high,
        from_id: from.0,
        to_id: to.0,
        client_id: draft.client_id,
        created_at: at,
        body: draft.body,
        body_folded: draft.folded,
    };
    let id = store::insert(conn, &new).await?;
    store::note_last(conn, pair, id.0, to).await?;
    Ok(Entered { id, at, fresh: true })
}

/// What is kept under the name of a draft. Asked with the pair in hand: nobody else is about to keep the same.
async fn entered_before(
    conn: &mut Conn,
    from: UserId,
    to: UserId,
    draft: Draft<'_>,
) -> Result<Option<Entered>, DbError> {
    let Some(client_id) = draft.client_id else { return Ok(None) };
    let id = store::find_by_client(conn, from, to, client_id).await?;
    Ok(id.map(|id| Entered { id, at: 0, fresh: false }))
}

/// Appends the event of a message that was entered; the last thing of its transaction.
pub async fn announce(conn: &mut Conn, origin: &Origin, to: UserId, entered: Entered) -> Result<(), DbError> {
    if !entered.fresh {
        return Ok(());
    }
    events::append(conn, &NewEvent::chat(origin, EventKind::MessageSent, to, entered.id)).await
}

/// A message that had been kept before.
pub async fn sent_before(state: &State, id: MessageId) -> Result<Sent, AppError> {
    let mut conn = state.db.lookup().await?;
    let message = message(&mut conn, id).await?.ok_or(AppError::NotFound)?;
    Ok(Sent { message, fresh: false })
}

/// Marks what somebody wrote to the caller as read.
pub async fn mark_read(
    state: &State,
    caller: &Caller,
    from: UserId,
    request: MarkMessagesRead,
) -> Result<(), AppError> {
    let (me, pair) = (caller.id(), Pair::of(caller.id(), from));
    let mut conn = state.db.lookup().await?;
    access::partner(&mut conn, caller, from).await?;
    let nothing = store::last_unread(&mut conn, me, from, request.up_to).await?.is_none()
        && !notifications::service::tells_of_chat(&mut conn, me, from).await?;
    drop(conn);
    // A page says so again and again.
    if nothing {
        return Ok(());
    }
    // Whether somebody read something is between the two, and not from where.
    let origin = Origin { actor: Some(me), address: None };
    let at = to_micros(now());
    let rang = state
        .db
        .write(async |conn| -> Result<bool, AppError> {
            if !store::lock(conn, pair).await? {
                return Ok(false);
            }
            let rang = notifications::service::read_chat(conn, me, from, at).await?;
            let Some(last) = store::last_unread(conn, me, from, request.up_to).await? else { return Ok(rang) };
            store::set_read(conn, me, from, last, at).await?;
            store::recount(conn, me, from).await?;
            let event = NewEvent::chat(&origin, EventKind::MessagesRead, from, MessageId(last));
            events::append(conn, &event).await?;
            Ok(rang)
        })
        .await?;
    if rang {
        state.live.hub.bell_changed(me);
    }
    Ok(())
}

/// What was written to a person and is not delivered: by its writer, the last of it.
pub async fn undelivered(conn: &mut Conn, to: UserId) -> Result<BTreeMap<UserId, MessageId>, DbError> {
    let rows = store::undelivered(conn, to).await?;
    Ok(rows.into_iter().filter_map(|(writer, last)| Some((UserId(writer), MessageId(last?)))).collect())
}

/// Marks what was written to a person as delivered, of each of these writers up to a message: it reached a device of theirs.
pub async fn delivered(state: &State, to: UserId, reached: &BTreeMap<UserId, MessageId>) -> Result<(), AppError> {
    // Each device says so of the same messages.
    let waiting = undelivered(&mut state.db.lookup().await?, to).await?;
    let of = |(writer, last): (UserId, MessageId)| Some((writer, last.min(*reached.get(&writer)?)));
    let writers: BTreeMap<UserId, MessageId> = waiting.into_iter().filter_map(of).collect();
    if writers.is_empty() {
        return Ok(());
    }
    let mut pairs: Vec<Pair> = writers.keys().map(|&writer| Pair::of(writer, to)).collect();
    // Whoever holds several pairs takes them in one order.
    pairs.sort_unstable();
    let origin = Origin { actor: Some(to), address: None };
    let at = to_micros(now());
    state
        .db
        .write(async |conn| -> Result<(), AppError> {
            for &pair in &pairs {
                store::lock(conn, pair).await?;
            }
            let mut told = Vec::new();
            for (&writer, &last) in &writers {
                if store::set_delivered(conn, to, writer, last.0, at).await? {
                    told.push(NewEvent::chat(&origin, EventKind::MessagesDelivered, writer, last));
                }
            }
            Ok(events::append_all(conn, &told).await?)
        })
        .await
}

/// One message, for whoever may read it.
pub async fn message(conn: &mut Conn, id: MessageId) -> Result<Option<Message>, DbError> {
    Ok(find_all(conn, &[id]).await?.shown_here().pop())
}

/// Several messages, in the order they were written, for whoever may read them; not rendered yet.
pub async fn find_all(conn: &mut Conn, ids: &[MessageId]) -> Result<Unrendered, DbError> {
    if ids.is_empty() {
        return Ok(Unrendered::default());
    }
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = store::find_all(conn, &ids).await?;
    let files = files_by_message(conn, &rows).await?;
    Ok(Unrendered { rows, files })
}

/// Messages as the database has them.
#[derive(Debug, Default)]
pub struct Unrendered {
    rows: Vec<MessageRow>,
    files: Files,
}

impl Unrendered {
    /// As they are shown. Much is rendered beside the requests of others, not before them.
    pub async fn shown(self) -> Result<Vec<Message>, JoinError> {
        let weight: usize = self.rows.iter().map(|row| markdown::weight(&row.body)).sum();
        if weight <= HEAVY {
            return Ok(self.shown_here());
        }
        tokio::task::spawn_blocking(move || self.shown_here()).await
    }

    fn shown_here(self) -> Vec<Message> {
        let Self { rows, mut files } = self;
        rows.into_iter().map(|row| with_files(row, &mut files)).collect()
    }
}

/// The files of some messages, by the message.
type Files = HashMap<i64, Vec<MessageFile>>;

async fn files_by_message(conn: &mut Conn, rows: &[MessageRow]) -> Result<Files, DbError> {
    let mut files = Files::new();
    for file in store::files_of(conn, rows.iter().map(|row| row.id).collect()).await? {
        files.entry(file.row.message_id).or_default().push(file.into_file());
    }
    Ok(files)
}

fn with_files(row: MessageRow, files: &mut Files) -> Message {
    let files = files.remove(&row.id).unwrap_or_default();
    row.into_message(files)
}

/// What the caller and somebody wrote to each other, newest first.
pub async fn list(
    state: &State,
    caller: &Caller,
    with: UserId,
    query: &MessageQuery,
) -> Result<Page<Message>, AppError> {
    let limit = paging::limit(query.limit)?;
    let sought = paging::search_text(query.q.as_deref())?;
    let scope = paging::scope("messages", &(caller.id(), with, &sought))?;
    let before = paging::decode::<i64>(&scope, query.cursor.as_deref())?;
    let words: Vec<String> = sought.iter().flat_map(|text| text.split_whitespace()).map(fold).collect();
    let mut conn = state.db.read().await?;
    access::partner(&mut conn, caller, with).await?;
    let pair = Pair::of(caller.id(), with);
    let rows = store::page(&mut conn, pair, &words, before, paging::one_more(limit)).await?;
    let mut files = files_by_message(&mut conn, &rows).await?;
    drop(conn);
    let weight: usize = rows.iter().map(|row| markdown::weight(&row.body)).sum();
    let present =
        move || paging::page(&scope, rows, limit, |row| row.id, |row: MessageRow| with_files(row, &mut files));
    if weight <= HEAVY {
        return present();
    }
    tokio::task::spawn_blocking(present).await.map_err(AppError::internal)?
}

/// The caller's conversations, the one written in last first.
pub async fn conversations(state: &State, caller: &Caller, query: &PageQuery) -> Result<ConversationPage, AppError> {
    let limit = paging::limit(query.limit)?;
    let scope = paging::scope("conversations", &caller.id())?;
    let before = paging::decode::<i64>(&scope, query.cursor.as_deref())?;
    let mut conn = state.db.read().await?;
    let rows = store::conversations(&mut conn, caller.id(), before, paging::one_more(limit)).await?;
    let unread = store::unread(&mut conn, caller.id()).await?;
    let last: Vec<MessageId> = rows.iter().map(|row| MessageId(row.last_message_id)).collect();
    let last = find_all(&mut conn, &last).await?;
    drop(conn);
    let last = last.shown().await.map_err(AppError::internal)?;
    let mut last: HashMap<i64, Message> = last.into_iter().map(|message| (message.id.0, message)).collect();
    let item = |row: ConversationRow| Conversation {
        user: user_ref(row.peer_id, row.name, row.avatar_at),
        role: role_of(row.role),
        active: row.active,
        last_message: last.remove(&row.last_message_id),
        unread: u32::try_from(row.unread).unwrap_or_default(),
    };
    let page = paging::page(&scope, rows, limit, |row| row.last_message_id, item)?;
    Ok(ConversationPage {
        items: page.items,
        next_cursor: page.next_cursor,
        unread: u32::try_from(unread).unwrap_or_default(),
    })
}

/// What the caller and somebody wrote to each other, as the caller sees it, written in or not.
pub async fn conversation(state: &State, caller: &Caller, with: UserId) -> Result<Conversation, AppError> {
    let mut conn = state.db.read().await?;
    let person = access::partner(&mut conn, caller, with).await?;
    let (last_message, unread) = match store::conversation(&mut conn, caller.id(), with).await? {
        Some((last, unread)) => (message(&mut conn, MessageId(last)).await?, unread),
        None => (None, 0),
    };
    Ok(Conversation {
        user: person.to_ref(),
        role: person.role(),
        active: person.active,
        last_message,
        unread: u32::try_from(unread).unwrap_or_default(),
    })
}

/// Whether messages wait that a person has not read.
pub async fn has_unread(conn: &mut Conn, person: UserId) -> Result<bool, DbError> {
    Ok(store::unread(conn, person).await? > 0)
}

/// Whom the caller may write to, by name.
pub async fn people(state: &State, caller: &Caller, query: &ChatPeopleQuery) -> Result<Page<ChatPerson>, AppError> {
    let sought = paging::search_text(query.q.as_deref())?;
    let limit = paging::limit(query.limit)?.min(people::MOST);
    let words: Vec<String> = sought.iter().flat_map(|text| text.split_whitespace()).map(fold).collect();
    let mut conn = state.db.read().await?;
    Ok(Page::whole(people::find(&mut conn, caller, &words, limit).await?))
}

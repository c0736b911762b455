//! Messages as the database keeps them.

use diesel::prelude::*;
use shared::{
    chat::{Message, MessageFile},
    fields::MESSAGE_MAX,
    ids::{MessageFileId, MessageId, UserId},
};

use crate::{
    attachments::{BlobRow, download::Stored},
    db::{
        from_micros,
        schema::{message_files, messages},
    },
    markdown::to_light_html,
    openapi::BASE,
    text::fold_within,
};

/// Two people, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The lower number.
    pub low: i64,
    /// The higher number.
    pub high: i64,
}

impl Pair {
    /// The two, in whichever order they are named.
    pub fn of(one: UserId, other: UserId) -> Self {
        Self { low: one.0.min(other.0), high: one.0.max(other.0) }
    }
}

/// A message, without what only serves to search.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct MessageRow {
    pub id: i64,
    pub from_id: i64,
    pub to_id: i64,
    pub client_id: Option<String>,
    pub created_at: i64,
    pub delivered_at: Option<i64>,
    pub read_at: Option<i64>,
    pub edited_at: Option<i64>,
    pub deleted_at: Option<i64>,
    pub body: String,
}

impl MessageRow {
    /// The two who write to each other.
    pub fn pair(&self) -> Pair {
        Pair::of(UserId(self.from_id), UserId(self.to_id))
    }

    /// Whether a person is one of the two.
    pub fn concerns(&self, person: UserId) -> bool {
        self.from_id == person.0 || self.to_id == person.0
    }

    /// As it is shown, with its files.
    pub fn into_message(self, files: Vec<MessageFile>) -> Message {
        Message {
            id: MessageId(self.id),
            from_id: UserId(self.from_id),
            to_id: UserId(self.to_id),
            body_html: to_light_html(&self.body),
            body: self.body,
            created_at: from_micros(self.created_at),
            delivered_at: self.delivered_at.map(from_micros),
            read_at: self.read_at.map(from_micros),
            client_id: self.client_id,
            edited_at: self.edited_at.map(from_micros),
            deleted_at: self.deleted_at.map(from_micros),
            files,
        }
    }
}

/// A message to add.
#[derive(Debug, Insertable)]
#[diesel(table_name = messages)]
pub struct NewMessage<'a> {
    pub low_id: i64,
    pub high_id: i64,
    pub from_id: i64,
    pub to_id: i64,
    pub client_id: Option<&'a str>,
    pub created_at: i64,
    pub body: &'a str,
    pub body_folded: &'a str,
}

/// What a message says, as its column keeps it for searching.
pub fn folded(body: &str) -> String {
    fold_within(body, 2 * MESSAGE_MAX)
}

/// A conversation as one of the two sees it, with the other: number, name, when their picture was set, role, whether they
/// have access.
#[derive(Debug, Clone, Queryable)]
pub struct ConversationRow {
    pub last_message_id: i64,
    pub unread: i32,
    pub peer_id: i64,
    pub name: String,
    pub avatar_at: Option<i64>,
    pub role: i16,
    pub active: bool,
}

/// A file on a message.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = message_files, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct FileRow {
    pub id: i64,
    pub message_id: i64,
    pub created_at: i64,
    pub media_type: String,
    pub name: String,
}

/// A file to add.
#[derive(Debug, Insertable)]
#[diesel(table_name = message_files)]
pub struct NewFile<'a> {
    pub message_id: i64,
    pub blob_id: i64,
    pub created_at: i64,
    pub media_type: &'a str,
    pub name: &'a str,
}

/// A file on a message, and what is in it.
#[derive(Debug, Clone, Queryable)]
pub struct FullFile {
    pub row: FileRow,
    pub blob: BlobRow,
}

impl FullFile {
    /// As it is handed out. A file on a message never changes, so its number names what is in it.
    pub fn into_stored(self) -> Stored {
        Stored {
            etag: format!("\"m{:x}-{:x}\"", self.row.id, self.row.created_at),
            blob: self.blob,
            name: self.row.name,
            media_type: self.row.media_type,
            created_at: from_micros(self.row.created_at),
        }
    }

    /// As it is shown.
    pub fn into_file(self) -> MessageFile {
        let url = format!("{BASE}/messages/{}/files/{}", self.row.message_id, self.row.id);
        MessageFile {
            id: MessageFileId(self.row.id),
            name: self.row.name,
            media_type: self.row.media_type,
            size: self.blob.size(),
            thumbnail_url: self.blob.thumbnail.is_some().then(|| format!("{url}/thumbnail")),
            url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_the_same_whoever_writes() {
        assert_eq!(Pair::of(UserId(7), UserId(3)), Pair { low: 3, high: 7 });
        assert_eq!(Pair::of(UserId(3), UserId(7)), Pair::of(UserId(7), UserId(3)));
    }
}

//! Attachments and blobs as the database keeps them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use shared::{
    attachments::Attachment,
    ids::{AttachmentId, CommentId, TicketId},
};

use crate::{
    accounts::rows::{Face, user_ref},
    db::{
        from_micros,
        schema::{attachments, blobs},
    },
    openapi::BASE,
};

/// Under this folder of the storage what is in files is kept.
pub const FILES: &str = "files";
/// Under this one, and otherwise the same key, their small pictures.
pub const THUMBNAILS: &str = "thumbnails";

/// What is in a file.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = blobs, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct BlobRow {
    pub id: i64,
    pub storage_key: String,
    pub size: i64,
    /// The media type of its small picture.
    pub thumbnail: Option<String>,
}

impl BlobRow {
    pub fn size(&self) -> u64 {
        self.size.try_into().unwrap_or_default()
    }
}

/// A blob to add.
#[derive(Insertable)]
#[diesel(table_name = blobs)]
pub struct NewBlob<'a> {
    pub hash: &'a str,
    pub storage_key: &'a str,
    pub size: i64,
    pub thumbnail: Option<&'a str>,
    pub created_at: i64,
    pub used_at: i64,
}

/// What somebody attached.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attachments, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct AttachmentRow {
    pub id: i64,
    pub ticket_id: i64,
    pub comment_id: Option<i64>,
    pub uploader_id: i64,
    pub blob_id: i64,
    pub created_at: i64,
    pub media_type: String,
    pub name: String,
}

/// An attachment to add.
#[derive(Insertable)]
#[diesel(table_name = attachments)]
pub struct NewAttachment<'a> {
    pub ticket_id: i64,
    pub comment_id: Option<i64>,
    pub uploader_id: i64,
    pub blob_id: i64,
    pub created_at: i64,
    pub media_type: &'a str,
    pub name: &'a str,
    /// What the program calls its upload.
    pub client_id: Option<&'a str>,
    /// Its place in that upload.
    pub client_nth: i16,
}

/// An attachment, what is in it, and who attached it.
#[derive(Debug, Clone, Queryable)]
pub struct FullAttachment {
    pub row: AttachmentRow,
    pub blob: BlobRow,
    pub uploader: Face,
    /// Who may read the comment it belongs to, as the column keeps it.
    pub visibility: Option<i16>,
}

impl FullAttachment {
    /// When it was attached.
    pub fn created_at(&self) -> DateTime<Utc> {
        from_micros(self.row.created_at)
    }

    /// What names this content and no other (RFC 9110, §8.8.3). An attachment never changes, so it is made of the
    /// number; the hash of what is in it is nobody's business.
    pub fn etag(&self) -> String {
        format!("\"{:x}-{:x}\"", self.row.id, self.row.created_at)
    }
}

impl From<FullAttachment> for Attachment {
    fn from(found: FullAttachment) -> Self {
        let url = format!("{BASE}/attachments/{}", found.row.id);
        Self {
            id: AttachmentId(found.row.id),
            ticket_id: TicketId(found.row.ticket_id),
            comment_id: found.row.comment_id.map(CommentId),
            size: found.blob.size(),
            thumbnail_url: found.blob.thumbnail.is_some().then(|| format!("{url}/thumbnail")),
            url,
            created_at: found.created_at(),
            name: found.row.name,
            media_type: found.row.media_type,
            uploader: user_ref(found.row.uploader_id, found.uploader.name, found.uploader.avatar_at),
        }
    }
}

/// Where a new blob is kept: its hash, for whoever looks, and a number that no other has had, so that what is deleted
/// under this key is never what somebody has just begun to use.
pub fn new_key(hash: &str) -> String {
    let (one, two) = (hash.get(..2).unwrap_or_default(), hash.get(2..4).unwrap_or_default());
    format!("{FILES}/{one}/{two}/{hash}-{}", uuid::Uuid::now_v7().simple())
}

/// Where the small picture of what is under a key is.
pub fn thumbnail_key(key: &str) -> String {
    format!("{THUMBNAILS}{}", key.strip_prefix(FILES).unwrap_or(key))
}

/// Under which key the file is whose small picture is under this one.
pub fn file_key(key: &str) -> String {
    key.strip_prefix(THUMBNAILS).map_or_else(|| key.to_owned(), |rest| format!("{FILES}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_used_once_and_lead_to_their_pictures_and_back() {
        let key = new_key("abcdef");
        assert!(key.starts_with("files/ab/cd/abcdef-"), "{key}");
        assert_ne!(new_key("abcdef"), key);
        assert!(thumbnail_key(&key).starts_with("thumbnails/ab/cd/"));
        assert_eq!(file_key(&thumbnail_key(&key)), key);
        assert_eq!(file_key(&key), key);
    }
}

//! Files that people attach to tickets and comments.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::UserRef,
    chat::visible_ascii,
    ids::{AttachmentId, CommentId, TicketId},
    page::Page,
};

/// How many files one upload may bring.
pub const MAX_FILES: usize = 10;
/// The longest name that is kept, in bytes of UTF-8.
pub const FILE_NAME_MAX: usize = 255;
/// How long files may be attached to one's own comment, in minutes.
pub const COMMENT_ATTACH_MINUTES: i64 = 60;
/// How long whoever attached a file may delete it, in minutes.
pub const ATTACHMENT_DELETE_MINUTES: i64 = 15;
/// The longest side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 320;
/// The extensions that files may have unless the desk is set otherwise.
pub const EXTENSIONS: [&str; 16] = [
    "pdf", "png", "jpg", "jpeg", "gif", "webp", "doc", "docx", "xls", "xlsx", "odt", "ods", "txt", "log", "csv", "zip",
];

/// A file on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// The number.
    pub id: AttachmentId,
    /// The ticket it is on.
    pub ticket_id: TicketId,
    /// The comment it belongs to; none when it belongs to the ticket itself. Whoever may read the one may read the other.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub comment_id: Option<CommentId>,
    /// What it is called, as it was sent but for folders and characters that cannot be seen.
    pub name: String,
    /// What it is, as its content says.
    pub media_type: String,
    /// How large, in bytes.
    pub size: u64,
    /// Where it is downloaded from.
    pub url: String,
    /// Where a small picture of it is; none unless it is a picture.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub thumbnail_url: Option<String>,
    /// Who attached it.
    pub uploader: UserRef,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What goes with the files of an upload (`POST /tickets/{id}/attachments`, as fields of the form), besides the comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
pub struct UploadName {
    /// What the program calls it, in 1 to 64 visible characters of ASCII: the same upload sent again under the same name is
    /// attached once, and answered as it is.
    #[garde(inner(custom(visible_ascii)))]
    pub client_id: Option<String>,
}

/// What an upload answers: the attachment, or, when several files came, a list of them in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Uploaded {
    /// One file came.
    One(Attachment),
    /// Several came.
    Several(Page<Attachment>),
}

/// What may be attached on this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentRules {
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// The most files in one upload.
    pub max_files: usize,
    /// The extensions that files may have, in lower case.
    pub extensions: Vec<String>,
}

/// The extension of a name, in lower case: what follows its last dot, when something stands before it.
pub fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_what_follows_the_last_dot() {
        assert_eq!(extension("Foto.de.Ana.JPG").as_deref(), Some("jpg"));
        for name in ["png", ".png", "foto.", "."] {
            assert_eq!(extension(name), None, "{name}");
        }
    }
}

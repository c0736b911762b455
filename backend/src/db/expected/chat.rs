//! What people write to each other in private.

use super::{
    Kind::{Number, Text as Words},
    Table,
};

/// Those tables.
pub(super) const EXPECTED: &[Table] = &[
    Table {
        name: "messages",
        columns: &[
            ("id", Number, false),
            ("low_id", Number, false),
            ("high_id", Number, false),
            ("from_id", Number, false),
            ("to_id", Number, false),
            ("client_id", Words, true),
            ("created_at", Number, false),
            ("delivered_at", Number, true),
            ("read_at", Number, true),
            ("edited_at", Number, true),
            ("deleted_at", Number, true),
            ("body", Words, false),
            ("body_folded", Words, false),
        ],
        indexes: &["messages_pair", "messages_client", "messages_undelivered", "messages_unread", "messages_high"],
    },
    Table {
        name: "conversations",
        columns: &[
            ("user_id", Number, false),
            ("peer_id", Number, false),
            ("last_message_id", Number, false),
            ("unread", Number, false),
        ],
        indexes: &["conversations_last", "conversations_unread", "conversations_peer"],
    },
    Table {
        name: "message_files",
        columns: &[
            ("id", Number, false),
            ("message_id", Number, false),
            ("blob_id", Number, false),
            ("created_at", Number, false),
            ("media_type", Words, false),
            ("name", Words, false),
        ],
        indexes: &["message_files_message", "message_files_blob"],
    },
    Table {
        name: "chat_digests",
        columns: &[("user_id", Number, false), ("told_at", Number, false), ("last_message_id", Number, false)],
        indexes: &[],
    },
];

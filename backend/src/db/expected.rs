//! The schema this program works with, said once for all three databases.

/// What a column holds, as far as the three databases agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An integer of any width the database uses, or a boolean.
    Number,
    /// Text of any length.
    Text,
    /// A file.
    Bytes,
}

/// A table, its columns (name, kind, nullable) and its indexes.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, Kind, bool)],
    pub(super) indexes: &'static [&'static str],
}

use Kind::{Bytes, Number, Text as Words};

mod chat;
mod demo;

/// Every table of the schema this program works with.
pub(super) fn tables() -> impl Iterator<Item = &'static Table> {
    EXPECTED.iter().chain(chat::EXPECTED).chain(demo::EXPECTED)
}

/// The schema this program works with, as far as it is not said beside.
const EXPECTED: &[Table] = &[
    Table {
        name: "users",
        columns: &[
            ("id", Number, false),
            ("username", Words, false),
            ("username_folded", Words, false),
            ("name", Words, false),
            ("name_folded", Words, false),
            ("email", Words, false),
            ("email_folded", Words, false),
            ("role", Number, false),
            ("active", Number, false),
            ("locale", Words, false),
            ("theme", Words, false),
            ("password_hash", Words, true),
            ("last_seen_at", Number, true),
            ("created_at", Number, false),
            ("avatar_at", Number, true),
        ],
        indexes: &["users_username", "users_email", "users_name", "users_role", "users_active"],
    },
    Table {
        name: "avatars",
        columns: &[
            ("user_id", Number, false),
            ("set_at", Number, false),
            ("media_type", Words, false),
            ("bytes", Bytes, false),
        ],
        indexes: &[],
    },
    Table {
        name: "sessions",
        columns: &[
            ("id", Number, false),
            ("user_id", Number, false),
            ("created_at", Number, false),
            ("last_used_at", Number, false),
            ("expires_at", Number, false),
            ("address", Words, false),
            ("user_agent", Words, false),
        ],
        indexes: &["sessions_user", "sessions_expiry"],
    },
    Table {
        name: "tokens",
        columns: &[
            ("id", Number, false),
            ("user_id", Number, false),
            ("name", Words, false),
            ("digest", Words, false),
            ("scopes", Number, false),
            ("created_at", Number, false),
            ("expires_at", Number, true),
            ("last_used_at", Number, true),
            ("last_used_address", Words, true),
        ],
        indexes: &["tokens_digest", "tokens_user"],
    },
    Table {
        name: "categories",
        columns: &[
            ("id", Number, false),
            ("name", Words, false),
            ("name_folded", Words, false),
            ("position", Number, false),
            ("colour", Number, false),
            ("default_assignee_id", Number, true),
        ],
        indexes: &["categories_name"],
    },
    Table {
        name: "replies",
        columns: &[
            ("id", Number, false),
            ("author_id", Number, false),
            ("shared", Number, false),
            ("created_at", Number, false),
            ("updated_at", Number, false),
            ("title", Words, false),
            ("title_folded", Words, false),
            ("body", Words, false),
        ],
        indexes: &["replies_shared", "replies_author"],
    },
    Table {
        name: "tickets",
        columns: &[
            ("id", Number, false),
            ("status", Number, false),
            ("priority", Number, false),
            ("category_id", Number, true),
            ("requester_id", Number, false),
            ("assignee_id", Number, true),
            ("version", Number, false),
            ("created_at", Number, false),
            ("updated_at", Number, false),
            ("first_response_at", Number, true),
            ("closed_at", Number, true),
            ("title", Words, false),
            ("title_folded", Words, false),
            ("description", Words, false),
            ("awaits_staff", Number, false),
        ],
        indexes: &[
            "tickets_updated",
            "tickets_status",
            "tickets_status_created",
            "tickets_status_priority",
            "tickets_assignee",
            "tickets_assignee_created",
            "tickets_assignee_priority",
            "tickets_assignee_awaits",
            "tickets_requester",
            "tickets_category",
            "tickets_category_created",
            "tickets_category_priority",
            "tickets_search",
            "tickets_created",
            "tickets_unfinished",
            "tickets_first_response",
            "tickets_closed",
        ],
    },
    Table {
        name: "saved_views",
        columns: &[
            ("id", Number, false),
            ("user_id", Number, false),
            ("shared", Number, false),
            ("created_at", Number, false),
            ("name", Words, false),
            ("filters", Words, false),
        ],
        indexes: &["saved_views_user", "saved_views_shared"],
    },
    Table {
        name: "ticket_watchers",
        columns: &[("ticket_id", Number, false), ("user_id", Number, false), ("created_at", Number, false)],
        indexes: &["ticket_watchers_user"],
    },
    Table {
        name: "ticket_reads",
        columns: &[
            ("user_id", Number, false),
            ("ticket_id", Number, false),
            ("comment_id", Number, false),
            ("read_at", Number, false),
        ],
        indexes: &["ticket_reads_ticket"],
    },
    Table {
        name: "comments",
        columns: &[
            ("id", Number, false),
            ("ticket_id", Number, false),
            ("author_id", Number, false),
            ("visibility", Number, false),
            ("created_at", Number, false),
            ("edited_at", Number, true),
            ("body", Words, false),
        ],
        indexes: &["comments_ticket", "comments_search", "comments_author"],
    },
    Table {
        name: "blobs",
        columns: &[
            ("id", Number, false),
            ("hash", Words, false),
            ("storage_key", Words, false),
            ("size", Number, false),
            ("thumbnail", Words, true),
            ("created_at", Number, false),
            ("used_at", Number, false),
        ],
        indexes: &["blobs_hash", "blobs_storage_key"],
    },
    Table {
        name: "attachments",
        columns: &[
            ("id", Number, false),
            ("ticket_id", Number, false),
            ("comment_id", Number, true),
            ("uploader_id", Number, false),
            ("blob_id", Number, false),
            ("created_at", Number, false),
            ("media_type", Words, false),
            ("name", Words, false),
            ("client_id", Words, true),
            ("client_nth", Number, false),
        ],
        indexes: &["attachments_ticket", "attachments_blob", "attachments_client", "attachments_comment"],
    },
    Table {
        name: "comment_mentions",
        columns: &[("comment_id", Number, false), ("user_id", Number, false), ("word", Words, false)],
        indexes: &["comment_mentions_user"],
    },
    Table {
        name: "events",
        columns: &[
            ("id", Number, false),
            ("at", Number, false),
            ("actor_id", Number, true),
            ("address", Words, true),
            ("kind", Words, false),
            ("ticket_id", Number, true),
            ("subject_id", Number, true),
            ("audience", Number, false),
            ("payload", Words, false),
            ("hash", Bytes, false),
        ],
        indexes: &[
            "events_ticket",
            "events_audience",
            "events_kind",
            "events_actor_audience",
            "events_subject_audience",
            "events_address",
        ],
    },
    Table {
        name: "event_counter",
        columns: &[
            ("id", Number, false),
            ("last_id", Number, false),
            ("last_hash", Bytes, false),
            ("unchained", Number, false),
        ],
        indexes: &[],
    },
    Table { name: "desk_marks", columns: &[("id", Number, false), ("mark", Words, false)], indexes: &[] },
    Table {
        name: "settings",
        columns: &[
            ("id", Number, false),
            ("version", Number, false),
            ("updated_at", Number, false),
            ("name", Words, false),
            ("primary_colour", Words, false),
            ("technician_scope", Number, true),
            ("logo_tag", Words, true),
            ("first_steps_away", Number, false),
        ],
        indexes: &[],
    },
    Table { name: "settings_pictures", columns: &[("name", Words, false), ("content", Bytes, false)], indexes: &[] },
    Table {
        name: "mails",
        columns: &[
            ("id", Number, false),
            ("user_id", Number, false),
            ("ticket_id", Number, true),
            ("kind", Words, false),
            ("locale", Words, false),
            ("address", Words, false),
            ("subject", Words, false),
            ("state", Number, false),
            ("attempts", Number, false),
            ("next_attempt_at", Number, false),
            ("created_at", Number, false),
            ("sent_at", Number, true),
            ("last_error", Words, true),
            ("letter", Words, true),
            ("claimed_until", Number, true),
        ],
        indexes: &["mails_due", "mails_state", "mails_ticket", "mails_created", "mails_awaited", "mails_user"],
    },
    Table {
        name: "password_links",
        columns: &[
            ("id", Number, false),
            ("user_id", Number, false),
            ("kind", Number, false),
            ("nonce", Words, false),
            ("created_at", Number, false),
            ("expires_at", Number, false),
            ("used_at", Number, true),
        ],
        indexes: &["password_links_user", "password_links_expiry"],
    },
    Table {
        name: "notifications",
        columns: &[
            ("id", Number, false),
            ("user_id", Number, false),
            ("kind", Number, false),
            ("ticket_id", Number, true),
            ("comment_id", Number, true),
            ("actor_id", Number, true),
            ("status", Number, true),
            ("internal", Number, false),
            ("created_at", Number, false),
            ("read_at", Number, true),
        ],
        indexes: &[
            "notifications_user",
            "notifications_unread",
            "notifications_created",
            "notifications_actor",
            "notifications_ticket",
        ],
    },
    Table {
        name: "notification_choices",
        columns: &[
            ("user_id", Number, false),
            ("kind", Number, false),
            ("in_app", Number, false),
            ("mail", Number, false),
        ],
        indexes: &[],
    },
    Table {
        name: "live_signals",
        columns: &[("id", Number, false), ("at", Number, false), ("letter", Words, false)],
        indexes: &[],
    },
];

/// What keeps SQLite's full text in step with the text.
pub(super) const SQLITE_TRIGGERS: &[&str] = &[
    "tickets_search_insert",
    "tickets_search_update",
    "tickets_search_delete",
    "comments_search_insert",
    "comments_search_update",
    "comments_search_delete",
];

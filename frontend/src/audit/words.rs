//! Entries in words: "Ada Ibarra cambió la cuenta de Ana Ruiz · Rol: Usuario → Técnico".

use serde_json::Value;
use shared::{
    accounts::Role,
    permissions::TechnicianScope,
    tickets::{Priority, Status},
};

use crate::{
    i18n::{I18n, t_string},
    settings::scope_name,
    ui::{priority_label, role_label, status_label},
};

/// The kinds that can be chosen together, by what they have in common.
pub const GROUPS: [(Group, &str); 6] = [
    (Group::Access, "logged_in,logged_out,login_failed,session_revoked,token_created,token_revoked"),
    (
        Group::People,
        "password_changed,password_link_created,password_link_read,password_reset_requested,user_created,user_deactivated,user_updated",
    ),
    (Group::Desk, "category_created,category_deleted,category_updated,settings_updated"),
    (
        Group::Tickets,
        "attachment_added,attachment_deleted,comment_added,comment_edited,ticket_assigned,ticket_closed,ticket_created,ticket_reopened,ticket_updated,watcher_added,watcher_removed",
    ),
    (Group::Exports, "exported"),
    (Group::Deletions, "attachment_deleted,category_deleted,token_revoked,user_deactivated"),
];

/// What some kinds have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Coming and going.
    Access,
    /// Accounts.
    People,
    /// What holds for all.
    Desk,
    /// Tickets and what is written on them.
    Tickets,
    /// What left the desk.
    Exports,
    /// What was taken away.
    Deletions,
}

/// A group's name.
pub fn group_name(i18n: I18n, group: Group) -> &'static str {
    match group {
        Group::Access => t_string!(i18n, audit.group.access),
        Group::People => t_string!(i18n, audit.group.people),
        Group::Desk => t_string!(i18n, audit.group.desk),
        Group::Tickets => t_string!(i18n, audit.group.tickets),
        Group::Exports => t_string!(i18n, audit.group.exports),
        Group::Deletions => t_string!(i18n, audit.group.deletions),
    }
}

/// What was done, after who did it and before what it was done to. A kind that this page does not know yet is shown by its
/// own name.
pub fn kind_words(i18n: I18n, kind: &str) -> String {
    let words = match kind {
        "logged_in" => t_string!(i18n, audit.kind.logged_in),
        "logged_out" => t_string!(i18n, audit.kind.logged_out),
        "login_failed" => t_string!(i18n, audit.kind.login_failed),
        "session_revoked" => t_string!(i18n, audit.kind.session_revoked),
        "user_created" => t_string!(i18n, audit.kind.user_created),
        "user_updated" => t_string!(i18n, audit.kind.user_updated),
        "user_deactivated" => t_string!(i18n, audit.kind.user_deactivated),
        "password_changed" => t_string!(i18n, audit.kind.password_changed),
        "token_created" => t_string!(i18n, audit.kind.token_created),
        "token_revoked" => t_string!(i18n, audit.kind.token_revoked),
        "password_reset_requested" => t_string!(i18n, audit.kind.password_reset_requested),
        "password_link_created" => t_string!(i18n, audit.kind.password_link_created),
        "password_link_read" => t_string!(i18n, audit.kind.password_link_read),
        "category_created" => t_string!(i18n, audit.kind.category_created),
        "category_updated" => t_string!(i18n, audit.kind.category_updated),
        "category_deleted" => t_string!(i18n, audit.kind.category_deleted),
        "settings_updated" => t_string!(i18n, audit.kind.settings_updated),
        "exported" => t_string!(i18n, audit.kind.exported),
        "ticket_created" => t_string!(i18n, audit.kind.ticket_created),
        "ticket_updated" => t_string!(i18n, audit.kind.ticket_updated),
        "ticket_assigned" => t_string!(i18n, audit.kind.ticket_assigned),
        "ticket_closed" => t_string!(i18n, audit.kind.ticket_closed),
        "ticket_reopened" => t_string!(i18n, audit.kind.ticket_reopened),
        "comment_added" => t_string!(i18n, audit.kind.comment_added),
        "comment_edited" => t_string!(i18n, audit.kind.comment_edited),
        "attachment_added" => t_string!(i18n, audit.kind.attachment_added),
        "attachment_deleted" => t_string!(i18n, audit.kind.attachment_deleted),
        "watcher_added" => t_string!(i18n, audit.kind.watcher_added),
        "watcher_removed" => t_string!(i18n, audit.kind.watcher_removed),
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// A field's name.
pub fn field_words(i18n: I18n, field: &str) -> String {
    let words = match field {
        "name" => t_string!(i18n, audit.field.name),
        "username" => t_string!(i18n, audit.field.username),
        "email" => t_string!(i18n, audit.field.email),
        "role" => t_string!(i18n, audit.field.role),
        "active" => t_string!(i18n, audit.field.active),
        "locale" => t_string!(i18n, audit.field.locale),
        "theme" => t_string!(i18n, audit.field.theme),
        "password" => t_string!(i18n, audit.field.password),
        "position" => t_string!(i18n, audit.field.position),
        "primary_colour" => t_string!(i18n, audit.field.primary_colour),
        "technician_scope" => t_string!(i18n, audit.field.technician_scope),
        "logo" => t_string!(i18n, audit.field.logo),
        "login" => t_string!(i18n, audit.field.login),
        "times" => t_string!(i18n, audit.field.times),
        "what" => t_string!(i18n, audit.field.what),
        "format" => t_string!(i18n, audit.field.format),
        "rows" => t_string!(i18n, audit.field.rows),
        "status" => t_string!(i18n, audit.field.status),
        "priority" => t_string!(i18n, audit.field.priority),
        "category" | "category_id" => t_string!(i18n, audit.field.category),
        "title" => t_string!(i18n, audit.field.title),
        "description" => t_string!(i18n, audit.field.description),
        "body" => t_string!(i18n, audit.field.body),
        "assignee" | "assignee_id" => t_string!(i18n, audit.field.assignee),
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

/// A value of a field; none when there was nothing.
pub fn value_words(i18n: I18n, field: &str, value: &Value) -> Option<String> {
    let words = match value {
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::Bool(true) => t_string!(i18n, audit.yes).to_owned(),
        Value::Bool(false) => t_string!(i18n, audit.no).to_owned(),
        Value::String(text) => match field {
            "role" => Role::ALL.into_iter().find(|role| role.as_str() == text).map(|role| role_label(i18n, role)),
            "status" => text.parse::<Status>().ok().map(|status| status_label(i18n, status)),
            "priority" => text.parse::<Priority>().ok().map(|priority| priority_label(i18n, priority)),
            "technician_scope" => TechnicianScope::ALL
                .into_iter()
                .find(|scope| scope.as_str() == text)
                .map(|scope| scope_name(i18n, scope)),
            _ => None,
        }
        .map_or_else(|| text.clone(), str::to_owned),
        Value::Object(fields) => match fields.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => value.to_string(),
        },
        other => other.to_string(),
    };
    Some(words)
}

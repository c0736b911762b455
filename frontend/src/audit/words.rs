//! Entries in words: "Ada Ibarra cambió la cuenta de Ana Ruiz · Rol: Usuario → Técnico".

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use shared::{
    accounts::{Locale as Language, Role, Theme},
    categories::Colour,
    permissions::TechnicianScope,
    reports::ExportFormat,
    tickets::{Change, Priority, Status, TicketSort},
    tokens::TokenScope,
};

use crate::{
    categories::colour_name,
    i18n::{I18n, Locale, t_string, td_string},
    replies::state::one_line,
    settings::scope_name,
    tickets::sort_name,
    time,
    ui::{priority_label, role_label, status_label},
};

/// The kinds that can be chosen together, by what they have in common.
pub const GROUPS: [(Group, &str); 6] = [
    (Group::Access, "logged_in,logged_out,login_failed,session_revoked,token_created,token_revoked"),
    (
        Group::People,
        "password_changed,password_link_created,password_link_read,password_reset_requested,user_created,user_deactivated,user_updated",
    ),
    (
        Group::Desk,
        "category_created,category_deleted,category_updated,demo_loaded,demo_removed,reply_created,reply_deleted,reply_updated,settings_updated,view_created,view_deleted,view_updated",
    ),
    (
        Group::Tickets,
        "attachment_added,attachment_deleted,comment_added,comment_edited,ticket_assigned,ticket_closed,ticket_created,ticket_reopened,ticket_updated,watcher_added,watcher_removed",
    ),
    (Group::Exports, "exported"),
    (Group::Deletions, "attachment_deleted,category_deleted,reply_deleted,token_revoked,user_deactivated,view_deleted"),
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
    known_kind(i18n.get_locale(), kind).map_or_else(|| kind.replace('_', " "), str::to_owned)
}

/// What somebody did to their own account, where that has words of its own.
pub fn own_words(locale: Locale, kind: &str) -> Option<&'static str> {
    match kind {
        "user_updated" => Some(td_string!(locale, audit.own.user_updated)),
        "password_changed" => Some(td_string!(locale, audit.own.password_changed)),
        "password_reset_requested" => Some(td_string!(locale, audit.own.password_reset_requested)),
        _ => None,
    }
}

/// What anybody at the login page did to an account, before whose it is: nobody knows who it was.
pub fn impersonal_words(locale: Locale, kind: &str) -> Option<&'static str> {
    match kind {
        "login_failed" => Some(td_string!(locale, audit.impersonal.login_failed)),
        "password_reset_requested" => Some(td_string!(locale, audit.impersonal.password_reset_requested)),
        _ => None,
    }
}

fn known_kind(locale: Locale, kind: &str) -> Option<&'static str> {
    Some(match kind {
        "logged_in" => td_string!(locale, audit.kind.logged_in),
        "logged_out" => td_string!(locale, audit.kind.logged_out),
        "login_failed" => td_string!(locale, audit.kind.login_failed),
        "session_revoked" => td_string!(locale, audit.kind.session_revoked),
        "user_created" => td_string!(locale, audit.kind.user_created),
        "user_updated" => td_string!(locale, audit.kind.user_updated),
        "user_deactivated" => td_string!(locale, audit.kind.user_deactivated),
        "password_changed" => td_string!(locale, audit.kind.password_changed),
        "token_created" => td_string!(locale, audit.kind.token_created),
        "token_revoked" => td_string!(locale, audit.kind.token_revoked),
        "password_reset_requested" => td_string!(locale, audit.kind.password_reset_requested),
        "password_link_created" => td_string!(locale, audit.kind.password_link_created),
        "password_link_read" => td_string!(locale, audit.kind.password_link_read),
        "category_created" => td_string!(locale, audit.kind.category_created),
        "category_updated" => td_string!(locale, audit.kind.category_updated),
        "category_deleted" => td_string!(locale, audit.kind.category_deleted),
        "reply_created" => td_string!(locale, audit.kind.reply_created),
        "reply_updated" => td_string!(locale, audit.kind.reply_updated),
        "reply_deleted" => td_string!(locale, audit.kind.reply_deleted),
        "demo_loaded" => td_string!(locale, audit.kind.demo_loaded),
        "demo_removed" => td_string!(locale, audit.kind.demo_removed),
        "settings_updated" => td_string!(locale, audit.kind.settings_updated),
        "view_created" => td_string!(locale, audit.kind.view_created),
        "view_updated" => td_string!(locale, audit.kind.view_updated),
        "view_deleted" => td_string!(locale, audit.kind.view_deleted),
        "exported" => td_string!(locale, audit.kind.exported),
        "ticket_created" => td_string!(locale, audit.kind.ticket_created),
        "ticket_updated" => td_string!(locale, audit.kind.ticket_updated),
        "ticket_assigned" => td_string!(locale, audit.kind.ticket_assigned),
        "ticket_closed" => td_string!(locale, audit.kind.ticket_closed),
        "ticket_reopened" => td_string!(locale, audit.kind.ticket_reopened),
        "comment_added" => td_string!(locale, audit.kind.comment_added),
        "comment_edited" => td_string!(locale, audit.kind.comment_edited),
        "attachment_added" => td_string!(locale, audit.kind.attachment_added),
        "attachment_deleted" => td_string!(locale, audit.kind.attachment_deleted),
        "watcher_added" => td_string!(locale, audit.kind.watcher_added),
        "watcher_removed" => td_string!(locale, audit.kind.watcher_removed),
        _ => return None,
    })
}

/// A field's name.
pub fn field_words(i18n: I18n, field: &str) -> String {
    known_field(i18n.get_locale(), field).map_or_else(|| field.replace('_', " "), str::to_owned)
}

fn known_field(locale: Locale, field: &str) -> Option<&'static str> {
    Some(match field {
        "name" => td_string!(locale, audit.field.name),
        "username" => td_string!(locale, audit.field.username),
        "email" => td_string!(locale, audit.field.email),
        "role" => td_string!(locale, audit.field.role),
        "active" => td_string!(locale, audit.field.active),
        "locale" => td_string!(locale, audit.field.locale),
        "theme" => td_string!(locale, audit.field.theme),
        "password" => td_string!(locale, audit.field.password),
        "position" => td_string!(locale, audit.field.position),
        "primary_colour" => td_string!(locale, audit.field.primary_colour),
        "technician_scope" => td_string!(locale, audit.field.technician_scope),
        "first_steps_away" => td_string!(locale, audit.field.first_steps_away),
        "logo" => td_string!(locale, audit.field.logo),
        "favicon" => td_string!(locale, audit.field.favicon),
        "login" => td_string!(locale, audit.field.login),
        "times" => td_string!(locale, audit.field.times),
        "format" => td_string!(locale, audit.field.format),
        "status" => td_string!(locale, audit.field.status),
        "priority" => td_string!(locale, audit.field.priority),
        "category" | "category_id" => td_string!(locale, audit.field.category),
        "title" => td_string!(locale, audit.field.title),
        "description" => td_string!(locale, audit.field.description),
        "body" => td_string!(locale, audit.field.body),
        "assignee" | "assignee_id" => td_string!(locale, audit.field.assignee),
        "rows" | "count" => td_string!(locale, audit.field.rows),
        "avatar" => td_string!(locale, audit.field.avatar),
        "colour" => td_string!(locale, audit.field.colour),
        "default_assignee" => td_string!(locale, audit.field.default_assignee),
        "scopes" => td_string!(locale, audit.field.scopes),
        "attachment" => td_string!(locale, audit.field.attachment),
        "watcher" => td_string!(locale, audit.field.watcher),
        "filters" => td_string!(locale, audit.field.filters),
        "owner" => td_string!(locale, audit.field.owner),
        "shared" => td_string!(locale, audit.field.shared),
        "waiting_for" => td_string!(locale, audit.field.waiting_for),
        "requester_id" => td_string!(locale, audit.field.requester),
        "q" => td_string!(locale, audit.field.q),
        "created_after" => td_string!(locale, audit.field.created_after),
        "created_before" => td_string!(locale, audit.field.created_before),
        "closed_after" => td_string!(locale, audit.field.closed_after),
        "closed_before" => td_string!(locale, audit.field.closed_before),
        "sort" => td_string!(locale, audit.field.sort),
        _ => return None,
    })
}

/// What became of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// In one word: it changed, and what it is says nothing, or is nobody's business.
    Whole(String),
    /// What it was, if anything, and what it is.
    Became(Option<String>, Option<String>),
}

/// What became of a field.
pub fn change_words(i18n: I18n, change: &Change) -> Said {
    let Change { field, from, to } = change;
    if matches!(field.as_str(), "avatar" | "logo" | "favicon") {
        // They are told apart by numbers.
        return Said::Whole(
            match (from.is_null(), to.is_null()) {
                (true, _) => t_string!(i18n, audit.picture.set),
                (false, false) => t_string!(i18n, audit.picture.changed),
                (false, true) => t_string!(i18n, audit.picture.removed),
            }
            .to_owned(),
        );
    }
    match (value_words(i18n, field, from), value_words(i18n, field, to)) {
        (None, None) if field == "filters" => Said::Whole(t_string!(i18n, audit.all).to_owned()),
        (None, None) => Said::Whole(t_string!(i18n, audit.secret).to_owned()),
        (from, to) => Said::Became(from, to),
    }
}

/// Whether a change of a text can be read without its Markdown, in one line: not where only the rest changed.
pub fn shows_in_plain(Change { from, to, .. }: &Change) -> bool {
    let line = |value: &Value| value.as_str().map(one_line);
    line(from) != line(to)
}

/// A value of a field; none when there was nothing.
fn value_words(i18n: I18n, field: &str, value: &Value) -> Option<String> {
    let words = match value {
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::Bool(true) => t_string!(i18n, audit.yes).to_owned(),
        Value::Bool(false) => t_string!(i18n, audit.no).to_owned(),
        Value::String(text) => code_words(i18n, field, text).unwrap_or_else(|| text.clone()),
        Value::Array(values) if values.is_empty() => return None,
        // The wider one says all.
        Value::Array(values) if field == "scopes" => value_words(i18n, field, values.last()?)?,
        Value::Array(values) => {
            values.iter().filter_map(|value| value_words(i18n, field, value)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(fields) if field == "filters" => filter_words(i18n, fields)?,
        Value::Object(fields) => match fields.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => value.to_string(),
        },
        Value::Number(number) if field.ends_with("_id") => t_string!(i18n, audit.nameless, id = number.to_string()),
        Value::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |number| time::number(i18n.get_locale(), number))
        }
    };
    Some(words)
}

/// A value that is one of a few, each with a name of its own.
fn code_words(i18n: I18n, field: &str, text: &str) -> Option<String> {
    let words = match field {
        "role" => role_label(i18n, read::<Role>(text)?),
        "status" => {
            let states = text.split(',').map(|word| Some(status_label(i18n, read::<Status>(word)?)));
            return states.collect::<Option<Vec<_>>>().map(|states| states.join(", "));
        }
        "priority" => priority_label(i18n, read::<Priority>(text)?),
        "technician_scope" => scope_name(i18n, read::<TechnicianScope>(text)?),
        "colour" => colour_name(i18n, read::<Colour>(text)?),
        "sort" => sort_name(i18n, read::<TicketSort>(text)?),
        "theme" => match read::<Theme>(text)? {
            Theme::System => t_string!(i18n, common.nav.theme_system),
            Theme::Light => t_string!(i18n, common.nav.theme_light),
            Theme::Dark => t_string!(i18n, common.nav.theme_dark),
        },
        "locale" => read::<Language>(text)?.name(),
        "scopes" => match read::<TokenScope>(text)? {
            TokenScope::Read => t_string!(i18n, profile.tokens.read),
            TokenScope::Write => t_string!(i18n, profile.tokens.write),
        },
        "format" => match ExportFormat::ALL.into_iter().find(|format| format.as_str() == text)? {
            ExportFormat::Csv => "CSV",
            ExportFormat::Xlsx => "Excel (XLSX)",
            ExportFormat::Pdf => "PDF",
        },
        "waiting_for" => t_string!(i18n, audit.me),
        "assignee_id" => match text {
            "me" => t_string!(i18n, audit.me),
            "none" => t_string!(i18n, audit.nobody),
            number => return Some(t_string!(i18n, audit.nameless, id = number.to_owned())),
        },
        "category_id" if text == "none" => t_string!(i18n, tickets.side.no_category),
        "created_after" | "created_before" | "closed_after" | "closed_before" => {
            return text.parse::<DateTime<Utc>>().ok().map(|moment| time::full(i18n.get_locale(), moment));
        }
        _ => return None,
    };
    Some(words.to_owned())
}

/// What a list was narrowed by; none when it was not.
fn filter_words(i18n: I18n, filters: &Map<String, Value>) -> Option<String> {
    let said = filters.iter().filter(|(field, _)| !matches!(field.as_str(), "limit" | "cursor"));
    let said = said.filter_map(|(field, value)| {
        Some(format!("{}: {}", field_words(i18n, field), value_words(i18n, field, value)?))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join("\u{a0}· "))
}

/// The value of a word on the wire.
fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use shared::audit::{FIELDS, KINDS};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::prefs::languages;

    #[wasm_bindgen_test(unsupported = test)]
    fn whatever_the_program_writes_is_in_words_and_in_a_group() {
        for &locale in languages() {
            for kind in KINDS {
                assert!(known_kind(locale, kind).is_some(), "{kind} in {locale:?}");
                assert!(GROUPS.iter().any(|(_, kinds)| kinds.split(',').any(|one| one == *kind)), "{kind}: no group");
            }
            for field in FIELDS {
                assert!(known_field(locale, field).is_some(), "{field} in {locale:?}");
            }
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_text_shows_in_plain_unless_only_its_marks_changed() {
        let change = |from: &str, to: &str| Change { field: "body".to_owned(), from: from.into(), to: to.into() };
        assert!(shows_in_plain(&change("Hola", "**Adiós**")));
        assert!(shows_in_plain(&change("", "Hola")));
        assert!(!shows_in_plain(&change("Hola", "**Hola**")));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn no_group_asks_for_more_kinds_than_can_be_asked_for() {
        for (group, kinds) in GROUPS {
            assert!(kinds.split(',').count() <= shared::audit::KindSet::MAX, "{group:?}");
            assert!(kinds.split(',').all(|kind| KINDS.contains(&kind)), "{group:?}");
        }
    }
}

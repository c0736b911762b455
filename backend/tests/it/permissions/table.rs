//! The table itself.

use reqwest::Method;
use serde_json::{Value, json};

use super::cast::Place;
use crate::support::{Client, Form, PASSWORD, Request};

/// Those who ask, in the table's order. The technicians differ in who has the ticket: nobody, another one, themselves.
pub const CALLERS: [&str; 8] =
    ["nobody", "owner", "follower", "stranger", "tech (free)", "tech (another's)", "tech (own)", "admin"];

pub type Make<T> = fn(&Place) -> T;

pub struct Row {
    pub operation: &'static str,
    pub method: Method,
    pub path: Make<String>,
    pub body: Make<Option<Value>>,
    pub expected: [u16; 8],
}

impl Row {
    /// What somebody sends.
    pub fn request(&self, client: &Client, place: &Place) -> Request {
        let request = client.request(self.method.clone(), &(self.path)(place));
        if ["upload_attachment", "upload_message_files"].contains(&self.operation) {
            return request.form(Form::default().file("a.txt", b"hola"));
        }
        match (self.body)(place) {
            Some(body) => request.json(&body),
            None => request,
        }
    }
}

fn row(
    operation: &'static str,
    method: Method,
    path: Make<String>,
    body: Make<Option<Value>>,
    expected: [u16; 8],
) -> Row {
    Row { operation, method, path, body, expected }
}

/// Anyone who is logged in.
const fn all(status: u16) -> [u16; 8] {
    [401, status, status, status, status, status, status, status]
}

/// Administrators.
const fn admins(status: u16) -> [u16; 8] {
    [401, 403, 403, 403, 403, 403, 403, status]
}

/// Anyone on staff.
const fn desk_staff(status: u16) -> [u16; 8] {
    [401, 403, 403, 403, status, status, status, status]
}

/// Whoever sees the ticket.
const fn viewers(status: u16) -> [u16; 8] {
    [401, status, status, 404, status, 404, status, status]
}

/// The owner and the staff that sees the ticket.
const fn owners(status: u16) -> [u16; 8] {
    [401, status, 403, 404, status, 404, status, status]
}

/// The staff that sees the ticket.
const fn staff(status: u16) -> [u16; 8] {
    [401, 403, 403, 404, status, 404, status, status]
}

/// Staff, towards somebody who is not on it.
const fn to_a_user(status: u16) -> [u16; 8] {
    [401, 404, 404, 404, status, status, status, status]
}

#[rustfmt::skip]
pub fn table() -> Vec<Row> {
    let none: Make<Option<Value>> = |_| None;
    let (get, post, put, patch, delete) = (Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    let (send, rewrite) = (post.clone(), patch.clone());
    vec![
        row("log_in", post.clone(), |_| "/session".into(), |p| Some(json!({ "login": p.login, "password": PASSWORD })), [201; 8]),
        row("get_session", get.clone(), |_| "/session".into(), none, all(200)),
        row("extend_session", post.clone(), |_| "/session/extend".into(), none, all(200)),
        row("log_out", delete.clone(), |_| "/session".into(), none, all(204)),
        row("list_sessions", get.clone(), |_| "/sessions".into(), none, all(200)),
        row("revoke_session", delete.clone(), |p| format!("/sessions/{}", p.session), none, [401, 204, 204, 204, 204, 204, 204, 204]),
        row("revoke_session", delete.clone(), |p| format!("/sessions/{}", p.foreign_session), none, all(404)),
        row("revoke_other_sessions", delete.clone(), |_| "/sessions".into(), none, all(204)),
        row("check_password", post.clone(), |_| "/password-checks".into(), |_| Some(json!({ "password": "Hola" })), all(200)),
        row("get_me", get.clone(), |_| "/me".into(), none, all(200)),
        row("update_me", patch.clone(), |_| "/me".into(), |_| Some(json!({ "theme": "dark" })), all(200)),
        row("change_password", put.clone(), |_| "/me/password".into(),
            |_| Some(json!({ "current_password": PASSWORD, "new_password": "Farol-rojo-91-puente" })), all(204)),
        // Whoever may is told that this is no picture.
        row("set_avatar", put.clone(), |_| "/me/avatar".into(), none, all(415)),
        row("delete_avatar", delete.clone(), |_| "/me/avatar".into(), none, all(204)),
        row("get_avatar", get.clone(), |p| format!("/users/{}/avatar", p.colleague), none, all(200)),
        row("get_avatar", get.clone(), |p| format!("/users/{}/avatar", p.person), none, all(404)),
        row("list_tokens", get.clone(), |_| "/me/tokens".into(), none, all(200)),
        row("create_token", post.clone(), |_| "/me/tokens".into(), |_| Some(json!({ "name": "x", "scopes": ["read"] })), all(201)),
        row("revoke_token", delete.clone(), |p| format!("/me/tokens/{}", p.token), none, [401, 204, 204, 204, 204, 204, 204, 204]),
        row("revoke_token", delete.clone(), |p| format!("/me/tokens/{}", p.foreign_token), none, all(404)),

        row("request_password_reset", post.clone(), |_| "/password-resets".into(), |_| Some(json!({ "email": "nadie@example.org" })), [202; 8]),
        row("get_password_link", get.clone(), |_| "/password-resets/0".into(), none, [410; 8]),
        row("check_reset_password", post.clone(), |_| "/password-resets/0/check".into(), |_| Some(json!({ "password": "x" })), [410; 8]),
        row("reset_password", put.clone(), |_| "/password-resets/0".into(), |_| Some(json!({ "password": "Farol-rojo-91-puente" })), [410; 8]),

        row("demo_state", get.clone(), |_| "/demo".into(), none, admins(200)),
        // Whoever may is told that the desk has tickets of its own, and that there is no demo.
        row("load_demo", post.clone(), |_| "/demo".into(), none, admins(409)),
        row("remove_demo", delete.clone(), |_| "/demo".into(), none, admins(409)),
        row("get_first_steps", get.clone(), |_| "/first-steps".into(), none, admins(200)),

        row("list_users", get.clone(), |_| "/users".into(), none, admins(200)),
        row("create_user", post.clone(), |_| "/users".into(), |p| Some(json!({
            "username": p.unused, "name": "Nueva", "email": format!("{}@example.org", p.unused), "role": "user",
        })), admins(201)),
        row("import_users", post.clone(), |_| "/users/import".into(), none, admins(415)),
        row("get_user", get.clone(), |p| format!("/users/{}", p.person), none, admins(200)),
        // Not even oneself: for that there is /me.
        row("get_user", get.clone(), |p| format!("/users/{}", p.caller), none, admins(200)),
        row("get_user", get.clone(), |_| "/users/999999".into(), none, admins(404)),
        row("update_user", patch.clone(), |p| format!("/users/{}", p.person), |_| Some(json!({ "name": "Otra" })), admins(200)),
        row("update_user", patch.clone(), |p| format!("/users/{}", p.caller), |_| Some(json!({ "role": "admin" })), admins(200)),
        row("delete_user", delete.clone(), |p| format!("/users/{}", p.person), none, admins(204)),

        row("create_password_link", post.clone(), |p| format!("/users/{}/password-link", p.person), none, admins(201)),

        row("get_mail_status", get.clone(), |_| "/mails/status".into(), none, admins(200)),
        row("list_mails", get.clone(), |_| "/mails".into(), none, admins(200)),
        row("send_test_mail", post.clone(), |_| "/mails".into(), none, admins(201)),
        row("get_mail", get.clone(), |p| format!("/mails/{}", p.mail), none, admins(200)),
        row("retry_mail", post.clone(), |p| format!("/mails/{}/retry", p.mail), none, admins(200)),
        row("cancel_mail", post.clone(), |p| format!("/mails/{}/cancel", p.mail), none, admins(200)),

        row("list_views", get.clone(), |_| "/views".into(), none, all(200)),
        row("count_views", get.clone(), |_| "/views/counts".into(), none, all(200)),
        row("create_view", post.clone(), |_| "/views".into(), |_| Some(json!({ "name": "v", "filters": {} })), all(201)),
        row("create_view", post.clone(), |_| "/views".into(), |_| Some(json!({ "name": "v", "filters": {}, "shared": true })),
            [401, 403, 403, 403, 201, 201, 201, 201]),
        row("update_view", patch.clone(), |p| format!("/views/{}", p.view), |_| Some(json!({ "name": "w" })), all(200)),
        row("update_view", patch.clone(), |p| format!("/views/{}", p.shared_view), |_| Some(json!({ "name": "w" })),
            [401, 404, 404, 404, 403, 403, 403, 200]),
        row("update_view", patch.clone(), |p| format!("/views/{}", p.foreign_view), |_| Some(json!({ "name": "w" })), all(404)),
        row("delete_view", delete.clone(), |p| format!("/views/{}", p.view), none, all(204)),
        row("delete_view", delete.clone(), |p| format!("/views/{}", p.shared_view), none, [401, 404, 404, 404, 403, 403, 403, 204]),
        row("delete_view", delete.clone(), |p| format!("/views/{}", p.foreign_view), none, all(404)),
        // What may be done with each ticket is in its part of the answer.
        row("change_tickets", post.clone(), |_| "/tickets/bulk".into(),
            |p| Some(json!({ "changes": [{ "id": p.ticket, "version": 1, "priority": "high" }] })), all(200)),
        row("list_replies", get.clone(), |_| "/replies".into(), none, desk_staff(200)),
        row("create_reply", post.clone(), |_| "/replies".into(), |_| Some(json!({ "title": "x", "body": "Hola {{requester.name}}" })), desk_staff(201)),
        row("update_reply", patch.clone(), |p| format!("/replies/{}", p.reply), |_| Some(json!({ "title": "y" })), desk_staff(200)),
        row("update_reply", patch.clone(), |p| format!("/replies/{}", p.shared_reply), |_| Some(json!({ "title": "y" })),
            [401, 403, 403, 403, 403, 403, 403, 200]),
        row("update_reply", patch.clone(), |p| format!("/replies/{}", p.private_reply), |_| Some(json!({ "title": "y" })), desk_staff(404)),
        row("delete_reply", delete.clone(), |p| format!("/replies/{}", p.reply), none, desk_staff(204)),
        row("delete_reply", delete.clone(), |p| format!("/replies/{}", p.shared_reply), none, [401, 403, 403, 403, 403, 403, 403, 204]),
        row("delete_reply", delete.clone(), |p| format!("/replies/{}", p.private_reply), none, desk_staff(404)),
        row("list_categories", get.clone(), |_| "/categories".into(), none, all(200)),
        row("create_category", post.clone(), |_| "/categories".into(), |p| Some(json!({ "name": p.unused })), admins(201)),
        row("update_category", patch.clone(), |p| format!("/categories/{}", p.category), |_| Some(json!({ "position": 9 })), admins(200)),
        row("delete_category", delete.clone(), |p| format!("/categories/{}", p.category), none, admins(204)),

        row("list_notifications", get.clone(), |_| "/notifications".into(), none, all(200)),
        row("mark_notifications_read", Method::PUT, |_| "/notifications/read".into(), |_| Some(json!({})), all(204)),

        // Whoever may open a socket is told that this request does not.
        row("open_socket", get.clone(), |_| "/ws".into(), none, all(400)),
        row("list_presence", get.clone(), |_| "/presence".into(), none, all(200)),

        row("get_dashboard", get.clone(), |_| "/dashboard".into(), none, all(200)),
        row("list_tickets", get.clone(), |_| "/tickets".into(), none, all(200)),
        row("export_tickets_csv", get.clone(), |_| "/reports/tickets.csv".into(), none, all(200)),
        row("export_tickets_xlsx", get.clone(), |_| "/reports/tickets.xlsx".into(), none, all(200)),
        row("export_tickets_pdf", get.clone(), |_| "/reports/tickets.pdf".into(), none, all(200)),
        row("search", get.clone(), |_| "/search".into(), none, all(200)),
        row("create_ticket", post.clone(), |_| "/tickets".into(),
            |_| Some(json!({ "title": "x", "description": "x" })), all(201)),
        row("create_ticket", post.clone(), |_| "/tickets".into(),
            |p| Some(json!({ "title": "x", "description": "x", "requester_id": p.person })),
            [401, 403, 403, 403, 201, 201, 201, 201]),
        row("get_ticket", get.clone(), |p| format!("/tickets/{}", p.ticket), none, viewers(200)),
        row("update_ticket", patch.clone(), |p| format!("/tickets/{}", p.ticket),
            |_| Some(json!({ "version": 1, "title": "Otro" })), owners(200)),
        row("update_ticket", patch.clone(), |p| format!("/tickets/{}", p.ticket),
            |_| Some(json!({ "version": 1, "priority": "low" })), staff(200)),
        row("update_ticket", patch.clone(), |p| format!("/tickets/{}", p.ticket),
            |_| Some(json!({ "version": 1, "status": "waiting" })), staff(200)),
        row("update_ticket", patch.clone(), |p| format!("/tickets/{}", p.ticket),
            |_| Some(json!({ "version": 1, "status": "closed" })), owners(200)),
        row("close_ticket", post.clone(), |p| format!("/tickets/{}/close", p.ticket), none, owners(200)),
        row("reopen_ticket", post.clone(), |p| format!("/tickets/{}/reopen", p.closed), none, owners(200)),
        row("assign_ticket", post.clone(), |p| format!("/tickets/{}/assign", p.ticket),
            |p| Some(json!({ "assignee_id": p.caller })), staff(200)),
        row("assign_ticket", post.clone(), |p| format!("/tickets/{}/assign", p.ticket),
            |_| Some(json!({ "assignee_id": null })), staff(200)),
        row("assign_ticket", post.clone(), |p| format!("/tickets/{}/assign", p.ticket),
            |p| Some(json!({ "assignee_id": p.colleague })), [401, 403, 403, 404, 403, 404, 403, 200]),
        row("list_comments", get.clone(), |p| format!("/tickets/{}/comments", p.ticket), none, viewers(200)),
        row("add_comment", post.clone(), |p| format!("/tickets/{}/comments", p.ticket),
            |_| Some(json!({ "body": "Hola" })), viewers(201)),
        row("add_comment", post.clone(), |p| format!("/tickets/{}/comments", p.ticket),
            |_| Some(json!({ "body": "Hola", "visibility": "internal" })), staff(201)),
        row("edit_comment", patch.clone(), |p| format!("/comments/{}", p.comment),
            |_| Some(json!({ "body": "Adiós" })), [401, 200, 403, 404, 403, 404, 403, 403]),
        row("edit_comment", patch, |p| format!("/comments/{}", p.note),
            |_| Some(json!({ "body": "Adiós" })), [401, 404, 404, 404, 403, 404, 403, 403]),
        row("get_public_settings", get.clone(), |_| "/settings/public".into(), none, [200; 8]),
        row("get_theme", get.clone(), |_| "/settings/theme.css".into(), none, [200; 8]),
        // There is none yet.
        row("get_logo", get.clone(), |_| "/settings/logo".into(), none, [404; 8]),
        row("get_favicon", get.clone(), |_| "/settings/favicon".into(), none, [404; 8]),
        row("get_settings", get.clone(), |_| "/settings".into(), none, admins(200)),
        row("update_settings", Method::PATCH, |_| "/settings".into(), |_| Some(json!({ "version": 1, "name": "Turno" })), admins(200)),
        // A form is what it takes; who may not is told so before.
        row("set_logo", put.clone(), |_| "/settings/logo".into(), |_| Some(json!({})), admins(415)),
        row("delete_logo", delete.clone(), |_| "/settings/logo".into(), none, admins(204)),
        row("set_favicon", put.clone(), |_| "/settings/favicon".into(), |_| Some(json!({})), admins(415)),
        row("delete_favicon", delete.clone(), |_| "/settings/favicon".into(), none, admins(204)),
        // Another version of the settings from here on.
        row("put_first_steps_away", delete.clone(), |_| "/first-steps".into(), none, admins(204)),
        row("list_audit", get.clone(), |_| "/audit".into(), none, admins(200)),
        row("get_about", get.clone(), |_| "/about".into(), none, admins(200)),
        row("get_attachment_rules", get.clone(), |_| "/attachment-rules".into(), none, all(200)),
        row("list_attachments", get.clone(), |p| format!("/tickets/{}/attachments", p.ticket), none, viewers(200)),
        row("upload_attachment", post.clone(), |p| format!("/tickets/{}/attachments", p.ticket), none, viewers(201)),
        row("download_attachment", get.clone(), |p| format!("/attachments/{}", p.attachment), none, viewers(200)),
        row("download_attachment", get.clone(), |p| format!("/attachments/{}", p.note_attachment), none,
            [401, 404, 404, 404, 200, 404, 200, 200]),
        row("get_thumbnail", get.clone(), |p| format!("/attachments/{}/thumbnail", p.attachment), none, viewers(200)),
        row("get_thumbnail", get.clone(), |p| format!("/attachments/{}/thumbnail", p.note_attachment), none,
            [401, 404, 404, 404, 200, 404, 200, 200]),
        row("delete_attachment", delete.clone(), |p| format!("/attachments/{}", p.attachment), none,
            [401, 204, 403, 404, 403, 404, 403, 204]),
        row("delete_attachment", delete.clone(), |p| format!("/attachments/{}", p.note_attachment), none,
            [401, 404, 404, 404, 403, 404, 403, 204]),
        row("mark_ticket_read", put.clone(), |p| format!("/tickets/{}/read", p.ticket), |_| Some(json!({})), viewers(204)),
        row("list_similar_tickets", get.clone(), |_| "/tickets/similar".into(), none, all(200)),
        row("list_ticket_history", get.clone(), |p| format!("/tickets/{}/history", p.ticket), none, viewers(200)),
        row("list_mentionable", get.clone(), |p| format!("/tickets/{}/mentionable", p.ticket), none, viewers(200)),
        row("preview_comment", post.clone(), |_| "/previews".into(), |_| Some(json!({ "body": "Hola" })), all(200)),
        row("preview_comment", post.clone(), |_| "/previews".into(),
            |p| Some(json!({ "body": "Hola", "ticket_id": p.ticket })), viewers(200)),
        row("preview_comment", post, |_| "/previews".into(),
            |p| Some(json!({ "body": "Hola", "ticket_id": p.ticket, "visibility": "internal" })), staff(200)),
        row("watch_ticket", put.clone(), |p| format!("/tickets/{}/watch", p.ticket), none, viewers(204)),
        row("unwatch_ticket", delete.clone(), |p| format!("/tickets/{}/watch", p.ticket), none, viewers(204)),
        row("list_watchers", get.clone(), |p| format!("/tickets/{}/watchers", p.ticket), none, viewers(200)),
        row("list_conversations", get.clone(), |_| "/conversations".into(), none, all(200)),
        row("list_chat_people", get.clone(), |_| "/conversations/people".into(), none, all(200)),
        row("get_conversation", get.clone(), |p| format!("/conversations/{}", p.colleague), none, all(200)),
        row("get_conversation", get.clone(), |p| format!("/conversations/{}", p.person), none, to_a_user(200)),
        row("get_conversation", get.clone(), |p| format!("/conversations/{}", p.caller), none, all(404)),
        row("list_messages", get.clone(), |p| format!("/conversations/{}/messages", p.colleague), none, all(200)),
        row("list_messages", get.clone(), |p| format!("/conversations/{}/messages", p.person), none, to_a_user(200)),
        row("download_message_file", get.clone(), |p| format!("/messages/{}/files/{}", p.message, p.message_file), none, all(200)),
        row("download_message_file", get.clone(), |p| format!("/messages/{}/files/{}", p.foreign_message, p.foreign_file), none, all(404)),
        row("download_message_file", get.clone(), |p| format!("/messages/{}/files/{}", p.message, p.foreign_file), none, all(404)),
        row("get_message_thumbnail", get.clone(), |p| format!("/messages/{}/files/{}/thumbnail", p.message, p.message_file), none, all(200)),
        row("get_message_thumbnail", get, |p| format!("/messages/{}/files/{}/thumbnail", p.foreign_message, p.foreign_file), none, all(404)),
        row("upload_message_files", send.clone(), |p| format!("/conversations/{}/files", p.colleague), none, all(201)),
        row("upload_message_files", send.clone(), |p| format!("/conversations/{}/files", p.person), none, to_a_user(201)),
        row("create_ticket_from_messages", send.clone(), |p| format!("/conversations/{}/ticket", p.colleague),
            |p| Some(json!({ "title": "x", "message_ids": [p.message, p.answer] })), all(201)),
        row("send_message", send.clone(), |p| format!("/conversations/{}/messages", p.colleague),
            |_| Some(json!({ "body": "Hola" })), all(201)),
        row("send_message", send, |p| format!("/conversations/{}/messages", p.person),
            |_| Some(json!({ "body": "Hola" })), to_a_user(201)),
        row("mark_read", put.clone(), |p| format!("/conversations/{}/read", p.colleague), |_| Some(json!({})), all(204)),
        row("mark_read", put.clone(), |p| format!("/conversations/{}/read", p.person), |_| Some(json!({})), to_a_user(204)),
        row("edit_message", rewrite.clone(), |p| format!("/messages/{}", p.message), |_| Some(json!({ "body": "x" })), all(200)),
        row("edit_message", rewrite.clone(), |p| format!("/messages/{}", p.answer), |_| Some(json!({ "body": "x" })), all(403)),
        row("edit_message", rewrite, |p| format!("/messages/{}", p.foreign_message), |_| Some(json!({ "body": "x" })), all(404)),
        row("delete_message", delete.clone(), |p| format!("/messages/{}", p.message), none, all(204)),
        row("delete_message", delete.clone(), |p| format!("/messages/{}", p.answer), none, all(403)),
        row("delete_message", delete.clone(), |p| format!("/messages/{}", p.foreign_message), none, all(404)),
        row("invite_watcher", put, |p| format!("/tickets/{}/watchers/{}", p.ticket, p.person), none, staff(204)),
        row("remove_watcher", delete, |p| format!("/tickets/{}/watchers/{}", p.ticket, p.person), none, staff(204)),
    ]
}

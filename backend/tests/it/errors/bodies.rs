//! A body for every operation that takes JSON, and the places in it.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Form, Operation, Request, TestApp, document, operations};

/// An operation with a body that it would accept.
pub struct Row {
    pub operation: &'static str,
    pub method: Method,
    /// With the marks that [`Desk::path`] replaces.
    pub template: &'static str,
    pub body: Value,
}

fn row(operation: &'static str, method: Method, template: &'static str, body: Value) -> Row {
    Row { operation, method, template, body }
}

/// All of them, with everything in each body that can be of the wrong type in a way of its own.
#[rustfmt::skip]
pub fn bodies() -> Vec<Row> {
    let (post, put, patch) = (Method::POST, Method::PUT, Method::PATCH);
    let filters = json!({
        "status": "open,waiting", "priority": "high", "category_id": 1, "assignee_id": "me", "requester_id": 1,
        "waiting_for": "me", "q": "x", "created_after": "2026-01-01T00:00:00Z", "created_before": "2026-02-01T00:00:00Z",
        "closed_after": "2026-01-01T00:00:00Z", "closed_before": "2026-02-01T00:00:00Z",
        "sort": "-created_at",
    });
    vec![
        row("log_in", post.clone(), "/session", json!({ "login": "nadie", "password": "x" })),
        row("check_password", post.clone(), "/password-checks", json!({ "password": "x", "about": ["y"] })),
        row("request_password_reset", post.clone(), "/password-resets", json!({ "email": "nadie@example.org" })),
        row("reset_password", put.clone(), "/password-resets/0", json!({ "password": "Farol-rojo-91-puente" })),
        row("check_reset_password", post.clone(), "/password-resets/0/check", json!({ "password": "x" })),
        row("update_me", patch.clone(), "/me", json!({
            "name": "Otra", "locale": "en", "theme": "dark", "notifications": { "assigned": { "in_app": true, "mail": false } },
        })),
        row("change_password", put.clone(), "/me/password",
            json!({ "current_password": "x", "new_password": "Farol-rojo-91-puente" })),
        row("create_token", post.clone(), "/me/tokens",
            json!({ "name": "x", "scopes": ["read"], "expires_at": "2050-01-01T00:00:00Z" })),
        row("mark_notifications_read", put.clone(), "/notifications/read", json!({ "ids": [1] })),
        row("create_user", post.clone(), "/users",
            json!({ "username": "luz", "name": "Luz", "email": "luz@example.org", "role": "user", "locale": "es" })),
        row("update_user", patch.clone(), "/users/{u}",
            json!({ "username": "luz", "name": "Luz", "email": "luz@example.org", "role": "user", "active": true })),
        row("create_password_link", post.clone(), "/users/{u}/password-link", json!({ "send": false })),
        row("create_category", post.clone(), "/categories",
            json!({ "name": "Nueva", "position": 3, "colour": "red", "default_assignee_id": 1 })),
        row("update_category", patch.clone(), "/categories/{k}",
            json!({ "name": "Nueva", "position": 3, "colour": "red", "default_assignee_id": 1 })),
        row("create_ticket", post.clone(), "/tickets",
            json!({
                "title": "x", "description": "x", "priority": "high", "category_id": 1, "requester_id": 1, "client_id": "a",
            })),
        row("update_ticket", patch.clone(), "/tickets/{t}", json!({
            "version": 1, "title": "x", "description": "y", "status": "waiting", "priority": "high", "category_id": 1,
        })),
        row("change_tickets", post.clone(), "/tickets/bulk", json!({
            "changes": [{ "id": 1, "version": 1, "status": "waiting", "priority": "high", "category_id": 1, "assignee_id": 1 }],
            "undo": true,
        })),
        row("close_ticket", post.clone(), "/tickets/{t}/close", json!({ "version": 1 })),
        row("reopen_ticket", post.clone(), "/tickets/{t}/reopen", json!({ "version": 1 })),
        row("assign_ticket", post.clone(), "/tickets/{t}/assign", json!({ "assignee_id": null, "version": 1 })),
        row("mark_ticket_read", put.clone(), "/tickets/{t}/read", json!({ "comment_id": 1 })),
        row("add_comment", post.clone(), "/tickets/{t}/comments",
            json!({ "body": "x", "visibility": "internal", "status": "waiting", "client_id": "a" })),
        row("edit_comment", patch.clone(), "/comments/{c}", json!({ "body": "y" })),
        row("preview_comment", post.clone(), "/previews", json!({ "body": "x", "ticket_id": 1, "visibility": "internal" })),
        row("create_view", post.clone(), "/views", json!({ "name": "v", "filters": filters, "shared": true })),
        row("update_view", patch.clone(), "/views/{v}", json!({ "name": "v", "filters": filters, "shared": true })),
        row("create_reply", post.clone(), "/replies", json!({ "title": "x", "body": "Hola", "shared": true })),
        row("update_reply", patch.clone(), "/replies/{r}", json!({ "title": "x", "body": "Hola", "shared": true })),
        row("update_settings", patch.clone(), "/settings",
            json!({ "version": 1, "name": "x", "primary_colour": "#334455", "technician_scope": "all" })),
        row("send_message", post.clone(), "/conversations/{u}/messages", json!({ "body": "x", "client_id": "a" })),
        row("edit_message", patch, "/messages/{m}", json!({ "body": "y" })),
        row("mark_read", put, "/conversations/{u}/read", json!({ "up_to": 1 })),
        row("create_ticket_from_messages", post, "/conversations/{u}/ticket",
            json!({ "title": "x", "message_ids": [1], "priority": "high", "category_id": 1, "client_id": "a" })),
    ]
}

/// Every operation whose path names one thing, by the document. What names a link is its secret, which is told to be no longer
/// good, whatever it is.
pub fn about_one() -> Vec<&'static Operation> {
    operations()
        .iter()
        .filter(|operation| operation.path.contains('{') && !operation.path.contains("{token}"))
        .collect()
}

/// An administrator and something of each kind.
pub struct Desk {
    pub admin: Client,
    ticket: i64,
    comment: i64,
    category: i64,
    person: i64,
    message: i64,
    view: i64,
    reply: i64,
}

impl Desk {
    pub async fn new(app: &TestApp) -> Self {
        let admin = app.admin().await;
        let person = app.user().await.id;
        let ticket = app.ticket(&admin, "Ratón").await;
        let made = async |path: &str, body: Value| admin.post(path, body).await.expect(201).id();
        Self {
            comment: made(&format!("/tickets/{ticket}/comments"), json!({ "body": "x" })).await,
            message: made(&format!("/conversations/{person}/messages"), json!({ "body": "x" })).await,
            view: made("/views", json!({ "name": "x", "filters": {} })).await,
            reply: made("/replies", json!({ "title": "x", "body": "x" })).await,
            category: admin.get("/categories").await.ids()[0],
            ticket,
            person,
            admin,
        }
    }

    /// Where something of this desk is.
    pub fn path(&self, template: &str) -> String {
        template
            .replace("{t}", &self.ticket.to_string())
            .replace("{c}", &self.comment.to_string())
            .replace("{k}", &self.category.to_string())
            .replace("{u}", &self.person.to_string())
            .replace("{m}", &self.message.to_string())
            .replace("{v}", &self.view.to_string())
            .replace("{r}", &self.reply.to_string())
    }
}

impl Desk {
    /// A request about what an id names, with whatever else the operation takes.
    pub fn ask_about(&self, operation: &Operation, id: &str) -> Request {
        let (before, rest) = operation.path.split_once('{').unwrap();
        let (_, after) = rest.split_once('}').unwrap();
        let after = after.replace("{user_id}", &self.person.to_string()).replace("{file_id}", "1");
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let request = self.admin.request_at(method, &format!("{before}{id}{after}"));
        if ["upload_attachment", "upload_message_files"].contains(&operation.id.as_str()) {
            return request.form(Form::default().file("a.txt", b"hola"));
        }
        let Some(mut row) = bodies().into_iter().find(|row| row.operation == operation.id) else { return request };
        // Somebody who is unknown as well.
        row.body.as_object_mut().unwrap().remove("default_assignee_id");
        request.json(&row.body)
    }
}

/// A place in a body.
pub struct Place {
    /// As a JSON pointer.
    pub pointer: String,
    /// What stands there.
    pub value: Value,
    /// Whether null may, by the document.
    pub nullable: bool,
}

impl Row {
    /// What the document says of it.
    pub fn operation(&self) -> &'static Operation {
        operation(self.operation)
    }

    /// Each place in the body, however deep, outermost first.
    pub fn places(&self) -> Vec<Place> {
        let schema = self.operation().json.as_ref().unwrap_or_else(|| panic!("{} takes no JSON", self.operation));
        let mut found = Vec::new();
        collect(schema, &self.body, "", &mut found);
        found
    }

    /// The body with something else in one place.
    pub fn body_with(&self, place: &Place, value: Value) -> Value {
        let mut body = self.body.clone();
        *body.pointer_mut(&place.pointer).unwrap() = value;
        body
    }
}

fn operation(id: &str) -> &'static Operation {
    operations().iter().find(|operation| operation.id == id).unwrap_or_else(|| panic!("{id} is gone"))
}

fn collect(schema: &Value, value: &Value, pointer: &str, found: &mut Vec<Place>) {
    let schema = resolved(schema);
    let inside: Vec<(String, &Value, &Value)> = match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), &schema["properties"][name], value)).collect()
        }
        Value::Array(items) => items.iter().map(|value| ("0".to_owned(), &schema["items"], value)).take(1).collect(),
        _ => Vec::new(),
    };
    for (name, schema, value) in inside {
        let pointer = format!("{pointer}/{name}");
        assert!(schema.is_object(), "the document does not know {pointer}");
        found.push(Place { pointer: pointer.clone(), value: value.clone(), nullable: takes_null(schema) });
        collect(schema, value, &pointer, found);
    }
}

/// What a schema refers to, when it is not null.
fn resolved(schema: &Value) -> &Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return resolved(document().pointer(reference.trim_start_matches('#')).unwrap());
    }
    let mut choices = schema["oneOf"].as_array().into_iter().flatten();
    match choices.find(|choice| choice["type"] != "null") {
        Some(choice) => resolved(choice),
        None => schema,
    }
}

fn takes_null(schema: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    let types = schema["type"].as_array().into_iter().flatten();
    let choices = schema["oneOf"].as_array().into_iter().flatten().map(|choice| &choice["type"]);
    types.chain(choices).any(is_null)
}

#[test]
fn every_operation_that_takes_json_has_a_body() {
    let rows = bodies();
    let here: BTreeSet<&str> = rows.iter().map(|row| row.operation).collect();
    let told = operations().iter().filter(|operation| operation.json.is_some());
    assert_eq!(here, told.map(|operation| operation.id.as_str()).collect::<BTreeSet<_>>());
    for row in rows {
        let shape = |path: &str| -> Vec<String> {
            let is_mark = |part: &str| part.starts_with('{') || part == "0";
            path.split('/').map(|part| if is_mark(part) { "{}".to_owned() } else { part.to_owned() }).collect()
        };
        let path = shape(&format!("{}{}", backend::openapi::BASE, row.template));
        let told = operation(row.operation);
        assert_eq!((row.method.as_str(), path), (told.method.as_str(), shape(&told.path)), "{}", row.operation);
        assert!(!row.places().is_empty(), "{} has nothing in its body", row.operation);
    }
}

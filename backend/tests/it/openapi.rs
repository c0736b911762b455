//! The OpenAPI document: true, complete, and readable without a network.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    chat::CLIENT_ID_MAX,
    fields::{
        BODY_MAX, DESK_NAME_MAX, EMAIL_MAX, MESSAGE_MAX, NAME_MAX, SEARCH_MAX, TITLE_MAX, TOKEN_NAME_MAX, USERNAME_MAX,
        USERNAME_MIN, VIEW_NAME_MAX,
    },
    page::{DEFAULT_LIMIT, MAX_LIMIT},
    password::{PASSWORD_MAX, PASSWORD_MIN},
    tickets::{MENTIONABLE_MAX, SIMILAR_DEFAULT, SIMILAR_MAX},
};

use crate::support::operations;

/// What anybody may ask, without a session.
const OPEN: [&str; 4] = ["get_public_settings", "get_theme", "get_logo", "get_favicon"];

fn document() -> Value {
    serde_json::to_value(backend::openapi::document()).unwrap()
}

/// What no token does.
const IN_SESSION: [&str; 11] = [
    "get_session",
    "extend_session",
    "log_out",
    "list_sessions",
    "revoke_session",
    "revoke_other_sessions",
    "change_password",
    "list_tokens",
    "create_token",
    "revoke_token",
    "create_password_link",
];

/// Every operation: its name, its method and what the document says of it.
fn described(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .values()
        .flat_map(|item| item.as_object().unwrap())
        .filter(|(method, _)| ["get", "post", "put", "patch", "delete"].contains(&method.as_str()))
        .map(|(method, operation)| {
            (operation["operationId"].as_str().unwrap_or_default().to_owned(), method.clone(), operation.clone())
        })
        .collect()
}

#[test]
fn the_contracts_operations_are_there_under_their_names() {
    let found: BTreeSet<(&str, &str, &str)> = operations()
        .iter()
        .map(|operation| (operation.id.as_str(), operation.method.as_str(), operation.path.as_str()))
        .collect();
    for expected in [
        ("log_in", "POST", "/api/v1/session"),
        ("get_session", "GET", "/api/v1/session"),
        ("extend_session", "POST", "/api/v1/session/extend"),
        ("log_out", "DELETE", "/api/v1/session"),
        ("list_sessions", "GET", "/api/v1/sessions"),
        ("revoke_session", "DELETE", "/api/v1/sessions/{id}"),
        ("get_me", "GET", "/api/v1/me"),
        ("update_me", "PATCH", "/api/v1/me"),
        ("change_password", "PUT", "/api/v1/me/password"),
        ("set_avatar", "PUT", "/api/v1/me/avatar"),
        ("delete_avatar", "DELETE", "/api/v1/me/avatar"),
        ("get_avatar", "GET", "/api/v1/users/{id}/avatar"),
        ("list_tokens", "GET", "/api/v1/me/tokens"),
        ("create_token", "POST", "/api/v1/me/tokens"),
        ("revoke_token", "DELETE", "/api/v1/me/tokens/{id}"),
        ("import_users", "POST", "/api/v1/users/import"),
        ("request_password_reset", "POST", "/api/v1/password-resets"),
        ("reset_password", "PUT", "/api/v1/password-resets/{token}"),
        ("change_tickets", "POST", "/api/v1/tickets/bulk"),
        ("list_views", "GET", "/api/v1/views"),
        ("count_views", "GET", "/api/v1/views/counts"),
        ("create_view", "POST", "/api/v1/views"),
        ("update_view", "PATCH", "/api/v1/views/{id}"),
        ("delete_view", "DELETE", "/api/v1/views/{id}"),
        ("list_conversations", "GET", "/api/v1/conversations"),
        ("list_chat_people", "GET", "/api/v1/conversations/people"),
        ("get_conversation", "GET", "/api/v1/conversations/{user_id}"),
        ("list_messages", "GET", "/api/v1/conversations/{user_id}/messages"),
        ("send_message", "POST", "/api/v1/conversations/{user_id}/messages"),
        ("mark_read", "PUT", "/api/v1/conversations/{user_id}/read"),
        ("upload_message_files", "POST", "/api/v1/conversations/{user_id}/files"),
        ("create_ticket_from_messages", "POST", "/api/v1/conversations/{user_id}/ticket"),
        ("download_message_file", "GET", "/api/v1/messages/{id}/files/{file_id}"),
        ("get_message_thumbnail", "GET", "/api/v1/messages/{id}/files/{file_id}/thumbnail"),
        ("edit_message", "PATCH", "/api/v1/messages/{id}"),
        ("delete_message", "DELETE", "/api/v1/messages/{id}"),
        ("open_socket", "GET", "/api/v1/ws"),
        ("list_presence", "GET", "/api/v1/presence"),
        ("list_notifications", "GET", "/api/v1/notifications"),
        ("mark_notifications_read", "PUT", "/api/v1/notifications/read"),
        ("list_users", "GET", "/api/v1/users"),
        ("create_user", "POST", "/api/v1/users"),
        ("get_user", "GET", "/api/v1/users/{id}"),
        ("update_user", "PATCH", "/api/v1/users/{id}"),
        ("delete_user", "DELETE", "/api/v1/users/{id}"),
        ("list_categories", "GET", "/api/v1/categories"),
        ("create_category", "POST", "/api/v1/categories"),
        ("update_category", "PATCH", "/api/v1/categories/{id}"),
        ("delete_category", "DELETE", "/api/v1/categories/{id}"),
        ("list_tickets", "GET", "/api/v1/tickets"),
        ("create_ticket", "POST", "/api/v1/tickets"),
        ("get_ticket", "GET", "/api/v1/tickets/{id}"),
        ("update_ticket", "PATCH", "/api/v1/tickets/{id}"),
        ("close_ticket", "POST", "/api/v1/tickets/{id}/close"),
        ("reopen_ticket", "POST", "/api/v1/tickets/{id}/reopen"),
        ("assign_ticket", "POST", "/api/v1/tickets/{id}/assign"),
        ("list_comments", "GET", "/api/v1/tickets/{id}/comments"),
        ("add_comment", "POST", "/api/v1/tickets/{id}/comments"),
        ("edit_comment", "PATCH", "/api/v1/comments/{id}"),
        ("list_attachments", "GET", "/api/v1/tickets/{id}/attachments"),
        ("upload_attachment", "POST", "/api/v1/tickets/{id}/attachments"),
        ("download_attachment", "GET", "/api/v1/attachments/{id}"),
        ("delete_attachment", "DELETE", "/api/v1/attachments/{id}"),
        ("get_thumbnail", "GET", "/api/v1/attachments/{id}/thumbnail"),
        ("list_ticket_history", "GET", "/api/v1/tickets/{id}/history"),
        ("list_audit", "GET", "/api/v1/audit"),
        ("get_settings", "GET", "/api/v1/settings"),
        ("update_settings", "PATCH", "/api/v1/settings"),
        ("set_logo", "PUT", "/api/v1/settings/logo"),
        ("set_favicon", "PUT", "/api/v1/settings/favicon"),
        ("get_public_settings", "GET", "/api/v1/settings/public"),
        ("get_about", "GET", "/api/v1/about"),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in the document");
    }
}

#[test]
fn every_operation_says_what_it_needs_and_what_it_can_answer() {
    let document = document();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), "{}", document["openapi"]);
    let mut names = BTreeSet::new();
    for (name, method, operation) in described(&document) {
        assert!(!name.is_empty(), "an operation has no name: {operation}");
        assert!(names.insert(name.clone()), "two operations are called {name}");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name} has no summary");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{name} has no tag");

        let whole = operation.get("security").or(document.get("security"));
        let needs = serde_json::to_string(whole.expect("security")).unwrap();
        let open = OPEN.contains(&name.as_str());
        let by_link = operation["tags"][0] == "password links";
        if open {
            assert_eq!(needs, "[{}]", "{name}");
        } else if name != "log_in" && !by_link {
            assert!(needs.contains("\"session\""), "{name} needs no session: {needs}");
            assert_eq!(needs.contains("\"csrf\""), method != "get", "{name}: {needs}");
            assert_eq!(needs.contains("\"bearer\""), !IN_SESSION.contains(&name.as_str()), "{name}: {needs}");
        }
        let responses = operation["responses"].as_object().unwrap();
        let mut expected = vec!["500", "503"];
        if !open && !by_link {
            expected.push("401");
        }
        if method != "get" {
            expected.push("403");
        }
        if operation.get("requestBody").is_some() {
            expected.extend(["400", "408", "413", "415"]);
        }
        if operation["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["in"] == "path")) {
            expected.push(if by_link { "410" } else { "404" });
        }
        if operation["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["in"] == "query")) {
            expected.push("400");
        }
        for status in expected {
            let response =
                responses.get(status).unwrap_or_else(|| panic!("{name} does not say that it answers {status}"));
            let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(problem, "#/components/schemas/Problem", "{name} {status}");
        }
        // A socket succeeds by switching protocols.
        let succeeds = |status: &String| status.starts_with('2') || status == "101";
        assert!(responses.keys().any(succeeds), "{name} never succeeds");
        for (status, response) in responses {
            if matches!(status.as_str(), "429" | "503") {
                assert!(response["headers"].get("Retry-After").is_some(), "{name} {status}");
            }
        }
    }
}

/// The texts of requests that may be of any length, by schema and property.
const UNBOUNDED: [(&str, &str); 8] = [
    // One that is too long is as wrong as any other, and nothing tells more than that.
    ("LogIn", "login"),
    ("LogIn", "password"),
    ("ChangePassword", "current_password"),
    // Whatever is asked for, the answer is the same.
    ("RequestPasswordReset", "email"),
    ("RequestPasswordReset", "login"),
    // What is typed so far: that it is too long is part of the answer.
    ("PasswordCheck", "password"),
    ("PasswordCheck", "about"),
    ("CheckResetPassword", "password"),
];

/// What a schema has been read for.
#[derive(Default)]
struct Texts<'a> {
    /// The schemas that were read, each once.
    read: BTreeSet<&'a str>,
    /// The texts that nothing bounds, by the schema and the property that they are in.
    unbounded: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Texts<'a> {
    /// Reads a schema and all that it is made of.
    fn read(&mut self, document: &'a Value, schema: &'a Value, place: (&'a str, &'a str)) {
        if let Some(target) = schema["$ref"].as_str() {
            let name = target.rsplit('/').next().unwrap();
            if self.read.insert(name) {
                self.read(document, &document["components"]["schemas"][name], (name, ""));
            }
            return;
        }
        let kind = &schema["type"];
        let is_text =
            kind == "string" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "string"));
        let bounds = ["format", "enum", "const", "pattern", "maxLength"];
        if is_text && bounds.iter().all(|bound| schema.get(bound).is_none()) {
            self.unbounded.insert(place);
        }
        for (property, inner) in schema["properties"].as_object().into_iter().flatten() {
            self.read(document, inner, (place.0, property.as_str()));
        }
        for inner in ["items", "additionalProperties"].iter().filter_map(|key| schema.get(key)) {
            self.read(document, inner, place);
        }
        for inner in ["oneOf", "anyOf", "allOf"].iter().filter_map(|key| schema[key].as_array()).flatten() {
            self.read(document, inner, place);
        }
    }
}

#[test]
fn every_text_of_a_request_says_how_long_it_may_be() {
    let document = document();
    let operations = described(&document);
    let mut texts = Texts::default();
    for (_, _, operation) in &operations {
        for (_, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            texts.read(&document, &content["schema"], ("", "the body itself"));
        }
    }
    assert!(texts.read.len() > 30, "{:?}", texts.read);
    assert_eq!(texts.unbounded, BTreeSet::from(UNBOUNDED));
}

/// A property, its least and its greatest length.
type Text = (&'static str, usize, usize);

#[test]
fn a_text_may_be_as_long_as_the_rules_say() {
    let document = document();
    let client_id = ("client_id", 1, CLIENT_ID_MAX);
    let (title, body, name) = (("title", 1, TITLE_MAX), ("body", 1, BODY_MAX), ("name", 1, NAME_MAX));
    let (description, message) = (("description", 1, BODY_MAX), ("body", 1, MESSAGE_MAX));
    let (username, email) = (("username", USERNAME_MIN, USERNAME_MAX), ("email", 3, EMAIL_MAX));
    let password = ("password", PASSWORD_MIN, PASSWORD_MAX);
    let bounded: [(&str, &[Text]); 21] = [
        ("CreateTicket", &[title, description, client_id]),
        ("UpdateTicket", &[title, description]),
        ("TicketFromMessages", &[title, client_id]),
        ("AddComment", &[body, client_id]),
        ("EditComment", &[body]),
        ("PreviewComment", &[body]),
        ("SendMessage", &[message, client_id]),
        ("EditMessage", &[message]),
        ("CreateReply", &[("title", 1, NAME_MAX), message]),
        ("UpdateReply", &[("title", 1, NAME_MAX), message]),
        ("CreateUser", &[username, name, email, password]),
        ("UpdateUser", &[username, name, email, password]),
        ("UpdateMe", &[name]),
        ("ChangePassword", &[("new_password", PASSWORD_MIN, PASSWORD_MAX)]),
        ("ResetPassword", &[password]),
        ("CreateCategory", &[name]),
        ("UpdateCategory", &[name]),
        ("CreateToken", &[("name", 1, TOKEN_NAME_MAX)]),
        ("CreateView", &[("name", 1, VIEW_NAME_MAX)]),
        ("UpdateView", &[("name", 1, VIEW_NAME_MAX)]),
        ("UpdateSettings", &[("name", 1, DESK_NAME_MAX)]),
    ];
    for (schema, texts) in bounded {
        for &(property, least, most) in texts {
            let text = &document["components"]["schemas"][schema]["properties"][property];
            assert_eq!(text["minLength"], json!(least), "{schema}.{property}");
            assert_eq!(text["maxLength"], json!(most), "{schema}.{property}");
        }
    }
    // An empty one is none: forms send all their fields. And one looks for nothing by looking for nothing.
    for (schema, property, most) in [
        ("MessageForm", "body", MESSAGE_MAX),
        ("MessageForm", "client_id", CLIENT_ID_MAX),
        ("AttachmentForm", "client_id", CLIENT_ID_MAX),
        ("ViewFilters", "q", SEARCH_MAX),
    ] {
        let text = &document["components"]["schemas"][schema]["properties"][property];
        assert_eq!(text["maxLength"], json!(most), "{schema}.{property}");
    }
}

#[test]
fn every_limit_and_every_search_says_how_far_it_goes() {
    let (mut limits, mut searches) = (0, 0);
    for (name, _, operation) in described(&document()) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = &parameter["schema"];
            match parameter["name"].as_str() {
                Some("limit" | "cursor") if name.starts_with("export_") => {
                    panic!("{name} has the whole list, not a page")
                }
                Some("limit") => {
                    let (most, unless_told) = match name.as_str() {
                        "list_similar_tickets" => (SIMILAR_MAX, json!(SIMILAR_DEFAULT)),
                        "list_mentionable" => (MAX_LIMIT, json!(MENTIONABLE_MAX)),
                        _ => (MAX_LIMIT, json!(DEFAULT_LIMIT)),
                    };
                    assert_eq!((&schema["minimum"], &schema["maximum"]), (&json!(1), &json!(most)), "{name}");
                    assert_eq!(schema["default"], unless_told, "{name}");
                    limits += 1;
                }
                Some("q") => {
                    assert_eq!(schema["maxLength"], json!(SEARCH_MAX), "{name}");
                    searches += 1;
                }
                _ => {}
            }
        }
    }
    assert!(limits >= 15 && searches >= 8, "{limits} limits, {searches} searches");
}

#[test]
fn the_file_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.yaml");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let generated = backend::openapi::document().to_yaml().unwrap();
    // No diff of thousands of lines: the command that mends it says more.
    assert!(written.trim_end() == generated.trim_end(), "openapi.yaml is stale: cargo run -- openapi > openapi.yaml");
}

on_each_database! {
    async fn the_document_and_its_reader_are_served_without_a_network(app: TestApp) {
        let nobody = app.anonymous();
        let served = nobody.get("/openapi.json").await.expect(200);
        assert_eq!(served.header("content-type"), Some("application/json"));
        assert_eq!(served.json, document());
        let moved = nobody.get("/docs").await;
        assert!(matches!(moved.status, 200 | 307 | 308), "{}", moved.status);
        let reader = nobody.get("/docs/").await.expect(200);
        assert!(reader.header("content-type").unwrap().starts_with("text/html"));
        let mut files = 0;
        for attribute in ["src=\"", "href=\""] {
            for rest in reader.text.split(attribute).skip(1) {
                let file = rest.split('"').next().unwrap();
                assert!(!file.contains("//"), "{file} comes from elsewhere");
                let path = format!("/api/v1/docs/{}", file.trim_start_matches("./"));
                let asset = nobody.request_at(Method::GET, &path).send().await.expect(200);
                assert!(!asset.text.is_empty(), "{file}");
                files += 1;
            }
        }
        assert!(files >= 3, "{}", reader.text);
        // The policy allows neither.
        assert!(!reader.text.contains("<style"), "an inline style: {}", reader.text);
        let scripts = reader.text.matches("<script").count();
        assert_eq!(scripts, reader.text.matches("<script src=").count(), "an inline script: {}", reader.text);
        let start = nobody.request_at(Method::GET, "/api/v1/docs/swagger-initializer.js").send().await.expect(200);
        assert!(start.text.contains("/api/v1/openapi.json"), "{}", start.text);
        assert!(start.text.contains("\"validatorUrl\": \"none\""), "it would ask the internet: {}", start.text);
    }

    async fn the_program_says_that_it_lives_and_serves(app: TestApp) {
        let nobody = app.anonymous();
        for path in ["/healthz", "/readyz", "/metrics"] {
            let reply = nobody.request_at(Method::GET, path).send().await.expect(200);
            assert!(reply.header("content-type").unwrap().starts_with("text/plain"), "{path}");
            let head = nobody.request_at(Method::HEAD, path).send().await.expect(200);
            assert!(head.header("content-type").unwrap().starts_with("text/plain"), "{path} is a page to HEAD");
            assert_eq!(head.text, "");
        }
    }
}

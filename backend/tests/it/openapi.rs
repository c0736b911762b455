//! The OpenAPI document: true, complete, and readable without a network.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

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
            expected.extend(["400", "413", "415"]);
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
    }

    async fn the_program_says_that_it_lives_and_serves(app: TestApp) {
        let nobody = app.anonymous();
        for path in ["/healthz", "/readyz", "/metrics"] {
            let reply = nobody.request_at(Method::GET, path).send().await.expect(200);
            assert!(reply.header("content-type").unwrap().starts_with("text/plain"), "{path}");
        }
    }
}

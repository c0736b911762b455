//! Who may do what: every route for everybody, in one table.

mod cast;
mod table;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use self::{
    cast::{Cast, Place},
    table::{CALLERS, Row, table},
};
use crate::support::{TestApp, document, faults, operations};

/// A token does what its person may, as far as its scope goes, except what belongs to the person alone.
async fn a_token_does_what_its_person_may(app: &TestApp, scope: &str) {
    let cast = Cast::new(app).await;
    let (with_session, with_token) = (operations_with("session"), operations_with("bearer"));
    let mut wrong = Vec::new();
    for row in table().into_iter().filter(|row| with_session.contains(row.operation)) {
        for column in [1, 4, 7] {
            let (client, place) = cast.place(app, column).await;
            let program = app.token(&client, &[scope]).await;
            let path = (row.path)(&place);
            let request = row.request(&program, &place);
            let before = app.stored().await;
            let reply = request.send().await;
            let too_little = (scope == "read" && !row.method.is_safe()) || !with_token.contains(row.operation);
            let (expected, code) =
                if too_little { (403, Some("insufficient_scope")) } else { (row.expected[column], None) };
            if reply.status != expected || code.is_some_and(|code| reply["code"] != code) {
                let caller = CALLERS[column];
                wrong.push(format!("{} {path}, {scope}, {caller}: {} {}", row.operation, reply.status, reply.text));
            } else if expected >= 400 {
                assert_eq!(app.stored().await, before, "{} {path} left something behind", row.operation);
            }
            app.sql(&format!("DELETE FROM tokens WHERE user_id = {}", client.id)).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

on_each_database! {
    /// And what it answers is what the document says.
    async fn every_route_answers_everybody_as_the_table_says(app: TestApp) {
        let cast = Cast::new(&app).await;
        let mut wrong = Vec::new();
        for row in table() {
            for (column, caller) in CALLERS.into_iter().enumerate() {
                let (client, place) = cast.place(&app, column).await;
                let path = (row.path)(&place);
                let request = row.request(&client, &place);
                let before = app.stored().await;
                let reply = request.send().await;
                let faults = faults(row.operation, &reply).into_iter();
                wrong.extend(faults.map(|fault| format!("{} {path} for {caller}: {fault}", row.operation)));
                let expected = row.expected[column];
                if reply.status != expected {
                    wrong.push(format!("{} {path} for {caller}: {} instead of {expected}", row.operation, reply.status));
                } else if expected >= 400 {
                    let code = match expected {
                        400 => "malformed_parameter",
                        401 => "not_authenticated",
                        403 => "forbidden",
                        409 => "demo_refused",
                        410 => "link_invalid",
                        415 => "unsupported_media_type",
                        _ => "not_found",
                    };
                    reply.problem(code);
                    assert_eq!(app.stored().await, before, "{} {path} for {caller} left something behind", row.operation);
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn who_may_not_ask_is_told_that_whatever_else_is_wrong(app: TestApp) {
        let cast = Cast::new(&app).await;
        let (nobody, place) = cast.place(&app, 0).await;
        let mut forger = app.user().await;
        forger.csrf = Some("x".to_owned());
        let mut wrong = Vec::new();
        for row in table().into_iter().filter(|row| row.expected[0] == 401) {
            let with_session = operations_with("session").contains(row.operation);
            for (client, status, code) in [(&nobody, 401, "not_authenticated"), (&forger, 403, "csrf_rejected")] {
                if status == 403 && (row.method.is_safe() || !with_session) {
                    continue;
                }
                for body in ["", "{}", "{\"", "[1]"] {
                    let path = (row.path)(&place);
                    let ask = || client.request(row.method.clone(), &format!("{path}?nothing=1"));
                    for request in [ask().body(body), ask().header("Content-Type", "application/json").body(body)] {
                        let reply = request.send().await;
                        if reply.status != status || reply["code"] != code {
                            wrong.push(format!("{} with {body:?}: {} {}", row.operation, reply.status, reply["code"]));
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn a_token_that_may_read_reads_what_its_person_may(app: TestApp) {
        a_token_does_what_its_person_may(&app, "read").await;
    }

    async fn a_token_that_may_write_does_what_its_person_may(app: TestApp) {
        a_token_does_what_its_person_may(&app, "write").await;
    }

    async fn a_forbidden_ticket_and_an_unknown_one_look_alike(app: TestApp) {
        let (ana, luis, tech, other) =
            (app.user().await, app.user().await, app.technician().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &other).await;
        for person in [&luis, &tech] {
            for (method, rest, body) in [
                (Method::GET, "", None),
                (Method::GET, "/comments", None),
                (Method::GET, "/history", None),
                (Method::GET, "/attachments", None),
                (Method::POST, "/attachments", None),
                (Method::GET, "/watchers", None),
                (Method::GET, "/mentionable", None),
                (Method::PUT, "/watch", None),
                (Method::PUT, "/read", None),
                (Method::DELETE, "/watch", None),
                (Method::PUT, "/watchers/1", None),
                (Method::DELETE, "/watchers/1", None),
                (Method::POST, "/close", None),
                (Method::POST, "/reopen", None),
                (Method::POST, "/comments", Some(json!({ "body": "x" }))),
                (Method::POST, "/assign", Some(json!({ "assignee_id": person.id }))),
                (Method::PATCH, "", Some(json!({ "version": 1, "title": "x" }))),
            ] {
                let mut answers = Vec::new();
                for id in [ticket, 999_999] {
                    let mut request = person.request(method.clone(), &format!("/tickets/{id}{rest}"));
                    if let Some(body) = &body {
                        request = request.json(body);
                    }
                    let mut reply = request.send().await.expect(404).problem("not_found");
                    reply.json["instance"].take();
                    let names: BTreeSet<String> = reply.headers.keys().map(ToString::to_string).collect();
                    answers.push((reply.json, names));
                }
                assert_eq!(answers[0], answers[1], "{method} {rest}");
            }
        }
    }
}

/// The operations that can be asked in this way, by the document.
fn operations_with(way: &str) -> BTreeSet<String> {
    let document = document();
    let mut found = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values().filter(|operation| operation["operationId"].is_string()) {
            let needs = operation.get("security").unwrap_or(&document["security"]);
            if needs.as_array().unwrap().iter().any(|all| all.get(way).is_some()) {
                found.insert(operation["operationId"].as_str().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn the_table_has_every_operation_of_the_document() {
    let place = Place {
        ticket: 1,
        closed: 1,
        comment: 1,
        note: 1,
        attachment: 1,
        note_attachment: 1,
        person: 1,
        colleague: 1,
        category: 1,
        reply: 1,
        shared_reply: 1,
        private_reply: 1,
        message: 1,
        message_file: 1,
        answer: 1,
        foreign_message: 1,
        foreign_file: 1,
        mail: 1,
        session: 1,
        foreign_session: 1,
        token: 1,
        foreign_token: 1,
        view: 1,
        shared_view: 1,
        foreign_view: 1,
        caller: 1,
        login: String::new(),
        unused: String::new(),
    };
    let table = table();
    for operation in operations() {
        let rows: Vec<&Row> = table.iter().filter(|row| row.operation == operation.id).collect();
        assert!(!rows.is_empty(), "{} is not in the table of permissions", operation.id);
        for row in rows {
            let path = format!("{}{}", backend::openapi::BASE, (row.path)(&place));
            let shape = |path: &str| -> Vec<String> {
                let is_id = |part: &str| part.starts_with('{') || part.parse::<i64>().is_ok();
                path.split('/').map(|part| if is_id(part) { "{id}".to_owned() } else { part.to_owned() }).collect()
            };
            assert_eq!((row.method.as_str(), shape(&path)), (operation.method.as_str(), shape(&operation.path)));
        }
    }
    for row in &table {
        assert!(operations().iter().any(|operation| operation.id == row.operation), "{} is gone", row.operation);
    }
}

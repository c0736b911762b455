//! A body that comes slowly: what its sender may not do any more when the last of it comes is not done.

use std::time::Duration;

use backend::openapi::BASE;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::bodies::{Desk, Row, bodies};
use crate::support::{Client, Form, TestApp, document, png, until};

/// What takes somebody away.
const AWAY: [&str; 3] = [
    "UPDATE users SET active = FALSE WHERE id = ?",
    "DELETE FROM sessions WHERE user_id = ?",
    "UPDATE sessions SET expires_at = 1 WHERE user_id = ?",
];
/// What makes somebody one who only has problems.
const DEMOTED: &str = "UPDATE users SET role = 0 WHERE id = ?";
/// What extends no session.
const QUIET: [&str; 3] = ["send_message", "edit_message", "mark_read"];
const JSON: &str = "application/json";

/// A request, whose path is the whole one.
struct Asked<'a> {
    method: &'a str,
    path: String,
    kind: &'a str,
    body: Vec<u8>,
    /// Whether it extends the session it is asked with.
    extends: bool,
}

impl<'a> Asked<'a> {
    /// What a row of the table asks.
    fn of(desk: &Desk, row: &'a Row) -> Self {
        let path = format!("{BASE}{}", desk.path(row.template));
        let (body, extends) = (body_of(row).to_string().into_bytes(), !QUIET.contains(&row.operation));
        Self { method: row.method.as_str(), path, kind: JSON, body, extends }
    }

    /// Sends all but the end of it, with these headers that say who asks, and keeps the connection.
    async fn begin(&self, origin: &str, proof: &str) -> TcpStream {
        let mut socket = TcpStream::connect(origin.trim_start_matches("http://")).await.unwrap();
        let Self { method, path, kind, body, .. } = self;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{proof}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            body.len()
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(&body[..5]).await.unwrap();
        socket
    }

    /// Sends the end of it; gives back the status of the answer, and the code of its problem.
    async fn finish(&self, mut socket: TcpStream) -> (u16, Value) {
        socket.write_all(&self.body[5..]).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let (head, content) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let problem: Value = serde_json::from_str(content).unwrap_or_default();
        (status, problem["code"].clone())
    }

    /// Asks it as somebody who is changed when it is known who asks, before the body has come. Gives back what came of it, and
    /// whether anything was stored.
    async fn while_changed(&self, app: &TestApp, person: &Client, change: &str) -> (u16, Value, bool) {
        // Long ago enough for the request to extend the session, which tells that it is known who asks.
        app.let_pass(person.session, Duration::from_secs(100)).await;
        let end = format!("SELECT expires_at AS n FROM sessions WHERE id = {}", person.session);
        let before = app.number(&end).await;
        let (cookie, csrf) = (person.cookie.as_deref().unwrap(), person.csrf.as_deref().unwrap());
        let proof = format!("Cookie: turno_session={cookie}\r\nX-CSRF-Token: {csrf}");
        let socket = self.begin(&app.origin, &proof).await;
        if self.extends {
            until("it is known who asks", Duration::from_secs(20), async || app.number(&end).await != before).await;
        }
        // What others see in the database the one who wrote it may not have been told yet, and of some requests nothing tells. The
        // one worker takes requests in their order: after these it waits for the body.
        for _ in 0..20 {
            person.in_background().get("/me").await.expect(200);
        }
        app.sql(&change.replace('?', &person.id.to_string())).await;
        let stored = app.stored().await;
        let (status, code) = self.finish(socket).await;
        (status, code, app.stored().await != stored)
    }
}

/// What a row of the table sends. It has each way of changing a ticket, of which a request may have one.
fn body_of(row: &Row) -> Value {
    let mut body = row.body.clone();
    if row.operation == "change_tickets" {
        body["changes"] = json!([{ "id": 1, "version": 1, "priority": "high" }]);
    }
    body
}

/// Whether somebody must have logged in for it, by the document.
fn asks_who(row: &Row) -> bool {
    let (document, operation) = (document(), row.operation());
    let told = &document["paths"][&operation.path][operation.method.to_lowercase()];
    let needs = told.get("security").unwrap_or(&document["security"]);
    needs.as_array().unwrap().iter().any(|all| all.get("session").is_some())
}

on_each_database! {
    async fn who_is_not_there_any_more_when_the_body_comes_does_nothing(app: TestApp) {
        let desk = Desk::new(&app).await;
        let rows: Vec<Row> = bodies().into_iter().filter(asks_who).collect();
        assert!(rows.len() >= 25, "{} operations ask who sends JSON", rows.len());
        let mut wrong = Vec::new();
        for row in &rows {
            for change in AWAY {
                let admin = app.admin().await;
                let (status, code, has_stored) = Asked::of(&desk, row).while_changed(&app, &admin, change).await;
                if (status, &code) != (401, &json!("not_authenticated")) || has_stored {
                    wrong.push(format!("{} after {change}: {status} {code}, stored: {has_stored}", row.operation));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// They are answered as whoever has been no more than that for long.
    async fn who_is_somebody_else_when_the_body_comes_does_what_that_one_may(app: TestApp) {
        let desk = Desk::new(&app).await;
        let (mut wrong, mut forbidden) = (Vec::new(), 0);
        for row in bodies().iter().filter(|row| asks_who(row)) {
            let (user, admin) = (app.user().await, app.admin().await);
            let asked = user.request(row.method.clone(), &desk.path(row.template)).json(&body_of(row));
            let expected = asked.send().await.status;
            let (status, code, has_stored) = Asked::of(&desk, row).while_changed(&app, &admin, DEMOTED).await;
            forbidden += usize::from(expected == 403);
            if status != expected || (status == 403 && has_stored) {
                let what = row.operation;
                wrong.push(format!("{what}: {status} {code} instead of {expected}, stored: {has_stored}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(forbidden >= 8, "only {forbidden} operations were forbidden");
    }

    async fn a_token_that_is_revoked_before_the_body_comes_does_nothing(app: TestApp) {
        let ana = app.user().await;
        let made = ana.post("/me/tokens", json!({ "name": "x", "scopes": ["write"] })).await.expect(201);
        let body = json!({ "title": "x", "description": "x" }).to_string().into_bytes();
        let asked = Asked { method: "POST", path: format!("{BASE}/tickets"), kind: JSON, body, extends: true };
        let proof = format!("Authorization: Bearer {}", made["token"].as_str().unwrap());
        let socket = asked.begin(&app.origin, &proof).await;
        let used = format!("SELECT COUNT(*) AS n FROM tokens WHERE id = {} AND last_used_at IS NOT NULL", made.id());
        until("it is known who asks", Duration::from_secs(20), async || app.number(&used).await == 1).await;
        ana.delete(&format!("/me/tokens/{}", made.id())).await.expect(204);
        assert_eq!(asked.finish(socket).await.0, 401);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tickets").await, 0);
    }

    async fn a_small_file_is_kept_for_whoever_may_send_it_when_it_has_come(app: TestApp) {
        let picture = || Form::default().file("a.png", &png(8, 8));
        let people = || Form::default().file("a.csv", b"username,name,email\nluz,Luz,luz@example.org\n");
        let mut wrong = Vec::new();
        for (method, path, form, demoted) in [
            ("PUT", "/me/avatar", picture(), 200),
            ("PUT", "/settings/logo", picture(), 403),
            ("PUT", "/settings/favicon", picture(), 403),
            ("POST", "/users/import", people(), 403),
        ] {
            let kind = form.content_type();
            let (path, body) = (format!("{BASE}{path}"), form.finish());
            let asked = Asked { method, path, kind: &kind, body, extends: true };
            for (change, expected) in AWAY.map(|change| (change, 401)).into_iter().chain([(DEMOTED, demoted)]) {
                let admin = app.admin().await;
                let (status, code, has_stored) = asked.while_changed(&app, &admin, change).await;
                if status != expected || (status >= 400 && has_stored) {
                    wrong.push(format!("{} after {change}: {status} {code}, stored: {has_stored}", asked.path));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

//! Bad input, wherever it comes in: refused with a problem document, and nothing stored.

mod bodies;
mod cursors;
mod held;

use std::time::Duration;

use backend::openapi::BASE;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use self::bodies::{Desk, Row, about_one, bodies};
use crate::support::{Client, operations};

/// The texts in the bodies that are names of something: another character makes another name.
const NAMES: [&str; 12] = [
    "role",
    "locale",
    "theme",
    "colour",
    "status",
    "priority",
    "visibility",
    "technician_scope",
    "scopes/0",
    "assignee_id",
    "waiting_for",
    "sort",
];

/// POSTs a body in chunks, without its length, and gives back the beginning of the answer.
async fn in_pieces(person: &Client, path: &str, count: usize, piece: &str) -> String {
    let mut socket = TcpStream::connect(person.origin.trim_start_matches("http://")).await.unwrap();
    let (cookie, csrf) = (person.cookie.as_deref().unwrap(), person.csrf.as_deref().unwrap());
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: turno_session={cookie}\r\nX-CSRF-Token: {csrf}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("{:x}\r\n{piece}\r\n", piece.len());
    for _ in 0..count {
        // The server may have heard enough.
        if socket.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 1000];
    let length = socket.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

on_each_database! {
    /// What the other tests change in a body is all that is wrong with it.
    async fn each_body_by_itself_is_read(app: TestApp) {
        let desk = Desk::new(&app).await;
        for row in bodies() {
            let reply = desk.admin.request(row.method.clone(), &desk.path(row.template)).json(&row.body).send().await;
            assert!(!matches!(reply.status, 400 | 413 | 415), "{}: {}", row.operation, reply.text);
        }
    }

    async fn what_is_no_json_object_is_refused(app: TestApp) {
        let desk = Desk::new(&app).await;
        let before = app.stored().await;
        for Row { method, template, body: good, .. } in bodies() {
            let path = desk.path(template);
            // serde would read a struct from an array too, by the order of its fields.
            let as_array = Value::Array(good.as_object().unwrap().values().cloned().collect()).to_string();
            let truncated = good.to_string().trim_end_matches('}').to_owned();
            let doubled = good.to_string().replacen('{', "{\"extra\":1,", 1);
            let deep = "[".repeat(200_000);
            for text in [
                "{", "nul", "null", "[]", "\"x\"", "7", "true", "{\"a\":1}", "{}{}", "{'a':1}", "{\"a\"}", "\u{feff}{}", "\0",
                &as_array, &truncated, &doubled, &deep,
            ] {
                let request = desk.admin.request(method.clone(), &path).header("Content-Type", "application/json");
                let reply = request.body(text.to_owned()).send().await;
                let shown: String = text.chars().take(40).collect();
                assert_eq!(reply.status, 400, "{method} {path} with {shown}: {}", reply.text);
                let reply = reply.problem("malformed_body");
                assert!(reply.text.len() < 2000, "the answer repeats what was sent");
            }
            let request = desk.admin.request(method.clone(), &path).header("Content-Type", "application/json");
            request.body(&b"{\"name\":\"\xff\xfe\"}"[..]).send().await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
    }

    /// An empty body is none, whatever it is said to be.
    async fn a_body_is_left_out_only_where_it_may_be(app: TestApp) {
        let desk = Desk::new(&app).await;
        let mut left_out = 0;
        for row in bodies() {
            let needs_body = row.operation().needs_body;
            for text in ["", " \r\n"] {
                let request = desk.admin.request(row.method.clone(), &desk.path(row.template));
                let reply = request.header("Content-Type", "application/json").body(text).send().await;
                // What is there is read, if there is only space in it.
                if needs_body || !text.is_empty() {
                    assert_eq!(reply.status, 400, "{}: {}", row.operation, reply.text);
                    reply.problem("malformed_body");
                } else {
                    assert!((200..300).contains(&reply.status), "{}: {}", row.operation, reply.text);
                    left_out += 1;
                }
            }
        }
        assert_eq!(left_out, 4);
    }

    async fn a_value_of_the_wrong_type_is_refused_however_deep(app: TestApp) {
        let desk = Desk::new(&app).await;
        let before = app.stored().await;
        let mut wrong = Vec::new();
        for row in bodies() {
            let path = desk.path(row.template);
            for place in row.places() {
                let mut values = vec![json!({ "x": 1 }), json!(1.5), json!(1e300), json!([null]), json!([true]), json!([[]])];
                values.extend((!place.value.is_object()).then(|| json!({})));
                values.extend((!place.value.is_array()).then(|| json!([])));
                values.extend((!place.value.is_boolean()).then_some(json!(true)));
                values.extend((!place.nullable).then_some(Value::Null));
                // What an array would give to the fields of an object, by their order.
                values.extend(place.value.as_object().map(|fields| Value::Array(fields.values().cloned().collect())));
                for value in values {
                    let body = row.body_with(&place, value);
                    let reply = desk.admin.request(row.method.clone(), &path).json(&body).send().await;
                    if (reply.status, &reply["code"]) != (400, &json!("malformed_body")) {
                        wrong.push(format!("{} {path} with {body}: {} {}", row.method, reply.status, reply.text));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(app.stored().await, before);
    }

    async fn a_nul_byte_is_refused_in_every_text(app: TestApp) {
        let desk = Desk::new(&app).await;
        let before = app.stored().await;
        for row in bodies() {
            let path = desk.path(row.template);
            for place in row.places() {
                let Some(text) = place.value.as_str() else { continue };
                let body = row.body_with(&place, format!("{text}\0").into());
                let reply = desk.admin.request(row.method.clone(), &path).json(&body).send().await;
                let is_name = NAMES.iter().any(|name| place.pointer.ends_with(&format!("/{name}")));
                match (row.operation, place.pointer.as_str()) {
                    ("log_in", "/login") => drop(reply.expect(401).problem("wrong_credentials")),
                    // The answer tells nobody whether there is such an account.
                    ("request_password_reset", _) => drop(reply.expect(202)),
                    // A password is only hashed or weighed; all else would be kept.
                    (_, "/password" | "/current_password" | "/new_password" | "/about/0") => {
                        assert!(reply.status < 500, "{}", reply.text);
                    }
                    (
                        _,
                        "/expires_at" | "/filters/created_after" | "/filters/created_before" | "/filters/closed_after"
                        | "/filters/closed_before",
                    ) => {
                        drop(reply.expect(400).problem("malformed_body"));
                    }
                    _ if is_name => drop(reply.expect(400).problem("malformed_body")),
                    _ => drop(reply.expect(422).problem("validation_failed")),
                }
            }
        }
        for path in ["/tickets", "/users"] {
            desk.admin.list(path, &[("q", "a\0b")]).await.expect(400).problem("malformed_parameter");
            desk.admin.list(path, &[("cursor", "a\0b")]).await.expect(400).problem("invalid_cursor");
            desk.admin.list(path, &[("limit", "1\0")]).await.expect(400).problem("malformed_parameter");
        }
        // Nothing but that somebody tried to log in.
        let tries = app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'login_failed'").await;
        let told = before.iter().map(|&(table, count)| (table, if table == "events" { count + tries } else { count }));
        assert_eq!(app.stored().await, told.collect::<Vec<_>>());
    }

    async fn an_id_that_names_nothing_is_not_found(app: TestApp) {
        let desk = Desk::new(&app).await;
        let before = app.stored().await;
        let asked = about_one();
        assert!(asked.len() >= 45, "{} operations are about one thing", asked.len());
        for id in [
            "0", "-1", "999999", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "99999999999999999999999",
            "abc", "1.5", "1e3", "0x1", "%00", "%20", "%C3%B1", "1%202", "1;2", "%2e%2e", "NaN",
            "018f4f2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f",
        ] {
            for operation in &asked {
                desk.ask_about(operation, id).send().await.expect(404).problem("not_found");
            }
        }
        // The second of two.
        for (method, path) in [
            (Method::PUT, "/tickets/{t}/watchers/x"),
            (Method::DELETE, "/tickets/{t}/watchers/x"),
            (Method::GET, "/messages/{m}/files/x"),
            (Method::GET, "/messages/{m}/files/999999"),
            (Method::GET, "/messages/{m}/files/x/thumbnail"),
            (Method::GET, "/messages/{m}/files/999999/thumbnail"),
        ] {
            desk.admin.request(method, &desk.path(path)).send().await.expect(404).problem("not_found");
        }
        assert_eq!(app.stored().await, before);
    }

    async fn a_body_of_ten_megabytes_is_too_large(app: TestApp) {
        let desk = Desk::new(&app).await;
        let before = app.stored().await;
        let text = json!({ "title": "x", "description": "x".repeat(10_000_000) }).to_string();
        for Row { method, template, .. } in bodies() {
            let path = desk.path(template);
            let request = desk.admin.request(method, &path).header("Content-Type", "application/json");
            request.body(text.clone()).send().await.expect(413).problem("too_large");
        }
        // Nor does it help not to say how long it is.
        let answer = in_pieces(&desk.admin, "/api/v1/tickets", 100, &"x".repeat(100_000)).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert_eq!(app.stored().await, before);
        desk.admin.get("/me").await.expect(200);
    }

    /// Or an open connection each would be held for ever, by whoever wants to.
    settings(|config| config.body_patience = Duration::from_millis(500))
    async fn a_body_that_does_not_come_is_not_waited_for(app: TestApp) {
        for (length, begun) in [("Content-Length: 100", "{"), ("Transfer-Encoding: chunked", "1\r\n{\r\n")] {
            let mut socket = TcpStream::connect(app.origin.trim_start_matches("http://")).await.unwrap();
            let head = format!(
                "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{length}\r\n\r\n{begun}"
            );
            socket.write_all(head.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            // How a connection ends with something unread is the system's choice.
            let ended = timeout(Duration::from_secs(30), socket.read_to_end(&mut answer)).await;
            let answer = String::from_utf8_lossy(&answer);
            let (head, problem) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{length}: {answer}"));
            let head = head.to_ascii_lowercase();
            assert!(head.starts_with("http/1.1 408 "), "{length}: {answer}");
            assert!(head.contains("\r\nconnection: close"), "{length}: {answer}");
            assert!(head.contains("\r\ncontent-type: application/problem+json"), "{length}: {answer}");
            assert!(problem.contains("\"code\":\"request_timeout\""), "{length}: {answer}");
            assert!(ended.is_ok(), "{length}: the connection is still open");
        }
    }

    async fn only_json_is_taken(app: TestApp) {
        let desk = Desk::new(&app).await;
        let before = app.stored().await;
        for Row { method, template, body: good, .. } in bodies() {
            let path = desk.path(template);
            for kind in [
                Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("multipart/form-data"), Some("rubbish"), None,
                // JSON of another meaning, or in another alphabet.
                Some("text/json"), Some("application/merge-patch+json"), Some("application/problem+json"),
                Some("application/json;charset=latin1"), Some("application/json; charset=utf-16"),
            ] {
                let mut request = desk.admin.request(method.clone(), &path);
                if let Some(kind) = kind {
                    request = request.header("Content-Type", kind);
                }
                request.body(good.to_string()).send().await.expect(415).problem("unsupported_media_type");
            }
        }
        assert_eq!(app.stored().await, before);
        for kind in ["application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"", "application/json; version=1"] {
            let request = desk.admin.request(Method::PATCH, "/me").header("Content-Type", kind);
            request.body("{\"name\":\"Otra\"}").send().await.expect(200);
        }
    }

    /// To unpack fifty bytes may take many megabytes.
    async fn a_compressed_body_is_not_unpacked(app: TestApp) {
        let desk = Desk::new(&app).await;
        let before = app.stored().await;
        for Row { method, template, body, .. } in bodies() {
            for coding in ["br", "gzip", "deflate", "GZIP", "identity, br"] {
                let request = desk.admin.request(method.clone(), &desk.path(template)).json(&body);
                let reply = request.header("Content-Encoding", coding).send().await;
                reply.expect(415).problem("unsupported_media_type");
            }
        }
        let picture = desk.admin.request(Method::PUT, "/me/avatar").file("a.png", &b"x"[..]);
        picture.header("Content-Encoding", "br").send().await.expect(415).problem("unsupported_media_type");
        assert_eq!(app.stored().await, before);
        let plain = desk.admin.request(Method::PATCH, "/me").header("Content-Encoding", "Identity");
        plain.json(&json!({ "name": "Otra" })).send().await.expect(200);
    }

    async fn an_unknown_path_and_a_wrong_method_are_told_apart(app: TestApp) {
        let desk = Desk::new(&app).await;
        for path in ["/nothing", "/", "", "/tickets/", "/tickets/1/nothing", "/ticket", "/session/", "/TICKETS"] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                desk.admin.request(method, path).send().await.expect(404).problem("not_found");
            }
        }
        desk.admin.request_at(Method::GET, "/api/v2/tickets").send().await.expect(404).problem("not_found");
        desk.admin.request_at(Method::GET, "/api").send().await;
        for (method, path, allow) in [
            (Method::PUT, "/tickets", "GET, HEAD, POST"),
            (Method::DELETE, "/tickets", "GET, HEAD, POST"),
            (Method::PUT, "/tickets/7", "GET, HEAD, PATCH"),
            (Method::DELETE, "/tickets/7", "GET, HEAD, PATCH"),
            (Method::GET, "/tickets/7/close", "POST"),
            (Method::PATCH, "/session", "GET, HEAD, POST, DELETE"),
            (Method::POST, "/me", "GET, HEAD, PATCH"),
            (Method::GET, "/me/password", "PUT"),
            (Method::POST, "/sessions", "GET, HEAD, DELETE"),
            (Method::GET, "/comments/7", "PATCH"),
        ] {
            for person in [&desk.admin, &app.anonymous()] {
                let reply = person.request(method.clone(), path).send().await.expect(405).problem("method_not_allowed");
                assert_eq!(reply.header("allow"), Some(allow), "{method} {path}");
            }
        }
        let head = desk.admin.request(Method::HEAD, "/tickets").send().await.expect(200);
        assert_eq!(head.text, "");
        assert_eq!(head.header("content-type"), Some("application/json"));
        desk.admin.request(Method::POST, "/openapi.json").send().await.expect(405).problem("method_not_allowed");
        let reply = desk.admin.request_at(Method::POST, "/tickets/7").send().await.expect(405).problem("method_not_allowed");
        assert_eq!(reply.header("allow"), Some("GET, HEAD"));
    }

    /// A mistyped filter of an export would hand out the whole list, a mistyped `dry_run` would import.
    async fn a_parameter_that_an_operation_does_not_know_is_refused(app: TestApp) {
        let admin = app.admin().await;
        let before = app.stored().await;
        let ask = async |method: &str, path: &str| {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            admin.request_at(method, path).send().await.expect(400).problem("malformed_parameter")
        };
        let asked: Vec<_> = operations().iter().filter(|operation| operation.takes_query).collect();
        assert!(asked.len() >= 20, "{} operations take parameters", asked.len());
        for operation in asked {
            let parts = operation.path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
            let path = format!("{}?nope=1", parts.collect::<Vec<_>>().join("/"));
            let reply = ask(&operation.method, &path).await;
            assert!(reply["detail"].as_str().unwrap().contains("`nope`"), "{path}: {}", reply.text);
        }
        for (path, name) in [
            ("/tickets?state=closed", "state"),
            ("/tickets?limit=1&nothing=", "nothing"),
            ("/tickets?Status=closed", "Status"),
            ("/reports/tickets.csv?status=open&prioridad=high", "prioridad"),
            ("/reports/tickets.xlsx?status=open&limit=100", "limit"),
            ("/reports/tickets.pdf?status=open&cursor=x", "cursor"),
            ("/audit?kind=logged_in", "kind"),
            ("/audit?created_before=2026-01-01T00:00:00Z", "created_before"),
        ] {
            let reply = ask("GET", &format!("{BASE}{path}")).await;
            assert!(reply["detail"].as_str().unwrap().contains(&format!("`{name}`")), "{path}: {}", reply.text);
        }
        assert_eq!(app.stored().await, before);
        // What takes no parameters reads none.
        admin.get("/categories?nope=1").await.expect(200);
    }

    /// Bare where it cannot be read: nobody who knows of problems is asked then. The longest head is among the command line's.
    async fn an_address_is_as_long_as_the_readme_says(app: TestApp) {
        for (length, is_read) in [(65_534, true), (65_535, false), (130_000, false)] {
            let mut socket = TcpStream::connect(app.origin.trim_start_matches("http://")).await.unwrap();
            let path = "/api/v1/tickets?q=";
            let address = format!("{path}{}", "a".repeat(length - path.len()));
            let head = format!("GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            socket.write_all(head.as_bytes()).await.unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).await.unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            if is_read {
                assert!(head.starts_with("HTTP/1.1 401 ") && body.contains("\"code\":\"not_authenticated\""), "{answer}");
            } else {
                assert!(head.starts_with("HTTP/1.1 400 "), "{length}: {answer}");
                assert_eq!(body, "", "{length}");
            }
        }
    }

    /// An address longer than any, and headers full of rubbish.
    async fn odd_requests_are_answered(app: TestApp) {
        let ana = app.user().await;
        let long = "a".repeat(20_000);
        let reply = ana.list("/tickets", &[("q", &long)]).await;
        assert!(matches!(reply.status, 400 | 414), "{}", reply.status);
        let reply = ana.get("/tickets?limit=1&limit=2").await;
        reply.expect(400).problem("malformed_parameter");
        ana.get("/tickets?").await.expect(200);
        let reply = ana.request(Method::GET, "/me").header("X-Turno-Background", "ñ").send().await;
        reply.expect(200);
    }
}

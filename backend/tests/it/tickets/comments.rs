//! `/tickets/{id}/comments` and `/comments/{id}`: answers, and notes among staff.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Client, Reply, ids, until};

/// Sends a request but for the last byte of its body, and keeps the connection.
async fn begin(person: &Client, asked: &str, body: &str) -> TcpStream {
    let mut socket = TcpStream::connect(person.origin.trim_start_matches("http://")).await.unwrap();
    let (cookie, csrf) = (person.cookie.as_deref().unwrap(), person.csrf.as_deref().unwrap());
    let head = format!(
        "{asked} HTTP/1.1\r\nHost: localhost\r\nCookie: turno_session={cookie}\r\nX-CSRF-Token: {csrf}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&body.as_bytes()[..body.len() - 1]).await.unwrap();
    socket
}

async fn say(who: &Client, ticket: i64, body: &str) -> Reply {
    who.post(&format!("/tickets/{ticket}/comments"), json!({ "body": body })).await
}

async fn note(who: &Client, ticket: i64, body: &str) -> Reply {
    who.post(&format!("/tickets/{ticket}/comments"), json!({ "body": body, "visibility": "internal" })).await
}

/// A ticket as its list and its page show it, the moment of the last activity too.
async fn seen(who: &Client, ticket: i64) -> (Value, Vec<Value>, Vec<Value>, Vec<Value>) {
    let whole = who.get(&format!("/tickets/{ticket}")).await.expect(200).json;
    let list = who.get("/tickets").await.expect(200).items().to_vec();
    let comments = who.pages(&format!("/tickets/{ticket}/comments"), &[], 2).await;
    let history = who.pages(&format!("/tickets/{ticket}/history"), &[], 2).await;
    (whole, list, comments, history)
}

on_each_database! {
    async fn a_conversation_is_read_in_its_order(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let first = say(&tech, ticket, "¿Qué **luz** ves?").await.expect(201);
        assert_eq!(first["author"], json!({ "id": tech.id, "name": tech.name, "avatar_url": null }));
        assert_eq!((&first["ticket_id"], &first["visibility"]), (&ticket.into(), &"public".into()));
        assert_eq!(first["body_html"], "<p>¿Qué <strong>luz</strong> ves?</p>\n");
        assert_eq!(first["edited_at"], Value::Null);
        say(&ana, ticket, "Ninguna\ny hace ruido").await.expect(201);
        let third = say(&tech, ticket, "Voy").await.expect(201);
        let all = ana.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
        assert_eq!(all.items()[0], first.json);
        assert_eq!(all.items()[2], third.json);
        assert_eq!(all.items().len(), 3);
        for limit in [1, 2, 3] {
            let paged = ana.pages(&format!("/tickets/{ticket}/comments"), &[], limit).await;
            assert_eq!(paged, all.items(), "by {limit}");
        }
        for limit in ["0", "101", "x"] {
            let list = ana.list(&format!("/tickets/{ticket}/comments"), &[("limit", limit)]).await;
            list.expect(400).problem("malformed_parameter");
        }
    }

    async fn who_has_lost_the_right_meanwhile_writes_nothing(app: TestApp) {
        for (change, status) in [
            ("UPDATE users SET active = FALSE WHERE id = ?", 401),
            ("DELETE FROM sessions WHERE user_id = ?", 401),
            // Of the queue a technician sees what nobody has; anybody else does not.
            ("UPDATE users SET role = 0 WHERE id = ?", 404),
        ] {
            for edits in [false, true] {
                let (ana, tech) = (app.user().await, app.technician().await);
                let ticket = app.ticket(&ana, "Ratón").await;
                let first = note(&tech, ticket, "Voy").await.expect(201).id();
                let (asked, body) = if edits {
                    (format!("PATCH /api/v1/comments/{first}"), r#"{"body":"Ya no"}"#)
                } else {
                    let asked = format!("POST /api/v1/tickets/{ticket}/comments");
                    (asked, r#"{"body":"Otra nota","visibility":"internal"}"#)
                };
                // Long ago enough for the request to extend the session, which tells that it is known who asks.
                app.let_pass(tech.session, Duration::from_secs(100)).await;
                let end = format!("SELECT expires_at AS n FROM sessions WHERE id = {}", tech.session);
                let before = app.number(&end).await;
                let mut socket = begin(&tech, &asked, body).await;
                until("it is known who asks", Duration::from_secs(20), async || app.number(&end).await != before).await;
                app.sql(&change.replace('?', &tech.id.to_string())).await;
                let events = app.number("SELECT COUNT(*) AS n FROM events").await;
                socket.write_all(b"}").await.unwrap();
                let mut answer = [0; 12];
                socket.read_exact(&mut answer).await.unwrap();
                assert_eq!(String::from_utf8_lossy(&answer), format!("HTTP/1.1 {status}"), "{asked}: {change}");
                assert_eq!(app.number("SELECT COUNT(*) AS n FROM events").await, events);
                let bodies = format!("SELECT COUNT(*) AS n FROM comments WHERE ticket_id = {ticket} AND body = 'Voy'");
                assert_eq!(app.number(&bodies).await, 1);
            }
        }
    }

    async fn a_page_of_long_comments_ends_early(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let mut all = vec![say(&ana, ticket, "Va el registro:").await.expect(201).id()];
        // Each is 400 kB, and as much again as HTML.
        for _ in 0..8 {
            all.push(say(&ana, ticket, &"🖨".repeat(100_000)).await.expect(201).id());
        }
        all.push(say(&ana, ticket, "Eso es todo").await.expect(201).id());
        let path = format!("/tickets/{ticket}/comments");
        let (mut read, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let mut asked = vec![("limit", "100")];
            asked.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = ana.list(&path, &asked).await.expect(200);
            assert!(page.bytes.len() < 4_000_000, "{} bytes, {} comments", page.bytes.len(), page.items().len());
            assert!((1..=6).contains(&page.items().len()), "{} comments", page.items().len());
            read.extend(page.ids());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(read, all);
    }

    async fn a_comment_is_activity_but_no_new_version(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let (old, new) = (app.ticket(&ana, "Primero").await, app.ticket(&ana, "Segundo").await);
        assert_eq!(ana.get("/tickets").await.ids(), [new, old]);
        say(&tech, old, "Voy").await.expect(201);
        assert_eq!(ana.get("/tickets").await.ids(), [old, new]);
        assert_eq!(ana.get(&format!("/tickets/{old}")).await["version"], 1);
        ana.patch(&format!("/tickets/{old}"), json!({ "version": 1, "title": "Primero de todos" })).await.expect(200);
    }

    async fn what_is_sent_again_under_its_name_is_written_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let (ticket, other) = (app.ticket(&ana, "Ratón").await, app.ticket(&ana, "Teclado").await);
        let send = async |who: &Client, ticket: i64, body: Value| who.post(&format!("/tickets/{ticket}/comments"), body).await;
        app.give(ticket, &tech).await;
        let closing = json!({ "body": "Listo, @nadie", "status": "closed", "client_id": "a-1" });
        let first = send(&tech, ticket, closing.clone()).await.expect(201);
        let before = (app.stored().await, seen(&ana, ticket).await);
        // Whatever comes with the name this time, and though the ticket is closed by now.
        for body in [closing, json!({ "body": "Otra cosa", "visibility": "internal", "client_id": "a-1" })] {
            assert_eq!(send(&tech, ticket, body).await.expect(200).json, first.json);
        }
        assert_eq!((app.stored().await, seen(&ana, ticket).await), before);
        // It is answered as it is now.
        let edited = json!({ "body": "Listo del todo" });
        let edited = tech.patch(&format!("/comments/{}", first.id()), edited).await.expect(200);
        let named = json!({ "body": "Hola", "client_id": "a-1" });
        assert_eq!(send(&tech, ticket, named.clone()).await.expect(200).json, edited.json);
        // Another name, another ticket and another person are something else, and so is what has no name.
        send(&tech, ticket, json!({ "body": "Hola", "client_id": "a-2" })).await.expect(201);
        send(&tech, other, named.clone()).await.expect(201);
        send(&ana, ticket, named.clone()).await.expect(201);
        for _ in 0..2 {
            say(&ana, ticket, "Hola").await.expect(201);
        }
        for (wrong, code) in [("", "required"), ("a b", "invalid_characters"), ("ñ", "invalid_characters")] {
            send(&ana, ticket, json!({ "body": "x", "client_id": wrong })).await.refuses("client_id", code);
        }
        send(&ana, ticket, json!({ "body": "x", "client_id": "a".repeat(65) })).await.refuses("client_id", "too_long");
    }

    async fn who_sees_the_ticket_no_more_is_told_that_what_they_wrote_is_on_it(app: TestApp) {
        let (ana, tech, other) = (app.user().await, app.technician().await, app.technician().await);
        let stranger = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &tech).await;
        let path = format!("/tickets/{ticket}/comments");
        let answer = json!({ "body": format!("Voy, @{}", ana.username), "client_id": "a-1" });
        let note = json!({ "body": "Sin prisa", "visibility": "internal", "client_id": "a-2" });
        let answered = tech.post(&path, answer.clone()).await.expect(201);
        assert_eq!(answered["mentions"].as_array().unwrap().len(), 1);
        let noted = tech.post(&path, note.clone()).await.expect(201);
        app.give(ticket, &other).await;
        let before = app.stored().await;
        for change in ["role = 1", "role = 0"] {
            app.sql(&format!("UPDATE users SET {change} WHERE id = {}", tech.id)).await;
            tech.get(&format!("/tickets/{ticket}")).await.expect(404).problem("not_found");
            let again = tech.post(&path, answer.clone()).await.expect(200);
            assert_eq!((again.id(), &again["body"]), (answered.id(), &answered["body"]), "{change}");
            // Nor is anybody named who is on the ticket.
            assert_eq!(again["mentions"], json!([]), "{change}");
            assert_eq!(tech.post(&path, note.clone()).await.expect(200).json, noted.json, "{change}");
            // Nothing is written, and nobody else learns that there is such a ticket.
            let fresh = json!({ "body": "Voy", "client_id": "a-3" });
            tech.post(&path, fresh).await.expect(404).problem("not_found");
        }
        stranger.post(&path, answer).await.expect(404).problem("not_found");
        assert_eq!(app.stored().await, before);
    }

    settings(|config| config.workers = 2)
    async fn of_eight_answers_of_one_name_at_once_one_is_written(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        for (visibility, name) in [("public", "a"), ("internal", "b")] {
            let body = json!({ "body": "Voy", "visibility": visibility, "client_id": name });
            let path = format!("/tickets/{ticket}/comments");
            let answers = join_all((0..8).map(|_| tech.post(&path, body.clone()))).await;
            let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
            assert!(answers.iter().all(|answer| answer.json == answers[0].json));
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM comments").await, 2);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'comment_added'").await, 2);
    }

    async fn a_user_knows_nothing_of_internal_notes(app: TestApp) {
        let (ana, watcher) = (app.user().await, app.user().await);
        let (tech, admin) = (app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.invite(ticket, &watcher).await;
        say(&tech, ticket, "Voy").await.expect(201);
        let before = (seen(&ana, ticket).await, seen(&watcher, ticket).await);
        let secret = note(&tech, ticket, "Lo ha roto ella").await.expect(201);
        assert_eq!(secret["visibility"], "internal");
        let edit = json!({ "body": "Lo ha roto ella, seguro" });
        tech.patch(&format!("/comments/{}", secret.id()), edit.clone()).await.expect(200);
        assert_eq!((seen(&ana, ticket).await, seen(&watcher, ticket).await), before);

        for staff in [&tech, &admin] {
            let comments = staff.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
            assert_eq!(comments.ids().last(), Some(&secret.id()));
            let history = staff.get(&format!("/tickets/{ticket}/history")).await.expect(200);
            let kinds: Vec<&str> = history.items().iter().filter_map(|entry| entry["kind"].as_str()).collect();
            assert_eq!(kinds, ["ticket_created", "comment_added", "comment_added", "comment_edited"]);
        }
        for person in [&ana, &watcher] {
            note(person, ticket, "También yo").await.expect(403).problem("forbidden");
            person.patch(&format!("/comments/{}", secret.id()), edit.clone()).await.expect(404).problem("not_found");
        }
        // With a note between two public ones, pages are still full and end where they should.
        say(&ana, ticket, "Gracias").await.expect(201);
        let hers = ana.pages(&format!("/tickets/{ticket}/comments"), &[], 1).await;
        assert_eq!(hers.len(), 2);
        assert!(hers.iter().all(|comment| comment["visibility"] == "public"));
    }

    async fn whoever_sees_a_ticket_comments_on_it_and_nobody_else(app: TestApp) {
        let (ana, watcher, stranger) = (app.user().await, app.user().await, app.user().await);
        let (tech, other, admin) = (app.technician().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.invite(ticket, &watcher).await;
        app.give(ticket, &tech).await;
        for person in [&ana, &watcher, &tech, &admin] {
            say(person, ticket, "Hola").await.expect(201);
        }
        let stored = app.stored().await;
        for person in [&stranger, &other] {
            say(person, ticket, "Hola").await.expect(404).problem("not_found");
            note(person, ticket, "Hola").await.expect(404).problem("not_found");
            person.get(&format!("/tickets/{ticket}/comments")).await.expect(404).problem("not_found");
        }
        say(&ana, 999_999, "Hola").await.expect(404).problem("not_found");
        assert_eq!(app.stored().await, stored);
    }

    async fn the_first_public_answer_by_staff_is_the_first_response(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let first_response = async || ana.get(&format!("/tickets/{ticket}")).await["first_response_at"].clone();
        say(&ana, ticket, "¿Hay alguien?").await.expect(201);
        note(&tech, ticket, "Que espere").await.expect(201);
        assert_eq!(first_response().await, Value::Null);
        let answer = say(&tech, ticket, "Voy").await.expect(201);
        assert_eq!(first_response().await, answer["created_at"]);
        say(&admin, ticket, "¿Ya?").await.expect(201);
        assert_eq!(first_response().await, answer["created_at"]);
        // Staff who have a problem themselves do not answer themselves.
        let own = app.ticket(&tech, "El mío").await;
        say(&tech, own, "Yo otra vez").await.expect(201);
        assert_eq!(tech.get(&format!("/tickets/{own}")).await["first_response_at"], Value::Null);
    }

    async fn an_author_edits_their_comment_for_fifteen_minutes(app: TestApp) {
        let (ana, tech, admin, stranger) =
            (app.user().await, app.technician().await, app.admin().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let comment = say(&ana, ticket, "No ba").await.expect(201);
        let path = format!("/comments/{}", comment.id());
        let edited = ana.patch(&path, json!({ "body": "No **va**" })).await.expect(200);
        assert_eq!((&edited["body"], &edited["body_html"]), (&"No **va**".into(), &"<p>No <strong>va</strong></p>\n".into()));
        assert_eq!(edited["created_at"], comment["created_at"]);
        let moment = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
        assert!(moment(&edited["edited_at"]) > moment(&edited["created_at"]));
        assert_eq!(ana.get(&format!("/tickets/{ticket}/comments")).await.items()[0], edited.json);

        let stored = app.stored().await;
        assert_eq!(ana.patch(&path, json!({ "body": "No **va**" })).await.expect(200).json, edited.json);
        for person in [&tech, &admin] {
            person.patch(&path, json!({ "body": "Sí va" })).await.expect(403).problem("forbidden");
        }
        stranger.patch(&path, json!({ "body": "Sí va" })).await.expect(404).problem("not_found");
        ana.patch("/comments/999999", json!({ "body": "x" })).await.expect(404).problem("not_found");
        for (body, reason) in [("", "required"), ("a\0b", "invalid_characters")] {
            ana.patch(&path, json!({ "body": body })).await.refuses("body", reason);
        }
        ana.patch(&path, json!({ "body": "x", "visibility": "internal" })).await.expect(400).problem("malformed_body");

        let minutes = |n: i64| n * 60 * 1_000_000;
        app.sql(&format!("UPDATE comments SET created_at = created_at - {}", minutes(14))).await;
        assert_eq!(ana.patch(&path, json!({ "body": "No va nada" })).await.expect(200)["body"], "No va nada");
        app.sql(&format!("UPDATE comments SET created_at = created_at - {}", minutes(2))).await;
        ana.patch(&path, json!({ "body": "Tarde" })).await.expect(403).problem("edit_window_over");
        assert_eq!(app.stored().await, stored.iter().map(|&(table, count)| {
            (table, if table == "events" { count + 1 } else { count })
        }).collect::<Vec<_>>());
    }

    async fn a_comment_keeps_its_rules(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let stored = app.stored().await;
        let long = "x".repeat(100_001);
        for (body, reason) in [("", "required"), (" \n\t", "required"), ("a\0b", "invalid_characters"), (&long, "too_long")] {
            say(&ana, ticket, body).await.refuses("body", reason);
        }
        for body in [json!({}), json!({ "body": 7 }), json!({ "body": "x", "visibility": "secret" }), json!({ "body": "x", "ticket_id": 1 })] {
            ana.post(&format!("/tickets/{ticket}/comments"), body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, stored);
        say(&ana, ticket, &long[1..]).await.expect(201);
        say(&ana, ticket, "tab\ty línea\r\nnueva 😀").await.expect(201);
    }

    /// Characters, not bytes: the longest comment may be of 400 kB.
    async fn a_comment_has_100_000_characters(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let (text, other) = ("😀".repeat(100_000), "🖨".repeat(100_000));
        let written = say(&ana, ticket, &text).await.expect(201);
        let comments = format!("/tickets/{ticket}/comments");
        let read = async || ana.get(&comments).await.expect(200).items().to_vec();
        assert_eq!(read().await[0]["body"], text);
        let path = format!("/comments/{}", written.id());
        ana.patch(&path, json!({ "body": other })).await.expect(200);
        let (stored, kept) = (app.stored().await, read().await);
        assert_eq!((kept.len(), &kept[0]["body"]), (1, &other.into()));
        for more in ["x", "😀"] {
            let longer = format!("{text}{more}");
            say(&ana, ticket, &longer).await.refuses("body", "too_long");
            ana.patch(&path, json!({ "body": longer })).await.refuses("body", "too_long");
        }
        assert_eq!((app.stored().await, read().await), (stored, kept));
    }

    async fn many_comment_on_one_ticket_at_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        join_all((0..12).map(async |nth| {
            match nth % 3 {
                0 => say(&ana, ticket, "¿Hay alguien?").await,
                1 => say(&tech, ticket, "Voy").await,
                _ => note(&tech, ticket, "Que espere").await,
            }
            .expect(201)
        }))
        .await;
        assert_eq!(tech.get(&format!("/tickets/{ticket}/comments")).await.items().len(), 12);
    }

    async fn a_cursor_is_good_for_its_own_ticket_only(app: TestApp) {
        let ana = app.user().await;
        let (one, two) = (app.ticket(&ana, "Uno").await, app.ticket(&ana, "Dos").await);
        for ticket in [one, two] {
            say(&ana, ticket, "Primero").await.expect(201);
            say(&ana, ticket, "Segundo").await.expect(201);
        }
        let page = ana.get(&format!("/tickets/{one}/comments?limit=1")).await.expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        for path in [format!("/tickets/{two}/comments"), format!("/tickets/{one}/history")] {
            ana.list(&path, &[("cursor", cursor)]).await.expect(400).problem("invalid_cursor");
        }
        let rest = ana.list(&format!("/tickets/{one}/comments"), &[("cursor", cursor)]).await.expect(200);
        assert_eq!(ids(rest.items()).len(), 1);
    }
}

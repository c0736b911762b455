//! Messages are kept once, read backwards and found.

use backend::{db::Db, events::verify::verify};
use serde_json::{Value, json};

use super::{mark_read, reach, read, say, send, upload};
use crate::support::{Form, ids};

on_each_database! {
    async fn a_message_is_kept_before_it_is_acknowledged(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let sent = say(&ana, &tech, "Hola, **¿hay** alguien?").await;
        assert_eq!((&sent["from_id"], &sent["to_id"]), (&json!(ana.id), &json!(tech.id)));
        assert_eq!(sent["body_html"], "<p>Hola, <strong>¿hay</strong> alguien?</p>\n");
        for field in ["delivered_at", "read_at", "client_id", "edited_at", "deleted_at"] {
            assert_eq!(sent[field], Value::Null, "{field}");
        }
        for (reader, other) in [(&ana, &tech), (&tech, &ana)] {
            assert_eq!(read(reader, other).await["items"], json!([sent.json]));
        }
        let (mine, theirs) = (ana.get("/conversations").await.expect(200), tech.get("/conversations").await.expect(200));
        assert_eq!((&mine["unread"], &theirs["unread"]), (&json!(0), &json!(1)));
        let theirs = &theirs.items()[0];
        assert_eq!((&theirs["user"]["id"], &theirs["role"], &theirs["active"]), (&json!(ana.id), &json!("user"), &json!(true)));
        assert_eq!((&theirs["last_message"], &theirs["unread"]), (&sent.json, &json!(1)));
        // Nobody draws tables while they talk, and a few bytes of one can stand for thousands of cells.
        let drawn = say(&ana, &tech, "|a|b|\n|-|-|\n|1|2|").await;
        assert_eq!(drawn["body_html"], "<p>|a|b|<br>\n|-|-|<br>\n|1|2|</p>\n");
    }

    async fn a_message_sent_again_is_kept_once_and_answered_as_it_is(app: TestApp) {
        let (ana, tech, other) = (app.user().await, app.technician().await, app.technician().await);
        let message = json!({ "body": "Hola", "client_id": "a-1" });
        let first = send(&ana, &tech, message.clone()).await.expect(201);
        let before = app.stored().await;
        for body in ["Hola", "Otra cosa"] {
            let again = send(&ana, &tech, json!({ "body": body, "client_id": "a-1" })).await.expect(200);
            assert_eq!(again.json, first.json);
        }
        assert_eq!(app.stored().await, before);
        assert_eq!(tech.get("/conversations").await["unread"], 1);
        // To somebody else, and by somebody else, it is another message.
        send(&ana, &other, message.clone()).await.expect(201);
        send(&tech, &ana, message).await.expect(201);
        for refused in ["", "a b", "ñ"] {
            send(&ana, &tech, json!({ "body": "x", "client_id": refused })).await.expect(422).problem("validation_failed");
        }
    }

    async fn a_message_sent_again_is_answered_though_its_reader_can_be_written_to_no_more(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let form = |name: &str| Form::default().file("a.txt", b"hola").field("client_id", name);
        let first = send(&ana, &tech, json!({ "body": "Hola", "client_id": "a-1" })).await.expect(201);
        let files = upload(&ana, &tech, form("f-1")).await.expect(201);
        let before = (app.stored().await, app.files());
        for (change, status, code) in [("active = FALSE", 409, "account_inactive"), ("active = TRUE, role = 0", 404, "not_found")] {
            app.sql(&format!("UPDATE users SET {change} WHERE id = {}", tech.id)).await;
            let again = send(&ana, &tech, json!({ "body": "Otra cosa", "client_id": "a-1" })).await;
            assert_eq!(again.expect(200).json, first.json, "{change}");
            assert_eq!(upload(&ana, &tech, form("f-1")).await.expect(200).json, files.json, "{change}");
            // What did not come before does not come now.
            send(&ana, &tech, json!({ "body": "Hola", "client_id": "a-2" })).await.expect(status).problem(code);
            upload(&ana, &tech, form("f-2")).await.expect(status).problem(code);
        }
        assert_eq!((app.stored().await, app.files()), before);
    }

    settings(|config| config.workers = 2)
    async fn eight_who_send_the_same_at_once_keep_one(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let sends = (0..8).map(|_| send(&ana, &tech, json!({ "body": "Hola", "client_id": "a-1" })));
        let replies = futures_util::future::join_all(sends).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'message_sent'").await, 1);
        assert_eq!(tech.get("/conversations").await["unread"], 1);
    }

    async fn history_is_read_backwards_page_by_page(app: TestApp) {
        let (ana, tech, other) = (app.user().await, app.technician().await, app.technician().await);
        let mut sent = Vec::new();
        for n in 0..7 {
            let (from, to) = if n % 2 == 0 { (&ana, &tech) } else { (&tech, &ana) };
            sent.push(say(from, to, &format!("Mensaje {n}")).await.id());
            say(&other, &tech, "Aparte").await;
        }
        sent.reverse();
        for limit in [1, 3, 7, 100] {
            let found = tech.pages(&format!("/conversations/{}/messages", ana.id), &[], limit).await;
            assert_eq!(ids(&found), sent, "{limit}");
        }
        let all = tech.pages("/conversations", &[], 1).await;
        assert_eq!(all.iter().map(|one| one["user"]["id"].as_i64().unwrap()).collect::<Vec<_>>(), [other.id, ana.id]);
        let page = tech.list(&format!("/conversations/{}/messages", ana.id), &[("limit", "2")]).await;
        let cursor = page["next_cursor"].as_str().unwrap();
        let elsewhere = tech.list(&format!("/conversations/{}/messages", other.id), &[("cursor", cursor)]).await;
        elsewhere.expect(400).problem("invalid_cursor");
    }

    async fn words_are_found_without_accents_and_wildcards_are_words(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let printer = say(&ana, &tech, "La IMPRESIÓN sale al 50%").await.id();
        let mouse = say(&tech, &ana, "¿Y el ratón?").await.id();
        for (q, found) in [
            ("impresion", vec![printer]),
            ("Ratón", vec![mouse]),
            ("sale impresión", vec![printer]),
            ("50%", vec![printer]),
            ("_", vec![]),
            ("e", vec![mouse, printer]),
            ("impresión ratón", vec![]),
        ] {
            let reply = ana.list(&format!("/conversations/{}/messages", tech.id), &[("q", q)]).await.expect(200);
            assert_eq!(reply.ids(), found, "{q}");
        }
    }

    async fn messages_are_delivered_and_read_and_each_is_told_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let first = say(&ana, &tech, "Uno").await.id();
        reach(&app, &tech).await;
        let second = say(&ana, &tech, "Dos").await.id();
        let found = read(&ana, &tech).await;
        assert_eq!(found.ids(), [second, first]);
        assert!(found.items()[1]["delivered_at"].is_string() && found.items()[1]["read_at"].is_null());
        assert!(found.items()[0]["delivered_at"].is_null());
        let up_to = json!({ "up_to": first });
        tech.put(&format!("/conversations/{}/read", ana.id), up_to).await.expect(204);
        assert_eq!(tech.get("/conversations").await["unread"], 1);
        mark_read(&tech, &ana).await;
        let read_again = app.stored().await;
        mark_read(&tech, &ana).await;
        reach(&app, &tech).await;
        assert_eq!(app.stored().await, read_again, "what was read is read again");
        // What is read was delivered.
        for message in read(&ana, &tech).await.items() {
            assert!(message["delivered_at"].is_string() && message["read_at"].is_string(), "{message}");
        }
        assert_eq!(tech.get("/conversations").await["unread"], 0);
        let told = |kind: &str| format!("SELECT COUNT(*) AS n FROM events WHERE kind = '{kind}' AND audience = 3");
        assert_eq!(app.number(&told("message_sent")).await, 2);
        assert_eq!(app.number(&told("messages_delivered")).await, 1);
        assert_eq!(app.number(&told("messages_read")).await, 2);
    }

    async fn the_audit_does_not_tell_who_writes_to_whom_and_the_log_stays_whole(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        say(&ana, &tech, "Secreto").await;
        say(&admin, &ana, "Hola").await;
        mark_read(&tech, &ana).await;
        let before = app.number("SELECT COUNT(*) AS n FROM events WHERE audience = 3").await;
        assert_eq!(before, 3);
        let audit = admin.pages("/audit", &[], 100).await;
        assert!(audit.iter().all(|entry| !entry["kind"].as_str().unwrap().starts_with("message")), "{audit:?}");
        let address = "SELECT COUNT(*) AS n FROM events WHERE audience = 3 AND (address IS NOT NULL OR payload LIKE '%ecreto%')";
        assert_eq!(app.number(address).await, 0);
        verify(&Db::open(&app.database.parsed()).await.unwrap(), None).await.unwrap().unwrap();
    }
}

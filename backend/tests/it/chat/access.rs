//! Who may write to whom.

use serde_json::json;

use super::{read, say, send};

on_each_database! {
    async fn users_write_to_staff_and_staff_to_anyone(app: TestApp) {
        let (ana, luis, tech, admin) = (app.user().await, app.user().await, app.technician().await, app.admin().await);
        let before = app.stored().await;
        send(&ana, &luis, json!({ "body": "Hola" })).await.expect(404).problem("not_found");
        send(&ana, &ana, json!({ "body": "Hola" })).await.refuses("user_id", "unknown");
        ana.post("/conversations/999999/messages", json!({ "body": "Hola" })).await.expect(404).problem("not_found");
        ana.post("/conversations/x/messages", json!({ "body": "Hola" })).await.expect(404).problem("not_found");
        for body in ["", " \n", "a\u{0}b"] {
            send(&ana, &tech, json!({ "body": body })).await.expect(422).problem("validation_failed");
        }
        send(&ana, &tech, json!({ "body": "ñ".repeat(10_001) })).await.refuses("body", "too_long");
        assert_eq!(app.stored().await, before);
        send(&ana, &tech, json!({ "body": "🖨".repeat(10_000) })).await.expect(201);
        for (from, to) in [(&ana, &admin), (&tech, &ana), (&tech, &admin), (&admin, &luis)] {
            say(from, to, "Hola").await;
        }
        for other in [&ana, &luis] {
            let path = format!("/conversations/{}/messages", other.id);
            assert_eq!(tech.get(&path).await.status, 200);
        }
        ana.get(&format!("/conversations/{}/messages", luis.id)).await.expect(404).problem("not_found");
        ana.get(&format!("/conversations/{}/messages", ana.id)).await.expect(404).problem("not_found");
    }

    async fn people_are_found_whom_one_may_write_to(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let gone = app.technician().await;
        app.sql(&format!("UPDATE users SET name = 'Íñigo Ruiz', name_folded = 'inigo ruiz' WHERE id = {}", tech.id)).await;
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", gone.id)).await;
        let found = |reply: crate::support::Reply| -> Vec<i64> {
            reply.expect(200).items().iter().map(|one| one["user"]["id"].as_i64().unwrap()).collect()
        };
        assert_eq!(found(ana.get("/conversations/people").await), [tech.id]);
        let all = found(tech.get("/conversations/people").await);
        assert!(all.contains(&ana.id) && all.contains(&luis.id) && !all.contains(&tech.id) && !all.contains(&gone.id));
        for q in ["íñigo", "RUI", "inigo ruiz", &tech.username] {
            assert_eq!(found(ana.list("/conversations/people", &[("q", q)]).await), [tech.id], "{q}");
        }
        for q in ["nigo", "%", &luis.username] {
            assert_eq!(found(ana.list("/conversations/people", &[("q", q)]).await), [0_i64; 0], "{q}");
        }
        assert_eq!(found(tech.list("/conversations/people", &[("limit", "1")]).await), all[..1]);
        tech.list("/conversations/people", &[("limit", "0")]).await.expect(400).problem("malformed_parameter");
    }

    async fn one_conversation_says_who_the_other_is_and_whether_they_can_still_be_written_to(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let with = |other: i64| format!("/conversations/{other}");
        let fresh = ana.get(&with(tech.id)).await.expect(200);
        assert_eq!((&fresh["user"]["id"], &fresh["user"]["name"]), (&json!(tech.id), &json!(tech.name)));
        assert_eq!((&fresh["role"], &fresh["active"]), (&json!("technician"), &json!(true)));
        assert_eq!((&fresh["last_message"], &fresh["unread"]), (&json!(null), &json!(0)));
        let message = say(&tech, &ana, "Hola").await.id();
        for (reader, other, unread) in [(&ana, &tech, 1), (&tech, &ana, 0)] {
            let one = reader.get(&with(other.id)).await.expect(200);
            assert_eq!((&one["user"]["id"], &one["unread"]), (&json!(other.id), &json!(unread)));
            assert_eq!((&one["last_message"]["id"], &one["last_message"]["body"]), (&json!(message), &json!("Hola")));
            // The same as in the list.
            assert_eq!(reader.get("/conversations").await.items()[0], one.json);
        }
        // Whom one wrote with is still known when they cannot log in; whom one never wrote with is not.
        let gone = app.technician().await;
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id IN ({}, {})", tech.id, gone.id)).await;
        assert_eq!(ana.get(&with(tech.id)).await.expect(200)["active"], false);
        for nobody in [luis.id, ana.id, gone.id, 999_999] {
            ana.get(&with(nobody)).await.expect(404).problem("not_found");
        }
        ana.get("/conversations/x").await.expect(404).problem("not_found");
    }

    async fn what_was_written_stays_readable_when_nobody_may_write_any_more(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let message = say(&ana, &tech, "Hola").await.id();
        let was = app.stored().await;
        app.sql(&format!("UPDATE users SET role = 0 WHERE id = {}", tech.id)).await;
        send(&ana, &tech, json!({ "body": "x" })).await.expect(404).problem("not_found");
        ana.patch(&format!("/messages/{message}"), json!({ "body": "x" })).await.expect(404).problem("not_found");
        assert_eq!(read(&ana, &tech).await.ids(), [message]);
        app.sql(&format!("UPDATE users SET role = 1, active = FALSE WHERE id = {}", tech.id)).await;
        send(&ana, &tech, json!({ "body": "x" })).await.expect(409).problem("account_inactive");
        assert_eq!(read(&ana, &tech).await.ids(), [message]);
        assert_eq!(ana.get("/conversations").await.items()[0]["active"], false);
        assert_eq!(app.stored().await, was);
        // Somebody without access whom nobody has written to is not there.
        let gone = app.technician().await;
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", gone.id)).await;
        ana.get(&format!("/conversations/{}/messages", gone.id)).await.expect(404).problem("not_found");
    }

    /// Otherwise whoever only chats would never be asked whether they are still there.
    async fn neither_chat_nor_presence_extends_the_session(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        app.let_pass(ana.session, std::time::Duration::from_secs(100)).await;
        let ends = format!("SELECT expires_at AS n FROM sessions WHERE id = {}", ana.session);
        let before = app.number(&ends).await;
        let message = say(&ana, &tech, "Hola").await.id();
        ana.patch(&format!("/messages/{message}"), json!({ "body": "Adiós" })).await.expect(200);
        read(&ana, &tech).await;
        ana.put(&format!("/conversations/{}/read", tech.id), json!({})).await.expect(204);
        let one = format!("/conversations/{}", tech.id);
        for path in ["/conversations", "/conversations/people", &one, "/presence"] {
            ana.get(path).await.expect(200);
        }
        ana.delete(&format!("/messages/{message}")).await.expect(204);
        assert_eq!(app.number(&ends).await, before);
        // To make a ticket of messages is work at the desk.
        let message = say(&ana, &tech, "No imprime").await.id();
        let body = json!({ "title": "No imprime", "message_ids": [message] });
        ana.post(&format!("/conversations/{}/ticket", tech.id), body).await.expect(201);
        assert!(app.number(&ends).await > before);
    }
}

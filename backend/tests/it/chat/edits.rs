//! One's own messages are edited and deleted for a while.

use serde_json::{Value, json};

use super::{mark_read, read, say};

on_each_database! {
    async fn whoever_wrote_a_message_edits_it(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let message = say(&ana, &tech, "Hola").await;
        let path = format!("/messages/{}", message.id());
        let same = ana.patch(&path, json!({ "body": "Hola" })).await.expect(200);
        assert_eq!(same.json, message.json, "an edit that changes nothing is none");
        let edited = ana.patch(&path, json!({ "body": "Adiós *ya*" })).await.expect(200);
        assert_eq!((&edited["body"], &edited["body_html"]), (&json!("Adiós *ya*"), &json!("<p>Adiós <em>ya</em></p>\n")));
        assert!(edited["edited_at"].is_string());
        assert_eq!(read(&tech, &ana).await["items"], json!([edited.json]));
        let found = |q: &'static str| {
            let (tech, path) = (tech.clone(), format!("/conversations/{}/messages", ana.id));
            async move { tech.list(&path, &[("q", q)]).await.items().len() }
        };
        assert_eq!((found("hola").await, found("adios").await), (0, 1));
        tech.patch(&path, json!({ "body": "x" })).await.expect(403).problem("forbidden");
        ana.patch(&path, json!({ "body": "" })).await.refuses("body", "required");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'message_edited'").await, 1);
        app.sql(&format!("UPDATE messages SET created_at = created_at - {}", 16 * 60 * 1_000_000_i64)).await;
        let before = app.stored().await;
        ana.patch(&path, json!({ "body": "Tarde" })).await.expect(403).problem("edit_window_over");
        ana.delete(&path).await.expect(403).problem("edit_window_over");
        assert_eq!(app.stored().await, before);
    }

    async fn a_deleted_message_keeps_its_place_and_is_not_unread(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let (first, second) = (say(&ana, &tech, "Uno").await.id(), say(&ana, &tech, "Dos").await.id());
        tech.delete(&format!("/messages/{first}")).await.expect(403).problem("forbidden");
        for _ in 0..2 {
            ana.delete(&format!("/messages/{first}")).await.expect(204);
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'message_deleted'").await, 1);
        let found = read(&tech, &ana).await;
        assert_eq!(found.ids(), [second, first]);
        assert_eq!((&found.items()[1]["body"], &found.items()[1]["body_html"]), (&json!(""), &json!("")));
        assert!(found.items()[1]["deleted_at"].is_string());
        assert_eq!(tech.get("/conversations").await["unread"], 1);
        ana.patch(&format!("/messages/{first}"), json!({ "body": "x" })).await.expect(404).problem("not_found");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages WHERE body LIKE '%Uno%' OR body_folded <> 'dos'").await, 1);
        mark_read(&tech, &ana).await;
        ana.delete(&format!("/messages/{second}")).await.expect(204);
        let conversation = tech.get("/conversations").await;
        assert_eq!(conversation["unread"], 0);
        assert_eq!(conversation.items()[0]["last_message"]["id"], second);
        assert_ne!(conversation.items()[0]["last_message"]["deleted_at"], Value::Null);
    }
}

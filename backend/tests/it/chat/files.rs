//! Files on messages: for the two alone, kept once, gone when nothing needs them.

use backend::db;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{read, say, upload};
use crate::support::{Form, png};

on_each_database! {
    async fn files_come_with_a_message_and_go_out_to_the_two_alone(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let form = Form::default()
            .field("body", "Mira:\r\n**esto**")
            .field("client_id", "f-1")
            .file("captura.png", &png(20, 20))
            .file("registro.txt", b"hola");
        let sent = upload(&ana, &tech, form).await.expect(201);
        assert_eq!((&sent["body"], &sent["client_id"]), (&json!("Mira:\n**esto**"), &json!("f-1")));
        let files = sent["files"].as_array().unwrap();
        assert_eq!((&files[0]["name"], &files[0]["media_type"]), (&json!("captura.png"), &json!("image/png")));
        assert_eq!((&files[1]["size"], &files[1]["thumbnail_url"]), (&json!(4), &Value::Null));
        assert_eq!(read(&tech, &ana).await["items"], json!([sent.json]));
        let picture = files[0]["url"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
        let text = files[1]["url"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
        for reader in [&ana, &tech] {
            let reply = reader.get(text).await.expect(200);
            assert_eq!((reply.text.as_str(), reply.header("content-type")), ("hola", Some("text/plain")));
            assert!(reply.header("content-disposition").unwrap().starts_with("attachment; filename=\"registro.txt\""));
            assert!(reply.header("content-security-policy").unwrap().contains("sandbox"));
            assert_eq!(reader.get(&format!("{picture}/thumbnail")).await.expect(200).header("content-type"), Some("image/jpeg"));
        }
        for path in [picture.to_owned(), text.to_owned(), format!("{picture}/thumbnail")] {
            // Not even an administrator reads what is between two people.
            admin.get(&path).await.expect(404).problem("not_found");
        }
        assert_eq!(tech.get("/conversations").await["unread"], 1);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'message_sent'").await, 1);
    }

    async fn files_sent_again_are_kept_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let form = || Form::default().file("a.txt", b"hola").field("client_id", "f-1");
        let first = upload(&ana, &tech, form()).await.expect(201);
        assert_eq!(first["body"], "");
        let (before, files) = (app.stored().await, app.files());
        assert_eq!(upload(&ana, &tech, form()).await.expect(200).json, first.json);
        assert_eq!((app.stored().await, app.files()), (before, files));
    }

    async fn what_may_not_be_attached_may_not_be_sent(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let before = app.stored().await;
        upload(&ana, &tech, Form::default().file("a.exe", b"MZ")).await.refuses("file", "file_type_not_allowed");
        upload(&ana, &tech, Form::default().file("a.png", b"hola")).await.refuses("file", "file_content_mismatch");
        upload(&ana, &tech, Form::default().field("body", "Hola")).await.refuses("file", "required");
        let form = || Form::default().file("a.txt", b"hola");
        upload(&ana, &tech, form().field("client_id", "a b")).await.refuses("client_id", "invalid_characters");
        upload(&ana, &tech, form().field("body", "ñ".repeat(10_001))).await.refuses("body", "too_long");
        upload(&ana, &tech, form().field("comment_id", "1")).await.expect(400).problem("malformed_body");
        upload(&ana, &luis, form()).await.expect(404).problem("not_found");
        upload(&ana, &ana, form()).await.refuses("user_id", "unknown");
        assert_eq!(app.stored().await, before);
        assert_eq!(app.files(), [""; 0]);
    }

    async fn a_file_stays_as_long_as_a_message_or_a_ticket_needs_it(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let form = || Form::default().file("a.png", &png(20, 20));
        let (one, two) = (upload(&ana, &tech, form()).await.id(), upload(&tech, &ana, form()).await.id());
        let ticket = app.ticket(&ana, "Ratón").await;
        let attachment = ana.attach(ticket, &[("a.png", &png(20, 20))]).await.expect(201).id();
        let kept = app.files();
        assert_eq!(kept.len(), 2, "{kept:?}");
        ana.delete(&format!("/messages/{one}")).await.expect(204);
        ana.delete(&format!("/attachments/{attachment}")).await.expect(204);
        backend::attachments::collect::collect(&app.state, db::now() + TimeDelta::days(2)).await.unwrap();
        assert_eq!(app.files(), kept, "the other message still needs it");
        let left = read(&ana, &tech).await;
        assert_eq!((&left.items()[1]["files"], left.items()[0]["files"].as_array().unwrap().len()), (&json!([]), 1));
        tech.delete(&format!("/messages/{two}")).await.expect(204);
        assert_eq!(app.files(), [""; 0]);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM blobs").await, 0);
        say(&ana, &tech, "Hola").await;
    }
}

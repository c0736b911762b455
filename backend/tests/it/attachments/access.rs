//! Who may see, attach and delete.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::samples;
use crate::support::Form;

const MINUTE: i64 = 60 * 1_000_000;

on_each_database! {
    async fn another_persons_file_is_not_there(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let (tech, other, watcher) = (app.technician().await, app.technician().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &tech).await;
        app.invite(ticket, &watcher).await;
        let png = samples::png(20, 20);
        let id = ana.attach(ticket, &[("a.png", &png)]).await.expect(201).id();
        for path in [format!("/attachments/{id}"), format!("/attachments/{id}/thumbnail")] {
            for person in [&ana, &tech, &watcher] {
                person.get(&path).await.expect(200);
            }
            for person in [&luis, &other] {
                person.get(&path).await.expect(404).problem("not_found");
            }
            app.anonymous().get(&path).await.expect(401).problem("not_authenticated");
        }
        luis.delete(&format!("/attachments/{id}")).await.expect(404).problem("not_found");
        luis.attach(ticket, &[("b.png", &png)]).await.expect(404).problem("not_found");
        luis.get(&format!("/tickets/{ticket}/attachments")).await.expect(404).problem("not_found");
        // Not even by what is in it: not for its owner either.
        let hash: String = Sha256::digest(&png).iter().map(|byte| format!("{byte:02x}")).collect();
        for person in [&luis, &ana] {
            person.get(&format!("/attachments/{hash}")).await.expect(404).problem("not_found");
            person.get(&format!("/attachments/{hash}/thumbnail")).await.expect(404).problem("not_found");
        }
        let files = app.files();
        for path in files.iter().map(String::as_str).chain(["../secret_key", "..%2f..%2fturno.db"]) {
            let whole = format!("/{path}");
            let reply = luis.request_at(reqwest::Method::GET, &whole).send().await;
            assert_ne!(reply.bytes, png, "{whole}");
            assert!(!reply.text.contains("PNG"), "{whole}");
        }
    }

    async fn a_file_on_an_internal_note_is_for_staff(app: TestApp) {
        let (ana, tech, admin, watcher) =
            (app.user().await, app.technician().await, app.admin().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.invite(ticket, &watcher).await;
        let open = ana.attach(ticket, &[("abierto.txt", b"x")]).await.expect(201).id();
        let note = json!({ "body": "Mira", "visibility": "internal" });
        let note = tech.post(&format!("/tickets/{ticket}/comments"), note).await.expect(201).id();
        let before = ana.get(&format!("/tickets/{ticket}/history")).await.expect(200).json;
        let form = Form::default().field("comment_id", note).file("secreto.png", &samples::png(20, 20));
        let secret = tech.upload(ticket, form).await.expect(201).id();
        let after = ana.attach(ticket, &[("despues.txt", b"x")]).await.expect(201).id();
        for person in [&tech, &admin] {
            assert_eq!(person.get(&format!("/tickets/{ticket}/attachments")).await.ids(), [open, secret, after]);
            person.get(&format!("/attachments/{secret}")).await.expect(200);
            person.get(&format!("/attachments/{secret}/thumbnail")).await.expect(200);
            let history = person.get(&format!("/tickets/{ticket}/history")).await;
            assert!(history.text.contains("secreto.png"));
        }
        for person in [&ana, &watcher] {
            assert_eq!(person.get(&format!("/tickets/{ticket}/attachments")).await.ids(), [open, after]);
            assert_eq!(person.pages(&format!("/tickets/{ticket}/attachments"), &[], 1).await.len(), 2);
            for path in [format!("/attachments/{secret}"), format!("/attachments/{secret}/thumbnail")] {
                person.get(&path).await.expect(404).problem("not_found");
            }
            person.delete(&format!("/attachments/{secret}")).await.expect(404).problem("not_found");
            assert!(!person.get(&format!("/tickets/{ticket}/history")).await.text.contains("secreto"));
        }
        tech.delete(&format!("/attachments/{secret}")).await.expect(204);
        let history = ana.get(&format!("/tickets/{ticket}/history")).await.expect(200);
        assert_eq!(history.items().len(), before["items"].as_array().unwrap().len() + 1);
        assert!(!history.text.contains("secreto"));
    }

    async fn whoever_attached_it_deletes_it_for_fifteen_minutes(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let attach = async |name: &str| ana.attach(ticket, &[(name, name.as_bytes())]).await.expect(201).id();
        let (soon, late) = (attach("pronto.txt").await, attach("tarde.txt").await);
        let path = |id: i64| format!("/attachments/{id}");
        tech.delete(&path(soon)).await.expect(403).problem("forbidden");
        app.sql(&format!("UPDATE attachments SET created_at = created_at - {}", 14 * MINUTE)).await;
        ana.delete(&path(soon)).await.expect(204);
        for reply in [ana.delete(&path(soon)).await, ana.get(&path(soon)).await] {
            reply.expect(404).problem("not_found");
        }
        app.sql(&format!("UPDATE attachments SET created_at = created_at - {}", 2 * MINUTE)).await;
        ana.delete(&path(late)).await.expect(403).problem("edit_window_over");
        ana.get(&path(late)).await.expect(200);
        admin.delete(&path(late)).await.expect(204);
        assert_eq!(app.files(), [""; 0]);
        let history = ana.get(&format!("/tickets/{ticket}/history")).await.expect(200);
        let told: Vec<(&Value, &Value)> = history
            .items()
            .iter()
            .filter(|entry| entry["kind"] == "attachment_deleted")
            .map(|entry| (&entry["actor"]["id"], &entry["changes"]))
            .collect();
        let gone = |id: i64, name: &str| json!([{ "field": "attachment", "from": { "id": id, "name": name }, "to": null }]);
        let (one, two) = (gone(soon, "pronto.txt"), gone(late, "tarde.txt"));
        assert_eq!(told, [(&ana.id.into(), &one), (&admin.id.into(), &two)]);
    }
}

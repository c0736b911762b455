//! Messages become a ticket.

use serde_json::{Value, json};

use super::{say, upload};
use crate::support::{Form, png};

on_each_database! {
    async fn messages_become_a_ticket_with_their_files(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let category = app.admin().await.post("/categories", json!({ "name": "Redes", "default_assignee_id": tech.id })).await.id();
        let first = say(&ana, &tech, "El ratón\nno va").await.id();
        say(&ana, &tech, "Por cierto, ¿comemos?").await;
        let second = say(&tech, &ana, "¿Desde *cuándo*?").await.id();
        let form = Form::default().file("foto `1`.png", &png(20, 20));
        let third = upload(&ana, &tech, form).await.expect(201).id();
        let body = json!({
            "title": "Ratón", "message_ids": [third, second, first], "priority": "high", "category_id": category,
        });
        let ticket = tech.post(&format!("/conversations/{}/ticket", ana.id), body).await.expect(201);
        assert_eq!((&ticket["requester"]["id"], &ticket["assignee"]["id"]), (&json!(ana.id), &json!(tech.id)));
        assert_eq!((&ticket["title"], &ticket["priority"]), (&json!("Ratón"), &json!("high")));
        let text = ticket["description"].as_str().unwrap();
        let said = [format!("**{}** · ", ana.name), "> El ratón\n> no va\n\n".to_owned(), format!("**{}** · ", tech.name)];
        for part in said {
            assert!(text.contains(&part), "{part}: {text}");
        }
        assert!(text.contains("> ¿Desde *cuándo*?") && text.ends_with("> - ``  foto `1`.png  ``".replace("  ", " ").as_str()), "{text}");
        assert!(!text.contains("comemos"), "{text}");
        let files = ana.get(&format!("/tickets/{}/attachments", ticket.id())).await.expect(200);
        assert_eq!((&files.items()[0]["name"], &files.items()[0]["uploader"]["id"]), (&json!("foto `1`.png"), &json!(ana.id)));
        let history = ana.get(&format!("/tickets/{}/history", ticket.id())).await.expect(200);
        let kinds: Vec<&Value> = history.items().iter().map(|entry| &entry["kind"]).collect();
        assert_eq!(kinds, ["ticket_created", "ticket_assigned", "attachment_added"]);
        // The file is the ticket's now, whatever becomes of the message.
        ana.delete(&format!("/messages/{third}")).await.expect(204);
        ana.get(&format!("/attachments/{}", files.ids()[0])).await.expect(200);
    }

    async fn a_ticket_is_the_users_and_between_staff_the_callers(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let (one, two) = (say(&tech, &ana, "Hola").await.id(), say(&admin, &tech, "Hola").await.id());
        let make = |ids: Vec<i64>| json!({ "title": "x", "message_ids": ids });
        let own = ana.post(&format!("/conversations/{}/ticket", tech.id), make(vec![one, one])).await.expect(201);
        assert_eq!(own["requester"]["id"], ana.id);
        let own = tech.post(&format!("/conversations/{}/ticket", admin.id), make(vec![two])).await.expect(201);
        assert_eq!(own["requester"]["id"], tech.id);
        let gone = say(&ana, &tech, "Nada").await.id();
        ana.delete(&format!("/messages/{gone}")).await.expect(204);
        let before = app.stored().await;
        for ids in [vec![one, two], vec![gone], vec![999_999]] {
            let path = format!("/conversations/{}/ticket", tech.id);
            ana.post(&path, make(ids)).await.refuses("message_ids", "unknown");
        }
        ana.post(&format!("/conversations/{}/ticket", tech.id), make(vec![])).await.refuses("message_ids", "required");
        let path = format!("/conversations/{}/ticket", ana.id);
        let odd = json!({ "title": "x", "message_ids": [one], "category_id": 999_999 });
        tech.post(&path, odd).await.refuses("category_id", "unknown");
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", ana.id)).await;
        tech.post(&path, make(vec![one])).await.expect(409).problem("account_inactive");
        assert_eq!(app.stored().await, before);
    }

    async fn a_ticket_made_again_under_its_name_is_made_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let said = say(&ana, &tech, "No imprime").await.id();
        let file = upload(&ana, &tech, Form::default().file("a.txt", b"hola")).await.expect(201).id();
        let path = format!("/conversations/{}/ticket", ana.id);
        let body = json!({ "title": "No imprime", "message_ids": [said, file], "client_id": "m-1" });
        let first = tech.post(&path, body.clone()).await.expect(201);
        // Whatever became of what it was made of, and of whom it is for.
        ana.delete(&format!("/messages/{said}")).await.expect(204);
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", ana.id)).await;
        let before = app.stored().await;
        let again = tech.post(&path, body).await.expect(200);
        assert_eq!((&again.json, again.header("location")), (&first.json, first.header("location")));
        assert_eq!(app.stored().await, before);
        let wrong = json!({ "title": "x", "message_ids": [file], "client_id": "a b" });
        tech.post(&path, wrong).await.refuses("client_id", "invalid_characters");
    }

    async fn what_does_not_fit_into_a_ticket_is_refused(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut ids = Vec::new();
        for _ in 0..10 {
            ids.push(say(&ana, &tech, &"🖨".repeat(10_000)).await.id());
        }
        let before = app.stored().await;
        let path = format!("/conversations/{}/ticket", tech.id);
        // Ten fill it, and who wrote them stands before each.
        ana.post(&path, json!({ "title": "x", "message_ids": ids })).await.refuses("message_ids", "too_long");
        assert_eq!(app.stored().await, before);
        let made = ana.post(&path, json!({ "title": "x", "message_ids": ids[..9] })).await.expect(201);
        assert_eq!(made["description"].as_str().unwrap().matches('🖨').count(), 90_000);
    }
}

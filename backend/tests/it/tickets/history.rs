//! `GET /tickets/{id}/history`: who did what, from what to what.

use serde_json::{Value, json};

on_each_database! {
    async fn every_change_is_told_from_what_to_what(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let categories = ana.get("/categories").await.ids();
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        let take = json!({ "assignee_id": tech.id });
        tech.post(&format!("{path}/assign"), take).await.expect(200);
        let edit = json!({
            "version": 2, "title": "Ratón roto", "priority": "high", "category_id": categories[1], "status": "in_progress",
        });
        tech.patch(&path, edit).await.expect(200);
        tech.patch(&path, json!({ "version": 3, "category_id": null, "description": "Otra" })).await.expect(200);
        let comment = ana.post(&format!("{path}/comments"), json!({ "body": "¿Y?" })).await.expect(201).id();
        ana.patch(&format!("/comments/{comment}"), json!({ "body": "¿Y bien?" })).await.expect(200);
        admin.post(&format!("{path}/assign"), json!({ "assignee_id": admin.id })).await.expect(200);
        admin.act(&format!("{path}/close")).await.expect(200);
        ana.act(&format!("{path}/reopen")).await.expect(200);
        admin.post(&format!("{path}/assign"), json!({ "assignee_id": null })).await.expect(200);
        tech.patch(&path, json!({ "version": 8, "status": "closed" })).await.expect(200);

        let history = ana.get(&format!("{path}/history")).await.expect(200);
        let who = |person: &crate::support::Client| json!({ "id": person.id, "name": person.name });
        let told: Vec<(i64, &str, Value)> = history
            .items()
            .iter()
            .map(|entry| (entry["actor"]["id"].as_i64().unwrap(), entry["kind"].as_str().unwrap(), entry["changes"].clone()))
            .collect();
        let expected = [
            (ana.id, "ticket_created", json!([])),
            (tech.id, "ticket_assigned", json!([{ "field": "assignee", "from": null, "to": who(&tech) }])),
            (tech.id, "ticket_updated", json!([
                { "field": "status", "from": "open", "to": "in_progress" },
                { "field": "title", "from": "Ratón", "to": "Ratón roto" },
                { "field": "priority", "from": "medium", "to": "high" },
                { "field": "category_id", "from": null, "to": categories[1] },
            ])),
            (tech.id, "ticket_updated", json!([
                { "field": "description", "from": "No enciende desde ayer.", "to": "Otra" },
                { "field": "category_id", "from": categories[1], "to": null },
            ])),
            (ana.id, "comment_added", json!([])),
            (ana.id, "comment_edited", json!([{ "field": "body", "from": "¿Y?", "to": "¿Y bien?" }])),
            (admin.id, "ticket_assigned", json!([{ "field": "assignee", "from": who(&tech), "to": who(&admin) }])),
            (admin.id, "ticket_closed", json!([{ "field": "status", "from": "in_progress", "to": "closed" }])),
            (ana.id, "ticket_reopened", json!([{ "field": "status", "from": "closed", "to": "open" }])),
            (admin.id, "ticket_assigned", json!([{ "field": "assignee", "from": who(&admin), "to": null }])),
            (tech.id, "ticket_closed", json!([{ "field": "status", "from": "open", "to": "closed" }])),
        ];
        assert_eq!(told.len(), expected.len(), "{}", history.text);
        for (found, expected) in told.iter().zip(&expected) {
            assert_eq!(found, expected);
        }
        assert_eq!(history.items()[4]["comment_id"], comment);
        assert_eq!(history.items()[5]["comment_id"], comment);
        assert!(history.items()[0].get("comment_id").is_none());
        let actor = &history.items()[1]["actor"];
        assert_eq!(*actor, json!({ "id": tech.id, "name": tech.name, "avatar_url": null }));
        let ids = history.ids();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        for limit in [1, 4, 11] {
            assert_eq!(ana.pages(&format!("{path}/history"), &[], limit).await, history.items(), "by {limit}");
        }
        // The log keeps from where it was done; the history does not tell.
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE address = '127.0.0.1'").await, 11);
        assert!(!history.text.contains("127.0.0.1"));
    }

    async fn a_refused_change_is_not_told(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        ana.patch(&path, json!({ "version": 7, "title": "Otro" })).await.expect(409);
        ana.patch(&path, json!({ "version": 1, "priority": "low" })).await.expect(403);
        ana.act(&format!("{path}/reopen")).await.expect(409);
        luis.act(&format!("{path}/close")).await.expect(404);
        let history = ana.get(&format!("{path}/history")).await.expect(200);
        assert_eq!(history.items().len(), 1);
        luis.get(&format!("{path}/history")).await.expect(404).problem("not_found");
        ana.get("/tickets/999999/history").await.expect(404).problem("not_found");
    }

    async fn what_administrators_do_is_in_the_log(app: TestApp) {
        let admin = app.admin().await;
        let body = json!({ "username": "luz", "name": "Luz", "email": "luz@example.org", "role": "user" });
        let luz = admin.post("/users", body).await.expect(201).id();
        admin.patch(&format!("/users/{luz}"), json!({ "role": "technician" })).await.expect(200);
        admin.patch(&format!("/users/{luz}"), json!({ "password": "Farol-rojo-91-puente" })).await.expect(200);
        admin.delete(&format!("/users/{luz}")).await.expect(204);
        let category = admin.post("/categories", json!({ "name": "Nueva" })).await.expect(201).id();
        admin.patch(&format!("/categories/{category}"), json!({ "name": "Otra" })).await.expect(200);
        admin.delete(&format!("/categories/{category}")).await.expect(204);
        admin.delete("/session").await.expect(204);
        for (kind, subject, count) in [
            ("user_created", luz, 1),
            ("user_updated", luz, 2),
            ("user_deactivated", luz, 1),
            ("category_created", category, 1),
            ("category_updated", category, 1),
            ("category_deleted", category, 1),
            ("logged_out", admin.session, 1),
        ] {
            let found = app
                .number(&format!(
                    "SELECT COUNT(*) AS n FROM events WHERE kind = '{kind}' AND subject_id = {subject} \
                     AND actor_id = {} AND audience = 2 AND address = '127.0.0.1'",
                    admin.id
                ))
                .await;
            assert_eq!(found, count, "{kind}");
        }
        let told = app.number("SELECT COUNT(*) AS n FROM events WHERE payload LIKE '%argon2%' OR payload LIKE '%Farol%'").await;
        assert_eq!(told, 0, "the log keeps a password");
    }

    async fn a_page_of_long_texts_ends_early(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        // Each change tells of 400 kB that became 400 kB.
        for version in 1..=6 {
            let sign = if version % 2 == 0 { "🖨" } else { "🖱" };
            let edit = json!({ "version": version, "description": sign.repeat(100_000) });
            ana.patch(&path, edit).await.expect(200);
        }
        let (mut kinds, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let mut asked = vec![("limit", "100")];
            asked.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = ana.list(&format!("{path}/history"), &asked).await.expect(200);
            assert!(page.bytes.len() < 3_000_000, "{} bytes", page.bytes.len());
            assert!((1..=4).contains(&page.items().len()), "{} entries", page.items().len());
            kinds.extend(page.items().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!((kinds.len(), kinds[0].as_str(), kinds[6].as_str()), (7, "ticket_created", "ticket_updated"));
    }
}

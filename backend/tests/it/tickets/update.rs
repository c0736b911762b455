//! `PATCH /tickets/{id}`: every edit names the version it was made from.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::Client;

const STATUSES: [&str; 4] = ["open", "in_progress", "waiting", "closed"];

/// Where the contract lets a PATCH lead.
fn leads(from: &str, to: &str) -> bool {
    from == to
        || matches!(
            (from, to),
            ("open", "in_progress" | "waiting" | "closed")
                | ("in_progress", "waiting" | "closed")
                | ("waiting", "in_progress" | "closed")
        )
}

async fn version(person: &Client, ticket: i64) -> i64 {
    person.get(&format!("/tickets/{ticket}")).await.expect(200)["version"].as_i64().unwrap()
}

on_each_database! {
    /// Whoever waited for others may have begun before them.
    async fn the_last_activity_never_moves_back(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.sql(&format!("UPDATE tickets SET updated_at = updated_at + 60000000 WHERE id = {ticket}")).await;
        let path = format!("/tickets/{ticket}");
        let latest = ana.get(&path).await.expect(200)["updated_at"].clone();
        ana.post(&format!("{path}/comments"), json!({ "body": "Sigue igual" })).await.expect(201);
        assert_eq!(ana.get(&path).await.expect(200)["updated_at"], latest);
        let edited = tech.patch(&path, json!({ "version": 1, "priority": "high" })).await.expect(200);
        assert_eq!((&edited["updated_at"], &edited["priority"]), (&latest, &"high".into()));
        app.sql(&format!("UPDATE tickets SET updated_at = updated_at - 120000000 WHERE id = {ticket}")).await;
        ana.post(&format!("{path}/comments"), json!({ "body": "Ya no" })).await.expect(201);
        assert!(ana.get(&path).await.expect(200)["updated_at"].as_str() > edited["created_at"].as_str());
    }

    async fn an_edit_makes_a_new_version(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let category = ana.get("/categories").await.ids()[0];
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        let before = ana.get(&path).await.expect(200);
        let body = json!({ "version": 1, "title": " Ratón roto ", "description": "Del todo" });
        let edited = ana.patch(&path, body).await.expect(200);
        assert_eq!((&edited["title"], &edited["description"], &edited["version"]), (&"Ratón roto".into(), &"Del todo".into(), &2.into()));
        assert!(edited["updated_at"].as_str() > before["updated_at"].as_str());
        assert_eq!(edited["created_at"], before["created_at"]);
        let body = json!({ "version": 2, "priority": "high", "category_id": category, "status": "in_progress" });
        let edited = tech.patch(&path, body).await.expect(200);
        assert_eq!((&edited["priority"], &edited["category_id"], &edited["status"]), (&"high".into(), &category.into(), &"in_progress".into()));
        assert_eq!(edited["version"], 3);
        // Null clears the category; absence leaves it.
        let edited = tech.patch(&path, json!({ "version": 3, "priority": "low" })).await.expect(200);
        assert_eq!(edited["category_id"], category);
        let edited = tech.patch(&path, json!({ "version": 4, "category_id": null })).await.expect(200);
        assert_eq!(edited["category_id"], Value::Null);
        assert_eq!(tech.get(&path).await.expect(200).json, edited.json);
    }

    async fn an_edit_that_changes_nothing_leaves_no_trace(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        let before = ana.get(&path).await.expect(200);
        let stored = app.stored().await;
        assert_eq!(ana.patch(&path, json!({ "version": 1 })).await.expect(200).json, before.json);
        assert_eq!(ana.patch(&path, json!({ "version": 1, "title": "Ratón" })).await.expect(200).json, before.json);
        assert_eq!(app.stored().await, stored);
    }

    async fn a_stale_edit_is_told_what_the_ticket_is_now(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        tech.patch(&path, json!({ "version": 1, "status": "in_progress" })).await.expect(200);
        let stored = app.stored().await;
        for body in [
            json!({ "version": 1, "title": "Otro" }),
            json!({ "version": 1 }),
            json!({ "version": 0, "title": "Otro" }),
            json!({ "version": 3, "title": "Otro" }),
            json!({ "version": i64::MAX, "title": "Otro" }),
            json!({ "version": -1, "title": "Otro" }),
        ] {
            let conflict = ana.patch(&path, body).await.expect(409).problem("version_conflict");
            assert_eq!(conflict["current"], ana.get(&path).await.json);
            assert_eq!(conflict["current"]["version"], 2);
        }
        assert_eq!(app.stored().await, stored);
        for body in [json!({ "title": "Otro" }), json!({ "version": null }), json!({ "version": "2" }), json!({ "version": 2.5 })] {
            ana.patch(&path, body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(ana.get(&path).await["title"], "Ratón");
    }

    settings(|config| config.workers = 2)
    async fn of_many_edits_of_one_version_one_is_kept(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        for round in 1..=4 {
            let edits = (0..6).map(|n| ana.patch(&path, json!({ "version": round, "title": format!("{round}-{n}") })));
            let replies = join_all(edits).await;
            let kept: Vec<&Value> = replies.iter().filter(|reply| reply.status == 200).map(|reply| &reply["title"]).collect();
            assert_eq!(kept.len(), 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
            let read = ana.get(&path).await.expect(200);
            assert_eq!((&read["title"], &read["version"]), (kept[0], &(round + 1).into()));
            for reply in replies.iter().filter(|reply| reply.status != 200) {
                let conflict = reply.clone().expect(409).problem("version_conflict");
                assert_eq!(conflict["current"]["version"], round + 1);
            }
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'ticket_updated'").await, 4);
    }

    async fn a_state_is_reached_only_along_the_way(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        for (code, from) in STATUSES.into_iter().enumerate() {
            for to in STATUSES {
                let ticket = app.ticket(&ana, &format!("{from} → {to}")).await;
                app.sql(&format!("UPDATE tickets SET status = {code} WHERE id = {ticket}")).await;
                let path = format!("/tickets/{ticket}");
                let reply = tech.patch(&path, json!({ "version": 1, "status": to })).await;
                if leads(from, to) {
                    let reply = reply.expect(200);
                    assert_eq!(reply["status"], to);
                    assert_eq!(reply["version"], if from == to { 1 } else { 2 });
                    assert_eq!(reply["closed_at"].is_string(), to == "closed" && from != to, "{from} → {to}");
                } else {
                    reply.expect(409).problem("invalid_transition");
                    assert_eq!(version(&tech, ticket).await, 1);
                }
            }
        }
    }

    async fn a_user_edits_the_text_and_closes_but_does_not_triage(app: TestApp) {
        let (ana, watcher) = (app.user().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.invite(ticket, &watcher).await;
        let path = format!("/tickets/{ticket}");
        let stored = app.stored().await;
        for body in [
            json!({ "version": 1, "priority": "urgent" }),
            json!({ "version": 1, "category_id": 1 }),
            json!({ "version": 1, "category_id": null }),
            json!({ "version": 1, "status": "in_progress" }),
            json!({ "version": 1, "title": "Otro", "priority": "urgent" }),
            // Not even when it is stale: trying again would not help.
            json!({ "version": 7, "priority": "urgent" }),
        ] {
            ana.patch(&path, body).await.expect(403).problem("forbidden");
        }
        for body in [json!({ "version": 1, "title": "Otro" }), json!({ "version": 1, "status": "closed" })] {
            watcher.patch(&path, body).await.expect(403).problem("forbidden");
        }
        assert_eq!(app.stored().await, stored);
        assert_eq!(ana.get(&path).await["title"], "Ratón");
        assert_eq!(ana.patch(&path, json!({ "version": 1, "status": "closed" })).await.expect(200)["status"], "closed");
    }

    async fn each_field_keeps_its_rules(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        let stored = app.stored().await;
        for (field, value, reason) in [
            ("title", json!(" "), "required"),
            ("title", json!("x".repeat(201)), "too_long"),
            ("title", json!("a\0b"), "invalid_characters"),
            ("title", json!("dos\nlíneas"), "invalid_characters"),
            ("description", json!(""), "required"),
            ("description", json!("x".repeat(100_001)), "too_long"),
            ("description", json!("a\0b"), "invalid_characters"),
            ("category_id", json!(999_999), "unknown"),
        ] {
            tech.patch(&path, json!({ "version": 1, field: value })).await.refuses(field, reason);
        }
        for (field, value) in [
            ("status", json!("lost")),
            ("priority", json!("soon")),
            ("title", json!(7)),
            ("assignee_id", json!(tech.id)),
            ("requester_id", json!(tech.id)),
        ] {
            tech.patch(&path, json!({ "version": 1, field: value })).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, stored);
        assert_eq!(version(&ana, ticket).await, 1);
    }
}

//! `/tickets/{id}/comments` with a state: an answer and where the ticket goes with it, both or neither.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Client, Reply};

async fn answer(who: &Client, ticket: i64, status: &str) -> Reply {
    who.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Listo", "status": status })).await
}

async fn read(who: &Client, ticket: i64) -> Reply {
    who.get(&format!("/tickets/{ticket}")).await.expect(200)
}

/// What the history says last: kinds, oldest first.
async fn last(who: &Client, ticket: i64, count: usize) -> Vec<String> {
    let history = who.get(&format!("/tickets/{ticket}/history?limit=100")).await.expect(200);
    let kinds = history.items().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned());
    let kinds: Vec<String> = kinds.collect();
    kinds[kinds.len() - count..].to_vec()
}

on_each_database! {
    async fn an_answer_takes_the_ticket_to_a_state(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let comment = answer(&tech, ticket, "waiting").await.expect(201);
        assert_eq!((&comment["body"], &comment["visibility"]), (&"Listo".into(), &"public".into()));
        let waiting = read(&ana, ticket).await;
        assert_eq!((&waiting["status"], &waiting["version"]), (&"waiting".into(), &2.into()));
        assert_eq!(waiting["first_response_at"], comment["created_at"]);
        assert_eq!(last(&ana, ticket, 2).await, ["comment_added", "ticket_updated"]);
        // Where it stands already it stays, and the answer is written.
        answer(&tech, ticket, "waiting").await.expect(201);
        assert_eq!(read(&ana, ticket).await["version"], 2);
        assert_eq!(last(&ana, ticket, 2).await, ["ticket_updated", "comment_added"]);
        answer(&tech, ticket, "closed").await.expect(201);
        let closed = read(&ana, ticket).await;
        assert_eq!((&closed["status"], &closed["version"]), (&"closed".into(), &3.into()));
        assert!(closed["closed_at"].is_string());
        assert_eq!(last(&ana, ticket, 2).await, ["comment_added", "ticket_closed"]);
        // Whoever has the problem opens it again with what they say.
        answer(&ana, ticket, "open").await.expect(201);
        let open = read(&ana, ticket).await;
        assert_eq!((&open["status"], &open["closed_at"], &open["version"]), (&"open".into(), &Value::Null, &4.into()));
        assert_eq!(last(&ana, ticket, 2).await, ["comment_added", "ticket_reopened"]);
        answer(&ana, ticket, "closed").await.expect(201);
        assert_eq!(read(&tech, ticket).await["status"], "closed");
    }

    async fn what_cannot_be_leaves_nothing_behind(app: TestApp) {
        let (ana, follower, stranger) = (app.user().await, app.user().await, app.user().await);
        let (tech, other) = (app.technician().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.invite(ticket, &follower).await;
        app.give(ticket, &tech).await;
        let (stored, before) = (app.stored().await, read(&tech, ticket).await.json);
        for status in ["in_progress", "waiting"] {
            answer(&ana, ticket, status).await.expect(403).problem("forbidden");
        }
        for status in ["open", "in_progress", "waiting", "closed"] {
            answer(&follower, ticket, status).await.expect(403).problem("forbidden");
            answer(&stranger, ticket, status).await.expect(404).problem("not_found");
            answer(&other, ticket, status).await.expect(404).problem("not_found");
        }
        answer(&tech, ticket, "done").await.expect(400).problem("malformed_body");
        tech.post(&format!("/tickets/{ticket}/comments"), json!({ "body": " ", "status": "closed" }))
            .await
            .refuses("body", "required");
        let secret = json!({ "body": "x", "visibility": "internal", "status": "closed" });
        ana.post(&format!("/tickets/{ticket}/comments"), secret).await.expect(403).problem("forbidden");
        answer(&tech, 999_999, "closed").await.expect(404).problem("not_found");
        assert_eq!((app.stored().await, read(&tech, ticket).await.json), (stored, before));
        tech.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        let (stored, before) = (app.stored().await, read(&tech, ticket).await.json);
        for status in ["in_progress", "waiting"] {
            answer(&tech, ticket, status).await.expect(409).problem("invalid_transition");
        }
        assert_eq!((app.stored().await, read(&tech, ticket).await.json), (stored, before));
    }

    async fn a_note_closes_a_ticket_and_stays_a_note(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let note = json!({ "body": "Era el cable", "visibility": "internal", "status": "closed" });
        tech.post(&format!("/tickets/{ticket}/comments"), note).await.expect(201);
        assert_eq!(last(&ana, ticket, 1).await, ["ticket_closed"]);
        assert_eq!(last(&tech, ticket, 2).await, ["comment_added", "ticket_closed"]);
        assert!(ana.get(&format!("/tickets/{ticket}/comments")).await.items().is_empty());
        assert_eq!(read(&ana, ticket).await["first_response_at"], Value::Null);
    }

    async fn the_requester_is_told_of_both(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        answer(&tech, ticket, "closed").await.expect(201);
        let told = ana.get("/notifications").await.expect(200);
        let mut kinds: Vec<&str> = told.items().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["answered", "state_changed"]);
    }

    async fn answers_at_once_all_count(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        join_all((0..9).map(async |nth| match nth % 3 {
            0 => answer(&tech, ticket, "closed").await.expect(201),
            1 => answer(&ana, ticket, "closed").await.expect(201),
            _ => admin.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Voy" })).await.expect(201),
        }))
        .await;
        let now = read(&ana, ticket).await;
        assert_eq!((&now["status"], &now["version"]), (&"closed".into(), &2.into()));
        let history = ana.get(&format!("/tickets/{ticket}/history?limit=100")).await.expect(200);
        let count = |kind: &str| history.items().iter().filter(|entry| entry["kind"] == kind).count();
        assert_eq!((count("comment_added"), count("ticket_closed")), (9, 1));
    }
}

//! `/tickets/{id}/watch` and `/tickets/{id}/watchers`: who follows a ticket.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Reply};

async fn act(who: &Client, method: Method, path: String) -> Reply {
    who.request(method, &path).send().await
}

async fn follow(who: &Client, ticket: i64) -> Reply {
    act(who, Method::PUT, format!("/tickets/{ticket}/watch")).await
}

async fn leave(who: &Client, ticket: i64) -> Reply {
    act(who, Method::DELETE, format!("/tickets/{ticket}/watch")).await
}

async fn invite(who: &Client, ticket: i64, person: i64) -> Reply {
    act(who, Method::PUT, format!("/tickets/{ticket}/watchers/{person}")).await
}

async fn dismiss(who: &Client, ticket: i64, person: i64) -> Reply {
    act(who, Method::DELETE, format!("/tickets/{ticket}/watchers/{person}")).await
}

async fn followers(who: &Client, ticket: i64) -> Vec<i64> {
    who.get(&format!("/tickets/{ticket}/watchers")).await.expect(200).ids()
}

/// What the ticket says to a person of their following it.
async fn says(who: &Client, ticket: i64) -> (bool, bool) {
    let read = who.get(&format!("/tickets/{ticket}")).await.expect(200);
    (read["watching"].as_bool().unwrap(), read["sees_by_watching"].as_bool().unwrap())
}

/// The kinds of a ticket's history, from its second entry on.
async fn told(who: &Client, ticket: i64) -> Vec<(String, i64, Value)> {
    let history = who.get(&format!("/tickets/{ticket}/history")).await.expect(200);
    let entry = |entry: &Value| {
        (entry["kind"].as_str().unwrap().to_owned(), entry["actor"]["id"].as_i64().unwrap(), entry["changes"].clone())
    };
    history.items().iter().skip(1).map(entry).collect()
}

on_each_database! {
    async fn staff_follow_a_ticket_and_stop(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        assert_eq!(says(&tech, ticket).await, (false, false));
        let before = tech.get(&format!("/tickets/{ticket}")).await.expect(200);
        for _ in 0..2 {
            follow(&tech, ticket).await.expect(204);
        }
        assert_eq!(says(&tech, ticket).await, (true, false));
        assert_eq!(followers(&ana, ticket).await, [tech.id]);
        for _ in 0..2 {
            leave(&tech, ticket).await.expect(204);
        }
        assert_eq!(says(&tech, ticket).await, (false, false));
        assert!(followers(&ana, ticket).await.is_empty());
        let who = json!({ "id": tech.id, "name": tech.name });
        assert_eq!(
            told(&ana, ticket).await,
            [
                ("watcher_added".into(), tech.id, json!([{ "field": "watcher", "from": null, "to": who }])),
                ("watcher_removed".into(), tech.id, json!([{ "field": "watcher", "from": who, "to": null }])),
            ]
        );
        // It is no change of the ticket itself.
        let after = tech.get(&format!("/tickets/{ticket}")).await.expect(200);
        assert_eq!((&after["version"], &after["updated_at"]), (&before["version"], &before["updated_at"]));
    }

    async fn an_invited_user_sees_and_comments_but_reads_no_notes(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        luis.get(&format!("/tickets/{ticket}")).await.expect(404);
        tech.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Secreto", "visibility": "internal" })).await.expect(201);
        for _ in 0..2 {
            invite(&tech, ticket, luis.id).await.expect(204);
        }
        let read = luis.get(&format!("/tickets/{ticket}")).await.expect(200);
        assert_eq!(read["actions"], json!(["view", "comment"]));
        assert_eq!(says(&luis, ticket).await, (true, true));
        assert_eq!(luis.get("/tickets").await.ids(), [ticket]);
        luis.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Me pasa igual" })).await.expect(201);
        let note = json!({ "body": "x", "visibility": "internal" });
        luis.post(&format!("/tickets/{ticket}/comments"), note).await.expect(403).problem("forbidden");
        let comments = luis.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
        assert!(!comments.text.contains("Secreto") && comments.items().len() == 1);
        invite(&luis, ticket, ana.id).await.expect(403).problem("forbidden");
        dismiss(&luis, ticket, luis.id).await.expect(403).problem("forbidden");
        let who = json!({ "id": luis.id, "name": luis.name });
        assert_eq!(
            told(&ana, ticket).await,
            [
                ("watcher_added".into(), tech.id, json!([{ "field": "watcher", "from": null, "to": who }])),
                ("comment_added".into(), luis.id, json!([])),
            ]
        );
        // Leaving means losing it.
        leave(&luis, ticket).await.expect(204);
        luis.get(&format!("/tickets/{ticket}")).await.expect(404).problem("not_found");
        leave(&luis, ticket).await.expect(404).problem("not_found");
        follow(&luis, ticket).await.expect(404).problem("not_found");
        assert!(luis.get("/tickets").await.ids().is_empty());
    }

    async fn staff_end_an_invitation(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        invite(&tech, ticket, luis.id).await.expect(204);
        dismiss(&tech, ticket, luis.id).await.expect(204);
        luis.get(&format!("/tickets/{ticket}")).await.expect(404);
        let stored = app.stored().await;
        // Who does not follow is let be.
        dismiss(&tech, ticket, luis.id).await.expect(204);
        dismiss(&tech, ticket, 999_999).await.expect(204);
        assert_eq!(app.stored().await, stored);
    }

    async fn only_active_people_are_invited(app: TestApp) {
        let (ana, gone, tech, admin) = (app.user().await, app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        admin.delete(&format!("/users/{}", gone.id)).await.expect(204);
        let stored = app.stored().await;
        for person in [gone.id, 999_999, 0, -1] {
            invite(&tech, ticket, person).await.refuses("user_id", "unknown");
        }
        for path in ["x", "1.5", "99999999999999999999"] {
            act(&tech, Method::PUT, format!("/tickets/{ticket}/watchers/{path}")).await.expect(404).problem("not_found");
        }
        act(&tech, Method::PUT, format!("/tickets/x/watchers/{}", ana.id)).await.expect(404).problem("not_found");
        assert_eq!(app.stored().await, stored);
    }

    async fn following_widens_what_a_technician_sees(app: TestApp) {
        let (ana, tech, other, admin) =
            (app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &tech).await;
        follow(&other, ticket).await.expect(404).problem("not_found");
        invite(&tech, ticket, other.id).await.expect(204);
        assert_eq!(says(&other, ticket).await, (true, true));
        other.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "x", "visibility": "internal" })).await.expect(201);
        follow(&admin, ticket).await.expect(204);
        assert_eq!(says(&admin, ticket).await, (true, false));
        leave(&other, ticket).await.expect(204);
        other.get(&format!("/tickets/{ticket}")).await.expect(404);
    }

    async fn a_requester_follows_by_being_one(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        assert_eq!(says(&ana, ticket).await, (false, false));
        follow(&ana, ticket).await.expect(204);
        assert_eq!(says(&ana, ticket).await, (true, false));
        leave(&ana, ticket).await.expect(204);
        assert_eq!(says(&ana, ticket).await, (false, false));
        invite(&tech, ticket, ana.id).await.expect(204);
        assert_eq!(followers(&tech, ticket).await, [ana.id]);
    }

    async fn followers_are_listed_page_by_page(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let (ticket, another) = (app.ticket(&ana, "Ratón").await, app.ticket(&ana, "Otro").await);
        let mut people = Vec::new();
        for _ in 0..5 {
            let person = app.user().await;
            invite(&tech, ticket, person.id).await.expect(204);
            people.push(person.id);
        }
        invite(&tech, another, people[0]).await.expect(204);
        let whole = ana.get(&format!("/tickets/{ticket}/watchers")).await.expect(200);
        assert_eq!(whole.ids(), people);
        assert!(whole.items()[0]["since"].as_str().unwrap().ends_with('Z'));
        assert_eq!(whole.items()[0]["avatar_url"], Value::Null);
        for limit in [1, 2, 5] {
            assert_eq!(ana.pages(&format!("/tickets/{ticket}/watchers"), &[], limit).await, whole.items(), "by {limit}");
        }
        let page = ana.get(&format!("/tickets/{ticket}/watchers?limit=1")).await.expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        ana.list(&format!("/tickets/{another}/watchers"), &[("cursor", cursor)]).await.expect(400).problem("invalid_cursor");
        admin.delete(&format!("/users/{}", people[2])).await.expect(204);
        assert_eq!(followers(&ana, ticket).await, [people[0], people[1], people[3], people[4]]);
    }

    settings(|config| config.workers = 2)
    async fn who_follows_twice_at_once_is_told_of_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        for reply in join_all((0..8).map(|_| follow(&tech, ticket))).await {
            reply.expect(204);
        }
        assert_eq!(told(&ana, ticket).await.len(), 1);
        for reply in join_all((0..8).map(|_| leave(&tech, ticket))).await {
            reply.expect(204);
        }
        assert_eq!(told(&ana, ticket).await.len(), 2);
    }
}

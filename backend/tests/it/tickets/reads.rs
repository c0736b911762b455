//! `PUT /tickets/{id}/read`: up to where each person has read a ticket.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Client;

async fn say(who: &Client, ticket: i64, body: &str) -> i64 {
    who.post(&format!("/tickets/{ticket}/comments"), json!({ "body": body })).await.expect(201).id()
}

async fn note(who: &Client, ticket: i64, body: &str) -> i64 {
    let note = json!({ "body": body, "visibility": "internal" });
    who.post(&format!("/tickets/{ticket}/comments"), note).await.expect(201).id()
}

async fn mark(who: &Client, ticket: i64, upto: Value) {
    who.put(&format!("/tickets/{ticket}/read"), upto).await.expect(204);
}

async fn read_to(who: &Client, ticket: i64) -> Value {
    who.get(&format!("/tickets/{ticket}")).await.expect(200)["read_to"].clone()
}

/// The tickets of somebody's list that are unread.
async fn unread(who: &Client) -> Vec<i64> {
    let list = who.get("/tickets?limit=100").await.expect(200);
    let unread = list.items().iter().filter(|ticket| ticket["unread"] == true);
    unread.map(|ticket| ticket["id"].as_i64().unwrap()).collect()
}

on_each_database! {
    async fn the_mark_goes_forward_and_never_back(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        assert_eq!(read_to(&ana, ticket).await, Value::Null);
        mark(&ana, ticket, json!({})).await;
        assert_eq!(read_to(&ana, ticket).await, 0);
        let first = say(&tech, ticket, "Voy").await;
        let second = say(&tech, ticket, "Ya está").await;
        mark(&ana, ticket, json!({ "comment_id": first })).await;
        assert_eq!(read_to(&ana, ticket).await, first);
        ana.request(Method::PUT, &format!("/tickets/{ticket}/read")).send().await.expect(204);
        assert_eq!(read_to(&ana, ticket).await, second);
        mark(&ana, ticket, json!({ "comment_id": first })).await;
        assert_eq!(read_to(&ana, ticket).await, second);
        // Nobody else's, and nothing is read that was not there.
        assert_eq!(read_to(&tech, ticket).await, Value::Null);
        mark(&tech, ticket, json!({ "comment_id": i64::MAX })).await;
        assert_eq!(read_to(&tech, ticket).await, second);
        let third = say(&ana, ticket, "Gracias").await;
        mark(&tech, ticket, json!({ "comment_id": third - 1 })).await;
        assert_eq!(read_to(&tech, ticket).await, second);
    }

    async fn a_ticket_is_unread_while_others_have_written(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let (one, two) = (app.ticket(&ana, "Uno").await, app.ticket(&ana, "Dos").await);
        // What one asks oneself is not unread, nor is what is nobody's yet.
        assert!(unread(&ana).await.is_empty() && unread(&tech).await.is_empty());
        say(&tech, one, "Voy").await;
        assert_eq!(unread(&ana).await, [one]);
        mark(&ana, one, json!({})).await;
        assert!(unread(&ana).await.is_empty());
        say(&ana, one, "Gracias").await;
        assert!(unread(&ana).await.is_empty());
        say(&tech, one, "De nada").await;
        assert_eq!(unread(&ana).await, [one]);
        // What is theirs to deal with is unread until they open it.
        app.give(two, &tech).await;
        assert_eq!(unread(&tech).await, [two]);
        mark(&tech, two, json!({})).await;
        assert!(unread(&tech).await.is_empty());
        // Of closed tickets, those that were opened once.
        app.give(one, &admin).await;
        admin.act(&format!("/tickets/{one}/close")).await.expect(200);
        assert!(unread(&admin).await.is_empty());
        assert_eq!(unread(&ana).await, [one]);
    }

    async fn notes_are_unread_for_staff_alone(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        for person in [&ana, &tech] {
            mark(person, ticket, json!({})).await;
        }
        let secret = note(&admin, ticket, "Garantía").await;
        assert!(unread(&ana).await.is_empty());
        assert_eq!(unread(&tech).await, [ticket]);
        mark(&ana, ticket, json!({})).await;
        assert_eq!(read_to(&ana, ticket).await, 0, "a note has a number");
        mark(&tech, ticket, json!({})).await;
        assert_eq!(read_to(&tech, ticket).await, secret);
    }

    async fn a_mark_is_nobody_elses_business(app: TestApp) {
        let (ana, stranger) = (app.user().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let (stored, before) = (app.stored().await, ana.get(&format!("/tickets/{ticket}/history")).await.json);
        stranger.put(&format!("/tickets/{ticket}/read"), json!({})).await.expect(404).problem("not_found");
        for body in [json!({ "comment_id": "x" }), json!({ "ticket_id": 1 })] {
            ana.put(&format!("/tickets/{ticket}/read"), body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, stored);
        mark(&ana, ticket, json!({})).await;
        let counts = |stored: Vec<(&'static str, i64)>| stored.into_iter().filter(|(table, _)| *table != "ticket_reads").collect::<Vec<_>>();
        assert_eq!(counts(app.stored().await), counts(stored));
        assert_eq!(ana.get(&format!("/tickets/{ticket}/history")).await.json, before);
    }

    async fn marks_at_once_end_at_the_furthest(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let mut said = Vec::new();
        for nth in 0..6 {
            said.push(say(&tech, ticket, &format!("{nth}")).await);
        }
        futures_util::future::join_all(said.iter().rev().map(|upto| mark(&ana, ticket, json!({ "comment_id": upto })))).await;
        assert_eq!(read_to(&ana, ticket).await, *said.last().unwrap());
    }
}

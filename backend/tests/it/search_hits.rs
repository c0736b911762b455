//! `/search`: what a hit says beside the words: of its ticket, and of whoever wrote a comment.

use serde_json::{Value, json};

use crate::support::Client;

/// What the hit of a ticket or of a comment says of the ticket.
const FACTS: [&str; 3] = ["status", "requester", "updated_at"];

/// The hits of a kind that a text finds.
async fn hits(person: &Client, text: &str, kind: &str) -> Vec<Value> {
    let found = person.list("/search", &[("q", text)]).await.expect(200);
    found.items().iter().filter(|hit| hit["kind"] == kind).cloned().collect()
}

/// By words, by its number and by its state alone, a ticket is found with what it says itself.
async fn expect_facts(person: &Client, ticket: i64, words: &str, status: &str) {
    let itself = person.get(&format!("/tickets/{ticket}")).await.expect(200);
    assert_eq!(itself["status"], status);
    for text in [words.to_owned(), format!("#{ticket}"), format!("status:{status}")] {
        let hits = hits(person, &text, "ticket").await;
        let hit = hits.iter().find(|hit| hit["id"] == ticket).unwrap();
        for field in FACTS {
            assert_eq!(hit[field], itself[field], "{text}: {field}");
        }
    }
}

on_each_database! {
    async fn a_tickets_hit_says_how_it_stands_after_each_change(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Bandeja atascada").await;
        // Another one of somebody else's, with the same word: each says its own.
        let other = app.ticket(&luis, "Bandeja vacía").await;
        let path = format!("/tickets/{ticket}");
        expect_facts(&ana, ticket, "bandeja", "open").await;
        expect_facts(&admin, ticket, "bandeja", "open").await;
        admin.act(&format!("{path}/close")).await.expect(200);
        expect_facts(&ana, ticket, "bandeja", "closed").await;
        expect_facts(&admin, ticket, "bandeja", "closed").await;
        expect_facts(&admin, other, "bandeja", "open").await;
        admin.act(&format!("{path}/reopen")).await.expect(200);
        expect_facts(&admin, ticket, "bandeja", "open").await;
        ana.post(&format!("{path}/comments"), json!({ "body": "Sigue igual" })).await.expect(201);
        expect_facts(&admin, ticket, "bandeja", "open").await;

        let found = hits(&admin, "bandeja", "ticket").await;
        let names = |id: i64| found.iter().find(|hit| hit["id"] == id).unwrap()["requester"]["name"].clone();
        assert_eq!((found.len(), names(ticket), names(other)), (2, ana.name.clone().into(), luis.name.clone().into()));
    }

    async fn a_comments_hit_says_how_its_ticket_stands_and_a_persons_nothing_of_it(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Sin asunto").await;
        let path = format!("/tickets/{ticket}");
        for text in ["La guillotina", "La otra guillotina"] {
            ana.post(&format!("{path}/comments"), json!({ "body": text })).await.expect(201);
        }
        admin.act(&format!("{path}/close")).await.expect(200);
        let itself = admin.get(&path).await.expect(200);
        let comments = hits(&admin, "guillotina", "comment").await;
        assert_eq!(comments.len(), 2);
        for hit in comments {
            for field in FACTS {
                assert_eq!(hit[field], itself[field], "{field}");
            }
        }
        let people = hits(&admin, &ana.name, "person").await;
        assert_eq!(people.len(), 1);
        for field in FACTS {
            assert_eq!(people[0].get(field), None, "{field}");
        }
    }

    async fn a_comments_hit_says_who_wrote_it(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "La cizalla").await;
        let path = format!("/tickets/{ticket}/comments");
        ana.post(&path, json!({ "body": "La cizalla no corta" })).await.expect(201);
        admin.post(&path, json!({ "body": "La cizalla está afilada" })).await.expect(201);
        admin.post(&path, json!({ "body": "La cizalla es vieja", "visibility": "internal" })).await.expect(201);
        let written = admin.get(&path).await.expect(200);
        // Whoever asked finds no note, and so is not told who wrote one.
        for (person, names) in [(&ana, vec![&ana.name, &admin.name]), (&admin, vec![&ana.name, &admin.name, &admin.name])] {
            let mut comments = hits(person, "cizalla", "comment").await;
            comments.sort_by_key(|hit| hit["id"].as_i64());
            let told: Vec<&str> = comments.iter().map(|hit| hit["author"]["name"].as_str().unwrap()).collect();
            assert_eq!(told, names);
            for hit in &comments {
                let itself = written.items().iter().find(|comment| comment["id"] == hit["id"]).unwrap();
                assert_eq!(hit["author"], itself["author"]);
            }
        }
        for (text, kind) in [("cizalla", "ticket"), (admin.name.as_str(), "person")] {
            let others = hits(&admin, text, kind).await;
            assert_eq!(others.len(), 1, "{kind}");
            assert_eq!(others[0].get("author"), None, "{kind}");
        }
    }
}

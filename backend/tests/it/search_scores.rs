//! `/search`: what the scores of its hits tell, and to whom.

use serde_json::json;

use crate::support::Client;

/// How well the hits match, as the answer says.
async fn scores(person: &Client, text: &str) -> Vec<f64> {
    let found = person.list("/search", &[("q", text)]).await.expect(200);
    found.items().iter().map(|hit| rounded(hit["score"].as_f64().unwrap())).collect()
}

/// As far as it survives being written and read.
fn rounded(score: f64) -> f64 {
    (score * 1e9).round() / 1e9
}

on_each_database! {
    async fn a_score_tells_nothing_of_what_others_write(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let ticket = app.ticket_like(&ana, json!({ "title": "Escáner", "description": "El escáner no va" })).await.id();
        let long = format!("{} escáner", "bla ".repeat(200));
        app.ticket_like(&ana, json!({ "title": "Ayuda", "description": long })).await;
        for n in 0..20 {
            app.ticket(&luis, &format!("Otra cosa {n}")).await;
        }
        assert_eq!(scores(&ana, "escaner").await, [1.0, 0.5]);
        // In notes on her ticket, and in tickets that are none of hers.
        for n in 0..20 {
            let note = json!({ "body": format!("Escáner {n}"), "visibility": "internal" });
            admin.post(&format!("/tickets/{ticket}/comments"), note).await.expect(201);
            app.ticket(&luis, &format!("Escáner {n}")).await;
        }
        assert_eq!(scores(&ana, "escaner").await, [1.0, 0.5]);
    }

    async fn the_larger_score_comes_first_whatever_was_found(app: TestApp) {
        let admin = app.admin().await;
        let zoe = json!({ "username": "zoe.quiros", "name": "Zoé Quirós", "email": "zoe@example.org", "role": "user" });
        admin.post("/users", zoe).await.expect(201);
        let ticket = app.ticket(&admin, "Zoé no puede entrar").await;
        admin.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Zoé ha llamado" })).await.expect(201);
        assert_eq!(scores(&admin, "zoe").await, [1.0, 0.5, rounded(1.0 / 3.0)]);
        // More are read some at a time, and counted on.
        for n in 0..30 {
            app.ticket(&admin, &format!("Zoé {n}")).await;
        }
        let found = admin.list("/search", &[("q", "zoe"), ("limit", "30")]).await.expect(200);
        let last = found.items().last().unwrap()["score"].as_f64().unwrap();
        assert_eq!((found.items().len(), rounded(last)), (30, rounded(1.0 / 30.0)));
    }
}

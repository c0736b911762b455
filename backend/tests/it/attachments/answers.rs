//! Files without a word are an answer.

use serde_json::Value;

use super::samples;
use crate::support::{Client, Form};

/// What somebody is told of.
async fn told(person: &Client) -> Vec<String> {
    let reply = person.in_background().get("/notifications").await.expect(200);
    reply.items().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

on_each_database! {
    async fn files_without_a_word_are_told_of(app: TestApp) {
        let (ana, tech, follower) = (app.user().await, app.technician().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.invite(ticket, &follower).await;
        app.give(ticket, &tech).await;
        let path = format!("/tickets/{ticket}");
        // What the requester adds is no answer to them.
        ana.attach(ticket, &[("foto_`1`.png", &samples::png(9, 9))]).await.expect(201);
        assert_eq!((told(&tech).await, told(&ana).await), (vec!["answered".to_owned()], Vec::new()));
        assert_eq!(ana.get(&path).await["first_response_at"], Value::Null);
        let two: [(&str, &[u8]); 2] = [("manual.pdf", &samples::pdf()), ("nota.txt", b"hola")];
        tech.attach(ticket, &two).await.expect(201);
        for person in [&ana, &follower] {
            // The follower was told of hers too.
            assert_eq!(told(person).await[0], "answered");
        }
        assert_eq!(told(&ana).await.len(), 1);
        let first = ana.get(&path).await["first_response_at"].clone();
        assert!(first.is_string());
        tech.attach(ticket, &[("otra.txt", b"x")]).await.expect(201);
        assert_eq!(ana.get(&path).await["first_response_at"], first);
        let letter = "SELECT COUNT(*) AS n FROM mails WHERE letter LIKE '%- `manual.pdf`%- `nota.txt`%'";
        assert_eq!(app.number(letter).await, 2);
        let fenced = "SELECT COUNT(*) AS n FROM mails WHERE letter LIKE '%- `` foto_`1`.png ``%'";
        assert_eq!(app.number(fenced).await, 2);
    }

    async fn files_on_a_comment_are_told_of_with_it(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &tech).await;
        for (visibility, after) in [("public", 1), ("internal", 1)] {
            let body = serde_json::json!({ "body": "Mira", "visibility": visibility });
            let comment = tech.post(&format!("/tickets/{ticket}/comments"), body).await.expect(201).id();
            let form = Form::default().field("comment_id", comment).file("a.txt", visibility.as_bytes());
            tech.upload(ticket, form).await.expect(201);
            assert_eq!(told(&ana).await.len(), after, "{visibility}");
        }
    }
}

//! A socket with a token that may only read: it is told everything, and changes nothing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::told_by_now;
use crate::support::{Client, TestApp, until};

/// Whether somebody is there, as another one is told.
async fn state(by: &Client, whom: &Client) -> Value {
    let people = by.pages("/presence", &[], 3).await;
    people.into_iter().find(|person| person["user_id"] == whom.id).expect("they are listed")["state"].clone()
}

async fn delivered(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) AS n FROM messages WHERE delivered_at IS NOT NULL").await
}

on_each_database! {
    settings(|config| {
        config.live_pace.grace = Duration::from_millis(200);
        config.live_pace.note = Duration::from_millis(100);
    })
    async fn a_token_that_may_only_read_is_told_everything_and_shows_nothing(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        let looks = json!({ "type": "viewing", "ticket_id": ticket, "writing": true });
        let reader = app.token(&ana, &["read"]).await;
        let path = format!("/conversations/{}/messages", ana.id);
        let first = tech.post(&path, json!({ "body": "Antes" })).await.expect(201).id();
        let mut of_tech = tech.live().await;
        of_tech.send(looks.clone()).await;
        of_tech.told().await;
        let seen = async |person: &Client| {
            app.number(&format!("SELECT COALESCE(last_seen_at, 0) AS n FROM users WHERE id = {}", person.id)).await
        };

        let mut reads = reader.live().await;
        reads.send(json!({ "type": "active", "active": true })).await;
        for refused in [looks.clone(), json!({ "type": "typing", "to": tech.id }), json!({ "type": "read", "from": tech.id })] {
            reads.send(refused).await;
            assert_eq!(reads.frame("error").await["code"], "insufficient_scope");
        }
        reads.send(json!({ "type": "viewing", "ticket_id": null })).await;
        let second = tech.post(&path, json!({ "body": "Hola" })).await.expect(201).id();
        assert_eq!(reads.frame("message").await["id"], second);
        // It answers every ping, as whoever goes on reading does.
        for _ in 0..2 {
            reads.told().await;
        }
        assert_eq!(state(&tech, &ana).await, "offline");
        // Of who is there it is noted again and again.
        let seen_before = seen(&ana).await;
        let later = backend::db::to_micros(backend::db::now()) + 300_000;
        until("the technician is noted", Duration::from_secs(10), async || seen(&tech).await > later).await;
        assert_eq!(seen(&ana).await, seen_before);
        let told = told_by_now(&app, &tech, &mut of_tech).await;
        let shows = |frame: &&Value| {
            let kind = frame["type"].as_str().unwrap_or_default();
            ["presence", "receipt", "typing"].contains(&kind)
                || (kind == "viewers" && frame["users"].as_array().is_some_and(|users| !users.is_empty()))
        };
        let shown: Vec<_> = told.iter().filter(shows).collect();
        assert!(shown.is_empty(), "{shown:?}");
        assert_eq!(delivered(&app).await, 0);

        // One that may write beside it delivers what waits, and shows them; and when that goes, they go.
        let writer = app.token(&ana, &["read", "write"]).await;
        let mut writes = writer.live().await;
        writes.send(looks).await;
        of_tech.find("they came", |frame| frame["type"] == "presence" && frame["state"] == "online").await;
        writes.told().await;
        let receipt = of_tech.frame("receipt").await;
        assert_eq!((&receipt["by"], &receipt["up_to"]), (&json!(ana.id), &json!(second)), "{receipt}");
        assert_eq!((delivered(&app).await, first < second), (2, true));
        until("it is noted that they are there", Duration::from_secs(10), async || seen(&ana).await > seen_before).await;
        drop(writes);
        of_tech.find("they went", |frame| frame["type"] == "presence" && frame["state"] == "offline").await;
        let third = tech.post(&path, json!({ "body": "¿Sigues ahí?" })).await.expect(201).id();
        reads.find("the next message", |frame| frame["id"] == third).await;
        reads.told().await;
        assert_eq!((state(&tech, &ana).await, delivered(&app).await), (json!("offline"), 2));
    }

    async fn what_it_may_not_send_is_refused_at_once_and_takes_nothing_from_its_person(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut reads = app.token(&ana, &["read"]).await.live().await;
        let began = Instant::now();
        // Of its person each beyond the first forty would wait for a tenth of a second.
        for _ in 0..90 {
            reads.send(json!({ "type": "typing", "to": tech.id })).await;
        }
        for _ in 0..90 {
            assert_eq!(reads.frame("error").await["code"], "insufficient_scope");
        }
        assert!(began.elapsed() < Duration::from_secs(4), "refused within {:?}", began.elapsed());
        reads.send(json!({ "type": "message", "to": tech.id, "body": "Hola", "client_id": "no" })).await;
        let refused = reads.frame("error").await;
        assert_eq!((&refused["code"], &refused["client_id"]), (&json!("insufficient_scope"), &json!("no")));
        let written = tech.get(&format!("/conversations/{}/messages", ana.id)).await.expect(200);
        assert!(written.items().is_empty(), "{:?}", written.items());
    }

    async fn what_programs_open_closes_none_of_their_persons_pages(app: TestApp) {
        let ana = app.user().await;
        let reader = app.token(&ana, &["read"]).await;
        let mut page = ana.live().await;
        let mut programs = Vec::new();
        for _ in 0..21 {
            programs.push(reader.live().await);
        }
        assert_eq!(programs[0].closed().await, 1008);
        page.told().await;
        // Nor the other way round.
        let mut pages = Vec::new();
        for _ in 0..20 {
            pages.push(ana.live().await);
        }
        assert_eq!(page.closed().await, 1008);
        for socket in programs[1..].iter_mut().chain(&mut pages) {
            socket.told().await;
        }
    }
}

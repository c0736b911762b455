//! Two programs on one database are one desk. A SQLite file has one program.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Client, Kind, TestApp};

/// How long anything may take to be told through the other program.
const SOON: Duration = Duration::from_secs(1);

/// A second program on the same database and the same files.
async fn second(app: &TestApp, tune: impl FnOnce(&mut backend::config::Config)) -> TestApp {
    let mut config = app.state.config.clone();
    tune(&mut config);
    TestApp::start_with(&app.database, config).await
}

/// The same person, who asks the other program.
fn at(app: &TestApp, person: &Client) -> Client {
    Client { origin: app.origin.clone(), ..person.clone() }
}

on_each_database! {
    settings(|config| config.live_pace.grace = Duration::from_millis(300))
    async fn what_happens_at_one_is_told_at_the_other(app: TestApp) {
        if app.database.kind == Kind::Sqlite {
            return;
        }
        let other = second(&app, |_| ()).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let (ana, tech) = (at(&app, &ana), at(&other, &tech));
        let mut of_tech = tech.live().await;
        // Presence: of whoever was there, and of whoever comes.
        let mut of_ana = ana.live().await;
        let is_there = |id: i64| move |frame: &serde_json::Value| frame["user_id"] == id && frame["state"] == "online";
        of_tech.find("presence", is_there(ana.id)).await;
        let mut welcomed = ana.open_socket().await;
        crate::support::until("the first knows of the technician", Duration::from_secs(10), async || {
            let people = ana.get("/presence").await.expect(200);
            people.items()[0]["state"] == "online"
        })
        .await;
        welcomed.send(json!({ "type": "hello" })).await;
        assert_eq!(welcomed.frame("welcome").await["online"], json!([tech.id]));
        // Typing, messages, receipts.
        of_ana.send(json!({ "type": "typing", "to": tech.id })).await;
        assert_eq!(of_tech.frame("typing").await["from"], ana.id);
        let mut quickest = Duration::MAX;
        for n in 0..5 {
            let began = Instant::now();
            of_ana.send(json!({ "type": "message", "to": tech.id, "body": "Hola", "client_id": format!("m{n}") })).await;
            assert_eq!(of_tech.frame("message").await["client_id"], format!("m{n}"));
            quickest = quickest.min(began.elapsed());
        }
        assert!(quickest < SOON, "a message took {quickest:?}");
        of_tech.send(json!({ "type": "read", "from": ana.id })).await;
        of_ana.find("a receipt", |frame| frame["type"] == "receipt" && frame["read"] == true).await;
        // Tickets, and who looks at them.
        let ticket = app.ticket(&ana, "Impresora").await;
        assert_eq!(of_tech.event("ticket_created").await["ticket_id"], ticket);
        for socket in [&mut of_ana, &mut of_tech] {
            socket.send(json!({ "type": "viewing", "ticket_id": ticket, "writing": true })).await;
        }
        for (socket, whom) in [(&mut of_ana, &tech), (&mut of_tech, &ana)] {
            let id = whom.id;
            let seen = socket.find("viewers", move |frame| frame["users"][0]["id"] == id).await;
            assert_eq!((&seen["users"][0]["writing"], &seen["users"][0]["name"]), (&json!(true), &json!(whom.name)));
        }
        drop((of_ana, welcomed));
        let gone = of_tech.find("presence", |frame| frame["state"] == "offline").await;
        assert_eq!(gone["user_id"], ana.id);
        // A session that was ended at one ends at the other.
        at(&app, &tech).delete("/session").await.expect(204);
        assert_eq!(of_tech.closed().await, 4401);
        other.stopper().stop(false).await;
    }

    settings(|config| {
        config.live_pace.ping = Duration::from_millis(200);
        config.live_pace.silence = Duration::from_secs(2);
        config.live_pace.heartbeat = Duration::from_millis(200);
    })
    async fn whoever_was_connected_to_a_program_that_died_is_gone(app: TestApp) {
        if app.database.kind == Kind::Sqlite {
            return;
        }
        // It says nothing more after what it had to say.
        let dying = second(&app, |config| {
            config.live_pace.silence = Duration::from_secs(600);
            config.live_pace.heartbeat = Duration::from_secs(600);
        })
        .await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let _of_ana = at(&dying, &ana).live().await;
        for state in ["online", "offline"] {
            let told = of_tech.find("presence", |frame| frame["type"] == "presence").await;
            assert_eq!((&told["user_id"], &told["state"]), (&json!(ana.id), &json!(state)), "{told}");
        }
        dying.stopper().stop(false).await;
    }
}

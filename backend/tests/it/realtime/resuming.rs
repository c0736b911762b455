//! A connection breaks at one program and is opened again at another: nothing is lost, and nothing is told twice.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    events,
    processes::{at, second},
};
use crate::support::{Client, TestApp, until};

/// How often somebody goes from one program to the other.
const MOVES: usize = 6;

async fn say(from: &Client, to: &Client, body: &str) -> i64 {
    from.post(&format!("/conversations/{}/messages", to.id), json!({ "body": body })).await.expect(201).id()
}

/// The number of the last event.
async fn last_event(app: &TestApp) -> i64 {
    app.number("SELECT last_id AS n FROM event_counter").await
}

/// The number of the event that a frame tells of.
fn number(frame: &Value) -> Option<i64> {
    match frame["type"].as_str()? {
        "event" => frame["id"].as_i64(),
        "message" | "receipt" => frame["event"].as_i64(),
        _ => None,
    }
}

on_each_database! {
    except(sqlite)
    async fn what_was_missed_at_one_program_is_told_at_the_other(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut socket = tech.live().await;
        let first = app.ticket(&ana, "Antes").await;
        let told = socket.event("ticket_created").await;
        assert_eq!(told["ticket_id"], first, "{told}");
        let seen = told["id"].as_i64().unwrap();
        drop(socket);
        // It goes on meanwhile, at both.
        let (ana_there, ana_here) = (at(&other, &ana), &ana);
        let (one, two) = (app.ticket(ana_here, "Aquí").await, app.ticket(&ana_there, "Allí").await);
        let (three, four) = (say(&ana_there, &tech, "Hola").await, say(ana_here, &tech, "¿Hola?").await);
        ana_here.patch(&format!("/messages/{three}"), json!({ "body": "Buenas" })).await.expect(200);
        let mut socket = at(&other, &tech).live_since(seen).await;
        socket.frame("welcome").await;
        for ticket in [one, two] {
            assert_eq!(socket.event("ticket_created").await["ticket_id"], ticket);
        }
        for (message, body) in [(three, "Buenas"), (four, "¿Hola?")] {
            let told = socket.frame("message").await;
            assert_eq!((&told["id"], &told["body"]), (&json!(message), &json!(body)), "{told}");
        }
        // And what comes, from whichever program.
        let five = app.ticket(ana_here, "Después").await;
        assert_eq!(socket.event("ticket_created").await["ticket_id"], five);
        let six = app.ticket(&ana_there, "Y más").await;
        assert_eq!(socket.event("ticket_created").await["ticket_id"], six);
        other.stopper().stop(false).await;
    }

    except(sqlite)
    async fn who_goes_back_and_forth_is_told_everything_once_and_in_order(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, admin) = (app.user().await, app.admin().await);
        let mut seen = last_event(&app).await;
        let mut heard = Vec::new();
        for turn in 0..MOVES {
            let (here, there) = if turn % 2 == 0 { (&app, &other) } else { (&other, &app) };
            // The program that is left has told what the other one may not have heard of yet.
            let mut socket = at(here, &admin).live_since(seen).await;
            app.ticket(&at(there, &ana), &format!("Aviso {turn}")).await;
            app.ticket(&at(here, &ana), &format!("Otro {turn}")).await;
            let expected = last_event(&app).await;
            while seen < expected {
                let frame = socket.next().await.expect("a frame");
                assert_ne!(frame["type"], "resync", "{frame}");
                if let Some(number) = number(&frame) {
                    heard.push(number);
                    seen = number;
                }
            }
            assert_eq!(events(&socket.told().await), [] as [i64; 0], "told what was told already");
        }
        assert!(heard.is_sorted_by(|one, next| one < next), "{heard:?}");
        assert_eq!(heard.len(), MOVES * 2, "{heard:?}");
        other.stopper().stop(false).await;
    }

    except(sqlite)
    async fn who_may_see_something_else_since_reads_anew_at_the_other_program_too(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, admin, tech) = (app.user().await, app.admin().await, app.technician().await);
        let seen = last_event(&app).await;
        app.ticket(&ana, "Antes").await;
        admin.patch(&format!("/users/{}", tech.id), json!({ "role": "user" })).await.expect(200);
        let end = last_event(&app).await;
        let follows = async || other.state.live.hub.position().0 == end;
        until("the other one has heard of it", Duration::from_secs(10), follows).await;
        let mut socket = at(&other, &tech).live_since(seen).await;
        socket.frame("welcome").await;
        let told = socket.told().await;
        assert!(told.iter().any(|frame| frame["type"] == "resync"), "{told:?}");
        assert_eq!(events(&told), [] as [i64; 0]);
        other.stopper().stop(false).await;
    }
}

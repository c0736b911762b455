//! The stream of events: from the first frame, what was missed, what comes, and who sees it.

use std::{cell::Cell, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{events, told_by_now};
use crate::support::{TestApp, until};

const WRITERS: usize = 6;
const EACH: usize = 12;
/// Messages that a replay tells, as it may, and that no socket holds unread: the rest waits for its reader.
const LONG: usize = 470;
/// How long each of them is; it is told as text and as HTML.
const LENGTH: usize = 3_900;

async fn last_event(app: &TestApp) -> i64 {
    app.number("SELECT last_id AS n FROM event_counter").await
}

/// Waits until whoever is there has been told all that happened: who comes now has missed it.
async fn all_is_told(app: &TestApp) {
    let end = last_event(app).await;
    let follows = async || app.state.live.hub.position().0 == end;
    until("all is told", Duration::from_secs(10), follows).await;
}

on_each_database! {
    async fn a_ticket_is_told_to_those_who_see_it_while_it_moves(app: TestApp) {
        let (ana, stranger, tech, admin) = (app.user().await, app.user().await, app.technician().await, app.admin().await);
        let mut sockets = Vec::new();
        for person in [&ana, &stranger, &tech, &admin] {
            sockets.push(person.live().await);
        }
        let ticket = app.ticket(&ana, "Impresora").await;
        let [of_ana, _, of_tech, of_admin] = &mut sockets[..] else { unreachable!() };
        for socket in [of_ana, of_tech, of_admin] {
            let told = socket.event("ticket_created").await;
            assert_eq!(told["ticket_id"], ticket, "{told}");
            assert_eq!(told["actor_id"], ana.id, "{told}");
            assert_eq!(told.get("notified"), None, "{told}");
            assert_eq!(told.get("lost"), None, "{told}");
        }
        let comment = tech.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Voy." })).await.expect(201).id();
        let told = sockets[0].event("comment_added").await;
        assert_eq!((told["comment_id"].as_i64(), &told["notified"]), (Some(comment), &json!(true)), "{told}");
        let told = told_by_now(&app, &stranger, &mut sockets[1]).await;
        assert!(told.iter().all(|frame| frame["type"] != "event"), "a stranger was told: {told:?}");
        drop(sockets);
    }

    async fn an_internal_note_is_told_to_staff_alone(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        let (mut of_ana, mut of_tech) = (ana.live().await, tech.live().await);
        let note = json!({ "body": "Es la tercera vez.", "visibility": "internal" });
        tech.post(&format!("/tickets/{ticket}/comments"), note).await.expect(201);
        tech.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        let note = of_tech.event("comment_added").await;
        of_tech.event("ticket_closed").await;
        // It may not have been told when the sockets were opened.
        let opened = |frame: &Value| frame["kind"] == "ticket_created";
        let closed = of_ana.find("an event", |frame| frame["type"] == "event" && !opened(frame)).await;
        assert_eq!(closed["kind"], "ticket_closed", "a note was told to a user: {closed}");
        // Nor when it is told again.
        let mut again = ana.live_since(note["id"].as_i64().unwrap() - 1).await;
        again.frame("welcome").await;
        let first = again.find("an event", |frame| frame["type"] == "event").await;
        assert_eq!(first["kind"], "ticket_closed", "{first}");
    }

    async fn who_loses_a_ticket_is_told_so_once(app: TestApp) {
        let (ana, one, other, admin) =
            (app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        app.invite(ticket, &other).await;
        let (mut of_one, mut of_other) = (one.live().await, other.live().await);
        admin.post(&format!("/tickets/{ticket}/assign"), json!({ "assignee_id": other.id })).await.expect(200);
        let told = of_one.event("ticket_assigned").await;
        assert_eq!((&told["ticket_id"], &told["lost"]), (&json!(ticket), &json!(true)), "{told}");
        let told = of_other.event("ticket_assigned").await;
        assert_eq!((told.get("lost"), &told["notified"]), (None, &json!(true)), "{told}");
        other.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        of_other.event("ticket_closed").await;
        assert_eq!(events(&told_by_now(&app, &one, &mut of_one).await), [] as [i64; 0]);
        // A follower who is sent away, and a technician who sees it as a follower alone.
        let luis = app.user().await;
        app.invite(ticket, &luis).await;
        let mut of_luis = luis.live().await;
        admin.delete(&format!("/tickets/{ticket}/watchers/{}", luis.id)).await.expect(204);
        assert_eq!(of_luis.event("watcher_removed").await["lost"], json!(true));
        other.act(&format!("/tickets/{ticket}/reopen")).await.expect(200);
        of_other.event("ticket_reopened").await;
        assert_eq!(events(&told_by_now(&app, &luis, &mut of_luis).await), [] as [i64; 0]);
    }

    async fn a_ticket_that_went_to_somebody_at_its_opening_was_nobody_elses(app: TestApp) {
        let (ana, one, other, admin) =
            (app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let category =
            admin.post("/categories", json!({ "name": "Redes", "default_assignee_id": one.id })).await.expect(201).id();
        let (mut of_one, mut of_other) = (one.live().await, other.live().await);
        app.ticket_like(&ana, json!({ "title": "Sin red", "category_id": category })).await;
        of_one.event("ticket_assigned").await;
        let told = told_by_now(&app, &other, &mut of_other).await;
        assert!(told.iter().all(|frame| frame.get("ticket_id").is_none()), "{told:?}");
    }

    async fn what_was_missed_is_told_in_order_and_what_comes_after_it(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let before = last_event(&app).await;
        for n in 0..5 {
            app.ticket(&ana, &format!("Aviso {n}")).await;
        }
        let mut socket = admin.live_since(before).await;
        let welcome = socket.next().await.unwrap();
        assert_eq!(welcome["type"], "welcome", "{welcome}");
        assert!((before..=before + 5).contains(&welcome["event"].as_i64().unwrap()), "{welcome}");
        app.ticket(&ana, "Aviso 5").await;
        let mut seen = Vec::new();
        while seen.len() < 6 {
            seen.push(socket.frame("event").await["id"].as_i64().unwrap());
        }
        assert_eq!(seen, (before + 1..=before + 6).collect::<Vec<_>>());
        // Who begins now is told nothing of it; who has seen all neither.
        assert_eq!(events(&admin.live().await.told().await), [] as [i64; 0]);
        let mut socket = admin.live_since(before + 6).await;
        assert_eq!(events(&socket.told().await), [] as [i64; 0]);
    }

    async fn too_much_too_long_ago_or_another_log_is_read_anew(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        app.ticket(&ana, "Viejo").await;
        app.ticket(&ana, "Nuevo").await;
        let last = last_event(&app).await;
        for absurd in [-1, last + 1_000, i64::MAX, i64::MIN] {
            let mut socket = admin.live_since(absurd).await;
            let resync = socket.frame("resync").await;
            assert!(resync["event"].as_i64().unwrap() >= last, "{absurd}: {resync}");
            // It goes on from here.
            let ticket = app.ticket(&ana, "Otro").await;
            assert_eq!(socket.event("ticket_created").await["ticket_id"], ticket, "{absurd}");
        }
    }

    async fn a_day_is_too_long_ago(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        app.ticket(&ana, "Viejo").await;
        let last = last_event(&app).await;
        app.ticket(&ana, "Nuevo").await;
        app.sql(&format!("UPDATE events SET at = at - {}", 25_i64 * 3_600_000_000)).await;
        let mut socket = admin.live_since(last).await;
        socket.frame("resync").await;
        assert_eq!(events(&socket.told().await), [] as [i64; 0]);
    }

    async fn who_may_see_something_else_since_they_left_reads_anew(app: TestApp) {
        let (admin, tech, ana) = (app.admin().await, app.technician().await, app.user().await);
        let before = last_event(&app).await;
        app.ticket(&ana, "Aviso").await;
        admin.patch(&format!("/users/{}", tech.id), json!({ "role": "user" })).await.expect(200);
        // Who comes while it is being told hears of it twice: as what they missed, and as what happens.
        all_is_told(&app).await;
        let mut socket = tech.live_since(before).await;
        assert_eq!(socket.told().await.iter().filter(|frame| frame["type"] == "resync").count(), 1);
        // What others may do is no matter.
        let mut socket = admin.live_since(before).await;
        assert!(socket.told().await.iter().all(|frame| frame["type"] != "resync"));
        let (other, before) = (app.technician().await, last_event(&app).await);
        let settings = admin.get("/settings").await.expect(200);
        let body = json!({ "version": settings["version"], "technician_scope": "all" });
        admin.patch("/settings", body).await.expect(200);
        all_is_told(&app).await;
        let mut socket = other.live_since(before).await;
        assert_eq!(socket.told().await.iter().filter(|frame| frame["type"] == "resync").count(), 1);
    }

    settings(|config| config.workers = 2)
    async fn a_reader_is_told_every_number_while_many_write(app: TestApp) {
        let mut people = Vec::new();
        for _ in 0..WRITERS {
            people.push(app.user().await);
        }
        let admin = app.admin().await;
        let before = last_event(&app).await;
        let written = Cell::new(false);
        let write = async {
            join_all(people.iter().map(|person| {
                let app = &app;
                async move {
                    for n in 0..EACH {
                        let ticket = app.ticket(person, &format!("Aviso {n}")).await;
                        person.act(&format!("/tickets/{ticket}/close")).await.expect(200);
                    }
                }
            }))
            .await;
            written.set(true);
        };
        let expected = i64::try_from(WRITERS * EACH * 2).unwrap();
        // One that stays, and one that breaks off again and again and goes on where it was.
        let steady = async {
            let mut socket = admin.live_since(before).await;
            for number in before + 1..=before + expected {
                assert_eq!(socket.frame("event").await["id"], number);
            }
        };
        let broken = async {
            let mut last = before;
            while last < before + expected {
                let mut socket = admin.live_since(last).await;
                for _ in 0..9 {
                    if last < before + expected {
                        let id = socket.frame("event").await["id"].as_i64().unwrap();
                        assert_eq!(id, last + 1, "an event was skipped or told twice");
                        last = id;
                    }
                }
            }
        };
        tokio::join!(write, steady, broken);
        assert!(written.get());
    }

    async fn a_change_of_role_or_scope_holds_at_once(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        let mut of_tech = tech.live().await;
        // Only their own from now on: this one is nobody's.
        let settings = admin.get("/settings").await.expect(200);
        let scope = json!({ "version": settings["version"], "technician_scope": "assigned" });
        admin.patch("/settings", scope).await.expect(200);
        let told = of_tech.event("settings_updated").await;
        assert_eq!(told["actor_id"], Value::Null, "{told}");
        of_tech.frame("resync").await;
        ana.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "¿Y?" })).await.expect(201);
        app.ticket(&tech, "Mía").await;
        let told = of_tech.frame("event").await;
        assert_eq!(told["kind"], "ticket_created", "{told}");
        // And then they are a user who opened one.
        app.give(ticket, &tech).await;
        admin.patch(&format!("/users/{}", tech.id), json!({ "role": "user" })).await.expect(200);
        of_tech.frame("resync").await;
        ana.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "¿Y?" })).await.expect(201);
        let mut of_ana = ana.live_since(told["id"].as_i64().unwrap()).await;
        of_ana.event("comment_added").await;
        let told = told_by_now(&app, &tech, &mut of_tech).await;
        assert!(!told.iter().any(|frame| frame["kind"] == "comment_added"), "{told:?}");
    }

    settings(|config| config.live_pace.patience = Duration::from_secs(60))
    async fn who_loses_a_role_while_they_are_told_what_they_missed_is_told_no_more_of_it(app: TestApp) {
        let (ana, one, admin) = (app.user().await, app.admin().await, app.admin().await);
        let before = last_event(&app).await;
        let (path, body) = (format!("/conversations/{}/messages", one.id), "x".repeat(LENGTH));
        for _ in 0..LONG {
            ana.post(&path, json!({ "body": body })).await.expect(201);
        }
        for n in 0..30 {
            app.ticket(&ana, &format!("Aviso {n}")).await;
        }
        all_is_told(&app).await;
        let mut socket = one.live_since(before).await;
        socket.frame("message").await;
        // It was told the first, and reads no further for now.
        admin.patch(&format!("/users/{}", one.id), json!({ "role": "user" })).await.expect(200);
        let told = told_by_now(&app, &one, &mut socket).await;
        assert!(told.iter().any(|frame| frame["type"] == "resync"), "nothing is read anew");
        let kinds: Vec<_> = told.iter().filter(|frame| frame["type"] == "event").map(|frame| &frame["kind"]).collect();
        assert!(!kinds.contains(&&json!("ticket_created")), "told of tickets that they may not see: {kinds:?}");
    }

    async fn the_first_that_comes_may_be_another_role(app: TestApp) {
        let (tech, admin) = (app.technician().await, app.admin().await);
        let mut of_tech = tech.live().await;
        // Opened before, it joins afterwards.
        let mut late = tech.open_socket().await;
        admin.patch(&format!("/users/{}", tech.id), json!({ "role": "user" })).await.expect(200);
        of_tech.frame("resync").await;
        late.send(json!({ "type": "hello" })).await;
        late.frame("welcome").await;
        for socket in [&mut of_tech, &mut late] {
            let told = socket.told().await;
            assert!(told.iter().all(|frame| frame["type"] != "resync"), "the old role came back: {told:?}");
        }
    }

    async fn what_administrators_do_is_told_to_others_without_their_names_or_not_at_all(app: TestApp) {
        let (ana, admin, second) = (app.user().await, app.admin().await, app.admin().await);
        let (mut of_ana, mut of_admin) = (ana.live().await, second.live().await);
        admin.post("/categories", json!({ "name": "Redes" })).await.expect(201);
        admin.post("/users", json!({
            "username": "nueva", "name": "Nueva", "email": "nueva@example.org", "role": "user",
        })).await.expect(201);
        admin.patch(&format!("/users/{}", ana.id), json!({ "name": "Ana María" })).await.expect(200);
        assert_eq!(of_admin.event("category_created").await["actor_id"], admin.id);
        of_admin.event("user_created").await;
        let told = [of_ana.frame("event").await, of_ana.frame("event").await];
        assert_eq!(told.each_ref().map(|frame| frame["kind"].as_str().unwrap()), ["category_created", "user_updated"]);
        assert!(told.iter().all(|frame| frame["actor_id"].is_null()), "{told:?}");
    }
}

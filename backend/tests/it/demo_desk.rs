//! `/demo` and `/first-steps`: invented people and tickets come and go, and nothing of the desk's own with them.

use std::time::Duration;

use backend::{
    db::Db,
    demo::{Progress, Size, fill},
    events::verify::verify,
};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, until};

/// Loading or removing takes seconds, on a busy machine many.
const LONG: Duration = Duration::from_secs(60);

/// Loads the demo and waits until it is there.
async fn load(admin: &Client) -> Value {
    let begun = admin.act("/demo").await.expect(202);
    assert_eq!((&begun["phase"], &begun["total"]), (&"loading".into(), &60.into()));
    reach(admin, "loaded").await
}

/// Removes it and waits until it is gone.
async fn remove(admin: &Client) -> Value {
    let begun = admin.delete("/demo").await.expect(202);
    assert_eq!(begun["phase"], "removing");
    reach(admin, "idle").await
}

async fn reach(admin: &Client, phase: &str) -> Value {
    until("the demo is done", LONG, async || admin.get("/demo").await.expect(200)["phase"] == phase).await;
    admin.get("/demo").await.expect(200).json
}

/// Nobody has changed what the log says.
async fn assert_intact(app: &TestApp) {
    verify(&Db::open(&app.database.parsed()).await.unwrap(), None).await.unwrap().unwrap();
}

/// How many rows each table has, without those that only grow and those that are of whoever asks.
async fn kept(app: &TestApp) -> Vec<(&'static str, i64)> {
    app.stored().await.into_iter().filter(|(table, _)| !["events", "sessions"].contains(table)).collect()
}

/// The person who is first among the invented technicians.
async fn invented_technician(app: &TestApp) -> i64 {
    app.number("SELECT MIN(id) AS n FROM users WHERE role = 1 AND email LIKE '%@turno.example'").await
}

on_each_database! {
    async fn what_is_loaded_is_removed_and_nothing_else(app: TestApp) {
        let admin = app.admin().await;
        let before = kept(&app).await;
        let first = admin.get("/demo").await.expect(200);
        assert_eq!((&first["phase"], &first["may_load"]), (&"idle".into(), &true.into()));

        let loaded = load(&admin).await;
        assert_eq!((&loaded["done"], &loaded["tickets"], &loaded["people"]), (&60.into(), &60.into(), &17.into()));
        assert_eq!((&loaded["own_comments"], &loaded["own_messages"]), (&0.into(), &0.into()));
        // Staff has something to answer with, saved by those who answer.
        let saved = admin.list("/replies", &[]).await.expect(200);
        assert_eq!(saved.items().len(), 7, "{}", saved.text);
        let by_them = |reply: &Value| reply["shared"] == true && reply["author"]["id"] != admin.id;
        assert!(saved.items().iter().all(by_them), "{}", saved.text);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tickets").await, 60);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM comments").await, 180);
        // Nobody logs in as an invented person, none of them administers, and no mail goes to them.
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM users WHERE password_hash IS NOT NULL").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM users WHERE role = 2").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM notification_choices WHERE NOT mail").await, 17 * 6);

        assert_eq!(remove(&admin).await["may_load"], true);
        assert_eq!(kept(&app).await, before);
        let kinds = admin.list("/audit", &[("action", "demo_loaded,demo_removed")]).await.expect(200);
        let kinds: Vec<&str> = kinds.items().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["demo_removed", "demo_loaded"]);
        assert_intact(&app).await;

        // What was removed can be loaded anew.
        load(&admin).await;
        remove(&admin).await;
        assert_eq!(kept(&app).await, before);
        assert_intact(&app).await;
    }

    async fn what_the_desk_made_itself_stays(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        // The demo makes the category that the desk has not.
        app.sql("DELETE FROM categories WHERE name = 'Correo'").await;
        load(&admin).await;
        let category = app.number("SELECT id AS n FROM categories WHERE name = 'Correo'").await;
        let technician = invented_technician(&app).await;
        let invented = app.number("SELECT MIN(id) AS n FROM tickets").await;

        let own = app.ticket_like(&ana, json!({ "title": "Mío", "category_id": category })).await.expect(201).id();
        admin.post(&format!("/tickets/{own}/assign"), json!({ "assignee_id": technician })).await.expect(200);
        ana.post(&format!("/tickets/{own}/comments"), json!({ "body": "Sigue igual" })).await.expect(201);
        let closed = app.ticket(&ana, "Resuelto").await;
        admin.post(&format!("/tickets/{closed}/assign"), json!({ "assignee_id": technician })).await.expect(200);
        admin.act(&format!("/tickets/{closed}/close")).await.expect(200);
        admin.post(&format!("/tickets/{invented}/comments"), json!({ "body": "Lo miro" })).await.expect(201);
        let file = admin.attach(invented, &[("a.txt", b"hola")]).await;
        assert_eq!(file.status, 201, "{}", file.text);
        // For an invented person, by a real one: it stays, and so does the person.
        let requester = app.number(&format!("SELECT requester_id AS n FROM tickets WHERE id = {invented}")).await;
        let for_invented = json!({ "title": "Por teléfono", "requester_id": requester });
        let phoned = app.ticket_like(&admin, for_invented).await.expect(201).id();
        let message = json!({ "body": "Hola" });
        ana.post(&format!("/conversations/{technician}/messages"), message).await.expect(201);

        let state = admin.get("/demo").await.expect(200);
        assert_eq!((&state["own_comments"], &state["own_messages"]), (&1.into(), &1.into()));
        assert_eq!((&state["own_files"], &state["own_replies"], &state["own_views"]), (&1.into(), &0.into(), &0.into()));
        remove(&admin).await;

        assert_eq!(app.numbers("SELECT id AS n FROM tickets ORDER BY id").await, [own, closed, phoned]);
        let shown = admin.get(&format!("/tickets/{own}")).await.expect(200);
        assert_eq!((&shown["category_id"], &shown["assignee"]), (&Value::Null, &Value::Null));
        assert_eq!(admin.get(&format!("/tickets/{closed}")).await.expect(200)["assignee"], Value::Null);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM comments").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM categories WHERE name = 'Correo'").await, 0);
        let left = "SELECT id AS n FROM users WHERE email LIKE '%@turno.example'";
        assert_eq!(app.numbers(left).await, [requester]);
        // Of those who stay it says when they lost their access, and who took it.
        let requester_is = requester.to_string();
        let deactivated = [("action", "user_deactivated"), ("person_id", requester_is.as_str())];
        let log = admin.list("/audit", &deactivated).await.expect(200);
        assert_eq!(log.items().len(), 1, "{}", log.text);
        assert_eq!(log.items()[0]["actor"]["id"], admin.id);
        assert_eq!(log.items()[0]["changes"], json!([{ "field": "active", "from": true, "to": false }]));
        assert_eq!(app.number(&format!("SELECT COUNT(*) AS n FROM users WHERE id = {requester} AND active")).await, 0);
        for table in ["messages", "conversations", "demo_rows", "attachments", "blobs"] {
            assert_eq!(app.number(&format!("SELECT COUNT(*) AS n FROM {table}")).await, 0, "{table}");
        }
        // The history tells of it, as of any other change.
        let history = admin.get(&format!("/tickets/{own}/history")).await.expect(200);
        let fields: Vec<&str> =
            history.items().iter().filter_map(|entry| entry["changes"][0]["field"].as_str()).collect();
        assert_eq!(fields, ["assignee", "assignee", "category_id"]);
        assert_intact(&app).await;
    }

    async fn what_invented_people_shared_is_the_removers_and_the_rest_goes(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        load(&admin).await;
        let invented = app.number("SELECT MIN(id) AS n FROM tickets").await;
        assert_eq!(admin.attach(invented, &[("a.txt", b"hola"), ("b.txt", b"otra")]).await.status, 201);
        // Somebody works as an invented technician, as on a desk that began with a demo.
        let id = invented_technician(&app).await;
        let technician = app.new_session(Client { id, ..app.anonymous() }).await;
        let reply = json!({ "title": "Para todos", "body": "Hola", "shared": true });
        let shared_reply = technician.post("/replies", reply).await.expect(201).id();
        let reply = json!({ "title": "Para mí", "body": "Hola", "shared": false });
        technician.post("/replies", reply).await.expect(201);
        let view = json!({ "name": "De todos", "filters": {}, "shared": true });
        let shared_view = technician.post("/views", view).await.expect(201).id();
        let view = json!({ "name": "Mía", "filters": {}, "shared": false });
        let private_view = technician.post("/views", view).await.expect(201).id();
        // What they did on a ticket that stays was told to whoever opened it.
        let own = app.ticket(&ana, "Mío").await;
        technician.post(&format!("/tickets/{own}/assign"), json!({ "assignee_id": id })).await.expect(200);
        technician.act(&format!("/tickets/{own}/close")).await.expect(200);
        let told = format!("SELECT COUNT(*) AS n FROM notifications WHERE user_id = {} AND ticket_id = {own}", ana.id);
        let before = app.number(&told).await;
        assert!(before > 0);

        let state = admin.get("/demo").await.expect(200);
        assert_eq!((&state["own_files"], &state["own_replies"], &state["own_views"]), (&2.into(), &1.into(), &1.into()));
        remove(&admin).await;

        assert_eq!(app.numbers("SELECT id AS n FROM users WHERE email LIKE '%@turno.example'").await, [0_i64; 0]);
        assert_eq!(app.numbers("SELECT id AS n FROM replies").await, [shared_reply]);
        assert_eq!(app.numbers("SELECT author_id AS n FROM replies").await, [admin.id]);
        assert_eq!(app.numbers("SELECT id AS n FROM saved_views").await, [shared_view]);
        assert_eq!(app.numbers("SELECT user_id AS n FROM saved_views").await, [admin.id]);
        assert_eq!(app.number(&told).await, before);
        assert_eq!(app.number(&format!("{told} AND actor_id IS NOT NULL")).await, 0);
        let log = admin.list("/audit", &[("action", "reply_updated,view_updated,view_deleted")]).await.expect(200);
        let mut kinds: Vec<(&str, i64)> = log
            .items()
            .iter()
            .map(|entry| (entry["kind"].as_str().unwrap(), entry["subject"]["id"].as_i64().unwrap()))
            .collect();
        kinds.sort_unstable();
        let expected =
            [("reply_updated", shared_reply), ("view_deleted", private_view), ("view_updated", shared_view)];
        assert_eq!(kinds, expected);
        assert_intact(&app).await;
    }

    async fn a_reply_of_the_demo_goes_though_somebody_changed_it(app: TestApp) {
        let admin = app.admin().await;
        // Staff has one of this title already: it stays the only one.
        let reply = json!({ "title": "Petición recibida", "body": "Ya la tenemos", "shared": true });
        let own = admin.post("/replies", reply).await.expect(201).id();
        load(&admin).await;
        let brought = app.numbers(&format!("SELECT id AS n FROM replies WHERE id <> {own} ORDER BY id")).await;
        assert_eq!(brought.len(), 6);
        admin.patch(&format!("/replies/{}", brought[0]), json!({ "body": "De otro modo" })).await.expect(200);
        admin.patch(&format!("/replies/{}", brought[1]), json!({ "shared": false })).await.expect(200);
        // Nobody of the demo wrote it for themselves.
        assert_eq!(admin.get("/demo").await.expect(200)["own_replies"], 0);
        remove(&admin).await;

        assert_eq!(app.numbers("SELECT id AS n FROM replies").await, [own]);
        // The log tells of each once: of the one that staff no longer had, when that was so.
        let log = admin.list("/audit", &[("action", "reply_deleted")]).await.expect(200);
        let mut deleted: Vec<i64> = log.items().iter().map(|entry| entry["subject"]["id"].as_i64().unwrap()).collect();
        deleted.sort_unstable();
        assert_eq!(deleted, brought);
        assert_intact(&app).await;
    }

    async fn who_is_at_work_as_an_invented_person_is_shown_out(app: TestApp) {
        let admin = app.admin().await;
        load(&admin).await;
        let id = invented_technician(&app).await;
        let technician = app.new_session(Client { id, ..app.anonymous() }).await;
        let mut socket = technician.live().await;
        admin.delete("/demo").await.expect(202);
        assert_eq!(socket.closed().await, shared::live::CLOSE_SESSION_ENDED);
        technician.get("/tickets").await.expect(401);
        reach(&admin, "idle").await;
    }

    async fn only_an_administrator_loads_and_removes(app: TestApp) {
        for person in [app.user().await, app.technician().await] {
            person.get("/demo").await.expect(403);
            person.act("/demo").await.expect(403);
            person.delete("/demo").await.expect(403);
            person.get("/first-steps").await.expect(403);
            person.delete("/first-steps").await.expect(403);
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tickets").await, 0);
    }

    async fn it_is_loaded_once_and_only_into_an_empty_desk(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        admin.delete("/demo").await.expect(409).problem("demo_refused");
        admin.act("/demo").await.expect(202);
        admin.act("/demo").await.expect(409).problem("demo_refused");
        admin.delete("/demo").await.expect(409).problem("demo_refused");
        reach(&admin, "loaded").await;
        admin.act("/demo").await.expect(409).problem("demo_refused");
        app.ticket(&ana, "El primero de verdad").await;
        assert_eq!(remove(&admin).await["may_load"], false);
        let before = app.stored().await;
        admin.act("/demo").await.expect(409).problem("demo_refused");
        assert_eq!(app.stored().await, before);
    }

    async fn what_was_broken_off_can_be_removed(app: TestApp) {
        let admin = app.admin().await;
        let before = kept(&app).await;
        load(&admin).await;
        // As a program leaves it that ended while it loaded, and has not been heard of since.
        app.sql("UPDATE demo_state SET state = 1, done = 30, beat_at = 0").await;
        let state = admin.get("/demo").await.expect(200);
        assert_eq!((&state["phase"], &state["done"]), (&"interrupted".into(), &30.into()));
        admin.act("/demo").await.expect(409).problem("demo_refused");
        // And one that ended while it removed.
        app.sql("UPDATE demo_state SET state = 3").await;
        assert_eq!(admin.get("/demo").await.expect(200)["phase"], "interrupted");
        remove(&admin).await;
        assert_eq!(kept(&app).await, before);
        assert_intact(&app).await;
    }

    async fn whoever_was_silent_for_too_long_stops_when_somebody_else_removes_it(app: TestApp) {
        let admin = app.admin().await;
        let before = kept(&app).await;
        admin.act("/demo").await.expect(202);
        // Still at work, but not heard of, as on a machine that slept.
        until("the demo is being removed while it is loaded", LONG, async || {
            app.sql("UPDATE demo_state SET beat_at = 0").await;
            admin.delete("/demo").await.status == 202
        })
        .await;
        assert_eq!(app.number("SELECT run AS n FROM demo_state").await, 2);
        reach(&admin, "idle").await;
        assert_eq!(kept(&app).await, before);
        // Neither of the two goes on, nor says that it was broken off.
        load(&admin).await;
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tickets").await, 60);
        assert_intact(&app).await;
    }

    async fn the_demo_of_the_command_line_is_removed_from_the_page(app: TestApp) {
        let before = kept(&app).await;
        let db = Db::open(&app.database.parsed()).await.unwrap();
        let logins = fill(&db, Size { tickets: 80, seed: 2 }, Progress::Silent).await.unwrap();
        // One of the invented administrators does it: they stay, as the only one there is.
        let reply = app.log_in(&logins[0].username, &logins[0].password).await.expect(201);
        let id = reply["user"]["id"].as_i64().unwrap();
        let admin = app.new_session(Client { id, ..app.anonymous() }).await;
        assert_eq!(admin.get("/demo").await.expect(200)["tickets"], 80);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM replies").await, 7);
        remove(&admin).await;
        assert_eq!(app.numbers("SELECT id AS n FROM users").await, [id]);
        let mut after = kept(&app).await;
        after.iter_mut().filter(|(table, _)| *table == "users").for_each(|(_, count)| *count -= 1);
        // What is between the two administrators goes with the one who goes.
        assert_eq!(after, before);
        assert_intact(&app).await;
    }

    async fn an_invented_administrator_has_invited_somebody_with_the_first(app: TestApp) {
        let db = Db::open(&app.database.parsed()).await.unwrap();
        let logins = fill(&db, Size { tickets: 40, seed: 3 }, Progress::Silent).await.unwrap();
        let reply = app.log_in(&logins[0].username, &logins[0].password).await.expect(201);
        let id = reply["user"]["id"].as_i64().unwrap();
        let admin = app.new_session(Client { id, ..app.anonymous() }).await;
        assert_eq!(admin.get("/first-steps").await.expect(200)["people"], false);
        app.user().await;
        assert_eq!(admin.get("/first-steps").await.expect(200)["people"], true);
    }

    async fn others_write_while_it_is_loaded(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        admin.act("/demo").await.expect(202);
        let mut own = Vec::new();
        while admin.get("/demo").await.expect(200)["phase"] == "loading" {
            own.push(app.ticket(&ana, "Entre medias").await);
        }
        assert!(!own.is_empty());
        remove(&admin).await;
        assert_eq!(app.numbers("SELECT id AS n FROM tickets ORDER BY id").await, own);
        assert_intact(&app).await;
    }

    async fn the_first_steps_are_what_the_desk_says(app: TestApp) {
        let admin = app.admin().await;
        let steps = admin.get("/first-steps").await.expect(200).json;
        let none = json!({
            "people": false, "categories": false, "appearance": false, "ticket": false, "put_away": false,
        });
        assert_eq!(steps, none);
        load(&admin).await;
        assert_eq!(admin.get("/first-steps").await.expect(200).json, none);
        remove(&admin).await;

        let ana = app.user().await;
        assert_eq!(admin.get("/first-steps").await.expect(200)["people"], true);
        admin.post("/categories", json!({ "name": "Edificio" })).await.expect(201);
        assert_eq!(admin.get("/first-steps").await.expect(200)["categories"], true);
        admin.patch("/settings", json!({ "version": 1, "name": "Ayuda" })).await.expect(200);
        assert_eq!(admin.get("/first-steps").await.expect(200)["appearance"], true);
        app.ticket(&ana, "El primero").await;
        assert_eq!(admin.get("/first-steps").await.expect(200)["ticket"], true);

        admin.delete("/first-steps").await.expect(204);
        admin.delete("/first-steps").await.expect(204);
        let other = app.admin().await;
        assert_eq!(other.get("/first-steps").await.expect(200)["put_away"], true);
        let told = admin.list("/audit", &[("action", "settings_updated")]).await.expect(200);
        assert_eq!(told.items()[0]["changes"], json!([{ "field": "first_steps_away", "from": false, "to": true }]));
        assert_eq!(told.items().len(), 2);
    }
}

//! `/audit`: everything that happened, as it was written.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    cli::{folder, run, turno},
    support::{Client, PASSWORD, Reply, ids},
};

async fn list(person: &Client, parameters: &[(&str, &str)]) -> Reply {
    person.list("/audit", parameters).await.expect(200)
}

/// The kinds of a list, in its order.
fn kinds(reply: &Reply) -> Vec<&str> {
    reply.items().iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

on_each_database! {
    async fn the_administrator_reads_what_happened(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        admin.patch(&format!("/users/{}", ana.id), json!({ "role": "technician" })).await.expect(200);
        let category = admin.post("/categories", json!({ "name": "Teléfonos" })).await.expect(201).id();
        let ticket = app.ticket(&ana, "Ratón").await;
        admin
            .post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Nota", "visibility": "internal" }))
            .await
            .expect(201);

        let all = list(&admin, &[]).await;
        assert_eq!(kinds(&all), ["comment_added", "ticket_created", "category_created", "user_updated"]);
        let [note, opened, made, changed] = all.items() else { panic!("{}", all.text) };
        assert_eq!(changed["actor"]["id"], admin.id);
        assert_eq!(changed["actor"]["name"], admin.name);
        assert_eq!(changed["address"], "127.0.0.1");
        assert_eq!(changed["subject"], json!({ "kind": "person", "id": ana.id, "name": ana.name }));
        assert_eq!(changed["changes"], json!([{ "field": "role", "from": "user", "to": "technician" }]));
        assert_eq!(made["subject"], json!({ "kind": "category", "id": category, "name": "Teléfonos" }));
        assert_eq!((&opened["ticket_id"], &opened["subject"]), (&ticket.into(), &Value::Null));
        assert!(note["comment_id"].is_i64());
        for entry in all.items() {
            assert_eq!(entry["hash"].as_str().unwrap().len(), 64);
        }
        assert_eq!(ids(all.items()), [4, 3, 2, 1], "the newest first, without gaps");
    }

    async fn every_filter_narrows_and_so_do_all_together(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let (first, second) = (app.ticket(&ana, "Uno").await, app.ticket(&luis, "Dos").await);
        admin.patch(&format!("/users/{}", ana.id), json!({ "name": "Ana" })).await.expect(200);
        admin.act(&format!("/tickets/{first}/close")).await.expect(200);
        ana.patch("/me", json!({ "theme": "dark" })).await.expect(200);
        app.log_in(&ana.username, "No-es-esta-1").await.expect(401);
        app.log_in(&luis.username, PASSWORD).await.expect(201);
        let all = list(&admin, &[]).await;
        assert_eq!(all.items().len(), 7);

        let (ana_id, luis_id, first_id) = (ana.id.to_string(), luis.id.to_string(), first.to_string());
        let narrowed = async |parameters: &[(&str, &str)]| {
            let reply = list(&admin, parameters).await;
            kinds(&reply).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(narrowed(&[("actor_id", &ana_id)]).await, ["user_updated", "ticket_created"]);
        // Also what was done to her, once each: she changed herself.
        assert_eq!(
            narrowed(&[("person_id", &ana_id)]).await,
            ["login_failed", "user_updated", "user_updated", "ticket_created"]
        );
        assert_eq!(narrowed(&[("person_id", &luis_id)]).await, ["logged_in", "ticket_created"]);
        assert_eq!(narrowed(&[("action", "login_failed")]).await, ["login_failed"]);
        assert_eq!(
            narrowed(&[("action", "ticket_closed,login_failed,logged_in")]).await,
            ["logged_in", "login_failed", "ticket_closed"]
        );
        assert_eq!(narrowed(&[("action", "demo_removed")]).await, [""; 0]);
        assert_eq!(narrowed(&[("ticket_id", &first_id)]).await, ["ticket_closed", "ticket_created"]);
        assert_eq!(narrowed(&[("ticket_id", &second.to_string())]).await, ["ticket_created"]);
        assert_eq!(narrowed(&[("address", "127.0.0.1")]).await.len(), 7);
        assert_eq!(narrowed(&[("address", "::ffff:127.0.0.1")]).await.len(), 7);
        assert_eq!(narrowed(&[("address", "192.0.2.7")]).await, [""; 0]);
        assert_eq!(
            narrowed(&[("person_id", &ana_id), ("action", "user_updated,login_failed"), ("address", "127.0.0.1")]).await,
            ["login_failed", "user_updated", "user_updated"]
        );
        assert_eq!(narrowed(&[("actor_id", &luis_id), ("person_id", &ana_id)]).await, [""; 0]);

        // From the third on, until before the sixth.
        let at = |id: i64| all.items().iter().find(|entry| entry["id"] == id).unwrap()["at"].as_str().unwrap().to_owned();
        let period = list(&admin, &[("from", &at(3)), ("to", &at(6))]).await;
        assert_eq!(period.ids(), [5, 4, 3]);
        assert_eq!(list(&admin, &[("to", &at(1))]).await.items().len(), 0);

        for (name, value) in [
            ("actor_id", "x"), ("person_id", "x"), ("ticket_id", "x"), ("from", "yesterday"), ("to", "x"), ("address", "x"),
            ("address", "127.0.0.1; --"), ("action", "X"), ("action", "logged_in,nothing_of_the_kind"), ("limit", "0"), ("limit", "101"),
        ] {
            admin.list("/audit", &[(name, value)]).await.expect(400).problem("malformed_parameter");
        }
        admin.list("/audit", &[("cursor", "x")]).await.expect(400).problem("invalid_cursor");
        for person in [&ana, &app.technician().await] {
            person.get("/audit").await.expect(403).problem("forbidden");
        }
    }

    async fn the_log_is_read_page_by_page(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let mut tickets = Vec::new();
        for n in 0..11 {
            tickets.push(app.ticket(&ana, &format!("Aviso {n}")).await);
        }
        admin.act(&format!("/tickets/{}/close", tickets[0])).await.expect(200);
        // Two at the same moment, as two processes may write them.
        app.sql("UPDATE events SET at = (SELECT at FROM (SELECT at FROM events WHERE id = 5) AS same) WHERE id IN (6, 7)").await;
        for limit in [1, 4, 12, 100] {
            let newest_first: Vec<i64> = (1..=12).rev().collect();
            assert_eq!(ids(&admin.pages("/audit", &[], limit).await), newest_first, "{limit}");
            let both = [("action", "ticket_created,ticket_closed")];
            assert_eq!(ids(&admin.pages("/audit", &both, limit).await), newest_first, "{limit}");
            let person = [("person_id", ana.id.to_string())];
            let person: Vec<(&str, &str)> = person.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(admin.pages("/audit", &person, limit).await.len(), 11, "{limit}");
        }
        // A cursor is good for its own filters only.
        let cursor = list(&admin, &[("limit", "2")]).await["next_cursor"].as_str().unwrap().to_owned();
        let other = [("cursor", cursor.as_str()), ("action", "ticket_closed")];
        admin.list("/audit", &other).await.expect(400).problem("invalid_cursor");
    }

    async fn a_page_of_long_entries_ends_early(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        // Each tells of 400 kB that became 400 kB.
        for version in 1..=5 {
            let sign = if version % 2 == 0 { "🖨" } else { "🖱" };
            let edit = json!({ "version": version, "description": sign.repeat(100_000) });
            ana.patch(&format!("/tickets/{ticket}"), edit).await.expect(200);
        }
        let (mut read, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let mut asked = vec![("limit", "100")];
            asked.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = list(&admin, &asked).await;
            assert!(page.bytes.len() < 3_000_000, "{} bytes", page.bytes.len());
            read.extend(page.ids());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(read, [6, 5, 4, 3, 2, 1]);
    }

    async fn failed_logins_are_told_without_their_passwords(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        app.log_in(&format!("  {}@EXAMPLE.org\u{0}", ana.username), "Una-clave-secreta-1").await.expect(401);
        app.log_in(&ana.username, "Una-clave-secreta-1").await.expect(401);
        app.log_in(&format!("{}<b>", "x".repeat(5_000)), "Una-clave-secreta-2").await.expect(401);
        let told = list(&admin, &[("action", "login_failed")]).await;
        let typed: Vec<&Value> = told.items().iter().map(|entry| &entry["changes"][0]["to"]).collect();
        assert_eq!(typed[0], &json!("x".repeat(100)));
        assert_eq!(typed[1], ana.username.as_str());
        assert_eq!(typed[2], &json!(format!("{}@EXAMPLE.org", ana.username)));
        let named = |place: usize| &told.items()[place]["subject"];
        assert_eq!(named(0), &Value::Null);
        assert_eq!(named(1), &json!({ "kind": "person", "id": ana.id, "name": ana.name }));
        for entry in told.items() {
            assert_eq!((&entry["actor"], &entry["address"]), (&Value::Null, &"127.0.0.1".into()));
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE payload LIKE '%secreta%'").await, 0);
    }

    async fn many_failures_of_one_account_are_summed_up(app: TestApp) {
        let admin = app.admin().await;
        join_all((0..9).map(|_| app.log_in("nadie", PASSWORD))).await;
        assert_eq!(list(&admin, &[("action", "login_failed")]).await.items().len(), 5);
        app.state.auth.failures.record_sums(&app.state.db).await.unwrap();
        let told = list(&admin, &[("action", "login_failed")]).await;
        let told = told.items();
        assert_eq!(told.len(), 6);
        assert_eq!(told[0]["changes"], json!([
            { "field": "login", "from": null, "to": "nadie" }, { "field": "times", "from": null, "to": 4 },
        ]));
        assert_eq!(told[0]["address"], "127.0.0.1");
        app.state.auth.failures.record_sums(&app.state.db).await.unwrap();
        assert_eq!(list(&admin, &[("action", "login_failed")]).await.items().len(), 6);
    }

    async fn what_leaves_the_desk_and_the_command_line_are_told_too(app: TestApp) {
        let admin = app.admin().await;
        admin.list("/reports/tickets.csv", &[("status", "open")]).await.expect(200);
        let folder = folder();
        let words = [
            "user", "create", "--username", "luz", "--name", "Luz", "--email", "luz@example.org", "--role", "admin",
            "--password-stdin",
        ];
        run(turno(folder.path(), &words).env("DATABASE_URL", &app.database.url), PASSWORD).succeeds();
        let all = list(&admin, &[]).await;
        assert_eq!(kinds(&all), ["user_created", "exported"]);
        let [made, exported] = all.items() else { panic!("{}", all.text) };
        assert_eq!((&made["actor"], &made["address"]), (&Value::Null, &Value::Null));
        assert_eq!(made["subject"]["name"], "Luz");
        assert_eq!((&exported["actor"]["id"], &exported["address"]), (&admin.id.into(), &"127.0.0.1".into()));
        assert_eq!(exported["changes"][0], json!({ "field": "format", "from": null, "to": "csv" }));
        assert_eq!(exported["changes"][1]["to"]["status"], "open");
        assert_eq!(exported["changes"][2], json!({ "field": "count", "from": null, "to": 0 }));
    }

    async fn what_is_gone_keeps_the_name_it_had(app: TestApp) {
        let admin = app.admin().await;
        let category = admin.post("/categories", json!({ "name": "De paso" })).await.expect(201).id();
        admin.delete(&format!("/categories/{category}")).await.expect(204);
        let token = admin.post("/me/tokens", json!({ "name": "Copias", "scopes": ["read"] })).await.expect(201).id();
        admin.delete(&format!("/me/tokens/{token}")).await.expect(204);
        let told = list(&admin, &[]).await;
        assert_eq!(kinds(&told), ["token_revoked", "token_created", "category_deleted", "category_created"]);
        let names: Vec<&Value> = told.items().iter().map(|entry| &entry["subject"]["name"]).collect();
        assert_eq!(names, ["Copias", "Copias", "De paso", "De paso"]);
    }

    async fn whom_a_ticket_was_shown_to_is_found_by_their_name(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let follows = format!("/tickets/{ticket}/watchers/{}", luis.id);
        admin.request(reqwest::Method::PUT, &follows).send().await.expect(204);
        admin.delete(&follows).await.expect(204);
        let told = list(&admin, &[("person_id", &luis.id.to_string())]).await;
        assert_eq!(kinds(&told), ["watcher_removed", "watcher_added"]);
        for entry in told.items() {
            assert_eq!(entry["subject"], json!({ "kind": "person", "id": luis.id, "name": luis.name }));
        }
    }
}

//! `/audit` and `turno verify-audit`: everything that happened, as it was written.

use std::{fs, path::Path};

use backend::{
    audit,
    db::{Db, migrate::migrate},
    events::{
        Origin,
        verify::{Fault, Intact, Noted, verify},
    },
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    cli::{Outcome, folder, run, turno},
    support::{Client, Database, Kind, PASSWORD, Reply, TestApp, ids},
};

async fn list(person: &Client, parameters: &[(&str, &str)]) -> Reply {
    person.list("/audit", parameters).await.expect(200)
}

/// The kinds of a list, in its order.
fn kinds(reply: &Reply) -> Vec<&str> {
    reply.items().iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

async fn verified(database: &Database) -> Result<Intact, Fault> {
    verify(&Db::open(&database.parsed()).await.unwrap(), None).await.unwrap()
}

/// Runs `turno verify-audit` on a database.
fn verify_audit(database: &Database, words: &[&str]) -> Outcome {
    let folder = folder();
    run(turno(folder.path(), &[&["verify-audit"], words].concat()).env("DATABASE_URL", &database.url), "")
}

/// Some events of several kinds.
async fn some_events(app: &TestApp) {
    let (ana, admin) = (app.user().await, app.admin().await);
    let ticket = app.ticket(&ana, "Ratón").await;
    let path = format!("/tickets/{ticket}");
    admin.patch(&path, json!({ "version": 1, "priority": "high" })).await.expect(200);
    ana.post(&format!("{path}/comments"), json!({ "body": "Sigue «igual» 🖨️" })).await.expect(201);
    admin.act(&format!("{path}/close")).await.expect(200);
    admin.patch(&format!("/users/{}", ana.id), json!({ "role": "technician" })).await.expect(200);
    app.log_in(&ana.username, "No-es-esta-1").await.expect(401);
    app.ticket(&ana, "Teclado").await;
    app.ticket(&ana, "Pantalla").await;
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
        let origin = Origin { actor: Some(shared::ids::UserId(admin.id)), address: Some("192.0.2.7".to_owned()) };
        audit::service::exported(&app.state.db, &origin, "tickets", "csv", Some(12)).await.unwrap();
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
        assert_eq!((&exported["actor"]["id"], &exported["address"]), (&admin.id.into(), &"192.0.2.7".into()));
        assert_eq!(exported["changes"][1], json!({ "field": "format", "from": null, "to": "csv" }));
    }

    settings(|config| config.workers = 2)
    async fn the_chain_holds_while_eight_write(app: TestApp) {
        let mut people = Vec::new();
        for _ in 0..8 {
            people.push(app.user().await);
        }
        join_all(people.iter().map(|person| {
            let app = &app;
            async move {
                for n in 0..12 {
                    let ticket = app.ticket(person, &format!("Aviso {n}")).await;
                    if n % 4 == 0 {
                        let body = json!({ "title": "x", "description": "x", "category_id": 999_999 });
                        person.post("/tickets", body).await.expect(422);
                        person.act(&format!("/tickets/{ticket}/close")).await.expect(200);
                        // Beside those who write.
                        verified(&app.database).await.unwrap();
                    }
                }
            }
        }))
        .await;
        let Intact { entries, hash } = verified(&app.database).await.unwrap();
        assert_eq!(entries, 8 * (12 + 3));
        assert_eq!(app.number("SELECT last_id AS n FROM event_counter").await, entries);
        let newest = list(&app.admin().await, &[("limit", "1")]).await;
        assert_eq!(newest.items()[0]["hash"], backend::events::chain::written(&hash));
    }

    async fn each_tampering_is_found_and_named(app: TestApp) {
        some_events(&app).await;
        let Intact { entries: last, .. } = verified(&app.database).await.unwrap();
        assert!(last >= 8, "{last}");
        app.sql("CREATE TABLE kept AS SELECT * FROM events; CREATE TABLE kept_end AS SELECT * FROM event_counter").await;
        let delete_last = format!("DELETE FROM events WHERE id = {last}");
        let copy = |columns: &str, id: i64| {
            format!(
                "INSERT INTO events (id, at, actor_id, address, kind, ticket_id, subject_id, audience, payload, hash) \
                 SELECT {id}, {columns} FROM kept WHERE id = 2"
            )
        };
        let all = "at, actor_id, address, kind, ticket_id, subject_id, audience, payload, hash";
        let cases: Vec<(String, i64, &str)> = vec![
            ("UPDATE events SET at = at + 1 WHERE id = 3".into(), 3, "changed"),
            ("UPDATE events SET actor_id = actor_id + 1 WHERE id = 1".into(), 1, "changed"),
            ("UPDATE events SET actor_id = NULL WHERE id = 2".into(), 2, "changed"),
            ("UPDATE events SET address = '192.0.2.7' WHERE id = 4".into(), 4, "changed"),
            ("UPDATE events SET kind = 'ticket_reopened' WHERE id = 4".into(), 4, "changed"),
            ("UPDATE events SET ticket_id = ticket_id + 1 WHERE id = 4".into(), 4, "changed"),
            ("UPDATE events SET subject_id = 1 WHERE id = 4".into(), 4, "changed"),
            ("UPDATE events SET audience = 0 WHERE id = 5".into(), 5, "changed"),
            ("UPDATE events SET payload = '{}' WHERE id = 5".into(), 5, "changed"),
            ("UPDATE events SET payload = '{\"x\":1}' WHERE id IN (6, 7)".into(), 6, "changed"),
            ("UPDATE events SET hash = (SELECT hash FROM kept WHERE id = 2) WHERE id = 5".into(), 5, "changed"),
            (format!("UPDATE events SET kind = 'exported' WHERE id = {last}"), last, "changed"),
            ("DELETE FROM events WHERE id = 4".into(), 4, "missing"),
            ("DELETE FROM events WHERE id = 1".into(), 1, "missing"),
            ("DELETE FROM events".into(), 1, "missing"),
            (delete_last.clone(), last, "missing"),
            (format!("{delete_last}; UPDATE event_counter SET last_id = last_id - 1"), last - 1, "written last"),
            // Two that changed places.
            (
                "UPDATE events SET id = -1 WHERE id = 3; UPDATE events SET id = 3 WHERE id = 4; \
                 UPDATE events SET id = 4 WHERE id = -1".into(),
                3,
                "changed",
            ),
            // One more: in the middle, with those after it moved on; at the end; before the start.
            (
                format!(
                    "UPDATE events SET id = -id WHERE id > 2; UPDATE events SET id = 1 - id WHERE id < 0; {}; \
                     UPDATE event_counter SET last_id = last_id + 1",
                    copy(all, 3)
                ),
                3,
                "changed",
            ),
            (copy(all, last + 1), last + 1, "added"),
            (copy(all, last + 7), last + 7, "added"),
            (copy(all, 0), 0, "added"),
            ("UPDATE event_counter SET last_hash = (SELECT hash FROM kept WHERE id = 1)".into(), last, "written last"),
            ("UPDATE event_counter SET last_id = last_id + 3".into(), last + 1, "missing"),
            ("DELETE FROM event_counter".into(), 1, "not noted"),
        ];
        for (sql, entry, says) in cases {
            app.sql(&sql).await;
            let line = verify_audit(&app.database, &[]).fails();
            assert!(line.contains(&format!("entry {entry} ")) && line.contains(says), "{sql}: {line}");
            app.sql(
                "DELETE FROM events; INSERT INTO events SELECT * FROM kept; \
                 DELETE FROM event_counter; INSERT INTO event_counter SELECT * FROM kept_end",
            )
            .await;
            assert_eq!(verified(&app.database).await.unwrap().entries, last, "{sql}: not put back");
        }
    }

    async fn a_log_written_anew_is_not_the_one_that_was_noted(app: TestApp) {
        some_events(&app).await;
        let said = verify_audit(&app.database, &[]).succeeds();
        let noted = said.lines().last().unwrap().rsplit(' ').next().unwrap().to_owned();
        assert!(said.contains(&format!("{} entries", noted.split(':').next().unwrap())), "{said}");
        app.ticket(&app.user().await, "Otro").await;
        verify_audit(&app.database, &["--noted", &noted]).succeeds();

        // Somebody who knows how it is made changes one, and writes it and all after it anew.
        let anew = "UPDATE event_counter SET unchained = TRUE";
        let unchained = unchain(app.database.kind);
        app.sql(&format!("UPDATE events SET actor_id = NULL WHERE id = 2; {unchained}; {anew}")).await;
        migrate(&app.database.parsed()).await.unwrap();
        verify_audit(&app.database, &[]).succeeds();
        let line = verify_audit(&app.database, &["--noted", &noted]).fails();
        assert!(line.contains(&format!("entry {} ", noted.split(':').next().unwrap())), "{line}");
        // Or cuts its end off.
        let beyond = Noted { entry: 1_000, hash: vec![0; 32] };
        let db = Db::open(&app.database.parsed()).await.unwrap();
        assert_eq!(verify(&db, Some(&beyond)).await.unwrap(), Err(Fault::NotAsNoted(beyond)));
    }

    async fn the_log_of_an_older_desk_is_chained_when_it_is_migrated(app: TestApp) {
        some_events(&app).await;
        let entries = verified(&app.database).await.unwrap().entries;
        let folder = match app.database.kind {
            Kind::Sqlite => "sqlite",
            Kind::Postgres => "postgres",
            Kind::Mysql => "mysql",
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(folder);
        for folder in
            ["2026-11-28-000000_audience_first", "2026-11-25-133000_chain_once", "2026-11-25-020000_audit_chain"]
        {
            app.sql(&fs::read_to_string(root.join(folder).join("down.sql")).unwrap()).await;
        }
        let undone = ["20261125020000", "20261125133000", "20261128000000"];
        app.sql(&format!("DELETE FROM __diesel_schema_migrations WHERE version IN ('{}')", undone.join("', '"))).await;
        assert_eq!(migrate(&app.database.parsed()).await.unwrap(), undone);
        assert_eq!(verified(&app.database).await.unwrap().entries, entries);
        app.ticket(&app.user().await, "Después").await;
        assert_eq!(verified(&app.database).await.unwrap().entries, entries + 1);
        // A chain whose end was taken away is not made anew.
        let end = if app.database.kind == Kind::Sqlite { "x''" } else { "''" };
        app.sql(&format!("UPDATE event_counter SET last_hash = {end}")).await;
        migrate(&app.database.parsed()).await.unwrap();
        assert_eq!(verified(&app.database).await, Err(Fault::End(entries + 1)));
    }

    async fn hashes_that_are_gone_are_not_made_anew(app: TestApp) {
        some_events(&app).await;
        app.sql(&unchain(app.database.kind)).await;
        // As the next start does.
        migrate(&app.database.parsed()).await.unwrap();
        let line = verify_audit(&app.database, &[]).fails();
        assert!(line.contains("entry 1 ") && line.contains("changed"), "{line}");
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

    async fn an_empty_log_is_whole(app: TestApp) {
        assert!(verify_audit(&app.database, &[]).succeeds().contains("no entries"));
    }
}

/// The SQL that makes a log look as if it had never been chained.
fn unchain(kind: Kind) -> String {
    let nothing = if kind == Kind::Sqlite { "x''" } else { "''" };
    format!("UPDATE events SET hash = {nothing}; UPDATE event_counter SET last_hash = {nothing}")
}

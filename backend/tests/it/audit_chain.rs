//! The audit log as a chain: what `turno verify-audit` says of it when it is whole, and when it was tampered with.

use std::{fs, path::Path};

use backend::{
    db::{Db, migrate::migrate},
    events::verify::{Fault, Intact, Noted, verify},
};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    cli::{Outcome, folder, run, turno},
    support::{Database, Kind, TestApp},
};

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
        let newest = app.admin().await.list("/audit", &[("limit", "1")]).await.expect(200);
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
        let mut cases: Vec<(String, i64, &str)> = vec![
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
        if app.database.kind == Kind::Sqlite {
            cases.extend(disguises());
        }
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
        app.sql(&format!("UPDATE event_counter SET last_hash = {}", nothing(app.database.kind))).await;
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

    async fn hashes_that_are_there_are_not_made_anew_either(app: TestApp) {
        some_events(&app).await;
        let entries = verified(&app.database).await.unwrap().entries;
        // The mark of a log that is older than the chain, on one that is not.
        app.sql("UPDATE event_counter SET unchained = TRUE").await;
        migrate(&app.database.parsed()).await.unwrap();
        assert_eq!(verified(&app.database).await, Err(Fault::Marked));
        let line = verify_audit(&app.database, &[]).fails();
        assert!(line.contains("entry 1 ") && line.contains("marked"), "{line}");

        app.sql("UPDATE events SET actor_id = NULL WHERE id = 2").await;
        migrate(&app.database.parsed()).await.unwrap();
        assert_eq!(verified(&app.database).await, Err(Fault::Changed(2)));
        // Nor when the hashes of what was changed, and of all after it, are gone, or where the log ends.
        let nothing = nothing(app.database.kind);
        for gone in [
            format!("UPDATE events SET hash = {nothing} WHERE id >= 2"),
            format!("UPDATE event_counter SET last_hash = {nothing}"),
        ] {
            app.sql(&gone).await;
            migrate(&app.database.parsed()).await.unwrap();
            assert_eq!(verified(&app.database).await, Err(Fault::Changed(2)), "{gone}");
        }
        let hashes = format!("SELECT COUNT(*) AS n FROM events WHERE hash <> {nothing}");
        assert_eq!(app.number(&hashes).await, 1, "of {entries}");
    }

    async fn an_empty_log_is_whole(app: TestApp) {
        assert!(verify_audit(&app.database, &[]).succeeds().contains("no entries"));
    }
}

/// What reads as it was written and is kept as another type, so that no condition finds it: SQLite allows that.
fn disguises() -> Vec<(String, i64, &'static str)> {
    let blob = |column: &str| format!("{column} = CAST(CAST({column} AS TEXT) AS BLOB)");
    let mut cases = Vec::new();
    for (column, entry) in [
        ("at", 3),
        ("actor_id", 3),
        ("address", 3),
        ("kind", 3),
        ("ticket_id", 3),
        ("payload", 3),
        ("audience", 5),
        ("subject_id", 5),
    ] {
        cases.push((format!("UPDATE events SET {} WHERE id = {entry}", blob(column)), entry, "changed"));
    }
    cases.push(("UPDATE events SET audience = audience + 0.5 WHERE id = 5".into(), 5, "changed"));
    cases.push(("UPDATE events SET id = id + 0.5 WHERE id = 3".into(), 3, "changed"));
    cases.push((format!("UPDATE event_counter SET {}", blob("last_id")), 1, "not noted"));
    cases
}

/// How no hash is written in SQL.
fn nothing(kind: Kind) -> &'static str {
    if kind == Kind::Sqlite { "x''" } else { "''" }
}

/// The SQL that makes a log look as if it had never been chained.
fn unchain(kind: Kind) -> String {
    let nothing = nothing(kind);
    format!("UPDATE events SET hash = {nothing}; UPDATE event_counter SET last_hash = {nothing}")
}

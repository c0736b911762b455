//! `/reports`: the list as a file, the same for everyone as the list itself.

mod csv;
mod pdf;
mod reader;
mod xlsx;

use std::{fmt::Write, time::Duration};

use actix_web::{rt, web::block};
use backend::db::{self, DbError};
use reqwest::Method;
use serde_json::json;
use shared::{ids::UserId, permissions::TechnicianScope};

use crate::support::{Client, Reply, TestApp, ids, new_id, png, until};

const KINDS: [&str; 3] = ["csv", "xlsx", "pdf"];

/// The list as a file of one kind.
async fn export(person: &Client, kind: &str, parameters: &[(&str, &str)]) -> Reply {
    person.list(&format!("/reports/tickets.{kind}"), parameters).await.expect(200)
}

/// A desk with tickets of every kind.
async fn desk(app: &TestApp) -> [Client; 4] {
    let people = [app.admin().await, app.technician().await, app.user().await, app.user().await];
    let [admin, tech, ana, luis] = &people;
    let categories = app.numbers("SELECT id AS n FROM categories ORDER BY id").await;
    for n in 0..16_usize {
        let ticket = app.ticket(if n % 3 == 0 { luis } else { ana }, &format!("Aviso número {n}")).await;
        let assignee = match n % 4 {
            0 => tech.id.to_string(),
            1 => admin.id.to_string(),
            _ => "NULL".to_owned(),
        };
        let category = if n % 5 == 0 { "NULL".to_owned() } else { categories[n % categories.len()].to_string() };
        let at = 1_700_000_000_000_000_i64 + i64::try_from(n / 3).unwrap() * 1_000_000;
        let closed = if n % 4 == 3 { at.to_string() } else { "NULL".to_owned() };
        app.sql(&format!(
            "UPDATE tickets SET status = {}, priority = {}, category_id = {category}, assignee_id = {assignee}, \
             created_at = {at}, updated_at = {at}, closed_at = {closed} WHERE id = {ticket}",
            n % 4,
            (n / 2) % 4,
        ))
        .await;
        if n == 6 {
            app.invite(ticket, ana).await;
        }
    }
    people
}

/// More tickets than are read at once, put straight into the database; answers how their titles begin.
async fn many(app: &TestApp, requester: &Client, count: usize) -> &'static str {
    let now = db::to_micros(db::now());
    let mut sql = "INSERT INTO tickets (id, status, priority, requester_id, version, created_at, updated_at, title, \
                   title_folded, description) VALUES "
        .to_owned();
    for n in 0..count {
        let (id, at) = (new_id(), now - i64::try_from(n % 700).unwrap() * 1_000_000);
        let comma = if n == 0 { "" } else { ", " };
        let _ = write!(sql, "{comma}({id}, 0, 1, {}, 1, {at}, {at}, 'Montón {n}', 'monton {n}', 'x')", requester.id);
    }
    app.sql(&sql).await;
    "Montón"
}

/// What anyone may be told of is in their file, whatever they ask for, in the order of the list.
async fn everyones_file_is_their_list(app: &TestApp) {
    let people = desk(app).await;
    let [_, tech, ana, _] = &people;
    let (tech, ana) = (tech.id.to_string(), ana.id.to_string());
    let category = app.numbers("SELECT id AS n FROM categories ORDER BY id").await[1].to_string();
    let filters: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        vec![("sort", "priority")],
        vec![("sort", "-created_at"), ("status", "open,waiting")],
        vec![("priority", "high")],
        vec![("category_id", &category)],
        vec![("assignee_id", "me")],
        vec![("assignee_id", "none"), ("sort", "created_at")],
        vec![("assignee_id", &tech)],
        vec![("requester_id", &ana)],
        vec![("q", "NUMERO 1")],
        vec![("created_after", "2023-11-14T22:13:22Z"), ("created_before", "2023-11-14T22:13:24Z")],
        vec![("category_id", "none")],
        vec![("closed_after", "2023-11-14T22:13:22Z")],
        vec![("status", "closed"), ("priority", "low"), ("q", "aviso")],
    ];
    for person in &people {
        for filter in &filters {
            let expected = ids(&person.pages("/tickets", filter, 5).await);
            assert_eq!(csv::ids(&export(person, "csv", filter).await), expected, "{} {filter:?}", person.name);
        }
        let all = ids(&person.pages("/tickets", &[], 50).await);
        assert_eq!(xlsx::ids(&export(person, "xlsx", &[]).await), all, "{}", person.name);
        assert_eq!(pdf::ids(&export(person, "pdf", &[]).await), all, "{}", person.name);
    }
}

on_each_database! {
    async fn a_file_has_what_the_list_has(app: TestApp) {
        everyones_file_is_their_list(&app).await;
    }

    settings(|config| config.technician_scope = TechnicianScope::Assigned)
    async fn with_the_scope_assigned_too(app: TestApp) {
        everyones_file_is_their_list(&app).await;
    }

    async fn what_the_words_of_a_list_narrow_they_narrow_in_its_file(app: TestApp) {
        let people = desk(&app).await;
        let cases = [
            ("estado:abierto asignado:yo", vec![("status", "open"), ("assignee_id", "me")]),
            ("status:open assignee:me", vec![("status", "open"), ("assignee_id", "me")]),
            ("aviso estado:cerrado asignado:nadie", vec![("status", "closed"), ("assignee_id", "none"), ("q", "aviso")]),
            ("prioridad:urgente estado:\"en espera\",cerrado", vec![("priority", "urgent"), ("status", "waiting,closed")]),
        ];
        for (q, filters) in cases {
            let asked = [("q", q)];
            for person in &people {
                let expected = ids(&person.pages("/tickets", &asked, 5).await);
                assert_eq!(expected, ids(&person.pages("/tickets", &filters, 5).await), "{} {q}", person.name);
                assert_eq!(csv::ids(&export(person, "csv", &asked).await), expected, "{} {q}", person.name);
                assert_eq!(xlsx::ids(&export(person, "xlsx", &asked).await), expected, "{} {q}", person.name);
                assert_eq!(pdf::ids(&export(person, "pdf", &asked).await), expected, "{} {q}", person.name);
            }
            // Some are left of a technician's, and not all.
            let tech = &people[1];
            let (some, all) = (tech.pages("/tickets", &asked, 5).await.len(), tech.pages("/tickets", &[], 5).await.len());
            assert!(0 < some && some < all, "{q}: {some} of {all}");
        }
    }

    async fn a_long_list_is_whole_and_in_order(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let title = many(&app, &ana, 1_203).await;
        for person in [&ana, &admin] {
            let expected = ids(&person.pages("/tickets", &[("q", title), ("sort", "created_at")], 100).await);
            assert_eq!(expected.len(), 1_203);
            for kind in KINDS {
                let file = export(person, kind, &[("q", title), ("sort", "created_at")]).await;
                // Elsewhere: it takes longer than the server keeps a connection that nobody uses.
                let found = block(move || match kind {
                    "csv" => csv::ids(&file),
                    "xlsx" => xlsx::ids(&file),
                    _ => pdf::ids(&file),
                });
                assert_eq!(found.await.unwrap(), expected, "{kind}");
            }
        }
    }

    async fn nothing_internal_gets_out(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let ticket = app.ticket_like(&ana, json!({ "title": "Mío", "description": "Texto reservado" })).await.id();
        app.ticket(&luis, "Ajeno").await;
        let note = json!({ "body": "Nota secreta", "visibility": "internal" });
        admin.post(&format!("/tickets/{ticket}/comments"), note).await.expect(201);
        let secret = [luis.name.as_str(), "Ajeno", "secreta", "reservado"];
        for (kind, text) in [
            ("csv", export(&ana, "csv", &[]).await.text),
            ("xlsx", xlsx::everything(&export(&ana, "xlsx", &[]).await)),
            ("pdf", pdf::text(&export(&ana, "pdf", &[]).await)),
        ] {
            assert!(text.contains("Mío"), "{kind}: {text}");
            for secret in secret {
                assert!(!text.contains(secret), "{kind} tells of {secret}: {text}");
            }
        }
        // Nor does the heading name whoever is asked for by number.
        let other = luis.id.to_string();
        for filter in ["requester_id", "assignee_id"] {
            let text = pdf::text(&export(&ana, "pdf", &[(filter, &other)]).await);
            assert!(text.contains(&format!("n.º {other}")) && !text.contains(&luis.name), "{text}");
        }
    }

    async fn each_file_is_in_the_log(app: TestApp) {
        let ana = app.user().await;
        app.ticket(&ana, "Uno").await;
        app.ticket(&ana, "Dos").await;
        for kind in KINDS {
            export(&ana, kind, &[("status", "open"), ("q", "uno")]).await;
            let noted = format!(
                "SELECT COUNT(*) AS n FROM events WHERE kind = 'exported' AND actor_id = {} AND address = '127.0.0.1' \
                 AND ticket_id IS NULL AND subject_id IS NULL AND audience = 2 AND payload LIKE '%\"{kind}\"%' \
                 AND payload LIKE '%\"status\":\"open\"%' AND payload LIKE '%\"q\":\"uno\"%' AND payload LIKE '%\"count\"%'",
                ana.id
            );
            assert_eq!(app.number(&noted).await, 1, "{kind}");
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'exported'").await, 3);
    }

    async fn what_comes_is_a_file_with_a_name(app: TestApp) {
        let ana = app.user().await;
        for (kind, media) in [
            ("csv", "text/csv; charset=utf-8"),
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("pdf", "application/pdf"),
        ] {
            let reply = export(&ana, kind, &[]).await;
            assert_eq!(reply.header("content-type"), Some(media));
            let name = reply.header("content-disposition").unwrap().to_owned();
            let today = db::now().format("%Y-%m-%d").to_string();
            assert_eq!(name, format!("attachment; filename=\"tickets-{today}.{kind}\""));
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            assert_eq!(reply.header("content-length"), Some(reply.bytes.len().to_string().as_str()));
            // HEAD tells the same and makes nothing.
            let before = app.stored().await;
            let path = format!("/reports/tickets.{kind}");
            let head = ana.request(Method::HEAD, &path).send().await.expect(200);
            assert_eq!((head.header("content-type"), head.header("content-disposition")), (Some(media), Some(name.as_str())));
            assert_eq!(app.stored().await, before);
            // What is compressed inside is not compressed again.
            let packed = ana.request(Method::GET, &path).header("Accept-Encoding", "gzip").send().await.expect(200);
            let expected = if kind == "csv" { "gzip" } else { "identity" };
            assert_eq!(packed.header("content-encoding"), Some(expected), "{kind}");
        }
    }

    async fn what_makes_no_sense_is_refused(app: TestApp) {
        let ana = app.user().await;
        let before = app.stored().await;
        for kind in KINDS {
            let path = format!("/reports/tickets.{kind}");
            for (name, value) in [
                ("status", "lost"), ("status", ""), ("status", ","), ("priority", "x"), ("category_id", "x"), ("assignee_id", "x"), ("requester_id", "x"),
                ("sort", "x"), ("created_after", "x"), ("locale", "fr"), ("time_zone", "Europe/Nowhere"), ("q", "a\u{0}b"),
                // A file has no pages, and hands out no more than was meant.
                ("limit", "25"), ("limit", "0"), ("cursor", "x"),
            ] {
                ana.list(&path, &[(name, value)]).await.expect(400).problem("malformed_parameter");
            }
            ana.list(&path, &[("q", &"x".repeat(201))]).await.expect(400).problem("malformed_parameter");
            app.anonymous().get(&path).await.expect(401).problem("not_authenticated");
        }
        ana.get("/reports/tickets.doc").await.expect(404).problem("not_found");
        assert_eq!(app.stored().await, before);
    }

    async fn a_file_is_of_one_moment(app: TestApp) {
        let admin = app.admin().await;
        let names = backend::categories::service::names;
        let read = app.state.db.snapshot(async |conn| -> Result<_, DbError> {
            let before = names(conn).await?;
            admin.post("/categories", json!({ "name": "Nueva" })).await.expect(201);
            Ok((before, names(conn).await?))
        });
        let (before, after) = read.await.unwrap();
        assert_eq!(before, after);
        let now = app.state.db.snapshot(async |conn| -> Result<_, DbError> { names(conn).await }).await.unwrap();
        assert_eq!(now.len(), before.len() + 1);
    }

    async fn others_wait_for_their_turn(app: TestApp) {
        let ana = app.user().await;
        app.ticket(&ana, "Uno").await;
        let turns = app.state.exports.close().unwrap();
        let mut waiting = Vec::new();
        for _ in 0..12 {
            let admin = app.admin().await;
            waiting.push(rt::spawn(async move { admin.get("/reports/tickets.csv").await }));
        }
        until("they wait", Duration::from_secs(20), async || app.state.exports.under_way() == 12).await;
        ana.get("/reports/tickets.csv").await.expect(503).problem("unavailable");
        drop(turns);
        for reply in waiting {
            assert_eq!(csv::ids(&reply.await.unwrap().expect(200)).len(), 1);
        }
        until("they are done", Duration::from_secs(20), async || app.state.exports.under_way() == 0).await;
    }

    async fn one_persons_files_are_written_one_after_another(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let turns = app.state.exports.close().unwrap();
        let asking = |person: &Client, kind: &str| {
            let (person, path) = (person.clone(), format!("/reports/tickets.{kind}"));
            rt::spawn(async move { person.get(&path).await })
        };
        // All three kinds of one person, twice: one has a turn, and the others wait without taking those of all.
        let hers: Vec<_> = KINDS.iter().chain(&KINDS).map(|kind| asking(&ana, kind)).collect();
        until("they wait", Duration::from_secs(20), async || app.state.exports.of(UserId(ana.id)) == 6).await;
        let refused = ana.get("/reports/tickets.pdf").await.expect(429).problem("too_many_requests");
        assert_eq!(refused.header("retry-after"), Some("10"));
        let his = asking(&luis, "csv");
        until("the other one waits too", Duration::from_secs(20), async || app.state.exports.under_way() == 2).await;
        drop(turns);
        for reply in hers {
            reply.await.unwrap().expect(200);
        }
        his.await.unwrap().expect(200);
        until("they are done", Duration::from_secs(20), async || app.state.exports.of(UserId(ana.id)) == 0).await;
        export(&ana, "pdf", &[]).await;
    }

    async fn what_takes_too_long_is_broken_off(app: TestApp) {
        let ana = app.user().await;
        app.ticket(&ana, "Uno").await;
        app.state.exports.limit(0);
        for kind in KINDS {
            ana.get(&format!("/reports/tickets.{kind}")).await.expect(503).problem("unavailable");
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'exported'").await, 0);
        app.state.exports.limit(60_000);
        export(&ana, "csv", &[]).await;
    }

    async fn the_desks_logo_is_in_the_files(app: TestApp) {
        let admin = app.admin().await;
        let pictures = |pdf: &Reply, xlsx: &Reply| {
            let document = lopdf::Document::load_mem(&pdf.bytes).unwrap();
            let is_picture = |object: &lopdf::Object| {
                let stream = object.as_stream().ok();
                stream.and_then(|stream| stream.dict.get(b"Subtype").ok()?.as_name().ok()) == Some(b"Image".as_slice())
            };
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(xlsx.bytes.clone())).unwrap();
            let in_book = archive.by_name("xl/media/image1.png").is_ok();
            (document.objects.values().any(is_picture), in_book)
        };
        let both = async || pictures(&export(&admin, "pdf", &[]).await, &export(&admin, "xlsx", &[]).await);
        assert_eq!(both().await, (false, false));
        admin.request(Method::PUT, "/settings/logo").file("logo.png", png(300, 100)).send().await.expect(200);
        assert_eq!(both().await, (true, true));
    }

    async fn nothing_is_left_behind_by_a_file(app: TestApp) {
        let ana = app.user().await;
        // Where they are written there is no room: nowhere else is tried.
        let spool = app.storage().join("files/arriving");
        std::fs::remove_dir(&spool).unwrap();
        for kind in KINDS {
            ana.get(&format!("/reports/tickets.{kind}")).await.expect(503).problem("unavailable");
        }
        std::fs::create_dir(&spool).unwrap();
        for kind in KINDS {
            export(&ana, kind, &[]).await;
        }
        assert_eq!(app.files(), [""; 0]);
    }

    async fn who_leaves_is_not_worked_for(app: TestApp) {
        let ana = app.user().await;
        app.ticket(&ana, "Uno").await;
        let turns = app.state.exports.close().unwrap();
        let asking = ana.clone();
        let request = rt::spawn(async move { asking.get("/reports/tickets.pdf").await });
        until("it waits", Duration::from_secs(20), async || app.state.exports.under_way() == 1).await;
        request.abort();
        until("nobody waits", Duration::from_secs(20), async || app.state.exports.under_way() == 0).await;
        drop(turns);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'exported'").await, 0);
    }
}

//! `/replies`: what staff answers again and again.

use serde_json::{Value, json};

use crate::support::{Client, Reply};

async fn keep(who: &Client, title: &str, shared: bool) -> Reply {
    let body = json!({ "title": title, "body": "Hola {{requester.first_name}}", "shared": shared });
    who.post("/replies", body).await.expect(201)
}

async fn titles(who: &Client) -> Vec<String> {
    let list = who.pages("/replies", &[], 2).await;
    list.iter().map(|reply| reply["title"].as_str().unwrap().to_owned()).collect()
}

/// What the log tells of saved replies: kinds, and what changed.
async fn told(admin: &Client) -> Vec<(String, Value)> {
    let log = admin.get("/audit?action=reply_created,reply_updated,reply_deleted&limit=100").await.expect(200);
    let entry = |entry: &Value| (entry["kind"].as_str().unwrap().to_owned(), entry["changes"].clone());
    log.items().iter().rev().map(entry).collect()
}

on_each_database! {
    async fn one_is_kept_found_changed_and_deleted(app: TestApp) {
        let tech = app.technician().await;
        let made = keep(&tech, "  Reinicio ", false).await;
        assert_eq!((&made["title"], &made["body"]), (&"Reinicio".into(), &"Hola {{requester.first_name}}".into()));
        assert_eq!((&made["shared"], &made["editable"]), (&false.into(), &true.into()));
        assert_eq!(made["author"], json!({ "id": tech.id, "name": tech.name, "avatar_url": null }));
        assert_eq!(tech.get("/replies").await.expect(200).items(), std::slice::from_ref(&made.json));
        let path = format!("/replies/{}", made.id());
        let changed = tech.patch(&path, json!({ "body": "**{{ticket.title}}**" })).await.expect(200);
        assert_eq!((&changed["title"], &changed["body"]), (&"Reinicio".into(), &"**{{ticket.title}}**".into()));
        assert_eq!(tech.patch(&path, json!({})).await.expect(200).json, changed.json);
        tech.delete(&path).await.expect(204);
        assert!(titles(&tech).await.is_empty());
        tech.delete(&path).await.expect(404).problem("not_found");
        tech.patch(&path, json!({ "title": "x" })).await.expect(404).problem("not_found");
    }

    async fn the_list_is_ones_own_and_the_shared_ones_by_title(app: TestApp) {
        let (tech, other, admin) = (app.technician().await, app.technician().await, app.admin().await);
        for (who, title, shared) in [
            (&tech, "Ñu", false), (&tech, "árbol", true), (&tech, "Zeta", false), (&other, "Barco", true), (&other, "Agua", false),
            (&admin, "casa", true), (&admin, "Casa", false),
        ] {
            keep(who, title, shared).await;
        }
        assert_eq!(titles(&tech).await, ["árbol", "Barco", "casa", "Ñu", "Zeta"]);
        assert_eq!(titles(&other).await, ["Agua", "árbol", "Barco", "casa"]);
        // Nobody reads what another keeps for themselves, an administrator neither.
        assert_eq!(titles(&admin).await, ["árbol", "Barco", "casa", "Casa"]);
        let list = other.get("/replies").await.expect(200);
        let editable: Vec<&Value> = list.items().iter().map(|reply| &reply["editable"]).collect();
        assert_eq!(editable, [true, false, true, false]);
        let page = tech.get("/replies?limit=2").await.expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        tech.list("/tickets", &[("cursor", cursor)]).await.expect(400).problem("invalid_cursor");
        tech.get("/replies?limit=101").await.expect(400).problem("malformed_parameter");
    }

    async fn a_shared_one_is_changed_by_its_author_and_by_administrators(app: TestApp) {
        let (tech, other, admin, ana) =
            (app.technician().await, app.technician().await, app.admin().await, app.user().await);
        let (mine, open) = (keep(&tech, "Mía", false).await.id(), keep(&tech, "De todos", true).await.id());
        let stored = app.stored().await;
        for method in ["patch", "delete"] {
            let ask = async |who: &Client, id: i64| match method {
                "patch" => who.patch(&format!("/replies/{id}"), json!({ "title": "x" })).await,
                _ => who.delete(&format!("/replies/{id}")).await,
            };
            ask(&other, open).await.expect(403).problem("forbidden");
            ask(&other, mine).await.expect(404).problem("not_found");
            ask(&admin, mine).await.expect(404).problem("not_found");
            ask(&ana, open).await.expect(403).problem("forbidden");
        }
        ana.get("/replies").await.expect(403).problem("forbidden");
        assert_eq!(app.stored().await, stored);
        assert_eq!(admin.patch(&format!("/replies/{open}"), json!({ "title": "De la casa" })).await.expect(200)["author"]["id"], tech.id);
        // It stays when its author goes.
        admin.delete(&format!("/users/{}", tech.id)).await.expect(204);
        assert_eq!(titles(&other).await, ["De la casa"]);
        admin.delete(&format!("/replies/{open}")).await.expect(204);
        assert!(titles(&other).await.is_empty());
    }

    async fn a_reply_keeps_its_rules(app: TestApp) {
        let tech = app.technician().await;
        let kept = keep(&tech, "Reinicio", true).await.id();
        let stored = app.stored().await;
        let (long, longer) = ("ñ".repeat(101), "ñ".repeat(10_001));
        for (field, value, code) in [
            ("title", " ", "required"), ("title", &long, "too_long"), ("title", "a\nb", "invalid_characters"),
            ("body", " \n", "required"), ("body", &longer, "too_long"), ("body", "a\0b", "invalid_characters"),
            ("body", "{{requester.mail}}", "unknown_placeholder"), ("body", "Hola {{}}", "unknown_placeholder"),
        ] {
            let mut new = json!({ "title": "x", "body": "x" });
            new[field] = value.into();
            tech.post("/replies", new).await.refuses(field, code);
            tech.patch(&format!("/replies/{kept}"), json!({ field: value })).await.refuses(field, code);
        }
        for body in [json!({}), json!({ "title": "x" }), json!({ "title": "x", "body": "x", "author_id": 1 }), json!({ "title": "x", "body": "x", "shared": 1 })] {
            tech.post("/replies", body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, stored);
        let whole = json!({ "title": "ñ".repeat(100), "body": format!("{}\\{{{{lo que sea}}}}", "😀".repeat(9_980)) });
        let made = tech.post("/replies", whole.clone()).await.expect(201);
        assert_eq!((&made["title"], &made["body"]), (&whole["title"], &whole["body"]));
    }

    async fn there_is_room_for_two_hundred(app: TestApp) {
        let (tech, other) = (app.technician().await, app.technician().await);
        let rows: Vec<String> = (0..199).map(|nth| format!("({}, FALSE, 1, 1, 'r{nth}', 'r{nth}', 'x')", tech.id)).collect();
        app.sql(&format!(
            "INSERT INTO replies (author_id, shared, created_at, updated_at, title, title_folded, body) VALUES {}",
            rows.join(", ")
        ))
        .await;
        let at_once = futures_util::future::join_all((0..4).map(|_| {
            tech.post("/replies", json!({ "title": "x", "body": "x" }))
        }))
        .await;
        let mut answers: Vec<u16> = at_once.iter().map(|reply| reply.status).collect();
        answers.sort_unstable();
        assert_eq!(answers, [201, 409, 409, 409]);
        tech.post("/replies", json!({ "title": "x", "body": "x" })).await.expect(409).problem("limit_reached");
        keep(&other, "Otra", false).await;
        assert_eq!(tech.pages("/replies", &[], 100).await.len(), 200);
    }

    async fn the_log_tells_of_what_all_of_staff_has(app: TestApp) {
        let (tech, admin) = (app.technician().await, app.admin().await);
        let id = keep(&tech, "Mía", false).await.id();
        let path = format!("/replies/{id}");
        tech.patch(&path, json!({ "title": "Solo mía" })).await.expect(200);
        assert!(told(&admin).await.is_empty());
        tech.patch(&path, json!({ "shared": true })).await.expect(200);
        tech.patch(&path, json!({ "title": "De todos", "shared": true })).await.expect(200);
        tech.patch(&path, json!({ "title": "De todos" })).await.expect(200);
        tech.patch(&path, json!({ "shared": false, "title": "Otra vez mía" })).await.expect(200);
        tech.delete(&path).await.expect(204);
        let body = "Hola {{requester.first_name}}";
        let change = |field: &str, from: &str, to: &str| json!({ "field": field, "from": from, "to": to });
        assert_eq!(
            told(&admin).await,
            [
                ("reply_created".to_owned(), json!([change("title", "", "Solo mía"), change("body", "", body)])),
                ("reply_updated".to_owned(), json!([change("title", "Solo mía", "De todos")])),
                ("reply_deleted".to_owned(), json!([change("title", "De todos", ""), change("body", body, "")])),
            ]
        );
    }

    async fn the_log_names_one_by_the_title_it_had_then(app: TestApp) {
        let admin = app.admin().await;
        let path = format!("/replies/{}", keep(&admin, "Reinicio", true).await.id());
        admin.patch(&path, json!({ "body": "Apaga y enciende" })).await.expect(200);
        admin.patch(&path, json!({ "title": "Arranque" })).await.expect(200);
        admin.delete(&path).await.expect(204);
        let log = admin.get("/audit?action=reply_created,reply_updated,reply_deleted").await.expect(200);
        let names: Vec<&Value> = log.items().iter().map(|entry| &entry["subject"]["name"]).collect();
        assert_eq!(names, ["Arranque", "Arranque", "Reinicio", "Reinicio"]);
    }
}

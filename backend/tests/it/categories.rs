//! `/categories`: everyone reads them, administrators keep them.

use serde_json::{Value, json};

use crate::support::Client;

async fn names(person: &Client) -> Vec<String> {
    let list = person.get("/categories").await.expect(200);
    list.items().iter().map(|category| category["name"].as_str().unwrap().to_owned()).collect()
}

on_each_database! {
    async fn a_new_desk_has_useful_categories(app: TestApp) {
        let ana = app.user().await;
        let list = ana.get("/categories").await.expect(200);
        assert_eq!(list["next_cursor"], Value::Null);
        assert_eq!(
            names(&ana).await,
            ["Hardware", "Software", "Red y VPN", "Cuentas y acceso", "Correo", "Impresoras", "Otros"]
        );
    }

    async fn an_administrator_makes_changes_and_deletes_one(app: TestApp) {
        let admin = app.admin().await;
        let made = admin.post("/categories", json!({ "name": " Teléfonos " })).await.expect(201);
        assert_eq!(made["name"], "Teléfonos");
        assert_eq!(names(&admin).await.last().unwrap(), "Teléfonos");
        let path = format!("/categories/{}", made.id());
        let changed = admin.patch(&path, json!({ "name": "Móviles", "position": -1 })).await.expect(200);
        assert_eq!((changed.id(), &changed["position"]), (made.id(), &(-1).into()));
        assert_eq!(names(&admin).await.first().unwrap(), "Móviles");
        assert_eq!(admin.patch(&path, json!({})).await.expect(200)["name"], "Móviles");
        admin.delete(&path).await.expect(204);
        assert!(!names(&admin).await.contains(&"Móviles".to_owned()));
        admin.delete(&path).await.expect(404).problem("not_found");
        admin.patch(&path, json!({ "name": "Nada" })).await.expect(404).problem("not_found");
    }

    async fn no_two_share_a_name(app: TestApp) {
        let admin = app.admin().await;
        let phones = admin.post("/categories", json!({ "name": "Teléfonos" })).await.expect(201);
        let before = app.stored().await;
        for name in ["Teléfonos", "TELEFONOS", "  telefonos ", "Correo", "hardware"] {
            let refused = admin.post("/categories", json!({ "name": name })).await.expect(409).problem("already_exists");
            assert_eq!(refused["fields"], json!({ "name": ["taken"] }));
        }
        let path = format!("/categories/{}", phones.id());
        admin.patch(&path, json!({ "name": "CORREO" })).await.expect(409).problem("already_exists");
        assert_eq!(app.stored().await, before);
        // Its own name in another case is no other's.
        assert_eq!(admin.patch(&path, json!({ "name": "TELÉFONOS" })).await.expect(200)["name"], "TELÉFONOS");
    }

    async fn one_in_use_stays(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let phones = admin.post("/categories", json!({ "name": "Teléfonos" })).await.expect(201).id();
        let ticket = app.ticket_like(&ana, json!({ "title": "Sin tono", "category_id": phones })).await;
        admin.delete(&format!("/categories/{phones}")).await.expect(409).problem("in_use");
        assert_eq!(ana.get(&format!("/tickets/{}", ticket.id())).await["category_id"], phones);
        admin
            .patch(&format!("/tickets/{}", ticket.id()), json!({ "version": 1, "category_id": null }))
            .await
            .expect(200);
        admin.delete(&format!("/categories/{phones}")).await.expect(204);
    }

    async fn a_name_keeps_its_rules(app: TestApp) {
        let admin = app.admin().await;
        let before = app.stored().await;
        admin.post("/categories", json!({ "name": " " })).await.refuses("name", "required");
        admin.post("/categories", json!({ "name": "ñ".repeat(101) })).await.refuses("name", "too_long");
        admin.post("/categories", json!({ "name": "a\0b" })).await.refuses("name", "invalid_characters");
        for position in [json!(3_000_000_000_i64), json!("first"), json!(1.5)] {
            let body = json!({ "name": "Nueva", "position": position });
            admin.post("/categories", body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
        admin.post("/categories", json!({ "name": "Última", "position": i32::MAX })).await.expect(201);
        admin.post("/categories", json!({ "name": "Tras la última" })).await.expect(201);
    }
}

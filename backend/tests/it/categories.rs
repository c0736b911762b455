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

    async fn the_first_categories_have_colours_that_tell_them_apart(app: TestApp) {
        let list = app.user().await.get("/categories").await.expect(200);
        let colours: std::collections::BTreeSet<&str> =
            list.items().iter().map(|category| category["colour"].as_str().unwrap()).collect();
        assert_eq!(colours.len(), 7);
        assert!(list.items().iter().all(|category| category["default_assignee_id"].is_null()));
    }

    async fn a_category_has_a_colour_of_the_palette(app: TestApp) {
        let admin = app.admin().await;
        let made = admin.post("/categories", json!({ "name": "Teléfonos" })).await.expect(201);
        assert_eq!(made["colour"], "grey");
        let path = format!("/categories/{}", made.id());
        for colour in ["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"] {
            assert_eq!(admin.patch(&path, json!({ "colour": colour })).await.expect(200)["colour"], colour);
        }
        let before = app.stored().await;
        for colour in [json!("mauve"), json!("#ff0000"), json!(3), json!("red; background: url(x)")] {
            admin.patch(&path, json!({ "colour": colour })).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
        // It was grey before: nothing changed, and nothing is told.
        let told = "SELECT COUNT(*) AS n FROM events WHERE kind = 'category_updated' AND payload LIKE '%\"field\":\"colour\"%'";
        assert_eq!(app.number(told).await, 8);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'category_updated'").await, 8);
    }

    async fn new_tickets_of_a_category_go_to_whom_it_says(app: TestApp) {
        let (admin, ana, tech, other) =
            (app.admin().await, app.user().await, app.technician().await, app.technician().await);
        let body = json!({ "name": "Teléfonos", "default_assignee_id": tech.id });
        let phones = admin.post("/categories", body).await.expect(201);
        assert_eq!(phones["default_assignee_id"], tech.id);
        let made = app.ticket_like(&ana, json!({ "title": "Sin tono", "category_id": phones.id() })).await;
        assert_eq!((&made["assignee"]["id"], &made["assignee"]["name"]), (&tech.id.into(), &tech.name.clone().into()));
        assert_eq!(made["version"], 1);
        let path = format!("/tickets/{}", made.id());
        assert_eq!(ana.get(&path).await.expect(200).json, made.json);
        tech.get(&path).await.expect(200);
        other.get(&path).await.expect(404);
        // The history says that nobody in particular did it.
        let history = ana.get(&format!("{path}/history")).await.expect(200);
        let [created, assigned] = history.items() else { panic!("{}", history.text) };
        assert_eq!((&created["kind"], &created["actor"]["id"]), (&"ticket_created".into(), &ana.id.into()));
        assert_eq!((&assigned["kind"], &assigned["actor"]), (&"ticket_assigned".into(), &Value::Null));
        let to = json!({ "id": tech.id, "name": tech.name });
        assert_eq!(assigned["changes"], json!([{ "field": "assignee", "from": null, "to": to }]));
        // It goes on from there as any ticket does.
        let answered = tech.post(&format!("{path}/assign"), json!({ "assignee_id": null })).await.expect(200);
        assert_eq!((&answered["assignee"], &answered["version"]), (&Value::Null, &2.into()));
        // Another category, or a change of it, gives a ticket to nobody.
        let plain = app.ticket_like(&ana, json!({ "title": "x", "category_id": 1 })).await;
        assert_eq!(plain["assignee"], Value::Null);
        let move_it = json!({ "version": 1, "category_id": phones.id() });
        let moved = admin.patch(&format!("/tickets/{}", plain.id()), move_it).await.expect(200);
        assert_eq!(moved["assignee"], Value::Null);
        // A technician who opens one in their own category has it, and may do what assignees may.
        let own = app.ticket_like(&tech, json!({ "title": "x", "category_id": phones.id() })).await;
        assert_eq!(own["assignee"]["id"], tech.id);
        assert_eq!(tech.get(&format!("/tickets/{}", own.id())).await.expect(200)["actions"], own["actions"]);
    }

    async fn only_staff_gets_the_tickets_of_a_category(app: TestApp) {
        let (admin, ana, tech, gone) =
            (app.admin().await, app.user().await, app.technician().await, app.technician().await);
        admin.delete(&format!("/users/{}", gone.id)).await.expect(204);
        let before = app.stored().await;
        for id in [ana.id, gone.id, 999_999, -1] {
            let body = json!({ "name": "Teléfonos", "default_assignee_id": id });
            admin.post("/categories", body).await.refuses("default_assignee_id", "unknown");
            admin.patch("/categories/1", json!({ "default_assignee_id": id })).await.refuses("default_assignee_id", "unknown");
        }
        assert_eq!(app.stored().await, before);
        for id in [json!(tech.id), json!(admin.id), Value::Null, json!(tech.id)] {
            let changed = admin.patch("/categories/1", json!({ "default_assignee_id": id })).await.expect(200);
            assert_eq!(changed["default_assignee_id"], id);
            // What is not said stays.
            assert_eq!(admin.patch("/categories/1", json!({ "position": 1 })).await.expect(200)["default_assignee_id"], id);
        }
    }

    async fn whoever_leaves_the_staff_gets_no_more_tickets(app: TestApp) {
        let (admin, ana, tech) = (app.admin().await, app.user().await, app.technician().await);
        let of = async |id: i64| -> Value {
            let list = ana.get("/categories").await.expect(200);
            list.items().iter().find(|category| category["id"] == id).unwrap()["default_assignee_id"].clone()
        };
        let path = format!("/users/{}", tech.id);
        for (leave, back) in [(json!({ "role": "user" }), json!({ "role": "technician" })), (json!({ "active": false }), json!({ "active": true }))] {
            for id in [1, 2] {
                admin.patch(&format!("/categories/{id}"), json!({ "default_assignee_id": tech.id })).await.expect(200);
            }
            admin.patch("/categories/3", json!({ "default_assignee_id": admin.id })).await.expect(200);
            admin.patch(&path, leave).await.expect(200);
            assert_eq!((of(1).await, of(2).await, of(3).await), (Value::Null, Value::Null, json!(admin.id)));
            let made = app.ticket_like(&ana, json!({ "title": "x", "category_id": 1 })).await;
            assert_eq!(made["assignee"], Value::Null);
            admin.patch(&path, back).await.expect(200);
            assert_eq!(of(1).await, Value::Null);
        }
        let told = format!(
            "SELECT COUNT(*) AS n FROM events WHERE kind = 'category_updated' AND subject_id = 1 AND payload LIKE '%\"to\":null%{}%' \
             OR kind = 'category_updated' AND subject_id = 1 AND payload LIKE '%{}%\"to\":null%'",
            tech.id, tech.id
        );
        assert_eq!(app.number(&told).await, 2);
    }
}

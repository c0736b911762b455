//! `POST /tickets/bulk`: several tickets at once, each by itself, and back.

use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp};

async fn change(who: &Client, changes: Value) -> Reply {
    who.post("/tickets/bulk", json!({ "changes": changes })).await
}

async fn undo(who: &Client, changes: Value) -> Reply {
    who.post("/tickets/bulk", json!({ "changes": changes, "undo": true })).await
}

/// What became of each, in order.
fn results(reply: &Reply) -> Vec<&str> {
    reply.items().iter().map(|outcome| outcome["result"].as_str().unwrap()).collect()
}

async fn tickets(app: &TestApp, by: &Client, count: usize) -> Vec<i64> {
    let mut made = Vec::new();
    for n in 0..count {
        made.push(app.ticket(by, &format!("Aviso {n}")).await);
    }
    made
}

async fn events(app: &TestApp, kind: &str) -> i64 {
    app.number(&format!("SELECT COUNT(*) AS n FROM events WHERE kind = '{kind}'")).await
}

on_each_database! {
    async fn several_are_closed_at_once_each_with_its_own_event(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let all = tickets(&app, &ana, 3).await;
        let closed = change(&tech, json!(all.iter().map(|id| json!({ "id": id, "version": 1, "status": "closed" })).collect::<Vec<_>>()))
            .await
            .expect(200);
        assert_eq!(results(&closed), ["done"; 3]);
        for (outcome, id) in closed.items().iter().zip(&all) {
            assert_eq!((&outcome["id"], &outcome["ticket"]["id"]), (&json!(id), &json!(id)));
            assert_eq!((&outcome["ticket"]["status"], &outcome["ticket"]["version"]), (&"closed".into(), &2.into()));
            assert!(outcome["ticket"]["closed_at"].is_string());
            let history = ana.get(&format!("/tickets/{id}/history")).await.expect(200);
            assert_eq!(history.items().last().unwrap()["kind"], "ticket_closed");
        }
        assert_eq!(events(&app, "ticket_closed").await, 3);
        // They are told as if each had been closed alone.
        let told = ana.get("/notifications").await.expect(200);
        assert_eq!(told.items().len(), 3);
    }

    async fn every_aspect_is_changed_and_what_is_so_already_stays(app: TestApp) {
        let (ana, admin, tech) = (app.user().await, app.admin().await, app.technician().await);
        let all = tickets(&app, &ana, 4).await;
        let [status, priority, category, assignee] = all[..] else { panic!("{all:?}") };
        let changes = json!([
            { "id": status, "version": 1, "status": "in_progress" },
            { "id": priority, "version": 1, "priority": "urgent" },
            { "id": category, "version": 1, "category_id": 1 },
            { "id": assignee, "version": 1, "assignee_id": tech.id },
        ]);
        let changed = change(&admin, changes).await.expect(200);
        assert_eq!(results(&changed), ["done"; 4]);
        let ticket = |place: usize, field: &str| changed.items()[place]["ticket"][field].clone();
        assert_eq!((ticket(0, "status"), ticket(1, "priority")), ("in_progress".into(), "urgent".into()));
        assert_eq!((ticket(2, "category_id"), ticket(3, "assignee")["id"].clone()), (1.into(), tech.id.into()));
        let before = app.stored().await;
        let again = change(&admin, json!([{ "id": priority, "version": 2, "priority": "urgent" }])).await.expect(200);
        assert_eq!((results(&again), &again.items()[0]["ticket"]["version"]), (vec!["done"], &2.into()));
        assert_eq!(app.stored().await, before);
        let cleared = change(&admin, json!([{ "id": category, "version": 2, "category_id": null }, { "id": assignee, "version": 2, "assignee_id": null }]));
        assert_eq!(results(&cleared.await.expect(200)), ["done"; 2]);
    }

    async fn what_cannot_be_done_with_one_leaves_the_others_alone(app: TestApp) {
        let (ana, luis, tech, other) = (app.user().await, app.user().await, app.technician().await, app.technician().await);
        let all = tickets(&app, &ana, 5).await;
        let [free, stale, foreign, own, closed] = all[..] else { panic!("{all:?}") };
        ana.patch(&format!("/tickets/{stale}"), json!({ "version": 1, "title": "Otro" })).await.expect(200);
        app.give(foreign, &other).await;
        ana.act(&format!("/tickets/{closed}/close")).await.expect(200);
        let changed = change(&tech, json!([
            { "id": stale, "version": 1, "status": "waiting" },
            { "id": foreign, "version": 1, "status": "waiting" },
            { "id": 999_999, "version": 1, "status": "waiting" },
            { "id": closed, "version": 2, "status": "waiting" },
            { "id": free, "version": 1, "status": "waiting" },
            { "id": own, "version": 1, "assignee_id": other.id },
        ]))
        .await
        .expect(200);
        assert_eq!(results(&changed), ["conflict", "not_found", "not_found", "refused", "done", "forbidden"]);
        // Whoever was too late sees how it is now; what one may not see is not shown.
        assert_eq!(changed.items()[0]["ticket"]["title"], "Otro");
        assert_eq!((&changed.items()[1]["ticket"], &changed.items()[2]["ticket"]), (&Value::Null, &Value::Null));
        assert_eq!(changed.items()[1].as_object().unwrap().keys().collect::<Vec<_>>(), changed.items()[2].as_object().unwrap().keys().collect::<Vec<_>>());
        assert_eq!(ana.get(&format!("/tickets/{foreign}")).await["status"], "open");
        // A user closes their own, and nothing else.
        let asked = change(&ana, json!([{ "id": free, "version": 2, "status": "closed" }, { "id": own, "version": 1, "priority": "urgent" }]));
        assert_eq!(results(&asked.await.expect(200)), ["done", "forbidden"]);
        let strange = change(&luis, json!([{ "id": own, "version": 1, "status": "closed" }])).await.expect(200);
        assert_eq!(results(&strange), ["not_found"]);
    }

    async fn what_makes_no_sense_changes_nothing(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let before = app.stored().await;
        let one = |fields: Value| {
            let mut one = json!({ "id": ticket, "version": 1 });
            one.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            one
        };
        change(&admin, json!([])).await.refuses("changes", "required");
        let many: Vec<Value> = (1..=101).map(|id| json!({ "id": id, "version": 1, "status": "closed" })).collect();
        change(&admin, json!(many)).await.refuses("changes", "too_long");
        change(&admin, json!([one(json!({}))])).await.refuses("changes", "invalid");
        change(&admin, json!([one(json!({ "status": "closed", "priority": "low" }))])).await.refuses("changes", "invalid");
        let closed = one(json!({ "status": "closed" }));
        change(&admin, json!([closed, closed])).await.refuses("changes", "invalid");
        change(&admin, json!([one(json!({ "category_id": 999_999 }))])).await.refuses("category_id", "unknown");
        for id in [ana.id, 999_999] {
            change(&admin, json!([one(json!({ "assignee_id": id }))])).await.refuses("assignee_id", "unknown");
        }
        for wrong in [json!({ "title": "x" }), json!({ "status": "lost" }), json!({ "status": "closed", "version": "1" })] {
            change(&admin, json!([one(wrong)])).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
    }

    async fn what_was_done_is_taken_back_where_nobody_changed_it_since(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let all = tickets(&app, &ana, 3).await;
        let [open, working, touched] = all[..] else { panic!("{all:?}") };
        change(&tech, json!([{ "id": working, "version": 1, "status": "in_progress" }])).await.expect(200);
        let closed = change(&tech, json!([
            { "id": open, "version": 1, "status": "closed" },
            { "id": working, "version": 2, "status": "closed" },
            { "id": touched, "version": 1, "status": "closed" },
        ]));
        assert_eq!(results(&closed.await.expect(200)), ["done"; 3]);
        ana.patch(&format!("/tickets/{touched}"), json!({ "version": 2, "title": "Otro" })).await.expect(200);
        let back = undo(&tech, json!([
            { "id": open, "version": 2, "status": "open" },
            { "id": working, "version": 3, "status": "in_progress" },
            { "id": touched, "version": 2, "status": "open" },
        ]))
        .await
        .expect(200);
        assert_eq!(results(&back), ["done", "done", "conflict"]);
        let now = back.items()[1]["ticket"].clone();
        assert_eq!((&now["status"], &now["closed_at"]), (&"in_progress".into(), &Value::Null));
        assert_eq!(events(&app, "ticket_reopened").await, 2);
        assert_eq!(ana.get(&format!("/tickets/{touched}")).await["status"], "closed");
    }

    async fn taking_back_is_for_ones_own_last_move_and_for_a_while(app: TestApp) {
        let (ana, admin, tech) = (app.user().await, app.admin().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let go = async |who: &Client, version: i64, to: &str| {
            let reply = change(who, json!([{ "id": ticket, "version": version, "status": to }])).await.expect(200);
            results(&reply)[0].to_owned()
        };
        let back = async |who: &Client, version: i64, to: &str| {
            let reply = undo(who, json!([{ "id": ticket, "version": version, "status": to }])).await.expect(200);
            results(&reply)[0].to_owned()
        };
        assert_eq!(go(&tech, 1, "in_progress").await, "done");
        // Without having done it, nobody goes against the states' order; nor to where it was not.
        assert_eq!((go(&tech, 2, "open").await, back(&admin, 2, "open").await), ("refused".to_owned(), "refused".to_owned()));
        assert_eq!(back(&tech, 2, "open").await, "done");
        assert_eq!(back(&tech, 3, "open").await, "done", "it is so already");
        assert_eq!(go(&tech, 3, "waiting").await, "done");
        assert_eq!(go(&tech, 4, "closed").await, "done");
        assert_eq!(back(&tech, 5, "in_progress").await, "refused");
        // What others do to the rest of it does not matter, when one knows of it.
        app.sql(&format!("UPDATE events SET at = at - 301000000 WHERE ticket_id = {ticket}")).await;
        assert_eq!(back(&tech, 5, "waiting").await, "refused", "it is too late");
        assert_eq!(go(&tech, 5, "open").await, "done");
        let priority = |version: i64, to: &str| json!([{ "id": ticket, "version": version, "priority": to }]);
        assert_eq!(results(&change(&tech, priority(6, "low")).await.expect(200)), ["done"]);
        assert_eq!(results(&undo(&tech, priority(7, "medium")).await.expect(200)), ["done"]);
    }

    settings(|config| config.workers = 2)
    async fn of_two_who_change_the_same_tickets_each_is_changed_by_one(app: TestApp) {
        let (ana, one, two) = (app.user().await, app.admin().await, app.admin().await);
        let all = tickets(&app, &ana, 6).await;
        let changes = |to: &str, backwards: bool| {
            let mut changes: Vec<Value> = all.iter().map(|id| json!({ "id": id, "version": 1, "priority": to })).collect();
            if backwards {
                changes.reverse();
            }
            json!(changes)
        };
        let (first, second) = tokio::join!(change(&one, changes("low", false)), change(&two, changes("high", true)));
        let (first, mut second) = (first.expect(200), second.expect(200));
        second.json["items"].as_array_mut().unwrap().reverse();
        for (low, high) in results(&first).into_iter().zip(results(&second)) {
            assert!(matches!((low, high), ("done", "conflict") | ("conflict", "done")), "{low} {high}");
        }
        assert_eq!(events(&app, "ticket_updated").await, 6);
    }
}

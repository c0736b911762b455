//! `POST /tickets`: a person with a problem.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

on_each_database! {
    async fn a_ticket_needs_a_title_and_a_description(app: TestApp) {
        let ana = app.user().await;
        let body = json!({ "title": "  No imprime ", "description": "**Nada** sale" });
        let ticket = ana.post("/tickets", body).await.expect(201);
        assert_eq!(ticket.header("location"), Some(format!("/api/v1/tickets/{}", ticket.id()).as_str()));
        assert_eq!(ticket["title"], "No imprime");
        assert_eq!(ticket["description"], "**Nada** sale");
        assert_eq!(ticket["description_html"], "<p><strong>Nada</strong> sale</p>\n");
        assert_eq!((&ticket["status"], &ticket["priority"], &ticket["version"]), (&"open".into(), &"medium".into(), &1.into()));
        for empty in ["category_id", "assignee", "closed_at", "first_response_at"] {
            assert_eq!(ticket.json.get(empty), Some(&Value::Null), "{empty}");
        }
        assert_eq!(ticket["requester"], json!({ "id": ana.id, "name": ana.name, "avatar_url": null }));
        assert_eq!(ticket["created_at"], ticket["updated_at"]);
        assert_eq!(ticket["actions"], json!(["view", "comment", "edit_text", "close", "reopen"]));
        assert_eq!(ana.get(&format!("/tickets/{}", ticket.id())).await.expect(200).json, ticket.json);
    }

    async fn every_field_can_be_chosen(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let category = ana.get("/categories").await.ids()[2];
        let body = json!({
            "title": "VPN", "description": "No conecta", "priority": "urgent", "category_id": category,
            "requester_id": ana.id,
        });
        let ticket = tech.post("/tickets", body).await.expect(201);
        assert_eq!((&ticket["priority"], &ticket["category_id"]), (&"urgent".into(), &category.into()));
        assert_eq!(ticket["requester"]["name"], ana.name);
        assert_eq!(tech.get(&format!("/tickets/{}", ticket.id())).await.expect(200).json, ticket.json);
        let hers = ana.get(&format!("/tickets/{}", ticket.id())).await.expect(200);
        assert_eq!(hers["requester"]["id"], ana.id);
        let history = ana.get(&format!("/tickets/{}/history", ticket.id())).await.expect(200);
        assert_eq!(history.items()[0]["actor"]["id"], tech.id);
    }

    async fn only_staff_open_tickets_for_others(app: TestApp) {
        let (ana, luis, tech, admin) = (app.user().await, app.user().await, app.technician().await, app.admin().await);
        let before = app.stored().await;
        let for_luis = json!({ "title": "Para Luis", "description": "Suyo", "requester_id": luis.id });
        ana.post("/tickets", for_luis.clone()).await.expect(403).problem("forbidden");
        let for_nobody = json!({ "title": "Para nadie", "description": "Suyo", "requester_id": 999_999 });
        ana.post("/tickets", for_nobody.clone()).await.expect(403).problem("forbidden");
        tech.post("/tickets", for_nobody).await.refuses("requester_id", "unknown");
        let gone = app.user().await;
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", gone.id)).await;
        for id in [gone.id, 0, -1, i64::MAX] {
            let body = json!({ "title": "Nadie", "description": "x", "requester_id": id });
            tech.post("/tickets", body).await.refuses("requester_id", "unknown");
        }
        // The people are new, and one session; nothing else is.
        let expected: Vec<_> = before
            .into_iter()
            .map(|(table, count)| (table, count + i64::from(table == "sessions" || table == "users")))
            .collect();
        assert_eq!(app.stored().await, expected);
        let own = json!({ "title": "Mío", "description": "x", "requester_id": ana.id });
        ana.post("/tickets", own).await.expect(201);
        for staff in [&tech, &admin] {
            let ticket = staff.post("/tickets", for_luis.clone()).await.expect(201);
            luis.get(&format!("/tickets/{}", ticket.id())).await.expect(200);
        }
    }

    async fn what_does_not_exist_cannot_be_chosen(app: TestApp) {
        let ana = app.user().await;
        let before = app.stored().await;
        for id in [0, -1, 999_999, i64::MAX] {
            let body = json!({ "title": "x", "description": "x", "category_id": id });
            ana.post("/tickets", body).await.refuses("category_id", "unknown");
        }
        for body in [
            json!({ "title": "x", "description": "x", "priority": "soon" }),
            json!({ "title": "x", "description": "x", "category_id": "Hardware" }),
            json!({ "title": "x", "description": "x", "status": "closed" }),
            json!({ "title": "x", "description": "x", "assignee_id": ana.id }),
            json!({ "title": "x" }),
            json!({ "description": "x" }),
            json!([]),
        ] {
            ana.post("/tickets", body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
    }

    async fn a_ticket_sent_again_under_its_name_is_opened_once(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let named = |name: &str| json!({ "title": "No imprime", "description": "Nada sale", "client_id": name });
        let first = ana.post("/tickets", named("n-1")).await.expect(201);
        let before = app.stored().await;
        // Whatever comes with the name this time.
        let other = json!({ "title": "Otra", "description": "x", "category_id": 999_999, "client_id": "n-1" });
        for body in [named("n-1"), other] {
            let again = ana.post("/tickets", body).await.expect(200);
            assert_eq!((&again.json, again.header("location")), (&first.json, first.header("location")));
        }
        assert_eq!(app.stored().await, before);
        // It is answered as it is now.
        let path = format!("/tickets/{}", first.id());
        admin.patch(&path, json!({ "version": 1, "priority": "urgent" })).await.expect(200);
        assert_eq!(ana.post("/tickets", named("n-1")).await.expect(200)["priority"], "urgent");
        // Another name and another person are something else, and so is what has no name.
        ana.post("/tickets", named("n-2")).await.expect(201);
        luis.post("/tickets", named("n-1")).await.expect(201);
        for _ in 0..2 {
            ana.post("/tickets", json!({ "title": "No imprime", "description": "Nada sale" })).await.expect(201);
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tickets").await, 5);
        // What is refused takes no name.
        let wrong = json!({ "title": "x", "description": "x", "category_id": 999_999, "client_id": "n-3" });
        ana.post("/tickets", wrong).await.refuses("category_id", "unknown");
        ana.post("/tickets", named("n-3")).await.expect(201);
        for (wrong, code) in [("", "required"), ("a b", "invalid_characters"), ("ñ", "invalid_characters")] {
            ana.post("/tickets", named(wrong)).await.refuses("client_id", code);
        }
        ana.post("/tickets", named(&"a".repeat(65))).await.refuses("client_id", "too_long");
    }

    async fn who_sees_the_ticket_no_more_is_told_only_what_they_asked_for(app: TestApp) {
        let (ana, tech, other, admin) = (app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let category = json!({ "name": "Redes", "default_assignee_id": other.id });
        let category = admin.post("/categories", category).await.expect(201).id();
        let body = json!({
            "title": "VPN", "description": "No conecta", "category_id": category, "requester_id": ana.id, "client_id": "n-1",
        });
        let first = tech.post("/tickets", body.clone()).await.expect(201);
        let path = format!("/tickets/{}", first.id());
        tech.get(&path).await.expect(404).problem("not_found");
        admin.patch(&path, json!({ "version": 1, "title": "Nada que le importe", "priority": "urgent" })).await.expect(200);
        let before = app.stored().await;
        let again = tech.post("/tickets", body).await.expect(200);
        assert_eq!(again.id(), first.id());
        for field in ["title", "description", "priority", "category_id", "requester", "created_at", "version"] {
            assert_eq!(again[field], first[field], "{field}");
        }
        assert_eq!((&again["assignee"], &again["actions"]), (&Value::Null, &json!([])));
        assert_eq!(app.stored().await, before);
    }

    settings(|config| config.workers = 2)
    async fn of_eight_tickets_of_one_name_at_once_one_is_opened(app: TestApp) {
        let ana = app.user().await;
        let body = json!({ "title": "No imprime", "description": "Nada sale", "client_id": "n-1" });
        let answers = join_all((0..8).map(|_| ana.post("/tickets", body.clone()))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
        assert!(answers.iter().all(|answer| answer.json == answers[0].json));
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tickets").await, 1);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'ticket_created'").await, 1);
    }

    /// Characters, not bytes: a text of 400 kB is no longer than one of 100 kB.
    async fn a_title_has_200_characters_and_a_description_100_000(app: TestApp) {
        let ana = app.user().await;
        let (title, text) = ("😀".repeat(200), "😀".repeat(100_000));
        let ticket = app.ticket_like(&ana, json!({ "title": title, "description": text })).await;
        let read = ana.get(&format!("/tickets/{}", ticket.id())).await.expect(200);
        assert_eq!((&read["title"], &read["description"]), (&title.into(), &text.clone().into()));
        let listed = ana.get("/tickets").await.expect(200);
        assert!(listed.items()[0].get("description").is_none(), "a list carries the text");
        // As programs write it that keep to ASCII: 1.2 MB.
        let escaped = format!(r#"{{"title":"Escapes","description":"{}"}}"#, r"\ud83d\ude00".repeat(100_000));
        let request = ana.request(Method::POST, "/tickets").header("Content-Type", "application/json");
        assert_eq!(request.body(escaped).send().await.expect(201)["description"], text);
        // From one long text to another: both are in the log.
        let path = format!("/tickets/{}", ticket.id());
        let other = "🖨".repeat(100_000);
        ana.patch(&path, json!({ "version": 1, "description": other })).await.expect(200);
        assert_eq!(ana.get(&path).await.expect(200)["description"], other);
        let history = ana.get(&format!("{path}/history")).await.expect(200);
        let change = &history.items()[1]["changes"][0];
        assert_eq!((&change["from"], &change["to"]), (&text.clone().into(), &other.into()));
        let before = app.stored().await;
        ana.post("/tickets", json!({ "title": "😀".repeat(201), "description": "x" })).await.refuses("title", "too_long");
        for more in ["x", "😀"] {
            let longer = format!("{text}{more}");
            let body = json!({ "title": "x", "description": longer });
            ana.post("/tickets", body).await.refuses("description", "too_long");
            ana.patch(&path, json!({ "version": 2, "description": longer })).await.refuses("description", "too_long");
        }
        assert_eq!(app.stored().await, before);
        assert_eq!(ana.get(&path).await.expect(200)["version"], 2);
    }

    /// One character may fold to eighteen; that is no reason to fail.
    async fn a_title_that_grows_when_folded_is_kept(app: TestApp) {
        let ana = app.user().await;
        let title = "ﷺ".repeat(200);
        let ticket = app.ticket_like(&ana, json!({ "title": title })).await;
        assert_eq!(ana.get(&format!("/tickets/{}", ticket.id())).await.expect(200)["title"], title);
        let changed = ana
            .patch(&format!("/tickets/{}", ticket.id()), json!({ "version": 1, "title": format!("a{}", "ﷺ".repeat(199)) }))
            .await
            .expect(200);
        assert_eq!(changed["version"], 2);
    }

    async fn what_people_write_cannot_run(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let text = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) \
                    <a href=\"https://example.org\" style=\"position:fixed\">x</a>";
        let ticket = app.ticket_like(&ana, json!({ "title": "<b>Hola</b>", "description": text })).await;
        let read = tech.get(&format!("/tickets/{}", ticket.id())).await.expect(200);
        assert_eq!((&read["title"], &read["description"]), (&"<b>Hola</b>".into(), &text.into()));
        let html = read["description_html"].as_str().unwrap();
        for tag in ["<script", "<img", "<a href=\"javascript", "<a href=\"https"] {
            assert!(!html.contains(tag), "{html}");
        }
    }

    settings(|config| config.workers = 2)
    async fn two_hundred_at_once_get_two_hundred_numbers(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let requests = (0..200).map(|n| {
            let person = if n % 2 == 0 { &ana } else { &luis };
            async move {
                loop {
                    let body = json!({ "title": format!("Aviso {n}"), "description": "A la vez" });
                    let reply = person.post("/tickets", body).await;
                    if reply.status != 503 {
                        return reply.expect(201).id();
                    }
                    // Too many wait for a connection on a slow machine. Whoever is told so has opened nothing.
                    reply.problem("unavailable");
                }
            }
        });
        let mut numbers: Vec<i64> = join_all(requests).await;
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 200);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tickets").await, 200);
        let told = app.numbers("SELECT ticket_id AS n FROM events WHERE kind = 'ticket_created' ORDER BY ticket_id").await;
        assert_eq!(told, numbers, "not every ticket has its event");
        let events = app.numbers("SELECT id AS n FROM events ORDER BY id").await;
        assert!(events.windows(2).all(|pair| pair[1] == pair[0] + 1), "the log has a gap: {events:?}");
    }
}

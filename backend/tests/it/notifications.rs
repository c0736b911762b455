//! `/notifications`: who is told of what, by the bell and by mail.

use std::time::Duration;

use serde_json::{Value, json};
use shared::permissions::TechnicianScope;

use crate::support::{Client, PostOffice, TestApp, until};

/// What somebody is told of, newest first: the kind and the ticket.
async fn told(person: &Client) -> Vec<(String, i64)> {
    let reply = person.in_background().get("/notifications").await.expect(200);
    assert_eq!(reply["unread"], reply.items().iter().filter(|item| item["read_at"] == Value::Null).count());
    reply
        .items()
        .iter()
        .map(|item| (item["kind"].as_str().unwrap().to_owned(), item["ticket_id"].as_i64().unwrap()))
        .collect()
}

async fn comment(person: &Client, ticket: i64, body: &str) -> i64 {
    person.post(&format!("/tickets/{ticket}/comments"), json!({ "body": body })).await.expect(201).id()
}

async fn note(person: &Client, ticket: i64, body: &str) {
    let body = json!({ "body": body, "visibility": "internal" });
    person.post(&format!("/tickets/{ticket}/comments"), body).await.expect(201);
}

async fn assign(person: &Client, ticket: i64, to: &Client) {
    person.post(&format!("/tickets/{ticket}/assign"), json!({ "assignee_id": to.id })).await.expect(200);
}

fn address(person: &Client) -> String {
    format!("{}@example.org", person.username)
}

/// Whom mails are written to.
async fn written_to(app: &TestApp) -> Vec<i64> {
    let mut readers = app.numbers("SELECT user_id AS n FROM mails ORDER BY id").await;
    readers.sort_unstable();
    readers
}

on_each_database! {
    async fn whom_it_concerns_is_told_and_nobody_else(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let (follower, stranger, other_tech) = (app.user().await, app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón roto").await;
        app.invite(ticket, &follower).await;
        assert!(told(&ana).await.is_empty() && told(&tech).await.is_empty());
        let one = |kind: &str| (kind.to_owned(), ticket);

        assign(&admin, ticket, &tech).await;
        assert_eq!(told(&tech).await, [one("assigned")]);
        assert!(told(&ana).await.is_empty());

        let answer = comment(&tech, ticket, "¿Desde cuándo?").await;
        for person in [&ana, &follower] {
            assert_eq!(told(person).await, [one("answered")]);
        }
        let item = &ana.get("/notifications").await.expect(200).json["items"][0];
        assert_eq!((&item["comment_id"], &item["title"], &item["read_at"]), (&answer.into(), &"Ratón roto".into(), &Value::Null));
        assert_eq!((&item["from"]["id"], &item["from"]["name"]), (&tech.id.into(), &tech.name.as_str().into()));

        comment(&ana, ticket, "Desde ayer").await;
        assert_eq!(told(&tech).await, [one("answered"), one("assigned")]);
        assert_eq!(told(&follower).await, [one("answered"), one("answered")]);

        // A note is for staff who see the ticket.
        note(&admin, ticket, "Es el cable").await;
        assert_eq!(told(&tech).await[0], one("answered"));
        assert_eq!(told(&ana).await.len(), 1);
        assert_eq!(told(&follower).await.len(), 2);

        admin.patch(&format!("/tickets/{ticket}"), json!({ "version": 2, "status": "waiting", "priority": "low" })).await.expect(200);
        for person in [&ana, &tech, &follower] {
            assert_eq!(told(person).await[0], one("state_changed"));
        }
        let item = &ana.get("/notifications").await.expect(200).json["items"][0];
        assert_eq!((&item["status"], item.get("comment_id")), (&"waiting".into(), None));
        // What is no change of state is nobody's news.
        admin.patch(&format!("/tickets/{ticket}"), json!({ "version": 3, "priority": "high" })).await.expect(200);
        ana.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        assert_eq!(told(&ana).await.len(), 2);
        assert_eq!(told(&tech).await[0], one("state_changed"));
        tech.act(&format!("/tickets/{ticket}/reopen")).await.expect(200);
        assert_eq!(ana.get("/notifications").await.json["items"][0]["status"], "open");
        for person in [&admin, &stranger, &other_tech] {
            assert!(told(person).await.is_empty(), "{} was told", person.name);
        }
        // Nobody is told of what they did themselves.
        let own = app.ticket(&tech, "Propio").await;
        assign(&tech, own, &tech).await;
        comment(&tech, own, "Hecho").await;
        assert!(told(&tech).await.iter().all(|&(_, about)| about == ticket));
    }

    async fn what_one_may_no_longer_see_is_neither_shown_nor_counted(app: TestApp) {
        let (ana, tech, other, admin) = (app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Secreto").await;
        assign(&admin, ticket, &tech).await;
        note(&admin, ticket, "Reservado").await;
        assert_eq!(told(&tech).await.len(), 2);
        assign(&admin, ticket, &other).await;
        assert!(told(&tech).await.is_empty());
        app.invite(ticket, &tech).await;
        assert_eq!(told(&tech).await.len(), 2);
        // Whoever leaves the staff keeps no trace of notes.
        admin.patch(&format!("/users/{}", tech.id), json!({ "role": "user" })).await.expect(200);
        assert_eq!(told(&tech).await, [("assigned".to_owned(), ticket)]);
        app.sql(&format!("DELETE FROM ticket_watchers WHERE user_id = {}", tech.id)).await;
        assert!(told(&tech).await.is_empty());
    }

    settings(|config| config.technician_scope = TechnicianScope::Assigned)
    async fn the_scope_of_technicians_counts(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        assign(&admin, ticket, &tech).await;
        assert_eq!(told(&tech).await.len(), 1);
        admin.post(&format!("/tickets/{ticket}/assign"), json!({ "assignee_id": null })).await.expect(200);
        assert!(told(&tech).await.is_empty());
    }

    async fn they_are_marked_as_read(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        for person in [&ana, &luis] {
            let ticket = app.ticket(person, "Ratón").await;
            for n in 0..3 {
                comment(&admin, ticket, &format!("Respuesta {n}")).await;
            }
        }
        let ids = ana.get("/notifications").await.expect(200).ids();
        let unread = async |person: &Client| person.get("/notifications").await.expect(200)["unread"].as_i64().unwrap();
        assert_eq!((ids.len(), unread(&ana).await), (3, 3));
        ana.put("/notifications/read", json!({ "ids": [ids[0]] })).await.expect(204);
        assert_eq!(unread(&ana).await, 2);
        assert_eq!(ana.list("/notifications", &[("unread", "true")]).await.ids(), ids[1..]);
        assert_eq!(ana.list("/notifications", &[("unread", "false")]).await.ids(), ids[..1]);
        let read_at = ana.get("/notifications").await.json["items"][0]["read_at"].clone();
        assert!(read_at.is_string());
        // Somebody else's stay as they are, and so does what was read.
        luis.put("/notifications/read", json!({ "ids": ids })).await.expect(204);
        ana.put("/notifications/read", json!({ "ids": [] })).await.expect(204);
        assert_eq!((unread(&ana).await, unread(&luis).await), (2, 3));
        ana.put("/notifications/read", json!({})).await.expect(204);
        assert_eq!((unread(&ana).await, unread(&luis).await), (0, 3));
        assert_eq!(ana.get("/notifications").await.json["items"][0]["read_at"], read_at);
        ana.put("/notifications/read", json!({ "ids": (0..101).collect::<Vec<_>>() })).await.refuses("ids", "too_long");
        for body in [json!({ "ids": "1" }), json!({ "ids": ["x"] }), json!({ "id": 1 }), json!([])] {
            ana.put("/notifications/read", body).await.expect(400).problem("malformed_body");
        }
    }

    async fn the_list_is_read_page_by_page(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        for n in 0..7 {
            comment(&admin, ticket, &format!("Respuesta {n}")).await;
        }
        let ids = crate::support::ids(&ana.pages("/notifications", &[], 3).await);
        assert_eq!(ids.len(), 7);
        assert!(ids.is_sorted_by(|one, next| one > next), "{ids:?}");
        let cursor = ana.list("/notifications", &[("limit", "2")]).await["next_cursor"].as_str().unwrap().to_owned();
        for (person, more) in [(&ana, ("unread", "true")), (&admin, ("limit", "2"))] {
            let reply = person.list("/notifications", &[("cursor", &cursor), more]).await;
            reply.expect(400).problem("invalid_cursor");
        }
        for query in [("limit", "0"), ("limit", "101"), ("unread", "maybe")] {
            ana.list("/notifications", &[query]).await.expect(400).problem("malformed_parameter");
        }
    }

    async fn each_chooses_what_reaches_them_how(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let me = ana.get("/me").await.expect(200);
        for kind in ["assigned", "answered", "mentioned", "state_changed", "chat", "invited"] {
            assert_eq!(me["notifications"][kind], json!({ "in_app": true, "mail": true }), "{kind}");
        }
        let before = app.stored().await;
        ana.patch("/me", json!({ "notifications": { "answered": { "mail": true } } })).await.expect(200);
        ana.patch("/me", json!({ "notifications": {} })).await.expect(200);
        assert_eq!(app.stored().await, before, "nothing changed, and yet something was noted");
        let changed = ana
            .patch("/me", json!({ "notifications": { "answered": { "mail": false }, "state_changed": { "in_app": false } } }))
            .await
            .expect(200);
        assert_eq!(changed["notifications"]["answered"], json!({ "in_app": true, "mail": false }));
        assert_eq!(changed["notifications"]["state_changed"], json!({ "in_app": false, "mail": true }));
        assert_eq!(ana.get("/me").await.json["notifications"], changed["notifications"]);

        let ticket = app.ticket(&ana, "Ratón").await;
        comment(&admin, ticket, "Respuesta").await;
        assert_eq!(told(&ana).await, [("answered".to_owned(), ticket)]);
        assert!(written_to(&app).await.is_empty());
        admin.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        assert_eq!(told(&ana).await.len(), 1);
        assert_eq!(written_to(&app).await, [ana.id]);
        ana.patch("/me", json!({ "notifications": { "answered": { "mail": true, "in_app": false } }, "name": "Ana" })).await.expect(200);
        let me = ana.get("/me").await;
        assert_eq!((&me["name"], &me["notifications"]["answered"]), (&"Ana".into(), &json!({ "in_app": false, "mail": true })));
        for wrong in [
            json!({ "answered": { "mail": "x" } }), json!({ "answered": { "sms": true } }), json!({ "nothing": {} }), json!(true),
        ] {
            ana.patch("/me", json!({ "notifications": wrong })).await.expect(400).problem("malformed_body");
        }
    }

    settings(PostOffice::order)
    async fn each_is_told_by_mail(app: TestApp) {
        let post = PostOffice::open();
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        app.sql(&format!("UPDATE users SET locale = 'en' WHERE id = {}", tech.id)).await;
        let ticket = app.ticket(&ana, "Ratón <roto>").await;
        assign(&admin, ticket, &tech).await;
        let letter = post.expect_for(&address(&tech)).await;
        assert_eq!(letter.subject, format!("[Turno #{ticket}] Ratón <roto>"));
        assert!(letter.text.contains(&format!("{} assigned this ticket to you.", admin.name)), "{}", letter.text);
        assert!(letter.text.contains(&format!("{}/tickets/{ticket}", app.origin)), "{}", letter.text);
        assert!(letter.head.contains("References: <turno-ticket-"), "{}", letter.head);
        comment(&tech, ticket, "Pruebe **otro** cable <script>").await;
        let letter = post.expect_for(&address(&ana)).await;
        assert!(letter.text.contains("> Pruebe **otro** cable") && letter.html.contains("<strong>otro</strong>"), "{}", letter.text);
        assert!(!letter.html.contains("<script") && letter.html.contains("Ratón &lt;roto&gt;"), "{}", letter.html);
        assert!(letter.text.contains(&format!("{}/profile", app.origin)), "{}", letter.text);
        note(&admin, ticket, "Cable defectuoso").await;
        until("the note arrives", Duration::from_secs(30), async || post.letters_to(&address(&tech)).len() == 2).await;
        assert!(post.letters_to(&address(&tech))[1].text.contains("wrote an internal note:"));
        admin.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        until("the end arrives", Duration::from_secs(30), async || post.letters_to(&address(&ana)).len() == 2).await;
        assert!(post.letters_to(&address(&ana))[1].text.contains("ha cerrado el ticket."));
        assert!(post.letters_to(&address(&admin)).is_empty());
    }

    settings(|config| {
        PostOffice::order(config);
        config.mail_pace.settle = Duration::from_millis(700);
        config.mail_pace.gather = Duration::from_secs(3600);
    })
    async fn ten_quick_comments_are_not_ten_mails(app: TestApp) {
        let post = PostOffice::open();
        let (ana, admin) = (app.user().await, app.admin().await);
        let (ticket, other) = (app.ticket(&ana, "Ratón").await, app.ticket(&ana, "Teclado").await);
        for n in 0..5 {
            comment(&admin, ticket, &format!("Respuesta {n}")).await;
        }
        comment(&admin, other, "Otra cosa").await;
        post.expect(2).await;
        // What came too late for it waits for the next one.
        for n in 5..10 {
            comment(&admin, ticket, &format!("Respuesta {n}")).await;
        }
        let mails = app.number(&format!("SELECT COUNT(*) AS n FROM mails WHERE ticket_id = {ticket}")).await;
        assert_eq!(mails, 2);
        assert_eq!(told(&ana).await.len(), 11);
        assert_eq!(post.letters().len(), 2);
        app.sql("UPDATE mails SET sent_at = 1 WHERE state = 1").await;
        app.sql("UPDATE mails SET next_attempt_at = 1 WHERE state = 0").await;
        let letters = post.expect(3).await;
        let all: String = letters.iter().map(|letter| letter.text.clone()).collect();
        for n in 0..10 {
            assert_eq!(all.matches(&format!("Respuesta {n}")).count(), 1, "{n}: {all}");
        }
    }

    settings(|config| config.workers = 2)
    async fn choices_made_at_once_are_all_kept(app: TestApp) {
        let ana = app.user().await;
        let choose = |kind: &str, mail: bool, in_app: bool| {
            ana.patch("/me", json!({ "notifications": { kind: { "mail": mail, "in_app": in_app } } }))
        };
        for on in [false, true, false] {
            let (one, other, same) =
                tokio::join!(choose("answered", on, true), choose("assigned", true, on), choose("answered", on, true));
            for reply in [one, other, same] {
                reply.expect(200);
            }
            let kept = &ana.get("/me").await.expect(200).json["notifications"];
            assert_eq!((&kept["answered"]["mail"], &kept["assigned"]["in_app"]), (&on.into(), &on.into()));
        }
    }

    settings(PostOffice::order)
    async fn whoever_is_mentioned_is_told_that_they_are(app: TestApp) {
        let post = PostOffice::open();
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let follower = app.technician().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let one = |kind: &str| (kind.to_owned(), ticket);
        let path = format!("/comments/{}", comment(&admin, ticket, &format!("@{} ¿Lo ves, como en #1042?", tech.username)).await);
        assert_eq!((told(&tech).await, told(&ana).await), (vec![one("mentioned")], vec![one("answered")]));
        let letter = post.expect_for(&address(&tech)).await;
        assert!(letter.text.contains("te ha mencionado:"), "{}", letter.text);
        let link = format!(" href=\"{}/tickets/1042\"", app.origin);
        assert!(letter.html.contains(&link) && !letter.html.contains("href=\"/"), "{}", letter.html);
        // An edit tells those whom it mentions first, and nobody else again.
        let both = format!("@{} y @{}: ¿lo veis?", tech.username, follower.username);
        admin.patch(&path, json!({ "body": both })).await.expect(200);
        assert_eq!(told(&follower).await, [one("mentioned")]);
        let letter = post.expect_for(&address(&follower)).await;
        assert!(letter.text.contains("te ha mencionado:") && letter.text.contains("¿lo veis?"), "{}", letter.text);
        admin.patch(&path, json!({ "body": format!("{both} Hoy.") })).await.expect(200);
        assert_eq!((told(&tech).await.len(), told(&follower).await.len(), told(&ana).await.len()), (1, 1, 1));
        // A note mentions only those who may read it.
        note(&admin, ticket, &format!("@{} @{} es el cable", ana.username, tech.username)).await;
        assert_eq!(told(&tech).await, [one("mentioned"), one("mentioned")]);
        assert_eq!(told(&ana).await.len(), 1);
        until("the note is mailed", Duration::from_secs(30), async || {
            post.letters_to(&address(&tech)).iter().any(|letter| letter.text.contains("nota interna"))
        })
        .await;
        assert!(post.letters_to(&address(&ana)).iter().all(|letter| !letter.text.contains("cable")));
        tech.patch("/me", json!({ "notifications": { "mentioned": { "in_app": false, "mail": false } } })).await.expect(200);
        comment(&admin, ticket, &format!("@{}", tech.username)).await;
        assert_eq!(told(&tech).await.len(), 2);
    }

    settings(PostOffice::order)
    async fn whoever_is_invited_to_follow_is_told(app: TestApp) {
        let post = PostOffice::open();
        let (ana, eva, luis) = (app.user().await, app.user().await, app.user().await);
        let (tech, follower) = (app.technician().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let invite = async |person: &Client| {
            tech.put(&format!("/tickets/{ticket}/watchers/{}", person.id), Value::Null).await.expect(204);
        };
        let one = || vec![("invited".to_owned(), ticket)];
        invite(&eva).await;
        assert_eq!(told(&eva).await, one());
        let item = &eva.get("/notifications").await.expect(200).json["items"][0];
        assert_eq!((&item["from"]["id"], &item["title"]), (&tech.id.into(), &"Ratón".into()));
        let letter = post.expect_for(&address(&eva)).await;
        assert!(letter.text.contains(&format!("{} te ha invitado a seguir este ticket.", tech.name)), "{}", letter.text);
        // Once; and neither whoever follows of their own accord nor anybody else.
        follower.put(&format!("/tickets/{ticket}/watch"), Value::Null).await.expect(204);
        for person in [&eva, &follower, &tech] {
            invite(person).await;
        }
        assert_eq!(told(&eva).await, one());
        for person in [&follower, &tech, &ana] {
            assert!(told(person).await.is_empty(), "{} was told", person.name);
        }
        luis.patch("/me", json!({ "notifications": { "invited": { "mail": false } } })).await.expect(200);
        invite(&luis).await;
        assert_eq!(told(&luis).await, one());
        assert_eq!(written_to(&app).await, [eva.id]);
    }

    async fn whoever_gets_a_categorys_new_tickets_is_told(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let body = json!({ "name": "Teléfonos", "default_assignee_id": tech.id });
        let category = admin.post("/categories", body).await.expect(201).id();
        let ticket = app.ticket_like(&ana, json!({ "title": "No suena", "category_id": category })).await.id();
        assert_eq!(told(&tech).await, [("assigned".to_owned(), ticket)]);
        // Nobody gave it to them.
        assert_eq!(tech.get("/notifications").await.expect(200).items()[0]["from"], Value::Null);
        assert_eq!(written_to(&app).await, [tech.id]);
        let mail = admin.list("/mails", &[]).await.expect(200).ids()[0];
        let text = admin.get(&format!("/mails/{mail}")).await.expect(200)["text"].as_str().unwrap().to_owned();
        assert!(text.contains(&format!("{} ha abierto este ticket", ana.name)), "{text}");
        // Nor is there news in what one opens oneself.
        app.ticket_like(&tech, json!({ "title": "Mío", "category_id": category })).await;
        assert_eq!((told(&tech).await.len(), written_to(&app).await.len(), told(&ana).await.len()), (1, 1, 0));
    }

    async fn nobody_without_access_is_told(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", ana.id)).await;
        comment(&admin, ticket, "Respuesta").await;
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM notifications").await, 0);
        assert!(written_to(&app).await.is_empty());
    }
}

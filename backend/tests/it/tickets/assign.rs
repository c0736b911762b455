//! `POST /tickets/{id}/assign`: an administrator gives, a technician takes.

use reqwest::Method;
use serde_json::{Value, json};
use shared::permissions::TechnicianScope;

use crate::support::{Client, Reply};

async fn assign(who: &Client, ticket: i64, to: Option<i64>) -> Reply {
    who.post(&format!("/tickets/{ticket}/assign"), json!({ "assignee_id": to })).await
}

on_each_database! {
    async fn an_administrator_gives_a_ticket_to_anyone_on_staff(app: TestApp) {
        let (admin, ana, tech) = (app.admin().await, app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let given = assign(&admin, ticket, Some(tech.id)).await.expect(200);
        assert_eq!(given["assignee"], json!({ "id": tech.id, "name": tech.name, "avatar_url": null }));
        assert_eq!((&given["version"], &given["status"]), (&2.into(), &"open".into()));
        assert_eq!(assign(&admin, ticket, Some(admin.id)).await.expect(200)["assignee"]["id"], admin.id);
        let stored = app.stored().await;
        assert_eq!(assign(&admin, ticket, Some(admin.id)).await.expect(200)["version"], 3);
        assert_eq!(app.stored().await, stored, "giving it to whoever has it changes nothing");
        assert_eq!(assign(&admin, ticket, None).await.expect(200)["assignee"], Value::Null);
    }

    async fn only_active_staff_can_be_given_a_ticket(app: TestApp) {
        let (admin, ana, gone) = (app.admin().await, app.user().await, app.technician().await);
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", gone.id)).await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let stored = app.stored().await;
        for id in [ana.id, gone.id, 999_999, 0, -1, i64::MAX] {
            assign(&admin, ticket, Some(id)).await.refuses("assignee_id", "unknown");
        }
        for body in [json!({}), json!({ "assignee_id": "me" }), json!({ "assignee_id": [1] }), json!({ "assignee_id": null, "x": 1 })] {
            admin.post(&format!("/tickets/{ticket}/assign"), body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, stored);
        assign(&admin, 999_999, Some(admin.id)).await.expect(404).problem("not_found");
    }

    async fn a_technician_takes_what_nobody_has_and_puts_back_their_own(app: TestApp) {
        let (ana, tech, other) = (app.user().await, app.technician().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let taken = assign(&tech, ticket, Some(tech.id)).await.expect(200);
        assert_eq!((&taken["assignee"]["id"], &taken["version"]), (&tech.id.into(), &2.into()));
        // The other one no longer sees it.
        assign(&other, ticket, Some(other.id)).await.expect(404).problem("not_found");
        assign(&other, ticket, None).await.expect(404).problem("not_found");
        // It is not the technician's to give away.
        assign(&tech, ticket, Some(other.id)).await.expect(403).problem("forbidden");
        assert_eq!(assign(&tech, ticket, None).await.expect(200)["assignee"], Value::Null);
        assign(&tech, ticket, Some(other.id)).await.expect(403).problem("forbidden");
        assign(&other, ticket, Some(other.id)).await.expect(200);
    }

    async fn tickets_of_whoever_leaves_the_staff_are_for_anyone_to_take(app: TestApp) {
        let (admin, ana, other) = (app.admin().await, app.user().await, app.technician().await);
        for leave in ["delete", "role"] {
            let tech = app.technician().await;
            let (open, closed) = (app.ticket(&ana, "Ratón").await, app.ticket(&ana, "Teclado").await);
            assign(&tech, open, Some(tech.id)).await.expect(200);
            assign(&tech, closed, Some(tech.id)).await.expect(200);
            tech.act(&format!("/tickets/{closed}/close")).await.expect(200);
            other.get(&format!("/tickets/{open}")).await.expect(404);
            let path = format!("/users/{}", tech.id);
            if leave == "delete" {
                admin.delete(&path).await.expect(204);
            } else {
                admin.patch(&path, json!({ "role": "user" })).await.expect(200);
            }
            let free = other.get(&format!("/tickets/{open}")).await.expect(200);
            assert_eq!((&free["assignee"], &free["version"]), (&Value::Null, &3.into()));
            let history = admin.get(&format!("/tickets/{open}/history")).await.expect(200);
            let last = history.items().last().unwrap();
            assert_eq!((&last["kind"], &last["actor"]["id"]), (&"ticket_assigned".into(), &admin.id.into()));
            assert_eq!(last["changes"][0]["from"]["id"], tech.id);
            // Who closed it stays on record; opened again, it is nobody's.
            assert_eq!(admin.get(&format!("/tickets/{closed}")).await.expect(200)["assignee"]["id"], tech.id);
            let again = ana.act(&format!("/tickets/{closed}/reopen")).await.expect(200);
            assert_eq!((&again["assignee"], &again["status"]), (&Value::Null, &"open".into()));
        }
    }

    async fn who_leaves_the_staff_sees_no_more_what_they_followed_as_staff(app: TestApp) {
        let (admin, ana, tech) = (app.admin().await, app.user().await, app.technician().await);
        let (others, own) = (app.ticket(&ana, "Ratón").await, app.ticket(&tech, "Teclado").await);
        let (invited, asked) = (app.ticket(&ana, "Pantalla").await, app.ticket(&ana, "Altavoz").await);
        let invite = async |ticket| admin.put(&format!("/tickets/{ticket}/watchers/{}", tech.id), json!({})).await.expect(204);
        invite(invited).await;
        for ticket in [others, own, invited, asked] {
            tech.request(Method::PUT, &format!("/tickets/{ticket}/watch")).send().await.expect(204);
        }
        // Who follows already is asked to all the same, and once.
        invite(asked).await;
        invite(asked).await;
        let history = admin.get(&format!("/tickets/{asked}/history")).await.expect(200);
        let added = history.items().iter().filter(|item| item["kind"] == "watcher_added").count();
        assert_eq!(added, 2);
        admin.patch(&format!("/users/{}", tech.id), json!({ "role": "user" })).await.expect(200);
        for rest in ["", "/comments", "/history"] {
            tech.get(&format!("/tickets/{others}{rest}")).await.expect(404);
        }
        for ticket in [own, invited, asked] {
            tech.get(&format!("/tickets/{ticket}")).await.expect(200);
        }
        let history = admin.get(&format!("/tickets/{others}/history")).await.expect(200);
        let last = history.items().last().unwrap();
        assert_eq!((&last["kind"], &last["actor"]["id"]), (&"watcher_removed".into(), &admin.id.into()));
    }

    async fn a_user_assigns_nothing(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        for to in [Some(tech.id), Some(ana.id), None] {
            assign(&ana, ticket, to).await.expect(403).problem("forbidden");
            assign(&luis, ticket, to).await.expect(404).problem("not_found");
        }
        assert_eq!(ana.get(&format!("/tickets/{ticket}")).await["version"], 1);
    }

    settings(|config| config.technician_scope = TechnicianScope::All)
    async fn with_the_scope_all_what_another_has_is_seen_but_not_taken(app: TestApp) {
        let (ana, tech, other) = (app.user().await, app.technician().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        assign(&tech, ticket, Some(tech.id)).await.expect(200);
        other.get(&format!("/tickets/{ticket}")).await.expect(200);
        assign(&other, ticket, Some(other.id)).await.expect(403).problem("forbidden");
        assign(&other, ticket, None).await.expect(403).problem("forbidden");
        assert_eq!(tech.get(&format!("/tickets/{ticket}")).await["assignee"]["id"], tech.id);
    }

    settings(|config| config.technician_scope = TechnicianScope::Assigned)
    async fn with_the_scope_assigned_only_what_was_given_is_seen(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        assign(&tech, ticket, Some(tech.id)).await.expect(404).problem("not_found");
        assign(&admin, ticket, Some(tech.id)).await.expect(200);
        tech.get(&format!("/tickets/{ticket}")).await.expect(200);
        // Whoever puts it back is told so, and then no longer sees it.
        assert_eq!(assign(&tech, ticket, None).await.expect(200)["assignee"], Value::Null);
        tech.get(&format!("/tickets/{ticket}")).await.expect(404).problem("not_found");
    }

    async fn a_stale_decision_is_told_what_the_ticket_is_now(app: TestApp) {
        let (ana, admin, tech) = (app.user().await, app.admin().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        admin.patch(&format!("/tickets/{ticket}"), json!({ "version": 1, "priority": "low" })).await.expect(200);
        let body = json!({ "assignee_id": tech.id, "version": 1 });
        let stale = admin.post(&format!("/tickets/{ticket}/assign"), body).await.expect(409);
        assert_eq!(stale.problem("version_conflict")["current"]["version"], 2);
        let body = json!({ "assignee_id": tech.id, "version": 2 });
        admin.post(&format!("/tickets/{ticket}/assign"), body).await.expect(200);
    }

    settings(|config| config.workers = 2)
    async fn of_two_who_take_at_once_one_has_it(app: TestApp) {
        let (ana, one, two) = (app.user().await, app.technician().await, app.technician().await);
        for _ in 0..8 {
            let ticket = app.ticket(&ana, "Ratón").await;
            let replies = tokio::join!(assign(&one, ticket, Some(one.id)), assign(&two, ticket, Some(two.id)));
            let winner = match (replies.0.status, replies.1.status) {
                (200, 404 | 409) => &one,
                (404 | 409, 200) => &two,
                other => panic!("{other:?}"),
            };
            assert_eq!(ana.get(&format!("/tickets/{ticket}")).await["assignee"]["id"], winner.id);
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'ticket_assigned'").await, 8);
    }
}

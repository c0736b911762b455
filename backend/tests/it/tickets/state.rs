//! `POST /tickets/{id}/close` and `/reopen`.

use futures_util::future::join_all;
use serde_json::{Value, json};

on_each_database! {
    async fn a_ticket_is_closed_and_opened_again(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let closed = tech.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        assert_eq!((&closed["status"], &closed["version"]), (&"closed".into(), &2.into()));
        assert!(closed["closed_at"].as_str() > closed["created_at"].as_str());
        assert!(closed["closed_at"].as_str() <= closed["updated_at"].as_str());
        let opened = ana.post(&format!("/tickets/{ticket}/reopen"), json!({ "version": 2 })).await.expect(200);
        assert_eq!((&opened["status"], &opened["closed_at"], &opened["version"]), (&"open".into(), &Value::Null, &3.into()));
        let closed = ana.post(&format!("/tickets/{ticket}/close"), json!({})).await.expect(200);
        assert_eq!(closed["version"], 4);
        assert_eq!(ana.get(&format!("/tickets/{ticket}")).await.expect(200).json, closed.json);
    }

    async fn whoever_may_closes_and_reopens(app: TestApp) {
        let (ana, stranger, watcher) = (app.user().await, app.user().await, app.user().await);
        let (mine, others, admin) = (app.technician().await, app.technician().await, app.admin().await);
        for (person, status, code) in [
            (&ana, 200, ""),
            (&mine, 200, ""),
            (&admin, 200, ""),
            (&watcher, 403, "forbidden"),
            (&stranger, 404, "not_found"),
            (&others, 404, "not_found"),
        ] {
            let ticket = app.ticket(&ana, "Ratón").await;
            app.invite(ticket, &watcher).await;
            app.give(ticket, &mine).await;
            for (action, place) in [("close", "open"), ("reopen", "closed")] {
                let code_of = if place == "open" { 0 } else { 3 };
                app.sql(&format!("UPDATE tickets SET status = {code_of} WHERE id = {ticket}")).await;
                let reply = person.act(&format!("/tickets/{ticket}/{action}")).await.expect(status);
                if status != 200 {
                    reply.problem(code);
                    assert_eq!(ana.get(&format!("/tickets/{ticket}")).await["status"], place);
                }
            }
        }
    }

    async fn what_is_closed_is_not_closed_again(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        ana.act(&format!("/tickets/{ticket}/reopen")).await.expect(409).problem("invalid_transition");
        ana.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        let stored = app.stored().await;
        ana.act(&format!("/tickets/{ticket}/close")).await.expect(409).problem("invalid_transition");
        assert_eq!(app.stored().await, stored);
    }

    async fn a_stale_decision_is_told_what_the_ticket_is_now(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        tech.patch(&format!("/tickets/{ticket}"), json!({ "version": 1, "status": "waiting" })).await.expect(200);
        let stale = ana.post(&format!("/tickets/{ticket}/close"), json!({ "version": 1 })).await.expect(409);
        assert_eq!(stale.problem("version_conflict")["current"]["status"], "waiting");
        ana.post(&format!("/tickets/{ticket}/close"), json!({ "version": 2 })).await.expect(200);
        let stale = tech.post(&format!("/tickets/{ticket}/close"), json!({ "version": 2 })).await.expect(409);
        assert_eq!(stale.problem("version_conflict")["current"]["status"], "closed");
        for body in [json!({ "version": "3" }), json!({ "status": "open" }), json!([]), json!("x")] {
            ana.post(&format!("/tickets/{ticket}/reopen"), body).await.expect(400).problem("malformed_body");
        }
    }

    settings(|config| config.workers = 2)
    async fn of_many_who_close_at_once_one_closes(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}/close");
        let replies = join_all((0..6).map(|_| ana.act(&path))).await;
        let closed = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(closed, 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
        replies.into_iter().filter(|reply| reply.status != 200).for_each(|reply| drop(reply.expect(409)));
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'ticket_closed'").await, 1);
    }
}

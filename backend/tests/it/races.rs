//! Two at once: what one of them does is neither lost nor done against what the other just decided.

use std::{cell::Cell, time::Duration};

use actix_web::rt;
use backend::{
    accounts,
    db::{Db, DbError},
    error::AppError,
    events::verify::verify,
};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::{Value, json};
use shared::ids::UserId;

use crate::support::{Client, Kind, Reply, TestApp, new_id, sql_for_person, until};

/// What a statement looks like that waits for a person's row, to MySQL.
const LOCKS_A_PERSON: &str = "%users%FOR UPDATE";
/// The same, for a ticket's.
const LOCKS_A_TICKET: &str = "%tickets%FOR UPDATE";

/// Sends a request while another program is about to commit some changes; what is to happen in between happens when the
/// request waits for them, with a statement like `waits`.
async fn meanwhile(
    app: &TestApp,
    changes: &str,
    waits: &str,
    between: impl Future<Output = ()>,
    request: impl Future<Output = Reply> + 'static,
) -> Reply {
    let bystander = app.user().await.in_background();
    let mut other = app.database.outside().await;
    let begin = if app.database.kind == Kind::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
    other.execute(&format!("{begin}; {changes}")).await;
    let call = rt::spawn(request);
    let waiting = match app.database.kind {
        // SQLite does not tell who waits. The one worker takes requests in their order.
        Kind::Sqlite => {
            for _ in 0..20 {
                bystander.get("/me").await.expect(200);
            }
            None
        }
        Kind::Postgres => Some(
            "SELECT COUNT(*) AS n FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'"
                .to_owned(),
        ),
        Kind::Mysql => Some(format!(
            "SELECT COUNT(*) AS n FROM information_schema.processlist \
             WHERE db = DATABASE() AND command IN ('Query', 'Execute') AND info LIKE '{waits}'"
        )),
    };
    if let Some(waiting) = waiting {
        until("it waits", Duration::from_secs(20), async || app.number(&waiting).await > 0).await;
        between.await;
    }
    assert!(!call.is_finished(), "it did not wait");
    other.execute("COMMIT").await;
    call.await.unwrap()
}

fn leaves_the_staff(person: &Client) -> String {
    format!("UPDATE users SET role = 0 WHERE id = {}", person.id)
}

on_each_database! {
    async fn a_ticket_is_not_given_to_somebody_who_is_leaving(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let (giver, body) = (admin.in_background(), json!({ "assignee_id": tech.id }));
        let give = async move { giver.post(&format!("/tickets/{ticket}/assign"), body).await };
        meanwhile(&app, &leaves_the_staff(&tech), LOCKS_A_PERSON, async {}, give).await.refuses("assignee_id", "unknown");
        assert_eq!(admin.get(&format!("/tickets/{ticket}")).await.expect(200)["assignee"], Value::Null);
    }

    async fn a_category_gives_no_ticket_to_somebody_who_is_leaving(app: TestApp) {
        let (ana, tech, admin) = (app.user().await.in_background(), app.technician().await, app.admin().await);
        let category = admin.post("/categories", json!({ "name": "Redes", "default_assignee_id": tech.id })).await.id();
        let body = json!({ "title": "Ratón", "description": "x", "category_id": category });
        let open = async move { ana.post("/tickets", body).await };
        let opened = meanwhile(&app, &leaves_the_staff(&tech), LOCKS_A_PERSON, async {}, open).await.expect(201);
        assert_eq!(opened["assignee"], Value::Null);
    }

    async fn a_ticket_is_not_reopened_for_somebody_who_is_leaving(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &tech).await;
        admin.act(&format!("/tickets/{ticket}/close")).await.expect(200);
        let reopener = admin.in_background();
        let reopen = async move { reopener.act(&format!("/tickets/{ticket}/reopen")).await };
        let open = meanwhile(&app, &leaves_the_staff(&tech), LOCKS_A_PERSON, async {}, reopen).await.expect(200);
        assert_eq!((&open["status"], &open["assignee"]), (&"open".into(), &Value::Null));
    }

    /// Whoever names no version means the ticket as it is when their turn comes.
    async fn a_ticket_is_closed_reopened_and_given_after_an_edit_that_somebody_is_making(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        let edit = format!("UPDATE tickets SET version = version + 1, priority = 2 WHERE id = {ticket}");
        for (n, (way, body)) in
            [("assign", json!({ "assignee_id": tech.id })), ("close", json!({})), ("reopen", json!({}))].into_iter().enumerate()
        {
            let (asking, asked) = (tech.in_background(), format!("{path}/{way}"));
            let request = async move { asking.post(&asked, body).await };
            let after = meanwhile(&app, &edit, LOCKS_A_TICKET, async {}, request).await.expect(200);
            assert_eq!((&after["version"], &after["priority"]), (&json!(2 * n + 3), &"high".into()), "{way}");
        }
        let after = tech.get(&path).await.expect(200);
        assert_eq!((&after["status"], &after["assignee"]["id"]), (&"open".into(), &tech.id.into()));
    }

    /// Nor does a technician close what was taken from them, with their role, while they waited.
    async fn whoever_loses_their_role_while_they_wait_for_a_ticket_leaves_it_as_it_is(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &tech).await;
        let (asking, asked) = (tech.in_background(), format!("/tickets/{ticket}/close"));
        let close = async move { asking.act(&asked).await };
        let taken = format!(
            "{}; UPDATE tickets SET version = version + 1, assignee_id = NULL WHERE id = {ticket}",
            leaves_the_staff(&tech)
        );
        meanwhile(&app, &taken, LOCKS_A_TICKET, async {}, close).await.expect(404).problem("not_found");
        assert_eq!(ana.get(&format!("/tickets/{ticket}")).await.expect(200)["status"], "open");
    }

    /// Comments are numbered in the order in which they can be read, notes too, whatever the program that writes them.
    async fn a_note_waits_for_whoever_writes_on_its_ticket_and_does_not_move_it(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}");
        let before = ana.get(&path).await.expect(200);
        let (writer, comments) = (tech.in_background(), format!("{path}/comments"));
        let note = async move { writer.post(&comments, json!({ "body": "Ya van dos", "visibility": "internal" })).await };
        let held = format!("UPDATE tickets SET version = version WHERE id = {ticket}");
        meanwhile(&app, &held, "%tickets%FOR UPDATE", async {}, note).await.expect(201);
        let after = ana.get(&path).await.expect(200);
        assert_eq!((&after["version"], &after["updated_at"]), (&before["version"], &before["updated_at"]));
    }

    /// The log is written when nothing else is waited for any more. Nor does a ticket stay with them that somebody else has just
    /// changed.
    async fn whoever_leaves_the_staff_keeps_nobody_from_writing(app: TestApp) {
        let (ana, tech, admin) = (app.user().await.in_background(), app.technician().await, app.admin().await);
        let (first, second) = (app.ticket(&ana, "Uno").await, app.ticket(&ana, "Dos").await);
        for ticket in [first, second] {
            app.give(ticket, &tech).await;
        }
        let (manager, path) = (admin.in_background(), format!("/users/{}", tech.id));
        let leave = async move { manager.patch(&path, json!({ "role": "user" })).await };
        let held = format!("UPDATE tickets SET version = version + 1 WHERE id = {second}");
        let others = async {
            app.ticket(&ana, "Mientras").await;
        };
        meanwhile(&app, &held, LOCKS_A_TICKET, others, leave).await.expect(200);
        for ticket in [first, second] {
            assert_eq!(admin.get(&format!("/tickets/{ticket}")).await.expect(200)["assignee"], Value::Null);
        }
        let told = "SELECT COUNT(*) AS n FROM events WHERE kind = 'ticket_assigned'";
        assert_eq!(app.number(told).await, 2);
        verify(&Db::open(&app.database.parsed()).await.unwrap(), None).await.unwrap().unwrap();
    }

    async fn a_category_that_is_being_deleted_gets_no_ticket(app: TestApp) {
        let (ana, admin) = (app.user().await.in_background(), app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let (path, stored) = (format!("/tickets/{ticket}"), app.number("SELECT COUNT(*) AS n FROM tickets").await);
        for way in ["open", "edit", "bulk"] {
            let category = admin.post("/categories", json!({ "name": way })).await.expect(201).id();
            let gone = format!("DELETE FROM categories WHERE id = {category}");
            let (opener, manager, path) = (ana.clone(), admin.in_background(), path.clone());
            let request = async move {
                let change = json!({ "id": ticket, "version": 1, "category_id": category });
                match way {
                    "open" => {
                        let body = json!({ "title": "Red", "description": "x", "category_id": category });
                        opener.post("/tickets", body).await
                    }
                    "edit" => manager.patch(&path, json!({ "version": 1, "category_id": category })).await,
                    _ => manager.post("/tickets/bulk", json!({ "changes": [change] })).await,
                }
            };
            let waits = if way == "open" { "INSERT INTO%tickets%" } else { "UPDATE%tickets%" };
            let reply = meanwhile(&app, &gone, waits, async {}, request).await;
            if way == "bulk" {
                assert_eq!(reply.expect(200).items()[0]["result"], "refused");
            } else {
                reply.refuses("category_id", "unknown");
            }
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tickets").await, stored);
        assert_eq!(admin.get(&path).await.expect(200)["category_id"], Value::Null);
    }

    async fn of_two_who_delete_a_category_one_does(app: TestApp) {
        let admin = app.admin().await;
        let category = admin.post("/categories", json!({ "name": "Redes" })).await.expect(201).id();
        let gone = format!("DELETE FROM categories WHERE id = {category}");
        let (manager, path) = (admin.in_background(), format!("/categories/{category}"));
        let delete = async move { manager.delete(&path).await };
        meanwhile(&app, &gone, "DELETE%categories%", async {}, delete).await.expect(404).problem("not_found");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'category_deleted'").await, 0);
    }

    async fn whoever_logs_out_in_two_tabs_is_logged_out_in_both(app: TestApp) {
        let ana = app.user().await;
        let (tab, gone) = (ana.in_background(), format!("DELETE FROM sessions WHERE id = {}", ana.session));
        let leave = async move { tab.delete("/session").await };
        // Not with the one by which the desk forgets sessions that ended long ago.
        let waits = "DELETE%sessions%`id` = %";
        meanwhile(&app, &gone, waits, async {}, leave).await.expect(204);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'logged_out'").await, 0);
        ana.get("/me").await.expect(401);
    }

    async fn a_reset_counts_more_than_a_change_of_password_on_its_way(app: TestApp) {
        let ana = app.user().await;
        let owner = ana.in_background();
        let change = async move {
            let body = json!({ "current_password": crate::support::PASSWORD, "new_password": "Farol-rojo-91-puente" });
            owner.put("/me/password", body).await
        };
        let reset = format!(
            "UPDATE users SET password_hash = 'reset' WHERE id = {id}; DELETE FROM sessions WHERE user_id = {id}",
            id = ana.id
        );
        meanwhile(&app, &reset, LOCKS_A_PERSON, async {}, change).await.expect(401).problem("not_authenticated");
        let kept = format!("SELECT COUNT(*) AS n FROM users WHERE id = {} AND password_hash = 'reset'", ana.id);
        assert_eq!(app.number(&kept).await, 1, "the reset was overridden");
    }

    async fn the_field_that_somebody_was_quicker_with_is_named(app: TestApp) {
        let admin = app.admin().await;
        let quicker = |id: i64| Client { id, username: format!("rapida{id}"), ..app.anonymous() };
        for field in ["email", "username"] {
            let quicker = quicker(new_id());
            let mut body =
                json!({ "username": "users_email", "name": "Otra", "email": "otra@example.org", "role": "user" });
            body[field] = match field {
                "email" => format!("{}@example.org", quicker.username).into(),
                _ => quicker.username.clone().into(),
            };
            let manager = admin.in_background();
            let create = async move { manager.post("/users", body).await };
            let reply = meanwhile(&app, &sql_for_person(&quicker, 0), "INSERT INTO%users%", async {}, create).await;
            assert_eq!(reply.expect(409).problem("already_exists")["fields"], json!({ field: ["taken"] }));
        }
    }

    async fn a_change_that_others_stay_in_the_way_of_is_told_to_come_back(app: TestApp) {
        let tried = Cell::new(0);
        let outcome: Result<(), AppError> = app
            .state
            .db
            .write(async |_| {
                tried.set(tried.get() + 1);
                let what = "Record has changed since last read in table 'users'".to_owned();
                Err(DbError::Query(DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(what))).into())
            })
            .await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind().1.as_u16(), error.retry_after().is_some()), (503, true), "{error}");
        // Nobody is in the way of the one writer of SQLite.
        assert_eq!(tried.get(), if app.database.kind == Kind::Sqlite { 1 } else { 5 });
    }

    except(sqlite)
    async fn a_statement_sees_what_was_committed_before_it(app: TestApp) {
        let ana = app.user().await;
        let id = UserId(ana.id);
        let name = app.state.db.write(async |conn| -> Result<_, DbError> {
            accounts::service::find(conn, id).await?;
            app.sql(&format!("UPDATE users SET name = 'Otra' WHERE id = {id}")).await;
            accounts::service::hold(conn, id).await?;
            Ok(accounts::service::find(conn, id).await?.map(|person| person.name))
        });
        assert_eq!(name.await.unwrap().as_deref(), Some("Otra"));
    }
}

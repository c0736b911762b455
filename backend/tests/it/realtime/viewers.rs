//! Who looks at a ticket and who is writing: told to those whom it concerns, and kept nowhere.

use serde_json::{Value, json};

use crate::support::{Client, Socket};

fn looks_at(ticket: i64, writing: bool) -> Value {
    json!({ "type": "viewing", "ticket_id": ticket, "writing": writing })
}

/// Who else looks at a ticket, once that is as expected: who looks, and whether they are writing.
async fn others(socket: &mut Socket, ticket: i64, expected: &[(&Client, bool)]) {
    let expected: Vec<(i64, bool)> = expected.iter().map(|(person, writing)| (person.id, *writing)).collect();
    socket
        .find("those who look", |frame| {
            let users = frame["users"].as_array().map(Vec::as_slice).unwrap_or_default();
            let found: Vec<(i64, bool)> =
                users.iter().map(|user| (user["id"].as_i64().unwrap(), user["writing"].as_bool().unwrap())).collect();
            frame["type"] == "viewers" && frame["ticket_id"] == ticket && found == expected
        })
        .await;
}

on_each_database! {
    async fn those_who_look_at_a_ticket_are_told_of_each_other(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        let (mut of_tech, mut second, mut of_admin) = (tech.live().await, tech.live().await, admin.live().await);
        let mut elsewhere = admin.live().await;
        of_tech.send(looks_at(ticket, false)).await;
        others(&mut of_tech, ticket, &[]).await;
        of_admin.send(looks_at(ticket, false)).await;
        others(&mut of_tech, ticket, &[(&admin, false)]).await;
        others(&mut of_admin, ticket, &[(&tech, false)]).await;
        // Two devices are one person.
        second.send(looks_at(ticket, true)).await;
        others(&mut of_admin, ticket, &[(&tech, true)]).await;
        second.send(json!({ "type": "viewing", "ticket_id": null })).await;
        others(&mut of_admin, ticket, &[(&tech, false)]).await;
        drop(of_tech);
        others(&mut of_admin, ticket, &[]).await;
        let told = elsewhere.told().await;
        assert!(told.iter().all(|frame| frame["type"] != "viewers"), "{told:?}");
    }

    async fn of_many_who_look_some_are_named_and_the_rest_are_counted(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        let mut of_admin = admin.live().await;
        of_admin.send(looks_at(ticket, false)).await;
        let mut looking = Vec::new();
        for _ in 0..15 {
            let tech = app.technician().await;
            let mut socket = tech.live().await;
            socket.send(looks_at(ticket, false)).await;
            looking.push((tech, socket));
        }
        // All others, by name or by number, whether or not one is named to others.
        let all = |frame: &Value| {
            let named = frame["users"].as_array().map_or(0, Vec::len);
            let more = frame["more"].as_u64().unwrap_or_default();
            frame["type"] == "viewers" && named <= 12 && u64::try_from(named).unwrap() + more == 15
        };
        of_admin.find("all who look", all).await;
        for (_, socket) in &mut looking {
            socket.find("all who look", all).await;
        }
        // Whoever writes is named, though many looked before.
        let (last, socket) = looking.last_mut().unwrap();
        socket.send(looks_at(ticket, true)).await;
        let id = last.id;
        let writes = move |frame: &Value| {
            let users = frame["users"].as_array().map(Vec::as_slice).unwrap_or_default();
            users.iter().any(|user| user["id"] == id && user["writing"] == true)
        };
        assert!(all(&of_admin.find("the one who writes", writes).await));
    }

    async fn who_may_not_see_a_ticket_neither_looks_nor_is_told(app: TestApp) {
        let (ana, stranger, tech, other, admin) =
            (app.user().await, app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        let (mut of_tech, mut of_admin, mut of_stranger) =
            (tech.live().await, admin.live().await, stranger.live().await);
        of_stranger.send(looks_at(ticket, true)).await;
        assert_eq!(of_stranger.frame("error").await["code"], "not_found");
        of_tech.send(looks_at(ticket, false)).await;
        of_admin.send(looks_at(ticket, false)).await;
        others(&mut of_admin, ticket, &[(&tech, false)]).await;
        // They lose it, and so they no longer look.
        admin.post(&format!("/tickets/{ticket}/assign"), json!({ "assignee_id": other.id })).await.expect(200);
        others(&mut of_admin, ticket, &[]).await;
        of_tech.event("ticket_assigned").await;
        of_admin.send(looks_at(ticket, true)).await;
        of_admin.told().await;
        let told = of_tech.told().await;
        assert!(told.iter().all(|frame| frame["type"] != "viewers"), "{told:?}");
    }

    async fn typing_is_told_to_the_other_alone_and_only_where_they_may_chat(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let (mut of_ana, mut of_luis, mut of_tech) = (ana.live().await, luis.live().await, tech.live().await);
        let before = app.stored().await;
        of_ana.send(json!({ "type": "typing", "to": tech.id })).await;
        assert_eq!(of_tech.frame("typing").await["from"], ana.id);
        of_ana.send(json!({ "type": "typing", "to": luis.id })).await;
        assert_eq!(of_ana.frame("error").await["code"], "not_found");
        let told = of_luis.told().await;
        assert!(told.iter().all(|frame| frame["type"] != "typing"), "{told:?}");
        assert_eq!(app.stored().await, before);
    }
}

//! What was read on one device is read on all.

use std::time::Duration;

use backend::{chat::digest::tell_all, db::now};
use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::{ids::UserId, live::PresenceState};

use super::processes::{at, second};
use crate::support::{Client, Socket, TestApp, until};

/// Tells somebody of three things, newest first.
async fn three(app: &TestApp, person: &Client, by: &Client) -> Vec<i64> {
    let ticket = app.ticket(person, "Impresora").await;
    for n in 0..3 {
        let path = format!("/tickets/{ticket}/comments");
        by.post(&path, json!({ "body": format!("Respuesta {n}") })).await.expect(201);
    }
    let told = person.in_background().get("/notifications").await.expect(200).ids();
    assert_eq!(told.len(), 3);
    told
}

/// Tells somebody of two things and has one of them read: what the socket was told before that is answered.
async fn until_one_of_two_is_read(app: &TestApp, person: &Client, by: &Client, socket: &mut Socket) -> Vec<Value> {
    let ticket = app.ticket(person, "Otra cosa").await;
    for n in 0..2 {
        let path = format!("/tickets/{ticket}/comments");
        by.post(&path, json!({ "body": format!("Otra respuesta {n}") })).await.expect(201);
    }
    let newest = person.in_background().get("/notifications").await.expect(200).ids()[0];
    person.put("/notifications/read", json!({ "ids": [newest] })).await.expect(204);
    socket.told_before("the next ring", |frame| frame["type"] == "notifications" && frame["unread"] == 1).await
}

fn rings(frames: &[Value]) -> bool {
    frames.iter().any(|frame| frame["type"] == "notifications")
}

on_each_database! {
    async fn what_is_read_on_one_device_is_told_to_the_others_at_once(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let told = three(&app, &ana, &admin).await;
        let theirs = three(&app, &luis, &admin).await;
        let (mut desk, mut phone, mut of_luis) = (ana.live().await, ana.live().await, luis.live().await);
        for (body, left) in [(json!({ "ids": [told[1]] }), 2), (json!({}), 0)] {
            ana.put("/notifications/read", body).await.expect(204);
            for socket in [&mut desk, &mut phone] {
                assert_eq!(socket.frame("notifications").await["unread"], left);
            }
        }
        // What was read before, and what is somebody else's, changes nothing.
        for body in [json!({}), json!({ "ids": [theirs[0], told[0]] })] {
            ana.put("/notifications/read", body).await.expect(204);
        }
        luis.put("/notifications/read", json!({ "ids": [theirs[0]] })).await.expect(204);
        assert_eq!(of_luis.frame("notifications").await["unread"], 2);
        // The next that rings is the next that was read: something new is told by its event.
        assert!(!rings(&until_one_of_two_is_read(&app, &ana, &admin, &mut phone).await));
    }

    except(sqlite)
    async fn it_is_told_through_the_other_program(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, admin) = (app.user().await, app.admin().await);
        let told = three(&app, &ana, &admin).await;
        let mut phone = at(&other, &ana).live().await;
        let knows = async || app.state.live.hub.presence(UserId(ana.id)) == PresenceState::Online;
        until("the first program knows where she is", Duration::from_secs(10), knows).await;
        ana.put("/notifications/read", json!({ "ids": [told[0], told[2]] })).await.expect(204);
        assert_eq!(phone.frame("notifications").await["unread"], 1);
        other.stopper().stop(false).await;
    }

    settings(|config| config.chat_pace.look = Duration::from_secs(3600))
    async fn who_reads_a_chat_has_read_what_the_bell_told_of_it(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        tech.post(&format!("/conversations/{}/messages", ana.id), json!({ "body": "Hola" })).await.expect(201);
        assert_eq!(tell_all(&app.state, now() + TimeDelta::minutes(11)).await.unwrap(), 1);
        let (mut desk, mut phone) = (ana.live().await, ana.live().await);
        desk.send(json!({ "type": "read", "from": tech.id })).await;
        for socket in [&mut desk, &mut phone] {
            assert_eq!(socket.frame("notifications").await["unread"], 0);
        }
        desk.send(json!({ "type": "read", "from": tech.id })).await;
        desk.told().await;
        // The next that rings is the next that was read.
        let told = until_one_of_two_is_read(&app, &ana, &tech, &mut phone).await;
        assert!(!rings(&told), "what was read is read again");
    }
}

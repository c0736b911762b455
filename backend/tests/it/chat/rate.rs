//! Nobody writes without bound.

use serde_json::json;

use super::{say, send, upload};
use crate::support::{Form, Reply};

/// Refused, with when to try again. With one message a minute even a slow machine has asked again by then.
fn refused(reply: Reply) {
    let refused = reply.expect(429).problem("too_many_requests");
    let seconds: u64 = refused.header("retry-after").expect("when to try again").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "Retry-After is {seconds}");
}

on_each_database! {
    settings(|config| config.message_rate_per_minute = 1)
    async fn too_many_messages_are_refused_and_none_of_them_is_kept(app: TestApp) {
        let (ana, tech, other) = (app.user().await, app.technician().await, app.technician().await);
        let named = json!({ "body": "Hola", "client_id": "a-1" });
        let first = send(&ana, &tech, named.clone()).await.expect(201);
        let before = app.stored().await;
        // To whomever, and with whatever.
        refused(send(&ana, &tech, json!({ "body": "¿Hay alguien?", "client_id": "a-2" })).await);
        refused(send(&ana, &other, json!({ "body": "¿Hay alguien?" })).await);
        refused(upload(&ana, &tech, Form::default().file("nota.txt", b"Nota")).await);
        // What is kept already is answered, however often.
        for _ in 0..5 {
            assert_eq!(send(&ana, &tech, named.clone()).await.expect(200).json, first.json);
        }
        assert_eq!(app.stored().await, before);
        assert_eq!(app.files(), [] as [String; 0]);
        // What is wrong in itself is not put down to how often it came.
        send(&ana, &tech, json!({ "body": " " })).await.expect(422).problem("validation_failed");
        // Others write on. An edit says something new as well, unless it changes nothing.
        say(&tech, &ana, "Dime").await;
        let path = format!("/messages/{}", first.id());
        refused(ana.patch(&path, json!({ "body": "Hola otra vez" })).await);
        ana.patch(&path, json!({ "body": "Hola" })).await.expect(200);
    }

    settings(|config| config.message_rate_per_minute = 1)
    async fn who_has_sent_too_much_is_told_so_before_the_files_are_read(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        say(&ana, &tech, "Hola").await;
        // Read, it would be refused for what it is.
        refused(upload(&ana, &tech, Form::default().file("nota.exe", b"MZ")).await);
        upload(&tech, &ana, Form::default().file("nota.exe", b"MZ")).await.refuses("file", "file_type_not_allowed");
    }

    settings(|config| config.message_rate_per_minute = 1)
    async fn of_two_at_once_there_is_room_for_one(app: TestApp) {
        let (ana, techs) = (app.user().await, [app.technician().await, app.technician().await]);
        let answers = futures_util::future::join_all(techs.iter().map(|tech| {
            send(&ana, tech, json!({ "body": "Hola" }))
        }))
        .await;
        let mut codes: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        codes.sort_unstable();
        assert_eq!(codes, [201, 429]);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages").await, 1);
    }

    settings(|config| config.message_rate_per_minute = 1)
    async fn what_was_sent_again_is_not_counted(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        for _ in 0..5 {
            let again = send(&ana, &tech, json!({ "body": "Hola", "client_id": "a-1" })).await;
            assert!(matches!(again.status, 200 | 201), "{}", again.text);
        }
        refused(send(&ana, &tech, json!({ "body": "Y otra más" })).await);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages").await, 1);
    }

    settings(|config| config.message_rate_per_minute = 1)
    async fn the_socket_says_so_by_the_name_of_the_message(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut socket = ana.live().await;
        let message = |name: &str| json!({ "type": "message", "to": tech.id, "body": "Hola", "client_id": name });
        socket.send(message("a")).await;
        assert_eq!(socket.frame("message").await["client_id"], "a");
        socket.send(message("b")).await;
        let refused = socket.frame("error").await;
        assert_eq!((&refused["code"], &refused["client_id"]), (&json!("too_many_requests"), &json!("b")));
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages").await, 1);
    }
}

//! Messages on the socket: to every device of both people, acknowledged by their coming back, and read.

use serde_json::{Value, json};

use super::told_by_now;

on_each_database! {
    async fn a_message_reaches_every_device_of_both(app: TestApp) {
        let (ana, tech, stranger) = (app.user().await, app.technician().await, app.admin().await);
        let (mut desk, mut phone, mut of_tech, mut of_stranger) =
            (ana.live().await, ana.live().await, tech.live().await, stranger.live().await);
        desk.send(json!({ "type": "message", "to": tech.id, "body": "¿*Hola*?", "client_id": "a-1" })).await;
        for socket in [&mut desk, &mut phone, &mut of_tech] {
            let told = socket.frame("message").await;
            assert_eq!((&told["from_id"], &told["to_id"]), (&json!(ana.id), &json!(tech.id)), "{told}");
            assert_eq!((&told["body"], &told["client_id"]), (&json!("¿*Hola*?"), &json!("a-1")), "{told}");
        }
        // It reached a device, which both are told; then it is read.
        for socket in [&mut of_tech, &mut phone] {
            let receipt = socket.frame("receipt").await;
            assert_eq!((&receipt["by"], &receipt["from"]), (&json!(tech.id), &json!(ana.id)), "{receipt}");
            assert_eq!(receipt["read"], false, "{receipt}");
        }
        of_tech.send(json!({ "type": "read", "from": ana.id })).await;
        let receipt = phone.find("a receipt", |frame| frame["type"] == "receipt" && frame["read"] == true).await;
        assert_eq!(receipt["by"], tech.id);
        let told = told_by_now(&app, &stranger, &mut of_stranger).await;
        assert!(told.iter().all(|frame| frame["type"] != "message" && frame["type"] != "receipt"), "{told:?}");
    }

    async fn the_same_message_sent_twice_is_stored_once_and_acknowledged_twice(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let (mut socket, mut of_tech) = (ana.live().await, tech.live().await);
        let message = json!({ "type": "message", "to": tech.id, "body": "Hola", "client_id": "b" });
        socket.send(message.clone()).await;
        let first = socket.frame("message").await;
        socket.send(message).await;
        let again = socket.frame("message").await;
        assert_eq!(again["id"], first["id"]);
        // It is no news: a number of its own, or one that others have, would make a client lose what came between.
        assert_eq!((first["event"].is_i64(), again.get("event")), (true, None), "{again}");
        of_tech.frame("message").await;
        let told = told_by_now(&app, &tech, &mut of_tech).await;
        assert!(told.iter().all(|frame| frame["type"] != "message"), "{told:?}");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages").await, 1);
    }

    async fn what_was_missed_comes_page_by_page_each_message_once_as_it_is_now(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let before = app.number("SELECT COUNT(*) AS n FROM events").await;
        let path = format!("/conversations/{}/messages", tech.id);
        let mut ids = Vec::new();
        for n in 0..120 {
            ids.push(ana.post(&path, json!({ "body": format!("Mensaje {n}") })).await.expect(201).id());
        }
        for place in [0, 60, 119] {
            let path = format!("/messages/{}", ids[place]);
            ana.patch(&path, json!({ "body": format!("Corregido {place}") })).await.expect(200);
        }
        ana.delete(&format!("/messages/{}", ids[30])).await.expect(204);
        let mut socket = tech.live_since(before).await;
        let told = socket.told().await;
        let messages: Vec<_> = told.iter().filter(|frame| frame["type"] == "message").collect();
        assert_eq!(messages.iter().map(|message| message["id"].as_i64().unwrap()).collect::<Vec<_>>(), ids);
        let numbers: Vec<_> = messages.iter().map(|message| message["event"].as_i64().unwrap()).collect();
        assert!(numbers.is_sorted(), "{numbers:?}");
        for (place, body) in [(0, "Corregido 0"), (1, "Mensaje 1"), (30, ""), (60, "Corregido 60"), (119, "Corregido 119")] {
            assert_eq!(messages[place]["body"], body, "{place}");
        }
        // And it goes on.
        ana.post(&path, json!({ "body": "Después" })).await.expect(201);
        assert_eq!(socket.frame("message").await["body"], "Después");
    }

    async fn a_lot_that_was_missed_is_read_anew(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let before = app.number("SELECT COUNT(*) AS n FROM events").await;
        let path = format!("/conversations/{}/messages", tech.id);
        // Each is sixty thousand bytes: as it was written, and as it is shown.
        for _ in 0..80 {
            ana.post(&path, json!({ "body": "&".repeat(10_000) })).await.expect(201);
        }
        let mut socket = tech.live_since(before).await;
        let told = socket.told().await;
        assert_eq!(told.iter().filter(|frame| frame["type"] == "resync").count(), 1);
        let bytes: usize = told.iter().map(|frame| frame.to_string().len()).sum();
        assert!(bytes < 5_000_000, "{bytes} bytes");
    }

    async fn what_cannot_be_sent_is_answered_and_not_stored(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let reader = app.token(&ana, &["read"]).await;
        let before = app.stored().await;
        let mut socket = ana.live().await;
        for (to, body, code) in [
            (luis.id, "Hola", "not_found"),
            (ana.id, "Hola", "validation_failed"),
            (999_999, "Hola", "not_found"),
            (tech.id, " ", "validation_failed"),
        ] {
            socket.send(json!({ "type": "message", "to": to, "body": body, "client_id": "c" })).await;
            let refused = socket.frame("error").await;
            assert_eq!((&refused["code"], &refused["client_id"]), (&json!(code), &json!("c")), "to {to}: {refused}");
        }
        let mut socket = reader.live().await;
        socket.send(json!({ "type": "message", "to": tech.id, "body": "Hola" })).await;
        assert_eq!(socket.frame("error").await["code"], "insufficient_scope");
        assert_eq!(app.stored().await, before);
    }

    async fn what_was_written_to_somebody_who_was_away_is_there_when_they_come(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let before = app.number("SELECT last_id AS n FROM event_counter").await;
        let mut of_ana = ana.live().await;
        let path = format!("/conversations/{}/messages", tech.id);
        let sent = ana.in_background().post(&path, json!({ "body": "Hola", "client_id": "d" })).await.expect(201);
        assert_eq!(of_ana.frame("message").await["id"], sent.id());
        let mut of_tech = tech.live_since(before).await;
        assert_eq!(of_tech.frame("message").await["id"], sent.id());
        // It answers the ping that comes after what was missed, as whoever goes on reading does.
        of_tech.told().await;
        let receipt = of_ana.frame("receipt").await;
        assert_eq!((&receipt["up_to"], &receipt["read"]), (&json!(sent.id()), &json!(false)), "{receipt}");
        // As it is now, also to whoever has seen nothing of it.
        ana.patch(&format!("/messages/{}", sent.id()), json!({ "body": "Hola, Luis" })).await.expect(200);
        assert_eq!(of_tech.frame("message").await["body"], "Hola, Luis");
        let mut later = tech.live_since(before).await;
        assert_eq!(later.frame("message").await["body"], "Hola, Luis");
    }

    async fn what_a_device_has_not_read_from_its_line_is_not_delivered(app: TestApp) {
        let (ana, tech, other) = (app.user().await, app.technician().await, app.technician().await);
        let (mut of_ana, mut silent, mut reading) = (ana.live().await, tech.live().await, other.live().await);
        let send = async |to: i64| {
            ana.post(&format!("/conversations/{to}/messages"), json!({ "body": "Hola" })).await.expect(201).id()
        };
        let first = send(tech.id).await;
        let second = send(other.id).await;
        // Both were written to their sockets; one of the two answers.
        assert_eq!(reading.frame("message").await["id"], second);
        reading.told().await;
        let receipt = of_ana.frame("receipt").await;
        assert_eq!((&receipt["by"], &receipt["up_to"]), (&json!(other.id), &json!(second)), "{receipt}");
        let delivered = "SELECT COUNT(*) AS n FROM messages WHERE delivered_at IS NOT NULL";
        assert_eq!(app.number(delivered).await, 1);
        // The other one comes to it, and goes on.
        assert_eq!(silent.frame("message").await["id"], first);
        let third = send(tech.id).await;
        silent.find("the next one", |frame| frame["id"] == third).await;
        for _ in 0..2 {
            silent.told().await;
        }
        let all = |frame: &Value| frame["type"] == "receipt" && frame["up_to"] == third;
        assert_eq!(of_ana.find("a receipt", all).await["by"], tech.id);
        assert_eq!(app.number(delivered).await, 3);
    }
}

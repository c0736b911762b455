//! Messages on the socket: to every device of both people, acknowledged by their coming back, and read.

use serde_json::json;

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
        for (read, socket) in [(false, &mut phone), (false, &mut of_tech)] {
            let receipt = socket.frame("receipt").await;
            assert_eq!((&receipt["by"], &receipt["from"]), (&json!(tech.id), &json!(ana.id)), "{receipt}");
            assert_eq!(receipt["read"], read, "{receipt}");
        }
        of_tech.send(json!({ "type": "read", "from": ana.id })).await;
        let receipt = phone.find("a receipt", |frame| frame["type"] == "receipt" && frame["read"] == true).await;
        assert_eq!(receipt["by"], tech.id);
        let told = of_stranger.told().await;
        assert!(told.iter().all(|frame| frame["type"] != "message" && frame["type"] != "receipt"), "{told:?}");
    }

    async fn the_same_message_sent_twice_is_stored_once_and_acknowledged_twice(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let (mut socket, mut of_tech) = (ana.live().await, tech.live().await);
        let message = json!({ "type": "message", "to": tech.id, "body": "Hola", "client_id": "b" });
        socket.send(message.clone()).await;
        let first = socket.frame("message").await;
        socket.send(message).await;
        assert_eq!(socket.frame("message").await["id"], first["id"]);
        of_tech.frame("message").await;
        let told = of_tech.told().await;
        assert!(told.iter().all(|frame| frame["type"] != "message"), "{told:?}");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages").await, 1);
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
        let receipt = of_ana.frame("receipt").await;
        assert_eq!((&receipt["up_to"], &receipt["read"]), (&json!(sent.id()), &json!(false)), "{receipt}");
        // As it is now, also to whoever has seen nothing of it.
        ana.patch(&format!("/messages/{}", sent.id()), json!({ "body": "Hola, Luis" })).await.expect(200);
        assert_eq!(of_tech.frame("message").await["body"], "Hola, Luis");
        let mut later = tech.live_since(before).await;
        assert_eq!(later.frame("message").await["body"], "Hola, Luis");
    }
}

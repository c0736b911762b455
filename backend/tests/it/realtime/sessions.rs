//! A socket ends with the session or the token it was opened with, and extends neither.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::support::{Client, PASSWORD, until};

const ENDED: u16 = 4401;

on_each_database! {
    settings(|config| config.session_timeout = Duration::from_secs(3))
    async fn it_is_closed_when_the_session_ends_and_does_not_extend_it(app: TestApp) {
        let ana = app.user().await;
        let began = Instant::now();
        let mut socket = ana.live().await;
        // A deliberate request in between extends it.
        tokio::time::sleep(Duration::from_secs(2)).await;
        socket.send(json!({ "type": "active", "active": true })).await;
        ana.get("/tickets").await.expect(200);
        let extended = began.elapsed();
        assert_eq!(socket.closed().await, ENDED);
        let lasted = began.elapsed();
        assert!(lasted > extended + Duration::from_millis(2_500), "{lasted:?}, extended at {extended:?}");
        assert!(lasted < extended + Duration::from_secs(5), "{lasted:?}, extended at {extended:?}");
        ana.get("/session").await.expect(401);
    }

    async fn it_is_closed_when_the_person_logs_out_and_others_stay(app: TestApp) {
        let ana = app.user().await;
        let phone = app.new_session(ana.clone()).await;
        let (mut here, mut there) = (ana.live().await, phone.live().await);
        ana.delete("/session").await.expect(204);
        assert_eq!(here.closed().await, ENDED);
        there.told().await;
        let desk = app.new_session(ana.clone()).await;
        desk.delete(&format!("/sessions/{}", phone.session)).await.expect(204);
        assert_eq!(there.closed().await, ENDED);
    }

    async fn it_is_closed_when_the_password_changes_or_the_account_is_closed(app: TestApp) {
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let phone = app.new_session(ana.clone()).await;
        let (mut here, mut there, mut of_luis) = (ana.live().await, phone.live().await, luis.live().await);
        let change = json!({ "current_password": PASSWORD, "new_password": "Farol-rojo-91-puente" });
        ana.put("/me/password", change).await.expect(204);
        assert_eq!(there.closed().await, ENDED);
        here.told().await;
        admin.delete(&format!("/users/{}", luis.id)).await.expect(204);
        assert_eq!(of_luis.closed().await, ENDED);
    }

    async fn it_is_closed_when_the_token_is_revoked_or_ends(app: TestApp) {
        let ana = app.user().await;
        let reader = app.token(&ana, &["read"]).await;
        let mut socket = reader.live().await;
        socket.send(json!({ "type": "typing", "to": ana.id })).await;
        assert_eq!(socket.frame("error").await["code"], "insufficient_scope");
        let tokens = ana.get("/me/tokens").await.expect(200);
        ana.delete(&format!("/me/tokens/{}", tokens.ids()[0])).await.expect(204);
        assert_eq!(socket.closed().await, ENDED);

        let ends = chrono::Utc::now() + chrono::TimeDelta::milliseconds(1_500);
        let made = ana
            .post("/me/tokens", json!({ "name": "breve", "scopes": ["read"], "expires_at": ends }))
            .await
            .expect(201);
        let brief = Client { bearer: made["token"].as_str().map(str::to_owned), cookie: None, csrf: None, ..ana.clone() };
        assert_eq!(brief.live().await.closed().await, ENDED);
    }

    async fn only_this_desks_own_pages_and_those_who_may_are_let_in(app: TestApp) {
        let ana = app.user().await;
        let mut request = ana.socket_request();
        request.headers_mut().insert("Origin", "https://evil.example".parse().unwrap());
        assert_eq!(Client::refused_socket(request).await, 403);
        let mut request = ana.socket_request();
        request.headers_mut().insert("Origin", app.origin.parse().unwrap());
        tokio_tungstenite::connect_async(request).await.expect("its own page is let in");
        assert_eq!(Client::refused_socket(app.anonymous().socket_request()).await, 401);
        let mut request = app.anonymous().socket_request();
        request.headers_mut().insert("Authorization", "Bearer turno_x".parse().unwrap());
        assert_eq!(Client::refused_socket(request).await, 401);
        ana.request(Method::GET, "/ws").send().await.expect(400).problem("malformed_parameter");
        until("all places are given back", Duration::from_secs(5), async || app.state.live.hub.sockets() == 0).await;
    }
}

//! `/me/tokens`, and asking with one.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use shared::session;

use crate::support::{PASSWORD, TestApp};

async fn is_dead(app: &TestApp, token: &str) -> bool {
    let reply =
        app.anonymous().request(Method::GET, "/me").header("Authorization", format!("Bearer {token}")).send().await;
    reply.status == 401
}

on_each_database! {
    async fn a_person_makes_lists_and_revokes_a_token(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let ends = Utc::now() + TimeDelta::days(30);
        let made = ana
            .post("/me/tokens", json!({ "name": " Panel de la planta ", "scopes": ["write", "read", "read"], "expires_at": ends }))
            .await
            .expect(201);
        assert_eq!((&made["name"], &made["scopes"]), (&"Panel de la planta".into(), &json!(["read", "write"])));
        let token = made["token"].as_str().unwrap().to_owned();
        assert!(token.starts_with("turno_") && token.len() == 38, "{token}");

        let list = ana.get("/me/tokens").await.expect(200);
        assert_eq!(list.ids(), [made.id()]);
        let shown = &list.items()[0];
        assert_eq!((&shown["name"], &shown["scopes"]), (&made["name"], &made["scopes"]));
        assert_eq!((&shown["created_at"], &shown["expires_at"]), (&made["created_at"], &made["expires_at"]));
        assert_eq!((&shown["last_used_at"], &shown["last_used_address"]), (&Value::Null, &Value::Null));
        assert!(!list.text.contains(&token[6..]), "a token is told once");
        assert_eq!(luis.get("/me/tokens").await.expect(200).items().len(), 0);

        luis.delete(&format!("/me/tokens/{}", made.id())).await.expect(404).problem("not_found");
        assert!(!is_dead(&app, &token).await);
        ana.delete(&format!("/me/tokens/{}", made.id())).await.expect(204);
        assert!(is_dead(&app, &token).await);
        ana.delete(&format!("/me/tokens/{}", made.id())).await.expect(404);
        for kind in ["token_created", "token_revoked"] {
            let events = format!("SELECT COUNT(*) AS n FROM events WHERE kind = '{kind}' AND subject_id = {}", made.id());
            assert_eq!(app.number(&events).await, 1, "{kind}");
        }
    }

    /// What a thief of the database finds is of no use.
    async fn only_a_digest_is_kept(app: TestApp) {
        let ana = app.user().await;
        let program = app.token(&ana, &["read"]).await;
        let token = program.bearer.unwrap();
        let secret = token.strip_prefix("turno_").unwrap();
        let found = |text: &str| format!("SELECT COUNT(*) AS n FROM tokens WHERE digest LIKE '%{text}%' OR name LIKE '%{text}%'");
        assert_eq!(app.number(&found(secret)).await, 0);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM tokens WHERE LENGTH(digest) = 64").await, 1);
        let told = format!("SELECT COUNT(*) AS n FROM events WHERE payload LIKE '%{secret}%'");
        assert_eq!(app.number(&told).await, 0);
    }

    async fn each_field_keeps_its_rules(app: TestApp) {
        let ana = app.user().await;
        let before = app.stored().await;
        let with = |field: &str, value: Value| {
            let mut body = json!({ "name": "x", "scopes": ["read"] });
            body[field] = value;
            ana.post("/me/tokens", body)
        };
        with("name", json!(" ")).await.refuses("name", "required");
        with("name", json!("ñ".repeat(81))).await.refuses("name", "too_long");
        with("name", json!("a\0b")).await.refuses("name", "invalid_characters");
        with("scopes", json!([])).await.refuses("scopes", "required");
        with("expires_at", json!("2020-01-01T00:00:00Z")).await.refuses("expires_at", "in_the_past");
        with("expires_at", json!(Utc::now())).await.refuses("expires_at", "in_the_past");
        for (field, value) in [
            ("scopes", json!(["admin"])), ("scopes", json!("read")), ("scopes", Value::Null), ("expires_at", json!("mañana")),
            ("token", json!("turno_mine")), ("name", json!(7)),
        ] {
            with(field, value).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
        with("name", json!("ñ".repeat(80))).await.expect(201);
        with("expires_at", json!("9999-12-31T23:59:59Z")).await.expect(201);
    }

    settings(|config| config.workers = 2)
    async fn a_person_has_fifty_at_most(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let rows: Vec<String> =
            (0..48).map(|n| format!("({}, 'n', '{n}', 1, 0)", ana.id)).collect();
        app.sql(&format!("INSERT INTO tokens (user_id, name, digest, scopes, created_at) VALUES {}", rows.join(", "))).await;
        let body = json!({ "name": "x", "scopes": ["read"] });
        let replies = join_all((0..6).map(|_| ana.post("/me/tokens", body.clone()))).await;
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 2, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
        for reply in replies.into_iter().filter(|reply| reply.status != 201) {
            reply.expect(409).problem("limit_reached");
        }
        assert_eq!(ana.get("/me/tokens").await.expect(200).items().len(), 50);
        luis.post("/me/tokens", body).await.expect(201);
    }

    async fn a_token_needs_neither_csrf_nor_origin_and_touches_no_session(app: TestApp) {
        let ana = app.user().await;
        let program = app.token(&ana, &["write"]).await;
        let made = program.post("/tickets", json!({ "title": "x", "description": "x" })).await.expect(201);
        assert_eq!(made["requester"]["id"], ana.id);
        let foreign = program.request(Method::POST, "/tickets").header("Origin", "https://elsewhere.example");
        foreign.json(&json!({ "title": "x", "description": "x" })).send().await.expect(201);
        app.let_pass(ana.session, Duration::from_secs(100)).await;
        let end = ana.get("/session").await.expect(200)["expires_at"].clone();
        program.get("/tickets").await.expect(200);
        assert_eq!(ana.get("/session").await.expect(200)["expires_at"], end);
        // It lives without any.
        ana.delete("/session").await.expect(204);
        program.get("/me").await.expect(200);
        assert!(program.get("/me").await.header("set-cookie").is_none());
    }

    async fn the_scope_read_only_reads(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let program = app.token(&ana, &["read"]).await;
        program.get(&format!("/tickets/{ticket}")).await.expect(200);
        program.request(Method::HEAD, "/me").send().await.expect(200);
        let before = app.stored().await;
        let refused = program.act(&format!("/tickets/{ticket}/close")).await.expect(403).problem("insufficient_scope");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer error=\"insufficient_scope\""));
        program.patch("/me", json!({ "name": "Otra" })).await.expect(403).problem("insufficient_scope");
        program.delete("/me/avatar").await.expect(403).problem("insufficient_scope");
        assert_eq!(app.stored().await, before);
    }

    /// Whoever steals a token must not make themselves at home with it.
    async fn no_token_reaches_sessions_tokens_or_the_password(app: TestApp) {
        let (ana, luis) = (app.admin().await, app.user().await);
        let program = app.token(&ana, &["read", "write"]).await;
        let person = format!("/users/{}", luis.id);
        let link = format!("{person}/password-link");
        let newcomer = json!({ "username": "eva", "name": "Eva", "email": "eva@example.org", "role": "user" });
        let with = |field: &str, value: &str| {
            let mut body = newcomer.clone();
            body[field] = value.into();
            Some(body)
        };
        let before = app.stored().await;
        for (method, path, body) in [
            (Method::GET, "/session", None),
            (Method::POST, "/session/extend", None),
            (Method::DELETE, "/session", None),
            (Method::GET, "/sessions", None),
            (Method::DELETE, "/sessions", None),
            (Method::DELETE, "/sessions/1", None),
            (Method::GET, "/me/tokens", None),
            (Method::POST, "/me/tokens", Some(json!({ "name": "x", "scopes": ["write"] }))),
            (Method::DELETE, "/me/tokens/1", None),
            (Method::PUT, "/me/password", Some(json!({ "current_password": PASSWORD, "new_password": "Farol-rojo-91-puente" }))),
            (Method::POST, link.as_str(), None),
            (Method::POST, link.as_str(), Some(json!({ "send": true }))),
            (Method::PATCH, person.as_str(), Some(json!({ "name": "Otro", "password": "Farol-rojo-91-puente" }))),
            (Method::PATCH, person.as_str(), Some(json!({ "email": "mine@example.org" }))),
            // Who is on staff would be mailed a link wherever the token's holder says.
            (Method::PATCH, person.as_str(), Some(json!({ "role": "admin" }))),
            (Method::PATCH, person.as_str(), Some(json!({ "name": "Otro", "role": "technician" }))),
            (Method::POST, "/users", with("password", "Farol-rojo-91-puente")),
            (Method::POST, "/users", with("role", "admin")),
            (Method::POST, "/users", with("role", "technician")),
        ] {
            let mut request = program.request(method, path);
            if let Some(body) = body {
                request = request.json(&body);
            }
            request.send().await.expect(403).problem("insufficient_scope");
        }
        for role in ["admin", "Técnica"] {
            let file = format!("username,name,email,role\nleo,Leo,leo@example.org,\neva,Eva,eva@example.org,{role}\n");
            for path in ["/users/import", "/users/import?dry_run=true"] {
                let request = program.request(Method::POST, path).file("personas.csv", file.clone());
                request.send().await.expect(403).problem("insufficient_scope");
            }
        }
        assert_eq!(app.stored().await, before);
        // Whatever opens no account it may do, and the link that does, where mails are only listed, is covered.
        program.patch(&person, json!({ "name": "Otro", "role": "user" })).await.expect(200);
        let users = "username,name,email,role\nleo,Leo,leo@example.org,usuario\n";
        program.request(Method::POST, "/users/import").file("personas.csv", users).send().await.expect(200);
        program.post("/users", newcomer).await.expect(201);
        let mail = app.number("SELECT MAX(id) AS n FROM mails").await;
        let covered = program.get(&format!("/mails/{mail}")).await.expect(200);
        assert!(!covered.text.contains("set-password"), "{}", covered.text);
        let read = "SELECT COUNT(*) AS n FROM events WHERE kind = 'password_link_read'";
        assert_eq!(app.number(read).await, 0);
        assert!(ana.get(&format!("/mails/{mail}")).await.expect(200).text.contains("set-password"));
        assert_eq!(app.number(read).await, 1);
    }

    async fn a_wrong_token_is_refused_whatever_comes_with_it(app: TestApp) {
        let ana = app.user().await;
        let good = app.token(&ana, &["read"]).await.bearer.unwrap();
        let wrong = format!("turno_{}", "x".repeat(32));
        for value in [
            format!("Bearer {wrong}"),
            format!("bearer {wrong}"),
            format!("Bearer {good}x"),
            format!("Bearer {}", good.to_uppercase()),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            "Bearer ' OR 1=1 --".to_owned(),
            format!("Bearer {}", "a".repeat(4000)),
        ] {
            // A session beside it changes nothing: the token counts.
            for client in [&ana, &app.anonymous()] {
                let reply = client.request(Method::GET, "/me").header("Authorization", &value).send().await.expect(401);
                let reply = reply.problem("not_authenticated");
                assert_eq!(reply.header("www-authenticate"), Some("Bearer error=\"invalid_token\""), "{value}");
            }
        }
        let nobody = app.anonymous().get("/me").await.expect(401);
        assert_eq!(nobody.header("www-authenticate"), Some("Bearer"));
        // The word in another case, and more room than one space, are fine.
        for value in [format!("bearer {good}"), format!("BEARER   {good} ")] {
            app.anonymous().request(Method::GET, "/me").header("Authorization", &value).send().await.expect(200);
        }
    }

    /// A proxy in between may have a login of its own.
    async fn another_scheme_is_none_of_ours(app: TestApp) {
        let ana = app.user().await;
        ana.request(Method::GET, "/me").header("Authorization", "Basic YTpi").send().await.expect(200);
        app.anonymous().request(Method::GET, "/me").header("Authorization", "Basic YTpi").send().await.expect(401);
    }

    async fn of_a_session_and_a_token_the_token_counts(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let token = app.token(&ana, &["read"]).await.bearer.unwrap();
        let both = |method, path| admin.request(method, path).header("Authorization", format!("Bearer {token}"));
        assert_eq!(both(Method::GET, "/me").send().await.expect(200).id(), ana.id);
        both(Method::GET, "/users").send().await.expect(403).problem("forbidden");
        both(Method::DELETE, "/me/avatar").send().await.expect(403).problem("insufficient_scope");
    }

    async fn a_token_ends_when_it_says(app: TestApp) {
        let ana = app.user().await;
        let body = json!({ "name": "x", "scopes": ["read"], "expires_at": Utc::now() + TimeDelta::hours(1) });
        let made = ana.post("/me/tokens", body).await.expect(201);
        let token = made["token"].as_str().unwrap();
        assert!(!is_dead(&app, token).await);
        app.sql(&format!("UPDATE tokens SET expires_at = 1 WHERE id = {}", made.id())).await;
        assert!(is_dead(&app, token).await);
        // It stays in the list, where its person sees why the program no longer gets in.
        assert_eq!(ana.get("/me/tokens").await.expect(200).ids(), [made.id()]);
    }

    async fn a_token_follows_its_person(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let program = app.token(&ana, &["write"]).await;
        let path = format!("/users/{}", ana.id);
        program.get("/users").await.expect(403);
        admin.patch(&path, json!({ "role": "admin" })).await.expect(200);
        program.get("/users").await.expect(200);
        admin.patch(&path, json!({ "role": "user" })).await.expect(200);
        program.get("/users").await.expect(403);
        admin.delete(&path).await.expect(204);
        program.get("/me").await.expect(401).problem("not_authenticated");
        admin.patch(&path, json!({ "active": true })).await.expect(200);
        program.get("/me").await.expect(200);
        // Programs do not know the password.
        admin.patch(&path, json!({ "password": "Farol-rojo-91-puente" })).await.expect(200);
        program.get("/me").await.expect(200);
    }

    async fn the_last_use_is_noted_once_a_minute(app: TestApp) {
        let ana = app.user().await;
        let program = app.token(&ana, &["read"]).await;
        let used = async || ana.get("/me/tokens").await.expect(200).items()[0]["last_used_at"].clone();
        assert_eq!(used().await, Value::Null);
        program.get("/me").await.expect(200);
        let first = used().await;
        assert!(first.is_string());
        assert_eq!(ana.get("/me/tokens").await.items()[0]["last_used_address"], "127.0.0.1");
        for _ in 0..5 {
            program.get("/me").await.expect(200);
        }
        assert_eq!(used().await, first);
        app.sql("UPDATE tokens SET last_used_at = last_used_at - 61000000").await;
        program.get("/me").await.expect(200);
        assert_ne!(used().await, first);
        // A program that asks does not mean that its person is there.
        app.sql("UPDATE users SET last_seen_at = NULL").await;
        program.get("/me").await.expect(200);
        assert_eq!(program.get("/me").await.expect(200)["last_seen_at"], Value::Null);
    }

    async fn a_login_with_a_token_beside_it_is_a_login(app: TestApp) {
        let ana = app.user().await;
        let program = app.token(&ana, &["read"]).await;
        let reply = program.post("/session", json!({ "login": ana.username, "password": PASSWORD })).await.expect(201);
        assert!(reply.header("set-cookie").unwrap().starts_with(session::COOKIE));
    }

    async fn one_ends_all_other_sessions_at_once(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let (phone, desk) = (app.new_session(ana.clone()).await, app.new_session(ana.clone()).await);
        assert_eq!(ana.get("/sessions").await.expect(200).items().len(), 3);
        ana.delete("/sessions").await.expect(204);
        for other in [&phone, &desk] {
            other.get("/me").await.expect(401).problem("not_authenticated");
        }
        luis.get("/me").await.expect(200);
        assert_eq!(ana.get("/sessions").await.expect(200).ids(), [ana.session]);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'session_revoked'").await, 2);
        let before = app.stored().await;
        ana.delete("/sessions").await.expect(204);
        assert_eq!(app.stored().await, before);
    }
}

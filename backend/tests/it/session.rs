//! `/session` and `/sessions`: logging in, staying, leaving, and everything that must not work.

use std::time::{Duration, Instant};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use shared::session::SessionMode;

use crate::support::{Client, PASSWORD, Reply, until};

/// A moment of an answer.
fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a moment").parse().expect("RFC 3339")
}

/// How long a session still lasts, by the server's own clock.
fn left(session: &Reply) -> chrono::TimeDelta {
    moment(&session["expires_at"]) - moment(&session["now"])
}

async fn end_of(person: &Client) -> DateTime<Utc> {
    moment(&person.get("/session").await.expect(200)["expires_at"])
}

on_each_database! {
    async fn a_person_logs_in_by_name_or_address_in_any_case(app: TestApp) {
        let ana = app.user().await;
        for login in [
            ana.username.clone(),
            ana.username.to_uppercase(),
            format!("  {} ", ana.username),
            format!("{}@example.org", ana.username),
            format!("{}@EXAMPLE.org", ana.username.to_uppercase()),
        ] {
            let session = app.log_in(&login, PASSWORD).await.expect(201);
            assert_eq!(session["user"]["id"], ana.id);
            assert_eq!(session["user"]["role"], "user");
            assert_eq!(session["mode"], "strict");
            assert!(session["csrf_token"].as_str().is_some_and(|token| token.len() > 20));
            assert!((left(&session) - chrono::TimeDelta::seconds(300)).abs() < chrono::TimeDelta::seconds(5));
            assert!(!session.text.contains("argon2"), "the hash is nobody's business: {}", session.text);
        }
    }

    async fn a_wrong_password_and_an_unknown_account_answer_alike(app: TestApp) {
        let (ana, inactive) = (app.user().await, app.user().await);
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", inactive.id)).await;
        let unset = app.user().await;
        app.sql(&format!("UPDATE users SET password_hash = NULL WHERE id = {}", unset.id)).await;
        let before = app.stored().await;
        let mut answers = Vec::new();
        for (login, password) in [
            (ana.username.as_str(), "Grulla-lenta-43-mesa"),
            ("nadie", PASSWORD),
            (inactive.username.as_str(), PASSWORD),
            (unset.username.as_str(), PASSWORD),
            (unset.username.as_str(), ""),
            ("", ""),
            ("nul\0", PASSWORD),
            ("' OR 1=1 --", PASSWORD),
        ] {
            let mut reply = app.log_in(login, password).await.expect(401).problem("wrong_credentials");
            assert!(reply.header("set-cookie").is_none());
            reply.json["instance"] = Value::Null;
            answers.push(reply.json);
        }
        let failures = i64::try_from(answers.len()).unwrap();
        answers.dedup();
        assert_eq!(answers.len(), 1, "the answers tell accounts apart: {answers:#?}");
        // Nothing but that somebody tried.
        let told = before.iter().map(|&(table, count)| (table, if table == "events" { count + failures } else { count }));
        assert_eq!(app.stored().await, told.collect::<Vec<_>>());
    }

    async fn repeated_failures_slow_down_without_locking_out(app: TestApp) {
        let ana = app.user().await;
        for _ in 0..6 {
            app.log_in(&ana.username, "No-es-esta-1").await.expect(401);
        }
        let started = Instant::now();
        app.log_in(&ana.username.to_uppercase(), PASSWORD).await.expect(201);
        assert!(started.elapsed() >= Duration::from_millis(500), "no pause after six failures");
        assert_eq!(app.state.auth.limits.try_account(&ana.username), Duration::ZERO, "a success does not forgive");
    }

    async fn no_spaces_before_a_name_make_another_of_it(app: TestApp) {
        let ana = app.user().await;
        let spaced = format!("{}{}", " ".repeat(280), ana.username);
        for _ in 0..6 {
            app.log_in(&spaced, "No-es-esta-1").await.expect(401);
        }
        assert!(app.state.auth.limits.try_account(&ana.username) > Duration::ZERO, "no pause after six failures");
        app.log_in(&spaced, PASSWORD).await.expect(201);
    }

    async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites(app: TestApp) {
        let ana = app.user().await;
        let reply = app.log_in(&ana.username, PASSWORD).await.expect(201);
        let cookie = reply.header("set-cookie").expect("a cookie").to_owned();
        assert!(cookie.starts_with("turno_session="), "{cookie}");
        for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.split("; ").any(|part| part == attribute), "{attribute} is not in {cookie}");
        }
        assert!(!cookie.contains("Secure"), "served over HTTP it would never come back: {cookie}");
        assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "it outlives the browser: {cookie}");
        let value = cookie["turno_session=".len()..].split(';').next().unwrap().to_owned();
        assert_eq!(value.split('.').count(), 3, "no JWT: {value}");
        let ana = Client { cookie: Some(value), csrf: None, ..ana };
        ana.get("/me").await.expect(200);
    }

    settings(|config| config.public_url = Some("https://desk.example".parse().unwrap()))
    async fn over_https_the_cookie_is_secure(app: TestApp) {
        let ana = app.user().await;
        let reply = app.log_in(&ana.username, PASSWORD).await.expect(201);
        assert!(reply.header("set-cookie").unwrap().contains("; Secure"));
        ana.request(Method::POST, "/session/extend").header("Origin", "https://desk.example").send().await.expect(200);
    }

    async fn asking_about_the_session_does_not_extend_it(app: TestApp) {
        let ana = app.user().await;
        app.let_pass(ana.session, Duration::from_secs(100)).await;
        let before = end_of(&ana).await;
        assert_eq!(end_of(&ana).await, before);
        let session = ana.get("/session").await.expect(200);
        assert_eq!(session["user"]["id"], ana.id);
        assert_eq!(session["csrf_token"].as_str(), ana.csrf.as_deref());
        assert!(left(&session) <= chrono::TimeDelta::seconds(200));
    }

    async fn a_deliberate_request_extends_and_a_background_one_does_not(app: TestApp) {
        let ana = app.user().await;
        app.let_pass(ana.session, Duration::from_secs(100)).await;
        let before = end_of(&ana).await;
        for path in ["/me", "/tickets", "/sessions", "/categories"] {
            ana.in_background().get(path).await.expect(200);
        }
        assert_eq!(end_of(&ana).await, before, "a background request extended the session");
        ana.get("/tickets").await.expect(200);
        assert!(left(&ana.get("/session").await) > chrono::TimeDelta::seconds(295));
        app.let_pass(ana.session, Duration::from_secs(100)).await;
        ana.request(Method::GET, "/me").header("X-Turno-Background", "0").send().await.expect(200);
        assert!(left(&ana.get("/session").await) > chrono::TimeDelta::seconds(295));
    }

    async fn keep_working_extends(app: TestApp) {
        let ana = app.user().await;
        app.let_pass(ana.session, Duration::from_secs(250)).await;
        assert!(left(&ana.act("/session/extend").await.expect(200)) > chrono::TimeDelta::seconds(295));
        assert!(left(&ana.get("/session").await.expect(200)) > chrono::TimeDelta::seconds(290));
    }

    /// Of two requests the later one may be the first to say so.
    async fn a_request_that_comes_late_takes_nothing_from_a_session(app: TestApp) {
        let ana = app.user().await;
        app.sql(&format!(
            "UPDATE sessions SET last_used_at = last_used_at + 60000000, expires_at = expires_at + 60000000 WHERE id = {}",
            ana.session
        ))
        .await;
        let end = end_of(&ana).await;
        assert_eq!(moment(&ana.act("/session/extend").await.expect(200)["expires_at"]), end);
        assert_eq!(end_of(&ana).await, end);
    }

    settings(|config| config.session_timeout = Duration::from_millis(1500))
    async fn a_session_ends_by_itself(app: TestApp) {
        let ana = app.user().await;
        let began = Instant::now();
        let watcher = ana.in_background();
        until("the session has ended", Duration::from_secs(10), async || watcher.get("/me").await.status == 401).await;
        assert!(began.elapsed() >= Duration::from_millis(1300), "it ended after {:?}", began.elapsed());
        ana.get("/me").await.expect(401).problem("not_authenticated");
        ana.get("/session").await.expect(401).problem("not_authenticated");
        ana.act("/session/extend").await.expect(401).problem("not_authenticated");
        app.log_in(&ana.username, PASSWORD).await.expect(201);
    }

    settings(|config| config.session_mode = SessionMode::Absolute)
    async fn in_absolute_mode_nothing_extends(app: TestApp) {
        let ana = app.user().await;
        app.let_pass(ana.session, Duration::from_secs(100)).await;
        let before = end_of(&ana).await;
        ana.get("/tickets").await.expect(200);
        // That it was used is noted all the same.
        let used = moment(&ana.in_background().get("/sessions").await.expect(200).items()[0]["last_used_at"]);
        assert!(Utc::now() - used < chrono::TimeDelta::seconds(60), "it was last used at {used}");
        let seen = format!("SELECT COUNT(*) AS n FROM users WHERE id = {} AND last_seen_at IS NOT NULL", ana.id);
        assert_eq!(app.number(&seen).await, 1);
        app.ticket(&ana, "Teclado").await;
        let session = ana.act("/session/extend").await.expect(200);
        assert_eq!(session["mode"], "absolute");
        assert_eq!(moment(&session["expires_at"]), before);
        assert_eq!(end_of(&ana).await, before);
        app.let_pass(ana.session, Duration::from_secs(300)).await;
        ana.get("/me").await.expect(401).problem("not_authenticated");
    }

    async fn logging_out_ends_the_session_and_takes_the_cookie(app: TestApp) {
        let ana = app.user().await;
        let other = app.new_session(ana.clone()).await;
        let reply = ana.delete("/session").await.expect(204);
        let cookie = reply.header("set-cookie").expect("the cookie's removal");
        assert!(cookie.starts_with("turno_session=;") && cookie.contains("Max-Age=0"), "{cookie}");
        ana.get("/me").await.expect(401).problem("not_authenticated");
        ana.delete("/session").await.expect(401);
        other.get("/me").await.expect(200);
    }

    async fn a_person_sees_and_ends_their_own_sessions_only(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let phone = app.new_session(ana.clone()).await;
        let ended = app.new_session(ana.clone()).await;
        app.let_pass(ended.session, Duration::from_secs(400)).await;
        let sessions = ana.get("/sessions").await.expect(200);
        let mut listed = sessions.ids();
        listed.sort_unstable();
        assert_eq!(listed, [ana.session, phone.session]);
        for session in sessions.items() {
            assert_eq!(session["current"], session["id"] == ana.session);
            assert_eq!((&session["address"], &session["user_agent"]), (&"127.0.0.1".into(), &"test".into()));
        }
        luis.delete(&format!("/sessions/{}", phone.session)).await.expect(404).problem("not_found");
        phone.get("/me").await.expect(200);
        ana.delete(&format!("/sessions/{}", phone.session)).await.expect(204);
        phone.get("/me").await.expect(401);
        ana.delete(&format!("/sessions/{}", phone.session)).await.expect(404).problem("not_found");
        ana.get("/me").await.expect(200);
    }

    async fn a_login_is_listed_with_its_address_and_browser(app: TestApp) {
        let ana = app.user().await;
        app.anonymous()
            .request(Method::POST, "/session")
            .header("User-Agent", "Fuchs/1.0 (long)".repeat(40))
            .json(&json!({ "login": ana.username, "password": PASSWORD }))
            .send()
            .await
            .expect(201);
        let sessions = ana.get("/sessions").await.expect(200);
        assert_eq!(sessions.items().len(), 2);
        let browsers: Vec<&str> = sessions.items().iter().filter_map(|s| s["user_agent"].as_str()).collect();
        assert!(browsers.iter().any(|name| name.starts_with("Fuchs/1.0") && name.len() == 300), "{browsers:?}");
    }

    async fn an_unsafe_request_needs_the_token_of_its_own_session(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let phone = app.new_session(ana.clone()).await;
        let before = app.stored().await;
        let ticket = json!({ "title": "Falsa", "description": "No es mía" });
        let csrf = ana.csrf.clone().unwrap();
        for token in [
            None,
            Some(String::new()),
            Some("rubbish".to_owned()),
            Some(csrf[1..].to_owned()),
            Some(luis.csrf.clone().unwrap()),
            Some(phone.csrf.clone().unwrap()),
        ] {
            let forged = Client { csrf: token.clone(), ..ana.clone() };
            forged.post("/tickets", ticket.clone()).await.expect(403).problem("csrf_rejected");
            forged.patch("/me", json!({ "name": "Otra" })).await.expect(403).problem("csrf_rejected");
            forged.delete("/session").await.expect(403).problem("csrf_rejected");
            forged.act("/session/extend").await.expect(403).problem("csrf_rejected");
            forged.get("/me").await.expect(200);
        }
        assert_eq!(app.stored().await, before);
        assert_eq!(ana.get("/me").await["name"], ana.name);
        ana.post("/tickets", ticket).await.expect(201);
    }

    async fn a_request_from_another_site_is_refused(app: TestApp) {
        let ana = app.user().await;
        let before = app.stored().await;
        let ticket = json!({ "title": "Falsa", "description": "No es mía" });
        let log_in = json!({ "login": ana.username, "password": PASSWORD });
        let port = app.origin.rsplit(':').next().unwrap();
        let elsewhere = [
            ("Origin", "http://evil.example".to_owned()),
            ("Origin", "null".to_owned()),
            ("Origin", format!("http://127.0.0.1.evil.example:{port}")),
            ("Origin", "http://127.0.0.1:1".to_owned()),
            ("Origin", "rubbish".to_owned()),
            ("Sec-Fetch-Site", "cross-site".to_owned()),
            ("Sec-Fetch-Site", "same-site".to_owned()),
        ];
        for (header, value) in &elsewhere {
            for request in [
                ana.request(Method::POST, "/tickets").json(&ticket),
                app.anonymous().request(Method::POST, "/session").json(&log_in),
            ] {
                request.header(header, value).send().await.expect(403).problem("csrf_rejected");
            }
            ana.request(Method::GET, "/me").header(header, value).send().await.expect(200);
        }
        assert_eq!(app.stored().await, before);
        for request in [
            ana.request(Method::POST, "/tickets").json(&ticket),
            app.anonymous().request(Method::POST, "/session").json(&log_in),
        ] {
            let request = request.header("Origin", &app.origin).header("Sec-Fetch-Site", "same-origin");
            request.send().await.expect(201);
        }
    }

    async fn a_tampered_cookie_is_no_session(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let cookie = ana.cookie.clone().unwrap();
        let parts: Vec<&str> = cookie.split('.').collect();
        let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        assert_eq!(claims["sid"], ana.session, "the token names its session and nothing else: {claims}");
        let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let promoted = encode(&json!({ "sid": admin.session, "began_at": claims["began_at"] }));
        let unsigned = encode(&json!({ "alg": "none", "typ": "JWT" }));
        let flipped = if parts[2].starts_with('A') { "B" } else { "A" };
        for tampered in [
            format!("{}.{promoted}.{}", parts[0], parts[2]),
            format!("{unsigned}.{promoted}."),
            format!("{unsigned}.{}.", parts[1]),
            format!("{}.{}.{flipped}{}", parts[0], parts[1], &parts[2][1..]),
            format!("{}.{}", parts[0], parts[1]),
            admin.session.to_string(),
            String::new(),
            "..".to_owned(),
            "a".repeat(5000),
        ] {
            let forged = Client { cookie: Some(tampered), ..ana.clone() };
            forged.get("/me").await.expect(401).problem("not_authenticated");
        }
        ana.get("/me").await.expect(200);
    }

    async fn a_token_is_good_for_the_session_it_was_made_for_and_no_other_of_that_number(app: TestApp) {
        let ana = app.user().await;
        ana.get("/me").await.expect(200);
        // What a new or restored database looks like to a token of the old one.
        app.sql(&format!("UPDATE sessions SET created_at = created_at + 1 WHERE id = {}", ana.session)).await;
        ana.get("/me").await.expect(401).problem("not_authenticated");
        ana.post("/tickets", json!({ "title": "Nada", "description": "Nada" })).await.expect(401);
    }

    async fn no_session_begins_with_a_password_that_is_being_replaced(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let path = format!("/users/{}", ana.id);
        let logins = (0..4).map(|_| app.log_in(&ana.username, PASSWORD));
        let reset = admin.patch(&path, json!({ "password": "Nutria-veloz-81-silla" }));
        let (_, reset) = futures_util::future::join(join_all(logins), reset).await;
        reset.expect(200);
        let left = app.number(&format!("SELECT COUNT(*) AS n FROM sessions WHERE user_id = {} AND address <> 'test'", ana.id)).await;
        assert_eq!(left, 0, "sessions outlived the password they were opened with");
        app.log_in(&ana.username, PASSWORD).await.expect(401);
    }

    async fn a_session_of_somebody_who_left_is_over(app: TestApp) {
        let ana = app.user().await;
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", ana.id)).await;
        ana.get("/me").await.expect(401).problem("not_authenticated");
    }
}

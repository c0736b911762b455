//! How often somebody may try to log in, and whom that counts for.

use std::time::Instant;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply};

on_each_database! {
    settings(|config| {
        config.login_rate_per_minute = 50;
        config.workers = 2;
    })
    async fn the_fifty_first_login_of_a_minute_is_refused(app: TestApp) {
        // All at once: each takes a password's hash, and together they must not take a minute.
        let began = Instant::now();
        let somebody = app.anonymous();
        let attempts = (0..60).map(|n| {
            let request = somebody.request(Method::POST, "/session");
            request.json(&json!({ "login": format!("nadie{n}"), "password": "No-es-esta-1" })).send()
        });
        let replies = join_all(attempts).await;
        let took = began.elapsed().as_secs();
        let (refused, tried): (Vec<Reply>, Vec<Reply>) = replies.into_iter().partition(|reply| reply.status == 429);
        assert_eq!((tried.len(), refused.len()), (50, 10), "after {took} s");
        tried.into_iter().for_each(|reply| drop(reply.expect(401).problem("wrong_credentials")));
        for reply in refused {
            let reply = reply.problem("too_many_requests");
            let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
            assert!((59_u64.saturating_sub(took)..=60).contains(&seconds), "Retry-After is {seconds} after {took} s");
        }
        // And so is the next one.
        app.log_in("nadie", PASSWORD).await.expect(429).problem("too_many_requests");
    }

    settings(|config| config.login_rate_per_minute = 2)
    async fn an_address_cannot_be_forged_to_log_in_more_often(app: TestApp) {
        let ana = app.user().await;
        let attempt = async |forwarded: &str| {
            app.anonymous()
                .request(Method::POST, "/session")
                .header("X-Forwarded-For", forwarded)
                .header("Forwarded", format!("for={forwarded}"))
                .header("X-Real-IP", forwarded)
                .json(&json!({ "login": ana.username, "password": PASSWORD }))
                .send()
                .await
        };
        let began = Instant::now();
        attempt("198.51.100.1").await.expect(201);
        attempt("198.51.100.2").await.expect(201);
        let refused = attempt("198.51.100.3").await.expect(429).problem("too_many_requests");
        let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        let took = began.elapsed().as_secs();
        assert!((59_u64.saturating_sub(took)..=60).contains(&seconds), "Retry-After is {seconds} after {took} s");
        // Only logging in is limited.
        ana.get("/me").await.expect(200);
        let sessions = ana.get("/sessions").await.expect(200);
        assert!(sessions.items().iter().all(|session| session["address"] == "127.0.0.1"), "{}", sessions.text);
    }

    settings(|config| {
        config.login_rate_per_minute = 2;
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
    })
    async fn a_trusted_proxy_tells_addresses_apart(app: TestApp) {
        let ana = app.user().await;
        let attempt = async |forwarded: &str| {
            let request = app.anonymous().request(Method::POST, "/session").header("X-Forwarded-For", forwarded);
            request.json(&json!({ "login": ana.username, "password": PASSWORD })).send().await
        };
        attempt("198.51.100.1").await.expect(201);
        attempt("198.51.100.1, 10.1.2.3").await.expect(201);
        // What a client puts there itself stands to the left and is not believed.
        attempt("203.0.113.9, 198.51.100.1").await.expect(429).problem("too_many_requests");
        attempt("198.51.100.2").await.expect(201);
        attempt("2001:db8::1").await.expect(201);
        let sessions = ana.get("/sessions").await.expect(200);
        let mut addresses: Vec<&str> = sessions.items().iter().filter_map(|s| s["address"].as_str()).collect();
        addresses.sort_unstable();
        assert_eq!(addresses, ["127.0.0.1", "198.51.100.1", "198.51.100.1", "198.51.100.2", "2001:db8::1"]);
    }

    settings(|config| {
        config.login_rate_per_minute = 2;
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    async fn a_network_of_ipv6_is_one_address(app: TestApp) {
        let ana = app.user().await;
        let attempt = async |forwarded: &str| {
            let request = app.anonymous().request(Method::POST, "/session").header("X-Forwarded-For", forwarded);
            request.json(&json!({ "login": ana.username, "password": PASSWORD })).send().await
        };
        attempt("2001:db8:1:2::1").await.expect(201);
        attempt("2001:db8:1:2:a:b:c:d").await.expect(201);
        for forwarded in ["2001:db8:1:2::3", "[2001:db8:1:2::4]:4711"] {
            attempt(forwarded).await.expect(429).problem("too_many_requests");
        }
        attempt("2001:db8:1:3::1").await.expect(201);
        attempt("::ffff:198.51.100.1").await.expect(201);
        attempt("198.51.100.1:4711").await.expect(201);
        attempt("198.51.100.1").await.expect(429).problem("too_many_requests");
        // What a client puts there itself is not believed either where a proxy wrote something that is no address.
        for forwarded in ["198.51.100.7, unknown", "198.51.100.8, unknown"] {
            attempt(forwarded).await.expect(201);
        }
        attempt("198.51.100.9, unknown").await.expect(429).problem("too_many_requests");
    }

    settings(|config| config.login_rate_per_minute = 3)
    async fn an_attempt_counts_before_it_is_read(app: TestApp) {
        let ana = app.user().await;
        let body = json!({ "login": ana.username, "password": PASSWORD });
        let log_in = || app.anonymous().request(Method::POST, "/session");
        // What another site has a browser send is no attempt of whoever sits before it.
        for _ in 0..5 {
            let forged = log_in().header("Origin", "https://elsewhere.example").json(&body);
            forged.send().await.expect(403).problem("csrf_rejected");
        }
        log_in().header("Content-Type", "application/json").body("{").send().await.expect(400).problem("malformed_body");
        log_in().body("x").send().await.expect(415).problem("unsupported_media_type");
        log_in().json(&body).send().await.expect(201);
        for text in ["{", "x"] {
            let request = log_in().header("Content-Type", "application/json").body(text);
            request.send().await.expect(429).problem("too_many_requests");
        }
        log_in().json(&body).send().await.expect(429).problem("too_many_requests");
    }
}

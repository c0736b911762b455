//! The headers every answer to a request carries.

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};
use shared::session::BUILD_HEADER;

use crate::support::{Reply, TestApp};

/// One answer of every kind.
async fn answers(app: &TestApp) -> Vec<(&'static str, Reply)> {
    let (ana, nobody) = (app.user().await, app.anonymous());
    let ticket = json!({ "title": "x", "description": "x" });
    vec![
        ("a list", ana.get("/tickets").await.expect(200)),
        ("something made", ana.post("/tickets", ticket).await.expect(201)),
        ("nothing to say", app.new_session(ana.clone()).await.delete("/session").await.expect(204)),
        ("malformed", ana.list("/tickets", &[("limit", "0")]).await.expect(400)),
        ("no session", nobody.get("/me").await.expect(401)),
        ("forbidden", ana.get("/users").await.expect(403)),
        ("no such thing", ana.get("/tickets/999999").await.expect(404)),
        ("no such path", ana.get("/nothing").await.expect(404)),
        ("wrong method", ana.delete("/tickets").await.expect(405)),
        ("wrong type", ana.request(Method::POST, "/tickets").body("x").send().await.expect(415)),
        ("refused", ana.post("/tickets", json!({ "title": "", "description": "x" })).await.expect(422)),
        ("the document", nobody.get("/openapi.json").await.expect(200)),
        ("the reader", nobody.get("/docs/").await.expect(200)),
        ("health", nobody.request_at(Method::GET, "/healthz").send().await.expect(200)),
        ("readiness", nobody.request_at(Method::GET, "/readyz").send().await.expect(200)),
        ("metrics", nobody.request_at(Method::GET, "/metrics").send().await.expect(200)),
        ("the page", nobody.request_at(Method::GET, "/tickets").send().await),
        ("no such file", nobody.request_at(Method::GET, "/nothing.js").send().await.expect(404)),
    ]
}

on_each_database! {
    async fn every_answer_is_guarded(app: TestApp) {
        for (what, reply) in answers(&app).await {
            let policy = reply.header("content-security-policy").unwrap_or_else(|| panic!("{what}: no policy"));
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{what}: {policy}");
            for part in policy.split(';').flat_map(|directive| directive.split_whitespace().skip(1)) {
                let local = ["'none'", "'self'", "'wasm-unsafe-eval'", "data:", "blob:"].contains(&part);
                // What the build wrote into the page, and what a page has in itself is nobody else's.
                let own = what == "the page" && part.starts_with("'sha256-");
                assert!(local || own, "{what}: a foreign host or more in the policy: {part}");
            }
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(reply.header(name), Some(value), "{what}: {name}");
            }
            assert!(reply.header("permissions-policy").is_some_and(|value| value.contains("camera=()")), "{what}");
            assert_eq!(reply.header("strict-transport-security"), None, "{what}: served over HTTP");
            assert!(reply.header("x-request-id").is_some_and(|id| id.len() == 36), "{what}: no request id");
            assert!(reply.header("server").is_none() && reply.header("x-powered-by").is_none(), "{what}");
            assert!(reply.header("set-cookie").is_none() || what == "nothing to say", "{what} sets a cookie");
            assert!(reply.header("access-control-allow-origin").is_none(), "{what} is open to other sites");
        }
    }

    async fn the_page_may_use_what_stands_in_it_and_no_other_script_or_style(app: TestApp) {
        let page = app.anonymous().request_at(Method::GET, "/index.html").send().await;
        let policy = page.header("content-security-policy").unwrap().to_owned();
        let elements = [("script-src", "<script>", "</script>"), ("style-src", "<style>", "</style>")];
        for (directive, opening, closing) in elements {
            let sources = policy.split(';').find_map(|part| part.trim().strip_prefix(directive)).unwrap();
            let allowed: Vec<&str> = sources.split_whitespace().filter(|source| source.starts_with("'sha")).collect();
            let texts = page.text.split(opening).skip(1).map(|rest| rest.split_once(closing).unwrap().0);
            let own: Vec<String> =
                texts.map(|text| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))).collect();
            assert_eq!(allowed, own, "{directive}");
            // A page for development asks for files.
            let build = page.text.split_once("name=\"turno-build\" content=\"").map(|(_, rest)| !rest.starts_with('"'));
            assert_eq!(own.len(), usize::from(build == Some(true)), "{directive}");
        }
        // A browser that has the page already hears of the same.
        if let Some(tag) = page.header("etag") {
            let again = app.anonymous().request_at(Method::GET, "/").header("If-None-Match", tag).send().await.expect(304);
            assert_eq!(again.header("content-security-policy"), Some(policy.as_str()));
        }
    }

    async fn the_api_names_the_build_of_the_page_it_comes_with(app: TestApp) {
        // A page for development is of no build, and a program without a page comes with none.
        let page = app.anonymous().request_at(Method::GET, "/index.html").send().await;
        let build = page.text.split_once("<meta name=\"turno-build\" content=\"").and_then(|(_, rest)| rest.split_once('"'));
        let build = build.map(|(build, _)| build).filter(|build| !build.is_empty());
        for (what, reply) in answers(&app).await {
            let is_api = !matches!(what, "health" | "readiness" | "metrics" | "the page" | "no such file");
            assert_eq!(reply.header(BUILD_HEADER), build.filter(|_| is_api), "{what}");
        }
    }

    async fn nothing_of_the_api_is_kept_in_a_cache(app: TestApp) {
        for (what, reply) in answers(&app).await {
            let expected = match what {
                "the document" => Some("no-cache"),
                "the reader" | "health" | "readiness" | "metrics" | "the page" | "no such file" => continue,
                _ => Some("no-store"),
            };
            assert_eq!(reply.header("cache-control"), expected, "{what}");
        }
    }

    settings(|config| config.public_url = Some("https://desk.example".parse().unwrap()))
    async fn over_https_browsers_are_told_to_stay_there(app: TestApp) {
        for (what, reply) in answers(&app).await {
            let header = reply.header("strict-transport-security").unwrap_or_else(|| panic!("{what}: no HSTS"));
            assert!(header.starts_with("max-age="), "{what}: {header}");
        }
    }

    async fn long_answers_are_compressed_for_those_who_understand(app: TestApp) {
        let ana = app.user().await;
        for n in 0..25 {
            app.ticket(&ana, &format!("Aviso {n}")).await;
        }
        for (accepted, used) in [("br", Some("br")), ("gzip", Some("gzip")), ("identity", None)] {
            let reply = ana.request(Method::GET, "/tickets").header("Accept-Encoding", accepted).send().await.expect(200);
            assert_eq!(reply.header("content-encoding"), used, "{accepted}");
            assert!(reply.header("vary").is_none_or(|vary| vary.to_lowercase().contains("accept-encoding")));
        }
    }

    async fn each_answer_has_a_request_id_of_its_own(app: TestApp) {
        let ana = app.user().await;
        let (one, two) = (ana.get("/me").await, ana.get("/me").await);
        assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    }
}

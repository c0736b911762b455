//! `/users`: the people of the desk, for administrators.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Client, PASSWORD, TestApp, ids};

fn somebody(username: &str) -> Value {
    json!({ "username": username, "name": "Luz Ordóñez", "email": format!("{username}@example.org"), "role": "user" })
}

fn with(mut body: Value, field: &str, value: impl Into<Value>) -> Value {
    body[field] = value.into();
    body
}

async fn active_admins(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) AS n FROM users WHERE role = 2 AND active = TRUE").await
}

on_each_database! {
    async fn an_administrator_makes_reads_changes_and_deactivates_a_person(app: TestApp) {
        let admin = app.admin().await;
        let body = with(with(somebody("luz"), "password", PASSWORD), "locale", "en");
        let luz = admin.post("/users", body).await.expect(201);
        assert_eq!((&luz["username"], &luz["role"], &luz["active"]), (&"luz".into(), &"user".into(), &true.into()));
        assert_eq!((&luz["locale"], &luz["last_seen_at"]), (&"en".into(), &Value::Null));
        assert!(!luz.text.contains("argon2"), "{}", luz.text);
        let path = format!("/users/{}", luz.id());
        assert_eq!(admin.get(&path).await.expect(200).json, luz.json);
        app.log_in("luz", PASSWORD).await.expect(201);

        let changed = admin.patch(&path, json!({ "name": "Luz O.", "role": "technician" })).await.expect(200);
        assert_eq!((&changed["name"], &changed["role"]), (&"Luz O.".into(), &"technician".into()));
        assert_eq!(changed["email"], "luz@example.org");

        admin.delete(&path).await.expect(204);
        assert_eq!(admin.get(&path).await.expect(200)["active"], false);
        app.log_in("luz", PASSWORD).await.expect(401).problem("wrong_credentials");
        admin.patch(&path, json!({ "active": true })).await.expect(200);
        app.log_in("luz", PASSWORD).await.expect(201);
    }

    async fn without_a_password_nobody_can_log_in_as_them(app: TestApp) {
        let admin = app.admin().await;
        admin.post("/users", somebody("luz")).await.expect(201);
        app.log_in("luz", PASSWORD).await.expect(401).problem("wrong_credentials");
        app.log_in("luz", "").await.expect(401).problem("wrong_credentials");
    }

    async fn no_two_share_a_user_name_or_an_address(app: TestApp) {
        let admin = app.admin().await;
        admin.post("/users", with(somebody("jose"), "username", "José")).await.expect(201);
        let maria = admin.post("/users", somebody("maria")).await.expect(201);
        let before = app.stored().await;
        for username in ["jose", "JOSÉ", "josé", "ｊｏｓｅ"] {
            let body = with(somebody("other"), "username", username);
            let refused = admin.post("/users", body).await.expect(409).problem("already_exists");
            assert_eq!(refused["fields"], json!({ "username": ["taken"] }), "{username}");
        }
        for email in ["jose@example.org", "JOSE@Example.ORG"] {
            let body = with(somebody("other"), "email", email);
            let refused = admin.post("/users", body).await.expect(409).problem("already_exists");
            assert_eq!(refused["fields"], json!({ "email": ["taken"] }), "{email}");
        }
        let path = format!("/users/{}", maria.id());
        admin.patch(&path, json!({ "username": "jose" })).await.expect(409).problem("already_exists");
        admin.patch(&path, json!({ "email": "Jose@example.org" })).await.expect(409).problem("already_exists");
        assert_eq!(app.stored().await, before);
        // One's own in another case is nobody else's.
        admin.patch(&path, json!({ "username": "María", "email": "MARIA@example.org" })).await.expect(200);
    }

    settings(|config| config.workers = 2)
    async fn of_many_who_want_one_name_at_once_one_gets_it(app: TestApp) {
        let admin = app.admin().await;
        let requests = (0..8).map(|n| {
            let body = with(somebody("luz"), "email", format!("luz{n}@example.org"));
            admin.post("/users", body)
        });
        let replies = join_all(requests).await;
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
        replies.into_iter().filter(|reply| reply.status != 201).for_each(|reply| {
            reply.expect(409).problem("already_exists");
        });
    }

    async fn each_field_keeps_its_rules(app: TestApp) {
        let admin = app.admin().await;
        let before = app.stored().await;
        for (field, value, reason) in [
            ("username", json!(""), "required"),
            ("username", json!("a"), "too_short"),
            ("username", json!("ñ"), "too_short"),
            ("username", json!("."), "invalid_characters"),
            ("username", json!("dos palabras"), "invalid_characters"),
            ("username", json!("a@b"), "invalid_characters"),
            ("username", json!("a\0b"), "invalid_characters"),
            ("username", json!("x".repeat(51)), "too_long"),
            ("name", json!("\t"), "required"),
            ("name", json!("x".repeat(101)), "too_long"),
            ("name", json!("a\0b"), "invalid_characters"),
            ("email", json!(""), "required"),
            ("email", json!("luz"), "invalid_email"),
            ("email", json!("luz@a\0.org"), "invalid_email"),
            ("email", json!("luz..paz@example.org"), "invalid_email"),
            ("email", json!(".luz@example.org"), "invalid_email"),
            ("email", json!("luz.@example.org"), "invalid_email"),
            ("email", json!(format!("{}@example.org", "x".repeat(250))), "too_long"),
            ("password", json!("corta"), "password_too_short"),
            ("password", json!("Password1"), "password_guessable"),
        ] {
            admin.post("/users", with(somebody("luz"), field, value.clone())).await.refuses(field, reason);
            let path = format!("/users/{}", admin.id);
            admin.patch(&path, json!({ field: value })).await.refuses(field, reason);
        }
        for (field, value) in [("role", json!("root")), ("locale", json!("xx")), ("username", json!(7)), ("extra", json!(1))] {
            admin.post("/users", with(somebody("luz"), field, value)).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
    }

    async fn an_address_is_the_same_however_its_domain_is_written(app: TestApp) {
        let admin = app.admin().await;
        let new = |username: &str, email: &str| with(with(somebody(username), "password", PASSWORD), "email", email);
        let luz = admin.post("/users", new("luz", "luz@compañía.es")).await.expect(201);
        assert_eq!(luz["email"], "luz@compañía.es");
        for email in ["luz@xn--compaa-7va5a.es", "Luz@COMPAÑÍA.es"] {
            admin.post("/users", new("paz", email)).await.expect(409).problem("already_exists");
            app.log_in(email, PASSWORD).await.expect(201);
        }
        // What no domain is spelled like in ASCII.
        let before = app.stored().await;
        let long = format!("paz@{}.es", "ñ".repeat(60));
        for email in ["paz@\u{ff11}.\u{ff12}.\u{ff13}.\u{ff14}", long.as_str()] {
            admin.post("/users", new("paz", email)).await.refuses("email", "invalid_email");
            admin.patch(&format!("/users/{}", luz.id()), json!({ "email": email })).await.refuses("email", "invalid_email");
        }
        assert_eq!(app.stored().await, before);
        admin.patch(&format!("/users/{}", luz.id()), json!({ "email": "luz@xn--compaa-7va5a.es" })).await.expect(200);
    }

    /// One character may fold to many; that is no reason to fail.
    async fn names_that_grow_when_folded_are_kept(app: TestApp) {
        let admin = app.admin().await;
        let body = with(somebody("luz"), "name", "ﷺ".repeat(100));
        let reply = admin.post("/users", body).await;
        assert!(matches!(reply.status, 201 | 422), "{}: {}", reply.status, reply.text);
        let body = with(somebody("paz"), "username", "ﷺ".repeat(50));
        let reply = admin.post("/users", body).await;
        assert!(matches!(reply.status, 201 | 422), "{}: {}", reply.status, reply.text);
    }

    /// `аdmin` with a Cyrillic `а` looks like `admin`.
    async fn a_user_name_is_of_one_writing_system(app: TestApp) {
        let admin = app.admin().await;
        let before = app.stored().await;
        for username in ["\u{430}dmin", "lu\u{437}", "p\u{3b1}z"] {
            admin.post("/users", with(somebody("luz"), "username", username)).await.refuses("username", "mixed_scripts");
            let path = format!("/users/{}", admin.id);
            admin.patch(&path, json!({ "username": username })).await.refuses("username", "mixed_scripts");
        }
        assert_eq!(app.stored().await, before);
        for username in ["анна", "山田たろう", "ελένη", "ñandú_2"] {
            let body = with(with(somebody("luz"), "email", format!("l{}@example.org", username.len())), "username", username);
            admin.post("/users", body).await.expect(201);
        }
    }

    /// The note costs a write, so it lags by a minute at most.
    async fn when_a_person_was_last_seen_is_noted(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let seen = async || admin.get(&format!("/users/{}", ana.id)).await.expect(200)["last_seen_at"].clone();
        assert_eq!(seen().await, Value::Null);
        app.let_pass(ana.session, std::time::Duration::from_secs(30)).await;
        ana.get("/tickets").await.expect(200);
        let first = seen().await;
        assert!(first.is_string());
        app.let_pass(ana.session, std::time::Duration::from_secs(30)).await;
        ana.get("/tickets").await.expect(200);
        assert_eq!(seen().await, first);
        app.sql(&format!("UPDATE users SET last_seen_at = last_seen_at - 61000000 WHERE id = {}", ana.id)).await;
        app.let_pass(ana.session, std::time::Duration::from_secs(30)).await;
        ana.in_background().get("/tickets").await.expect(200);
        let old = seen().await;
        assert_ne!(old, first);
        ana.get("/tickets").await.expect(200);
        assert_ne!(seen().await, old);
    }

    /// A user name that folds to nothing would be taken for everybody's.
    async fn a_user_name_of_accents_alone_is_refused(app: TestApp) {
        let admin = app.admin().await;
        admin.post("/users", with(somebody("luz"), "username", "\u{345}\u{345}")).await.refuses("username", "invalid_characters");
        admin.post("/users", somebody("paz")).await.expect(201);
    }

    async fn the_last_administrator_stays(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let path = format!("/users/{}", admin.id);
        admin.delete(&path).await.expect(409).problem("last_admin");
        admin.patch(&path, json!({ "role": "technician" })).await.expect(409).problem("last_admin");
        admin.patch(&path, json!({ "active": false })).await.expect(409).problem("last_admin");
        assert_eq!(active_admins(&app).await, 1);
        admin.patch(&path, json!({ "name": "Sigue aquí", "role": "admin", "active": true })).await.expect(200);
        // An inactive administrator does not count.
        let other = app.admin().await;
        admin.delete(&format!("/users/{}", other.id)).await.expect(204);
        admin.delete(&path).await.expect(409).problem("last_admin");
        admin.patch(&format!("/users/{}", ana.id), json!({ "role": "admin" })).await.expect(200);
        admin.delete(&path).await.expect(204);
        assert_eq!(active_admins(&app).await, 1);
    }

    settings(|config| config.workers = 2)
    async fn two_administrators_cannot_send_each_other_away(app: TestApp) {
        let (one, two) = (app.admin().await, app.admin().await);
        for round in 0..10 {
            app.sql("UPDATE users SET active = TRUE").await;
            let (one, two) = (app.new_session(one.clone()).await, app.new_session(two.clone()).await);
            let away = |who: &Client, whom: i64| {
                let who = who.clone();
                async move {
                    match round % 2 {
                        0 => who.delete(&format!("/users/{whom}")).await,
                        _ => who.patch(&format!("/users/{whom}"), json!({ "role": "user", "active": false })).await,
                    }
                }
            };
            let (first, second) = tokio::join!(away(&one, two.id), away(&two, one.id));
            assert_eq!(active_admins(&app).await, 1, "{} {}", first.text, second.text);
            let gone = [&first, &second].iter().filter(|reply| matches!(reply.status, 200 | 204)).count();
            assert_eq!(gone, 1, "{} {}", first.text, second.text);
            for reply in [first, second] {
                // The slower one is told that it is the last one, or is already out.
                assert!(matches!(reply.status, 200 | 204 | 401 | 403 | 409), "{}: {}", reply.status, reply.text);
            }
            app.sql(&format!("UPDATE users SET role = 2 WHERE id IN ({}, {})", one.id, two.id)).await;
        }
    }

    async fn leaving_or_a_new_password_ends_a_persons_sessions(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let phone = app.new_session(ana.clone()).await;
        let path = format!("/users/{}", ana.id);
        admin.patch(&path, json!({ "name": "Ana", "locale": "en" })).await.expect(200);
        phone.get("/me").await.expect(200);
        admin.patch(&path, json!({ "password": "Farol-rojo-91-puente" })).await.expect(200);
        ana.get("/me").await.expect(401);
        phone.get("/me").await.expect(401);
        app.log_in(&ana.username, PASSWORD).await.expect(401);
        let ana = app.new_session(ana).await;
        admin.delete(&path).await.expect(204);
        ana.get("/me").await.expect(401).problem("not_authenticated");
        // Coming back does not bring the old session back.
        admin.patch(&path, json!({ "active": true })).await.expect(200);
        ana.get("/me").await.expect(401);
    }

    async fn what_a_person_wrote_outlives_them(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let ticket = app.ticket(&ana, "Pantalla azul").await;
        ana.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Otra vez" })).await.expect(201);
        admin.delete(&format!("/users/{}", ana.id)).await.expect(204);
        assert_eq!(admin.get(&format!("/tickets/{ticket}")).await.expect(200)["requester"]["name"], ana.name);
        let comments = admin.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
        assert_eq!(comments.items()[0]["author"]["name"], ana.name);
        let history = admin.get(&format!("/tickets/{ticket}/history")).await.expect(200);
        assert_eq!(history.items()[0]["actor"]["id"], ana.id);
    }

    async fn people_are_filtered_searched_and_paged(app: TestApp) {
        let admin = app.admin().await;
        for (username, name, role) in [
            ("zoe", "Álvaro Núñez", "user"),
            ("alvaro2", "alvaro Nunez", "user"),
            ("bea", "Beatriz Ñandú", "technician"),
            ("carlos_ruiz", "Carlos", "technician"),
            ("dani", "Daniela 100%", "user"),
            ("eva", "Eva", "user"),
            ("eva.2", "Eva", "user"),
        ] {
            let body = with(with(somebody(username), "name", name), "role", role);
            admin.post("/users", body).await.expect(201);
        }
        let eva2 = admin.list("/users", &[("q", "eva.2")]).await.expect(200).ids()[0];
        admin.delete(&format!("/users/{eva2}")).await.expect(204);

        let all = admin.list("/users", &[("limit", "100")]).await.expect(200);
        assert_eq!(all.items().len(), 8);
        assert_eq!(all["next_cursor"], Value::Null);
        for filter in [
            vec![],
            vec![("role", "user")],
            vec![("role", "technician")],
            vec![("active", "true")],
            vec![("active", "false")],
            vec![("role", "user"), ("active", "true"), ("q", "a")],
        ] {
            let whole = admin.list("/users", &[&filter[..], &[("limit", "100")]].concat()).await.expect(200);
            let expected: Vec<i64> = all.items().iter().filter(|user| {
                filter.iter().all(|&(field, value)| match field {
                    "role" => user["role"] == value,
                    "active" => user["active"] == (value == "true"),
                    _ => true,
                })
            }).map(|user| user["id"].as_i64().unwrap()).collect();
            if !filter.iter().any(|(field, _)| *field == "q") {
                assert_eq!(whole.ids(), expected, "{filter:?}");
            }
            for limit in [1, 2, 3] {
                assert_eq!(ids(&admin.pages("/users", &filter, limit).await), whole.ids(), "{filter:?} by {limit}");
            }
        }
        let found = async |q: &str| -> Vec<String> {
            let list = admin.list("/users", &[("q", q)]).await.expect(200);
            list.items().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(found("NUÑEZ alvaro").await, ["zoe", "alvaro2"]);
        assert_eq!(found("nandu").await, ["bea"]);
        assert_eq!(found("100%").await, ["dani"]);
        assert_eq!(found("%").await, ["dani"]);
        assert_eq!(found("_").await, ["carlos_ruiz"]);
        assert_eq!(found("BEA@EXAMPLE").await, ["bea"]);
        assert_eq!(found("nadie").await, [""; 0]);
        assert_eq!(found("  ").await.len(), 8);
    }

    async fn a_cursor_is_good_for_its_own_list_only(app: TestApp) {
        let admin = app.admin().await;
        app.user().await;
        app.user().await;
        let page = admin.list("/users", &[("limit", "1")]).await.expect(200);
        let cursor = page["next_cursor"].as_str().unwrap().to_owned();
        admin.list("/users", &[("cursor", &cursor)]).await.expect(200);
        for parameters in [
            vec![("cursor", cursor.as_str()), ("role", "user")],
            vec![("cursor", cursor.as_str()), ("q", "persona")],
            vec![("cursor", "rubbish")],
            vec![("cursor", "")],
        ] {
            admin.list("/users", &parameters).await.expect(400).problem("invalid_cursor");
        }
        admin.list("/tickets", &[("cursor", &cursor)]).await.expect(400).problem("invalid_cursor");
        for limit in ["0", "101", "-1", "many", "99999999999"] {
            admin.list("/users", &[("limit", limit)]).await.expect(400).problem("malformed_parameter");
        }
        // Whoever forges one gets a refusal, not a failure.
        let mut forged: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(&cursor).unwrap()).unwrap();
        forged[1][0] = "a\0b".into();
        let forged = BASE64_URL_SAFE_NO_PAD.encode(forged.to_string());
        admin.list("/users", &[("cursor", &forged)]).await.expect(400).problem("invalid_cursor");
    }
}

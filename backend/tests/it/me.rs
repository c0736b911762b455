//! `/me` and `/password-checks`: one's own account.

use serde_json::json;

use crate::support::PASSWORD;

const OTHER: &str = "Farol-rojo-91-puente";

on_each_database! {
    async fn a_person_reads_and_changes_their_own_account(app: TestApp) {
        let ana = app.user().await;
        let me = ana.get("/me").await.expect(200);
        assert_eq!(me.id(), ana.id);
        assert_eq!((&me["locale"], &me["theme"]), (&"es".into(), &"system".into()));
        let changed = ana.patch("/me", json!({ "name": " Ana Ruiz ", "locale": "en", "theme": "dark" })).await.expect(200);
        assert_eq!(changed["name"], "Ana Ruiz");
        let me = ana.get("/me").await.expect(200);
        assert_eq!((&me["name"], &me["locale"], &me["theme"]), (&"Ana Ruiz".into(), &"en".into(), &"dark".into()));
        let before = app.stored().await;
        assert_eq!(ana.patch("/me", json!({})).await.expect(200)["name"], "Ana Ruiz");
        assert_eq!(app.stored().await, before, "nothing changed, and yet something was noted");
    }

    async fn nobody_promotes_themselves(app: TestApp) {
        let ana = app.user().await;
        for (field, value) in
            [("role", json!("admin")), ("active", json!(true)), ("username", json!("root")), ("email", json!("a@b.org"))]
        {
            ana.patch("/me", json!({ field: value })).await.expect(400).problem("malformed_body");
        }
        assert_eq!(ana.get("/me").await["role"], "user");
    }

    async fn a_name_keeps_its_rules(app: TestApp) {
        let ana = app.user().await;
        ana.patch("/me", json!({ "name": "  " })).await.refuses("name", "required");
        ana.patch("/me", json!({ "name": "ñ".repeat(101) })).await.refuses("name", "too_long");
        ana.patch("/me", json!({ "name": "a\0b" })).await.refuses("name", "invalid_characters");
        ana.patch("/me", json!({ "name": "ñ".repeat(100) })).await.expect(200);
        ana.patch("/me", json!({ "theme": "pink" })).await.expect(400).problem("malformed_body");
    }

    async fn a_new_password_ends_the_other_sessions(app: TestApp) {
        let ana = app.user().await;
        let (phone, luis) = (app.new_session(ana.clone()).await, app.user().await);
        let body = json!({ "current_password": PASSWORD, "new_password": OTHER });
        ana.put("/me/password", body).await.expect(204);
        phone.get("/me").await.expect(401).problem("not_authenticated");
        ana.get("/me").await.expect(200);
        luis.get("/me").await.expect(200);
        app.log_in(&ana.username, PASSWORD).await.expect(401);
        app.log_in(&ana.username, OTHER).await.expect(201);
    }

    async fn a_new_password_needs_the_present_one(app: TestApp) {
        let ana = app.user().await;
        let phone = app.new_session(ana.clone()).await;
        let body = json!({ "current_password": "No-es-esta-1", "new_password": OTHER });
        ana.put("/me/password", body).await.refuses("current_password", "password_wrong");
        phone.get("/me").await.expect(200);
        app.log_in(&ana.username, PASSWORD).await.expect(201);
    }

    async fn a_weak_password_is_refused_and_says_why(app: TestApp) {
        let ana = app.user().await;
        for (password, reason) in [
            ("Ab1", "password_too_short"),
            ("abcdefg1", "password_needs_uppercase"),
            ("Abcdefgh", "password_needs_digit"),
            ("Password1", "password_guessable"),
        ] {
            let body = json!({ "current_password": PASSWORD, "new_password": password });
            ana.put("/me/password", body).await.refuses("new_password", reason);
            let verdict = ana.post("/password-checks", json!({ "password": password })).await.expect(200);
            let broken = verdict["broken"].as_array().unwrap();
            assert!(broken.contains(&reason.into()), "{password}: {broken:?}");
        }
        let long = format!("A1{}", "x".repeat(200));
        let body = json!({ "current_password": PASSWORD, "new_password": long });
        ana.put("/me/password", body).await.refuses("new_password", "too_long");
        app.log_in(&ana.username, PASSWORD).await.expect(201);
    }

    async fn a_password_made_of_ones_name_is_guessable(app: TestApp) {
        let ana = app.user().await;
        ana.patch("/me", json!({ "name": "Wilhelmina Ochoterena" })).await.expect(200);
        let check = json!({ "password": "Wilhelmina1", "about": ["Wilhelmina Ochoterena"] });
        assert_eq!(ana.post("/password-checks", check).await.expect(200)["broken"], json!(["password_guessable"]));
        let body = json!({ "current_password": PASSWORD, "new_password": "Wilhelmina1" });
        ana.put("/me/password", body).await.refuses("new_password", "password_guessable");
        let good = ana.post("/password-checks", json!({ "password": OTHER })).await.expect(200);
        assert_eq!(good["broken"], json!([]));
    }
}

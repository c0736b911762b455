//! `/password-resets` and `/users/{id}/password-link`: links that set a password, once.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Client, PASSWORD, PostOffice, Reply, TestApp, until};

const OTHER: &str = "Farol-rojo-91-puente";
const PATIENCE: Duration = Duration::from_secs(30);

async fn ask(app: &TestApp, login: &str) -> Reply {
    app.anonymous().post("/password-resets", json!({ "email": login })).await.expect(202)
}

async fn set(app: &TestApp, token: &str, password: &str) -> Reply {
    app.anonymous().put(&format!("/password-resets/{token}"), json!({ "password": password })).await
}

fn address(person: &Client) -> String {
    format!("{}@example.org", person.username)
}

/// A link that an administrator makes.
async fn handed(admin: &Client, person: &Client) -> String {
    let link = admin.act(&format!("/users/{}/password-link", person.id)).await.expect(201);
    link["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn links(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) AS n FROM password_links").await
}

/// Lets the minute between two requests pass.
async fn let_a_minute_pass(app: &TestApp) {
    app.sql("UPDATE password_links SET created_at = created_at - 61000000").await;
}

on_each_database! {
    settings(PostOffice::order)
    async fn a_forgotten_password_is_replaced_by_mail(app: TestApp) {
        let post = PostOffice::open();
        let ana = app.user().await;
        assert_eq!(ask(&app, &address(&ana).to_uppercase()).await.json, json!({ "mailed": true }));
        let letter = post.expect_for(&address(&ana)).await;
        assert_eq!(letter.subject, "Turno: cambia tu contraseña");
        let token = letter.token();
        let path = format!("/password-resets/{token}");
        let info = app.anonymous().get(&path).await.expect(200);
        assert_eq!((&info["username"], &info["name"], &info["first"]), (&ana.username.as_str().into(), &ana.name.as_str().into(), &false.into()));
        // A password that breaks a rule uses nothing up.
        set(&app, &token, "corta").await.refuses("password", "password_too_short");
        set(&app, &token, "Password1").await.refuses("password", "password_guessable");
        let check = async |password: &str| {
            app.anonymous().post(&format!("{path}/check"), json!({ "password": password })).await.expect(200)
        };
        assert_eq!(check("Password1").await["broken"], json!(["password_guessable"]));
        assert_eq!(check(OTHER).await["broken"], json!([]));
        ana.get("/me").await.expect(200);
        set(&app, &token, OTHER).await.expect(204);
        ana.get("/me").await.expect(401).problem("not_authenticated");
        app.log_in(&ana.username, PASSWORD).await.expect(401);
        app.log_in(&ana.username, OTHER).await.expect(201);
        // Once.
        set(&app, &token, "Nube-Tetera-Faro-42").await.expect(410).problem("link_invalid");
        app.anonymous().get(&path).await.expect(410).problem("link_invalid");
        app.log_in(&ana.username, OTHER).await.expect(201);
        let events = app.numbers("SELECT COUNT(*) AS n FROM events WHERE kind IN ('password_changed', 'password_reset_requested')").await;
        assert_eq!(events, [2]);
    }

    settings(PostOffice::order)
    async fn nobody_learns_whether_an_address_exists(app: TestApp) {
        let post = PostOffice::open();
        let (ana, inactive) = (app.user().await, app.user().await);
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", inactive.id)).await;
        let mut answers = Vec::new();
        let long = "x".repeat(5_000);
        for login in [ana.username.as_str(), "nadie@example.org", &address(&inactive), "", "a\0b", "' OR 1=1 --", &long] {
            let reply = ask(&app, login).await;
            let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
            names.sort();
            answers.push((reply.text, names));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "the answers tell accounts apart: {answers:#?}");
        app.anonymous().post("/password-resets", json!({ "login": ana.username })).await.expect(202);
        post.expect_for(&address(&ana)).await;
        assert_eq!((post.letters().len(), links(&app).await), (1, 1));
        app.anonymous().post("/password-resets", json!({})).await.refuses("email", "required");
        app.anonymous().post("/password-resets", json!({ "mail": "x" })).await.expect(400).problem("malformed_body");
    }

    async fn a_person_gets_one_mail_a_minute(app: TestApp) {
        let ana = app.user().await;
        let mails = async || app.number("SELECT COUNT(*) AS n FROM mails").await;
        ask(&app, &ana.username).await;
        until("there is a mail", PATIENCE, async || mails().await == 1).await;
        for _ in 0..5 {
            ask(&app, &address(&ana)).await;
        }
        // Somebody else's request comes after those and is done: so are they.
        let luis = app.user().await;
        ask(&app, &luis.username).await;
        until("there is another mail", PATIENCE, async || mails().await == 2).await;
        assert_eq!(app.number(&format!("SELECT COUNT(*) AS n FROM mails WHERE user_id = {}", ana.id)).await, 1);
        let_a_minute_pass(&app).await;
        ask(&app, &ana.username).await;
        until("there is a third mail", PATIENCE, async || mails().await == 3).await;
    }

    async fn a_person_gets_five_mails_an_hour(app: TestApp) {
        let ana = app.user().await;
        let of_ana = format!("SELECT COUNT(*) AS n FROM mails WHERE user_id = {}", ana.id);
        for nth in 1..=5 {
            assert_eq!(ask(&app, &ana.username).await.json, json!({ "mailed": false }));
            until("there is a mail", PATIENCE, async || app.number(&of_ana).await == nth).await;
            let_a_minute_pass(&app).await;
        }
        // The answer is the same, and nothing comes of it.
        assert_eq!(ask(&app, &ana.username).await.json, json!({ "mailed": false }));
        let luis = app.user().await;
        ask(&app, &luis.username).await;
        until("another has a mail", PATIENCE, async || app.number("SELECT COUNT(*) AS n FROM mails").await == 6).await;
        assert_eq!(app.number(&of_ana).await, 5);
        app.sql("UPDATE password_links SET created_at = created_at - 3600000000").await;
        ask(&app, &ana.username).await;
        until("there is a mail again", PATIENCE, async || app.number(&of_ana).await == 6).await;
    }

    /// Else anybody could leave somebody without any, by asking again and again.
    settings(PostOffice::order)
    async fn a_link_stays_good_when_there_is_another_until_one_is_used(app: TestApp) {
        let post = PostOffice::open();
        let ana = app.user().await;
        ask(&app, &ana.username).await;
        let first = post.expect_for(&address(&ana)).await.token();
        let_a_minute_pass(&app).await;
        ask(&app, &ana.username).await;
        let second = post.expect(2).await[1].token();
        for token in [&first, &second] {
            app.anonymous().get(&format!("/password-resets/{token}")).await.expect(200);
        }
        set(&app, &first, OTHER).await.expect(204);
        set(&app, &second, "Nube-Tetera-Faro-42").await.expect(410).problem("link_invalid");
        app.log_in(&ana.username, OTHER).await.expect(201);
    }

    settings(PostOffice::order)
    async fn a_link_ends_after_ten_minutes(app: TestApp) {
        let post = PostOffice::open();
        let ana = app.user().await;
        ask(&app, &ana.username).await;
        let first = post.expect_for(&address(&ana)).await.token();
        let lasts = app.number("SELECT expires_at - created_at AS n FROM password_links").await;
        assert_eq!(lasts, 600_000_000);
        app.sql("UPDATE password_links SET expires_at = expires_at - 600000000").await;
        set(&app, &first, OTHER).await.expect(410).problem("link_invalid");
        app.log_in(&ana.username, PASSWORD).await.expect(201);
    }

    async fn a_token_that_we_did_not_make_is_no_link(app: TestApp) {
        let (admin, ana, luis) = (app.admin().await, app.user().await, app.user().await);
        let (hers, his) = (handed(&admin, &ana).await, handed(&admin, &luis).await);
        let (number, proof) = hers.split_once('-').unwrap();
        let (other, _) = his.split_once('-').unwrap();
        let before = app.stored().await;
        for token in [
            format!("{other}-{proof}"), format!("{number}-"), number.to_owned(), proof.to_owned(), format!("{number}-{proof}A"),
            "x".to_owned(), "%00".to_owned(), "%C3%B1".to_owned(), "0-0".to_owned(), format!("-{number}-{proof}"), "9".repeat(4_000),
        ] {
            set(&app, &token, OTHER).await.expect(410).problem("link_invalid");
            app.anonymous().get(&format!("/password-resets/{token}")).await.expect(410).problem("link_invalid");
        }
        assert_eq!(app.stored().await, before);
        set(&app, &hers, OTHER).await.expect(204);
        set(&app, &his, OTHER).await.expect(204);
    }

    async fn an_administrator_makes_a_link(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let link = admin.act(&format!("/users/{}/password-link", ana.id)).await.expect(201);
        assert_eq!(link.header("cache-control"), Some("no-store"));
        // This one listens for its own machine alone, and the page knows where it was found.
        let url = link["url"].as_str().unwrap();
        assert!(url.starts_with("/set-password/"), "{url}");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM mails").await, 0);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'password_link_created'").await, 1);
        let first = url.rsplit('/').next().unwrap().to_owned();
        // Another one takes its place.
        let second = handed(&admin, &ana).await;
        set(&app, &first, OTHER).await.expect(410);
        set(&app, &second, OTHER).await.expect(204);
        // Somebody without access needs none; somebody else is nobody.
        admin.delete(&format!("/users/{}", ana.id)).await.expect(204);
        admin.act(&format!("/users/{}/password-link", ana.id)).await.expect(409).problem("account_inactive");
        admin.act("/users/999999/password-link").await.expect(404).problem("not_found");
        admin.post(&format!("/users/{}/password-link", ana.id), json!({ "send": 1 })).await.expect(400).problem("malformed_body");
    }

    settings(PostOffice::order)
    async fn an_administrator_mails_a_link(app: TestApp) {
        let post = PostOffice::open();
        let (admin, ana) = (app.admin().await, app.user().await);
        let link = admin.post(&format!("/users/{}/password-link", ana.id), json!({ "send": true })).await.expect(201);
        assert_eq!(link["url"], Value::Null);
        let letter = post.expect_for(&address(&ana)).await;
        assert!(letter.text.contains("Un administrador") && letter.text.contains("24 horas"), "{}", letter.text);
        set(&app, &letter.token(), OTHER).await.expect(204);
        // Somebody who never had one is welcomed.
        app.sql(&format!("UPDATE users SET password_hash = NULL WHERE id = {}", ana.id)).await;
        admin.post(&format!("/users/{}/password-link", ana.id), json!({ "send": true })).await.expect(201);
        let letters = post.expect(2).await;
        assert!(letters[1].text.contains("7 días"), "{}", letters[1].text);
        let info = app.anonymous().get(&format!("/password-resets/{}", letters[1].token())).await.expect(200);
        assert_eq!(info["first"], true);
    }

    async fn whatever_changes_the_account_ends_its_links(app: TestApp) {
        let admin = app.admin().await;
        for change in [
            json!({ "password": "Nube-Tetera-Faro-42" }),
            json!({ "email": format!("otra{}@example.org", crate::support::new_id()) }),
            json!({ "active": false }),
        ] {
            let ana = app.user().await;
            let token = handed(&admin, &ana).await;
            admin.patch(&format!("/users/{}", ana.id), json!({ "name": "Otro nombre" })).await.expect(200);
            app.anonymous().get(&format!("/password-resets/{token}")).await.expect(200);
            admin.patch(&format!("/users/{}", ana.id), change.clone()).await.expect(200);
            set(&app, &token, OTHER).await.expect(410).problem("link_invalid");
        }
        let ana = app.user().await;
        let token = handed(&admin, &ana).await;
        ana.put("/me/password", json!({ "current_password": PASSWORD, "new_password": "Nube-Tetera-Faro-42" })).await.expect(204);
        set(&app, &token, OTHER).await.expect(410).problem("link_invalid");
    }

    async fn two_at_once_use_a_link_once(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let token = handed(&admin, &ana).await;
        let (one, other) = tokio::join!(set(&app, &token, OTHER), set(&app, &token, "Nube-Tetera-Faro-42"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 410]);
    }

    settings(PostOffice::order)
    async fn a_link_leads_to_this_desk_whatever_the_request_says(app: TestApp) {
        let post = PostOffice::open();
        let ana = app.user().await;
        let request = app.anonymous().request(reqwest::Method::POST, "/password-resets");
        let body = json!({ "email": address(&ana) });
        request.header("Host", "evil.example").header("X-Forwarded-Host", "evil.example").json(&body).send().await.expect(202);
        let letter = post.expect_for(&address(&ana)).await;
        assert!(letter.text.contains(&app.origin) && !letter.text.contains("evil"), "{}", letter.text);
        // And another site does not get to ask for one.
        let request = app.anonymous().request(reqwest::Method::POST, "/password-resets").header("Origin", "https://evil.example");
        request.json(&body).send().await.expect(403).problem("csrf_rejected");
    }

    settings(|config| config.public_url = Some("https://desk.example.org/ayuda/".parse().unwrap()))
    async fn a_link_leads_to_the_public_address(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let link = admin.act(&format!("/users/{}/password-link", ana.id)).await.expect(201);
        assert!(link["url"].as_str().unwrap().starts_with("https://desk.example.org/ayuda/set-password/"), "{}", link.text);
    }

    settings(|config| config.listen = ([0, 0, 0, 0], 0).into())
    async fn who_does_not_know_its_address_says_so_and_shows_a_path(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let link = admin.act(&format!("/users/{}/password-link", ana.id)).await.expect(201);
        assert!(link["url"].as_str().unwrap().starts_with("/set-password/"), "{}", link.text);
        set(&app, &handed(&admin, &ana).await, OTHER).await.expect(204);
        assert_eq!(admin.get("/mails/status").await.expect(200)["address_known"], false);
    }

    settings(|config| {
        config.listen = ([0, 0, 0, 0], 0).into();
        config.public_url = Some("https://desk.example.org/".parse().unwrap());
    })
    async fn who_is_told_its_address_knows_it_wherever_it_listens(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let link = admin.act(&format!("/users/{}/password-link", ana.id)).await.expect(201);
        assert!(link["url"].as_str().unwrap().starts_with("https://desk.example.org/set-password/"), "{}", link.text);
        assert_eq!(admin.get("/mails/status").await.expect(200)["address_known"], true);
    }

    settings(|config| config.login_rate_per_minute = 3)
    async fn one_address_asks_as_often_as_it_logs_in(app: TestApp) {
        for _ in 0..3 {
            ask(&app, "nadie").await;
        }
        app.anonymous().post("/password-resets", json!({ "email": "nadie" })).await.expect(429).problem("too_many_requests");
        // Whatever comes after, and before it has come.
        let rubbish = app.anonymous().request(reqwest::Method::POST, "/password-resets").header("Content-Type", "application/json");
        rubbish.body("{").send().await.expect(429).problem("too_many_requests");
        // Logging in is counted by itself.
        app.log_in("nadie", PASSWORD).await.expect(401);
    }
}

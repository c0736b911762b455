//! `/mails`, and what a real mail server gets: every mail arrives, none is lost.

use std::{collections::HashSet, time::Duration};

use backend::mail::config::Pace;
use serde_json::{Value, json};
use shared::mail::MailState;

use crate::support::{Client, PostOffice, TestApp, until};

const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody without a password, who is therefore written to.
async fn newcomer(admin: &Client, username: &str, more: Value) -> i64 {
    let mut body = json!({
        "username": username, "name": "Nueva Persona", "email": format!("{username}@example.org"), "role": "user",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    admin.post("/users", body).await.expect(201).id()
}

/// How many mails are in a state.
async fn count(app: &TestApp, state: MailState) -> i64 {
    let code = MailState::ALL.iter().position(|&other| other == state).unwrap();
    app.number(&format!("SELECT COUNT(*) AS n FROM mails WHERE state = {code}")).await
}

async fn until_count(app: &TestApp, state: MailState, expected: i64) {
    until("the mails are in that state", PATIENCE, async || count(app, state).await == expected).await;
}

on_each_database! {
    settings(PostOffice::order)
    async fn a_mail_is_text_and_html_in_the_readers_language(app: TestApp) {
        let post = PostOffice::open();
        let admin = app.admin().await;
        newcomer(&admin, "eva", json!({ "name": "Ñoño, \"Eva\" <eva>", "locale": "en" })).await;
        newcomer(&admin, "sol", json!({})).await;
        let eva = post.expect_for("eva@example.org").await;
        assert_eq!((eva.from.as_str(), eva.subject.as_str()), ("desk@example.org", "Turno: your account is ready"));
        assert!(eva.text.contains("Hello Ñoño, \"Eva\" <eva>,") && eva.text.contains("7 days"), "{}", eva.text);
        assert!(eva.html.contains("Ñoño, &quot;Eva&quot; &lt;eva&gt;") && eva.html.contains("lang=\"en\""), "{}", eva.html);
        assert!(eva.html.contains(&eva.token()), "{}", eva.html);
        assert!(eva.text.contains(&format!("{}/set-password/", app.origin)), "{}", eva.text);
        assert!(eva.head.contains("Auto-Submitted: auto-generated") && eva.message_id.ends_with("@example.org"), "{}", eva.head);
        let sol = post.expect_for("sol@example.org").await;
        assert_eq!(sol.subject, "Turno: tu cuenta está lista");
        assert!(sol.html.contains("lang=\"es\"") && sol.text.contains("durante 7 días"), "{}", sol.text);
        until_count(&app, MailState::Sent, 2).await;
        assert_eq!(post.letters().len(), 2);
        // Whoever has a password needs no link.
        newcomer(&admin, "luz", json!({ "password": "Farol-rojo-91-puente" })).await;
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM mails").await, 2);
    }

    /// The server of this office, like most, knows no addresses but those in ASCII.
    settings(PostOffice::order)
    async fn a_domain_in_other_letters_gets_its_mail(app: TestApp) {
        let post = PostOffice::open();
        newcomer(&app.admin().await, "eva", json!({ "email": "eva@compañía.es" })).await;
        post.expect_for("eva@xn--compaa-7va5a.es").await;
        until_count(&app, MailState::Sent, 1).await;
    }

    settings(PostOffice::order)
    async fn none_is_lost_when_the_server_is_killed_in_the_middle(app: TestApp) {
        let post = PostOffice::open();
        let admin = app.admin().await;
        for n in 0..30 {
            newcomer(&admin, &format!("n{n}"), json!({})).await;
            match n {
                5 => post.vanish(3),
                10 => {
                    post.expect(3).await;
                    post.kill();
                }
                20 => post.restart().await,
                25 => {
                    post.kill();
                    post.restart().await;
                }
                _ => {}
            }
        }
        let letters = post.expect(30).await;
        until_count(&app, MailState::Sent, 30).await;
        let readers: HashSet<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(readers.len(), 30);
        // One that arrived twice is the same mail twice, with the same link.
        for letter in &letters {
            for other in letters.iter().filter(|other| other.to == letter.to) {
                assert_eq!((&letter.message_id, letter.token()), (&other.message_id, other.token()));
            }
        }
        assert_eq!(count(&app, MailState::Failed).await, 0);
    }

    settings(PostOffice::order)
    async fn mails_wait_for_a_server_that_is_not_there_yet(app: TestApp) {
        let post = PostOffice::closed();
        let admin = app.admin().await;
        for n in 0..5 {
            newcomer(&admin, &format!("n{n}"), json!({})).await;
        }
        until("a try has failed", PATIENCE, async || {
            admin.get("/mails/status").await.expect(200)["last_error"].is_string()
        })
        .await;
        let status = admin.get("/mails/status").await;
        assert_eq!((&status["configured"], &status["queued"], &status["failed"]), (&true.into(), &5.into(), &0.into()));
        let mail = &admin.list("/mails", &[("state", "queued")]).await.expect(200).json["items"][0];
        assert_eq!((&mail["state"], &mail["kind"], &mail["sent_at"]), (&"queued".into(), &"welcome".into(), &Value::Null));
        assert!(mail["next_attempt_at"].is_string());
        post.restart().await;
        post.expect(5).await;
        until_count(&app, MailState::Sent, 5).await;
        let status = admin.get("/mails/status").await;
        assert_eq!((&status["queued"], &status["last_error"]), (&0.into(), &Value::Null));
        assert!(status["last_sent_at"].is_string());
    }

    settings(PostOffice::order)
    async fn a_refused_recipient_fails_at_once_and_a_busy_one_is_tried_again(app: TestApp) {
        let post = PostOffice::open();
        let admin = app.admin().await;
        post.answer("nadie@example.org", Some("550 5.1.1 no such person"));
        post.answer("llena@example.org", Some("452 4.2.2 mailbox is full"));
        for username in ["nadie", "llena", "alguien"] {
            newcomer(&admin, username, json!({})).await;
        }
        post.expect_for("alguien@example.org").await;
        until_count(&app, MailState::Failed, 1).await;
        let failed = admin.list("/mails", &[("state", "failed")]).await.expect(200);
        assert_eq!((failed.items().len(), &failed.items()[0]["address"]), (1, &"nadie@example.org".into()));
        assert!(failed.items()[0]["last_error"].as_str().unwrap().contains("no such person"), "{}", failed.text);
        assert_eq!(failed.items()[0]["attempts"], 1);
        until("it was tried twice", PATIENCE, async || {
            app.number("SELECT COUNT(*) AS n FROM mails WHERE attempts > 1 AND address = 'llena@example.org'").await == 1
        })
        .await;
        post.answer("llena@example.org", None);
        post.expect_for("llena@example.org").await;
        // The administrator mended the address's account and tries again.
        post.answer("nadie@example.org", None);
        let id = failed.ids()[0];
        assert_eq!(admin.act(&format!("/mails/{id}/retry")).await.expect(200)["state"], "queued");
        post.expect_for("nadie@example.org").await;
        until_count(&app, MailState::Sent, 3).await;
        admin.act(&format!("/mails/{id}/retry")).await.expect(409).problem("version_conflict");
        admin.act(&format!("/mails/{id}/cancel")).await.expect(409).problem("version_conflict");
    }

    settings(|config| {
        PostOffice::order(config);
        config.mail.as_mut().unwrap().credentials = Some(("desk".to_owned(), "secreto".to_owned()));
    })
    async fn a_wrong_password_of_the_desk_is_not_the_mails_fault(app: TestApp) {
        let post = PostOffice::open();
        post.ask_for("desk", "otro");
        let admin = app.admin().await;
        newcomer(&admin, "eva", json!({})).await;
        until("a try has failed", PATIENCE, async || {
            admin.get("/mails/status").await.expect(200)["last_error"].is_string()
        })
        .await;
        assert_eq!(count(&app, MailState::Failed).await, 0);
        let status = admin.get("/mails/status").await;
        assert!(!status.text.contains("secreto"), "{}", status.text);
        post.ask_for("desk", "secreto");
        post.expect_for("eva@example.org").await;
    }

    settings(|config| {
        PostOffice::order(config);
        config.mail_pace.patience = Duration::from_millis(300);
    })
    async fn a_server_that_falls_silent_is_given_up_and_tried_again(app: TestApp) {
        let post = PostOffice::open();
        post.fall_silent(true);
        let admin = app.admin().await;
        newcomer(&admin, "eva", json!({})).await;
        until("a try has failed", PATIENCE, async || {
            admin.get("/mails/status").await.expect(200)["last_error"].is_string()
        })
        .await;
        post.fall_silent(false);
        post.expect_for("eva@example.org").await;
    }

    settings(PostOffice::order_starttls)
    async fn over_starttls(app: TestApp) {
        let post = PostOffice::open();
        newcomer(&app.admin().await, "eva", json!({})).await;
        post.expect_for("eva@example.org").await;
        until_count(&app, MailState::Sent, 1).await;
        assert_eq!(post.indiscretions(), 0);
    }

    settings(PostOffice::order_tls)
    async fn over_tls_from_the_start(app: TestApp) {
        let post = PostOffice::open();
        newcomer(&app.admin().await, "eva", json!({})).await;
        post.expect_for("eva@example.org").await;
    }

    settings(PostOffice::order_starttls)
    async fn nothing_is_said_in_the_clear_where_tls_is_missing(app: TestApp) {
        let post = PostOffice::open().without_tls();
        post.restart().await;
        let admin = app.admin().await;
        newcomer(&admin, "eva", json!({})).await;
        until("a try has failed", PATIENCE, async || {
            admin.get("/mails/status").await.expect(200)["last_error"].is_string()
        })
        .await;
        assert_eq!((post.letters().len(), post.indiscretions()), (0, 0));
        assert_eq!(count(&app, MailState::Queued).await, 1);
    }

    settings(PostOffice::order)
    async fn after_a_day_it_is_given_up_and_shown(app: TestApp) {
        let post = PostOffice::closed();
        let admin = app.admin().await;
        newcomer(&admin, "eva", json!({})).await;
        let day = Duration::from_secs(24 * 3600).as_micros();
        app.sql(&format!("UPDATE mails SET created_at = created_at - {day}")).await;
        until_count(&app, MailState::Failed, 1).await;
        let failed = admin.list("/mails", &[("state", "failed")]).await.expect(200);
        assert!(failed.items()[0]["last_error"].as_str().is_some_and(|error| !error.is_empty()), "{}", failed.text);
        assert_eq!(failed.items()[0]["next_attempt_at"], Value::Null);
        let status = admin.get("/mails/status").await.expect(200);
        assert_eq!((&status["failed"], &status["last_error"]), (&1.into(), &failed.items()[0]["last_error"]));
        assert_eq!(post.letters().len(), 0);
    }

    settings(|config| {
        PostOffice::order(config);
        // As they come, however slowly: what counts here is who sends them.
        config.mail_pace.look = Duration::from_millis(20);
    })
    async fn two_processes_send_each_mail_once(app: TestApp) {
        let admin = app.admin().await;
        let config = app.state.config.clone();
        let other = TestApp::start_with(&app.database, config).await;
        let stop = other.stopper();
        let post = PostOffice::open();
        for n in 0..20 {
            newcomer(&admin, &format!("n{n}"), json!({})).await;
        }
        post.expect(20).await;
        until_count(&app, MailState::Sent, 20).await;
        assert_eq!(post.letters().len(), 20, "some were sent twice");
        stop.stop(false).await;
    }

    async fn without_a_server_all_works_and_the_mails_are_listed(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let eva = newcomer(&admin, "eva", json!({})).await;
        let status = admin.get("/mails/status").await.expect(200);
        assert_eq!((&status["configured"], &status["server"], &status["queued"]), (&false.into(), &Value::Null, &1.into()));
        let list = admin.list("/mails", &[]).await.expect(200);
        let mail = &list.items()[0];
        assert_eq!((&mail["kind"], &mail["state"], &mail["attempts"]), (&"welcome".into(), &"queued".into(), &0.into()));
        assert_eq!((&mail["to"]["id"], &mail["address"]), (&eva.into(), &"eva@example.org".into()));
        assert!(!list.text.contains("set-password"), "{}", list.text);
        // The link reaches the person through the administrator, and that they read it is noted.
        let read = admin.get(&format!("/mails/{}", list.ids()[0])).await.expect(200);
        let text = read["text"].as_str().unwrap();
        let token = text.split("/set-password/").nth(1).unwrap().split_whitespace().next().unwrap();
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'password_link_read'").await, 1);
        let body = json!({ "password": "Farol-rojo-91-puente" });
        app.anonymous().put(&format!("/password-resets/{token}"), body).await.expect(204);
        app.log_in("eva", "Farol-rojo-91-puente").await.expect(201);
        // Used, it is covered.
        let read = admin.get(&format!("/mails/{}", list.ids()[0])).await.expect(200);
        assert!(!read.text.contains("set-password"), "{}", read.text);
        // What is no link is shown as it is.
        let test = admin.act("/mails").await.expect(201);
        assert_eq!((&test["kind"], &test["to"]["id"]), (&"test".into(), &admin.id.into()));
        assert!(admin.get(&format!("/mails/{}", test.id())).await.expect(200)["text"].as_str().unwrap().contains("Turno"));
        assert_eq!(admin.act(&format!("/mails/{}/cancel", test.id())).await.expect(200)["state"], "cancelled");
        assert_eq!(admin.list("/mails", &[("state", "cancelled")]).await.ids(), [test.id()]);
        // They wait for a day, in case there is a server soon.
        let day = Duration::from_secs(25 * 3600).as_micros();
        app.sql(&format!("UPDATE mails SET created_at = created_at - {day}")).await;
        until_count(&app, MailState::Failed, 1).await;
        for path in ["/mails", "/mails/status"] {
            ana.get(path).await.expect(403).problem("forbidden");
        }
    }

    settings(PostOffice::order)
    async fn where_mail_is_sent_nobody_reads_a_link(app: TestApp) {
        let post = PostOffice::closed();
        let admin = app.admin().await;
        newcomer(&admin, "eva", json!({})).await;
        let id = admin.list("/mails", &[]).await.expect(200).ids()[0];
        let read = admin.get(&format!("/mails/{id}")).await.expect(200);
        assert!(read["text"].as_str().unwrap().contains("(enlace oculto)"), "{}", read.text);
        assert!(!read.text.contains("set-password"), "{}", read.text);
        post.restart().await;
        let token = post.expect_for("eva@example.org").await.token();
        // Nor does the database lead to it.
        let proof = token.split_once('-').unwrap().1.to_owned();
        for column in ["letter", "subject", "last_error"] {
            let found = app.number(&format!("SELECT COUNT(*) AS n FROM mails WHERE {column} LIKE '%{proof}%'")).await;
            assert_eq!(found, 0, "{column}");
        }
        assert_eq!(app.number(&format!("SELECT COUNT(*) AS n FROM password_links WHERE nonce LIKE '%{proof}%'")).await, 0);
    }

    settings(PostOffice::order)
    async fn what_is_of_no_use_any_more_is_not_sent(app: TestApp) {
        let post = PostOffice::closed();
        let admin = app.admin().await;
        let gone = newcomer(&admin, "gone", json!({})).await;
        newcomer(&admin, "late", json!({})).await;
        newcomer(&admin, "here", json!({})).await;
        admin.delete(&format!("/users/{gone}")).await.expect(204);
        app.sql("UPDATE password_links SET expires_at = 1 WHERE user_id IN (SELECT id FROM users WHERE username = 'late')").await;
        post.restart().await;
        post.expect_for("here@example.org").await;
        until_count(&app, MailState::Cancelled, 2).await;
        assert_eq!(post.letters().len(), 1);
    }

    async fn the_list_is_read_page_by_page(app: TestApp) {
        let admin = app.admin().await;
        let mut sent = Vec::new();
        for _ in 0..7 {
            sent.insert(0, admin.act("/mails").await.expect(201).id());
        }
        let items = admin.pages("/mails", &[], 3).await;
        assert_eq!(crate::support::ids(&items), sent);
        let first = admin.list("/mails", &[("limit", "2")]).await.expect(200);
        let cursor = first["next_cursor"].as_str().unwrap();
        admin.list("/mails", &[("cursor", cursor), ("state", "sent")]).await.expect(400).problem("invalid_cursor");
        admin.list("/mails", &[("state", "lost")]).await.expect(400).problem("malformed_parameter");
        for id in ["0", "-1", "abc", "999999"] {
            admin.get(&format!("/mails/{id}")).await.expect(404).problem("not_found");
            admin.act(&format!("/mails/{id}/retry")).await.expect(404).problem("not_found");
            admin.act(&format!("/mails/{id}/cancel")).await.expect(404).problem("not_found");
        }
    }
}

#[test]
fn the_default_pace_tries_soon_and_for_a_day() {
    let pace = Pace::default();
    assert!(pace.retries.is_sorted() && pace.retries[0] <= Duration::from_secs(10));
    assert_eq!(pace.give_up, Duration::from_secs(24 * 3600));
}

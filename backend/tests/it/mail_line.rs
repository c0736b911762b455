//! Mails that wait in line: what comes first, what is tried again, and what they say when their turn comes at last.

use std::time::Duration;

use backend::config::Config;
use serde_json::json;
use shared::mail::MailState;

use crate::support::{Client, PostOffice, TestApp, until};

const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody without a password, who is therefore written to.
async fn newcomer(admin: &Client, username: &str) {
    let email = format!("{username}@example.org");
    let body = json!({ "username": username, "name": "Nueva Persona", "email": email, "role": "user" });
    admin.post("/users", body).await.expect(201);
}

/// How many mails are in a state.
async fn count(app: &TestApp, state: MailState) -> i64 {
    let code = MailState::ALL.iter().position(|&other| other == state).unwrap();
    app.number(&format!("SELECT COUNT(*) AS n FROM mails WHERE state = {code}")).await
}

async fn until_count(app: &TestApp, state: MailState, expected: i64) {
    until("the mails are in that state", PATIENCE, async || count(app, state).await == expected).await;
}

/// Waits until the mail to an address was tried so often.
async fn until_tried(app: &TestApp, username: &str, times: i64) {
    let address = format!("address = '{username}@example.org'");
    let tried = format!("SELECT COUNT(*) AS n FROM mails WHERE attempts >= {times} AND {address}");
    until("the mail was tried", PATIENCE, async || app.number(&tried).await == 1).await;
}

/// Waits until no mail is being tried: what is tried from then on says what holds then.
async fn until_none_is_tried(app: &TestApp) {
    let tried = "SELECT COUNT(*) AS n FROM mails WHERE claimed_until IS NOT NULL";
    until("no mail is being tried", PATIENCE, async || app.number(tried).await == 0).await;
}

/// What went wrong last with the mail to somebody.
async fn last_error(admin: &Client, username: &str) -> String {
    let mails = admin.list("/mails", &[]).await.expect(200);
    let address = format!("{username}@example.org");
    let mail = mails.items().iter().find(|mail| mail["address"] == address.as_str()).unwrap();
    mail["last_error"].as_str().unwrap_or_default().to_owned()
}

async fn assign(person: &Client, ticket: i64, to: &Client) {
    person.post(&format!("/tickets/{ticket}/assign"), json!({ "assignee_id": to.id })).await.expect(200);
}

async fn comment(person: &Client, ticket: i64, body: &str, visibility: &str) {
    let body = json!({ "body": body, "visibility": visibility });
    person.post(&format!("/tickets/{ticket}/comments"), body).await.expect(201);
}

/// News of a ticket waits for more of it until [`let_their_turn_come`].
fn late(config: &mut Config) {
    PostOffice::order(config);
    config.mail_pace.settle = Duration::from_secs(600);
}

/// As if the mails had waited for long enough.
async fn let_their_turn_come(app: &TestApp) {
    let hour = Duration::from_secs(3600).as_micros();
    app.sql(&format!("UPDATE mails SET created_at = created_at - {hour}, next_attempt_at = 1")).await;
}

on_each_database! {
    /// What the server says of the desk it says of every mail: none of them is at fault.
    settings(PostOffice::order)
    async fn only_what_is_said_of_the_recipient_or_the_message_is_final(app: TestApp) {
        let post = PostOffice::open();
        let admin = app.admin().await;
        post.answer("MAIL", Some("553 5.7.1 not from you"));
        newcomer(&admin, "eva").await;
        until_tried(&app, "eva", 2).await;
        until("its trouble is told", PATIENCE, async || last_error(&admin, "eva").await.starts_with("sender_refused: ")).await;
        post.answer("MAIL", None);
        post.answer("HELLO", Some("554 5.3.2 no service here"));
        newcomer(&admin, "sol").await;
        until_tried(&app, "sol", 2).await;
        until("its trouble is told", PATIENCE, async || last_error(&admin, "sol").await.starts_with("unwelcome: ")).await;
        assert_eq!(count(&app, MailState::Failed).await, 0);
        post.answer("HELLO", None);
        post.expect_for("eva@example.org").await;
        post.expect_for("sol@example.org").await;
        // A refused message is.
        post.answer("DATA", Some("554 5.7.1 spam"));
        newcomer(&admin, "luz").await;
        until_count(&app, MailState::Failed, 1).await;
        let told = last_error(&admin, "luz").await;
        assert!(told.starts_with("refused: ") && told.contains("spam"), "{told}");
        let once = "SELECT COUNT(*) AS n FROM mails WHERE address = 'luz@example.org' AND attempts = 1";
        assert_eq!(app.number(once).await, 1);
    }

    /// Another recipient would be refused alike, until the desk may send through it.
    settings(PostOffice::order)
    async fn a_server_that_relays_nothing_for_the_desk_is_waited_for(app: TestApp) {
        let post = PostOffice::open();
        let admin = app.admin().await;
        post.answer("eva@example.org", Some("554 5.7.1 <eva@example.org>: Relay access denied"));
        newcomer(&admin, "eva").await;
        until_tried(&app, "eva", 2).await;
        until("its trouble is told", PATIENCE, async || {
            let told = last_error(&admin, "eva").await;
            told.starts_with("not_now: ") && told.contains("Relay access denied")
        })
        .await;
        assert_eq!(count(&app, MailState::Failed).await, 0);
        post.answer("eva@example.org", None);
        post.expect_for("eva@example.org").await;
    }

    settings(|config| {
        PostOffice::order(config);
        config.mail_pace.patience = Duration::from_millis(400);
    })
    async fn a_server_that_says_no_goodbye_gets_each_mail_once(app: TestApp) {
        let post = PostOffice::open();
        post.answer("QUIT", Some(""));
        let admin = app.admin().await;
        for username in ["eva", "sol", "luz"] {
            newcomer(&admin, username).await;
        }
        until_count(&app, MailState::Sent, 3).await;
        assert_eq!(post.letters().len(), 3);
    }

    settings(|config| {
        PostOffice::order(config);
        config.mail_pace.patience = Duration::from_secs(60);
    })
    async fn a_mail_that_is_being_tried_is_not_tried_beside(app: TestApp) {
        let post = PostOffice::open();
        post.fall_silent(true);
        let admin = app.admin().await;
        newcomer(&admin, "eva").await;
        until_tried(&app, "eva", 1).await;
        let id = admin.list("/mails", &[]).await.expect(200).ids()[0];
        let retry = format!("/mails/{id}/retry");
        admin.act(&retry).await.expect(409).problem("version_conflict");
        // Taken out of the line it still may be on its way.
        admin.act(&format!("/mails/{id}/cancel")).await.expect(200);
        admin.act(&retry).await.expect(409).problem("version_conflict");
        post.fall_silent(false);
        post.kill();
        post.restart().await;
        until("it may be tried", PATIENCE, async || admin.act(&retry).await.status == 200).await;
        post.expect_for("eva@example.org").await;
        until_count(&app, MailState::Sent, 1).await;
        assert_eq!(post.letters().len(), 1);
    }

    settings(|config| {
        PostOffice::order(config);
        // Once is enough: then all of them wait.
        config.mail_pace.retries = vec![Duration::from_secs(3600)];
    })
    async fn a_link_that_somebody_waits_for_goes_first(app: TestApp) {
        let post = PostOffice::closed();
        let (admin, ana) = (app.admin().await, app.user().await);
        for n in 0..40 {
            newcomer(&admin, &format!("n{n}")).await;
        }
        app.anonymous().post("/password-resets", json!({ "login": ana.username })).await.expect(202);
        let waiting = "SELECT COUNT(*) AS n FROM mails WHERE last_error IS NOT NULL AND claimed_until IS NULL";
        until("each was tried once", PATIENCE, async || app.number(waiting).await == 41).await;
        post.restart().await;
        // All are due at once, the oldest for longest.
        app.sql("UPDATE mails SET next_attempt_at = id").await;
        let letters = post.expect(41).await;
        let place = letters.iter().position(|letter| letter.to == format!("{}@example.org", ana.username)).unwrap();
        // Several are handed over at the same time.
        assert!(place < 8, "it came after {place} others");
    }

    settings(PostOffice::order)
    async fn what_a_reader_may_no_longer_see_is_not_sent(app: TestApp) {
        let post = PostOffice::closed();
        let (ana, admin) = (app.user().await, app.admin().await);
        let (tech, other, leaver) = (app.technician().await, app.technician().await, app.technician().await);
        let address = |person: &Client| format!("{}@example.org", person.username);
        let ticket = app.ticket(&ana, "Nómina").await;
        assign(&admin, ticket, &tech).await;
        comment(&admin, ticket, "Reservado para quien lo lleva", "internal").await;
        assign(&admin, ticket, &other).await;
        // Whoever leaves the staff and follows the ticket sees the answers and no notes.
        app.invite(ticket, &leaver).await;
        comment(&admin, ticket, "Para todos", "public").await;
        comment(&admin, ticket, "Solo para el equipo", "internal").await;
        let role = json!({ "role": "user", "email": "nueva@example.org" });
        admin.patch(&format!("/users/{}", leaver.id), role).await.expect(200);
        // What was written before that is not handed over after it.
        until_none_is_tried(&app).await;
        post.restart().await;
        post.expect_for(&address(&other)).await;
        let letter = post.expect_for("nueva@example.org").await;
        until_count(&app, MailState::Queued, 0).await;
        assert!(letter.text.contains("Para todos"), "{}", letter.text);
        let sent: String = post.letters_to("nueva@example.org").iter().map(|letter| letter.text.clone()).collect();
        assert!(!sent.contains("Solo para el equipo"), "{sent}");
        for person in [&tech, &leaver] {
            assert!(post.letters_to(&address(person)).is_empty(), "{} got a mail", person.username);
        }
        let of_tech = format!("SELECT COUNT(*) AS n FROM mails WHERE user_id = {} AND last_error = 'out_of_sight'", tech.id);
        assert!(app.number(&of_tech).await > 0);
        let moved = "SELECT COUNT(*) AS n FROM mails WHERE state = 1 AND address = 'nueva@example.org'";
        assert!(app.number(moved).await > 0);
    }

    settings(late)
    async fn a_comment_is_sent_as_it_is_when_its_turn_comes(app: TestApp) {
        let post = PostOffice::open();
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let address = |person: &Client| format!("{}@example.org", person.username);
        let mut comments = Vec::new();
        for person in [&ana, &luis] {
            let ticket = app.ticket(person, "Ratón").await;
            let body = json!({ "body": "La clave es 1234" });
            comments.push(admin.post(&format!("/tickets/{ticket}/comments"), body).await.expect(201).id());
        }
        // As an earlier version kept it.
        app.sql(&format!(
            "UPDATE mails SET letter = REPLACE(letter, '\"comment\":{},', '') WHERE user_id = {}",
            comments[1], luis.id
        ))
        .await;
        let rewrite = async |comment: i64, body: &str| {
            admin.patch(&format!("/comments/{comment}"), json!({ "body": body })).await.expect(200);
        };
        for &comment in &comments {
            rewrite(comment, "Llame al 900").await;
        }
        let mail = app.number(&format!("SELECT id AS n FROM mails WHERE user_id = {}", ana.id)).await;
        let shown = async || admin.get(&format!("/mails/{mail}")).await.expect(200)["text"].as_str().unwrap().to_owned();
        assert!(shown().await.contains("> Llame al 900"));
        let_their_turn_come(&app).await;
        let letter = post.expect_for(&address(&ana)).await;
        assert!(letter.text.contains("> Llame al 900") && !letter.text.contains("1234"), "{}", letter.text);
        assert!(letter.html.contains("Llame al 900") && !letter.html.contains("1234"), "{}", letter.html);
        let letter = post.expect_for(&address(&luis)).await;
        assert!(letter.text.contains("> La clave es 1234"), "{}", letter.text);
        until_count(&app, MailState::Sent, 2).await;
        // What was sent stays what is shown.
        rewrite(comments[0], "Mejor no llame").await;
        let shown = shown().await;
        assert!(shown.contains("> Llame al 900"), "{shown}");
    }

    settings(late)
    async fn who_is_mentioned_afterwards_reads_the_comment_once(app: TestApp) {
        let post = PostOffice::open();
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let body = json!({ "body": "¿Lo ve?" });
        let comment = admin.post(&format!("/tickets/{ticket}/comments"), body).await.expect(201).id();
        let body = json!({ "body": format!("@{} ¿lo ve ahora?", ana.username) });
        admin.patch(&format!("/comments/{comment}"), body).await.expect(200);
        let_their_turn_come(&app).await;
        let letter = post.expect_for(&format!("{}@example.org", ana.username)).await;
        assert_eq!(letter.text.matches("¿lo ve ahora?").count(), 1, "{}", letter.text);
        assert!(letter.text.contains("te ha mencionado:"), "{}", letter.text);
    }

    settings(late)
    async fn what_a_reader_no_longer_wants_is_not_sent(app: TestApp) {
        let post = PostOffice::open();
        let (ana, luis, admin) = (app.user().await, app.user().await, app.admin().await);
        let address = |person: &Client| format!("{}@example.org", person.username);
        for person in [&ana, &luis] {
            let ticket = app.ticket(person, "Ratón").await;
            comment(&admin, ticket, "Pruebe otro cable", "public").await;
            if person.id == ana.id {
                admin.act(&format!("/tickets/{ticket}/close")).await.expect(200);
            }
            person.patch("/me", json!({ "notifications": { "answered": { "mail": false } } })).await.expect(200);
        }
        let_their_turn_come(&app).await;
        let letter = post.expect_for(&address(&ana)).await;
        assert!(letter.text.contains("ha cerrado el ticket."), "{}", letter.text);
        assert!(!letter.text.contains("otro cable"), "{}", letter.text);
        until_count(&app, MailState::Cancelled, 1).await;
        let of_luis = format!("SELECT COUNT(*) AS n FROM mails WHERE user_id = {} AND last_error = 'unwanted'", luis.id);
        assert_eq!(app.number(&of_luis).await, 1);
        assert!(post.letters_to(&address(&luis)).is_empty());
    }
}

//! Who is away is told by mail: once for all that waits.

use std::time::Duration;

use backend::{
    chat::digest::tell_all,
    db::{Db, now},
    events::verify::verify,
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{mark_read, say};
use crate::support::{Client, PostOffice, TestApp, new_id, sql_for_person, until};

/// Tells everybody who is to be told when so many minutes have passed.
async fn told_in(app: &TestApp, minutes: i64) -> usize {
    tell_all(&app.state, now() + TimeDelta::minutes(minutes)).await.unwrap()
}

/// What the bell tells a person.
async fn bell(person: &Client) -> Vec<Value> {
    person.in_background().get("/notifications").await.expect(200).items().to_vec()
}

on_each_database! {
    settings(|config| {
        PostOffice::order(config);
        config.chat_pace.look = Duration::from_secs(3600);
    })
    async fn who_is_away_gets_one_mail_for_all_that_waits(app: TestApp) {
        let post = PostOffice::open();
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        for n in 0..3 {
            say(&tech, &ana, &format!("Secreto {n}")).await;
        }
        say(&admin, &ana, "Otro secreto").await;
        app.sql(&format!("UPDATE users SET locale = 'en' WHERE id = {}", ana.id)).await;
        assert_eq!(told_in(&app, 9).await, 0, "it is too early");
        let told = futures_util::future::join_all((0..4).map(|_| told_in(&app, 11))).await;
        assert_eq!(told.iter().sum::<usize>(), 1, "{told:?}");
        let letter = post.expect_for(&format!("{}@example.org", ana.username)).await;
        assert_eq!(letter.subject, "Turno: unread messages");
        for line in [format!("{}: 3 unread", tech.name), format!("{}: 1 unread", admin.name), format!("{}/chat", app.origin)] {
            assert!(letter.text.contains(&line), "{line}: {}", letter.text);
        }
        assert!(!letter.text.contains("ecreto") && !letter.html.contains("ecreto"));
        let rung = bell(&ana).await;
        assert_eq!(rung.len(), 2);
        assert!(rung.iter().all(|one| one["kind"] == "chat" && one["from"]["name"].is_string()), "{rung:?}");
        // Nothing more came, so there is nothing more to tell.
        assert_eq!(told_in(&app, 200).await, 0);
        say(&tech, &ana, "Y otro").await;
        assert_eq!(told_in(&app, 30).await, 0, "it is not an hour since");
        assert_eq!(told_in(&app, 80).await, 1);
        until("the second mail", Duration::from_secs(30), async || post.letters().len() == 2).await;
        assert!(post.letters()[1].text.contains(&format!("{}: 4 unread", tech.name)), "{}", post.letters()[1].text);
        assert_eq!(bell(&ana).await.len(), 2, "the bell tells once of each conversation");
        mark_read(&ana, &tech).await;
        let rung = bell(&ana).await;
        let read: Vec<bool> = rung.iter().filter(|one| one["from"]["id"] == tech.id).map(|one| one["read_at"].is_string()).collect();
        assert_eq!(read, [true]);
        assert_eq!(ana.in_background().get("/notifications").await["unread"], 1);
        verify(&Db::open(&app.database.parsed()).await.unwrap(), None).await.unwrap().unwrap();
    }

    settings(|config| config.chat_pace.look = Duration::from_secs(3600))
    async fn who_is_there_or_does_not_want_to_is_not_told(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        for person in [&ana, &luis] {
            say(&tech, person, "Hola").await;
        }
        luis.patch("/me", json!({ "notifications": { "chat": { "mail": false } } })).await.expect(200);
        // Ana is seen all the time.
        let seen = backend::db::to_micros(now() + TimeDelta::minutes(10));
        app.sql(&format!("UPDATE users SET last_seen_at = {seen} WHERE id = {}", ana.id)).await;
        assert_eq!(told_in(&app, 11).await, 1);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM mails").await, 0);
        assert_eq!((bell(&ana).await.len(), bell(&luis).await.len()), (0, 1));
        assert_eq!(told_in(&app, 20).await, 1, "now she has left");
        assert_eq!(app.numbers("SELECT user_id AS n FROM mails").await, [ana.id]);
        // What was read, or taken back, is not told.
        let gone = app.user().await;
        let message = say(&tech, &gone, "Hola").await.id();
        tech.delete(&format!("/messages/{message}")).await.expect(204);
        let reader = app.user().await;
        say(&tech, &reader, "Hola").await;
        mark_read(&reader, &tech).await;
        assert_eq!(told_in(&app, 30).await, 0);
    }

    settings(|config| config.chat_pace.look = Duration::from_secs(3600))
    async fn who_is_at_a_page_is_told_after_they_left(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let page = ana.live().await;
        say(&tech, &ana, "Hola").await;
        assert_eq!(told_in(&app, 11).await, 0);
        drop(page);
        until("she has left", Duration::from_secs(30), async || told_in(&app, 11).await == 1).await;
        assert_eq!(app.numbers("SELECT user_id AS n FROM mails").await, [ana.id]);
    }

    settings(|config| {
        PostOffice::order(config);
        config.chat_pace.look = Duration::from_millis(50);
        config.chat_pace.after = Duration::ZERO;
    })
    async fn the_program_tells_by_itself(app: TestApp) {
        let post = PostOffice::open();
        let (ana, tech) = (app.user().await, app.technician().await);
        say(&tech, &ana, "Hola").await;
        let letter = post.expect_for(&format!("{}@example.org", ana.username)).await;
        assert!(letter.text.contains(&format!("{}: 1 sin leer", tech.name)), "{}", letter.text);
    }

    settings(|config| config.chat_pace.look = Duration::from_secs(3600))
    async fn what_comes_later_with_a_lower_number_is_told_as_well(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let waits = say(&tech, &ana, "Hola").await.id();
        let (slow, quick) = (say(&admin, &ana, "Despacio").await.id(), say(&tech, &ana, "Deprisa").await.id());
        let long_ago = backend::db::to_micros(now() - TimeDelta::minutes(20));
        // One that is not there yet, while another one that was numbered after it is.
        app.sql(&format!(
            "UPDATE messages SET created_at = {long_ago} WHERE id = {waits}; \
             UPDATE messages SET deleted_at = {long_ago} WHERE id = {slow}"
        ))
        .await;
        assert_eq!(told_in(&app, 0).await, 1);
        app.sql(&format!(
            "UPDATE messages SET deleted_at = NULL WHERE id = {slow}; \
             UPDATE messages SET read_at = {long_ago} WHERE id IN ({waits}, {quick})"
        ))
        .await;
        assert_eq!(told_in(&app, 80).await, 1, "one that came later was left out");
        assert_eq!(told_in(&app, 200).await, 0, "it was told twice");
        assert_eq!(app.numbers("SELECT user_id AS n FROM mails").await, [ana.id, ana.id]);
    }

    settings(|config| config.chat_pace.look = Duration::from_secs(3600))
    async fn many_are_told_each_of_their_own(app: TestApp) {
        // More than are looked for at once.
        const MANY: usize = 103;
        let (tech, admin) = (app.technician().await, app.admin().await);
        let people: Vec<Client> = (0..MANY)
            .map(|_| {
                let id = new_id();
                Client { id, username: format!("persona{id}"), name: format!("Persona {id}"), ..app.anonymous() }
            })
            .collect();
        let made: Vec<String> = people.iter().map(|person| sql_for_person(person, 0)).collect();
        app.sql(&made.join("; ")).await;
        for person in &people {
            say(&tech, person, "Hola").await;
        }
        // Several messages, by several people, are one person to be told.
        for _ in 0..2 {
            say(&admin, &people[0], "Hola").await;
        }
        assert_eq!(told_in(&app, 9).await, 0);
        assert_eq!(told_in(&app, 11).await, MANY);
        assert_eq!(app.number("SELECT COUNT(DISTINCT user_id) AS n FROM mails").await, i64::try_from(MANY).unwrap());
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM mails").await, i64::try_from(MANY).unwrap());
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM notifications").await, i64::try_from(MANY + 1).unwrap());
        // An hour later, of those to whom more was written.
        say(&tech, &people[MANY - 1], "¿Hola?").await;
        assert_eq!(told_in(&app, 80).await, 1);
    }
}

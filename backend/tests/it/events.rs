//! The event log: whoever has read up to N has missed nothing before it.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::json;

const WRITERS: usize = 8;
const EACH: usize = 25;

on_each_database! {
    settings(|config| config.workers = 2)
    async fn a_reader_misses_nothing_while_eight_write(app: TestApp) {
        let mut people = Vec::new();
        for _ in 0..WRITERS {
            people.push(app.user().await);
        }
        let written = Cell::new(false);
        let write = async {
            join_all(people.iter().map(|person| {
                let app = &app;
                async move {
                    for n in 0..EACH {
                        let ticket = app.ticket(person, &format!("Aviso {n}")).await;
                        if n % 5 == 0 {
                            // Refused, after its transaction has begun: it must not leave a hole.
                            let body = json!({ "title": "x", "description": "x", "category_id": 999_999 });
                            person.post("/tickets", body).await.expect(422);
                            person.act(&format!("/tickets/{ticket}/close")).await.expect(200);
                        }
                    }
                }
            }))
            .await;
            written.set(true);
        };
        let read = async {
            let mut outside = app.database.outside().await;
            let (mut last, mut looks) = (0, 0);
            let started = Instant::now();
            loop {
                let over = written.get();
                let ids = outside.numbers(&format!("SELECT id AS n FROM events WHERE id > {last} ORDER BY id")).await;
                for id in ids {
                    assert_eq!(id, last + 1, "an event was not there yet when a later one was read");
                    last = id;
                }
                looks += 1;
                if over {
                    return (last, looks);
                }
                assert!(started.elapsed() < Duration::from_secs(100));
                tokio::task::yield_now().await;
            }
        };
        let ((), (last, looks)) = tokio::join!(write, read);
        assert_eq!(usize::try_from(last).unwrap(), WRITERS * (EACH + EACH / 5));
        assert!(looks > 20, "the reader looked {looks} times only");
        assert_eq!(app.number("SELECT last_id AS n FROM event_counter").await, last);
    }

    async fn an_event_is_kept_with_its_change_or_not_at_all(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        // The log takes no more: then nothing else may change either.
        app.sql("UPDATE event_counter SET last_id = last_id - 1").await;
        let before = app.stored().await;
        for reply in [
            ana.http.post(format!("{}/api/v1/tickets/{ticket}/close", ana.origin)),
            ana.http.post(format!("{}/api/v1/tickets/{ticket}/comments", ana.origin)).json(&json!({ "body": "x" })),
            ana.http.post(format!("{}/api/v1/tickets", ana.origin)).json(&json!({ "title": "x", "description": "x" })),
        ] {
            let reply = reply
                .header("Cookie", format!("turno_session={}", ana.cookie.as_deref().unwrap()))
                .header("X-CSRF-Token", ana.csrf.as_deref().unwrap())
                .send()
                .await
                .unwrap();
            // The one place where a fault is provoked: the number is taken.
            assert_eq!(reply.status(), 500);
            let problem: serde_json::Value = reply.json().await.unwrap();
            assert_eq!(problem["code"], "internal");
            assert!(!problem.to_string().to_lowercase().contains("unique"), "the cause leaves the server: {problem}");
        }
        assert_eq!(app.stored().await, before);
        let read = ana.get(&format!("/tickets/{ticket}")).await.expect(200);
        assert_eq!((&read["status"], &read["version"]), (&"open".into(), &1.into()));
        app.sql("UPDATE event_counter SET last_id = last_id + 1").await;
        ana.act(&format!("/tickets/{ticket}/close")).await.expect(200);
    }
}

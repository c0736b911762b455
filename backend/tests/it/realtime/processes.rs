//! Two programs on one database are one desk. A SQLite file has one program.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, until};

/// How long anything may take to be told through the other program, most times: that holds on a busy machine, too.
const SOON: Duration = Duration::from_secs(1);
/// How long it may take at the worst, however busy the machine is.
const LATE: Duration = Duration::from_secs(3);
/// How often each thing is done.
const ROUNDS: usize = 5;
/// How many tickets each of those who write opens and closes.
const EACH: usize = 8;

/// A second program on the same database and the same files.
pub async fn second(app: &TestApp, tune: impl FnOnce(&mut backend::config::Config)) -> TestApp {
    let mut config = app.state.config.clone();
    tune(&mut config);
    TestApp::start_with(&app.database, config).await
}

/// The same person, who asks the other program.
pub fn at(app: &TestApp, person: &Client) -> Client {
    Client { origin: app.origin.clone(), ..person.clone() }
}

/// How long things took to be told, by what they are.
#[derive(Default)]
pub struct Times(BTreeMap<&'static str, Vec<Duration>>);

impl Times {
    pub fn note(&mut self, what: &'static str, began: Instant) {
        self.0.entry(what).or_default().push(began.elapsed());
    }

    /// Most of each kind were told soon, and none of them late.
    #[track_caller]
    pub fn are_short(mut self) {
        for (what, times) in &mut self.0 {
            times.sort_unstable();
            assert!(times[times.len() / 2] <= SOON && times[times.len() - 1] <= LATE, "{what}: {times:?}");
        }
    }
}

on_each_database! {
    settings(|config| config.live_pace.grace = Duration::from_millis(300))
    except(sqlite)
    async fn what_happens_at_one_is_told_at_the_other(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let (ana, tech) = (at(&app, &ana), at(&other, &tech));
        let mut of_tech = tech.live().await;
        // Presence: of whoever was there, and of whoever comes.
        let mut of_ana = ana.live().await;
        let is_there = |id: i64| move |frame: &Value| frame["user_id"] == id && frame["state"] == "online";
        of_tech.find("presence", is_there(ana.id)).await;
        let mut welcomed = ana.open_socket().await;
        until("the first knows of the technician", Duration::from_secs(10), async || {
            let people = ana.get("/presence").await.expect(200);
            people.items()[0]["state"] == "online"
        })
        .await;
        welcomed.send(json!({ "type": "hello" })).await;
        assert_eq!(welcomed.frame("welcome").await["online"], json!([tech.id]));
        // Typing, messages, receipts.
        of_ana.send(json!({ "type": "typing", "to": tech.id })).await;
        assert_eq!(of_tech.frame("typing").await["from"], ana.id);
        of_ana.send(json!({ "type": "message", "to": tech.id, "body": "Hola", "client_id": "m" })).await;
        assert_eq!(of_tech.frame("message").await["client_id"], "m");
        of_tech.send(json!({ "type": "read", "from": ana.id })).await;
        of_ana.find("a receipt", |frame| frame["type"] == "receipt" && frame["read"] == true).await;
        // Tickets, and who looks at them.
        let ticket = app.ticket(&ana, "Impresora").await;
        assert_eq!(of_tech.event("ticket_created").await["ticket_id"], ticket);
        for socket in [&mut of_ana, &mut of_tech] {
            socket.send(json!({ "type": "viewing", "ticket_id": ticket, "writing": true })).await;
        }
        for (socket, whom) in [(&mut of_ana, &tech), (&mut of_tech, &ana)] {
            let id = whom.id;
            let seen = socket.find("viewers", move |frame| frame["users"][0]["id"] == id).await;
            assert_eq!((&seen["users"][0]["writing"], &seen["users"][0]["name"]), (&json!(true), &json!(whom.name)));
        }
        drop((of_ana, welcomed));
        let gone = of_tech.find("presence", |frame| frame["state"] == "offline").await;
        assert_eq!(gone["user_id"], ana.id);
        // A session that was ended at one ends at the other.
        at(&app, &tech).delete("/session").await.expect(204);
        assert_eq!(of_tech.closed().await, 4401);
        other.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.grace = Duration::from_millis(200))
    except(sqlite)
    async fn who_was_away_at_one_was_last_there_before_that_at_the_other(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let tech = at(&other, &tech);
        let (mut of_tech, mut of_ana) = (tech.live().await, ana.live().await);
        let is = |state: &'static str| {
            let id = ana.id;
            move |frame: &Value| frame["user_id"] == id && frame["state"] == state
        };
        of_tech.find("she is there", is("online")).await;
        of_ana.send(json!({ "type": "active", "active": false })).await;
        of_tech.find("she is away", is("away")).await;
        let away = chrono::Utc::now();
        tokio::time::sleep(Duration::from_secs(2)).await;
        drop(of_ana);
        let gone = of_tech.find("she is gone", is("offline")).await;
        let left: chrono::DateTime<chrono::Utc> = gone["last_seen_at"].as_str().unwrap().parse().unwrap();
        assert!(left < away + chrono::TimeDelta::seconds(1), "{gone}, away since {away}");
        other.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.grace = Duration::from_secs(60))
    except(sqlite)
    async fn whose_session_is_revoked_at_one_is_gone_at_the_other(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let phone = app.new_session(ana.clone()).await;
        let mut of_tech = tech.live().await;
        let mut of_phone = at(&other, &phone).live().await;
        let id = ana.id;
        let is = |state: &'static str| move |frame: &Value| frame["user_id"] == id && frame["state"] == state;
        of_tech.find("she is there", is("online")).await;
        ana.delete(&format!("/sessions/{}", phone.session)).await.expect(204);
        assert_eq!(of_phone.closed().await, 4401);
        of_tech.find("she is gone", is("offline")).await;
        other.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.grace = Duration::ZERO)
    except(sqlite)
    async fn whatever_happens_at_one_is_told_at_the_other_within_a_second(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let (ana, luis, tech) = (at(&app, &ana), at(&app, &luis), at(&other, &tech));
        let (mut of_tech, mut of_ana) = (tech.live().await, ana.live().await);
        let is = |whom: &Client, state: &'static str| {
            let id = whom.id;
            move |frame: &Value| frame["user_id"] == id && frame["state"] == state
        };
        of_tech.find("the one who writes is there", is(&ana, "online")).await;
        let shown = app.ticket(&ana, "A la vista").await;
        of_tech.event("ticket_created").await;
        of_tech.send(json!({ "type": "viewing", "ticket_id": shown })).await;
        of_tech.told().await;
        let mut times = Times::default();
        for round in 0..ROUNDS {
            let began = Instant::now();
            let of_luis = luis.live().await;
            of_tech.find("somebody comes", is(&luis, "online")).await;
            times.note("who comes", began);
            let began = Instant::now();
            drop(of_luis);
            of_tech.find("somebody goes", is(&luis, "offline")).await;
            times.note("who goes", began);

            let began = Instant::now();
            of_ana.send(json!({ "type": "typing", "to": tech.id })).await;
            assert_eq!(of_tech.frame("typing").await["from"], ana.id);
            times.note("who is writing", began);
            let (began, name) = (Instant::now(), format!("m{round}"));
            of_ana.send(json!({ "type": "message", "to": tech.id, "body": "Hola", "client_id": name })).await;
            assert_eq!(of_tech.frame("message").await["client_id"], name);
            times.note("messages", began);

            let (began, id, writing) = (Instant::now(), ana.id, round % 2 == 0);
            of_ana.send(json!({ "type": "viewing", "ticket_id": shown, "writing": writing })).await;
            let looks = move |frame: &Value| frame["users"][0]["id"] == id && frame["users"][0]["writing"] == writing;
            of_tech.find("somebody looks", looks).await;
            times.note("who looks", began);
            let began = Instant::now();
            let ticket = app.ticket(&ana, "Impresora").await;
            assert_eq!(of_tech.event("ticket_created").await["ticket_id"], ticket);
            times.note("tickets", began);
        }
        times.are_short();
        other.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.grace = Duration::from_secs(3))
    except(sqlite)
    async fn whoever_was_connected_to_a_program_that_stops_has_time_to_come_back(app: TestApp) {
        let stopping = second(&app, |_| ()).await;
        let (ana, luis, eva, tech) = (app.user().await, app.user().await, app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let mut of_ana = at(&stopping, &ana).live().await;
        let mut of_luis = at(&stopping, &luis).live().await;
        for _ in 0..2 {
            assert_eq!(of_tech.frame("presence").await["state"], "online");
        }
        let ticket = app.ticket(&ana, "Impresora").await;
        of_ana.send(json!({ "type": "viewing", "ticket_id": ticket })).await;
        of_ana.told().await;
        stopping.state.live.hub.close_all();
        assert_eq!((of_ana.closed().await, of_luis.closed().await), (1001, 1001));
        assert_eq!(Client::refused_socket(at(&stopping, &ana).socket_request()).await, 503);
        let _again = at(&app, &ana).live().await;
        let told = of_tech.frame("presence").await;
        assert_eq!((&told["user_id"], &told["state"]), (&json!(luis.id), &json!("offline")), "{told}");
        // The program that stopped says nothing more: what a third one says comes after whatever it would have said.
        let third = second(&app, |_| ()).await;
        let _of_eva = at(&third, &eva).live().await;
        let told = of_tech.frame("presence").await;
        assert_eq!((&told["user_id"], &told["state"]), (&json!(eva.id), &json!("online")), "{told}");
        stopping.stopper().stop(false).await;
        third.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.grace = Duration::from_secs(3))
    except(sqlite)
    async fn who_was_away_at_a_program_that_stops_is_away_at_the_other(app: TestApp) {
        let stopping = second(&app, |_| ()).await;
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let mut of_ana = at(&stopping, &ana).live().await;
        let _of_luis = at(&stopping, &luis).live().await;
        for _ in 0..2 {
            assert_eq!(of_tech.frame("presence").await["state"], "online");
        }
        of_ana.send(json!({ "type": "active", "active": false })).await;
        let told = of_tech.frame("presence").await;
        assert_eq!((&told["user_id"], &told["state"]), (&json!(ana.id), &json!("away")), "{told}");
        stopping.state.live.hub.close_all();
        assert_eq!(of_ana.closed().await, 1001);
        // As her page does, which nobody has touched.
        let mut again = at(&app, &ana).open_socket().await;
        again.send(json!({ "type": "hello", "idle_seconds": 300 })).await;
        again.frame("welcome").await;
        let told = of_tech.frame("presence").await;
        assert_eq!((&told["user_id"], &told["state"]), (&json!(luis.id), &json!("offline")), "{told}");
        let people = tech.get("/presence").await.expect(200);
        let of_ana = people.items().iter().find(|person| person["user_id"] == ana.id).unwrap();
        assert_eq!(of_ana["state"], "away");
        stopping.stopper().stop(false).await;
    }

    except(sqlite)
    async fn a_reader_is_told_every_number_of_what_two_programs_write(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let admin = app.admin().await;
        let mut writers = Vec::new();
        for program in [&app, &other].repeat(3) {
            writers.push(at(program, &app.user().await));
        }
        let before = app.number("SELECT last_id AS n FROM event_counter").await;
        let write = join_all(writers.iter().map(|person| {
            let app = &app;
            async move {
                for n in 0..EACH {
                    let ticket = app.ticket(person, &format!("Aviso {n}")).await;
                    person.act(&format!("/tickets/{ticket}/close")).await.expect(200);
                }
            }
        }));
        let expected = i64::try_from(writers.len() * EACH * 2).unwrap();
        let read = async |program: &TestApp| {
            let mut socket = at(program, &admin).live_since(before).await;
            for number in before + 1..=before + expected {
                assert_eq!(socket.frame("event").await["id"], number);
            }
        };
        tokio::join!(write, read(&app), read(&other));
        other.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.heartbeat = Duration::from_millis(100))
    only(mysql)
    async fn what_programs_told_each_other_is_not_kept(app: TestApp) {
        let oldest = async || app.number("SELECT COALESCE(MIN(id), 0) AS n FROM live_signals").await;
        until("something is said", Duration::from_secs(10), async || oldest().await > 0).await;
        let first = oldest().await;
        until("it is removed", Duration::from_secs(10), async || oldest().await > first).await;
    }

    settings(|config| {
        config.live_pace.ping = Duration::from_millis(200);
        config.live_pace.silence = Duration::from_secs(2);
        // That somebody is silent is noticed between two of them.
        config.live_pace.heartbeat = Duration::from_secs(600);
    })
    except(sqlite)
    async fn whoever_was_connected_to_a_program_that_died_is_gone(app: TestApp) {
        // It says nothing more after what it had to say.
        let dying = second(&app, |config| config.live_pace.silence = Duration::from_secs(600)).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let _of_ana = at(&dying, &ana).live().await;
        for state in ["online", "offline"] {
            let told = of_tech.find("presence", |frame| frame["type"] == "presence").await;
            assert_eq!((&told["user_id"], &told["state"]), (&json!(ana.id), &json!(state)), "{told}");
        }
        dying.stopper().stop(false).await;
    }
}

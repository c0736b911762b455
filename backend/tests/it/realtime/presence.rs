//! Who is there: several sockets of one person are one person, and a page that is loaded anew does not make them leave.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    processes::{at, second},
    told_by_now,
};
use crate::support::{Client, Socket, until};

fn online(frame: &Value) -> Vec<i64> {
    frame["online"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect()
}

/// The next thing that is told of somebody's presence.
async fn seen(socket: &mut Socket, person: &Client) -> Value {
    let id = person.id;
    socket.find("presence", move |frame| frame["type"] == "presence" && frame["user_id"] == id).await
}

async fn listed(by: &Client, whom: &Client) -> Option<Value> {
    let people = by.pages("/presence", &[], 3).await;
    people.into_iter().find(|person| person["user_id"] == whom.id)
}

on_each_database! {
    settings(|config| config.live_pace.grace = Duration::from_millis(300))
    async fn a_person_comes_and_goes(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let mut socket = ana.open_socket().await;
        socket.send(json!({ "type": "hello" })).await;
        let welcome = socket.frame("welcome").await;
        assert_eq!((online(&welcome), &welcome["away"]), (vec![tech.id], &json!([])), "{welcome}");
        let told = seen(&mut of_tech, &ana).await;
        assert_eq!((&told["state"], &told["last_seen_at"]), (&json!("online"), &Value::Null));
        assert_eq!(listed(&tech, &ana).await.unwrap()["state"], "online");
        let since = chrono::Utc::now();
        drop(socket);
        let told = seen(&mut of_tech, &ana).await;
        assert_eq!(told["state"], "offline");
        let left: chrono::DateTime<chrono::Utc> = told["last_seen_at"].as_str().unwrap().parse().unwrap();
        assert!((left - since).abs() < chrono::TimeDelta::seconds(5), "{told}");
        let shown = listed(&tech, &ana).await.unwrap();
        assert_eq!(shown["state"], "offline");
        // It is noted, so that it is known after the program is started again.
        until("it is noted", Duration::from_secs(5), async || {
            let shown = listed(&tech, &ana).await.unwrap();
            shown["last_seen_at"].as_str().is_some_and(|at| at.parse::<chrono::DateTime<chrono::Utc>>().unwrap() >= left - chrono::TimeDelta::milliseconds(1))
        })
        .await;
        let noted = listed(&tech, &ana).await.unwrap()["last_seen_at"].clone();
        drop(of_tech);
        app.stopper().stop(false).await;
        let again = second(&app, |_| ()).await;
        let shown = listed(&at(&again, &tech), &ana).await.unwrap();
        assert_eq!((&shown["state"], &shown["last_seen_at"]), (&json!("offline"), &noted));
        again.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.note = Duration::from_millis(100))
    async fn who_is_there_was_there_if_the_program_breaks_off(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let noted = async |person: &Client| {
            app.number(&format!("SELECT COALESCE(last_seen_at, 0) AS n FROM users WHERE id = {}", person.id)).await
        };
        let (mut of_ana, _of_luis) = (ana.live().await, luis.live().await);
        // Not by a request, nor by anything that they send, but by being connected.
        let later = backend::db::to_micros(backend::db::now());
        until("both are noted", Duration::from_secs(10), async || noted(&ana).await > later && noted(&luis).await > later)
            .await;
        // Who is away is not: they are to be told by mail of what waits.
        of_ana.send(json!({ "type": "active", "active": false })).await;
        of_ana.told().await;
        let until_then = backend::db::to_micros(backend::db::now());
        let after = until_then + 500_000;
        until("the other one is noted again", Duration::from_secs(10), async || noted(&luis).await > after).await;
        assert!(noted(&ana).await <= until_then);
    }

    settings(|config| config.live_pace.grace = Duration::from_secs(2))
    async fn a_page_that_is_loaded_anew_changes_nothing(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        for _ in 0..3 {
            drop(ana.live().await);
        }
        let stays = ana.live().await;
        seen(&mut of_tech, &ana).await;
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        let told = of_tech.told().await;
        assert!(told.iter().all(|frame| frame["type"] != "presence"), "{told:?}");
        drop(stays);
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "offline");
    }

    settings(|config| {
        config.live_pace.grace = Duration::from_millis(200);
        config.live_pace.away = Duration::from_millis(800);
    })
    async fn away_is_who_is_at_no_device(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let (mut desk, mut phone) = (ana.live().await, ana.live().await);
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
        // From here on both say by themselves whether somebody is there.
        phone.send(json!({ "type": "active", "active": true })).await;
        phone.told().await;
        desk.send(json!({ "type": "active", "active": false })).await;
        desk.told().await;
        let told = told_by_now(&app, &tech, &mut of_tech).await;
        assert!(told.iter().all(|frame| frame["type"] != "presence"), "{told:?}");
        phone.send(json!({ "type": "active", "active": false })).await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "away");
        desk.send(json!({ "type": "active", "active": true })).await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
        drop(desk);
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "away");
        drop(phone);
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "offline");
        // One that never says whether it is active.
        let mut program = ana.live().await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "away");
        let tickets = json!({ "type": "viewing", "ticket_id": null });
        program.send(tickets).await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
    }

    settings(|config| config.live_pace.grace = Duration::from_millis(200))
    async fn who_was_away_was_last_there_before_that(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let mut page = ana.live().await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
        page.send(json!({ "type": "active", "active": false })).await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "away");
        let away = chrono::Utc::now();
        tokio::time::sleep(Duration::from_secs(2)).await;
        // Said again it is no other time.
        page.send(json!({ "type": "active", "active": false })).await;
        page.told().await;
        drop(page);
        let told = seen(&mut of_tech, &ana).await;
        assert_eq!(told["state"], "offline");
        let time = |value: &Value| value["last_seen_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let second = chrono::TimeDelta::seconds(1);
        assert!(time(&told) < away + second, "{told}, away since {away}");
        until("it is noted", Duration::from_secs(5), async || {
            listed(&tech, &ana).await.unwrap()["last_seen_at"].as_str().is_some()
        })
        .await;
        let shown = listed(&tech, &ana).await.unwrap();
        assert!(time(&shown) < away + second, "{shown}, away since {away}");
    }

    settings(|config| config.live_pace.grace = Duration::from_millis(200))
    async fn nobody_is_back_by_a_page_that_comes_back_alone(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let mut page = ana.open_socket().await;
        page.send(json!({ "type": "hello", "idle_seconds": 3_600 })).await;
        page.frame("welcome").await;
        let told = seen(&mut of_tech, &ana).await;
        assert_eq!((&told["state"], &told["last_seen_at"]), (&json!("away"), &Value::Null));
        // Nor by what a page says of itself as it begins.
        page.send(json!({ "type": "viewing", "ticket_id": null })).await;
        page.send(json!({ "type": "active", "active": false })).await;
        page.told().await;
        let told = told_by_now(&app, &tech, &mut of_tech).await;
        assert!(told.iter().all(|frame| frame["type"] != "presence"), "{told:?}");
        assert_eq!(listed(&tech, &ana).await.unwrap()["state"], "away");
        // Nor by another one; by a program that says nothing of it they are, and by the first word that somebody is there.
        let mut other = ana.open_socket().await;
        other.send(json!({ "type": "hello", "idle_seconds": 0 })).await;
        other.frame("welcome").await;
        let told = told_by_now(&app, &tech, &mut of_tech).await;
        assert!(told.iter().all(|frame| frame["type"] != "presence"), "{told:?}");
        let program = ana.live().await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
        drop(program);
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "away");
        page.send(json!({ "type": "active", "active": true })).await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
    }

    settings(|config| config.live_pace.grace = Duration::from_millis(200))
    async fn whose_page_came_back_alone_was_last_there_before_that(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let ago = |hours| backend::db::now() - chrono::TimeDelta::hours(hours);
        let is_about = |value: &Value, expected: chrono::DateTime<chrono::Utc>| {
            let time = value["last_seen_at"].as_str().map(|at| at.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
            time.is_some_and(|time| (time - expected).abs() < chrono::TimeDelta::minutes(1))
        };
        // It knows of its own device alone: where the person was at another one later, that counts.
        for (noted, idle) in [(3, 2), (2, 3)] {
            let at = backend::db::to_micros(ago(noted));
            app.sql(&format!("UPDATE users SET last_seen_at = {at} WHERE id = {}", ana.id)).await;
            let mut page = ana.open_socket().await;
            page.send(json!({ "type": "hello", "idle_seconds": idle * 3_600 })).await;
            assert_eq!(seen(&mut of_tech, &ana).await["state"], "away");
            drop(page);
            let told = seen(&mut of_tech, &ana).await;
            assert_eq!(told["state"], "offline");
            assert!(is_about(&told, ago(2)), "{told}");
            until("it is noted", Duration::from_secs(5), async || {
                let shown = listed(&tech, &ana).await.unwrap();
                is_about(&shown, ago(2))
            })
            .await;
        }
    }

    settings(|config| config.live_pace.note = Duration::from_millis(100))
    async fn who_is_away_is_not_noted_when_the_program_is_started_again(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        app.stopper().stop(false).await;
        let again = second(&app, |_| ()).await;
        let noted = async |person: &Client| {
            again.number(&format!("SELECT COALESCE(last_seen_at, 0) AS n FROM users WHERE id = {}", person.id)).await
        };
        let before = noted(&ana).await;
        let mut of_tech = at(&again, &tech).live().await;
        let mut page = at(&again, &ana).open_socket().await;
        page.send(json!({ "type": "hello", "idle_seconds": 600 })).await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "away");
        // Of whoever comes after her and is there it is noted meanwhile.
        let _of_luis = at(&again, &luis).live().await;
        let later = backend::db::to_micros(backend::db::now());
        until("the other one is noted", Duration::from_secs(10), async || noted(&luis).await > later).await;
        assert_eq!(noted(&ana).await, before);
        again.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.away = Duration::from_millis(800))
    async fn who_says_that_they_are_there_is_not_left_alone(app: TestApp) {
        let (ana, luis, tech) = (app.user().await, app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        of_tech.send(json!({ "type": "active", "active": true })).await;
        // As the page begins, which says nothing more while somebody is at work.
        let mut page = ana.live().await;
        page.send(json!({ "type": "viewing", "ticket_id": null })).await;
        page.send(json!({ "type": "active", "active": true })).await;
        page.told().await;
        // A program that came later and says nothing counts as left alone; by then the page would, too.
        let _program = luis.live().await;
        let id = luis.id;
        let is_away = move |frame: &Value| frame["user_id"] == id && frame["state"] == "away";
        let told = of_tech.told_before("the program is away", is_away).await;
        assert!(told.iter().all(|frame| frame["state"] != "away"), "{told:?}");
        let told = told_by_now(&app, &tech, &mut of_tech).await;
        assert!(told.iter().all(|frame| frame["state"] != "away"), "{told:?}");
        assert_eq!(listed(&tech, &ana).await.unwrap()["state"], "online");
    }

    settings(|config| config.live_pace.grace = Duration::from_secs(60))
    async fn who_logs_out_is_offline_at_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let _socket = ana.live().await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
        ana.delete("/session").await.expect(204);
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "offline");
    }

    settings(|config| config.live_pace.grace = Duration::from_secs(60))
    async fn whose_session_is_revoked_is_offline_at_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let phone = app.new_session(ana.clone()).await;
        let mut of_tech = tech.live().await;
        let mut of_phone = phone.live().await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
        ana.delete(&format!("/sessions/{}", phone.session)).await.expect(204);
        assert_eq!(of_phone.closed().await, 4401);
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "offline");
        assert_eq!(listed(&tech, &ana).await.unwrap()["state"], "offline");
    }

    settings(|config| {
        config.session_timeout = Duration::from_secs(3);
        config.live_pace.grace = Duration::from_secs(60);
    })
    async fn whose_session_ends_by_itself_is_offline_at_once(app: TestApp) {
        let tech = app.technician().await;
        // Its own session would end, too.
        let looks = app.token(&tech, &["read"]).await;
        let mut of_tech = looks.live().await;
        let ana = app.user().await;
        let mut page = ana.live().await;
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "online");
        assert_eq!(page.closed().await, 4401);
        assert_eq!(seen(&mut of_tech, &ana).await["state"], "offline");
        assert_eq!(listed(&looks, &ana).await.unwrap()["state"], "offline");
    }

    settings(|config| config.live_pace.grace = Duration::from_millis(200))
    async fn who_comes_back_is_told_who_is_there_by_then(app: TestApp) {
        let (ana, luis, eva, tech) = (app.user().await, app.user().await, app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let (of_ana, mut of_luis) = (ana.live().await, luis.live().await);
        for person in [&ana, &luis] {
            assert_eq!(seen(&mut of_tech, person).await["state"], "online");
        }
        let last = app.number("SELECT last_id AS n FROM event_counter").await;
        drop(of_tech);
        drop(of_ana);
        of_luis.send(json!({ "type": "active", "active": false })).await;
        let _of_eva = eva.live().await;
        until("one has gone and one is away", Duration::from_secs(10), async || {
            let state = async |person: &Client| listed(&tech, person).await.unwrap()["state"].clone();
            (state(&ana).await, state(&luis).await) == (json!("offline"), json!("away"))
        })
        .await;
        // What was missed is told again; of who came and went, only how it is.
        let mut again = tech.live_since(last).await;
        let welcome = again.frame("welcome").await;
        assert_eq!((online(&welcome), &welcome["away"]), (vec![eva.id], &json!([luis.id])), "{welcome}");
        let told = told_by_now(&app, &tech, &mut again).await;
        assert!(told.iter().all(|frame| frame["type"] != "presence"), "{told:?}");
    }

    settings(|config| config.live_pace.grace = Duration::from_millis(200))
    async fn users_are_told_of_staff_and_staff_of_all(app: TestApp) {
        let (ana, luis, tech, admin) = (app.user().await, app.user().await, app.technician().await, app.admin().await);
        let inactive = app.user().await;
        app.sql(&format!("UPDATE users SET active = FALSE WHERE id = {}", inactive.id)).await;
        let (mut of_ana, _luis, _tech) = (ana.live().await, luis.live().await, tech.live().await);
        assert_eq!(seen(&mut of_ana, &tech).await["state"], "online");
        drop(admin.live().await);
        assert_eq!(seen(&mut of_ana, &admin).await["state"], "online");
        assert_eq!(seen(&mut of_ana, &admin).await["state"], "offline");
        let told = told_by_now(&app, &ana, &mut of_ana).await;
        assert!(told.iter().all(|frame| frame["user_id"] != luis.id), "{told:?}");
        let by = async |person: &Client| -> Vec<i64> {
            let people = person.pages("/presence", &[], 2).await;
            people.iter().map(|person| person["user_id"].as_i64().unwrap()).collect()
        };
        assert_eq!(by(&ana).await, [tech.id, admin.id]);
        assert_eq!(by(&tech).await, [ana.id, luis.id, admin.id]);
        // Who becomes staff is there for all, and sees all.
        admin.patch(&format!("/users/{}", luis.id), json!({ "role": "technician" })).await.expect(200);
        assert_eq!(seen(&mut of_ana, &luis).await["state"], "online");
        assert_eq!(by(&ana).await, [luis.id, tech.id, admin.id]);
    }
}

//! `GET /dashboard`: the list in numbers, for everybody their own.

mod times;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};
use shared::permissions::TechnicianScope;

use crate::support::{Client, TestApp};

const UNFINISHED: (&str, &str) = ("status", "open,in_progress,waiting");

/// A desk with tickets of every kind and age.
struct Desk {
    people: [Client; 5],
}

impl Desk {
    async fn new(app: &TestApp) -> Self {
        let people =
            [app.admin().await, app.technician().await, app.technician().await, app.user().await, app.user().await];
        let [_, tech, other, ana, luis] = &people;
        let categories = app.numbers("SELECT id AS n FROM categories ORDER BY id").await;
        // Ages in hours, on both sides of each bound.
        let ages = [1, 23, 25, 71, 73, 160, 170, 700, 730, 2_000];
        for n in 0..40_usize {
            let requester = [ana, luis, ana, tech][n % 4];
            let ticket = app.ticket(requester, &format!("Aviso número {n}")).await;
            let assignee = ["NULL".to_owned(), tech.id.to_string(), other.id.to_string()][n % 3].clone();
            let category = categories.get(n % 5).filter(|_| n % 5 < 4).map_or("NULL".to_owned(), ToString::to_string);
            let created = micros(ago(TimeDelta::hours(ages[n % 10])));
            let status = (n / 3) % 4;
            let closed = if status == 3 { (created + 60_000_000).to_string() } else { "NULL".to_owned() };
            app.sql(&format!(
                "UPDATE tickets SET status = {status}, priority = {}, category_id = {category}, assignee_id = {assignee}, \
                 created_at = {created}, updated_at = {created} + 60000000, closed_at = {closed} WHERE id = {ticket}",
                (n / 2) % 4,
            ))
            .await;
            if n % 7 == 2 {
                app.invite(ticket, ana).await;
            }
            if n % 11 == 5 {
                app.invite(ticket, tech).await;
            }
        }
        Self { people }
    }
}

fn ago(time: TimeDelta) -> DateTime<Utc> {
    backend::db::now() - time
}

fn micros(moment: DateTime<Utc>) -> i64 {
    backend::db::to_micros(moment)
}

async fn dashboard(person: &Client) -> Value {
    person.get("/dashboard").await.expect(200).json
}

/// How many tickets the person's list has with these filters.
async fn listed(person: &Client, filters: &[(&str, &str)]) -> i64 {
    i64::try_from(person.pages("/tickets", filters, 100).await.len()).unwrap()
}

async fn everybodys_numbers_are_those_of_their_list(app: &TestApp) {
    let desk = Desk::new(app).await;
    for person in &desk.people {
        let numbers = dashboard(person).await;
        let name = &person.name;
        assert_eq!(numbers["unfinished"], listed(person, &[UNFINISHED]).await, "{name}");
        assert_eq!(numbers["by_status"].as_array().unwrap().len(), 4);
        for group in numbers["by_status"].as_array().unwrap() {
            let status = group["status"].as_str().unwrap();
            assert_eq!(group["count"], listed(person, &[("status", status)]).await, "{name}, {status}");
        }
        for group in numbers["by_priority"].as_array().unwrap() {
            let priority = group["priority"].as_str().unwrap();
            let count = listed(person, &[UNFINISHED, ("priority", priority)]).await;
            assert_eq!(group["count"], count, "{name}, {priority}");
        }
        let categories = numbers["by_category"].as_array().unwrap();
        assert!(categories.is_sorted_by_key(|group| std::cmp::Reverse(group["count"].as_i64())), "{categories:?}");
        for group in categories {
            let category = group["category_id"].to_string();
            let count = listed(person, &[UNFINISHED, ("category_id", &category)]).await;
            assert_eq!(group["count"], count, "{name}, category {category}");
        }
        let counted: i64 = categories.iter().map(|group| group["count"].as_i64().unwrap()).sum();
        let without = listed(person, &[UNFINISHED, ("category_id", "none")]).await;
        assert_eq!(numbers["unfinished"].as_i64().unwrap() - counted, without, "{name}, without a category");
        let days = numbers["days"].as_array().unwrap();
        for (place, day) in days.iter().enumerate().filter(|(_, day)| day["created"] != 0 || day["closed"] != 0) {
            let from = day["from"].as_str().unwrap();
            let until = days.get(place + 1).map_or("9999-12-31T23:59:59Z", |next| next["from"].as_str().unwrap());
            let created = listed(person, &[("created_after", from), ("created_before", until)]).await;
            assert_eq!(day["created"], created, "{name}, opened on {}", day["date"]);
            let closed = listed(person, &[("closed_after", from), ("closed_before", until)]).await;
            assert_eq!(day["closed"], closed, "{name}, closed on {}", day["date"]);
        }
        assert_eq!(numbers["by_age"].as_array().unwrap().len(), 5);
        for group in numbers["by_age"].as_array().unwrap() {
            let mut filters = vec![UNFINISHED];
            filters.extend(group["created_after"].as_str().map(|moment| ("created_after", moment)));
            filters.extend(group["created_before"].as_str().map(|moment| ("created_before", moment)));
            assert_eq!(group["count"], listed(person, &filters).await, "{name}, {filters:?}");
        }
        staffs_numbers(person, &numbers).await;
    }
}

/// What only staff is told.
async fn staffs_numbers(person: &Client, numbers: &Value) {
    let name = &person.name;
    let Some(loads) = numbers["by_assignee"].as_array() else {
        assert_eq!((&numbers["mine"], &numbers["unassigned"]), (&Value::Null, &Value::Null), "{name}");
        assert_eq!(person.get("/users?limit=1").await.status, 403, "{name} is on staff");
        return;
    };
    for load in loads {
        let whose = load["assignee"]["id"].as_i64().map_or("none".to_owned(), |id| id.to_string());
        let count = listed(person, &[UNFINISHED, ("assignee_id", &whose)]).await;
        assert_eq!(load["count"], count, "{name}, of {whose}");
        let urgent = listed(person, &[UNFINISHED, ("assignee_id", &whose), ("priority", "urgent")]).await;
        assert_eq!(load["urgent"], urgent, "{name}, urgent of {whose}");
    }
    for (field, whose) in [("mine", "me"), ("unassigned", "none")] {
        let count = listed(person, &[UNFINISHED, ("assignee_id", whose)]).await;
        assert_eq!(numbers[field]["count"], count, "{name}, {field}");
        let urgent = listed(person, &[UNFINISHED, ("assignee_id", whose), ("priority", "urgent")]).await;
        assert_eq!(numbers[field]["urgent"], urgent, "{name}, {field}, urgent");
    }
}

on_each_database! {
    async fn everybody_sees_the_numbers_of_their_own_list(app: TestApp) {
        everybodys_numbers_are_those_of_their_list(&app).await;
    }

    settings(|config| config.technician_scope = TechnicianScope::Assigned)
    async fn technicians_with_the_narrowest_scope_see_less(app: TestApp) {
        everybodys_numbers_are_those_of_their_list(&app).await;
    }

    settings(|config| config.technician_scope = TechnicianScope::All)
    async fn technicians_with_the_widest_scope_see_all(app: TestApp) {
        everybodys_numbers_are_those_of_their_list(&app).await;
        // Those who have nothing to do are there too, before what nobody has.
        let idle = app.technician().await;
        let loads = dashboard(&idle).await["by_assignee"].as_array().unwrap().clone();
        let own = loads.iter().position(|load| load["assignee"]["id"] == idle.id).expect("the idle one");
        assert_eq!((&loads[own]["count"], &loads.last().unwrap()["assignee"]), (&json!(0), &Value::Null));
    }

    async fn what_waits_for_somebody_is_where_the_other_has_the_last_word(app: TestApp) {
        let (admin, tech, ana) = (app.admin().await, app.technician().await, app.user().await);
        let waiting = async |person: &Client| {
            let waiting = dashboard(person).await["waiting_for_me"].clone();
            let ids: Vec<i64> = waiting["tickets"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
            (waiting["count"].as_i64().unwrap(), ids)
        };
        let ticket = app.ticket(&ana, "No imprime").await;
        assert_eq!(waiting(&tech).await, (0, vec![]), "nobody has it");
        app.give(ticket, &tech).await;
        assert_eq!(waiting(&tech).await, (1, vec![ticket]));
        assert_eq!(waiting(&admin).await, (0, vec![]));
        let comments = format!("/tickets/{ticket}/comments");
        tech.post(&comments, json!({ "body": "Es el tóner", "visibility": "internal" })).await.expect(201);
        assert_eq!(waiting(&tech).await.0, 1, "a note is no answer");
        admin.post(&comments, json!({ "body": "Ya vamos" })).await.expect(201);
        assert_eq!(waiting(&tech).await.0, 0, "a colleague has answered");
        assert_eq!(waiting(&ana).await, (0, vec![]));
        app.sql(&format!("UPDATE tickets SET status = 2 WHERE id = {ticket}")).await;
        assert_eq!(waiting(&ana).await, (1, vec![ticket]));
        ana.post(&comments, json!({ "body": "Gracias" })).await.expect(201);
        assert_eq!(waiting(&tech).await, (1, vec![ticket]));

        // The most urgent is named first, and no more than five are.
        let mut urgent = 0;
        for n in 0..6 {
            let more = app.ticket(&ana, "Otra cosa").await;
            app.give(more, &tech).await;
            if n == 4 {
                urgent = more;
                app.sql(&format!("UPDATE tickets SET priority = 3 WHERE id = {more}")).await;
            }
        }
        let (count, ids) = waiting(&tech).await;
        assert_eq!((count, ids.len(), ids[0]), (7, 5, urgent));
        tech.act(&format!("/tickets/{urgent}/close")).await.expect(200);
        assert_eq!(waiting(&tech).await.0, 6);
    }

    async fn days_begin_where_the_person_is(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        for (zone, name) in [(Tz::America__Bogota, "America/Bogota"), (Tz::Asia__Kathmandu, "Asia/Kathmandu"), (Tz::UTC, "UTC")] {
            app.sql("DELETE FROM tickets").await;
            let today = backend::db::now().with_timezone(&zone).date_naive();
            let midnight = |days: u64| {
                let date = today.checked_sub_days(Days::new(days)).unwrap();
                zone.from_local_datetime(&date.and_time(NaiveTime::MIN)).unwrap().with_timezone(&Utc)
            };
            // The last moment of a day, the first of the next; the last before the period, and the first in it.
            let second = TimeDelta::microseconds(1);
            let moments = [midnight(2) - second, midnight(2), midnight(1) - second, midnight(6) - second, midnight(6)];
            for moment in moments {
                let ticket = app.ticket(&ana, "A medianoche").await;
                let at = micros(moment);
                app.sql(&format!(
                    "UPDATE tickets SET created_at = {at}, closed_at = {at}, updated_at = {at}, status = 3 WHERE id = {ticket}"
                ))
                .await;
            }
            let numbers = admin.list("/dashboard", &[("period", "7d"), ("time_zone", name)]).await.expect(200);
            let days = numbers["days"].as_array().unwrap();
            let counts: Vec<_> = days.iter().map(|day| day["created"].as_i64().unwrap()).collect();
            assert_eq!(counts, [1, 0, 0, 1, 2, 0, 0], "{name}");
            let closed: Vec<_> = days.iter().map(|day| day["closed"].as_i64().unwrap()).collect();
            assert_eq!(closed, counts, "{name}");
            assert_eq!(days[6]["date"], today.to_string(), "{name}");
            assert_eq!(days[0]["from"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), midnight(6), "{name}");
            assert_eq!(numbers["from"], days[0]["from"]);
            // What was closed right before the period is the period before's.
            assert_eq!(numbers["resolution"]["before"]["count"], 1, "{name}");
        }
    }

    async fn a_period_is_one_of_four(app: TestApp) {
        let ana = app.user().await;
        for (period, days) in [("7d", 7), ("28d", 28), ("90d", 90), ("365d", 365)] {
            let numbers = ana.list("/dashboard", &[("period", period)]).await.expect(200);
            assert_eq!((numbers["days"].as_array().unwrap().len(), &numbers["period"]), (days, &json!(period)));
        }
        assert_eq!(dashboard(&ana).await["period"], "28d");
        for wrong in ["?period=8d", "?period=", "?time_zone=Madrid", "?time_zone=%2B01:00"] {
            ana.get(&format!("/dashboard{wrong}")).await.expect(400).problem("malformed_parameter");
        }
    }

    async fn an_empty_desk_has_nothing_to_count(app: TestApp) {
        for person in [app.admin().await, app.technician().await, app.user().await] {
            let numbers = dashboard(&person).await;
            assert_eq!(numbers["unfinished"], 0);
            assert!(numbers["by_status"].as_array().unwrap().iter().all(|group| group["count"] == 0));
            assert_eq!(numbers["by_category"], json!([]));
            let never = times::lengths(None, None, [0; 7]);
            let never = json!({ "recent": never, "before": never });
            assert_eq!((&numbers["first_response"], &numbers["resolution"]), (&never, &never));
            assert_eq!(numbers["waiting_for_me"], json!({ "count": 0, "tickets": [] }));
        }
    }
}

//! How long first answers and closing took: medians, and how many lie in each band.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ago, dashboard, micros};
use crate::support::{Client, TestApp};

/// A ticket that was opened, first answered and closed so many minutes ago.
async fn past(
    app: &TestApp,
    requester: &Client,
    assignee: Option<&Client>,
    minutes: (i64, Option<i64>, Option<i64>),
) -> i64 {
    let ticket = app.ticket(requester, "Uno de antes").await;
    let at = |minutes: i64| micros(ago(TimeDelta::minutes(minutes)));
    // A few seconds are no minute.
    let or_null =
        |minutes: Option<i64>| minutes.map_or("NULL".to_owned(), |minutes| (at(minutes) + 7_000_000).to_string());
    let (opened, answered, closed) = minutes;
    app.sql(&format!(
        "UPDATE tickets SET created_at = {}, first_response_at = {}, closed_at = {}, updated_at = {}, status = {}, \
         assignee_id = {} WHERE id = {ticket}",
        at(opened),
        or_null(answered),
        or_null(closed),
        at(closed.or(answered).unwrap_or(opened)) + 7_000_000,
        if closed.is_some() { 3 } else { 0 },
        assignee.map_or("NULL".to_owned(), |person| person.id.to_string()),
    ))
    .await;
    ticket
}

/// What is told of lengths: their ranks, and how many lie in each band.
pub fn lengths(median: Option<i64>, p90: Option<i64>, counts: [i64; 7]) -> Value {
    let bounds = [0, 60, 240, 480, 1_440, 4_320, 10_080];
    let band = |(place, count): (usize, i64)| {
        let (from, to) = (bounds[place], bounds.get(place + 1));
        json!({ "from_minutes": from, "to_minutes": to, "count": count })
    };
    let bands: Vec<Value> = counts.into_iter().enumerate().map(band).collect();
    json!({ "count": counts.iter().sum::<i64>(), "median_minutes": median, "p90_minutes": p90, "bands": bands })
}

/// How many lie in each band.
fn counts(lengths: &Value) -> Vec<i64> {
    lengths["bands"].as_array().unwrap().iter().map(|band| band["count"].as_i64().unwrap()).collect()
}

on_each_database! {
    async fn times_are_those_that_a_hand_counts(app: TestApp) {
        let (admin, tech, ana, luis) = (app.admin().await, app.technician().await, app.user().await, app.user().await);
        let day = 24 * 60;
        // Opened three days ago: answered after 10, 20, 30 and 40 minutes; two of them closed after 60 and 600.
        past(&app, &ana, Some(&tech), (3 * day, Some(3 * day - 10), Some(3 * day - 60))).await;
        past(&app, &ana, None, (3 * day, Some(3 * day - 20), Some(3 * day - 600))).await;
        past(&app, &luis, Some(&tech), (3 * day, Some(3 * day - 40), None)).await;
        past(&app, &luis, None, (3 * day, Some(3 * day - 30), None)).await;
        // Nobody has answered this one.
        past(&app, &luis, None, (2 * day, None, None)).await;
        // Answered before the period, after five minutes, and closed in it.
        past(&app, &ana, None, (40 * day, Some(40 * day - 5), Some(day))).await;
        // Too long ago for either.
        past(&app, &ana, None, (80 * day, Some(80 * day - 1), Some(79 * day))).await;

        let numbers = dashboard(&admin).await;
        assert_eq!(
            numbers["first_response"],
            json!({
                "recent": lengths(Some(20), Some(40), [4, 0, 0, 0, 0, 0, 0]),
                "before": lengths(Some(5), Some(5), [1, 0, 0, 0, 0, 0, 0]),
            })
        );
        assert_eq!(
            numbers["resolution"],
            json!({
                "recent": lengths(Some(600), Some(39 * day), [0, 1, 0, 1, 0, 0, 1]),
                "before": lengths(None, None, [0; 7]),
            })
        );
        assert_eq!(numbers["mine"]["first_response"]["recent"], lengths(None, None, [0; 7]));

        let numbers = dashboard(&tech).await;
        assert_eq!(numbers["mine"]["first_response"]["recent"], lengths(Some(10), Some(40), [2, 0, 0, 0, 0, 0, 0]));
        assert_eq!(numbers["mine"]["resolution"]["recent"], lengths(Some(60), Some(60), [0, 1, 0, 0, 0, 0, 0]));
        // With those that nobody has.
        assert_eq!(numbers["first_response"]["recent"]["count"], 4);

        let numbers = dashboard(&ana).await;
        assert_eq!(numbers["first_response"]["recent"], lengths(Some(10), Some(20), [2, 0, 0, 0, 0, 0, 0]));

        let year = admin.get("/dashboard?period=365d").await.expect(200);
        assert_eq!(year["first_response"]["recent"]["count"], 6);
        assert_eq!(counts(&year["first_response"]["recent"]), [6, 0, 0, 0, 0, 0, 0]);
        assert_eq!(year["resolution"]["recent"]["count"], 4);
        // The one of long ago took a day.
        assert_eq!(counts(&year["resolution"]["recent"]), [0, 1, 0, 1, 1, 0, 1]);
    }

    async fn each_time_lies_in_the_band_that_its_minutes_say(app: TestApp) {
        let (admin, tech, ana, luis) = (app.admin().await, app.technician().await, app.user().await, app.user().await);
        let (hour, day) = (60, 24 * 60);
        // The first minute of each band and its last.
        let short = [0, hour - 1, hour, 4 * hour - 1, 4 * hour, 8 * hour - 1, 8 * hour, day - 1];
        let long = [day, 3 * day - 1, 3 * day, 7 * day - 1, 7 * day, 40 * day];
        for took in short.into_iter().chain(long) {
            // Answered and closed an hour ago, whenever it was opened.
            past(&app, &ana, Some(&tech), (took + hour, Some(hour), Some(hour))).await;
        }
        // Of somebody else, answered in half an hour and never closed; and in the period before, in two days.
        past(&app, &luis, None, (2 * hour, Some(90), None)).await;
        past(&app, &luis, None, (35 * day, Some(33 * day), Some(33 * day))).await;

        let two_each = [2_i64; 7];
        let numbers = dashboard(&admin).await;
        assert_eq!(counts(&numbers["resolution"]["recent"]), two_each);
        assert_eq!(counts(&numbers["first_response"]["recent"]), [3, 2, 2, 2, 2, 2, 2]);
        for times in ["first_response", "resolution"] {
            assert_eq!(counts(&numbers[times]["before"]), [0, 0, 0, 0, 1, 0, 0], "{times}");
            for period in ["recent", "before"] {
                let lengths = &numbers[times][period];
                assert_eq!(lengths["count"], counts(lengths).iter().sum::<i64>(), "{times}, {period}");
            }
        }
        // None of those is the administrator's own; all with a technician are hers.
        assert_eq!(counts(&numbers["mine"]["resolution"]["recent"]), [0; 7]);
        let mine = dashboard(&tech).await["mine"].clone();
        assert_eq!(counts(&mine["resolution"]["recent"]), two_each);
        assert_eq!(counts(&mine["first_response"]["recent"]), two_each);
        // Whoever has a problem is told of their own.
        let numbers = dashboard(&luis).await;
        assert_eq!(counts(&numbers["first_response"]["recent"]), [1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(counts(&numbers["resolution"]["recent"]), [0; 7]);
        // In a longer period the one before is among them; in a shorter one nothing changes.
        let quarter = admin.get("/dashboard?period=90d").await.expect(200);
        assert_eq!(counts(&quarter["resolution"]["recent"]), [2, 2, 2, 2, 3, 2, 2]);
        let week = admin.get("/dashboard?period=7d").await.expect(200);
        assert_eq!(counts(&week["resolution"]["recent"]), two_each);
        assert_eq!(counts(&week["resolution"]["before"]), [0; 7]);
    }

    async fn long_times_are_told_apart_by_hours_and_by_days(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let (hour, day) = (60, 24 * 60);
        let resolution = async |took: i64| {
            app.sql("DELETE FROM tickets").await;
            past(&app, &ana, None, (took + 10, None, Some(10))).await;
            dashboard(&admin).await["resolution"]["recent"]["median_minutes"].clone()
        };
        assert_eq!(resolution(day - 1).await, day - 1);
        assert_eq!(resolution(day + hour + 59).await, day + hour);
        assert_eq!(resolution(30 * day - 1).await, 30 * day - hour);
        assert_eq!(resolution(45 * day + 23 * hour).await, 45 * day);
    }

    async fn the_first_response_is_the_staffs_first_public_word(app: TestApp) {
        let (admin, ana) = (app.admin().await, app.user().await);
        let ticket = app.ticket(&ana, "No imprime").await;
        let comments = format!("/tickets/{ticket}/comments");
        let answered = async || dashboard(&admin).await["first_response"]["recent"]["count"].clone();
        ana.post(&comments, json!({ "body": "¿Hay alguien?" })).await.expect(201);
        admin.post(&comments, json!({ "body": "Es el tóner", "visibility": "internal" })).await.expect(201);
        assert_eq!(answered().await, 0);
        admin.post(&comments, json!({ "body": "Ya vamos" })).await.expect(201);
        assert_eq!(answered().await, 1);
        admin.post(&comments, json!({ "body": "Estamos aquí" })).await.expect(201);
        assert_eq!(answered().await, 1);
        // Nobody answers themselves.
        let own = app.ticket(&admin, "Un recordatorio").await;
        admin.post(&format!("/tickets/{own}/comments"), json!({ "body": "Sigue igual" })).await.expect(201);
        assert_eq!(answered().await, 1);
    }
}

use std::collections::HashSet;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use shared::tickets::{Priority, Status, Visibility};

use super::{
    calendar::Calendar,
    people::People,
    rows::{self, Ids},
    story::{self, Deed, Desk, Step, Story},
    *,
};
use crate::{
    db::{
        DatabaseUrl, migrate,
        schema::{comments, event_counter, events, replies as saved, tickets},
    },
    on_conn,
};

fn desk(seed: u64, tickets: u64) -> Desk {
    let calendar = Calendar::ending("2026-11-24T10:20:30Z".parse().unwrap());
    let people = People::new(seed, tickets, &calendar, &HashSet::new());
    Desk { seed, tickets, calendar, people }
}

fn stories(desk: &Desk) -> Vec<Story> {
    (0..).zip(story::comment_counts(desk)).map(|(number, count)| story::tell(desk, number, count)).collect()
}

fn count(stories: &[Story], wanted: impl Fn(&Story) -> bool) -> usize {
    stories.iter().filter(|story| wanted(story)).count()
}

#[test]
fn the_same_seed_gives_the_same_rows() {
    let rows = |seed| {
        let desk = desk(seed, 500);
        let stories = stories(&desk);
        let ids = Ids { users: (1..=100).collect(), categories: vec![("correo".to_owned(), 5)] };
        let tickets: Vec<i64> = (1..=500).collect();
        let comments: Vec<i64> = (1..=1500).collect();
        let events = rows::events(&stories, &tickets, &comments, &desk.people, &ids).unwrap();
        (rows::tickets(&stories, &ids), rows::comments(&stories, &tickets, &ids), events)
    };
    assert!(rows(1) == rows(1));
    assert!(rows(1) != rows(2));
}

#[test]
fn people_write_to_each_other_as_they_may() {
    assert!(chats::tell(&desk(1, 10)).is_empty());
    let desk = desk(1, 2_000);
    let said = chats::tell(&desk);
    assert_eq!(said, chats::tell(&desk));
    assert!(said.len() > 100 && said.iter().any(|said| said.read_at.is_none()), "{}", said.len());
    let role = |place: usize| desk.people.all[place].role;
    for said in &said {
        assert!(shared::permissions::may_chat(role(said.from), role(said.to)), "{said:?}");
        assert!(said.at < desk.calendar.end && said.read_at.is_none_or(|at| at > said.at && at < desk.calendar.end));
    }
    let ids = Ids { users: (1..=100).collect(), categories: Vec::new() };
    let messages = chats::messages(&said, &ids);
    let numbers: Vec<i64> = (1..).take(messages.len()).collect();
    let unread: i32 = chats::conversations(&messages, &numbers).iter().map(|row| row.unread).sum();
    assert_eq!(usize::try_from(unread), Ok(said.iter().filter(|said| said.read_at.is_none()).count()));
}

#[test]
fn staff_has_saved_replies_that_are_not_there_yet() {
    let desk = desk(1, 60);
    let ids = Ids { users: (1..=100).collect(), categories: Vec::new() };
    let rows = |known: &HashSet<String>| replies::rows(&desk, &ids, known);
    let all = rows(&HashSet::new());
    assert!(all == rows(&HashSet::new()) && all.len() == 7, "{all:?}");
    for row in &all {
        let author = &desk.people.all[usize::try_from(row.author_id - 1).unwrap()];
        assert!(row.shared && author.role == Role::Technician && author.active, "{row:?}");
        assert!((author.since..desk.calendar.end).contains(&row.created_at), "{row:?}");
    }
    let numbers: Vec<i64> = (1..=7).collect();
    assert_eq!(replies::events(&all, &numbers).len(), 7);
    assert_eq!(rows(&HashSet::from([all[0].title_folded.clone()])), all[1..]);
}

#[test]
fn three_comments_for_each_ticket() {
    for tickets in [0, 1, 2, 12, 500, 5_000] {
        let desk = desk(3, tickets);
        let sum: u64 = story::comment_counts(&desk).iter().map(|&count| u64::from(count)).sum();
        assert_eq!(sum, 3 * tickets);
    }
    let stories = stories(&desk(3, 5_000));
    let written = |story: &Story, wanted: fn(Visibility) -> bool| {
        story
            .steps
            .iter()
            .filter(|step| matches!(step.deed, Deed::Comment(visibility, _) if wanted(visibility)))
            .count()
    };
    assert_eq!(stories.iter().map(|story| written(story, |_| true)).sum::<usize>(), 15_000);
    let internal: usize = stories.iter().map(|story| written(story, |v| v == Visibility::Internal)).sum();
    assert!((1_050..1_950).contains(&internal), "{internal} internal notes");
    assert!(stories.iter().all(|story| written(story, |_| true) <= 12));
}

#[test]
fn the_mix_is_that_of_a_desk() {
    let stories = stories(&desk(1, 10_000));
    for (priority, percent) in
        [(Priority::Low, 20), (Priority::Medium, 55), (Priority::High, 18), (Priority::Urgent, 7)]
    {
        let found = count(&stories, |story| story.priority == priority);
        assert!(found.abs_diff(percent * 100) < 200, "{found} {priority:?}");
    }
    let (old, new) = stories.split_at(9_000);
    assert!(count(old, |story| story.status == Status::Closed) > 8_800);
    let latest = &new[new.len() - 100..];
    for status in [Status::Open, Status::InProgress, Status::Waiting] {
        assert!(count(latest, |story| story.status == status) > 5, "{status:?}");
    }
}

#[test]
fn the_smallest_desk_has_a_ticket_of_each_state() {
    for (seed, tickets) in [(1, 4), (1, 30), (7, 12)] {
        let stories = stories(&desk(seed, tickets));
        for status in [Status::Open, Status::InProgress, Status::Waiting, Status::Closed] {
            assert!(count(&stories, |story| story.status == status) > 0, "{status:?} of {tickets}");
        }
    }
}

#[test]
fn a_story_is_what_its_steps_make_of_it() {
    let desk = desk(1, 3_000);
    let stories = stories(&desk);
    assert!(stories.is_sorted_by_key(|story| story.created_at));
    for story in &stories {
        assert!(story.steps.iter().map(|step| step.at).is_sorted_by(|one, other| one < other), "{story:#?}");
        assert!(story.steps.iter().all(|step| step.at < desk.calendar.end));
        assert!(matches!(story.steps.as_slice(), [Step { deed: Deed::Open, .. }, ..]));
        assert_eq!(story.steps.last().map(|step| step.at), Some(story.updated_at));
        assert_eq!(story.closed_at.is_some(), story.status == Status::Closed);
        assert_eq!(story::status(&desk, stories.iter().position(|s| s == story).unwrap() as u64), story.status);
        assert!(story.first_response_at.is_none_or(|at| at > story.created_at));
        let mut words = story.steps.iter().filter(|step| matches!(step.deed, Deed::Comment(Visibility::Public, _)));
        assert_eq!(story.awaits_staff, words.next_back().is_none_or(|step| step.actor == story.requester));
        assert!(story.status == Status::Open || story.status == Status::Closed || story.assignee.is_some());
        assert!(shared::fields::title(&story.title, &()).is_ok(), "{}", story.title);
        assert!(shared::fields::body(&story.description, &()).is_ok(), "{}", story.description);
        let texts = story.steps.iter().filter_map(|step| match &step.deed {
            Deed::Comment(_, body) => Some(body),
            _ => None,
        });
        for text in texts.chain([&story.title, &story.description]) {
            assert!(shared::fields::body(text, &()).is_ok() && !text.contains(['{', '|']), "{text}");
        }
    }
}

/// The numbers of a desk: tickets, comments, events, the last event's number, the largest one given; saved replies.
async fn numbers(db: &Db) -> [i64; 5] {
    let mut conn = db.read().await.unwrap();
    on_conn!(&mut conn, |c| {
        let tickets: i64 = tickets::table.count().get_result(c).await.unwrap();
        let comments: i64 = comments::table.count().get_result(c).await.unwrap();
        let events: i64 = events::table.count().get_result(c).await.unwrap();
        let last: i64 = event_counter::table.select(event_counter::last_id).first(c).await.unwrap();
        let replies: i64 = saved::table.count().get_result(c).await.unwrap();
        [tickets, comments, events, last, replies]
    })
}

#[actix_web::test]
async fn a_desk_is_filled_beside_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("turno.db"));
    migrate::migrate(&url).await.unwrap();
    let db = Db::open(&url).await.unwrap();
    let size = Size { tickets: 1_200, seed: 1 };
    let first = fill(&db, size, Progress::Silent).await.unwrap();
    let [tickets, comments, events, last, replies] = numbers(&db).await;
    assert_eq!([tickets, comments, replies], [1_200, 3_600, 7]);
    assert_eq!(events, last);
    assert!(events > 6 * 1_200 - 1_000, "{events} events");
    assert_eq!(first.iter().map(|login| login.role).collect::<Vec<_>>(), ["admin", "technician", "user"]);

    let second = fill(&db, size, Progress::Silent).await.unwrap();
    let [tickets, comments, again, last, replies] = numbers(&db).await;
    // Nobody saved again what was there.
    assert_eq!([tickets, comments, again, replies], [2_400, 7_200, 2 * events - 7, 7]);
    assert_eq!(again, last);
    for (one, other) in first.iter().zip(&second) {
        assert_ne!(one.username, other.username);
        assert_ne!(one.password, other.password);
    }
}

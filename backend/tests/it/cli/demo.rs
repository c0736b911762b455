//! The desk to look at that the README begins with.

use chrono::Utc;
use serde_json::{Value, json};

use super::{Serving, folder, run, turno};
use crate::support::{Database, Kind, TestApp};

/// The tickets that are invented on an empty database of a kind, oldest first, as an administrator reads them: without their
/// numbers, which are the database's own.
async fn invented(kind: Kind) -> Vec<Value> {
    let (folder, database) = (folder(), Database::empty(kind).await);
    let words = ["demo", "--tickets", "50", "--seed", "7"];
    run(turno(folder.path(), &words).env("DATABASE_URL", &database.url), "").succeeds();
    let app = TestApp::start(&database, &[]).await;
    let admin = app.admin().await;
    let mut tickets = Vec::new();
    for ticket in admin.pages("/tickets", &[("sort", "created_at")], 25).await {
        let comments = admin.pages(&format!("/tickets/{}/comments", ticket["id"]), &[], 25).await;
        let said = |comment: &Value| {
            json!([comment["author"]["name"], comment["body"], comment["visibility"], comment["created_at"]])
        };
        tickets.push(json!({
            "title": ticket["title"],
            "status": ticket["status"],
            "priority": ticket["priority"],
            "requester": ticket["requester"]["name"],
            "assignee": ticket["assignee"]["name"],
            "created_at": ticket["created_at"],
            "updated_at": ticket["updated_at"],
            "closed_at": ticket["closed_at"],
            "comments": comments.iter().map(said).collect::<Value>(),
        }));
    }
    app.stopper().stop(false).await;
    tickets
}

on_each_database! {
    async fn an_empty_desk_is_filled_and_says_who_can_log_in(database: Database) {
        let folder = folder();
        let words = ["serve", "--demo", "--listen", "127.0.0.1:0"];
        let serve = || Serving::start(turno(folder.path(), &words).env("DATABASE_URL", &database.url));
        let serving = serve();
        let mut roles = Vec::new();
        for line in &serving.printed {
            let [role, username, password] = line.split_whitespace().collect::<Vec<_>>()[..] else { continue };
            let (status, session) = serving.log_in(username, password).await;
            assert_eq!((status, session["user"]["role"].as_str()), (201, Some(role)), "{line}");
            roles.push(role);
        }
        assert_eq!(roles, ["admin", "technician", "user"]);
        let log = serving.logged();
        assert!(!log.contains('\u{1b}'), "colours for a file: {log}");

        // Their passwords are kept nowhere: what can be done is said.
        let again = serve();
        assert!(again.printed.iter().any(|line| line.contains("reset-password")), "{:?}", again.printed);
    }

    async fn a_seed_makes_the_same_tickets_on_every_database(database: Database) {
        let (here, on_sqlite) = loop {
            let today = Utc::now().date_naive();
            let desks = (invented(database.kind).await, invented(Kind::Sqlite).await);
            // A desk was in use until the last midnight: one that has passed meanwhile makes another of it.
            if Utc::now().date_naive() == today {
                break desks;
            }
        };
        assert_eq!((here.len(), on_sqlite.len()), (50, 50));
        for (one, other) in here.iter().zip(&on_sqlite) {
            assert_eq!(one, other);
        }
        let said = |ticket: &Value| ticket["comments"].as_array().unwrap().len();
        assert!(here.iter().map(said).sum::<usize>() > 50, "they hardly speak: {here:?}");
    }

    async fn a_desk_in_use_is_not_filled_with_invented_tickets(database: Database) {
        let folder = folder();
        let turno = |words: &[&str]| run(turno(folder.path(), words).env("DATABASE_URL", &database.url), "");
        turno(&["demo", "--tickets", "3"]).succeeds();
        let line = turno(&["demo", "--tickets", "3"]).fails();
        assert!(line.contains("--add"), "{line}");
        let mut outside = database.outside().await;
        assert_eq!(outside.number("SELECT COUNT(*) AS n FROM tickets").await, 3);
        turno(&["demo", "--tickets", "3", "--add"]).succeeds();
        assert_eq!(outside.number("SELECT COUNT(*) AS n FROM tickets").await, 6);
        // What was set aside for the flood is back, and the log is one chain.
        turno(&["verify-schema"]).succeeds();
        turno(&["verify-audit"]).succeeds();
    }
}

#[test]
fn how_many_there_can_be_is_said() {
    let folder = folder();
    let told = run(&mut turno(folder.path(), &["demo", "--tickets", "18446744073709551615"]), "").fails();
    assert!(told.contains("10000000"), "{told}");
    assert!(!folder.path().join("data").exists());
}

#[test]
fn what_is_no_number_is_told_which_ones_there_are() {
    let folder = folder();
    let (seeds, tickets) = ("from 0 to 18446744073709551615", "from 0 to 10000000");
    for (name, value, range) in [
        ("--seed", "-1", seeds),
        ("--seed", "many", seeds),
        ("--seed", "1.5", seeds),
        ("--seed", "", seeds),
        ("--seed", "18446744073709551616", seeds),
        ("--tickets", "-1", tickets),
        ("--tickets", "many", tickets),
        ("--tickets", "10000001", tickets),
    ] {
        let line = run(&mut turno(folder.path(), &["demo", name, value]), "").fails();
        assert!(line.contains(&format!("'{value}' for '{name}")) && line.contains(range), "{line}");
    }
    assert!(!folder.path().join("data").exists());
}

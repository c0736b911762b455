//! The desk to look at that the README begins with.

use super::{Serving, folder, run, turno};

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

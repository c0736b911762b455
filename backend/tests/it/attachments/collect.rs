//! What nobody knows of is collected, and nothing else.

use std::fs;

use backend::{attachments::collect::collect, db};
use chrono::TimeDelta;

use super::samples;
use crate::support::{Form, Kind};

/// Lets the database take attachments and refuse the transaction that holds one when it is to be committed.
const TRAP: &str = "CREATE TABLE trap (user_id BIGINT NOT NULL REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)";
const TRAP_SQLITE: &str = "CREATE TRIGGER springs AFTER INSERT ON attachments BEGIN INSERT INTO trap VALUES (-1); END";
const TRAP_POSTGRES: &str = "CREATE FUNCTION spring() RETURNS trigger LANGUAGE plpgsql AS \
    $$ BEGIN INSERT INTO trap VALUES (-1); RETURN NULL; END $$; \
    CREATE TRIGGER springs AFTER INSERT ON attachments FOR EACH ROW EXECUTE FUNCTION spring()";

on_each_database! {
    async fn what_is_forgotten_is_removed_after_a_day(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let id = ana.attach(ticket, &[("a.png", &samples::png(9, 9))]).await.expect(201).id();
        let known = app.files();
        for name in ["files/files/ab/cd/abcd-1", "files/thumbnails/ab/cd/abcd-1", "files/arriving/.tmp1"] {
            let path = app.storage().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "forgotten").unwrap();
        }
        let all = app.files();
        assert_eq!(all.len(), known.len() + 3);
        // It may be an upload that is still under way.
        for hours in [0, 23] {
            assert_eq!(collect(&app.state, db::now() + TimeDelta::hours(hours)).await.unwrap(), 0);
        }
        assert_eq!(app.files(), all);
        assert_eq!(collect(&app.state, db::now() + TimeDelta::hours(25)).await.unwrap(), 3);
        assert_eq!(app.files(), known);
        ana.get(&format!("/attachments/{id}")).await.expect(200);
        ana.get(&format!("/attachments/{id}/thumbnail")).await.expect(200);
        assert_eq!(collect(&app.state, db::now() + TimeDelta::hours(25)).await.unwrap(), 0);
    }

    async fn many_are_asked_for_together(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        ana.attach(ticket, &[("a.txt", b"hola")]).await.expect(201);
        // The storage is marked as this desk's: later nobody is to ask which of its files come first.
        let late = db::now() + TimeDelta::hours(25);
        assert_eq!(collect(&app.state, late).await.unwrap(), 0);
        let known = app.files();
        let folder = app.storage().join("files/files/ab/cd");
        fs::create_dir_all(&folder).unwrap();
        for n in 0..450 {
            fs::write(folder.join(format!("abcd-{n}")), "x").unwrap();
        }
        assert_eq!(collect(&app.state, late).await.unwrap(), 450);
        assert_eq!(app.files(), known);
    }

    async fn another_desks_files_are_left_alone(app: TestApp) {
        let forgotten = app.storage().join("files/files/ab/cd/abcd-1");
        fs::create_dir_all(forgotten.parent().unwrap()).unwrap();
        fs::write(&forgotten, "somebody else's").unwrap();
        let late = db::now() + TimeDelta::hours(25);
        // Without a mark: whoever knows none of the files is not whose they are.
        assert_eq!(collect(&app.state, late).await.unwrap(), 0);
        assert!(forgotten.exists());
        // Whoever knows one is.
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        ana.attach(ticket, &[("a.txt", b"hola")]).await.expect(201);
        assert_eq!(collect(&app.state, late).await.unwrap(), 1);
        assert!(!forgotten.exists());
        // The mark is of another database now.
        let mark = app.storage().join("files/desk");
        let ours = fs::read(&mark).unwrap();
        assert!(ours.len() >= 32);
        fs::write(&mark, "another").unwrap();
        fs::write(&forgotten, "somebody else's").unwrap();
        assert_eq!(collect(&app.state, late).await.unwrap(), 0);
        assert!(forgotten.exists());
        fs::write(&mark, ours).unwrap();
        assert_eq!(collect(&app.state, late).await.unwrap(), 1);
    }

    // MySQL checks all it checks before a commit.
    except(mysql)
    async fn what_is_refused_when_it_is_committed_leaves_nothing_for_long(app: TestApp) {
        let (spring, disarm) = match app.database.kind {
            Kind::Sqlite => (TRAP_SQLITE, "DROP TRIGGER springs"),
            _ => (TRAP_POSTGRES, "DROP TRIGGER springs ON attachments"),
        };
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        // The storage is the desk's by what it knows in it.
        ana.attach(ticket, &[("a.txt", b"hola")]).await.expect(201);
        app.sql(TRAP).await;
        app.sql(spring).await;
        let (stored, files) = (app.stored().await, app.files());
        // By another client: ours takes no fault of the server for an answer.
        let reply = reqwest::Client::new()
            .post(format!("{}/api/v1/tickets/{ticket}/attachments", app.origin))
            .header("Cookie", format!("turno_session={}", ana.cookie.as_deref().unwrap()))
            .header("X-CSRF-Token", ana.csrf.as_deref().unwrap())
            .header("Content-Type", Form::default().content_type())
            .body(Form::default().file("a.png", &samples::png(9, 9)).finish())
            .send()
            .await
            .unwrap();
        assert!(reply.status().is_server_error(), "{}", reply.status());
        assert_eq!(app.stored().await, stored);
        // Where the database may have kept it after all, it goes when that is certain.
        collect(&app.state, db::now() + TimeDelta::hours(25)).await.unwrap();
        assert_eq!(app.files(), files);
        app.sql(disarm).await;
        let id = ana.attach(ticket, &[("a.png", &samples::png(9, 9))]).await.expect(201).id();
        ana.get(&format!("/attachments/{id}")).await.expect(200);
    }
}

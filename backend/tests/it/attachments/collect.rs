//! What nobody knows of is collected, and nothing else.

use std::fs;

use backend::{attachments::collect::collect, db};
use chrono::TimeDelta;

use super::samples;

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
        let known = app.files();
        let folder = app.storage().join("files/files/ab/cd");
        fs::create_dir_all(&folder).unwrap();
        for n in 0..450 {
            fs::write(folder.join(format!("abcd-{n}")), "x").unwrap();
        }
        assert_eq!(collect(&app.state, db::now() + TimeDelta::hours(25)).await.unwrap(), 450);
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
}

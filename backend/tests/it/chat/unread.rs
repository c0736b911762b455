//! What is counted stays true whoever writes and reads at the same time.

use backend::{db::Db, events::verify::verify};
use futures_util::future::join_all;

use super::{mark_read, reach, say};

const EACH: usize = 12;

on_each_database! {
    settings(|config| config.workers = 2)
    async fn counts_hold_while_all_write_and_read(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        // Everybody writes to everybody, reads and gets, all at once.
        let pairs = [(&ana, &tech), (&tech, &ana), (&ana, &admin), (&admin, &ana), (&tech, &admin), (&admin, &tech)];
        let write = join_all(pairs.iter().map(|(from, to)| async move {
            for n in 0..EACH {
                let message = say(from, to, &format!("Aviso {n}")).await.id();
                if n % 4 == 0 {
                    from.delete(&format!("/messages/{message}")).await.expect(204);
                }
            }
        }));
        let reading = join_all(pairs.iter().map(|(from, to)| async move {
            for _ in 0..EACH / 2 {
                mark_read(to, from).await;
            }
        }));
        let delivering = join_all([&ana, &tech, &admin].map(|person| {
            let app = &app;
            async move {
                for _ in 0..EACH {
                    reach(app, person).await;
                }
            }
        }));
        tokio::join!(write, reading, delivering);
        let total = i64::try_from(pairs.len() * EACH).unwrap();
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages").await, total);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'message_sent'").await, total);
        let of_theirs = "SELECT COUNT(*) FROM messages WHERE to_id = user_id AND from_id = peer_id AND read_at IS NULL \
                         AND deleted_at IS NULL";
        let newest = "SELECT MAX(id) FROM messages WHERE (to_id = user_id AND from_id = peer_id) \
                      OR (from_id = user_id AND to_id = peer_id)";
        for wrong in [format!("unread <> ({of_theirs})"), format!("last_message_id <> ({newest})")] {
            assert_eq!(app.number(&format!("SELECT COUNT(*) AS n FROM conversations WHERE {wrong}")).await, 0, "{wrong}");
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM conversations").await, i64::try_from(pairs.len()).unwrap());
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM messages WHERE read_at IS NOT NULL AND delivered_at IS NULL").await, 0);
        for (from, to) in pairs {
            mark_read(to, from).await;
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM conversations WHERE unread <> 0").await, 0);
        verify(&Db::open(&app.database.parsed()).await.unwrap(), None).await.unwrap().unwrap();
    }
}

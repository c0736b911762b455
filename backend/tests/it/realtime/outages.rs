//! What is told while the database is away, and once it is back.

use std::time::Duration;

use actix_web::rt::{self, System};
use backend::config::Config;
use serde_json::json;
use shared::{ids::UserId, live::PresenceState};

use super::processes::{at, second};
use crate::support::{Client, Database, Kind, Server, TestApp, until};

/// Away, and back again.
async fn without<T>(mut server: Server, meanwhile: impl Future<Output = T>) -> (Server, T) {
    let on_a_thread = async |server: Server, change: fn(&mut Server)| {
        let change = rt::task::spawn_blocking(move || {
            let mut server = server;
            change(&mut server);
            server
        });
        change.await.unwrap()
    };
    server = on_a_thread(server, Server::stop).await;
    let done = meanwhile.await;
    (on_a_thread(server, |server| server.start_again().unwrap()).await, done)
}

async fn is_gone(app: &TestApp, person: &Client) {
    let hub = &app.state.live.hub;
    let gone = async || hub.presence(UserId(person.id)) == PresenceState::Offline;
    until("the socket is gone", Duration::from_secs(10), gone).await;
}

/// One program loses somebody while it cannot say so; the other one hears of it afterwards.
fn who_went_meanwhile_is_gone_everywhere(kind: Kind) {
    if kind.is_skipped() {
        return;
    }
    System::new().block_on(async {
        let server = Server::start(kind).unwrap();
        let database = Database::on(&server, kind).await;
        let app = TestApp::start(&database, &[|config: &mut Config| config.live_pace.grace = Duration::ZERO]).await;
        let other = second(&app, |_| ()).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = tech.live().await;
        let of_ana = at(&other, &ana).live().await;
        assert_eq!(of_tech.frame("presence").await["state"], "online");
        let (mut server, ()) = without(server, async {
            drop(of_ana);
            is_gone(&other, &ana).await;
            // What was to be said of it has failed by the time that this has, which was asked later.
            at(&other, &tech).get("/tickets").await.expect(503);
        })
        .await;
        let told = of_tech.frame("presence").await;
        assert_eq!((&told["user_id"], &told["state"]), (&json!(ana.id), &json!("offline")), "{told}");
        app.stopper().stop(false).await;
        other.stopper().stop(false).await;
        server.stop();
    });
}

/// Whoever may have lost their session is told nothing until that is known, and not for ever.
fn who_may_be_nobody_is_told_nothing(kind: Kind) {
    if kind.is_skipped() {
        return;
    }
    System::new().block_on(async {
        let server = Server::start(kind).unwrap();
        let database = Database::on(&server, kind).await;
        let app = TestApp::start(&database, &[|config: &mut Config| config.live_pace.grace = Duration::ZERO]).await;
        let hasty = second(&app, |config| config.live_pace.doubt = Duration::from_millis(500)).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let (mut of_tech, of_ana) = (tech.live().await, ana.live().await);
        let mut of_hasty = at(&hasty, &tech).live().await;
        of_tech.frame("presence").await;
        let (mut server, ()) = without(server, async {
            for program in [&app, &hasty] {
                program.state.live.hub.recheck(UserId(tech.id));
            }
            drop(of_ana);
            is_gone(&app, &ana).await;
            for _ in 0..5 {
                let told = of_tech.told().await;
                assert!(told.iter().all(|frame| frame["type"] != "presence"), "{told:?}");
            }
            assert_eq!(of_hasty.closed().await, 1013);
        })
        .await;
        assert_eq!(of_tech.frame("presence").await["state"], "offline");
        app.stopper().stop(false).await;
        hasty.stopper().stop(false).await;
        server.stop();
    });
}

mod presence {
    use super::*;

    #[test]
    fn postgres() {
        who_went_meanwhile_is_gone_everywhere(Kind::Postgres);
    }

    #[test]
    fn mysql() {
        who_went_meanwhile_is_gone_everywhere(Kind::Mysql);
    }
}

mod sessions {
    use super::*;

    #[test]
    fn postgres() {
        who_may_be_nobody_is_told_nothing(Kind::Postgres);
    }

    #[test]
    fn mysql() {
        who_may_be_nobody_is_told_nothing(Kind::Mysql);
    }
}

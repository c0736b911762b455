//! The connection on which a program hears of others on PostgreSQL is lost, and comes back.

use std::time::Duration;

use backend::db::listen::NAME;
use serde_json::json;
use shared::{ids::UserId, live::PresenceState};

use super::processes::{at, second};
use crate::support::{TestApp, until};

/// How many programs listen now.
async fn listening(app: &TestApp) -> i64 {
    let of_this = "datname = current_database()";
    app.number(&format!("SELECT COUNT(*) AS n FROM pg_stat_activity WHERE {of_this} AND application_name = '{NAME}'"))
        .await
}

async fn until_both_listen(app: &TestApp) {
    until("both listen", Duration::from_secs(20), async || listening(app).await == 2).await;
}

/// Ends the connections on which programs listen, as a server that restarts does, or a firewall; how many there were.
async fn cut_off(app: &TestApp) -> i64 {
    let of_this = "datname = current_database()";
    let end = "COUNT(CASE WHEN pg_terminate_backend(pid) THEN 1 END)";
    app.number(&format!("SELECT {end} AS n FROM pg_stat_activity WHERE {of_this} AND application_name = '{NAME}'"))
        .await
}

on_each_database! {
    // Nobody looks by themselves: what is told was heard.
    settings(|config| config.live_pace.look = Duration::from_secs(3600))
    only(postgres)
    async fn who_hears_nothing_any_more_listens_again_and_has_missed_nothing(app: TestApp) {
        let other = second(&app, |_| ()).await;
        until_both_listen(&app).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = at(&other, &tech).live().await;
        let before = app.ticket(&ana, "Antes").await;
        assert_eq!(of_tech.event("ticket_created").await["ticket_id"], before);
        for round in 0..2 {
            assert_eq!(cut_off(&app).await, 2, "round {round}");
            // Nobody hears that these are committed.
            let mut missed = Vec::new();
            for n in 0..3 {
                missed.push(app.ticket(&ana, &title(round, n)).await);
            }
            for ticket in missed {
                assert_eq!(of_tech.event("ticket_created").await["ticket_id"], ticket, "round {round}");
            }
            until_both_listen(&app).await;
            // From here on they are heard by listening.
            for n in 3..6 {
                let ticket = app.ticket(&ana, &title(round, n)).await;
                assert_eq!(of_tech.event("ticket_created").await["ticket_id"], ticket, "round {round}");
            }
        }
        other.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.look = Duration::from_secs(3600))
    only(postgres)
    async fn what_is_good_for_a_moment_is_told_again_too(app: TestApp) {
        let other = second(&app, |_| ()).await;
        until_both_listen(&app).await;
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut of_tech = at(&other, &tech).live().await;
        assert_eq!(cut_off(&app).await, 2);
        // She comes while nobody hears of it.
        let mut of_ana = ana.live().await;
        let there = of_tech.frame("presence").await;
        assert_eq!((&there["user_id"], &there["state"]), (&json!(ana.id), &json!("online")), "{there}");
        let knows = async || app.state.live.hub.presence(UserId(tech.id)) == PresenceState::Online;
        until("the first knows of the other again", Duration::from_secs(20), knows).await;
        of_ana.send(json!({ "type": "typing", "to": tech.id })).await;
        assert_eq!(of_tech.frame("typing").await["from"], ana.id);
        other.stopper().stop(false).await;
    }

    settings(|config| config.live_pace.look = Duration::from_secs(3600))
    only(postgres)
    async fn what_nobody_heard_of_a_bell_is_counted_again(app: TestApp) {
        let other = second(&app, |_| ()).await;
        until_both_listen(&app).await;
        let (ana, admin) = (app.user().await, app.admin().await);
        let ticket = app.ticket(&ana, "Antes").await;
        admin.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "Ya voy" })).await.expect(201);
        let mut phone = at(&other, &ana).live().await;
        let knows = async || app.state.live.hub.presence(UserId(ana.id)) == PresenceState::Online;
        until("the first knows where she is", Duration::from_secs(20), knows).await;
        assert_eq!(cut_off(&app).await, 2);
        ana.put("/notifications/read", json!({})).await.expect(204);
        assert_eq!(phone.frame("notifications").await["unread"], 0);
        other.stopper().stop(false).await;
    }
}

/// What a ticket is called.
fn title(round: i32, n: i32) -> String {
    format!("Aviso {round}.{n}")
}

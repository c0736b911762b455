//! A right that is lost at one program while another one serves whoever had it: it is lost there, too, and at once.

use std::time::Instant;

use serde_json::{Value, json};

use super::{
    processes::{Times, at, second},
    told_by_now,
};
use crate::support::{Client, Socket, TestApp};

/// How often each right is taken away and given back.
const ROUNDS: usize = 3;

/// A ticket that nobody has, and a technician who sees it for that, and whom another program serves.
struct Watched<'a> {
    app: &'a TestApp,
    ana: Client,
    tech: Client,
    of_tech: Socket,
    /// Of the ticket.
    path: String,
    times: Times,
}

impl Watched<'_> {
    /// Waits until the technician is told that they lost it: from then on nothing of it is given out, nor told, to them.
    async fn is_lost(&mut self, what: &'static str, began: Instant, is_told: impl Fn(&Value) -> bool) {
        self.of_tech.find(what, is_told).await;
        self.tech.get(&self.path).await.expect(404).problem("not_found");
        self.times.note(what, began);
        assert!(!self.is_told_of_a_comment().await, "told of a comment after: {what}");
    }

    /// The same where a frame tells to read everything anew.
    async fn is_read_anew(&mut self, what: &'static str, began: Instant) {
        self.is_lost(what, began, |frame| frame["type"] == "resync").await;
    }

    /// They see it, so that there is something to lose. Whatever there was to be told of that has been told after this.
    async fn is_there(&mut self) {
        // What gave it back is told before the comment and all that comes after it.
        assert!(self.is_told_of_a_comment().await, "not told of a comment");
        self.tech.get(&self.path).await.expect(200);
    }

    async fn is_told_of_a_comment(&mut self) -> bool {
        self.ana.post(&format!("{}/comments", self.path), json!({ "body": "¿Y?" })).await.expect(201);
        let told = told_by_now(self.app, &self.tech, &mut self.of_tech).await;
        told.iter().any(|frame| frame["kind"] == "comment_added")
    }
}

/// Chooses what technicians see.
async fn choose_scope(admin: &Client, scope: &str) {
    let settings = admin.get("/settings").await.expect(200);
    let body = json!({ "version": settings["version"], "technician_scope": scope });
    admin.patch("/settings", body).await.expect(200);
}

on_each_database! {
    except(sqlite)
    async fn what_is_lost_at_one_is_lost_at_the_other_at_once(app: TestApp) {
        let other = second(&app, |_| ()).await;
        let (ana, tech, colleague, admin) =
            (app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        let (path, tech) = (format!("/tickets/{ticket}"), at(&other, &tech));
        let (user, assign, of_tech) = (format!("/users/{}", tech.id), format!("{path}/assign"), tech.live().await);
        let mut watched = Watched { app: &app, ana, tech, of_tech, path, times: Times::default() };
        for _ in 0..ROUNDS {
            watched.is_there().await;
            let began = Instant::now();
            choose_scope(&admin, "assigned").await;
            watched.is_read_anew("technicians see their own alone", began).await;
            choose_scope(&admin, "queue").await;

            watched.is_there().await;
            let began = Instant::now();
            admin.patch(&user, json!({ "role": "user" })).await.expect(200);
            watched.is_read_anew("they are no technician", began).await;
            admin.patch(&user, json!({ "role": "technician" })).await.expect(200);

            watched.is_there().await;
            let began = Instant::now();
            admin.post(&assign, json!({ "assignee_id": colleague.id })).await.expect(200);
            let is_lost = |frame: &Value| frame["kind"] == "ticket_assigned" && frame["lost"] == true;
            watched.is_lost("somebody else has it", began, is_lost).await;
            admin.post(&assign, json!({ "assignee_id": null })).await.expect(200);
        }
        watched.times.are_short();
        other.stopper().stop(false).await;
    }
}

//! A database server that is there and says nothing: frozen, or behind a network that swallows what is sent.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use actix_web::rt::{System, task::spawn_blocking};
use backend::config::Config;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{Client, Database, Kind, Outside, Reply, Server, TestApp, until};

/// How long the program lets the server keep silent here.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long a request may take then: a connection is lent and a statement asked, for the caller and for what they ask; the
/// rest is for a busy machine.
const BOUND: Duration = Duration::from_secs(20);

/// Runs a test against the whole program, on a server that it has for itself.
fn run(kind: Kind, check: impl AsyncFnOnce(&TestApp, &Server)) {
    if kind.is_skipped() {
        return;
    }
    System::new().block_on(async {
        let mut server = Server::start(kind).unwrap();
        let database = Database::on(&server, kind).await;
        let app = TestApp::start(&database, &[|config: &mut Config| config.database_patience = PATIENCE]).await;
        check(&app, &server).await;
        app.stopper().stop(false).await;
        spawn_blocking(move || server.stop()).await.unwrap();
    });
}

/// It was told to come back.
fn was_refused(reply: Reply) {
    drop(reply.expect(503).problem("unavailable"));
}

/// Opens tickets until it is over, and notes which were acknowledged.
async fn write(person: &Client, over: &Cell<bool>, acknowledged: &RefCell<Vec<i64>>) {
    while !over.get() {
        let began = Instant::now();
        let reply = person.post("/tickets", json!({ "title": "Sin parar", "description": "x" })).await;
        assert!(began.elapsed() < BOUND, "it waited for {:?}", began.elapsed());
        match reply.status {
            201 => acknowledged.borrow_mut().push(reply.id()),
            _ => was_refused(reply),
        }
    }
}

/// Freezes the server, asks, and lets it go on.
async fn freeze_and_thaw(app: &TestApp, server: &Server, ana: &Client) {
    // As many connections as the pool has, so that each idle one has to be found out.
    join_all((0..40).map(|_| async { ana.get("/tickets").await.expect(200) })).await;
    let frozen = server.freeze();
    let began = Instant::now();
    let read = join_all((0..20).map(|_| async { was_refused(ana.get("/tickets").await) }));
    let looked = async {
        app.anonymous().request_at(Method::GET, "/healthz").send().await.expect(200);
        was_refused(app.anonymous().request_at(Method::GET, "/readyz").send().await);
    };
    tokio::join!(read, looked);
    assert!(began.elapsed() < BOUND, "they waited for {:?}", began.elapsed());
    drop(frozen);

    until("it has recovered", BOUND, async || ana.get("/tickets").await.status == 200).await;
    app.anonymous().request_at(Method::GET, "/readyz").send().await.expect(200);
    let began = Instant::now();
    join_all((0..40).map(|_| async { ana.get("/tickets").await.expect(200) })).await;
    assert!(began.elapsed() < BOUND, "40 requests took {:?}", began.elapsed());
}

/// Freezes the server while people read and write.
async fn nobody_waits_for_ever(app: &TestApp, server: &Server) {
    let (ana, luis) = (app.user().await, app.user().await);
    let (over, acknowledged) = (Cell::new(false), RefCell::new(Vec::new()));
    let interfere = async {
        // Twice: the second time with connections that were made after the first.
        for round in 1..=2 {
            let goes_on = async || acknowledged.borrow().len() >= round * 10;
            until("tickets are opened", Duration::from_secs(30), goes_on).await;
            freeze_and_thaw(app, server, &ana).await;
        }
        app.ticket(&ana, "Teclado").await;
        over.set(true);
    };
    tokio::join!(write(&luis, &over, &acknowledged), interfere);

    let kept = app.numbers("SELECT id AS n FROM tickets").await;
    for id in acknowledged.borrow().iter() {
        assert!(kept.contains(id), "ticket {id} was acknowledged and is lost");
    }
    // What was begun when it froze was finished or undone.
    until("the log is whole", BOUND, async || {
        let tickets = app.number("SELECT COUNT(*) AS n FROM tickets").await;
        let events = app.numbers("SELECT id AS n FROM events ORDER BY id").await;
        let told = app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'ticket_created'").await;
        tickets == told && events.windows(2).all(|pair| pair[1] == pair[0] + 1)
    })
    .await;
}

/// Keeps a statement waiting, on a server that is otherwise well: behind another program's lock, which is not let go.
async fn no_statement_waits_for_ever(app: &TestApp, _: &Server) {
    let ana = app.user().await;
    let kept = app.ticket(&ana, "Ratón").await;
    let mut other = app.database.outside().await;
    let (lock, unlock) = match other {
        Outside::Mysql(_) => ("LOCK TABLES tickets WRITE", "UNLOCK TABLES"),
        _ => ("BEGIN; LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE", "ROLLBACK"),
    };
    other.execute(lock).await;
    let began = Instant::now();
    let held = join_all((0..4).map(|_| async { was_refused(ana.get("/tickets").await) }));
    let free = async { ana.in_background().get("/me").await.expect(200) };
    tokio::join!(held, free);
    let waited = began.elapsed();
    assert!(waited >= PATIENCE && waited < BOUND, "they waited for {waited:?}");
    other.execute(unlock).await;
    // Their connections were thrown away: what they were asked is not what the next one hears.
    for _ in 0..20 {
        assert_eq!(ana.get("/tickets").await.expect(200).ids(), [kept]);
        assert_eq!(ana.get("/me").await.expect(200)["id"], ana.id);
    }
}

mod a_frozen_server_keeps_nobody_waiting_for_ever {
    use super::*;

    #[test]
    fn postgres() {
        run(Kind::Postgres, nobody_waits_for_ever);
    }

    #[test]
    fn mysql() {
        run(Kind::Mysql, nobody_waits_for_ever);
    }
}

mod a_statement_that_gets_no_answer_is_given_up {
    use super::*;

    #[test]
    fn postgres() {
        run(Kind::Postgres, no_statement_waits_for_ever);
    }

    #[test]
    fn mysql() {
        run(Kind::Mysql, no_statement_waits_for_ever);
    }
}

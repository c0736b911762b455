//! What goes wrong around the program: clients that leave, databases that go away.

use std::{
    cell::{Cell, RefCell},
    io::ErrorKind::WouldBlock,
    time::{Duration, Instant},
};

use actix_web::rt::{self, System};
use futures_util::future::{join_all, try_join_all};
use reqwest::Method;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{Client, Database, Kind, Outside, Reply, Server, TestApp, until};

/// What another program holds on to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// Whoever reads tickets waits.
    Reads,
    /// Whoever appends an event waits, with its transaction open.
    Writes,
}

impl Hold {
    async fn take(self, outside: &mut Outside) {
        let sql = match (&outside, self) {
            (Outside::Sqlite(_), _) => "BEGIN IMMEDIATE",
            (Outside::Postgres(_), Self::Reads) => "BEGIN; LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE",
            (Outside::Mysql(_), Self::Reads) => "LOCK TABLES tickets WRITE",
            (_, Self::Writes) => "BEGIN; UPDATE event_counter SET last_id = last_id + 100",
        };
        outside.execute(sql).await;
    }

    async fn release(self, outside: &mut Outside) {
        let sql = match (&outside, self) {
            (Outside::Mysql(_), Self::Reads) => "UNLOCK TABLES",
            _ => "ROLLBACK",
        };
        outside.execute(sql).await;
    }

    /// How many statements of the program wait for it.
    async fn waiting(self, app: &TestApp) -> i64 {
        app.number(match (app.database.kind, self) {
            (Kind::Sqlite, _) => unreachable!("SQLite does not tell"),
            (Kind::Postgres, _) => {
                "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            }
            (Kind::Mysql, Self::Reads) => {
                "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() \
                 AND state LIKE 'Waiting for table%'"
            }
            // Nobody can finish this statement while it is held. `innodb_trx` would know better, but it shows the same
            // for as long as it is asked more often than ten times a second.
            (Kind::Mysql, Self::Writes) => {
                "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() \
                 AND command IN ('Query', 'Execute') AND info LIKE '%event_counter%FOR UPDATE'"
            }
        })
        .await
    }
}

/// Sends a request so many times, waits until the database keeps them waiting, and hangs up.
async fn hang_up<F>(app: &TestApp, hold: Hold, times: usize, held: i64, ask: impl Fn() -> F)
where
    F: Future<Output = Reply> + 'static,
{
    let bystander = app.user().await.in_background();
    let mut other = app.database.outside().await;
    hold.take(&mut other).await;
    let calls: Vec<_> = (0..times).map(|_| rt::spawn(ask())).collect();
    if app.database.kind == Kind::Sqlite {
        // SQLite does not tell who waits. The one worker takes requests in their order, so by now it has taken those.
        for _ in 0..20 {
            bystander.get("/me").await.expect(200);
        }
    } else {
        until("they wait", Duration::from_secs(20), async || hold.waiting(app).await >= held).await;
    }
    for call in calls {
        assert!(!call.is_finished(), "it was answered in spite of the lock");
        call.abort();
        assert!(call.await.is_err_and(|error| error.is_cancelled()));
    }
    hold.release(&mut other).await;
}

/// How many connections the program reads a SQLite file with.
const SQLITE_READERS: usize = 4;
/// Puts a view in the place of a table that counts for seconds before it gives a row: what SQLite itself is busy with
/// nobody can break off.
const SLOW: &str = "\
    ALTER TABLE saved_views RENAME TO kept_views; \
    CREATE VIEW saved_views AS SELECT * FROM kept_views WHERE ( \
        WITH RECURSIVE steps (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < 10000000) \
        SELECT COUNT(*) FROM steps \
    ) > 0";
const QUICK: &str = "DROP VIEW saved_views; ALTER TABLE kept_views RENAME TO saved_views";

/// Whether every connection that reads is lent, and stays so for a while.
async fn no_reader_is_free(app: &TestApp) -> bool {
    tokio::time::timeout(Duration::from_millis(200), app.state.db.read()).await.is_err()
}

/// Sends a request and keeps the connection.
async fn begin(person: &Client, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(person.origin.trim_start_matches("http://")).await.unwrap();
    let cookie = person.cookie.as_deref().unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: turno_session={cookie}\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

/// Has SQLite busy with as many queries as there are connections to read with, resets the clients' connections, and waits
/// until the program has its own back.
async fn hang_up_on_sqlite(app: &TestApp, person: &Client) {
    person.post("/views", json!({ "name": "Lenta", "filters": {} })).await.expect(201);
    app.sql(SLOW).await;
    let calls = join_all((0..SQLITE_READERS).map(|_| begin(person, "/api/v1/views"))).await;
    until("SQLite is busy with all of them", Duration::from_secs(20), async || no_reader_is_free(app).await).await;
    for call in calls {
        assert!(call.try_read(&mut [0; 1]).is_err_and(|error| error.kind() == WouldBlock), "it was answered already");
        call.set_zero_linger().unwrap();
    }
    // Neither what was asked nor that nobody waits for it any more keeps the one worker from others.
    person.get("/me").await.expect(200);
    assert!(no_reader_is_free(app).await, "SQLite was done with it already");
    let all = async || try_join_all((0..SQLITE_READERS).map(|_| app.state.db.read())).await.is_ok();
    until("the program has its connections back", Duration::from_secs(60), all).await;
    app.sql(QUICK).await;
    assert_eq!(person.get("/views").await.expect(200).items().len(), 1);
}

/// The one worker and the pool do what they did before.
async fn is_healthy(app: &TestApp, person: &Client) {
    let started = Instant::now();
    let requests = (0..50).map(|n| async move {
        match n % 5 {
            0 => person.post("/tickets", json!({ "title": format!("Tras {n}"), "description": "x" })).await.expect(201),
            1 => person.get("/me").await.expect(200),
            2 => person.get("/session").await.expect(200),
            _ => person.get("/tickets").await.expect(200),
        }
    });
    join_all(requests).await;
    assert!(started.elapsed() < Duration::from_secs(20), "50 requests took {:?}", started.elapsed());
    app.anonymous().request_at(Method::GET, "/readyz").send().await.expect(200);
    if app.database.kind == Kind::Postgres {
        let open = "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
                    AND state LIKE 'idle in transaction%'";
        assert_eq!(app.number(open).await, 0, "a transaction was left open");
    }
}

on_each_database! {
    async fn a_client_that_hangs_up_while_it_reads_harms_nobody(app: TestApp) {
        let ana = app.user().await;
        app.ticket(&ana, "Ratón").await;
        if app.database.kind == Kind::Sqlite {
            // Nobody keeps a reader of SQLite waiting: it is given something to do.
            hang_up_on_sqlite(&app, &ana).await;
        } else {
            // More than the pool has connections.
            hang_up(&app, Hold::Reads, 20, 16, || {
                let ana = ana.clone();
                async move { ana.get("/tickets").await }
            })
            .await;
        }
        is_healthy(&app, &ana).await;
    }

    async fn a_client_that_hangs_up_while_it_writes_harms_nobody(app: TestApp) {
        let ana = app.user().await;
        app.ticket(&ana, "Ratón").await;
        hang_up(&app, Hold::Writes, 6, 6, || {
            let ana = ana.clone();
            async move { ana.post("/tickets", json!({ "title": "Colgado", "description": "x" })).await }
        })
        .await;
        is_healthy(&app, &ana).await;
        // What was begun is finished or undone: no ticket without its event, no gap in the log.
        until("the log is whole", Duration::from_secs(10), async || {
            let tickets = app.number("SELECT COUNT(*) AS n FROM tickets").await;
            let events = app.numbers("SELECT id AS n FROM events ORDER BY id").await;
            let told = app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'ticket_created'").await;
            tickets == told && tickets >= 11 && events.windows(2).all(|pair| pair[1] == pair[0] + 1)
        })
        .await;
    }
}

/// What a client may do while the database is away, and what it is told.
async fn everything_is_unavailable(app: &TestApp, person: &Client) {
    let ticket = json!({ "title": "x", "description": "x" });
    let log_in = json!({ "login": person.username, "password": "x" });
    for request in [
        person.request(Method::GET, "/tickets"),
        person.request(Method::GET, "/me"),
        person.request(Method::GET, "/session"),
        person.request(Method::GET, "/tickets/1"),
        person.request(Method::POST, "/tickets").json(&ticket),
        person.request(Method::POST, "/session/extend"),
        app.anonymous().request(Method::POST, "/session").json(&log_in),
        app.anonymous().request_at(Method::GET, "/readyz"),
    ] {
        request.send().await.expect(503).problem("unavailable");
    }
    app.anonymous().request_at(Method::HEAD, "/readyz").send().await.expect(503);
    app.anonymous().request_at(Method::GET, "/healthz").send().await.expect(200);
    app.anonymous().get("/me").await.expect(401);
}

/// The server of the database is broken off while people write, stays away, and comes back.
fn the_database_goes_away_and_comes_back(kind: Kind) {
    if kind.is_skipped() {
        return;
    }
    System::new().block_on(async {
        let mut server = Server::start(kind).unwrap();
        let database = Database::on(&server, kind).await;
        let app = TestApp::start(&database, &[]).await;
        let (ana, luis) = (app.user().await, app.user().await);

        let acknowledged = RefCell::new(Vec::new());
        let over = Cell::new(false);
        let write = async {
            while !over.get() {
                let reply = luis.post("/tickets", json!({ "title": "Sin parar", "description": "x" })).await;
                match reply.status {
                    201 => acknowledged.borrow_mut().push(reply.id()),
                    _ => drop(reply.expect(503).problem("unavailable")),
                }
                tokio::task::yield_now().await;
            }
        };
        let count = async |more: usize| {
            let enough = acknowledged.borrow().len() + more;
            until("tickets are opened", Duration::from_secs(30), async || acknowledged.borrow().len() >= enough).await;
        };
        let interfere = async {
            for _ in 0..2 {
                count(20).await;
                server = rt::task::spawn_blocking(move || {
                    server.stop();
                    server
                })
                .await
                .unwrap();
                everything_is_unavailable(&app, &ana).await;
                server = rt::task::spawn_blocking(move || {
                    server.start_again().unwrap();
                    server
                })
                .await
                .unwrap();
                until("it has recovered", Duration::from_secs(20), async || ana.get("/tickets").await.status == 200)
                    .await;
                app.anonymous().request_at(Method::GET, "/readyz").send().await.expect(200);
                ana.get("/me").await.expect(200);
                count(20).await;
            }
            over.set(true);
            server
        };
        let ((), mut server) = tokio::join!(write, interfere);

        let mut outside = database.outside().await;
        let kept = outside.numbers("SELECT id AS n FROM tickets").await;
        for id in acknowledged.borrow().iter() {
            assert!(kept.contains(id), "ticket {id} was acknowledged and is lost");
        }
        let events = outside.numbers("SELECT id AS n FROM events ORDER BY id").await;
        assert_eq!(events.len(), kept.len());
        assert!(events.windows(2).all(|pair| pair[1] == pair[0] + 1), "the log has a gap");
        is_healthy_after(&luis).await;
        app.stopper().stop(false).await;
        server.stop();
    });
}

async fn is_healthy_after(person: &Client) {
    join_all((0..50).map(|_| async { person.get("/tickets").await.expect(200) })).await;
}

mod the_database_goes_away_while_people_write {
    use super::*;

    #[test]
    fn postgres() {
        the_database_goes_away_and_comes_back(Kind::Postgres);
    }

    #[test]
    fn mysql() {
        the_database_goes_away_and_comes_back(Kind::Mysql);
    }

    /// A file does not go away from a process that has it open. What can happen is that another program keeps it locked
    /// for longer than a request should wait.
    #[test]
    fn sqlite() {
        TestApp::run(Kind::Sqlite, &[], async |app| {
            let ana = app.user().await;
            let kept = app.ticket(&ana, "Ratón").await;
            let mut other = app.database.outside().await;
            Hold::Writes.take(&mut other).await;
            let started = Instant::now();
            let writers = join_all((0..3).map(|_| async {
                let writer = ana.in_background();
                writer.post("/tickets", json!({ "title": "x", "description": "x" })).await
            }));
            let readers = async {
                let reader = ana.in_background();
                for _ in 0..20 {
                    reader.get("/tickets").await.expect(200);
                }
                assert!(started.elapsed() < Duration::from_secs(5), "readers wait for the writers");
            };
            let (refused, ()) = tokio::join!(writers, readers);
            refused.into_iter().for_each(|reply| drop(reply.expect(503).problem("unavailable")));
            assert!(started.elapsed() < Duration::from_secs(19), "they waited for {:?}", started.elapsed());
            Hold::Writes.release(&mut other).await;
            drop(other);
            let next = app.ticket(&ana, "Teclado").await;
            assert_eq!(ana.get("/tickets").await.ids(), [next, kept]);
            is_healthy(&app, &ana).await;
        });
    }
}

//! What every test stands on: a program that listens, people who are logged in, and answers that explain themselves.

mod app;
mod bucket;
mod client;
mod contract;
mod database;
mod form;
mod letter;
mod pictures;
mod post;
mod schema;
mod server;
mod signature;
mod socket;

use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use actix_web::rt::System;
use backend::config::Config;
use futures_util::FutureExt;

pub use self::{
    app::{PASSWORD, TestApp, new_id, sql_for_person},
    bucket::{Bucket, Fault},
    client::{Client, Reply, Request, ids},
    contract::{Operation, document, faults, operations},
    database::{Database, Kind, Outside},
    form::Form,
    pictures::{deep_png, picture, png, progressive_jpeg},
    post::PostOffice,
    server::Server,
    signature::Keys,
    socket::Socket,
};

/// A change to the settings a test's program runs with.
pub type Tune = fn(&mut Config);

/// No test takes longer than this; one that does waits for something that will not happen.
const LONGEST: Duration = Duration::from_secs(150);

/// Writes one test of the product as three: `name::sqlite`, `name::postgres` and `name::mysql`.
///
/// ```ignore
/// on_each_database! {
///     async fn a_ticket_is_opened(app: TestApp) { … }
///
///     settings(|config| config.workers = 2)
///     async fn two_workers_serve(app: TestApp) { … }
///
///     async fn a_schema_is_migrated(database: Database) { … }
///
///     except(sqlite)
///     async fn two_programs_share_it(app: TestApp) { … }
///
///     only(mysql)
///     async fn it_gives_numbers_in_steps(app: TestApp) { … }
/// }
/// ```
///
/// Where a test has no meaning on a database it is left out there, rather than counted among those that pass.
macro_rules! on_each_database {
    ($(
        $(#[$about:meta])*
        $(settings($tune:expr))?
        $(except($left_out:ident))?
        $(only($chosen:ident))?
        async fn $name:ident($given:ident: $kind:ident) $body:block
    )+) => {$(
        $(#[$about])*
        mod $name {
            #[allow(unused_imports, reason = "not every test uses all that its file imports")]
            use super::*;

            const TUNE: &[$crate::support::Tune] = &[$($tune)?];

            async fn check($given: $crate::support::$kind) $body

            on_each_database!(@on $kind $(except $left_out)? $(only $chosen)?);
        }
    )+};
    (@on $kind:ident) => {
        on_each_database!(@on $kind only sqlite);
        on_each_database!(@on $kind only postgres);
        on_each_database!(@on $kind only mysql);
    };
    (@on $kind:ident except sqlite) => {
        on_each_database!(@on $kind only postgres);
        on_each_database!(@on $kind only mysql);
    };
    (@on $kind:ident except mysql) => {
        on_each_database!(@on $kind only sqlite);
        on_each_database!(@on $kind only postgres);
    };
    (@on $kind:ident only sqlite) => {
        #[test]
        fn sqlite() {
            $crate::support::$kind::run($crate::support::Kind::Sqlite, TUNE, check);
        }
    };
    (@on $kind:ident only postgres) => {
        #[test]
        fn postgres() {
            $crate::support::$kind::run($crate::support::Kind::Postgres, TUNE, check);
        }
    };
    (@on $kind:ident only mysql) => {
        #[test]
        fn mysql() {
            $crate::support::$kind::run($crate::support::Kind::Mysql, TUNE, check);
        }
    };
}

impl TestApp {
    /// Runs a test against the whole program on a migrated database of its own.
    pub fn run<F: Future<Output = ()>>(kind: Kind, tune: &[Tune], check: impl FnOnce(Self) -> F) {
        if kind.is_skipped() {
            return;
        }
        System::new().block_on(async {
            let database = Database::migrated(kind).await;
            let app = Self::start(&database, tune).await;
            let stop = app.stopper();
            let outcome = bounded(check(app)).await;
            stop.stop(false).await;
            database.remove().await;
            outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        });
    }
}

impl Database {
    /// Runs a test against an empty database, without the program.
    pub fn run<F: Future<Output = ()>>(kind: Kind, _: &[Tune], check: impl FnOnce(Self) -> F) {
        if kind.is_skipped() {
            return;
        }
        System::new().block_on(async {
            let outcome = bounded(check(Self::empty(kind).await)).await;
            outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        });
    }
}

async fn bounded(check: impl Future<Output = ()>) -> std::thread::Result<()> {
    let check = async {
        tokio::time::timeout(LONGEST, check).await.expect("the test waits for something that does not happen");
    };
    AssertUnwindSafe(check).catch_unwind().await
}

/// Waits for something to become true; fails when it does not in time.
#[track_caller]
pub fn until<F: Future<Output = bool>>(
    what: &'static str,
    within: Duration,
    mut is_so: impl FnMut() -> F,
) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let watch = async {
            while !is_so().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        assert!(tokio::time::timeout(within, watch).await.is_ok(), "not within {within:?}: {what} ({caller})");
    }
}

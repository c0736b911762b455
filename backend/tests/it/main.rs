//! The whole program over HTTP, on each of the three databases. One binary; its modules mirror the URLs.
//!
//! SQLite is always there. PostgreSQL and MariaDB or MySQL run whenever their programs are on the machine: one private
//! server of each for this process, in a temporary folder, gone when the process ends. `TURNO_TEST_DATABASES`
//! (`sqlite,postgres,mysql`) says which must run; a missing one then is a failure.

#![allow(
    clippy::pedantic,
    clippy::cmp_owned,
    clippy::large_enum_variant,
    reason = "a test is read as a sentence and run once: what makes it read well goes before what makes it lean"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[macro_use]
mod support;

mod answers;
mod attachments;
mod audit;
mod audit_chain;
mod avatars;
mod bounds;
mod bulk;
mod categories;
mod chat;
mod cli;
mod dashboard;
mod demo_desk;
mod errors;
mod events;
mod favicon;
mod frozen;
mod headers;
mod imports;
mod languages;
mod login_limit;
mod mail;
mod mail_line;
mod me;
mod notifications;
mod openapi;
mod password_links;
mod permissions;
mod races;
mod realtime;
mod replies;
mod reports;
mod resilience;
mod schema;
mod search;
mod search_hits;
mod search_scores;
mod session;
mod settings;
mod similar;
mod tickets;
mod tokens;
mod unread;
mod users;
mod views;

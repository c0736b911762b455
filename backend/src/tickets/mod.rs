//! Tickets, their comments and their history.
//!
//! [`access`] finds a ticket for a caller or says that there is none; [`service`] is what changes do, [`decide`]
//! what they come to, [`bulk`] several at once; [`list`] is the
//! queue, asked in pieces that each follow an index; [`store`] is the SQL. [`mentions`] says whom a comment names and who may
//! be named, [`watchers`] who follows, [`word`] whose turn it is to speak.

pub(crate) mod access;
mod bulk;
mod comments;
mod decide;
mod edit;
pub mod handlers;
mod history;
pub(crate) mod list;
mod looked_for;
pub mod mentions;
mod ranges;
mod reads;
pub(crate) mod rows;
pub mod service;
mod store;
pub(crate) mod telling;
mod turn;
pub mod watchers;
pub(crate) mod word;

use crate::web::routes::Routes;

pub(crate) use self::looked_for::LATEST;
pub use self::rows::{priority_code, status_code, visibility_code};

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_tickets)
        .service(handlers::create_ticket)
        .service(handlers::get_ticket)
        .service(handlers::update_ticket)
        .service(handlers::close_ticket)
        .service(handlers::reopen_ticket)
        .service(handlers::assign_ticket)
        .service(handlers::change_tickets)
        .service(handlers::list_comments)
        .service(handlers::add_comment)
        .service(handlers::edit_comment)
        .service(handlers::list_ticket_history)
        .service(handlers::mark_ticket_read)
        .service(mentions::handlers::list_mentionable)
        .service(mentions::handlers::preview_comment)
        .service(watchers::handlers::watch_ticket)
        .service(watchers::handlers::unwatch_ticket)
        .service(watchers::handlers::list_watchers)
        .service(watchers::handlers::invite_watcher)
        .service(watchers::handlers::remove_watcher);
}

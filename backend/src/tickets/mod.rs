//! Tickets, their comments and their history.
//!
//! [`access`] finds a ticket for a caller or says that there is none; [`service`] is what changes do; [`list`] is the
//! queue, asked in pieces that each follow an index; [`store`] is the SQL.

pub(crate) mod access;
mod comments;
pub mod handlers;
mod history;
pub(crate) mod list;
pub(crate) mod rows;
pub mod service;
mod store;
mod telling;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::rows::{priority_code, status_code, visibility_code};

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(handlers::list_tickets)
        .service(handlers::create_ticket)
        .service(handlers::get_ticket)
        .service(handlers::update_ticket)
        .service(handlers::close_ticket)
        .service(handlers::reopen_ticket)
        .service(handlers::assign_ticket)
        .service(handlers::list_comments)
        .service(handlers::add_comment)
        .service(handlers::edit_comment)
        .service(handlers::list_ticket_history);
}

//! Private messages between two people.
//!
//! [`access`] says whom one may write to; [`service`] sends, delivers, reads and lists; [`edits`] changes what was sent;
//! [`store`] is the SQL. A message is kept before it is acknowledged, and the live stream tells of it by its event alone, so
//! chat works without the stream, only later.

mod access;
mod edits;
pub mod handlers;
mod people;
mod rows;
pub mod service;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(handlers::list_conversations)
        .service(handlers::list_chat_people)
        .service(handlers::list_messages)
        .service(handlers::send_message)
        .service(handlers::mark_read)
        .service(handlers::edit_message)
        .service(handlers::delete_message);
}

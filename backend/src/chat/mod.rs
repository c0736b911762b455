//! Private messages between two people.
//!
//! [`access`] says whom one may write to; [`service`] sends, delivers, reads and lists; [`edits`] changes what was sent;
//! [`digest`] tells who is away. [`files`] keeps what comes with a message, [`tickets`] makes a ticket of some; [`store`] is the SQL. A message is kept before it is acknowledged, and the live stream tells of it by its event alone, so
//! chat works without the stream, only later.

mod access;
pub mod digest;
mod edits;
mod files;
pub mod handlers;
mod people;
mod rows;
pub mod service;
mod store;
mod tickets;

pub(crate) use self::rows::{Pair, folded};
use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_conversations)
        .service(handlers::list_chat_people)
        // After the people, whose address it would take for a number.
        .service(handlers::get_conversation)
        .service(handlers::list_messages)
        .service(handlers::send_message)
        .service(handlers::upload_message_files)
        .service(handlers::mark_read)
        .service(handlers::create_ticket_from_messages)
        .service(handlers::edit_message)
        .service(handlers::delete_message)
        .service(handlers::download_message_file)
        .service(handlers::get_message_thumbnail);
}

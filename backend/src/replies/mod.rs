//! Saved replies: what staff answers again and again, for oneself or for all of staff.

pub mod handlers;
mod rows;
pub mod service;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_replies)
        .service(handlers::create_reply)
        .service(handlers::update_reply)
        .service(handlers::delete_reply);
}

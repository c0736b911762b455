//! Saved replies: what staff answers again and again, for oneself or for all of staff.

pub mod handlers;
mod rows;
pub mod service;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(handlers::list_replies)
        .service(handlers::create_reply)
        .service(handlers::update_reply)
        .service(handlers::delete_reply);
}

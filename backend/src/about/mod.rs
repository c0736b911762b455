//! What the desk runs on, for administrators.

mod handlers;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::get_about);
}

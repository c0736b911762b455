//! What a new desk needs before it is used: the list of steps that its administrators see until they put it away. What is
//! done is read from the desk itself, so nobody ticks anything off.

mod handlers;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::get_first_steps).service(handlers::put_first_steps_away);
}

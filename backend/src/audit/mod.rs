//! The audit log, for administrators: the event log read as a whole, with filters. What it is and how it is kept from being
//! tampered with is [`crate::events`]'s; here it is asked.

mod handlers;
pub mod service;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::list_audit);
}

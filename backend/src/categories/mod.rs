//! Categories of tickets: everyone reads them, administrators keep them.

pub mod handlers;
mod rows;
pub mod service;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(handlers::list_categories)
        .service(handlers::create_category)
        .service(handlers::update_category)
        .service(handlers::delete_category);
}

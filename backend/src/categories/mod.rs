//! Categories of tickets: everyone reads them, administrators keep them.

pub mod handlers;
mod rows;
pub mod service;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_categories)
        .service(handlers::create_category)
        .service(handlers::update_category)
        .service(handlers::delete_category);
}

//! What the desk calls itself, how it looks, and what its technicians see: one row in the database, held in memory by
//! every process ([`kept`]).

mod handlers;
pub mod kept;
mod manifest;
mod rows;
pub mod service;
mod store;
mod theme;

use crate::web::routes::Routes;
pub use manifest::get_manifest;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_public_settings)
        .service(handlers::get_theme)
        .service(handlers::get_logo)
        .service(handlers::get_favicon)
        .service(handlers::get_settings)
        .service(handlers::update_settings)
        .service(handlers::set_logo)
        .service(handlers::delete_logo)
        .service(handlers::set_favicon)
        .service(handlers::delete_favicon);
}

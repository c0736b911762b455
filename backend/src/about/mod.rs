//! What the desk runs on, for administrators.

mod handlers;
mod service;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes.service(handlers::get_about);
}

//! Lists of tickets that people keep under a name: their own, or shared with the staff. Whatever a view says, everybody
//! finds in it what they may see.

pub mod handlers;
mod rows;
pub mod service;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_views)
        .service(handlers::count_views)
        .service(handlers::create_view)
        .service(handlers::update_view)
        .service(handlers::delete_view);
}

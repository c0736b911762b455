//! People: the administrator's `/users` and one's own `/me`.

mod avatars;
pub mod folding;
pub mod handlers;
mod import;
mod own;
pub mod rows;
pub mod service;
mod sheet;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_me)
        .service(handlers::update_me)
        .service(handlers::change_password)
        .service(handlers::set_avatar)
        .service(handlers::delete_avatar)
        .service(handlers::list_users)
        .service(handlers::create_user)
        .service(handlers::import_users)
        .service(handlers::get_user)
        .service(handlers::update_user)
        .service(handlers::delete_user)
        .service(handlers::get_avatar);
}

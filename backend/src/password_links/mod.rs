//! Links that set a password: for a new account, for whoever has forgotten theirs, or made by an administrator.
//!
//! A link is good once and for a while. The database keeps a number and a nonce; the token in the address is derived from
//! them with the secret key ([`Secrets::link_token`](crate::auth::secrets::Secrets::link_token)), so that whoever reads the
//! database, or a backup of it, opens no account.

pub mod handlers;
pub mod service;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::request_password_reset)
        .service(handlers::get_password_link)
        .service(handlers::check_reset_password)
        .service(handlers::reset_password)
        .service(handlers::create_password_link);
}

/// The place in the page that a token leads to.
pub fn path(token: &str) -> String {
    format!("/set-password/{token}")
}

//! What people are told of: by the bell, and by mail.
//!
//! [`service::tell`] is called within the transaction of whatever happened, so nobody is told of what did not, and nobody
//! misses what did. What a person may no longer see is neither shown nor counted.

pub mod handlers;
mod rows;
pub mod service;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes.service(handlers::list_notifications).service(handlers::mark_notifications_read);
}

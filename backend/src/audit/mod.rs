//! The audit log, for administrators: the event log read as a whole, with filters. What it is and how it is kept from being
//! tampered with is [`crate::events`]'s; here it is asked.

mod handlers;
pub mod service;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes.service(handlers::list_audit);
}

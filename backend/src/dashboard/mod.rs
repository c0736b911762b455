//! The desk in numbers: what a person sees of it, counted.
//!
//! Everything is read from one state of the database, so that the numbers agree with each other, and in ranges of indexes,
//! one for each reason a ticket may be seen, as the list is; see [`store`]. [`calendar`] knows when days begin, [`service`]
//! adds up.

mod calendar;
mod handlers;
mod lengths;
mod rows;
mod service;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes.service(handlers::get_dashboard);
}

//! What a new desk needs before it is used: the list of steps that its administrators see until they put it away. What is
//! done is read from the desk itself, so nobody ticks anything off.

mod handlers;
mod service;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes.service(handlers::get_first_steps).service(handlers::put_first_steps_away);
}

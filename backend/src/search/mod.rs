//! Searching the whole desk: tickets, their comments and, for staff, people.
//!
//! Each database keeps its own full-text index, written by the database in the transaction that writes the text (the
//! migrations `*_search`): FTS5, tsvector with GIN, FULLTEXT. [`store`] asks them in their three languages ([`index`]); what is asked
//! for ([`asked`]) and what is shown of a hit ([`highlight`]) is one for all. [`similar`] wants less than all words.

mod asked;
pub mod handlers;
mod highlight;
mod index;
mod service;
mod similar;
mod store;

use crate::web::routes::Routes;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes.service(handlers::search).service(handlers::list_similar_tickets);
}

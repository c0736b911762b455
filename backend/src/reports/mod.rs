//! The list of tickets as a file: CSV, a workbook, a document to print.
//!
//! A file is written whole before its first byte is sent, into a temporary file without a name: so what fails answers with
//! a problem instead of half a file, the audit log knows of a file before anybody has it, and a slow client keeps nothing
//! but that file open. Tickets are read page by page from one state of the database and handed on through a short queue
//! to a thread that writes them down; neither side ever holds more than a few pages, however long the list is.
//!
//! [`service`] does that; [`csv`], [`xlsx`] and [`pdf`] are the kinds of file; [`words`] is what they say.

mod csv;
mod described;
pub mod handlers;
mod line;
mod pdf;
mod service;
mod turns;
mod words;
mod xlsx;

use crate::web::routes::Routes;

pub use self::turns::Exports;

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::export_tickets_csv)
        .service(handlers::export_tickets_xlsx)
        .service(handlers::export_tickets_pdf);
}

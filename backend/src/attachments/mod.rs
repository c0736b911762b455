//! Files that people attach to tickets and comments.
//!
//! [`upload`] reads a file piece by piece and [`kinds`] says what it is; [`service`] keeps it in the storage and enters it.
//! What is in a file is kept once for each content. A row of `blobs` is there exactly as long as an attachment, or a file on a message, needs it;
//! what the storage has beyond that, [`collect`] removes. [`download`] hands it out again, to be saved and never shown.

pub mod collect;
pub(crate) mod download;
pub(crate) mod entry;
pub mod handlers;
mod kinds;
mod mark;
mod names;
mod rows;
mod service;
mod store;
mod thumbnails;
mod under_way;
pub(crate) mod upload;

use crate::web::routes::Routes;

pub(crate) use self::{
    entry::blob_for,
    rows::BlobRow,
    service::{keep, remove},
    store::release_blob,
};
pub use self::{kinds::is_known, service::kept, under_way::Uploads};

/// The routes.
pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_attachment_rules)
        .service(handlers::list_attachments)
        .service(handlers::upload_attachment)
        .service(handlers::download_attachment)
        .service(handlers::get_thumbnail)
        .service(handlers::delete_attachment);
}

//! `/tickets/{id}/attachments` and `/attachments`.

mod access;
mod answers;
mod bucket;
mod collect;
mod download;
mod kinds;
mod pictures;
pub mod samples;
mod trouble;
mod upload;

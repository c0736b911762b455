//! `/tickets/{id}/attachments` and `/attachments`.

mod access;
mod collect;
mod download;
mod kinds;
pub mod samples;
mod trouble;
mod upload;

//! What every route shares: bodies, parameters, problem documents, headers, paging.

pub mod admission;
mod asking;
pub mod client;
pub mod disposition;
pub mod errors;
mod extract;
pub mod file;
pub mod headers;
pub mod health;
pub mod methods;
pub mod paging;
pub mod problems;
pub mod routes;
mod strict;
pub mod stuck;
pub mod turns;
mod unread;
pub mod upload;

pub use self::{
    asking::{Asking, Present},
    extract::{BODY_PATIENCE, Body, Id, JSON_LIMIT, Optional, Params, TwoIds, Valid, keep_until_answered},
};

//! What every route shares: bodies, parameters, problem documents, headers, paging.

pub mod client;
pub mod errors;
mod extract;
pub mod file;
pub mod headers;
pub mod health;
pub mod methods;
pub mod paging;
pub mod problems;
pub mod upload;

pub use self::extract::{Body, Id, JSON_LIMIT, Optional, Params, TwoIds, Valid};

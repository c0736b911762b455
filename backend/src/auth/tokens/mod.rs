//! Personal tokens: what a program asks with in a person's name, in place of a session.
//!
//! A token does what its person may do at the moment it is used, as far as its scopes go: it follows a change of role at
//! once, is dead while they are deactivated, and outlives a change of their password, which programs do not know. It never
//! does what belongs to the person alone: it sees and ends no sessions, makes and revokes no tokens, sets no password.

pub mod handlers;
mod secret;
pub mod service;
mod store;

pub use self::store::TokenRow;

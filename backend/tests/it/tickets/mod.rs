//! `/tickets` and `/comments`.

mod assign;
mod comments;
mod create;
mod history;
mod list;
mod state;
mod update;

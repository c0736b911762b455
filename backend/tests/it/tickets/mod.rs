//! `/tickets` and `/comments`.

mod assign;
mod comments;
mod create;
mod history;
mod list;
mod mentions;
mod state;
mod update;
mod watchers;

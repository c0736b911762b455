//! `/tickets` and `/comments`.

mod answer;
mod asked;
mod assign;
mod comments;
mod create;
mod history;
mod list;
mod mentions;
mod reads;
mod state;
mod update;
mod watchers;

//! Private messages between two people: a page of their own, and small windows over every other page.
//!
//! [`Chat`](state::Chat) knows the conversations and hears the live stream; a [`Thread`](thread::Thread) is one of them,
//! with its messages in a [`Run`](run::Run) that holds each once, whether it came live, with a page, or as the answer to its
//! being sent. What is written goes into the [outbox] first and is sent from there, so that nothing is lost and nothing is
//! sent twice. A [`Pane`](pane::Pane) shows a conversation, on the [page](ChatPage) and in the [`Dock`].
//!
//! Nothing here extends the session, and everything works without the live stream, only later.

#![allow(clippy::large_types_passed_by_value, reason = "a handle of many handles is copied like any other")]

mod arrive;
mod attention;
mod bubble;
mod compose;
mod conversations;
mod dock;
mod edit;
mod favicon;
mod find;
mod group;
mod hear;
mod list;
pub mod outbox;
mod outgoing;
mod page;
mod pane;
mod people;
mod places;
mod queue;
mod run;
mod sender;
mod state;
mod thread;
mod ticket;
mod to_end;
mod window;
mod words;

pub use dock::Dock;
pub use page::ChatPage;
pub use state::use_chat;

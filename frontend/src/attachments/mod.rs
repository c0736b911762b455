//! Files: chosen, sent and shown.
//!
//! A [`Tray`] holds what a person has chosen, beside the text it goes with; [`AttachBox`] is how they choose. When the text
//! has been sent, the tray's files are handed over and sent on their own ([`Outgoing`]), while the person goes on. What is
//! on a ticket is [`TicketFiles`], shown by [`Attached`] where it belongs. In a chat each file is a message of its own.
//!
//! The browser gives files to a page in memory only, so trays are not kept like texts are: they survive a session that ends
//! and every way through the page, but no reload. The browser asks before it leaves a page that has some.

mod choose;
mod drop;
mod outgoing;
mod rules;
mod shown;
mod size;
mod ticket_files;
mod tray;

pub use choose::{AttachBox, Chosen, ItemRow, Pick};
pub use drop::{OWN, Scope, listen};
pub use outgoing::Outgoing;
pub use shown::Attached;
pub use size::in_words;
pub use ticket_files::TicketFiles;
pub use tray::{
    Tray, answer_tray, arrived_since, chat_outgoing_tray, chat_tray, count_of_arrived, count_under_way, new_ticket_tray,
};

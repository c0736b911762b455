//! Tickets: the list, one ticket, a new one.

pub mod caret;
mod count;
mod keys;
mod list;
mod new;
mod once;
pub mod pick;
mod similar;
pub mod staff;
mod ticket;
mod words;

pub use keys::{KeysHint, is_free};
pub use list::{
    TicketsPage,
    filters::{Filters, States, View},
    sort_name, view_name,
};
pub use new::NewTicketPage;
pub use once::{Once, is_from_before};
use similar::SimilarRow;
pub use ticket::{CopyByHand, TicketPage, count_only_here, place, send_waiting};
pub use words::Categories;

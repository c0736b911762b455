//! Views: lists of tickets under a name, one press away, with how many tickets are in them.

mod head;
mod links;
mod save;
mod state;

pub use head::ViewHead;
pub use links::{ViewCount, ViewLinks, ViewPills};
pub use save::SaveView;
pub use state::{Counted, Views, use_views};

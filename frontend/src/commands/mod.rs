//! What a person can do, wherever they are: each thing has a name and perhaps a key. The search box offers them while one
//! types, and asks there what is to be chosen for one; keys do them at once, and `?` lists them all and lets one choose other
//! keys.

mod command;
mod dialog;
mod fixed;
mod group;
mod kept;
mod keys;
mod listen;
mod look;
mod matching;
mod offers;
mod sequence;

pub use command::Command;
pub use dialog::{KeysDialog, Shown};
pub use listen::{is_pressed_by_space, listen};
pub use matching::matching;
pub use offers::{Choices, Commands, Offered, offer, offer_by_name, offer_change, offer_choices, use_commands};
pub use sequence::Sequence;

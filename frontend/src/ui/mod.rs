//! The components every page is made of: one folder each, its styles beside it as `style.css`.
//!
//! Texts are [`TextProp`]s: a literal, a `String`, or `move || t_string!(i18n, …)`, which follows the language.

mod avatar;
mod button;
mod category;
pub mod chart;
mod checkbox;
mod dialog;
mod empty;
mod field;
pub mod filter;
mod icon;
mod loaded;
mod mark;
mod menu;
mod password;
mod presence;
mod relative_time;
mod select;
mod stub;
mod toasts;

use leptos::prelude::TextProp;

pub use avatar::{Avatar, initials};
pub use button::{Button, ButtonKind};
pub use category::{CategoryTag, colour_class};
pub use checkbox::Checkbox;
pub use dialog::Dialog;
pub use empty::EmptyState;
pub(crate) use field::OptionalMark;
pub use field::{FieldNote, TextArea, TextField, errors_of, focus_first_invalid};
pub use icon::{Icon, Logo, Symbol};
pub use loaded::{LoadError, Loaded, SkeletonRows};
pub use mark::{PriorityMark, StatusMark, priority_label, role_label, status_label};
pub use menu::{Menu, MenuAction, MenuLink, Step as MenuStep, step as menu_step};
pub use password::PasswordField;
pub use presence::PresenceMark;
pub use relative_time::{RelativeTime, provide_now};
pub use select::Select;
pub use stub::Stub;
pub use toasts::{ToastStack, Toasts, use_toasts};

pub use crate::live::PresenceDot;

/// An id for an element of this page, never given twice.
pub(crate) fn fresh_id(name: &str) -> String {
    use std::cell::Cell;
    thread_local!(static NEXT: Cell<u32> = const { Cell::new(0) });
    let number = NEXT.with(|next| {
        next.set(next.get() + 1);
        next.get()
    });
    format!("{name}-{number}")
}

/// Whether a text is there at all.
pub(crate) fn given(text: &TextProp) -> bool {
    !text.get().is_empty()
}

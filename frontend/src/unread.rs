//! How many private messages are unread: the one number of the chat that the page as a whole shows, in its title.

use leptos::prelude::*;

use crate::lasting::lasting;

/// The most that is counted aloud.
const MOST: u32 = 99;

thread_local! {
    static ROOT: (Owner, RwSignal<u32>) = lasting(|| RwSignal::new(0));
}

/// The number; nothing while nobody is logged in.
pub fn unread() -> RwSignal<u32> {
    ROOT.with(|(_, unread)| *unread)
}

/// A number as badges show it: `7`, `99+`.
pub fn in_badge(count: u32) -> String {
    if count > MOST { format!("{MOST}+") } else { count.to_string() }
}

/// A title with the number before it: `(3) Tickets`. Tracked.
pub fn counted(title: String) -> String {
    match unread().get() {
        0 => title,
        count => format!("({}) {title}", in_badge(count)),
    }
}

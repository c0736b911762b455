//! Handles that outlive every page.

use leptos::prelude::Owner;

/// Makes something under an owner of its own, which is to be kept beside it. The first to ask may be a component: what
/// it makes and finds afterwards is still its own, though a new root takes its place as the current owner.
pub fn lasting<T>(make: impl FnOnce() -> T) -> (Owner, T) {
    let before = Owner::current();
    let owner = Owner::new_root(None);
    let made = owner.with(make);
    if let Some(before) = before {
        before.set();
    }
    (owner, made)
}

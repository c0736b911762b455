//! Drawing one part after the other.

use std::{cell::RefCell, collections::HashSet, time::Duration};

use leptos::prelude::*;

thread_local! {
    /// What has had its turn.
    static DRAWN: RefCell<HashSet<&'static str>> = RefCell::default();
}

/// Draws what it holds in a task of its own, soon after what stands around it. A browser compiles a program's functions when they
/// are called for the first time, so the first drawing of a whole page would keep it from answering for a tenth of a second and
/// more. What was drawn once is drawn at once from then on.
#[component]
pub fn InTurn(
    /// What it is, by which it is known again.
    name: &'static str,
    /// What is drawn.
    children: ChildrenFn,
) -> impl IntoView {
    let is_due = RwSignal::new(DRAWN.with_borrow_mut(|drawn| !drawn.insert(name)));
    if !is_due.get_untracked() {
        set_timeout(
            move || {
                let _ = is_due.try_set(true);
            },
            Duration::ZERO,
        );
    }
    (move || is_due.get().then(|| children())).into_any()
}

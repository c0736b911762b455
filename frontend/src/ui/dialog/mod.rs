//! Dialogs: the browser's own `<dialog>`, which keeps the focus inside and gives it back. Where what opened it was drawn anew
//! meanwhile, or is gone, the focus goes to what is in its place.

use leptos::{html, prelude::*};

use super::{Icon, Symbol, fresh_id};
use crate::{
    browser,
    i18n::{t_string, use_i18n},
};

/// A dialog over the page. Its content is built anew each time it opens. Escape and the cross ask to close it.
#[component]
pub fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Its heading.
    #[prop(into)]
    title: TextProp,
    /// The person wants it closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// Whether it interrupts: screen readers announce it at once.
    #[prop(optional)]
    alert: bool,
    /// More room.
    #[prop(optional)]
    wide: bool,
    /// What it says.
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    let heading = fresh_id("dialog");
    let labelled_by = heading.clone();
    // The id of what had the focus; empty when that has none.
    let opener = StoredValue::new(None::<String>);
    Effect::new(move || {
        let (Some(dialog), wanted) = (node.get(), open.get()) else { return };
        if wanted && !dialog.open() {
            // The content is there a moment later, and the first field with it.
            request_animation_frame(move || {
                if open.try_get_untracked() == Some(true) && !dialog.open() {
                    let _ = opener.try_set_value(browser::focused().map(|focused| focused.id()));
                    dialog.show_modal().ok();
                }
            });
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let closed = move || {
        if open.get_untracked() {
            on_close.run(());
        }
    };
    view! {
        <dialog
            node_ref=node
            class=if wide { "dialog dialog-wide" } else { "dialog" }
            role=alert.then_some("alertdialog")
            aria-labelledby=labelled_by
            on:close=move |_| {
                closed();
                if let Some(opener) = opener.try_update_value(Option::take).flatten() {
                    request_animation_frame(move || give_back(&opener));
                }
            }
        >
            <header class="dialog-head">
                <h2 id=heading>{move || title.get()}</h2>
                <button type="button" class="btn btn-quiet btn-icon" aria-label=move || t_string!(i18n, common.close)
                    on:click=move |_| closed()>
                    <Icon symbol=Symbol::Cross/>
                </button>
            </header>
            <div class="dialog-body">
                <Show when=move || open.get()>{children()}</Show>
            </div>
        </dialog>
    }
}

/// Gives the focus to what has the id of what had it, or to the page's heading, unless something has it.
fn give_back(opener: &str) {
    if browser::is_focus_free() && !opener.is_empty() {
        browser::focus_id_in_place(opener);
    }
    if browser::focused().is_none() {
        browser::refocus_on_heading();
    }
}

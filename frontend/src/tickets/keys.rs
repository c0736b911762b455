//! Keys that work anywhere on a page. Whoever speaks to their computer, or hits keys by chance, can turn them off
//! (WCAG 2.1.4); the choice stays in the browser.

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{
    browser,
    commands::use_commands,
    i18n::{t, use_i18n},
};

/// Where the choice is kept.
const KEY: &str = "turno.keys";

fn is_off() -> bool {
    browser::local_get(KEY).as_deref() == Some("off")
}

/// The keys of a list, and the switch.
#[component]
pub fn KeysHint(
    /// Whether the way to the list of all keys stands beside the switch.
    #[prop(optional)]
    all: bool,
    /// What the keys do, where they do more than move from row to row.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let i18n = use_i18n();
    let commands = use_commands();
    let words = move || match &children {
        Some(children) => children().into_any(),
        None => t!(i18n, tickets.list.keys).into_any(),
    };
    let off = RwSignal::new(is_off());
    let turn = move |_| {
        off.update(|off| *off = !*off);
        browser::local_set(KEY, if off.get_untracked() { "off" } else { "on" });
    };
    view! {
        <p class="tickets-keys">
            <Show when=move || !off.get()>{words()}</Show>
            <span class="tickets-keys-ways">
                <Show when=move || all && !off.get()>
                    <button type="button" class="quiet-link" on:click=move |_| commands.listed.set(true)>
                        {t!(i18n, commands.keys)}
                    </button>
                </Show>
                <button type="button" class="quiet-link" on:click=turn>
                    {move || {
                        if off.get() {
                            t!(i18n, tickets.list.keys_on).into_any()
                        } else {
                            t!(i18n, tickets.list.keys_off).into_any()
                        }
                    }}
                </button>
            </span>
        </p>
    }
    .into_any()
}

/// What lies over the page, and has the keys. The warning of the session's end does not: it stands beside.
const OVER: &str = "dialog:modal, [role=menu]";

/// Whether a key is for the page: not typed into a field, not part of a shortcut, and nothing lies over the page.
pub fn is_free(event: &KeyboardEvent) -> bool {
    let typed = || {
        browser::focused().is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || element.is_content_editable()
        })
    };
    let covered = || document().query_selector(OVER).ok().flatten().is_some();
    !(is_off()
        || event.default_prevented()
        || event.ctrl_key()
        || event.alt_key()
        || event.meta_key()
        || event.is_composing()
        || typed()
        || covered())
}

//! Short messages at the edge of the page: that something worked, or that it did not and what to do.

use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, Symbol};
use crate::{
    i18n::{t_string, use_i18n},
    lasting::lasting,
};

/// How long a good message stays. A bad one stays until it is dismissed.
const STAY: Duration = Duration::from_secs(6);
/// The most that are shown.
const MOST: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    text: String,
    good: bool,
}

/// The messages of the page. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: RwSignal<u32>,
}

thread_local! {
    /// Messages are sent from futures that have lost their reactive owner.
    static ROOT: (Owner, Toasts) =
        lasting(|| Toasts { shown: RwSignal::new(Vec::new()), next: RwSignal::new(0) });
}

/// The messages of the page; from anywhere.
pub fn use_toasts() -> Toasts {
    ROOT.with(|(_, toasts)| *toasts)
}

impl Toasts {
    /// Says that something worked.
    pub fn success(self, text: impl Into<String>) {
        let id = self.push(text.into(), true);
        set_timeout(move || self.dismiss(id), STAY);
    }

    /// Says that something did not, and what to do.
    pub fn error(self, text: impl Into<String>) {
        self.push(text.into(), false);
    }

    /// Takes all away.
    pub fn clear(self) {
        self.shown.set(Vec::new());
    }

    fn push(self, text: String, good: bool) -> u32 {
        let id = self.next.get_untracked();
        self.next.set(id + 1);
        self.shown.update(|shown| {
            // The same trouble twice is one trouble.
            shown.retain(|toast| toast.text != text);
            shown.push(Toast { id, text, good });
            let extra = shown.len().saturating_sub(MOST);
            shown.drain(..extra);
        });
        id
    }

    fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// Where the messages appear. Once, at the root.
#[component]
pub fn ToastStack() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    view! {
        <section class="toasts" aria-label=move || t_string!(i18n, common.notifications) aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class="toast-item" class:bad=!toast.good role=if toast.good { "status" } else { "alert" }>
                    <Icon symbol=if toast.good { Symbol::Check } else { Symbol::Warning }/>
                    <p>{toast.text}</p>
                    <button type="button" class="btn btn-quiet btn-icon" aria-label=move || t_string!(i18n, common.dismiss)
                        on:click=move |_| toasts.dismiss(toast.id)>
                        <Icon symbol=Symbol::Cross/>
                    </button>
                </div>
            </For>
        </section>
    }
}

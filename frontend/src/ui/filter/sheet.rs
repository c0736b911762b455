//! A pill that opens a sheet with boxes to tick.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Caret;
use crate::browser;

/// What stays free between a sheet and the edge of the screen, in pixels.
const MARGIN: f64 = 8.0;

/// A pill that opens a sheet. Escape closes it, and so does leaving it.
#[component]
pub fn PillSheet(
    /// What it is for.
    #[prop(into)]
    label: Signal<String>,
    /// What stands on the pill.
    #[prop(into)]
    text: Signal<String>,
    /// Whether something is chosen.
    #[prop(optional, into)]
    on: Signal<bool>,
    /// Without a border, never marked.
    #[prop(optional)]
    plain: bool,
    /// What is on the sheet.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let sheet = NodeRef::<html::Fieldset>::new();
    // Under its pill; where that stands too near the edge of the screen, as far to the left as the sheet needs.
    Effect::new(move || {
        if let (Some(root), Some(sheet)) = (root.get(), sheet.get()) {
            let (pill, place) = (root.get_bounding_client_rect(), sheet.get_bounding_client_rect());
            let by = beyond(place.right(), browser::window_size().0).min(pill.left());
            if by > 0.0 {
                HtmlElement::style(&sheet).set_property("translate", &format!("{}px", -by)).ok();
            }
        }
    });
    // A press on a label gives the focus to whatever around it takes it, before it gives it to the box: that is not
    // leaving.
    let left = move |event: leptos::ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if let (Some(to), Some(root)) = (to, root.get_untracked())
            && !root.contains(Some(&to))
            && !to.contains(Some(&root))
        {
            open.set(false);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.prevent_default();
            open.set(false);
            if let Some(button) = button.get_untracked() {
                button.focus().ok();
            }
        }
    };
    close_on_press_outside(root, open);
    view! {
        <div class="state-filter" node_ref=root on:focusout=left on:keydown=key>
            <button
                type="button"
                class="pill"
                class:plain=plain
                class:on=move || on.get()
                node_ref=button
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || text.get()}
                <Caret/>
            </button>
            <Show when=move || open.get()>
                <fieldset class="sheet" node_ref=sheet>
                    <legend>{move || label.get()}</legend>
                    {children()}
                </fieldset>
            </Show>
        </div>
    }
    .into_any()
}

/// How far something reaches beyond the screen, or nearer to its edge than looks well, in pixels.
fn beyond(right: f64, screen: f64) -> f64 {
    (right - (screen - MARGIN)).max(0.0)
}

fn close_on_press_outside(root: NodeRef<html::Div>, open: RwSignal<bool>) {
    let handle = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = root.get_untracked().is_some_and(|root| target.is_some_and(|target| root.contains(Some(&target))));
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || handle.remove());
}

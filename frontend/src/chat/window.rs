//! One window of the dock: it can be moved by its head and by keys, minimised and closed.

use leptos::{ev, html, prelude::*};
use leptos_router::components::A;
use shared::accounts::UserRef;
use wasm_bindgen::JsCast;

use super::{
    dock::DockState,
    list::Face,
    page::Tools,
    pane::{Pane, PaneBody},
    places::WIDTH,
    words::Whereabouts,
};
use crate::{
    browser,
    i18n::{t_string, use_i18n},
    ui::{Icon, Symbol},
};

/// How far a key moves it, in pixels; with Shift a little.
const STEP: f64 = 24.0;
const SMALL_STEP: f64 = 4.0;

/// A conversation in a window.
#[component]
pub fn ChatWindow(
    /// With whom.
    peer: UserRef,
    /// The dock it is in.
    dock: DockState,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = peer.id;
    let Some(thread) = super::use_chat().thread(id) else { return ().into_any() };
    // It stands here from the last visit, perhaps before anything was written.
    super::use_chat().find(id);
    let spot = Memo::new(move |_| dock.spot(id));
    let shown = Memo::new(move |_| spot.with(Option::is_some));
    let pane = Pane::new(thread, shown.into());
    Effect::new(move || {
        if dock.is_fresh(id) {
            pane.focus();
        }
    });
    let pixels = move |of: fn(super::places::Spot) -> f64| move || spot.get().map(|spot| format!("{}px", of(spot)));
    let name = peer.name.clone();
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() && !browser::is_in_dialog(&event) {
            event.prevent_default();
            if !pane.leave_side() {
                dock.minimise(id);
            }
        }
    };
    view! {
        <section
            class="dock-window"
            class:out=move || !shown.get()
            style:left=pixels(|spot| spot.left)
            style:top=pixels(|spot| spot.top)
            style:height=pixels(|spot| spot.height)
            style:width=format!("{WIDTH}px")
            aria-label=move || t_string!(i18n, chat.with, name = name.clone())
            node_ref=pane.part
            on:keydown=key
            data-takes-files=""
        >
            <Head peer pane dock/>
            <PaneBody pane/>
        </section>
    }
    .into_any()
}

/// Who, and what can be done with the window.
#[component]
fn Head(peer: UserRef, pane: Pane, dock: DockState) -> impl IntoView {
    let i18n = pane.i18n;
    let (id, typing) = (peer.id, pane.thread.typing);
    let grip = Grip { pane, dock, held: StoredValue::new(None) };
    let head = NodeRef::<html::Header>::new();
    view! {
        <header
            class="chat-head"
            node_ref=head
            on:pointerdown=move |event| grip.take(&event, head)
            on:pointermove=move |event| grip.drag(&event)
            on:pointerup=move |_| grip.held.set_value(None)
            on:pointercancel=move |_| grip.held.set_value(None)
        >
            <Face user=peer.clone()/>
            <div class="chat-who">
                <h2>{peer.name.clone()}</h2>
                <p><Whereabouts peer=id typing/></p>
            </div>
            <button type="button" class="btn btn-quiet btn-icon dock-grip" aria-label=move || t_string!(i18n, chat.dock.shift)
                title=move || t_string!(i18n, chat.dock.shift) on:keydown=move |event| grip.step(&event)>
                <Icon symbol=Symbol::Move/>
            </button>
            <Tools pane/>
            <A href=format!("/chat/{id}") attr:class="btn btn-quiet btn-icon"
                attr:aria-label=move || t_string!(i18n, chat.dock.expand) attr:title=move || t_string!(i18n, chat.dock.expand)>
                <Icon symbol=Symbol::Expand/>
            </A>
            <button type="button" class="btn btn-quiet btn-icon" aria-label=move || t_string!(i18n, chat.dock.minimise)
                title=move || t_string!(i18n, chat.dock.minimise) on:click=move |_| dock.minimise(id)>
                <Icon symbol=Symbol::Minus/>
            </button>
            <button type="button" class="btn btn-quiet btn-icon" aria-label=move || t_string!(i18n, chat.dock.close)
                title=move || t_string!(i18n, chat.dock.close) on:click=move |_| dock.close(id)>
                <Icon symbol=Symbol::Cross/>
            </button>
        </header>
    }
    .into_any()
}

/// What moves a window.
#[derive(Debug, Clone, Copy)]
struct Grip {
    pane: Pane,
    dock: DockState,
    /// How far the pointer is from the window's upper left corner, while it holds the window.
    held: StoredValue<Option<(f64, f64)>>,
}

impl Grip {
    /// The pointer takes the head, where it is no button.
    fn take(self, event: &ev::PointerEvent, head: NodeRef<html::Header>) {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let on_button =
            target.is_none_or(|target| target.closest("button:not(.dock-grip), a").ok().flatten().is_some());
        let spot = untrack(|| self.dock.spot(self.pane.thread.peer));
        let (Some(head), Some(spot)) = (head.get_untracked(), spot) else { return };
        if !on_button && event.button() == 0 {
            head.set_pointer_capture(event.pointer_id()).ok();
            self.held
                .set_value(Some((f64::from(event.client_x()) - spot.left, f64::from(event.client_y()) - spot.top)));
        }
    }

    fn drag(self, event: &ev::PointerEvent) {
        if let Some((x, y)) = self.held.get_value() {
            let place = (f64::from(event.client_x()) - x, f64::from(event.client_y()) - y);
            self.dock.put(self.pane.thread.peer, place);
        }
    }

    fn step(self, event: &ev::KeyboardEvent) {
        let step = if event.shift_key() { SMALL_STEP } else { STEP };
        let (x, y) = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            _ => return,
        };
        event.prevent_default();
        if let Some(spot) = untrack(|| self.dock.spot(self.pane.thread.peer)) {
            self.dock.put(self.pane.thread.peer, (spot.left + x, spot.top + y));
        }
    }
}

//! The chat over every other page: a button at the lower right, what is minimised above it, and windows.

use leptos::{ev, prelude::*};
use leptos_router::{components::A, hooks::use_location};
use serde::{Deserialize, Serialize};
use shared::{accounts::UserRef, ids::UserId};

use super::{
    arrive, favicon,
    list::{ConversationList, Face},
    places::{self, PHONE, Room, Spot, Window},
    state::{Chat, use_chat},
    window::ChatWindow,
};
use crate::{
    beside::{Beside, use_beside},
    browser,
    i18n::{t, t_string, use_i18n},
    shell::{RailWidth, use_rail},
    turn::InTurn,
    ui::{Icon, Symbol},
    unread::{in_badge, unread},
};

/// The id of the button.
const BUTTON: &str = "dock-open";

/// What the browser remembers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    windows: Vec<Window>,
}

/// What the dock knows. A handle.
#[derive(Debug, Clone, Copy)]
pub struct DockState {
    chat: Chat,
    /// In the order they were opened.
    windows: RwSignal<Vec<Window>>,
    /// How wide and high the screen is.
    view: RwSignal<(f64, f64)>,
    /// The rail at the side of the page.
    rail: Option<RailWidth>,
    /// What else stands over the page for a while. A window that has no room then is shown as a button, but is not minimised: it
    /// comes back.
    beside: Option<Beside>,
    /// Whether the list is open.
    list: RwSignal<bool>,
    /// The window that the person has just chosen: the cursor goes there.
    fresh: RwSignal<Option<UserId>>,
}

impl DockState {
    fn new(chat: Chat) -> Self {
        let key = chat.me().map(|me| format!("turno.dock.{me}"));
        let kept =
            key.as_deref().and_then(browser::local_get).and_then(|text| serde_json::from_str::<Kept>(&text).ok());
        let dock = Self {
            chat,
            windows: RwSignal::new(kept.unwrap_or_default().windows),
            view: RwSignal::new(browser::window_size()),
            rail: use_rail(),
            beside: use_beside(),
            list: RwSignal::new(false),
            fresh: RwSignal::new(None),
        };
        let resized = window_event_listener(ev::resize, move |_| dock.view.set(browser::window_size()));
        on_cleanup(move || resized.remove());
        Effect::new(move || {
            let text = dock.windows.with(|windows| serde_json::to_string(&Kept { windows: windows.clone() }));
            if let (Some(key), Ok(text)) = (&key, text) {
                browser::local_set(key, &text);
            }
        });
        dock
    }

    /// Where windows may stand; tracked.
    fn room(self) -> Room {
        let view = self.view.get();
        let is_narrow = self.rail.is_some_and(RailWidth::is_narrow);
        let taken = self.beside.map(Beside::taken).unwrap_or_default();
        Room::of(view, places::rail(view.0, is_narrow), taken)
    }

    /// Opens a window, or shows it again, and moves the cursor there.
    pub fn show(self, peer: UserRef) {
        self.list.set(false);
        self.fresh.set(Some(peer.id));
        // Where there is no room for both, what was asked for last has it.
        if let Some(beside) = self.beside.filter(|_| untrack(|| self.room().fits()) == 0) {
            beside.leave();
        }
        let room = untrack(|| self.room());
        self.windows.update(|windows| places::show(windows, peer, room));
    }

    /// Whether the cursor belongs into this window; once. Tracked: a window that is there already is chosen too.
    pub fn is_fresh(self, peer: UserId) -> bool {
        let fresh = self.fresh.get() == Some(peer);
        if fresh {
            self.fresh.set(None);
        }
        fresh
    }

    /// Makes a window a button; the cursor goes there.
    pub fn minimise(self, peer: UserId) {
        self.change(peer, |window| window.minimised = true);
        request_animation_frame(move || browser::focus_id(&chip_id(peer)));
    }

    /// Closes a window; the cursor goes to the button.
    pub fn close(self, peer: UserId) {
        self.windows.update(|windows| windows.retain(|window| window.peer.id != peer));
        request_animation_frame(|| browser::focus_id(BUTTON));
    }

    /// Puts a window somewhere.
    pub fn put(self, peer: UserId, place: (f64, f64)) {
        let place = untrack(|| self.room()).within(place);
        self.change(peer, |window| window.place = Some(place));
    }

    fn change(self, peer: UserId, change: impl FnOnce(&mut Window)) {
        self.windows.update(|windows| {
            if let Some(window) = windows.iter_mut().find(|window| window.peer.id == peer) {
                change(window);
            }
        });
    }

    /// Where each window stands for which there is room; tracked.
    fn spots(self) -> Vec<(UserId, Spot)> {
        let room = self.room();
        self.windows.with(|windows| places::spots(windows, room))
    }

    /// Where a window stands; tracked.
    pub fn spot(self, peer: UserId) -> Option<Spot> {
        self.spots().into_iter().find(|(id, _)| *id == peer).map(|(_, spot)| spot)
    }

    fn turn_list(self) {
        self.list.update(|list| *list = !*list);
    }
}

fn chip_id(peer: UserId) -> String {
    format!("dock-chip-{peer}")
}

/// Keeps the chat up to date on every page, and shows it over all but its own.
#[component]
pub fn Dock() -> impl IntoView {
    let chat = use_chat();
    chat.watch();
    arrive::follow(chat, use_i18n());
    favicon::follow();
    let path = use_location().pathname;
    let dock = DockState::new(chat);
    let shown = Memo::new(move |_| {
        let is_own = path.with(|path| path == "/chat" || path.starts_with("/chat/"));
        !is_own && dock.view.with(|(wide, _)| *wide > PHONE)
    });
    view! {
        <Show when=move || shown.get()>
            <InTurn name="dock"><Windows dock/></InTurn>
        </Show>
    }
    .into_any()
}

#[component]
fn Windows(dock: DockState) -> impl IntoView {
    let i18n = use_i18n();
    let open =
        move || dock.windows.with(|windows| windows.iter().filter(|one| !one.minimised).cloned().collect::<Vec<_>>());
    let small = move || {
        let spots = dock.spots();
        let is_small = |one: &&Window| !spots.iter().any(|(id, _)| *id == one.peer.id);
        dock.windows.with(|windows| windows.iter().filter(is_small).cloned().collect::<Vec<_>>())
    };
    view! {
        <aside class="dock" aria-label=move || t_string!(i18n, chat.dock.label)>
            <For each=open key=|window| window.peer.id let:window>
                <ChatWindow peer=window.peer dock/>
            </For>
            <div class="dock-column">
                <ul class="dock-chips">
                    <For each=small key=|window| window.peer.id let:window>
                        <Chip peer=window.peer dock/>
                    </For>
                </ul>
                <Show when=move || dock.list.get()>
                    <List dock/>
                </Show>
                <Opener dock/>
            </div>
        </aside>
    }
    .into_any()
}

/// The button.
#[component]
fn Opener(dock: DockState) -> impl IntoView {
    let i18n = use_i18n();
    let count = unread();
    let label = move || match count.get() {
        0 => t_string!(i18n, chat.dock.open).to_owned(),
        count => t_string!(i18n, chat.dock.open_unread, count = in_badge(count)),
    };
    view! {
        <button
            type="button"
            id=BUTTON
            class="dock-open"
            aria-expanded=move || dock.list.get().to_string()
            aria-label=label
            title=label
            on:click=move |_| dock.turn_list()
        >
            <Icon symbol=Symbol::Comment/>
            {move || (count.get() > 0).then(|| view! { <span class="count" aria-hidden="true">{in_badge(count.get())}</span> })}
        </button>
    }
    .into_any()
}

/// A conversation that is minimised.
#[component]
fn Chip(peer: UserRef, dock: DockState) -> impl IntoView {
    let i18n = use_i18n();
    let (id, chat, name) = (peer.id, dock.chat, peer.name.clone());
    let count = move || chat.unread_of(id);
    let (restored, dropped) = (name.clone(), name);
    let label = move || match count() {
        0 => t_string!(i18n, chat.dock.restore, name = restored.clone()),
        count => t_string!(i18n, chat.dock.restore_unread, name = restored.clone(), count = in_badge(count)),
    };
    let title = label.clone();
    let user = peer.clone();
    view! {
        <li class="dock-chip">
            <button
                type="button"
                id=chip_id(id)
                aria-label=label
                title=title
                on:click=move |_| dock.show(peer.clone())
            >
                <Face user/>
                {move || (count() > 0).then(|| view! { <span class="count" aria-hidden="true">{in_badge(count())}</span> })}
            </button>
            <button
                type="button"
                class="dock-chip-close"
                aria-label=move || t_string!(i18n, chat.dock.drop, name = dropped.clone())
                on:click=move |_| dock.close(id)
            >
                <Icon symbol=Symbol::Cross/>
            </button>
        </li>
    }
    .into_any()
}

/// The conversations, over the button.
#[component]
fn List(dock: DockState) -> impl IntoView {
    let i18n = use_i18n();
    let part = NodeRef::<leptos::html::Section>::new();
    let outside = window_event_listener(ev::pointerdown, move |event| {
        use wasm_bindgen::JsCast;
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let column = target.and_then(|target| target.closest(".dock-column").ok().flatten());
        if column.is_none() {
            let _ = dock.list.try_set(false);
        }
    });
    on_cleanup(move || outside.remove());
    Effect::new(move || {
        if let Some(part) = part.get() {
            request_animation_frame(move || {
                use wasm_bindgen::JsCast;
                let field = part.query_selector("input").ok().flatten();
                if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
                    field.focus().ok();
                }
            });
        }
    });
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            dock.list.set(false);
            browser::focus_id(BUTTON);
        }
    };
    let choose = move |peer: UserId| {
        if let Some(person) = untrack(|| dock.chat.person(peer)) {
            dock.show(person.user);
        }
    };
    view! {
        <section class="dock-list" aria-label=move || t_string!(i18n, chat.conversations) node_ref=part on:keydown=key>
            <ConversationList current=Signal::stored(None) on_choose=choose/>
            <p class="dock-all">
                <A href="/chat" attr:class="quiet-link" on:click=move |_| dock.list.set(false)>{t!(i18n, chat.dock.all)}</A>
            </p>
        </section>
    }
    .into_any()
}

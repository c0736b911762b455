//! A menu that opens under its button, for the mouse and for the keyboard.

use leptos::{context::Provider, ev, html, prelude::*};
use leptos_router::components::A;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Icon, Symbol, fresh_id};

/// What a menu tells its items.
#[derive(Clone, Copy)]
struct Opened {
    open: RwSignal<bool>,
    button: NodeRef<html::Button>,
}

impl Opened {
    /// Closes it. The focus goes back to the button before the item that has it is gone.
    fn close(self) {
        let _ = self.open.try_set(false);
        if let Some(button) = self.button.try_get_untracked().flatten() {
            button.focus().ok();
        }
    }
}

/// A menu: arrow keys, Home and End move in it, Escape and Tab leave it.
#[component]
pub fn Menu(
    /// What the button is for, when its content is not words.
    #[prop(into)]
    label: TextProp,
    /// What is on the button.
    #[prop(into)]
    trigger: ViewFn,
    /// The classes of the button.
    #[prop(default = "btn btn-quiet")]
    class: &'static str,
    /// The items.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Div>::new();
    let id = fresh_id("menu");
    let opened = Opened { open, button };
    let title = label.clone();
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = |node: Option<&web_sys::Node>| node.is_some_and(|node| node.contains(target.as_ref()));
        if open.get_untracked()
            && !inside(list.get_untracked().as_deref().map(AsRef::as_ref))
            && !inside(button.get_untracked().as_deref().map(AsRef::as_ref))
        {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    // The first item, or the one that is chosen, has the focus when the menu opens.
    Effect::new(move || {
        if open.get() && list.get().is_some() {
            request_animation_frame(move || step(list, Step::Start));
        }
    });
    let keys = move |event: ev::KeyboardEvent| {
        let wanted = match event.key().as_str() {
            "ArrowDown" => Step::Next,
            "ArrowUp" => Step::Previous,
            "Home" => Step::First,
            "End" => Step::Last,
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                return opened.close();
            }
            "Tab" => return open.set(false),
            _ => return,
        };
        event.prevent_default();
        step(list, wanted);
    };
    // Whoever chose where to go is done here, however the item came into the menu.
    let gone = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.and_then(|target| target.closest("a").ok().flatten()).is_some() {
            open.set(false);
        }
    };
    let open_by_key = move |event: ev::KeyboardEvent| {
        if event.key() == "ArrowDown" && !open.get_untracked() {
            event.prevent_default();
            open.set(true);
        }
    };
    view! {
        // A component has no scope of its own: without this one, the menu beside it would be told.
        <Provider value=opened>
            <div class="menu">
                <button
                    type="button"
                    class=class
                    node_ref=button
                    aria-haspopup="menu"
                    aria-expanded=move || open.get().to_string()
                    aria-controls=id.clone()
                    aria-label=move || label.get()
                    title=move || title.get()
                    on:click=move |_| open.update(|open| *open = !*open)
                    on:keydown=open_by_key
                >
                    {move || trigger.run()}
                </button>
                <Show when=move || open.get()>
                    <div class="menu-list" role="menu" id=id.clone() node_ref=list on:keydown=keys on:click=gone>
                        {children()}
                    </div>
                </Show>
            </div>
        </Provider>
    }
}

/// An item that goes somewhere.
#[component]
pub fn MenuLink(
    /// Where.
    #[prop(into)]
    href: String,
    /// What else it does.
    #[prop(optional, into)]
    on_click: Option<Callback<()>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let chosen = move |_| {
        if let Some(on_click) = on_click {
            on_click.run(());
        }
    };
    view! {
        <A href=href attr:class="menu-item" attr:role="menuitem" attr:tabindex="-1" on:click=chosen>{children()}</A>
    }
}

/// An item that does something. With `chosen` it is one of several of which one is chosen.
#[component]
pub fn MenuAction(
    /// What it does.
    #[prop(into)]
    on_click: Callback<()>,
    /// Whether it is the chosen one.
    #[prop(optional, into)]
    chosen: Option<Signal<bool>>,
    /// The language of its words, when it is not the page's.
    #[prop(optional)]
    lang: &'static str,
    /// The words.
    children: Children,
) -> impl IntoView {
    let opened = use_context::<Opened>();
    let act = move |_| {
        // Before it does what it is for: that may lead elsewhere.
        if let Some(opened) = opened {
            opened.close();
        }
        on_click.run(());
    };
    view! {
        <button
            type="button"
            class="menu-item"
            role=if chosen.is_some() { "menuitemradio" } else { "menuitem" }
            aria-checked=move || chosen.map(|chosen| chosen.get().to_string())
            lang=(!lang.is_empty()).then_some(lang)
            tabindex="-1"
            on:click=act
        >
            {children()}
            {move || chosen.is_some_and(|chosen| chosen.get()).then(|| view! {
                <span class="menu-check"><Icon symbol=Symbol::Check/></span>
            })}
        </button>
    }
}

/// Where the focus goes in a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the item that is chosen, or the first one.
    Start,
    /// To the first item.
    First,
    /// To the item before.
    Previous,
    /// To the next item.
    Next,
    /// To the last item.
    Last,
}

/// Moves the focus in a menu.
pub fn step(list: NodeRef<html::Div>, step: Step) {
    let Some(list) = list.try_get_untracked().flatten() else { return };
    let Ok(found) = list.query_selector_all(".menu-item") else { return };
    let items: Vec<HtmlElement> = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    if items.is_empty() {
        return;
    }
    let end = items.len() - 1;
    let focused = crate::browser::focused();
    let at = items.iter().position(|item| Some(item) == focused.as_ref());
    let next = match (step, at) {
        (Step::Start, _) => {
            items.iter().position(|item| item.get_attribute("aria-checked").as_deref() == Some("true")).unwrap_or(0)
        }
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None) => end,
        (Step::Next, Some(at)) => {
            if at == end {
                0
            } else {
                at + 1
            }
        }
        (Step::Previous, Some(at)) => at.checked_sub(1).unwrap_or(end),
    };
    if let Some(item) = items.get(next) {
        item.focus().ok();
    }
}

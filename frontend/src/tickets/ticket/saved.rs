//! Saved replies beside the answer box: looked for by words, chosen by key or mouse, written where the cursor is with what
//! they leave open filled in.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use leptos_router::components::A;
use shared::{
    permissions::DeskAction,
    replies::{Facts, SavedReply, fill, is_in_block},
};
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, Node};

use super::{
    room::{self, Need},
    writing::Writing,
};
use crate::{
    brand::use_brand,
    browser,
    i18n::{t, t_string},
    replies::state::{Replies, matching, one_line},
    session::use_session,
    tickets::caret,
    time,
    ui::{Icon, LoadError, Symbol},
};

/// What opens the list.
const SLASH: &str = "/";
/// The id of the list.
const LIST: &str = "saved-list";
/// The id of the field that looks through it.
const FIND: &str = "saved-find";
/// With four replies, and with two that one can see to be others.
const NEED: Need = Need { whole: 380.0, least: 220.0 };

fn option_id(index: usize) -> String {
    format!("saved-{index}")
}

/// What the list knows. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Picking {
    /// Whether the person has saved replies at all.
    pub allowed: bool,
    open: RwSignal<bool>,
    /// A slash opened it, and is written when nothing is chosen.
    by_slash: RwSignal<bool>,
    words: RwSignal<String>,
    at: RwSignal<usize>,
    replies: Replies,
}

impl Picking {
    /// Closed; nothing is read before it is opened.
    pub fn new() -> Self {
        let allowed = use_session()
            .user_untracked()
            .is_some_and(|user| shared::permissions::can(user.role, DeskAction::UseReplies));
        Self {
            allowed,
            open: RwSignal::new(false),
            by_slash: RwSignal::new(false),
            words: RwSignal::new(String::new()),
            at: RwSignal::new(0),
            replies: Replies::new(),
        }
    }

    /// Whether it is open; tracked.
    pub fn is_open(self) -> bool {
        self.open.get()
    }

    /// Opens it, or closes it again.
    pub fn turn(self, writing: &Writing) {
        if self.open.get_untracked() {
            return self.leave(writing);
        }
        self.show(false);
    }

    fn show(self, by_slash: bool) {
        self.by_slash.set(by_slash);
        self.words.set(String::new());
        self.at.set(0);
        self.open.set(true);
        // Somebody may have saved another one meanwhile; those that are here already show until then.
        self.replies.load();
        // It stands where it is seen by then; the page stays where it is.
        request_animation_frame(|| {
            browser::focus_id_in_place(FIND);
        });
    }

    /// Takes a slash at the start of a line; false for any other key.
    pub fn takes(self, event: &KeyboardEvent, field: NodeRef<html::Textarea>) -> bool {
        let plain =
            event.key() == SLASH && !event.is_composing() && !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if !self.allowed || !plain || !starts_line(field) {
            return false;
        }
        event.prevent_default();
        self.show(true);
        true
    }

    fn close(self) {
        let _ = self.open.try_set(false);
    }

    /// Goes back to writing with nothing chosen.
    fn leave(self, writing: &Writing) {
        self.close();
        if let Some(typed) = self.typed() {
            caret::put(writing.field, writing.text(), &typed);
        }
        writing.focus();
    }

    /// The person has gone elsewhere, and stays there.
    fn abandon(self, writing: &Writing) {
        // Whoever chose or went back to writing leaves it too, and is done with it already.
        if !self.open.get_untracked() {
            return;
        }
        self.close();
        if let Some(typed) = self.typed() {
            caret::put_aside(writing.field, writing.text(), &typed);
        }
    }

    /// What was typed as if into the text: the slash, and all that followed it. It was no search, when nothing is chosen.
    fn typed(self) -> Option<String> {
        self.by_slash.get_untracked().then(|| self.words.with_untracked(|words| format!("{SLASH}{words}")))
    }

    /// Those that match, best first; tracked.
    fn found(self) -> Vec<SavedReply> {
        self.words.with(|words| self.replies.items.with(|items| matching(items.iter().flatten(), words)))
    }

    /// Goes up or down, and round again.
    fn step(self, down: bool) {
        let count = untrack(move || self.found().len()).max(1);
        self.mark((self.at.get_untracked() + if down { 1 } else { count - 1 }) % count);
    }

    /// Marks one, where it is seen.
    fn mark(self, at: usize) {
        self.at.set(at);
        room::reveal(option_id(at));
    }

    /// Takes the one that is marked; where none matches what follows a slash, that was meant for the text.
    fn enter(self, writing: &Writing, facts: &Facts) {
        let is_read =
            self.replies.items.with_untracked(Option::is_some) || self.replies.error.get_untracked().is_some();
        if self.by_slash.get_untracked() && is_read && untrack(move || self.found().is_empty()) {
            return self.leave(writing);
        }
        self.choose(self.at.get_untracked(), writing, facts);
    }

    fn choose(self, index: usize, writing: &Writing, facts: &Facts) {
        let Some(reply) = untrack(move || self.found()).into_iter().nth(index) else { return };
        self.close();
        writing.showing.close();
        caret::put(writing.field, writing.text(), &fill(&reply.body, facts));
        writing.focus();
    }
}

/// Whether the cursor is where a line of words begins, with nothing chosen: in code a slash is the beginning of a path.
fn starts_line(field: NodeRef<html::Textarea>) -> bool {
    let Some(field) = field.get_untracked() else { return false };
    let place = |found: Result<Option<u32>, _>| found.ok().flatten();
    let (Some(start), Some(end)) = (place(field.selection_start()), place(field.selection_end())) else { return false };
    let value = field.value();
    let before = value.get(..caret::offset(&value, start)).unwrap_or_default();
    start == end && (before.is_empty() || before.ends_with('\n')) && !is_in_block(before)
}

/// What the placeholders stand for on the ticket as it is now; tracked.
fn facts_of(writing: &Writing) -> Facts {
    let (requester_name, ticket_title) =
        writing.state.ticket.with(|ticket| (ticket.requester.name.clone(), ticket.title.clone()));
    Facts {
        requester_name,
        ticket_id: writing.state.id,
        ticket_title,
        agent_name: use_session().user().map(|user| user.name).unwrap_or_default(),
        desk_name: use_brand().name(),
    }
}

/// The list, while it is open.
#[component]
pub fn SavedList(
    /// The box.
    writing: StoredValue<Writing>,
) -> impl IntoView {
    let writing = writing.get_value();
    let (i18n, picking) = (writing.state.i18n, writing.picking);
    let panel = NodeRef::<html::Div>::new();
    let facts = Memo::new(move |_| facts_of(&writing));
    let found = Memo::new(move |_| picking.found());
    let key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => picking.step(true),
            "ArrowUp" => picking.step(false),
            "Enter" => facts.with_untracked(|facts| picking.enter(&writing, facts)),
            _ => return,
        }
        event.prevent_default();
    };
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            picking.leave(&writing);
        }
    };
    // Whoever goes elsewhere is done with it.
    let left = move |event: FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        if next.is_some() && !panel.get_untracked().is_some_and(|panel| panel.contains(next.as_ref())) {
            picking.abandon(&writing);
        }
    };
    let has_some = move || found.with(|found| !found.is_empty());
    // Nobody presses arrows on a screen that they touch.
    let touched = browser::is_touched();
    let hint = move || {
        if touched { t_string!(i18n, replies.pick.hint_touch) } else { t_string!(i18n, replies.pick.hint) }
    };
    room::keep_in_sight(panel, NEED);
    view! {
        <div
            class="saved"
            role="group"
            aria-label=move || t_string!(i18n, replies.pick.list)
            node_ref=panel
            on:keydown=escape
            on:focusout=left
        >
            <div class="saved-find">
                <Icon symbol=Symbol::Search/>
                <input
                    type="text"
                    id=FIND
                    role="combobox"
                    autocomplete="off"
                    aria-autocomplete="list"
                    aria-expanded=move || has_some().to_string()
                    aria-controls=move || has_some().then_some(LIST)
                    aria-activedescendant=move || has_some().then(|| option_id(picking.at.get()))
                    aria-label=move || t_string!(i18n, replies.pick.find)
                    placeholder=move || t_string!(i18n, replies.pick.find)
                    prop:value=picking.words
                    on:input=move |event| {
                        picking.words.set(event_target_value(&event));
                        picking.mark(0);
                    }
                    on:keydown=key
                />
                // On a phone it lies over the button that closes it elsewhere.
                <button
                    type="button"
                    class="saved-close btn btn-quiet btn-icon"
                    aria-label=move || t_string!(i18n, common.close)
                    on:click=move |_| picking.leave(&writing)
                >
                    <Icon symbol=Symbol::Cross/>
                </button>
            </div>
            <Options writing found facts/>
            <div class="saved-foot">
                <span aria-hidden="true">{hint}</span>
                <A href="/replies" attr:class="link">{t!(i18n, replies.pick.manage)}</A>
            </div>
        </div>
    }
    .into_any()
}

/// What can be chosen, or why nothing can.
#[component]
fn Options(
    /// The box.
    writing: Writing,
    /// Those that match.
    found: Memo<Vec<SavedReply>>,
    /// What they are filled with.
    facts: Memo<Facts>,
) -> impl IntoView {
    let (i18n, picking) = (writing.state.i18n, writing.picking);
    let option = move |(index, reply): (usize, SavedReply)| {
        let line = facts.with(|facts| one_line(&fill(&reply.body, facts)));
        view! {
            <li
                role="option"
                id=option_id(index)
                aria-selected=move || (picking.at.get() == index).to_string()
                // Before the field loses the focus.
                on:mousedown=move |event| {
                    event.prevent_default();
                    facts.with_untracked(|facts| picking.choose(index, &writing, facts));
                }
            >
                <strong>{reply.title} {(!reply.shared).then(|| view! { <Icon symbol=Symbol::Lock/> })}</strong>
                <span>{line}</span>
            </li>
        }
    };
    let here = Memo::new(move |_| picking.replies.items.with(|items| items.as_ref().map(Vec::is_empty)));
    let count = move || time::whole(i18n.get_locale(), found.with(Vec::len));
    move || match (here.get(), picking.replies.error.get()) {
        (None, Some(error)) => view! { <LoadError error retry=move || picking.replies.load()/> }.into_any(),
        (None, None) => view! { <p class="told" role="status">{t!(i18n, common.loading)}</p> }.into_any(),
        (Some(true), _) => view! { <p class="told" role="status">{t!(i18n, replies.pick.none_yet)}</p> }.into_any(),
        (Some(false), _) => view! {
            <Show
                when=move || found.with(|found| !found.is_empty())
                fallback=move || view! { <p class="told" role="status">{t!(i18n, replies.pick.none)}</p> }
            >
                <ul role="listbox" id=LIST aria-label=move || t_string!(i18n, replies.pick.list)>
                    {move || found.get().into_iter().enumerate().map(option).collect_view()}
                </ul>
                <p class="visually-hidden" role="status">
                    {move || t_string!(i18n, replies.pick.found, count = count())}
                </p>
            </Show>
        }
        .into_any(),
    }
}

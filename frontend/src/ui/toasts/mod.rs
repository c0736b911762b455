//! Short messages at the edge of the page: that something worked, or that it did not and what to do.

use std::{cell::RefCell, time::Duration};

use leptos::{ev::FocusEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Icon, Symbol};
use crate::{
    browser,
    i18n::{t_string, use_i18n},
    lasting::lasting,
};

/// How long a good message stays. A bad one stays until it is dismissed. While the pointer or the focus is among the
/// messages none goes, and afterwards each has all of its time again.
const STAY: Duration = Duration::from_secs(6);
/// How long a message stays that leads somewhere: long enough to read it and to reach it.
const NEWS_STAY: Duration = Duration::from_secs(10);
/// The most that are shown.
const MOST: usize = 4;

#[derive(Debug, Clone)]
struct Toast {
    id: u32,
    text: String,
    kind: Kind,
    /// Where it leads, and the words below.
    link: Option<Link>,
    /// What can be done about it.
    offer: Option<Offer>,
    /// How long it stays; none stays until it is dismissed.
    stay: Option<Duration>,
}

/// What can be done about a message: the words, and what they do.
#[derive(Debug, Clone)]
struct Offer {
    label: String,
    act: Callback<()>,
    /// Whether it stays until the person chooses.
    lasting: bool,
}

impl Offer {
    /// Whoever offers may be gone by the time it is taken up: the root keeps what is to be done.
    fn new(label: String, act: impl Fn() + Send + Sync + 'static, lasting: bool) -> Self {
        let act = ROOT.with(|(owner, _)| owner.with(|| Callback::new(move |()| act())));
        Self { label, act, lasting }
    }
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Good,
    Bad,
    News,
}

/// The way to what a message is about.
#[derive(Debug, Clone)]
struct Link {
    detail: String,
    href: String,
    followed: Callback<()>,
}

/// The messages of the page. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: RwSignal<u32>,
    held: StoredValue<Held>,
}

/// What keeps the messages from going by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Held {
    /// The pointer is over one.
    pointer: bool,
    /// The focus is in one.
    focus: bool,
    /// How often they were held and let go: a time that began before counts no more.
    turns: u32,
}

impl Held {
    fn is_any(self) -> bool {
        self.pointer || self.focus
    }

    /// As it is after a change.
    fn after(self, change: impl FnOnce(&mut Self)) -> Self {
        let mut next = self;
        change(&mut next);
        next.turns = self.turns.wrapping_add(u32::from(next.is_any() != self.is_any()));
        next
    }
}

thread_local! {
    /// Messages are sent from futures that have lost their reactive owner.
    static ROOT: (Owner, Toasts) = lasting(|| Toasts {
        shown: RwSignal::new(Vec::new()),
        next: RwSignal::new(0),
        held: StoredValue::new(Held::default()),
    });
    /// What had the focus before it went among the messages.
    static BEFORE: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// The messages of the page; from anywhere.
pub fn use_toasts() -> Toasts {
    ROOT.with(|(_, toasts)| *toasts)
}

impl Toasts {
    /// Says that something worked.
    pub fn success(self, text: impl Into<String>) {
        self.push(text.into(), Kind::Good, None, None, Some(STAY));
    }

    /// Says that something happened, and leads to it. It is in the bell too, so it may go by itself.
    pub fn news(self, text: String, detail: String, href: String, followed: impl Fn() + Send + Sync + 'static) {
        let followed = ROOT.with(|(owner, _)| owner.with(|| Callback::new(move |()| followed())));
        self.push(text, Kind::News, Some(Link { detail, href, followed }), None, Some(NEWS_STAY));
    }

    /// Takes back what leads there: the person has seen it.
    pub fn withdraw_news(self, href: &str) {
        let leads = |toast: &Toast| toast.link.as_ref().is_some_and(|link| link.href == href);
        if self.shown.with_untracked(|shown| shown.iter().any(leads)) {
            self.alter(|shown| shown.retain(|toast| !leads(toast)));
        }
    }

    /// Says that something worked, and offers for a while to do something about it.
    pub fn offer(self, text: String, label: String, stay: Duration, act: impl Fn() + Send + Sync + 'static) {
        // Of two offers the last one counts.
        self.withdraw_offers();
        self.push(text, Kind::Good, None, Some(Offer::new(label, act, false)), Some(stay));
    }

    /// Takes back what was offered for a while.
    pub fn withdraw_offers(self) {
        self.alter(|shown| shown.retain(|toast| toast.offer.as_ref().is_none_or(|offer| offer.lasting)));
    }

    /// Says that something can be done, and does it when the person wants. It stays until they choose.
    pub fn invite(self, text: impl Into<String>, label: impl Into<String>, act: impl Fn() + Send + Sync + 'static) {
        self.push(text.into(), Kind::News, None, Some(Offer::new(label.into(), act, true)), None);
    }

    /// Says that something did not, and what to do.
    pub fn error(self, text: impl Into<String>) {
        self.push(text.into(), Kind::Bad, None, None, None);
    }

    /// Takes all away.
    pub fn clear(self) {
        self.alter(Vec::clear);
    }

    fn push(self, text: String, kind: Kind, link: Option<Link>, offer: Option<Offer>, stay: Option<Duration>) {
        let id = self.next.get_untracked();
        self.next.set(id + 1);
        self.alter(|shown| {
            // The same trouble twice is one trouble.
            let href = link.as_ref().map(|link| &link.href);
            shown.retain(|toast| toast.text != text || toast.link.as_ref().map(|link| &link.href) != href);
            shown.push(Toast { id, text, kind, link, offer, stay });
            make_room(shown, |toast| toast.offer.as_ref().is_some_and(|offer| offer.lasting));
        });
        if !self.held.get_value().is_any() {
            self.begin(id, stay);
        }
    }

    /// From now on a message has as long as it stays, unless they are held meanwhile.
    fn begin(self, id: u32, stay: Option<Duration>) {
        let turns = self.held.get_value().turns;
        if let Some(stay) = stay {
            set_timeout(
                move || {
                    if self.held.get_value().turns == turns {
                        self.dismiss(id);
                    }
                },
                stay,
            );
        }
    }

    /// The pointer or the focus came among the messages, or left them.
    fn hold(self, change: impl FnOnce(&mut Held)) {
        let before = self.held.get_value();
        let now = before.after(change);
        self.held.set_value(now);
        if before.is_any() && !now.is_any() {
            let all: Vec<_> =
                self.shown.with_untracked(|shown| shown.iter().map(|toast| (toast.id, toast.stay)).collect());
            for (id, stay) in all {
                self.begin(id, stay);
            }
        }
    }

    fn dismiss(self, id: u32) {
        self.alter(|shown| shown.retain(|toast| toast.id != id));
    }

    /// Changes which messages are shown. Where one goes that has the focus, what had it before has it again.
    fn alter(self, change: impl FnOnce(&mut Vec<Toast>)) {
        let holder = browser::focused().and_then(|focused| focused.closest(".toast-item").ok().flatten());
        self.shown.update(change);
        if let Some(holder) = holder
            && self.shown.with_untracked(|shown| shown.iter().all(|toast| holder.id() != element_id(toast.id)))
        {
            give_back();
        }
        // A browser need not say that the pointer left what is gone.
        if self.shown.with_untracked(Vec::is_empty) {
            self.hold(|held| (held.pointer, held.focus) = (false, false));
        }
    }
}

/// What a message's element is called.
fn element_id(id: u32) -> String {
    format!("toast-{id}")
}

/// Whether an element belongs to the messages.
fn is_among(element: &HtmlElement) -> bool {
    element.closest(".toasts").is_ok_and(|found| found.is_some())
}

/// The other element of a movement of the focus.
fn other(event: &FocusEvent) -> Option<HtmlElement> {
    event.related_target()?.dyn_into().ok()
}

/// Gives the focus back to what had it before the messages, though that may have been drawn anew; where it is gone, to the
/// page's heading.
fn give_back() {
    let before = BEFORE.take();
    if let Some(element) =
        before.and_then(|element| if element.is_connected() { Some(element) } else { browser::by_id(&element.id()) })
    {
        browser::focus_in_place(&element);
    }
    if browser::focused().is_none_or(|focused| is_among(&focused)) {
        browser::refocus_on_heading();
    }
}

/// Leaves out the oldest of more than [`MOST`], but none that waits for the person's choice, and not the last.
fn make_room<T>(shown: &mut Vec<T>, stays: impl Fn(&T) -> bool) {
    while shown.len() > MOST {
        let last = shown.len() - 1;
        let Some(oldest) = shown.iter().position(|one| !stays(one)).filter(|place| *place < last) else { return };
        shown.remove(oldest);
    }
}

/// Where the messages appear. Once, at the root.
#[component]
pub fn ToastStack() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let came = move |event: FocusEvent| {
        let from = other(&event);
        if !from.as_ref().is_some_and(is_among) {
            BEFORE.set(from);
        }
        toasts.hold(|held| held.focus = true);
    };
    let left = move |event: FocusEvent| {
        if !other(&event).as_ref().is_some_and(is_among) {
            toasts.hold(|held| held.focus = false);
        }
    };
    view! {
        <section
            class="toasts"
            aria-label=move || t_string!(i18n, common.notifications)
            aria-live="polite"
            on:focusin=came
            on:focusout=left
            on:pointerover=move |_| toasts.hold(|held| held.pointer = true)
            on:pointerleave=move |_| toasts.hold(|held| held.pointer = false)
        >
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class="toast-item" id=element_id(toast.id) class:bad=toast.kind == Kind::Bad class:news=toast.kind == Kind::News>
                    <Icon symbol=match toast.kind {
                        Kind::Good => Symbol::Check,
                        Kind::Bad => Symbol::Warning,
                        Kind::News => Symbol::Bell,
                    }/>
                    {match toast.link {
                        None => view! { <p>{toast.text}</p> }.into_any(),
                        Some(Link { detail, href, followed }) => view! {
                            <a class="toast-link" href=href on:click=move |_| {
                                toasts.dismiss(toast.id);
                                followed.run(());
                            }>
                                <b>{toast.text}</b>
                                <span>{detail}</span>
                            </a>
                        }
                        .into_any(),
                    }}
                    {toast.offer.map(|Offer { label, act, .. }| view! {
                        <button type="button" class="btn btn-secondary" on:click=move |_| {
                            toasts.dismiss(toast.id);
                            act.run(());
                        }>
                            {label}
                        </button>
                    })}
                    <button type="button" class="btn btn-quiet btn-icon" aria-label=move || t_string!(i18n, common.dismiss)
                        on:click=move |_| toasts.dismiss(toast.id)>
                        <Icon symbol=Symbol::Cross/>
                    </button>
                </div>
            </For>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_time_begins_anew_when_the_last_hold_is_let_go() {
        let held = Held::default().after(|held| held.pointer = true);
        assert!(held.is_any() && held.turns == 1);
        // The other hand is on it too.
        let both = held.after(|held| held.focus = true).after(|held| held.pointer = false);
        assert!(both.is_any() && both.turns == 1);
        let free = both.after(|held| held.focus = false);
        assert!(!free.is_any() && free.turns == 2);
        assert_eq!(free.after(|held| held.focus = false), free);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_waits_for_a_choice_is_not_pushed_out() {
        let mut shown = vec![9, 1, 2, 3, 4, 5];
        make_room(&mut shown, |one| *one == 9);
        assert_eq!(shown, [9, 3, 4, 5]);
        let mut waiting = vec![9, 9, 9, 9, 1];
        make_room(&mut waiting, |one| *one == 9);
        assert_eq!(waiting, [9, 9, 9, 9, 1]);
    }
}

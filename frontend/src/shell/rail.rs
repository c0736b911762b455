//! The rail on the left; on a phone, the bar at the bottom.

use leptos::{ev, prelude::*};
use leptos_router::{components::A, hooks::use_location};
use shared::{accounts::Role, permissions::DeskAction, views::BuiltInView};

use crate::{
    brand::{BrandMark, use_brand},
    browser,
    commands::{Command, offer},
    i18n::{t, t_string, use_i18n},
    session::use_session,
    ui::{Icon, Symbol},
    unread::{in_badge, unread},
    views::{Counted, ViewCount, ViewLinks, use_views},
};

/// Where the browser remembers what the person chose.
const KEY: &str = "turno.rail";
/// The windows that are too small for a page beside the words of the rail, and larger than a phone's.
const SMALL: &str = "(min-width: 721px) and (max-width: 1023px)";

/// How wide the rail is: as the person chose in this browser or, as long as they chose nothing, as the window has room.
/// A handle.
#[derive(Debug, Clone, Copy)]
pub struct RailWidth {
    /// Whether it is to be narrow; none as long as nothing was chosen.
    chosen: RwSignal<Option<bool>>,
    /// Whether the window is a small one.
    small: RwSignal<bool>,
}

impl RailWidth {
    /// Follows the window for as long as the owner that calls this is there, and tells what is inside.
    pub fn follow() -> Self {
        let chosen = browser::local_get(KEY).and_then(|word| match word.as_str() {
            "narrow" => Some(true),
            "wide" => Some(false),
            _ => None,
        });
        let this = Self { chosen: RwSignal::new(chosen), small: RwSignal::new(browser::matches(SMALL)) };
        let resized = window_event_listener(ev::resize, move |_| {
            let small = browser::matches(SMALL);
            if this.small.get_untracked() != small {
                this.small.set(small);
            }
        });
        on_cleanup(move || resized.remove());
        provide_context(this);
        this
    }

    /// Whether only the drawings show; tracked.
    pub fn is_narrow(self) -> bool {
        self.chosen.get().unwrap_or_else(|| self.small.get())
    }

    /// Makes it narrow, or wide again; the browser remembers.
    fn turn(self) {
        let narrow = !untrack(|| self.is_narrow());
        browser::local_set(KEY, if narrow { "narrow" } else { "wide" });
        self.chosen.set(Some(narrow));
    }
}

/// The rail beside the page.
pub fn use_rail() -> Option<RailWidth> {
    use_context()
}

/// Where one can go.
#[component]
pub fn Rail(
    /// How wide it is.
    width: RailWidth,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let brand = use_brand();
    use_views().watch();
    let staff = move || session.role().is_some_and(Role::is_staff);
    let admin = move || session.can(DeskAction::ManageUsers);
    view! {
        <nav class="rail" aria-label=move || t_string!(i18n, common.nav.main)>
            <A href="/" exact=true attr:class="brand"><BrandMark/><span class="rail-word brand-name">{move || brand.name()}</span></A>
            <RailLink href="/" symbol=Symbol::Board label=move || t_string!(i18n, common.nav.dashboard)/>
            <RailLink href="/tickets" symbol=Symbol::Ticket label=move || t_string!(i18n, common.nav.tickets)
                count=use_views().count(Counted::BuiltIn(BuiltInView::Unfinished))/>
            <RailLink href="/tickets/new" symbol=Symbol::Plus label=move || t_string!(i18n, common.nav.new_ticket)
                short=move || t_string!(i18n, common.nav.new)/>
            <ChatLink/>
            <Show when=staff>
                <RailLink href="/replies" symbol=Symbol::File wide_only=true label=move || t_string!(i18n, common.nav.replies)/>
            </Show>
            <ViewLinks/>
            <Show when=admin>
                <h2 class="rail-head rail-word">{t!(i18n, common.nav.admin)}</h2>
                <RailLink href="/people" symbol=Symbol::Person label=move || t_string!(i18n, common.nav.people)/>
                <RailLink href="/categories" symbol=Symbol::Labels wide_only=true label=move || t_string!(i18n, common.nav.categories)/>
                <RailLink href="/audit" symbol=Symbol::Log wide_only=true label=move || t_string!(i18n, common.nav.audit)/>
                <RailLink href="/settings" symbol=Symbol::Sliders wide_only=true label=move || t_string!(i18n, common.nav.settings)/>
                <RailLink href="/mail" symbol=Symbol::Mail wide_only=true label=move || t_string!(i18n, common.nav.mail)/>
                <RailLink href="/about" symbol=Symbol::Info wide_only=true label=move || t_string!(i18n, common.nav.about)/>
            </Show>
            <Narrower width/>
        </nav>
    }
}

/// The way to the chat, with the number of messages that are unread.
#[component]
fn ChatLink() -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname;
    let here = Memo::new(move |_| path.with(|path| path == "/chat" || path.starts_with("/chat/")));
    let count = unread();
    let label = move || match count.get() {
        0 => t_string!(i18n, common.nav.chat).to_owned(),
        count => t_string!(i18n, chat.nav_unread, count = in_badge(count)),
    };
    view! {
        <a class="rail-link" class:on=here href="/chat" title=label
            aria-current=move || here.get().then_some("page")>
            <Icon symbol=Symbol::Comment/>
            <span class="rail-word" aria-hidden="true">{t!(i18n, common.nav.chat)}</span>
            <span class="visually-hidden">{label}</span>
            {move || (count.get() > 0).then(|| view! { <span class="count" aria-hidden="true">{in_badge(count.get())}</span> })}
        </a>
    }
    .into_any()
}

/// One place to go.
#[component]
fn RailLink(
    href: &'static str,
    symbol: Symbol,
    #[prop(into)] label: TextProp,
    /// The words in the bar at the bottom of a phone, when there is no room for all of them.
    #[prop(optional, into)]
    short: Option<TextProp>,
    /// Whether it is left out of the bar at the bottom of a phone.
    #[prop(optional)]
    wide_only: bool,
    /// How many there are.
    #[prop(optional, into)]
    count: Option<Signal<Option<u32>>>,
) -> impl IntoView {
    let location = use_location();
    let (words, title) = (label.clone(), label);
    let here = Memo::new(move |_| {
        let (path, search) = (location.pathname.get(), location.search.get());
        match href.split_once('?') {
            Some((target, query)) => path == target && search == query,
            // A ticket belongs to the list, unless the list shown is one of the views.
            None if href == "/tickets" => {
                (path == href && use_views().shown().is_none())
                    || (path.starts_with("/tickets/") && path != "/tickets/new")
            }
            None => path == href,
        }
    });
    view! {
        <a
            class="rail-link"
            class:on=here
            class:wide-only=wide_only
            href=href
            title=move || title.get()
            aria-current=move || here.get().then_some("page")
        >
            <Icon symbol/>
            <span class="rail-word" class:rail-long=short.is_some()>{move || words.get()}</span>
            {short.map(|short| view! { <span class="rail-short" aria-hidden="true">{move || short.get()}</span> })}
            {count.map(|count| view! { <ViewCount count/> })}
        </a>
    }
}

/// The button that makes the rail narrow, or wide again.
#[component]
fn Narrower(
    /// How wide it is.
    width: RailWidth,
) -> impl IntoView {
    let i18n = use_i18n();
    offer(Command::Rail, move || width.turn());
    let label = move || {
        if width.is_narrow() { t_string!(i18n, common.nav.expand) } else { t_string!(i18n, common.nav.collapse) }
    };
    view! {
        <button
            type="button"
            class="rail-turn"
            aria-expanded=move || (!width.is_narrow()).to_string()
            aria-label=label
            title=label
            on:click=move |_| width.turn()
        >
            <Icon symbol=Symbol::Collapse/>
        </button>
    }
}

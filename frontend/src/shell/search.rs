//! The header's search: what matches shows while one types.

use std::time::Duration;

use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::hooks::{use_location, use_navigate};
use shared::search::{SearchHit, SearchKind, SearchQuery};

use crate::{
    api::search::search,
    browser,
    i18n::{I18n, t, t_string, use_i18n},
    search::{address, symbol},
    ui::{Icon, Symbol},
};

/// How long after the last key is searched.
const PAUSE: Duration = Duration::from_millis(200);
/// As many hits as a glance takes in.
const SHOWN: u32 = 8;

/// What the box knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Finder {
    words: RwSignal<String>,
    /// What was found; none while nothing is shown.
    hits: RwSignal<Option<Vec<SearchHit>>>,
    /// The hit that Enter opens; none for the list of all.
    at: RwSignal<Option<usize>>,
    /// How often was asked or closed: an answer to what was before is dropped, whatever the words are by then.
    asked: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Finder {
    fn new() -> Self {
        Self {
            words: RwSignal::new(String::new()),
            hits: RwSignal::new(None),
            at: RwSignal::new(None),
            asked: StoredValue::new(0),
            timer: StoredValue::new(None),
        }
    }

    fn typed(self, words: String) {
        self.words.set(words);
        self.stop();
        self.next();
        if self.words.with_untracked(|words| words.trim().is_empty()) {
            return self.close();
        }
        self.timer.set_value(set_timeout_with_handle(move || self.look(), PAUSE).ok());
    }

    fn stop(self) {
        if let Some(handle) = self.timer.try_get_value().flatten() {
            handle.clear();
        }
    }

    fn look(self) {
        let Some(words) = self.words.try_get_untracked() else { return };
        let query = SearchQuery { q: Some(words.trim().to_owned()), kind: None, limit: Some(SHOWN) };
        let asked = self.next();
        spawn_local(async move {
            // What did not come is not missed: Enter still leads to the page of all, which says what is wrong.
            let hits = search(&query).await.ok().map(|page| page.items);
            if self.asked.try_get_value() == asked {
                let _ = self.at.try_set(None);
                let _ = self.hits.try_set(hits);
            }
        });
    }

    /// From here on no earlier answer counts.
    fn next(self) -> Option<u32> {
        self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        })
    }

    /// Goes up or down, from the list of all through the hits and round again.
    fn step(self, down: bool) {
        let count = self.hits.with_untracked(|hits| hits.as_ref().map_or(0, Vec::len));
        self.at.update(|at| {
            *at = match (*at, down) {
                (None, true) => Some(0),
                (None, false) => count.checked_sub(1),
                (Some(at), true) => Some(at + 1),
                (Some(at), false) => at.checked_sub(1),
            }
            .filter(|at| *at < count);
        });
    }

    fn close(self) {
        self.stop();
        self.next();
        self.hits.set(None);
        self.at.set(None);
    }

    /// Where Enter leads.
    fn target(self) -> String {
        let hit = self
            .at
            .get_untracked()
            .and_then(|at| self.hits.with_untracked(|hits| hits.as_ref().and_then(|hits| hits.get(at).map(address))));
        hit.unwrap_or_else(|| {
            self.words.with_untracked(|words| match words.trim() {
                "" => "/search".to_owned(),
                words => format!("/search?q={}", browser::escape(words)),
            })
        })
    }
}

/// Finds tickets, comments and, for staff, people while one types; Enter leads to the one chosen, or to the page of all
/// that was found. Ctrl+K comes here from anywhere.
#[component]
pub fn Search() -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let location = use_location();
    let state = Finder::new();
    let field = NodeRef::<html::Input>::new();
    // The box shows what the list or the whole desk was searched for, and is empty on other pages.
    Effect::new(move || {
        let searched = location.query.with(|query| query.get("q")).unwrap_or_default();
        let is_here = matches!(location.pathname.get().as_str(), "/tickets" | "/search");
        state.words.set(if is_here { searched } else { String::new() });
        state.close();
    });
    let shortcut = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            if let Some(field) = field.get_untracked() {
                field.focus().ok();
                field.select();
            }
        }
    });
    on_cleanup(move || {
        shortcut.remove();
        state.stop();
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let target = state.target();
        state.close();
        navigate(&target, leptos_router::NavigateOptions::default());
    };
    view! {
        <form class="find" role="search" on:submit=submit>
            <Icon symbol=Symbol::Search/>
            <Field state field/>
            <kbd aria-hidden="true">"Ctrl K"</kbd>
            {move || state.hits.get().map(|hits| view! { <Hits state hits/> })}
            <span class="visually-hidden" role="status">
                {move || state.hits.with(Option::is_some).then(|| count(state, i18n))}
            </span>
        </form>
    }
}

/// How many were found, for those who do not see the list.
fn count(state: Finder, i18n: I18n) -> String {
    let count = state.hits.with(|hits| hits.as_ref().map_or(0, Vec::len));
    t_string!(i18n, common.nav.search_found, count = count)
}

#[component]
fn Field(state: Finder, field: NodeRef<html::Input>) -> impl IntoView {
    let i18n = use_i18n();
    let open = move || state.hits.with(Option::is_some);
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        direction @ ("ArrowDown" | "ArrowUp") if open() => {
            event.prevent_default();
            state.step(direction == "ArrowDown");
        }
        "Escape" if open() => {
            event.prevent_default();
            state.close();
        }
        _ => {}
    };
    view! {
        <input
            type="search"
            name="q"
            node_ref=field
            role="combobox"
            autocomplete="off"
            aria-autocomplete="list"
            aria-controls="search-hits"
            aria-expanded=move || open().to_string()
            aria-activedescendant=move || state.at.get().map(|at| format!("search-hit-{at}"))
            aria-label=move || t_string!(i18n, common.nav.search)
            aria-keyshortcuts="Control+K"
            placeholder=move || t_string!(i18n, common.nav.search_hint)
            prop:value=state.words
            on:input:target=move |event| state.typed(event.target().value())
            on:keydown=key
            on:blur=move |_| state.close()
        />
    }
}

#[component]
fn Hits(state: Finder, hits: Vec<SearchHit>) -> impl IntoView {
    let i18n = use_i18n();
    if hits.is_empty() {
        return view! { <p class="find-none" id="search-hits">{t!(i18n, common.nav.search_none)}</p> }.into_any();
    }
    let rows = hits.into_iter().enumerate().map(|(at, hit)| view! { <Hit state at hit/> }).collect_view();
    view! {
        <ul class="find-hits" id="search-hits" role="listbox" aria-label=move || t_string!(i18n, common.nav.search)>{rows}</ul>
    }
    .into_any()
}

#[component]
fn Hit(state: Finder, at: usize, hit: SearchHit) -> impl IntoView {
    let navigate = use_navigate();
    let target = address(&hit);
    let number = (hit.kind != SearchKind::Person).then(|| hit.ticket_id.map_or(hit.id, |ticket| ticket.0));
    let symbol = symbol(hit.kind);
    let open = move |event: ev::MouseEvent| {
        // Before the field loses the focus, which would close the list.
        event.prevent_default();
        state.close();
        navigate(&target, leptos_router::NavigateOptions::default());
    };
    view! {
        <li
            role="option"
            id=format!("search-hit-{at}")
            aria-selected=move || (state.at.get() == Some(at)).to_string()
            on:mousedown=open
        >
            <Icon symbol/>
            <span class="turno">{number}</span>
            // The server has escaped everything but its own marks.
            <span class="find-title" inner_html=hit.title></span>
            <span class="find-snippet" inner_html=hit.snippet></span>
        </li>
    }
}

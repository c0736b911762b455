//! Chooses one person by part of their name.

use std::time::Duration;

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use shared::{
    accounts::UserRef,
    ids::UserId,
    page::DEFAULT_LIMIT,
    search::{SearchHit, SearchKind, SearchQuery},
};

use crate::{
    api::search::{plain_text, search},
    i18n::{t, t_string, use_i18n},
    ui::{Avatar, OptionalMark},
};

/// How long after the last key people are looked for.
const PAUSE: Duration = Duration::from_millis(250);
/// The name of the field, and of the button that takes its place once somebody is chosen.
pub const PERSON_PICK: &str = "person-pick";
/// As many people as a glance takes in.
const SHOWN: usize = 8;

/// A person found.
#[derive(Debug, Clone)]
struct Match {
    person: UserRef,
    /// What tells them from others of the same name.
    address: String,
}

impl Match {
    /// The person of a hit, if it is one.
    fn from_hit(hit: &SearchHit) -> Option<Self> {
        let person = UserRef { id: UserId(hit.id), name: plain_text(&hit.title), avatar_url: None };
        (hit.kind == SearchKind::Person).then(|| Self { person, address: plain_text(&hit.snippet) })
    }
}

/// What the field knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Search {
    text: RwSignal<String>,
    found: RwSignal<Option<Vec<Match>>>,
    at: RwSignal<usize>,
    timer: StoredValue<Option<TimeoutHandle>>,
    chosen: RwSignal<Option<UserRef>>,
}

impl Search {
    fn typed(self, text: String) {
        self.text.set(text);
        self.stop();
        if self.text.with_untracked(|text| text.trim().is_empty()) {
            return self.found.set(None);
        }
        self.timer.set_value(set_timeout_with_handle(move || self.look(), PAUSE).ok());
    }

    fn stop(self) {
        if let Some(handle) = self.timer.try_get_value().flatten() {
            handle.clear();
        }
    }

    fn look(self) {
        let Some(text) = self.text.try_get_untracked() else { return };
        let shown = u32::try_from(SHOWN).unwrap_or(DEFAULT_LIMIT);
        let query = SearchQuery { q: Some(text.trim().to_owned()), kind: Some(SearchKind::Person), limit: Some(shown) };
        spawn_local(async move {
            let Ok(page) = search(&query).await else { return };
            let people = page.items.iter().filter_map(Match::from_hit).collect();
            // A late answer to an earlier text is dropped.
            if self.text.try_get_untracked() == Some(text) {
                let _ = self.at.try_set(0);
                let _ = self.found.try_set(Some(people));
            }
        });
    }

    fn step(self, by: isize) {
        let count = self.found.with_untracked(|found| found.as_ref().map_or(0, Vec::len));
        if let Some(at) = self.at.get_untracked().checked_add_signed(by).filter(|at| *at < count) {
            self.at.set(at);
        }
    }

    fn choose(self, index: usize) {
        let found = self.found.with_untracked(|found| found.as_ref().and_then(|found| found.get(index).cloned()));
        if let Some(Match { person, .. }) = found {
            self.chosen.set(Some(person));
            self.close();
        }
    }

    fn close(self) {
        self.stop();
        self.found.set(None);
        self.text.set(String::new());
    }
}

/// A field to find a person with, or the person found.
#[component]
pub fn PersonPick(
    /// Who is chosen; nobody stands for the person at the screen, or for anybody.
    chosen: RwSignal<Option<UserRef>>,
    /// The words over it; unless told, that it is who has the problem.
    #[prop(optional, into)]
    label: Option<TextProp>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// Whether nobody may be chosen, and the label says so.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = label.unwrap_or_else(|| (move || t_string!(i18n, tickets.new.requester)).into());
    let hint = hint.unwrap_or_else(|| (move || t_string!(i18n, tickets.new.requester_hint)).into());
    let named = label.clone();
    let search = Search {
        text: RwSignal::new(String::new()),
        found: RwSignal::new(None),
        at: RwSignal::new(0),
        timer: StoredValue::new(None),
        chosen,
    };
    on_cleanup(move || search.stop());
    view! {
        <div class="pick">
            // Whoever is found already, the button says what it does, and not what the field is called.
            <label class="field-label" id="person-pick-label" for=move || chosen.with(Option::is_none).then_some(PERSON_PICK)>
                {move || label.get()}
                {optional.then(|| view! { <OptionalMark/> })}
            </label>
            {move || match chosen.get() {
                Some(person) => view! { <Chosen person chosen/> }.into_any(),
                None => view! { <Find search label=named.clone()/> }.into_any(),
            }}
            <span class="field-hint" id="person-pick-hint">{move || hint.get()}</span>
        </div>
    }
    .into_any()
}

/// The person found.
#[component]
fn Chosen(
    /// Who.
    person: UserRef,
    /// Where to put nobody.
    chosen: RwSignal<Option<UserRef>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = person.name.clone();
    view! {
        <div class="chosen" role="group" aria-labelledby="person-pick-label">
            <Avatar name=person.name url=person.avatar_url/>
            <span>{name}</span>
            <button type="button" class="quiet-link" id=PERSON_PICK on:click=move |_| chosen.set(None)>
                {t!(i18n, tickets.new.requester_change)}
            </button>
        </div>
    }
    .into_any()
}

/// The field and whom it finds.
#[component]
fn Find(
    /// What the field knows.
    search: Search,
    /// The words over it.
    label: TextProp,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = StoredValue::new(label);
    let open = move || search.found.with(Option::is_some);
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" if open() => {
            event.prevent_default();
            search.step(1);
        }
        "ArrowUp" if open() => {
            event.prevent_default();
            search.step(-1);
        }
        "Enter" => {
            event.prevent_default();
            search.choose(search.at.get_untracked());
        }
        "Escape" if open() => {
            event.prevent_default();
            search.close();
        }
        _ => {}
    };
    view! {
        <input
            id=PERSON_PICK
            class="field-input"
            type="text"
            role="combobox"
            autocomplete="off"
            aria-autocomplete="list"
            aria-controls="person-pick-list"
            aria-describedby="person-pick-hint"
            aria-expanded=move || open().to_string()
            aria-activedescendant=move || open().then(|| format!("person-pick-{}", search.at.get()))
            placeholder=move || t_string!(i18n, tickets.new.requester_search)
            prop:value=move || search.text.get()
            on:input=move |event| search.typed(event_target_value(&event))
            on:keydown=key
            on:blur=move |_| search.close()
        />
        <Show when=open>
            <Found search label=label.get_value()/>
        </Show>
    }
    .into_any()
}

/// The people found.
#[component]
fn Found(
    /// What the field knows.
    search: Search,
    /// The words over the field.
    label: TextProp,
) -> impl IntoView {
    let i18n = use_i18n();
    let person = move |(index, Match { person, address }): (usize, Match)| {
        let name = person.name.clone();
        view! {
            <li
                role="option"
                id=format!("person-pick-{index}")
                aria-selected=move || (search.at.get() == index).to_string()
                // Before the field loses the focus, which would close the list.
                on:mousedown=move |event| {
                    event.prevent_default();
                    search.choose(index);
                }
            >
                <Avatar name=person.name url=person.avatar_url/>
                <span>{name}</span>
                <span class="faint">{address}</span>
            </li>
        }
    };
    view! {
        <ul role="listbox" id="person-pick-list" aria-label=move || label.get()>
            {move || {
                let found = search.found.get().unwrap_or_default();
                if found.is_empty() {
                    let none = view! { <li role="option" aria-disabled="true">{t!(i18n, tickets.new.requester_none)}</li> };
                    return none.into_any();
                }
                found.into_iter().enumerate().map(person).collect_view().into_any()
            }}
        </ul>
    }
    .into_any()
}

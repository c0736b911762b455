//! Changes in words: "Luis Peña tomó el ticket · cambió la prioridad: Alta → Urgente · 10:20".

use leptos::prelude::*;

use super::{
    facts::{CategoryName, Fact, Line},
    state::State,
};
use crate::{
    i18n::{I18n, t, t_string},
    tickets::words,
    ui::{Icon, RelativeTime, Symbol},
};

/// A quiet line between messages.
#[component]
pub fn ChangesLine(
    /// Who changed what.
    line: Line,
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let Line { actor, at, facts, internal, .. } = line;
    let actor = move || match &actor {
        Some(actor) => actor.name.clone(),
        None => t_string!(i18n, tickets.change.system).to_owned(),
    };
    // What was written before may be long: it is opened below the line, and not within it.
    let before = |fact: &Fact| match fact {
        Fact::Rewritten(before) => Some(before.clone()),
        _ => None,
    };
    let befores = facts.iter().filter_map(before).map(|before| view! { " " <Before before state/> }).collect_view();
    let facts =
        facts.into_iter().map(|fact| view! { <span class="fact"><FactWords fact state/></span> " " }).collect_view();
    view! {
        <div class="changed" class:internal=internal>
            {internal.then(|| view! {
                <span class="note-mark"><Icon symbol=Symbol::Lock/> {t!(i18n, tickets.message.note)}</span>
            })}
            <span>{actor} " " {facts} <span class="fact"><RelativeTime at/></span> {befores}</span>
        </div>
    }
    .into_any()
}

/// One change in words.
#[component]
fn FactWords(
    /// The change.
    fact: Fact,
    /// The page.
    state: State,
) -> impl IntoView {
    move || {
        let (text, values) = words_of(state, &fact);
        let arrow = t_string!(state.i18n, tickets.change.becomes);
        let values = match values {
            Values::None => ().into_any(),
            Values::One(value) => view! { " " <b>{value}</b> }.into_any(),
            Values::FromTo(from, to) => view! {
                " " <b>{from}</b> <span aria-hidden="true">" → "</span> <span class="visually-hidden">" " {arrow} " "</span> <b>{to}</b>
            }
            .into_any(),
        };
        view! { {text} {values} }.into_any()
    }
}

/// What a message said before it was edited.
#[component]
fn Before(
    /// The text.
    before: String,
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    view! {
        <details class="was">
            <summary>{t!(i18n, conversation.change.before)}</summary>
            <blockquote tabindex="0">{before}</blockquote>
        </details>
    }
}

/// The values a change names.
enum Values {
    None,
    One(String),
    FromTo(String, String),
}

fn words_of(state: State, fact: &Fact) -> (&'static str, Values) {
    let i18n = state.i18n;
    let pair = |from: &str, to: &str| Values::FromTo(from.to_owned(), to.to_owned());
    match fact {
        Fact::OpenedFor(name) => (t_string!(i18n, tickets.change.opened_for), Values::One(name.clone())),
        Fact::Took => (t_string!(i18n, tickets.change.took), Values::None),
        Fact::PutBack => (t_string!(i18n, tickets.change.put_back), Values::None),
        Fact::Unassigned(name) => (t_string!(i18n, tickets.change.unassigned), Values::One(name.clone())),
        Fact::Assigned(name) => (t_string!(i18n, tickets.change.assigned), Values::One(name.clone())),
        Fact::AssignedByCategory(name) => {
            (t_string!(i18n, tickets.change.assigned_by_category), Values::One(name.clone()))
        }
        Fact::Closed => (t_string!(i18n, tickets.change.closed), Values::None),
        Fact::Reopened => (t_string!(i18n, tickets.change.reopened), Values::None),
        Fact::Status(from, to) => {
            (t_string!(i18n, tickets.change.state), pair(words::status(i18n, *from), words::status(i18n, *to)))
        }
        Fact::Priority(from, to) => {
            (t_string!(i18n, tickets.change.priority), pair(words::priority(i18n, *from), words::priority(i18n, *to)))
        }
        Fact::Category(from, to) => {
            let (from, to) = (category(state, from.as_ref()), category(state, to.as_ref()));
            (t_string!(i18n, tickets.change.category), Values::FromTo(from, to))
        }
        Fact::Title(from, to) => (t_string!(i18n, tickets.change.title), pair(from, to)),
        Fact::Description => (t_string!(i18n, tickets.change.description), Values::None),
        Fact::Attached(name) => (t_string!(i18n, tickets.change.attached), Values::One(name.clone())),
        Fact::Detached(name) => (t_string!(i18n, tickets.change.detached), Values::One(name.clone())),
        Fact::Rewritten(_) => (t_string!(i18n, conversation.change.rewrote), Values::None),
        Fact::Followed => (t_string!(i18n, conversation.change.followed), Values::None),
        Fact::Unfollowed => (t_string!(i18n, conversation.change.unfollowed), Values::None),
        Fact::Invited(name) => (t_string!(i18n, conversation.change.invited), Values::One(name.clone())),
        Fact::Dismissed(name) => (t_string!(i18n, conversation.change.dismissed), Values::One(name.clone())),
        Fact::Other => (t_string!(i18n, tickets.change.other), Values::None),
    }
}

/// A category by the name it has now, or had then.
fn category(state: State, category: Option<&CategoryName>) -> String {
    let nothing = |i18n: I18n| t_string!(i18n, tickets.change.nothing).to_owned();
    let Some(CategoryName { id, name }) = category else { return nothing(state.i18n) };
    let now = id.and_then(|id| state.categories.name(id));
    let number = || id.map(|id| id.to_string());
    now.or_else(|| name.clone()).or_else(number).unwrap_or_else(|| nothing(state.i18n))
}

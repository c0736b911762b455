//! While a ticket is written: those that it may be like. They open beside, and nothing waits for them or moves for them.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    fields::TITLE_MAX,
    tickets::{SimilarQuery, SimilarTicket},
};

use crate::{
    api::tickets as api,
    i18n::{I18n, t, t_string, use_i18n},
    ui::{Icon, RelativeTime, StatusMark, Stub, Symbol},
};

/// How long after the last key tickets are looked for.
const PAUSE: Duration = Duration::from_millis(400);
/// So many words say what a ticket is about,
const WORDS: usize = 3;
/// and so do so many characters.
const LENGTH: usize = 10;

/// Whether a title says enough to be looked for.
fn says_enough(title: &str) -> bool {
    let length = title.trim().chars().count();
    length <= TITLE_MAX && (length >= LENGTH || title.split_whitespace().count() >= WORDS)
}

/// What is looked for and found. A handle.
#[derive(Debug, Clone, Copy)]
struct Look {
    title: RwSignal<String>,
    found: RwSignal<Vec<SimilarTicket>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Look {
    fn of(title: RwSignal<String>) -> Self {
        let look = Self { title, found: RwSignal::new(Vec::new()), timer: StoredValue::new(None) };
        on_cleanup(move || look.stop());
        Effect::new(move || {
            let enough = title.with(|title| says_enough(title));
            look.stop();
            if enough {
                look.timer.set_value(set_timeout_with_handle(move || look.ask(), PAUSE).ok());
            } else if !look.found.with_untracked(Vec::is_empty) {
                look.found.set(Vec::new());
            }
        });
        look
    }

    fn stop(self) {
        if let Some(handle) = self.timer.try_get_value().flatten() {
            handle.clear();
        }
    }

    fn ask(self) {
        let Some(title) = self.title.try_get_untracked().map(|title| title.trim().to_owned()) else { return };
        let query = SimilarQuery { title: Some(title.clone()), ..SimilarQuery::default() };
        spawn_local(async move {
            // What does not come is not missed.
            let Ok(page) = api::similar(&query).await else { return };
            // A late answer to an earlier title is dropped.
            let now = self.title.try_with_untracked(|now| now.trim() == title) == Some(true);
            if now && self.found.try_with_untracked(|found| *found != page.items) == Some(true) {
                let _ = self.found.try_set(page.items);
            }
        });
    }
}

/// The tickets that a title resembles.
#[component]
pub fn Similar(
    /// The title, as far as it is written.
    title: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let look = Look::of(title);
    let found = look.found;
    let open = RwSignal::new(false);
    let some = move || found.with(|found| !found.is_empty());
    let words = move || found.with(|found| words(i18n, found));
    view! {
        <div class="similar">
            <p class="visually-hidden" role="status">{words}</p>
            <Show when=some>
                <button
                    type="button"
                    class="similar-turn"
                    aria-expanded=move || open.get().to_string()
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {words} <Icon symbol=Symbol::Down/>
                </button>
            </Show>
            <section
                class="similar-list"
                class:open=move || open.get() && some()
                class:some=some
                aria-label=move || t_string!(i18n, conversation.similar.heading)
            >
                <h2>{t!(i18n, conversation.similar.heading)}</h2>
                <ul>
                    <For each=move || found.get() key=|ticket| (ticket.id, ticket.updated_at) let:ticket>
                        <li><SimilarRow ticket/></li>
                    </For>
                </ul>
                <p>{t!(i18n, conversation.similar.hint)}</p>
            </section>
        </div>
    }
    .into_any()
}

/// One of them, which opens beside.
#[component]
pub fn SimilarRow(
    /// The ticket.
    ticket: SimilarTicket,
) -> impl IntoView {
    let SimilarTicket { id, title, status, updated_at } = ticket;
    view! {
        <a href=format!("/tickets/{id}") target="_blank" rel="noopener">
            <StatusMark status=status/>
            <Stub id/>
            <span class="when"><RelativeTime at=updated_at/></span>
            <span>{title}</span>
        </a>
    }
    .into_any()
}

/// In one line: what it is like, and how many more.
fn words(i18n: I18n, found: &[SimilarTicket]) -> String {
    match found {
        [] => String::new(),
        [one] => t_string!(i18n, conversation.similar.one, id = one.id.to_string()),
        [first, rest @ ..] => {
            t_string!(i18n, conversation.similar.more, id = first.id.to_string(), count = rest.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::says_enough;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_title_says_enough_from_a_few_words_on() {
        for enough in ["no va red", "impresora!", "  el ratón no va  "] {
            assert!(says_enough(enough), "{enough}");
        }
        for little in ["", "hola", "no va", "         x"] {
            assert!(!says_enough(little), "{little}");
        }
        assert!(!says_enough(&"x ".repeat(150)));
    }
}

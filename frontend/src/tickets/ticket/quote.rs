//! Quoting a message: its text behind `>`, with who wrote it.

use leptos::prelude::*;
use shared::replies::escaped;

use super::state::State;
use crate::i18n::{t, t_string, tu_string};

/// What is to be quoted in the answer box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// As Markdown.
    pub block: String,
    /// It comes from an internal note, and goes into one.
    pub note: bool,
}

impl Quote {
    /// A message and what says who wrote it.
    fn of(wrote: &str, body: &str, note: bool) -> Self {
        Self { block: block(wrote, body), note }
    }
}

/// The lines of a text behind `>`. What it quotes itself is left out: it stands above already.
fn block(wrote: &str, body: &str) -> String {
    let is_quoted = |line: &&str| line.trim_start().starts_with('>');
    let own: Vec<&str> = body.trim().lines().filter(|line| !is_quoted(line)).collect();
    let all: Vec<&str> = body.trim().lines().collect();
    let lines = if own.iter().all(|line| line.trim().is_empty()) { all } else { own };
    let mut quoted = format!("> {wrote}\n>");
    // Where something was left out at the beginning, nothing but empty lines may be left of it.
    for line in lines.into_iter().skip_while(|line| line.trim().is_empty()) {
        quoted.push_str(if line.is_empty() { "\n>" } else { "\n> " });
        quoted.push_str(line);
    }
    quoted
}

/// The button that quotes a message.
#[component]
pub fn QuoteButton(
    /// The page.
    state: State,
    /// Who wrote it.
    name: String,
    /// What is written, as Markdown.
    #[prop(into)]
    body: Signal<String>,
    /// Whether it is an internal note.
    #[prop(optional)]
    note: bool,
) -> impl IntoView {
    let i18n = state.i18n;
    let (for_label, name) = (name.clone(), StoredValue::new(name));
    let quote = move |_| {
        let wrote =
            tu_string!(i18n, conversation.quote.wrote, name = format!("**{}**", name.with_value(|name| escaped(name))));
        state.quote.set(Some(Quote::of(&wrote, &body.get_untracked(), note)));
    };
    view! {
        <button
            type="button"
            class="quiet-link quote"
            aria-label=move || t_string!(i18n, conversation.quote.name, name = for_label.clone())
            on:click=quote
        >
            {t!(i18n, conversation.quote.act)}
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::block;

    #[wasm_bindgen_test(unsupported = test)]
    fn every_line_stands_behind_its_sign() {
        assert_eq!(block("Ana:", "uno\n\ndos  \n"), "> Ana:\n>\n> uno\n>\n> dos");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_quoted_is_not_quoted_again() {
        assert_eq!(block("Ana:", "> antes\n>\n> más\n\nsí"), "> Ana:\n>\n> sí");
        // Unless there is nothing else.
        assert_eq!(block("Ana:", "> antes"), "> Ana:\n>\n> > antes");
    }
}

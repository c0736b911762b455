//! What the page of a search knows, and its keys.

use std::collections::HashMap;

use leptos::{prelude::*, task::spawn_local};
use shared::search::{SearchHit, SearchKind, SearchQuery};

use crate::{
    api::{ClientError, search::search_deliberately},
    browser,
    commands::{Command, Sequence, use_commands},
    tickets::is_free,
};

/// As many hits as are shown; more say that the words are too few.
pub const BEST: usize = 100;

/// What the page is at the moment.
#[derive(Debug, Clone, PartialEq)]
pub enum Face {
    /// Nothing is searched for.
    NotAsked,
    /// It is being looked for.
    Loading,
    /// It did not come.
    Failed(ClientError),
    /// Nothing was found.
    Nothing,
    /// It is here.
    Here(Vec<SearchHit>),
}

/// What was found. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Results {
    words: Memo<String>,
    /// What is shown.
    pub face: RwSignal<Face>,
    /// The row that Tab reaches.
    pub at: RwSignal<usize>,
    /// How often was searched: an answer to an earlier question is dropped.
    asked: StoredValue<u32>,
}

impl Results {
    /// What these words find, now and whenever they change.
    pub fn new(words: Memo<String>) -> Self {
        let results =
            Self { words, face: RwSignal::new(Face::Loading), at: RwSignal::new(0), asked: StoredValue::new(0) };
        Effect::new(move || {
            words.track();
            results.load();
        });
        results
    }

    /// Searches.
    pub fn load(self) {
        let words = self.words.get_untracked();
        let asked = self.asked.get_value() + 1;
        self.asked.set_value(asked);
        self.at.set(0);
        if words.is_empty() {
            return self.face.set(Face::NotAsked);
        }
        self.face.set(Face::Loading);
        let query = SearchQuery { q: Some(words), kind: None, limit: u32::try_from(BEST).ok() };
        spawn_local(async move {
            let face = match search_deliberately(&query).await {
                Ok(page) if page.items.is_empty() => Face::Nothing,
                Ok(page) => Face::Here(together(page.items)),
                Err(error) => Face::Failed(error),
            };
            if self.asked.try_get_value() == Some(asked) {
                let _ = self.face.try_set(face);
            }
        });
    }

    fn count(self) -> usize {
        self.face.with_untracked(|face| if let Face::Here(hits) = face { hits.len() } else { 0 })
    }
}

/// The hits of each ticket one after the other, where the best of them stands: the ticket itself, then its comments.
fn together(hits: Vec<SearchHit>) -> Vec<SearchHit> {
    let mut best = HashMap::new();
    let placed = |(at, hit): (usize, SearchHit)| {
        let place = hit.ticket_id.map_or(at, |ticket| *best.entry(ticket).or_insert(at));
        ((place, hit.kind != SearchKind::Ticket), hit)
    };
    let mut hits: Vec<_> = hits.into_iter().enumerate().map(placed).collect();
    hits.sort_by_key(|(place, _)| *place);
    hits.into_iter().map(|(_, hit)| hit).collect()
}

/// The name of a row.
pub fn row_id(at: usize) -> String {
    format!("search-row-{at}")
}

/// Listens to the keys of the page while it is shown: those of the list of tickets.
pub fn listen(results: Results) {
    let sequence = Sequence::of(use_commands());
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let Some(last) = results.count().checked_sub(1) else { return };
        if !is_free(&event) {
            return;
        }
        let (at, on_row) = (results.at.get_untracked(), on_row());
        // Whoever is on no row yet comes to the first.
        let next = if on_row { (at + 1).min(last) } else { at };
        let target = match (sequence.take(&event, Command::OF_LIST), event.key().as_str()) {
            (Some(Command::NextRow), _) => next,
            (Some(Command::PreviousRow), _) => at.saturating_sub(1),
            // Where something else has the focus, the arrows are its own.
            (None, "ArrowDown") if on_row || is_nowhere() => next,
            (None, "ArrowUp") if on_row || is_nowhere() => at.saturating_sub(1),
            (None, "Home") if on_row => 0,
            (None, "End") if on_row => last,
            _ => return,
        };
        event.prevent_default();
        results.at.set(target);
        browser::focus_id(&row_id(target));
    });
    on_cleanup(move || handle.remove());
}

/// Whether nothing has the focus but the page.
fn is_nowhere() -> bool {
    browser::focused().is_none_or(|element| matches!(element.tag_name().as_str(), "MAIN" | "H1" | "BODY"))
}

fn on_row() -> bool {
    browser::focused().is_some_and(|element| element.class_list().contains("search-row"))
}

#[cfg(test)]
pub mod tests {
    use shared::ids::TicketId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// A hit of which nothing is known but what it is, and its ticket.
    pub fn hit(kind: SearchKind, id: i64, ticket: Option<i64>) -> SearchHit {
        SearchHit {
            kind,
            id,
            ticket_id: ticket.map(TicketId),
            title: String::new(),
            snippet: String::new(),
            status: None,
            requester: None,
            author: None,
            updated_at: None,
            score: 1.0,
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_hits_of_a_ticket_stand_together() {
        use SearchKind::{Comment, Person, Ticket};
        let found = vec![
            hit(Comment, 30, Some(1)),
            hit(Person, 1, None),
            hit(Ticket, 2, Some(2)),
            hit(Comment, 10, Some(1)),
            hit(Person, 2, None),
            hit(Ticket, 1, Some(1)),
            hit(Comment, 20, Some(2)),
        ];
        let order: Vec<_> = together(found).into_iter().map(|hit| (hit.kind, hit.id)).collect();
        let expected =
            [(Ticket, 1), (Comment, 30), (Comment, 10), (Person, 1), (Ticket, 2), (Comment, 20), (Person, 2)];
        assert_eq!(order, expected);
    }
}

//! What the header's search box knows: the words, what can be done that is called so, and what was found.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use shared::search::{SearchHit, SearchQuery};

use crate::{
    api::search::search,
    browser,
    commands::{Command, Commands, matching},
    i18n::I18n,
    search::address,
};

/// How long after the last key is searched.
const PAUSE: Duration = Duration::from_millis(200);
/// As many hits as a glance takes in.
const SHOWN: u32 = 8;
/// As many commands as leave room for what was found.
const OFFERED: usize = 4;

/// A row of the list under the box.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// Something that can be done.
    Command(Command),
    /// Something that was found.
    Hit(SearchHit),
}

/// What the box knows. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Finder {
    i18n: I18n,
    commands: Commands,
    /// What stands in the box.
    pub words: RwSignal<String>,
    /// What can be done that is called so.
    offered: RwSignal<Vec<Command>>,
    /// What was found; none while nothing is shown.
    hits: RwSignal<Option<Vec<SearchHit>>>,
    /// The row that Enter takes; none for the page of all that was found.
    pub at: RwSignal<Option<usize>>,
    /// Whoever came by Ctrl+K wants something done: the first command is taken by Enter.
    hurried: StoredValue<bool>,
    /// How often was asked or closed: an answer to what was before is dropped, whatever the words are by then.
    asked: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Finder {
    /// An empty box.
    pub fn new(i18n: I18n, commands: Commands) -> Self {
        Self {
            i18n,
            commands,
            words: RwSignal::new(String::new()),
            offered: RwSignal::new(Vec::new()),
            hits: RwSignal::new(None),
            at: RwSignal::new(None),
            hurried: StoredValue::new(false),
            asked: StoredValue::new(0),
            timer: StoredValue::new(None),
        }
    }

    /// Somebody came by Ctrl+K: offers what can be done before anything is typed.
    pub fn hurry(self) {
        self.hurried.set_value(true);
        self.offer();
    }

    /// The words changed.
    pub fn typed(self, words: String) {
        self.words.set(words);
        self.stop();
        self.next();
        self.offer();
        if self.words.with_untracked(|words| words.trim().is_empty()) {
            return self.hits.set(None);
        }
        self.timer.set_value(set_timeout_with_handle(move || self.look(), PAUSE).ok());
    }

    fn offer(self) {
        let words = self.words.get_untracked();
        let mut offered = untrack(|| match words.trim() {
            "" if self.hurried.get_value() => self.commands.likely(),
            "" => Vec::new(),
            words => matching(words, &self.commands.available(), self.i18n),
        });
        if !words.trim().is_empty() {
            offered.truncate(OFFERED);
        }
        self.offered.set(offered);
        self.begin();
    }

    /// The row that is chosen before the person chooses one.
    fn begin(self) {
        let first = self.hurried.get_value() && self.offered.with_untracked(|offered| !offered.is_empty());
        let _ = self.at.try_set(first.then_some(0));
    }

    /// Stops waiting for the pause after a key.
    pub fn stop(self) {
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
                self.show(hits);
            }
        });
    }

    /// Shows what was found; the row that the person chose meanwhile stays chosen.
    fn show(self, hits: Option<Vec<SearchHit>>) {
        let Some(offered) = self.offered.try_with_untracked(Vec::len) else { return };
        let at = self.at.try_get_untracked().flatten();
        let at = self.hits.try_with_untracked(|before| {
            place_now(at, offered, before.as_deref().unwrap_or_default(), hits.as_deref().unwrap_or_default())
        });
        let _ = self.hits.try_set(hits);
        let _ = self.at.try_set(at.flatten());
    }

    /// From here on no earlier answer counts.
    fn next(self) -> Option<u32> {
        self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        })
    }

    /// The list under the box; none while there is nothing to show. Tracked.
    pub fn rows(self) -> Option<Vec<Row>> {
        let commands: Vec<Row> = self.offered.with(|offered| offered.iter().copied().map(Row::Command).collect());
        let hits = self.hits.get();
        if commands.is_empty() && hits.is_none() {
            return None;
        }
        Some(commands.into_iter().chain(hits.into_iter().flatten().map(Row::Hit)).collect())
    }

    /// Whether the list shows. Tracked.
    pub fn is_open(self) -> bool {
        self.hits.with(Option::is_some) || self.offered.with(|offered| !offered.is_empty())
    }

    /// Goes up or down, from the page of all through the rows and round again.
    pub fn step(self, down: bool) {
        let count = untrack(|| self.rows()).map_or(0, |rows| rows.len());
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

    /// Shows no list any more.
    pub fn close(self) {
        self.stop();
        self.next();
        self.hurried.set_value(false);
        self.offered.set(Vec::new());
        self.hits.set(None);
        self.at.set(None);
    }

    /// Takes a row: where it leads; none when it was something to do, which is done.
    pub fn take(self, row: Row) -> Option<String> {
        self.close();
        match row {
            Row::Hit(hit) => Some(address(&hit)),
            Row::Command(command) => {
                self.words.set(String::new());
                self.commands.run(command);
                None
            }
        }
    }

    /// Takes what Enter takes.
    pub fn enter(self) -> Option<String> {
        let rows = untrack(|| self.rows()).unwrap_or_default();
        let chosen = self.at.get_untracked().and_then(|at| rows.into_iter().nth(at));
        if let Some(row) = chosen {
            return self.take(row);
        }
        self.close();
        Some(self.words.with_untracked(|words| match words.trim() {
            "" => "/search".to_owned(),
            words => format!("/search?q={}", browser::escape(words)),
        }))
    }
}

/// Where the chosen row stands once other hits are shown: what can be done stands first and stays where it is, and a hit is
/// wherever it is found now. Where it is found no more, none is chosen: another in its place would be taken by mistake.
fn place_now(at: Option<usize>, offered: usize, before: &[SearchHit], now: &[SearchHit]) -> Option<usize> {
    let at = at?;
    let Some(place) = at.checked_sub(offered) else { return Some(at) };
    let chosen = before.get(place)?;
    let found = now.iter().position(|hit| (hit.kind, hit.id) == (chosen.kind, chosen.id))?;
    Some(offered + found)
}

#[cfg(test)]
mod tests {
    use shared::search::SearchKind;

    use super::*;

    fn hits(ids: &[i64]) -> Vec<SearchHit> {
        let hit = |&id: &i64| SearchHit {
            kind: SearchKind::Ticket,
            id,
            ticket_id: None,
            title: String::new(),
            snippet: String::new(),
            score: 1.0,
        };
        ids.iter().map(hit).collect()
    }

    #[test]
    fn the_chosen_row_is_the_same_after_an_answer() {
        assert_eq!(place_now(None, 2, &[], &hits(&[5])), None);
        // Something to do.
        assert_eq!(place_now(Some(1), 2, &[], &hits(&[5, 6])), Some(1));
        assert_eq!(place_now(Some(1), 2, &hits(&[5]), &[]), Some(1));
        // Something found before.
        assert_eq!(place_now(Some(2), 2, &hits(&[5, 6]), &hits(&[6, 5])), Some(3));
        assert_eq!(place_now(Some(2), 2, &hits(&[5, 6]), &hits(&[6])), None);
        let comment = SearchHit { kind: SearchKind::Comment, ..hits(&[5]).remove(0) };
        assert_eq!(place_now(Some(0), 0, &hits(&[5]), &[comment]), None);
    }
}

//! What the header's search box knows: the words, what can be done that is called so, and what was found.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use shared::search::{SearchHit, SearchQuery};

use crate::{
    api::search::search,
    browser,
    commands::{Choices, Command, Commands, matching},
    i18n::I18n,
    search::address,
    ui::filter::PillOption,
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
    /// Something that can be chosen for a command.
    Choice(PillOption),
}

/// What became of a row that was taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// It leads to this address.
    Place(String),
    /// It was something to do, which is done.
    Done,
    /// Something has to be chosen first, here.
    Asks,
}

/// What a row of the list is called.
pub fn row_id(at: usize) -> String {
    format!("search-hit-{at}")
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

    /// Offers what can be chosen for a command. What is chosen now is the row that Enter takes: one Enter too many changes
    /// nothing.
    pub fn ask(self) {
        self.stop();
        self.next();
        self.words.set(String::new());
        self.offered.set(Vec::new());
        self.hits.set(None);
        self.at.set(untrack(|| self.current()));
    }

    /// The row of what is chosen now, as long as nothing is typed; tracked.
    fn current(self) -> Option<usize> {
        let choices = self.commands.asking.get()?;
        let now = choices.now()?;
        choices.options.try_get()?.iter().position(|option| option.value == now)
    }

    /// Whether this is what is chosen now; untracked.
    pub fn is_now(self, option: &PillOption) -> bool {
        let choices = self.commands.asking.get_untracked();
        choices.and_then(Choices::now).is_some_and(|now| now == option.value)
    }

    /// What something is being chosen for is called; tracked.
    pub fn asked_for(self) -> Option<String> {
        self.commands.asking.get().map(|choices| choices.command.words(self.i18n).into_owned())
    }

    /// Goes back from what can be chosen to what can be done; false when there is no way back.
    pub fn step_back(self) -> bool {
        let is_asked = self.commands.asking.with_untracked(Option::is_some);
        let may = is_asked && self.words.with_untracked(String::is_empty);
        if may {
            self.close();
            self.hurry();
        }
        may
    }

    /// Takes back what is typed; false when nothing is.
    pub fn clear(self) -> bool {
        let is_typed = self.words.with_untracked(|words| !words.is_empty());
        if is_typed {
            self.typed(String::new());
        }
        is_typed
    }

    /// The words changed.
    pub fn typed(self, words: String) {
        self.words.set(words);
        if self.commands.asking.with_untracked(Option::is_some) {
            let is_typed = self.words.with_untracked(|words| !words.trim().is_empty());
            return self.at.set(if is_typed { Some(0) } else { untrack(|| self.current()) });
        }
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
            words => self.called(words),
        });
        if !words.trim().is_empty() {
            offered.truncate(OFFERED);
        }
        self.offered.set(offered);
        self.begin();
    }

    /// What can be done that is called so; tracked.
    fn called(self, words: &str) -> Vec<Command> {
        let available = self.commands.available();
        let names: Vec<String> = available.iter().map(|command| command.words(self.i18n).into_owned()).collect();
        matching(words, &names).into_iter().filter_map(|at| available.get(at).copied()).collect()
    }

    /// What can be chosen that is called so; tracked. Nothing once whoever asked is gone.
    fn choices(self, options: Signal<Vec<PillOption>>) -> Vec<Row> {
        let options = options.try_get().unwrap_or_default();
        let names: Vec<String> = options.iter().map(|option| option.text.clone()).collect();
        let found = self.words.with(|words| matching(words, &names));
        found.into_iter().filter_map(|at| options.get(at).cloned()).map(Row::Choice).collect()
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
        if let Some(choices) = self.commands.asking.get() {
            return Some(self.choices(choices.options));
        }
        let commands: Vec<Row> = self.offered.with(|offered| offered.iter().copied().map(Row::Command).collect());
        let hits = self.hits.get();
        if commands.is_empty() && hits.is_none() {
            return None;
        }
        Some(commands.into_iter().chain(hits.into_iter().flatten().map(Row::Hit)).collect())
    }

    /// Whether the list shows. Tracked.
    pub fn is_open(self) -> bool {
        self.commands.asking.with(Option::is_some)
            || self.hits.with(Option::is_some)
            || self.offered.with(|offered| !offered.is_empty())
    }

    /// The row that is chosen, if it is there: what can be chosen may still be on its way. Tracked.
    pub fn active(self) -> Option<usize> {
        let count = self.rows().map_or(0, |rows| rows.len());
        self.at.get().filter(|at| *at < count)
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
        if let Some(at) = self.at.get_untracked() {
            request_animation_frame(move || reveal(at));
        }
    }

    /// Shows no list any more.
    pub fn close(self) {
        self.stop();
        self.next();
        self.hurried.set_value(false);
        if self.commands.asking.with_untracked(Option::is_some) {
            self.words.set(String::new());
            self.commands.asking.set(None);
        }
        self.offered.set(Vec::new());
        self.hits.set(None);
        self.at.set(None);
    }

    /// Takes a row.
    pub fn take(self, row: Row) -> Taken {
        let asked = self.commands.asking.get_untracked();
        self.close();
        match row {
            Row::Hit(hit) => return Taken::Place(address(&hit)),
            Row::Command(command) => {
                self.words.set(String::new());
                self.commands.run(command);
            }
            Row::Choice(option) => {
                // What it is already stays as it is.
                if let Some(choices) = asked.filter(|choices| choices.now().as_ref() != Some(&option.value)) {
                    // Whoever asked may be gone.
                    choices.take.try_run(option.value);
                }
            }
        }
        if self.commands.asking.with_untracked(Option::is_some) { Taken::Asks } else { Taken::Done }
    }

    /// Takes what Enter takes.
    pub fn enter(self) -> Taken {
        let rows = untrack(|| self.rows()).unwrap_or_default();
        let chosen = self.at.get_untracked().and_then(|at| rows.into_iter().nth(at));
        if let Some(row) = chosen {
            return self.take(row);
        }
        // Nothing that can be chosen is called so.
        if self.commands.asking.with_untracked(Option::is_some) {
            return Taken::Asks;
        }
        self.close();
        Taken::Place(self.words.with_untracked(|words| match words.trim() {
            "" => "/search".to_owned(),
            words => format!("/search?q={}", browser::escape(words)),
        }))
    }
}

/// Brings a row into the part of the list that shows.
fn reveal(at: usize) {
    if let Some(element) = document().get_element_by_id(&row_id(at)) {
        browser::reveal(&element);
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
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::search::state::tests::hit;

    fn hits(ids: &[i64]) -> Vec<SearchHit> {
        ids.iter().map(|&id| hit(SearchKind::Ticket, id, None)).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
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

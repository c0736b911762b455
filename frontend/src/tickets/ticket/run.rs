//! A list that is read page by page, oldest first, and goes on growing while it is shown.

use std::collections::HashMap;

use shared::{
    page::{MAX_LIMIT, Page},
    tickets::{Comment, HistoryEntry, PageQuery},
};

use crate::api::ClientError;

/// So many pages are read without asking.
const EAGER_PAGES: usize = 5;

/// What the server numbers in the order in which it happened.
pub trait Numbered {
    /// The number.
    fn number(&self) -> i64;

    /// Whether this is a later state than another of the same number: what was asked for before a change may come after it.
    fn is_later_than(&self, other: &Self) -> bool;
}

impl Numbered for Comment {
    fn number(&self) -> i64 {
        self.id.0
    }

    fn is_later_than(&self, other: &Self) -> bool {
        self.edited_at > other.edited_at
    }
}

impl Numbered for HistoryEntry {
    fn number(&self) -> i64 {
        self.id.0
    }

    /// What has happened stays as it was.
    fn is_later_than(&self, _: &Self) -> bool {
        false
    }
}

/// What has been read of such a list.
#[derive(Debug, Clone)]
pub struct Run<T> {
    /// What has been read.
    pub items: Vec<T>,
    /// Where the rest starts.
    pub next: Option<String>,
    /// Where each page that has been read starts, and the number it ends with; nothing stands for the beginning.
    pages: Vec<(Option<String>, i64)>,
}

impl<T> Default for Run<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None, pages: Vec::new() }
    }
}

impl<T: Numbered> Run<T> {
    /// Reads from a place on, up to a bound; nothing stands for the beginning.
    pub async fn read_from<F>(place: Option<String>, read: impl Fn(PageQuery) -> F) -> Result<Self, ClientError>
    where
        F: Future<Output = Result<Page<T>, ClientError>>,
    {
        let mut run = Self { next: place, ..Self::default() };
        for _ in 0..EAGER_PAGES {
            let cursor = run.next.take();
            let page = read(PageQuery { limit: Some(MAX_LIMIT), cursor: cursor.clone() }).await?;
            let end = page.items.last().map_or(i64::MAX, Numbered::number);
            run.items.extend(page.items);
            run.pages.push((cursor, end));
            run.next = page.next_cursor;
            if run.next.is_none() {
                break;
            }
        }
        Ok(run)
    }

    /// Where to look for what has been added since: the end is only known by reading its page again.
    pub fn tail(&self) -> Option<String> {
        self.pages.last().and_then(|(start, _)| start.clone())
    }

    /// Where the pages start that hold these, as far as they have been read; without any named, all of them but the last,
    /// which is read anyway.
    pub fn starts_of(&self, numbers: Option<&[i64]>) -> Vec<Option<String>> {
        let (mut starts, mut before) = (Vec::new(), i64::MIN);
        let but_last = self.pages.len().saturating_sub(1);
        for (start, end) in self.pages.iter().take(but_last) {
            let holds = |number: &i64| (before.saturating_add(1)..=*end).contains(number);
            if numbers.is_none_or(|numbers| numbers.iter().any(holds)) {
                starts.push(start.clone());
            }
            before = *end;
        }
        starts
    }

    /// Shows again what is here already, as it is by now.
    pub fn put(&mut self, fresh: Vec<T>) {
        for one in fresh {
            let same = |item: &&mut T| item.number() == one.number() && !item.is_later_than(&one);
            if let Some(place) = self.items.iter_mut().find(same) {
                *place = one;
            }
        }
    }

    /// Takes over what was read from [`Self::tail`] or from [`Self::next`] on. What is here already is not doubled, and
    /// what came here by another way meanwhile stays.
    pub fn take_over(&mut self, read: Self) {
        let mut fresh: HashMap<i64, T> = read.items.into_iter().map(|item| (item.number(), item)).collect();
        for shown in &mut self.items {
            match fresh.remove(&shown.number()) {
                Some(fresh) if !shown.is_later_than(&fresh) => *shown = fresh,
                _ => {}
            }
        }
        self.items.extend(fresh.into_values());
        self.items.sort_by_key(Numbered::number);
        self.pages.retain(|(start, _)| !read.pages.iter().any(|(other, _)| other == start));
        self.pages.extend(read.pages);
        self.next = read.next;
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Item(i64, &'static str);

    impl Numbered for Item {
        fn number(&self) -> i64 {
            self.0
        }

        fn is_later_than(&self, other: &Self) -> bool {
            self.1.ends_with("edited") && !other.1.ends_with("edited")
        }
    }

    fn run(items: &[Item], last_page: Option<&str>) -> Run<Item> {
        let end = items.last().map_or(i64::MAX, |item| item.0);
        Run { items: items.to_vec(), next: None, pages: vec![(last_page.map(str::to_owned), end)] }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_somebody_else_wrote_meanwhile_comes_before_ones_own_and_nothing_twice() {
        let mut shown = run(&[Item(1, "a"), Item(2, "b"), Item(5, "mine")], None);
        shown.take_over(run(&[Item(2, "b, edited"), Item(4, "theirs"), Item(5, "mine")], Some("after 1")));
        assert_eq!(shown.items, [Item(1, "a"), Item(2, "b, edited"), Item(4, "theirs"), Item(5, "mine")]);
        assert_eq!(shown.tail().as_deref(), Some("after 1"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_answer_that_was_on_its_way_before_ones_own_loses_nothing() {
        let mut shown = run(&[Item(5, "mine")], None);
        shown.take_over(run(&[Item(1, "a")], None));
        assert_eq!(shown.items, [Item(1, "a"), Item(5, "mine")]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_asked_for_before_a_change_takes_nothing_back() {
        let mut shown = run(&[Item(2, "b, edited"), Item(5, "mine, edited")], None);
        shown.take_over(run(&[Item(1, "a"), Item(2, "b"), Item(5, "mine")], None));
        assert_eq!(shown.items, [Item(1, "a"), Item(2, "b, edited"), Item(5, "mine, edited")]);
        shown.put(vec![Item(2, "b"), Item(1, "a, edited")]);
        assert_eq!(shown.items, [Item(1, "a, edited"), Item(2, "b, edited"), Item(5, "mine, edited")]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_changed_far_back_is_found_on_its_page_and_shown_in_its_place() {
        let mut shown = run(&[Item(1, "a"), Item(4, "b")], None);
        shown.take_over(run(&[Item(5, "c"), Item(8, "d")], Some("after 4")));
        shown.take_over(run(&[Item(9, "e")], Some("after 8")));
        assert_eq!(shown.tail().as_deref(), Some("after 8"));
        assert_eq!(shown.starts_of(Some(&[4])), [None]);
        assert_eq!(shown.starts_of(Some(&[5, 9])), [Some("after 4".to_owned())]);
        assert_eq!(shown.starts_of(Some(&[])), Vec::<Option<String>>::new());
        assert_eq!(shown.starts_of(None), [None, Some("after 4".to_owned())]);
        // The last page is read again and again; it goes on where it ended.
        shown.take_over(run(&[Item(9, "e"), Item(10, "f")], Some("after 8")));
        assert_eq!(shown.starts_of(Some(&[10])), Vec::<Option<String>>::new());
        shown.put(vec![Item(4, "b, edited"), Item(7, "not here")]);
        assert_eq!(shown.items.get(1), Some(&Item(4, "b, edited")));
        assert_eq!(shown.items.len(), 6);
    }
}

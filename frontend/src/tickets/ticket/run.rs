//! A list that is read page by page, oldest first, and goes on growing while it is shown.

use std::collections::HashSet;

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
}

impl Numbered for Comment {
    fn number(&self) -> i64 {
        self.id.0
    }
}

impl Numbered for HistoryEntry {
    fn number(&self) -> i64 {
        self.id.0
    }
}

/// What has been read of such a list.
#[derive(Debug, Clone)]
pub struct Run<T> {
    /// What has been read.
    pub items: Vec<T>,
    /// Where the rest starts.
    pub next: Option<String>,
    /// Where the last page that has been read starts; nothing stands for the beginning.
    last_page: Option<String>,
}

impl<T> Default for Run<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None, last_page: None }
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
            run.items.extend(page.items);
            (run.last_page, run.next) = (cursor, page.next_cursor);
            if run.next.is_none() {
                break;
            }
        }
        Ok(run)
    }

    /// Where to look for what has been added since: the end is only known by reading its page again.
    pub fn tail(&self) -> Option<String> {
        self.last_page.clone()
    }

    /// Takes over what was read from [`Self::tail`] or from [`Self::next`] on. What is here already is not doubled, and
    /// what came here by another way meanwhile stays.
    pub fn take_over(&mut self, read: Self) {
        let fresh: HashSet<i64> = read.items.iter().map(Numbered::number).collect();
        self.items.retain(|item| !fresh.contains(&item.number()));
        self.items.extend(read.items);
        self.items.sort_by_key(Numbered::number);
        (self.last_page, self.next) = (read.last_page, read.next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Item(i64, &'static str);

    impl Numbered for Item {
        fn number(&self) -> i64 {
            self.0
        }
    }

    fn run(items: &[Item], last_page: Option<&str>) -> Run<Item> {
        Run { items: items.to_vec(), next: None, last_page: last_page.map(str::to_owned) }
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_comes_before_ones_own_and_nothing_twice() {
        let mut shown = run(&[Item(1, "a"), Item(2, "b"), Item(5, "mine")], None);
        shown.take_over(run(&[Item(2, "b, edited"), Item(4, "theirs"), Item(5, "mine")], Some("after 1")));
        assert_eq!(shown.items, [Item(1, "a"), Item(2, "b, edited"), Item(4, "theirs"), Item(5, "mine")]);
        assert_eq!(shown.tail().as_deref(), Some("after 1"));
    }

    #[test]
    fn an_answer_that_was_on_its_way_before_ones_own_loses_nothing() {
        let mut shown = run(&[Item(5, "mine")], None);
        shown.take_over(run(&[Item(1, "a")], None));
        assert_eq!(shown.items, [Item(1, "a"), Item(5, "mine")]);
    }
}

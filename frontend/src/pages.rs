//! A list that is read page by page.

use leptos::{prelude::*, task::spawn_local};
use shared::page::Page;

use crate::api::ClientError;

/// What is known of such a list. A handle.
#[derive(Debug)]
pub struct Pages<T: Send + Sync + 'static> {
    /// The items read so far; none until they come for the first time.
    pub items: RwSignal<Option<Vec<T>>>,
    /// Where the rest starts.
    pub next: RwSignal<Option<String>>,
    /// Why they could not be read.
    pub error: RwSignal<Option<ClientError>>,
    /// A page is being read.
    pub loading: RwSignal<bool>,
    asked: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Pages<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Pages<T> {}

impl<T: Send + Sync + 'static> Pages<T> {
    /// A list of which nothing is read yet.
    pub fn new() -> Self {
        Self {
            items: RwSignal::new(None),
            next: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            asked: StoredValue::new(0),
        }
    }

    /// Forgets what was read: what comes next is another list.
    pub fn clear(self) {
        let _ = self.items.try_set(None);
        let _ = self.next.try_set(None);
        let _ = self.error.try_set(None);
    }

    /// Where the next page starts; none while one is being read, or when there is none.
    pub fn rest(self) -> Option<String> {
        if self.loading.try_get_untracked()? { None } else { self.next.try_get_untracked()? }
    }

    /// Takes what `read` answers: the rest of the list when it `goes_on`, else its start. Of several that are asked at once
    /// only the last counts; an answer that comes when the page is left is dropped.
    pub fn load(self, goes_on: bool, read: impl Future<Output = Result<Page<T>, ClientError>> + 'static) {
        let Some(before) = self.asked.try_get_value() else { return };
        let number = before.wrapping_add(1);
        self.asked.try_update_value(|asked| *asked = number);
        let _ = self.loading.try_set(true);
        // With nothing to be read meanwhile, whoever asks again sees that it is on its way.
        if self.items.try_with_untracked(Option::is_none) == Some(true)
            && self.error.try_with_untracked(Option::is_some) == Some(true)
        {
            let _ = self.error.try_set(None);
        }
        spawn_local(async move {
            let read = read.await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            let _ = self.loading.try_set(false);
            match read {
                Ok(page) => {
                    let _ = self.error.try_set(None);
                    let _ = self.next.try_set(page.next_cursor);
                    self.items.try_update(|items| match items {
                        Some(items) if goes_on => items.extend(page.items),
                        _ => *items = Some(page.items),
                    });
                }
                Err(error) => {
                    let _ = self.error.try_set(Some(error));
                }
            }
        });
    }
}

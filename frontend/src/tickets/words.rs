//! The names of things, in the language of the moment.

use leptos::prelude::*;
use shared::{categories::Category, ids::CategoryId};

pub use crate::ui::{priority_label as priority, status_label as status};

/// The categories of the desk, once they have come. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Categories(RwSignal<Vec<Category>>);

impl Categories {
    /// Asks for the categories; empty until they come. Without them a list still serves, so a failure stays silent.
    pub fn load() -> Self {
        let all = RwSignal::new(Vec::new());
        leptos::task::spawn_local(async move {
            if let Ok(page) = crate::api::categories::list().await {
                let _ = all.try_set(page.items);
            }
        });
        Self(all)
    }

    /// All of them, in order; tracked.
    pub fn all(self) -> Vec<Category> {
        self.0.get()
    }

    /// One of them; tracked.
    pub fn of(self, id: CategoryId) -> Option<Category> {
        self.0.with(|all| all.iter().find(|category| category.id == id).cloned())
    }

    /// The name of one; tracked.
    pub fn name(self, id: CategoryId) -> Option<String> {
        self.0.with(|all| all.iter().find(|category| category.id == id).map(|category| category.name.clone()))
    }

    /// The name of one, for event handlers.
    pub fn name_untracked(self, id: CategoryId) -> Option<String> {
        self.0.with_untracked(|all| all.iter().find(|category| category.id == id).map(|category| category.name.clone()))
    }
}

//! What the list of people knows.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use shared::{
    accounts::{Role, User, UserQuery},
    ids::UserId,
    page::DEFAULT_LIMIT,
};

use crate::{api::users, pages::Pages};

/// Whom to list, as the address bar says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Part of the name, the user name or the address.
    pub q: String,
    /// Only this role.
    pub role: Option<Role>,
    /// Only those with access, or only those without.
    pub active: Option<bool>,
}

/// The role of a word on the wire.
pub fn role_of(word: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.as_str() == word)
}

impl Filters {
    /// As the address bar says; what it says wrongly counts as not said.
    pub fn from_params(params: &ParamsMap) -> Self {
        let word = |key: &str| params.get(key).unwrap_or_default();
        Self { q: word("q"), role: role_of(&word("role")), active: word("active").parse().ok() }
    }

    /// The address of the list that shows this.
    pub fn to_path(&self) -> String {
        let mut params = ParamsMap::new();
        if !self.q.trim().is_empty() {
            params.insert("q", self.q.trim().to_owned());
        }
        if let Some(role) = self.role {
            params.insert("role", role.as_str().to_owned());
        }
        if let Some(active) = self.active {
            params.insert("active", active.to_string());
        }
        format!("/people{}", params.to_query_string())
    }

    /// The address of the same list with a person shown beside it.
    pub fn to_path_with(&self, person: UserId) -> String {
        let path = self.to_path();
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("{path}{sign}person={person}")
    }

    fn to_query(&self, cursor: Option<String>) -> UserQuery {
        UserQuery {
            role: self.role,
            active: self.active,
            q: Some(self.q.trim().to_owned()).filter(|q| !q.is_empty()),
            limit: Some(DEFAULT_LIMIT),
            cursor,
        }
    }
}

/// The list. A handle.
#[derive(Debug, Clone, Copy)]
pub struct People {
    /// Whom to list.
    pub filters: Memo<Filters>,
    /// The people.
    pub pages: Pages<User>,
    /// The person shown beside the list.
    pub shown: RwSignal<Option<User>>,
}

impl People {
    /// A list that follows the address bar.
    pub fn new(filters: Memo<Filters>) -> Self {
        let people = Self { filters, pages: Pages::new(), shown: RwSignal::new(None) };
        Effect::new(move || {
            filters.track();
            people.load(None);
        });
        people
    }

    /// Reads the list from its start.
    pub fn reload(self) {
        self.load(None);
    }

    /// Reads the next page.
    pub fn load_more(self) {
        if let Some(rest) = self.pages.rest() {
            self.load(Some(rest));
        }
    }

    fn load(self, cursor: Option<String>) {
        let Some(filters) = self.filters.try_get_untracked() else { return };
        let goes_on = cursor.is_some();
        let query = filters.to_query(cursor);
        self.pages.load(goes_on, async move { users::list(&query).await });
    }

    /// A person of the list, for event handlers.
    pub fn find(self, id: UserId) -> Option<User> {
        self.pages.items.with_untracked(|items| items.iter().flatten().find(|person| person.id == id).cloned())
    }

    /// Shows a person as they are now.
    pub fn replace(self, person: User) {
        self.shown.try_update(|shown| {
            if let Some(old) = shown.as_mut().filter(|old| old.id == person.id) {
                old.clone_from(&person);
            }
        });
        self.pages.items.try_update(|items| {
            if let Some(old) = items.iter_mut().flatten().find(|old| old.id == person.id) {
                *old = person;
            }
        });
    }
}

// The address is taken apart by the browser's own functions.
#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_address_and_the_filters_say_the_same() {
        let mut params = ParamsMap::new();
        for (key, value) in [("role", "technician"), ("active", "false"), ("q", "ana")] {
            params.insert(key, value.to_owned());
        }
        let filters = Filters::from_params(&params);
        assert_eq!(filters, Filters { q: "ana".to_owned(), role: Some(Role::Technician), active: Some(false) });
    }
}

//! What the audit page knows.

use chrono::{DateTime, Utc};
use js_sys::Date;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use shared::{
    audit::{AuditEntry, AuditQuery, KindSet},
    ids::{TicketId, UserId},
    page::DEFAULT_LIMIT,
};

use crate::{api::audit, pages::Pages};

/// Which entries to list, as the address bar says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Who did it, or whom it was done to.
    pub person: Option<UserId>,
    /// Kinds, separated by commas.
    pub action: String,
    /// The ticket it is about.
    pub ticket: Option<TicketId>,
    /// The first day, as `2026-11-24`, in the reader's time.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The network address it came from.
    pub address: String,
}

impl Filters {
    /// As the address bar says; what it says wrongly counts as not said.
    pub fn from_params(params: &ParamsMap) -> Self {
        let word = |key: &str| params.get(key).unwrap_or_default();
        Self {
            person: word("person_id").parse().ok(),
            action: word("action"),
            ticket: word("ticket_id").parse().ok(),
            from: word("from"),
            to: word("to"),
            address: word("address"),
        }
    }

    /// The address of the page that shows this.
    pub fn to_path(&self) -> String {
        let mut params = ParamsMap::new();
        let mut put = |key: &'static str, word: Option<String>| {
            if let Some(word) = word.filter(|word| !word.is_empty()) {
                params.insert(key, word);
            }
        };
        put("person_id", self.person.map(|id| id.to_string()));
        put("action", Some(self.action.clone()));
        put("ticket_id", self.ticket.map(|id| id.to_string()));
        put("from", Some(self.from.clone()));
        put("to", Some(self.to.clone()));
        put("address", Some(self.address.clone()));
        format!("/audit{}", params.to_query_string())
    }

    fn to_query(&self, cursor: Option<String>) -> AuditQuery {
        let kinds: Vec<String> = self.action.split(',').filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
        AuditQuery {
            person_id: self.person,
            action: Some(KindSet(kinds)).filter(|set| !set.0.is_empty()),
            ticket_id: self.ticket,
            from: midnight(&self.from, 0),
            to: midnight(&self.to, 1),
            address: Some(self.address.clone()).filter(|address| !address.is_empty()),
            limit: Some(DEFAULT_LIMIT),
            cursor,
            ..AuditQuery::default()
        }
    }
}

/// The moment a day begins in the reader's time, or so many days later; none when it is no day.
fn midnight(day: &str, later: u32) -> Option<DateTime<Utc>> {
    if day.len() != 10 {
        return None;
    }
    let date = Date::new(&format!("{day}T00:00").into());
    // Days are counted by the calendar: some have 23 hours, some 25.
    let begins = if later == 0 { date.get_time() } else { date.set_date(date.get_date() + later) };
    #[allow(
        clippy::cast_possible_truncation,
        reason = "milliseconds of this era; NaN, which is no day, is found before"
    )]
    let begins = if begins.is_finite() { begins as i64 } else { return None };
    DateTime::from_timestamp_millis(begins)
}

/// The list. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Log {
    /// Which entries to list.
    pub filters: Memo<Filters>,
    /// The entries.
    pub pages: Pages<AuditEntry>,
}

impl Log {
    /// A list that follows the address bar.
    pub fn new(filters: Memo<Filters>) -> Self {
        let log = Self { filters, pages: Pages::new() };
        Effect::new(move || {
            filters.track();
            log.load(None);
        });
        log
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
        self.pages.load(goes_on, async move { audit::list(&query).await });
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
        for (key, value) in [("person_id", "7"), ("action", "logged_in,login_failed"), ("address", "127.0.0.1")] {
            params.insert(key, value.to_owned());
        }
        let filters = Filters::from_params(&params);
        assert_eq!(filters.person, Some(UserId(7)));
        let again = filters.to_query(None);
        assert_eq!(again.action, Some(KindSet(vec!["logged_in".to_owned(), "login_failed".to_owned()])));
        assert_eq!(again.address.as_deref(), Some("127.0.0.1"));
    }
}

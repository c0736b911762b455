//! What the dashboard knows, and how it stays fresh.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use shared::{
    accounts::Role,
    dashboard::{Dashboard, DashboardQuery, Period},
    tickets::{Status, StatusSet, TicketQuery, TicketSummary},
};

use crate::{
    api::{ClientError, Purpose, dashboard as api, tickets},
    browser,
    moves::{Gather, Outcome, on_ticket_event, stir_when_resynced},
    session::use_session,
};

/// The least time between two readings that nobody asked for.
const APART: Duration = Duration::from_secs(2);
/// How often it is read when nothing happens: tickets grow old, and days end.
const OFTEN: Duration = Duration::from_mins(5);
/// How many of their own tickets a user is shown.
const OWN: u32 = 5;

/// What is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The numbers.
    pub numbers: Dashboard,
    /// A user's own unfinished tickets, the latest activity first; staff has its list for that.
    pub own: Vec<TicketSummary>,
    /// Whether there are more of those.
    pub has_more_own: bool,
}

/// The state of the dashboard. A handle.
#[derive(Debug, Clone, Copy)]
pub struct BoardState {
    /// How far back the address bar asks to look.
    pub period: Memo<Period>,
    /// What is shown; none until it comes for the first time.
    pub board: RwSignal<Option<Board>>,
    /// Why it could not be read.
    pub error: RwSignal<Option<ClientError>>,
    /// It is being read because somebody asked.
    pub loading: RwSignal<bool>,
    /// Counts the questions, so that a late answer to an earlier one is dropped.
    asked: StoredValue<u32>,
}

impl BoardState {
    /// A dashboard that follows the address bar and what happens on the desk.
    pub fn new() -> Self {
        let params = use_query_map();
        let state = Self {
            period: Memo::new(move |_| params.with(|params| period_of(params.get("period").as_deref()))),
            board: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            asked: StoredValue::new(0),
        };
        Effect::new(move || state.load(state.period.get()));
        state.follow();
        state
    }

    /// Whether the numbers have come, or have not for a reason.
    pub fn has_answered(self) -> bool {
        self.board.with(Option::is_some) || self.error.with(Option::is_some)
    }

    /// Reads it again.
    pub fn reload(self) {
        self.load(self.period.get_untracked());
    }

    fn load(self, period: Period) {
        let Some(number) = self.next_question() else { return };
        self.loading.set(true);
        // With no numbers to be read meanwhile, whoever asks again sees that they are on their way.
        if self.board.with_untracked(Option::is_none) && self.error.with_untracked(Option::is_some) {
            self.error.set(None);
        }
        spawn_local(async move {
            let read = read(period, Purpose::Deliberate).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            let _ = self.loading.try_set(false);
            match read {
                Ok(board) => {
                    let _ = self.error.try_set(None);
                    let _ = self.board.try_set(Some(board));
                }
                Err(error) => {
                    let _ = self.error.try_set(Some(error));
                }
            }
        });
    }

    fn next_question(self) -> Option<u32> {
        let number = self.asked.try_get_value()?.wrapping_add(1);
        let _ = self.asked.try_set_value(number);
        Some(number)
    }

    fn follow(self) {
        let gather = Gather::new(move || self.look());
        on_ticket_event(move |_| gather.stir());
        stir_when_resynced(gather);
        let ticking = set_interval_with_handle(move || gather.stir(), OFTEN).ok();
        on_cleanup(move || {
            if let Some(ticking) = ticking {
                ticking.clear();
            }
        });
    }

    /// Reads it in the background.
    pub async fn look(self) -> Outcome {
        let number = self.asked.try_get_value();
        let Some(period) = self.period.try_get_untracked() else { return Outcome::Done };
        let read = read(period, Purpose::Background).await;
        let outcome = match read {
            Ok(board) if number.is_some() && self.asked.try_get_value() == number => {
                // What somebody asked for in vain is here by now.
                let _ = self.error.try_set(None);
                let _ = self.board.try_set(Some(board));
                Outcome::Done
            }
            _ => Outcome::Failed,
        };
        sleep(APART).await;
        outcome
    }
}

/// A period by its name in the address bar; what it says wrongly counts as not said.
fn period_of(word: Option<&str>) -> Period {
    Period::ALL.into_iter().find(|period| Some(period.as_str()) == word).unwrap_or_default()
}

async fn read(period: Period, purpose: Purpose) -> Result<Board, ClientError> {
    let query = DashboardQuery { period: Some(period), time_zone: browser::time_zone() };
    let numbers = api::read(&query, purpose).await?;
    let user = use_session().user_untracked().filter(|user| user.role == Role::User && numbers.unfinished > 0);
    let Some(user) = user else { return Ok(Board { numbers, own: Vec::new(), has_more_own: false }) };
    // They may see tickets of others too, those that they watch.
    let query = TicketQuery {
        status: Some(StatusSet(vec![Status::Open, Status::InProgress, Status::Waiting])),
        requester_id: Some(user.id),
        limit: Some(OWN),
        ..TicketQuery::default()
    };
    let page = tickets::list(&query, purpose).await?;
    Ok(Board { numbers, own: page.items, has_more_own: page.next_cursor.is_some() })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn nonsense_in_the_address_counts_as_not_said() {
        assert_eq!(period_of(Some("90d")), Period::Quarter);
        for word in [None, Some(""), Some("8d"), Some("90")] {
            assert_eq!(period_of(word), Period::FourWeeks);
        }
    }
}

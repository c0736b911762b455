//! What the list shows, as the address bar says it.

use chrono::{DateTime, SecondsFormat, Utc};
use leptos_router::params::ParamsMap;
use shared::{
    ids::UserId,
    search::Narrowing,
    tickets::{
        AssigneeFilter, CategoryFilter, Priority, Status, StatusSet, TicketQuery, TicketSort, TicketSummary, WaitingFor,
    },
    views::ViewFilters,
};

/// The word for "in any state" in the address bar; no word means those not closed.
const ALL: &str = "all";

/// Which states to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum States {
    /// Those somebody still has to do something about.
    #[default]
    Unfinished,
    /// Every state.
    All,
    /// Just these, in order.
    Only(Vec<Status>),
}

impl States {
    /// The states that are not closed.
    const UNFINISHED: [Status; 3] = [Status::Open, Status::InProgress, Status::Waiting];

    /// From a choice of states, in any order.
    pub fn from_set(mut set: Vec<Status>) -> Self {
        set.sort_unstable();
        set.dedup();
        if set == Self::UNFINISHED {
            Self::Unfinished
        } else if set.is_empty() || set.len() == Status::ALL.len() {
            Self::All
        } else {
            Self::Only(set)
        }
    }

    /// Whether tickets in this state are listed.
    pub fn contains(&self, status: Status) -> bool {
        match self {
            Self::All => true,
            Self::Unfinished => status != Status::Closed,
            Self::Only(set) => set.contains(&status),
        }
    }

    /// The same with one state added or taken away.
    #[must_use]
    pub fn toggled(&self, status: Status) -> Self {
        let kept = Status::ALL.iter().copied().filter(|&each| self.contains(each) != (each == status));
        Self::from_set(kept.collect())
    }

    fn from_word(word: &str) -> Self {
        match word {
            "" => Self::Unfinished,
            ALL => Self::All,
            words => Self::from_set(words.split(',').filter_map(|word| word.parse().ok()).collect()),
        }
    }

    fn to_word(&self) -> Option<String> {
        match self {
            Self::Unfinished => None,
            Self::All => Some(ALL.to_owned()),
            Self::Only(set) => Some(StatusSet(set.clone())).map(|set| words(&set)),
        }
    }

    fn to_query(&self) -> Option<StatusSet> {
        match self {
            Self::Unfinished => Some(StatusSet(Self::UNFINISHED.to_vec())),
            Self::All => None,
            Self::Only(set) => Some(StatusSet(set.clone())),
        }
    }
}

fn words(set: &StatusSet) -> String {
    set.0.iter().map(|status| status.as_str()).collect::<Vec<_>>().join(",")
}

/// A moment in the address bar, to the microsecond that the server keeps.
fn written(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Every filter and the order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Which states.
    pub states: States,
    /// One priority.
    pub priority: Option<Priority>,
    /// Of which category.
    pub category: Option<CategoryFilter>,
    /// Whose.
    pub assignee: Option<AssigneeFilter>,
    /// Who has the problem.
    pub requester: Option<UserId>,
    /// Only what waits for the person.
    pub waiting: bool,
    /// Words of the title, or a number.
    pub q: String,
    /// Opened at or after this moment.
    pub created_after: Option<DateTime<Utc>>,
    /// Opened before this moment.
    pub created_before: Option<DateTime<Utc>>,
    /// Closed at or after this moment.
    pub closed_after: Option<DateTime<Utc>>,
    /// Closed before this moment.
    pub closed_before: Option<DateTime<Utc>>,
    /// The order.
    pub sort: TicketSort,
}

impl Filters {
    /// As the address bar says; what it says wrongly counts as not said.
    pub fn from_params(params: &ParamsMap) -> Self {
        let word = |key: &str| params.get(key).unwrap_or_default();
        let sort = word("sort");
        Self {
            states: States::from_word(&word("status")),
            priority: word("priority").parse().ok(),
            category: word("category_id").parse().ok(),
            assignee: word("assignee_id").parse().ok(),
            requester: word("requester_id").parse().ok(),
            waiting: word("waiting_for") == WaitingFor::Me.as_str(),
            q: word("q"),
            created_after: word("created_after").parse().ok(),
            created_before: word("created_before").parse().ok(),
            closed_after: word("closed_after").parse().ok(),
            closed_before: word("closed_before").parse().ok(),
            sort: TicketSort::ALL.into_iter().find(|each| each.as_str() == sort).unwrap_or_default(),
        }
    }

    /// What a view lists.
    pub fn of_view(view: &ViewFilters) -> Self {
        let set = view.status.as_ref().map(|set| set.0.clone()).unwrap_or_default();
        Self {
            states: States::from_set(set),
            priority: view.priority,
            category: view.category_id,
            assignee: view.assignee_id,
            requester: view.requester_id,
            waiting: view.waiting_for.is_some(),
            q: view.q.clone().unwrap_or_default(),
            created_after: view.created_after,
            created_before: view.created_before,
            closed_after: view.closed_after,
            closed_before: view.closed_before,
            sort: view.sort.unwrap_or_default(),
        }
    }

    /// The view that lists this.
    pub fn to_view(&self) -> ViewFilters {
        let mut view = ViewFilters::from(self.to_query(1, None));
        view.sort = view.sort.filter(|sort| *sort != TicketSort::default());
        view
    }

    /// Whether a ticket still belongs to the list, as far as the page can tell: words are the server's.
    pub fn fit(&self, ticket: &TicketSummary, me: UserId) -> bool {
        let assignee = ticket.assignee.as_ref().map(|person| person.id);
        (self.states.contains(ticket.status) || self.words_say_states())
            && self.priority.is_none_or(|priority| priority == ticket.priority)
            && self.category.is_none_or(|category| category.fits(ticket.category_id))
            && self.closed_after.is_none_or(|from| ticket.closed_at.is_some_and(|at| at >= from))
            && self.closed_before.is_none_or(|until| ticket.closed_at.is_some_and(|at| at < until))
            && self.requester.is_none_or(|requester| requester == ticket.requester.id)
            && match self.assignee {
                None => true,
                Some(AssigneeFilter::Me) => assignee == Some(me),
                Some(AssigneeFilter::Nobody) => assignee.is_none(),
                Some(AssigneeFilter::Id(id)) => assignee == Some(id),
            }
    }

    /// Whether the states that nobody chose give way to what the words say: `estado:cerrado`. The server narrows by those.
    fn words_say_states(&self) -> bool {
        self.states == States::Unfinished && !Narrowing::read(&self.q).0.statuses.is_empty()
    }

    /// The address of the list that shows this.
    pub fn to_path(&self) -> String {
        let mut params = ParamsMap::new();
        let mut put = |key: &'static str, word: Option<String>| {
            if let Some(word) = word {
                params.insert(key, word);
            }
        };
        put("status", self.states.to_word());
        put("priority", self.priority.map(|priority| priority.as_str().to_owned()));
        put("category_id", self.category.map(CategoryFilter::to_word));
        put("assignee_id", self.assignee.map(AssigneeFilter::to_word));
        put("requester_id", self.requester.map(|id| id.to_string()));
        put("waiting_for", self.waiting.then(|| WaitingFor::Me.as_str().to_owned()));
        put("created_after", self.created_after.map(written));
        put("created_before", self.created_before.map(written));
        put("closed_after", self.closed_after.map(written));
        put("closed_before", self.closed_before.map(written));
        put("q", Some(self.q.trim().to_owned()).filter(|q| !q.is_empty()));
        put("sort", (self.sort != TicketSort::default()).then(|| self.sort.as_str().to_owned()));
        format!("/tickets{}", params.to_query_string())
    }

    /// What to ask the server for.
    pub fn to_query(&self, limit: u32, cursor: Option<String>) -> TicketQuery {
        TicketQuery {
            status: self.states.to_query().filter(|_| !self.words_say_states()),
            priority: self.priority,
            category_id: self.category,
            assignee_id: self.assignee,
            requester_id: self.requester,
            waiting_for: self.waiting.then_some(WaitingFor::Me),
            created_after: self.created_after,
            created_before: self.created_before,
            closed_after: self.closed_after,
            closed_before: self.closed_before,
            q: Some(self.q.trim().to_owned()).filter(|q| !q.is_empty()),
            sort: Some(self.sort),
            limit: Some(limit),
            cursor,
        }
    }

    /// Whether something besides the quick views and the order narrows the list.
    pub fn narrowed(&self) -> bool {
        self.priority.is_some()
            || self.category.is_some()
            || self.requester.is_some()
            || self.created_after.is_some()
            || self.created_before.is_some()
            || self.closed_after.is_some()
            || self.closed_before.is_some()
            || !self.q.trim().is_empty()
            || matches!(self.assignee, Some(AssigneeFilter::Id(_)))
            || View::of(self).is_none()
    }

    /// The same view of the list, and order, without what narrows it.
    #[must_use]
    pub fn cleared(&self) -> Self {
        let plain = Self { sort: self.sort, ..Self::default() };
        match View::of(self) {
            Some(view) => view.applied(&plain),
            None => plain,
        }
    }
}

/// The views one press away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What is not closed.
    Unfinished,
    /// What the caller deals with.
    Mine,
    /// What nobody deals with.
    Unassigned,
    /// What waits for the caller.
    Waiting,
    /// What is done.
    Closed,
    /// Everything.
    All,
}

impl View {
    /// For those who answer.
    pub const STAFF: [Self; 6] =
        [Self::Unfinished, Self::Mine, Self::Unassigned, Self::Waiting, Self::Closed, Self::All];
    /// For those who ask.
    pub const USER: [Self; 4] = [Self::Unfinished, Self::Waiting, Self::Closed, Self::All];

    /// The view these filters show, when it is one of ours.
    pub fn of(filters: &Filters) -> Option<Self> {
        match (&filters.states, filters.assignee) {
            (States::Unfinished, None) if filters.waiting => Some(Self::Waiting),
            _ if filters.waiting => None,
            (States::Unfinished, Some(AssigneeFilter::Me)) => Some(Self::Mine),
            (States::Unfinished, Some(AssigneeFilter::Nobody)) => Some(Self::Unassigned),
            (States::Unfinished, None) => Some(Self::Unfinished),
            (States::All, None) => Some(Self::All),
            (States::Only(set), None) if set.as_slice() == [Status::Closed] => Some(Self::Closed),
            _ => None,
        }
    }

    /// The same filters in this view.
    pub fn applied(self, filters: &Filters) -> Filters {
        let (states, assignee) = match self {
            Self::Unfinished | Self::Waiting => (States::Unfinished, None),
            Self::Mine => (States::Unfinished, Some(AssigneeFilter::Me)),
            Self::Unassigned => (States::Unfinished, Some(AssigneeFilter::Nobody)),
            Self::Closed => (States::Only(vec![Status::Closed]), None),
            Self::All => (States::All, None),
        };
        Filters { states, assignee, waiting: self == Self::Waiting, ..filters.clone() }
    }
}

// The address is taken apart by the browser's own functions.
#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn parse(pairs: &[(&'static str, &str)]) -> Filters {
        let mut params = ParamsMap::new();
        for (key, value) in pairs {
            params.insert(*key, (*value).to_owned());
        }
        Filters::from_params(&params)
    }

    #[wasm_bindgen_test]
    fn an_empty_address_lists_what_is_not_closed() {
        let filters = parse(&[]);
        assert_eq!(View::of(&filters), Some(View::Unfinished));
        assert!(!filters.narrowed());
        assert_eq!(filters.to_path(), "/tickets");
        assert!(filters.to_query(25, None).status.is_some_and(|set| !set.0.contains(&Status::Closed)));
    }

    #[wasm_bindgen_test]
    fn the_address_and_the_filters_say_the_same() {
        let filters = parse(&[
            ("status", "waiting,open"),
            ("priority", "urgent"),
            ("category_id", "3"),
            ("assignee_id", "7"),
            ("q", "ñandú"),
            ("created_after", "2026-11-01T00:00:00Z"),
            ("created_before", "2026-11-08T10:20:30.123456Z"),
            ("sort", "-priority"),
        ]);
        assert_eq!(filters.states, States::Only(vec![Status::Open, Status::Waiting]));
        assert_eq!(filters.assignee, Some(AssigneeFilter::Id(UserId(7))));
        assert_eq!(filters.sort, TicketSort::PriorityDesc);
        assert_eq!(filters.created_before.map(written).as_deref(), Some("2026-11-08T10:20:30.123456Z"));
        assert!(filters.narrowed());
        assert_eq!(filters.cleared(), Filters { sort: TicketSort::PriorityDesc, ..Filters::default() });
    }

    #[wasm_bindgen_test]
    fn a_view_and_the_address_say_the_same() {
        let filters = parse(&[
            ("waiting_for", "me"),
            ("requester_id", "7"),
            ("category_id", "none"),
            ("created_after", "2026-01-02T03:04:05Z"),
            ("closed_after", "2026-01-03T00:00:00Z"),
            ("closed_before", "2026-01-04T00:00:00Z"),
            ("q", "ñandú"),
            ("sort", "-priority"),
        ]);
        assert!(filters.waiting && filters.created_after.is_some() && filters.closed_before.is_some());
        assert_eq!(filters.category, Some(CategoryFilter::NONE));
        assert!(filters.narrowed());
        assert_eq!(Filters::of_view(&filters.to_view()), filters);
        assert_eq!(Filters::of_view(&Filters::default().to_view()), Filters::default());
        assert_eq!(View::of(&parse(&[("waiting_for", "me")])), Some(View::Waiting));
    }

    #[wasm_bindgen_test]
    fn words_that_say_a_state_are_asked_for_in_any() {
        assert_eq!(parse(&[("q", "estado:cerrado")]).to_query(25, None).status, None);
        assert!(parse(&[("q", "cerrado")]).to_query(25, None).status.is_some());
        assert!(parse(&[("q", "status:closed"), ("status", "open")]).to_query(25, None).status.is_some());
    }

    #[wasm_bindgen_test]
    fn nonsense_in_the_address_counts_as_not_said() {
        let filters = parse(&[("status", "lost"), ("priority", "x"), ("assignee_id", "x"), ("sort", "x")]);
        assert_eq!(filters, Filters { states: States::All, ..Filters::default() });
    }

    #[wasm_bindgen_test]
    fn toggling_a_state_and_back() {
        let some = States::Unfinished.toggled(Status::Open);
        assert_eq!(some, States::Only(vec![Status::InProgress, Status::Waiting]));
        assert_eq!(some.toggled(Status::Open), States::Unfinished);
        assert_eq!(States::Unfinished.toggled(Status::Closed), States::All);
    }
}

//! Views: lists of tickets under a name, and how many tickets are in them.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::UserRef,
    fields,
    ids::{UserId, ViewId},
    tickets::{
        AssigneeFilter, CategoryFilter, Priority, StatusSet, TicketQuery, TicketSort, WaitingFor, filtered_like,
    },
};

/// How many views a person can keep.
pub const VIEWS_MAX: i64 = 50;
/// Tickets of a view are counted no further than this: then there are so many or more.
pub const COUNT_MAX: u32 = 100;

/// What a view lists: the filters of `list_tickets` and its order, in the same words. `me` is whoever looks at it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ViewFilters {
    /// One or more states, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            value_type = Option<String>,
            example = "open,in_progress",
            pattern = "^,*(open|in_progress|waiting|closed)(,(open|in_progress|waiting|closed)?)*$"
        )
    )]
    #[garde(skip)]
    pub status: Option<StatusSet>,
    /// One priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub priority: Option<Priority>,
    /// A category's number, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub category_id: Option<CategoryFilter>,
    /// A person's number, `me`, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "me", pattern = "^(me|none|[0-9]{1,19})$"))]
    #[garde(skip)]
    pub assignee_id: Option<AssigneeFilter>,
    /// Who has the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub requester_id: Option<UserId>,
    /// Whose move it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub waiting_for: Option<WaitingFor>,
    /// What `list_tickets` takes as `q`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    #[garde(inner(custom(fields::search_words)))]
    pub q: Option<String>,
    /// Opened at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub created_after: Option<DateTime<Utc>>,
    /// Opened before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub created_before: Option<DateTime<Utc>>,
    /// Closed at or after, and not opened again since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub closed_after: Option<DateTime<Utc>>,
    /// Closed before, and not opened again since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub closed_before: Option<DateTime<Utc>>,
    /// The order; latest activity first unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(inline))]
    #[garde(skip)]
    pub sort: Option<TicketSort>,
}

impl From<ViewFilters> for TicketQuery {
    fn from(filters: ViewFilters) -> Self {
        filtered_like!(filters => Self { limit: None, cursor: None })
    }
}

impl From<TicketQuery> for ViewFilters {
    fn from(query: TicketQuery) -> Self {
        filtered_like!(query => Self {})
    }
}

/// A list of tickets that somebody keeps under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct View {
    /// The number.
    pub id: ViewId,
    /// 1 to 60 characters.
    pub name: String,
    /// What it lists.
    pub filters: ViewFilters,
    /// Whether the staff sees it too. Everybody finds in it what they may see.
    pub shared: bool,
    /// Who keeps it.
    pub owner: UserRef,
    /// Whether the caller may change and delete it.
    pub editable: bool,
}

/// Keeps a list under a name.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateView {
    /// 1 to 60 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    #[garde(custom(fields::view_name))]
    pub name: String,
    /// What it lists.
    #[garde(dive)]
    pub filters: ViewFilters,
    /// For staff: whether the staff sees it too.
    #[serde(default)]
    #[garde(skip)]
    pub shared: bool,
}

/// Changes a view; absent fields stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateView {
    /// 1 to 60 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    #[garde(inner(custom(fields::view_name)))]
    pub name: Option<String>,
    /// What it lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub filters: Option<ViewFilters>,
    /// Whether the staff sees it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub shared: Option<bool>,
}

/// A view that everybody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BuiltInView {
    /// What is not closed.
    Unfinished,
    /// What is not closed and assigned to the caller.
    Mine,
    /// What is not closed and nobody has.
    Unassigned,
    /// What waits for the caller.
    Waiting,
    /// What is not closed and urgent.
    Urgent,
}

impl BuiltInView {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Unfinished, Self::Mine, Self::Unassigned, Self::Waiting, Self::Urgent];

    /// What it lists.
    pub fn filters(self) -> ViewFilters {
        let unfinished = ViewFilters { status: Some(StatusSet::unfinished()), ..ViewFilters::default() };
        match self {
            Self::Unfinished => unfinished,
            Self::Mine => ViewFilters { assignee_id: Some(AssigneeFilter::Me), ..unfinished },
            Self::Unassigned => ViewFilters { assignee_id: Some(AssigneeFilter::Nobody), ..unfinished },
            Self::Waiting => ViewFilters { waiting_for: Some(WaitingFor::Me), ..unfinished },
            Self::Urgent => ViewFilters { priority: Some(Priority::Urgent), ..unfinished },
        }
    }
}

/// How many tickets a built-in view has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BuiltInCount {
    /// Which.
    pub view: BuiltInView,
    /// How many tickets the caller finds in it; 100 stands for so many or more.
    pub count: u32,
}

/// How many tickets a kept view has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ViewCount {
    /// Which.
    pub id: ViewId,
    /// How many tickets the caller finds in it; 100 stands for so many or more.
    pub count: u32,
}

/// How many tickets are in the views (`GET /views/counts`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ViewCounts {
    /// In those that everybody has.
    pub built_in: Vec<BuiltInCount>,
    /// In those that the caller sees, their own first.
    pub views: Vec<ViewCount>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_lists_what_its_query_did() {
        let query = TicketQuery {
            status: Some(StatusSet::unfinished()),
            priority: Some(Priority::High),
            category_id: Some(CategoryFilter::NONE),
            assignee_id: Some(AssigneeFilter::Me),
            requester_id: Some(UserId(2)),
            waiting_for: Some(WaitingFor::Me),
            q: Some("x".to_owned()),
            created_after: Some(DateTime::UNIX_EPOCH),
            created_before: Some(DateTime::UNIX_EPOCH),
            closed_after: Some(DateTime::UNIX_EPOCH),
            closed_before: Some(DateTime::UNIX_EPOCH),
            sort: Some(TicketSort::CreatedAsc),
            limit: None,
            cursor: None,
        };
        assert_eq!(TicketQuery::from(ViewFilters::from(query.clone())), query);
    }

    #[test]
    fn what_no_list_knows_is_refused() {
        for wrong in [
            r#"{"status":"lost"}"#,
            r#"{"status":""}"#,
            r#"{"priority":"soon"}"#,
            r#"{"colour":"red"}"#,
            r#"{"limit":3}"#,
        ] {
            assert!(serde_json::from_str::<ViewFilters>(wrong).is_err(), "{wrong}");
        }
        let long = ViewFilters { q: Some("x".repeat(201)), ..ViewFilters::default() };
        assert!(fields::check(&long).is_err());
    }
}

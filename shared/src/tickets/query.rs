//! What a list of tickets is asked for.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Unexpected, Visitor},
};

use super::{Priority, Status};
use crate::ids::{CategoryId, UserId};

/// The order of a list of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TicketSort {
    /// Latest activity first.
    #[default]
    #[serde(rename = "-updated_at")]
    UpdatedDesc,
    /// Oldest activity first.
    #[serde(rename = "updated_at")]
    UpdatedAsc,
    /// Newest first.
    #[serde(rename = "-created_at")]
    CreatedDesc,
    /// Oldest first.
    #[serde(rename = "created_at")]
    CreatedAsc,
    /// Most urgent first, then latest activity.
    #[serde(rename = "-priority")]
    PriorityDesc,
    /// Least urgent first, then oldest activity.
    #[serde(rename = "priority")]
    PriorityAsc,
}

impl TicketSort {
    /// Every order.
    pub const ALL: [Self; 6] = [
        Self::UpdatedDesc,
        Self::UpdatedAsc,
        Self::CreatedDesc,
        Self::CreatedAsc,
        Self::PriorityDesc,
        Self::PriorityAsc,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpdatedDesc => "-updated_at",
            Self::UpdatedAsc => "updated_at",
            Self::CreatedDesc => "-created_at",
            Self::CreatedAsc => "created_at",
            Self::PriorityDesc => "-priority",
            Self::PriorityAsc => "priority",
        }
    }

    /// Whether the largest key comes first.
    pub fn is_descending(self) -> bool {
        matches!(self, Self::UpdatedDesc | Self::CreatedDesc | Self::PriorityDesc)
    }
}

/// Whose tickets: a person's number, `me`, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssigneeFilter {
    /// Those of one person.
    Id(UserId),
    /// The caller's own.
    Me,
    /// Those nobody has.
    Nobody,
}

impl AssigneeFilter {
    /// The value on the wire.
    pub fn to_word(self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::Me => "me".to_owned(),
            Self::Nobody => "none".to_owned(),
        }
    }
}

impl FromStr for AssigneeFilter {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "me" => Ok(Self::Me),
            "none" => Ok(Self::Nobody),
            number => number.parse().map(Self::Id).map_err(|_| ()),
        }
    }
}

impl Serialize for AssigneeFilter {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_word())
    }
}

impl<'de> Deserialize<'de> for AssigneeFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| de::Error::custom("expected a user id, `me` or `none`"))
    }
}

/// Of which category: its number, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum CategoryFilter {
    /// Those of one category.
    Id(CategoryId),
    /// Those of none.
    Without(NoCategory),
}

/// The word for no category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoCategory {
    /// No category.
    None,
}

impl CategoryFilter {
    /// Those of no category.
    pub const NONE: Self = Self::Without(NoCategory::None);

    /// The value in an address.
    pub fn to_word(self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::Without(NoCategory::None) => "none".to_owned(),
        }
    }

    /// Whether it lets a ticket through that is of this category, or of none.
    pub fn fits(self, category: Option<CategoryId>) -> bool {
        match self {
            Self::Id(id) => category == Some(id),
            Self::Without(NoCategory::None) => category.is_none(),
        }
    }
}

impl FromStr for CategoryFilter {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "none" => Ok(Self::NONE),
            number => number.parse().map(Self::Id).map_err(|_| ()),
        }
    }
}

// Everything in an address is text; a view keeps a number as one.
impl<'de> Deserialize<'de> for CategoryFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CategoryWord)
    }
}

struct CategoryWord;

impl Visitor<'_> for CategoryWord {
    type Value = CategoryFilter;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a category id or `none`")
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<CategoryFilter, E> {
        Ok(CategoryFilter::Id(CategoryId(id)))
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<CategoryFilter, E> {
        let number = i64::try_from(id).map_err(|_| E::invalid_value(Unexpected::Unsigned(id), &self))?;
        self.visit_i64(number)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<CategoryFilter, E> {
        text.parse().map_err(|()| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// One or more states, separated by commas. None at all is refused where it is read: whoever asks for no state does not mean
/// every one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct StatusSet(pub Vec<Status>);

impl StatusSet {
    /// Those that are not closed.
    pub fn unfinished() -> Self {
        Self(Status::ALL.iter().copied().filter(|&status| status != Status::Closed).collect())
    }
}

impl Serialize for StatusSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.iter().map(|status| status.as_str()).collect::<Vec<_>>().join(","))
    }
}

impl<'de> Deserialize<'de> for StatusSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut set = Vec::new();
        for word in text.split(',').filter(|word| !word.is_empty()) {
            let status = word.parse().map_err(|()| de::Error::custom("unknown status"))?;
            if !set.contains(&status) {
                set.push(status);
            }
        }
        if set.is_empty() {
            return Err(de::Error::custom("no status"));
        }
        set.sort_unstable();
        Ok(Self(set))
    }
}

/// Whose move it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    /// The caller's: of staff, what they have and somebody else had the last public word on; of anybody else, what they
    /// opened and staff set to `waiting`. Closed tickets wait for nobody.
    Me,
}

impl WaitingFor {
    /// The value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Me => "me",
        }
    }
}

/// Which tickets to list (`GET /tickets`). Every filter narrows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct TicketQuery {
    /// One or more states, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "open,in_progress"))]
    pub status: Option<StatusSet>,
    /// One priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// A category's number, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "none"))]
    pub category_id: Option<CategoryFilter>,
    /// A person's number, `me`, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, example = "me"))]
    pub assignee_id: Option<AssigneeFilter>,
    /// Who has the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester_id: Option<UserId>,
    /// Whose move it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub waiting_for: Option<WaitingFor>,
    /// Words of the title and the description, all of them, the last one as a beginning, in any case and without
    /// regard to accents; or a number, for that ticket too; `#1042` for that ticket alone. Filters among them narrow as those
    /// beside do: `status:open,waiting priority:urgent assignee:me`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// Opened at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_after: Option<DateTime<Utc>>,
    /// Opened before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_before: Option<DateTime<Utc>>,
    /// Closed at or after, and not opened again since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_after: Option<DateTime<Utc>>,
    /// Closed before, and not opened again since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_before: Option<DateTime<Utc>>,
    /// The order; latest activity first unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub sort: Option<TicketSort>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A value with the filters and the order of another one. What a list is asked for by, what a view keeps and what an export takes
/// say them each as its place demands (a query with pages, a body, a query without); that they are the same is said here alone.
macro_rules! filtered_like {
    ($like:expr => $type:ident { $($rest:ident $(: $value:expr)?),* }) => {{
        let like = $like;
        $type {
            status: like.status,
            priority: like.priority,
            category_id: like.category_id,
            assignee_id: like.assignee_id,
            requester_id: like.requester_id,
            waiting_for: like.waiting_for,
            q: like.q,
            created_after: like.created_after,
            created_before: like.created_before,
            closed_after: like.closed_after,
            closed_before: like.closed_before,
            sort: like.sort,
            $($rest $(: $value)?,)*
        }
    }};
}
pub(crate) use filtered_like;

/// A page of any list without filters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct PageQuery {
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_set_is_sorted_and_without_doubles() {
        let set: StatusSet = serde_json::from_str(r#""waiting,open,waiting""#).unwrap();
        assert_eq!(set.0, [Status::Open, Status::Waiting]);
        for wrong in [r#""lost""#, r#""""#, r#"",""#] {
            assert!(serde_json::from_str::<StatusSet>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_category_is_a_number_or_none_at_all() {
        let third = CategoryFilter::Id(CategoryId(3));
        for (text, filter) in [("3", third), (r#""3""#, third), (r#""none""#, CategoryFilter::NONE)] {
            assert_eq!(serde_json::from_str::<CategoryFilter>(text).unwrap(), filter, "{text}");
        }
        assert_eq!(serde_json::to_string(&third).unwrap(), "3");
        assert_eq!(serde_json::to_string(&CategoryFilter::NONE).unwrap(), r#""none""#);
        for wrong in ["1.5", "9223372036854775808", r#""Hardware""#, r#""""#, "true", "[]", "{}"] {
            assert!(serde_json::from_str::<CategoryFilter>(wrong).is_err(), "{wrong}");
        }
        assert!(CategoryFilter::NONE.fits(None) && !CategoryFilter::NONE.fits(Some(CategoryId(3))));
        assert!(third.fits(Some(CategoryId(3))) && !third.fits(None));
    }
}

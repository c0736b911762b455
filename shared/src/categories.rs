//! Categories of tickets.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    fields,
    ids::{CategoryId, UserId},
    present,
};

/// The colour of a category: one of a palette that the page shows with enough contrast in light and dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// No colour in particular.
    #[default]
    Grey,
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Between green and blue.
    Teal,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
    /// Pink.
    Pink,
}

impl Colour {
    /// The palette.
    pub const ALL: [Self; 9] = [
        Self::Grey,
        Self::Red,
        Self::Orange,
        Self::Yellow,
        Self::Green,
        Self::Teal,
        Self::Blue,
        Self::Purple,
        Self::Pink,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Purple => "purple",
            Self::Pink => "pink",
        }
    }
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// The number.
    pub id: CategoryId,
    /// 1 to 100 characters; no two share one, whatever its case.
    pub name: String,
    /// Where it stands in lists, lowest first.
    pub position: i32,
    /// How it stands out.
    pub colour: Colour,
    /// Who gets its new tickets; nobody has them until somebody takes them, when there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub default_assignee_id: Option<UserId>,
}

/// Makes a category.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateCategory {
    /// 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    #[garde(custom(fields::name))]
    pub name: String,
    /// Where it stands in lists; last unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub position: Option<i32>,
    /// How it stands out; grey unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub colour: Option<Colour>,
    /// Somebody on staff who gets its new tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub default_assignee_id: Option<UserId>,
}

/// Changes a category; absent fields stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateCategory {
    /// 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    #[garde(inner(custom(fields::name)))]
    pub name: Option<String>,
    /// Where it stands in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub position: Option<i32>,
    /// How it stands out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub colour: Option<Colour>,
    /// Somebody on staff who gets its new tickets; `null` for nobody.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<UserId>))]
    #[garde(skip)]
    pub default_assignee_id: Option<Option<UserId>>,
}

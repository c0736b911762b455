//! Categories of tickets.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{fields, ids::CategoryId};

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
}

/// Makes a category.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateCategory {
    /// 1 to 100 characters.
    #[garde(custom(fields::name))]
    pub name: String,
    /// Where it stands in lists; last unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub position: Option<i32>,
}

/// Changes a category; absent fields stay.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateCategory {
    /// 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(fields::name)))]
    pub name: Option<String>,
    /// Where it stands in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub position: Option<i32>,
}

//! Making many people at once, from a CSV file.

use serde::{Deserialize, Serialize};

use crate::{accounts::Role, ids::UserId, problem::FieldErrors};

/// The largest file, in bytes.
pub const FILE_MAX: usize = 2 * 1024 * 1024;
/// The most people in one file.
pub const LINES_MAX: usize = 5_000;

/// Whether to import or only to tell what importing would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct ImportQuery {
    /// With `true` nothing is stored.
    pub dry_run: bool,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A person is made of it.
    Created,
    /// There is a person with this user name and this address; they stay as they are.
    Exists,
    /// Something is wrong with it; nothing is imported while there is such a line.
    Refused,
}

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedLine {
    /// Where it begins; the header is line 1.
    pub line: u64,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The user name, as it stands there.
    pub username: String,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// What they may do; none when the file says something else.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub role: Option<Role>,
    /// The person: who was made, or who is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<UserId>,
    /// What is wrong with each field.
    #[serde(default, skip_serializing_if = "FieldErrors::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, Vec<crate::problem::FieldCode>>))]
    pub fields: FieldErrors,
}

/// What importing a file did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserImport {
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// How many people are made.
    pub created: usize,
    /// How many are there already.
    pub existing: usize,
    /// How many lines cannot be imported.
    pub refused: usize,
    /// Columns of the file that mean nothing here.
    pub ignored_columns: Vec<String>,
    /// Every line that is not blank, in the file's order.
    pub lines: Vec<ImportedLine>,
}

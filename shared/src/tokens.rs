//! Personal tokens: what a program asks with in a person's name.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{fields, ids::TokenId};

/// What every token begins with, so that scanners for leaked secrets know one.
pub const PREFIX: &str = "turno_";
/// The most tokens a person has.
pub const TOKENS_MAX: i64 = 50;

/// What a token is good for, within what its person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Reading: GET and HEAD.
    Read,
    /// Changing, and with it reading: a change answers with what it changed.
    Write,
}

impl TokenScope {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// One of the caller's tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// The number to revoke it by.
    pub id: TokenId,
    /// What its person calls it.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<TokenScope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself, if it does.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_used_at: Option<DateTime<Utc>>,
    /// From where, then.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_used_address: Option<String>,
}

/// Makes a token.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// 1 to 80 characters: what it is for.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    #[garde(custom(fields::token_name))]
    pub name: String,
    /// What it is good for; one at least.
    #[garde(custom(fields::some))]
    pub scopes: Vec<TokenScope>,
    /// When it ends by itself, in the future; never unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token that has just been made. Its text is told this once; only a digest of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    /// The number to revoke it by.
    pub id: TokenId,
    /// What goes after `Authorization: Bearer`.
    pub token: String,
    /// What its person calls it.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<TokenScope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself, if it does.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub expires_at: Option<DateTime<Utc>>,
}

//! Lists are read page by page, with keyset cursors.

use serde::{Deserialize, Serialize};

/// The largest page a list gives.
pub const MAX_LIMIT: u32 = 100;
/// The page a list gives when it is not told.
pub const DEFAULT_LIMIT: u32 = 25;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Where the next page starts; absent on the last one. Opaque, and good only for the same filters and order.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that fits on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

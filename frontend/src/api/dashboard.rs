//! The desk in numbers.

use shared::dashboard::{Dashboard, DashboardQuery};

use super::{ClientError, Purpose, get_for, with_query};

/// Reads the numbers.
pub async fn read(query: &DashboardQuery, purpose: Purpose) -> Result<Dashboard, ClientError> {
    get_for(&with_query("/dashboard", query), purpose).await
}

//! The program and what it runs on.

use shared::about::{About, AboutDatabase};

use crate::{accounts, db::facts, error::AppError, events, state::State, tickets};

/// As it is now.
pub async fn get(state: &State) -> Result<About, AppError> {
    let mut conn = state.db.read().await?;
    let (kind, version) = facts::kind_and_version(&mut conn).await?;
    let database = AboutDatabase {
        kind,
        version,
        bytes: facts::size(&mut conn).await?,
        schema_version: facts::schema_version(&mut conn).await?,
    };
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: state.started_at,
        database,
        tickets: tickets::service::count(&mut conn).await?,
        people: accounts::service::count(&mut conn).await?,
        audit_entries: events::count(&mut conn).await?,
    })
}

//! Which steps are done.

use shared::demo::FirstSteps;

use crate::{categories, db::Db, demo, error::AppError, settings};

/// Reads what is done.
pub async fn read(db: &Db) -> Result<FirstSteps, AppError> {
    let mut conn = db.read().await?;
    let (appearance, put_away) = settings::service::first_steps(&mut conn).await?;
    Ok(FirstSteps {
        people: demo::service::own_people(&mut conn).await? > 1,
        categories: categories::service::are_chosen(&mut conn).await?,
        appearance,
        ticket: demo::service::has_own_tickets(&mut conn).await?,
        put_away,
    })
}

//! Which steps are done.

use shared::demo::FirstSteps;

use crate::{auth::caller::Caller, categories, db::Db, demo, error::AppError, settings};

/// Reads what is done, for somebody who runs the desk.
pub async fn read(db: &Db, caller: &Caller) -> Result<FirstSteps, AppError> {
    let mut conn = db.read().await?;
    let (appearance, put_away) = settings::service::first_steps(&mut conn).await?;
    Ok(FirstSteps {
        people: demo::service::has_own_people(&mut conn, caller.user.id).await?,
        categories: categories::service::are_chosen(&mut conn).await?,
        appearance,
        ticket: demo::service::has_own_tickets(&mut conn).await?,
        put_away,
    })
}

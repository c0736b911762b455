//! People's pictures: cut square, written anew, kept in the database.

use shared::{accounts::User, ids::UserId, problem::FieldCode};

use super::{
    rows::{AvatarRow, UserChanges},
    service::apply,
    store,
};
use crate::{
    auth::caller::Caller,
    db::{Db, now, to_micros},
    error::AppError,
    images::{self, PictureError, turns::Place},
};

/// The largest file a picture is read from, in bytes.
pub const FILE_MAX: usize = 5 * 1024 * 1024;

/// The side of a picture as it is kept, in pixels.
const SIDE: u32 = 256;

/// A person's picture.
pub async fn read(db: &Db, id: UserId) -> Result<AvatarRow, AppError> {
    let mut conn = db.read().await?;
    store::avatar(&mut conn, id).await?.ok_or(AppError::NotFound)
}

/// Sets the caller's picture: the middle of what they sent.
pub async fn set(db: &Db, caller: &Caller, place: Place, file: Vec<u8>) -> Result<User, AppError> {
    let written = place.work(move || images::square(&images::decode(&file)?, SIDE)).await.map_err(unusable)?;
    let set_at = to_micros(now());
    let avatar =
        AvatarRow { user_id: caller.user.id, set_at, media_type: written.media_type.to_owned(), bytes: written.bytes };
    let changes = UserChanges { avatar_at: Some(Some(set_at)), ..UserChanges::default() };
    let origin = caller.origin();
    db.write(async |conn| -> Result<User, AppError> {
        // Two at once are one after the other: where one finds no picture to replace, both would add theirs.
        store::lock(conn, caller.id()).await?;
        store::set_avatar(conn, &avatar).await?;
        apply(conn, &origin, caller.id(), &changes).await
    })
    .await
}

/// Takes the caller's picture away, if they have one.
pub async fn remove(db: &Db, caller: &Caller) -> Result<(), AppError> {
    let changes = UserChanges { avatar_at: Some(None), ..UserChanges::default() };
    let origin = caller.origin();
    db.write(async |conn| -> Result<(), AppError> {
        store::lock(conn, caller.id()).await?;
        if !store::delete_avatar(conn, caller.id()).await? {
            return Ok(());
        }
        apply(conn, &origin, caller.id(), &changes).await.map(drop)
    })
    .await
}

fn unusable(error: PictureError) -> AppError {
    match error {
        PictureError::Unreadable(_) => AppError::field("file", FieldCode::NotAPicture),
        PictureError::TooLarge | PictureError::Bomb => AppError::field("file", FieldCode::PictureTooLarge),
        PictureError::Interrupted(cause) => AppError::Unavailable { cause },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_could_not_do_now_may_be_tried_again() {
        let interrupted = unusable(PictureError::Interrupted("no thread".to_owned()));
        assert!(matches!(interrupted, AppError::Unavailable { .. }), "{interrupted:?}");
        assert!(unusable(PictureError::Bomb).fields().is_some());
    }
}

//! Small pictures of pictures, without what the camera wrote into them.

use std::{fs, path::PathBuf};

use shared::{attachments::THUMBNAIL_SIDE, problem::FieldCode};

use crate::{
    error::AppError,
    images::{self, PictureError, Written},
};

/// A small picture of the one in a file; none is made of one that is too large to be decoded, or damaged. One at a time:
/// the file is read only when it is its turn, so that those who wait hold nothing.
pub async fn of(file: PathBuf) -> Result<Written, AppError> {
    let made = images::in_turn(move || {
        let bytes = fs::read(&file).map_err(|error| PictureError::Interrupted(error.to_string()))?;
        let picture = images::decode(&bytes)?;
        drop(bytes);
        images::within(&picture, THUMBNAIL_SIDE)
    });
    made.await.map_err(|error| match error {
        PictureError::TooLarge => AppError::field("file", FieldCode::ImageTooLarge),
        PictureError::Unreadable(_) => AppError::field("file", FieldCode::FileContentMismatch),
        PictureError::Interrupted(cause) => AppError::Unavailable { cause },
    })
}

//! Small pictures of pictures, without what the camera wrote into them.

use std::{fs::File, io::BufReader, path::PathBuf};

use shared::{attachments::THUMBNAIL_SIDE, problem::FieldCode};

use crate::{
    error::AppError,
    images::{self, PictureError, Written, turns},
};

/// A small picture of the one in a file. None of one that is too large to be decoded, which is attached all the same; one
/// that is damaged or a bomb is refused. One at a time: the file is read only when it is its turn, so that those who wait
/// hold nothing.
pub async fn of(file: PathBuf) -> Result<Option<Written>, AppError> {
    let made = turns::in_turn(move || {
        let file = File::open(&file).map_err(|error| PictureError::Interrupted(error.to_string()))?;
        images::within(&images::read(BufReader::new(file))?, THUMBNAIL_SIDE)
    });
    match made.await {
        Ok(small) => Ok(Some(small)),
        Err(PictureError::TooLarge) => Ok(None),
        Err(PictureError::Bomb) => Err(AppError::field("file", FieldCode::ImageTooLarge)),
        Err(PictureError::Unreadable(_)) => Err(AppError::field("file", FieldCode::FileContentMismatch)),
        Err(PictureError::Interrupted(cause)) => Err(AppError::Unavailable { cause }),
    }
}

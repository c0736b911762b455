//! A small file in a form (`multipart/form-data`), and one that browsers keep until it changes.

use actix_multipart::{Multipart, MultipartError};
use actix_web::{
    HttpRequest, HttpResponse,
    error::PayloadError,
    http::{
        StatusCode,
        header::{self, ETag, EntityTag, Header, IfNoneMatch},
    },
};
use futures_util::TryStreamExt;
use shared::problem::FieldCode;

use crate::error::AppError;

/// What a form may hold besides its file, in bytes.
const BESIDES: usize = 64 * 1024;

/// The bytes of the form's field `file`, which is held in memory: only for files that are small. Reads no further than the
/// first byte over `max`.
pub async fn small_file(mut form: Multipart, max: usize) -> Result<Vec<u8>, AppError> {
    let mut file = None::<Vec<u8>>;
    let mut besides = 0;
    while let Some(mut field) = form.try_next().await.map_err(malformed)? {
        let is_file = field.name() == Some("file");
        if is_file && file.is_some() {
            return Err(AppError::MalformedBody("The form holds more than one file.".to_owned()));
        }
        let mut content = Vec::new();
        while let Some(chunk) = field.try_next().await.map_err(malformed)? {
            if is_file {
                if content.len() + chunk.len() > max {
                    return Err(AppError::TooLarge);
                }
                content.extend_from_slice(&chunk);
            } else {
                besides += chunk.len();
                if besides > BESIDES {
                    return Err(AppError::TooLarge);
                }
            }
        }
        if is_file {
            file = Some(content);
        }
    }
    file.filter(|file| !file.is_empty()).ok_or_else(|| AppError::field("file", FieldCode::Required))
}

fn malformed(error: MultipartError) -> AppError {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => AppError::UnsupportedMediaType,
        MultipartError::Payload(PayloadError::Overflow) => AppError::TooLarge,
        error => AppError::MalformedBody(error.to_string()),
    }
}

/// Whether a browser has this already.
pub fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let tag = EntityTag::new_strong(tag.to_owned());
    IfNoneMatch::parse(request).is_ok_and(|known| match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(&tag)),
    })
}

/// An answer that browsers keep: forever when `lasting`, which is for an address that names what it holds; else they ask
/// again each time. None as content when the browser has it.
pub fn kept(tag: &str, lasting: bool, kind: &str, content: Option<Vec<u8>>) -> HttpResponse {
    let caching = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, caching)).insert_header(ETag(EntityTag::new_strong(tag.to_owned())));
    match content {
        Some(content) => answer.content_type(kind).body(content),
        None => answer.status(StatusCode::NOT_MODIFIED).finish(),
    }
}

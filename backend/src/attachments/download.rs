//! A file on its way out: whole, in part, or not at all when whoever asks has it already (RFC 9110, §§13 and 14).

use std::{ops::Range, str::FromStr};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    http::{
        StatusCode,
        header::{self, EntityTag, HeaderName, HttpDate, IfNoneMatch, IfRange, TryIntoHeaderValue},
    },
};
use chrono::{DateTime, Utc};

use super::{
    names,
    rows::{BlobRow, FullAttachment, thumbnail_key},
    service,
};
use crate::{error::AppError, state::State, storage::StorageError};

/// What a browser may do with a file that somebody sent, should it ever show it: nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Kept by the browser that asked, which asks again each time whether it still may show it.
const CACHE: &str = "private, no-cache";

/// A file as it is handed out.
pub struct Stored {
    /// What is in it.
    pub blob: BlobRow,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Since when it is there.
    pub created_at: DateTime<Utc>,
    /// What names this content and no other.
    pub etag: String,
}

impl From<FullAttachment> for Stored {
    fn from(found: FullAttachment) -> Self {
        let (created_at, etag) = (found.created_at(), found.etag());
        Self { blob: found.blob, name: found.row.name, media_type: found.row.media_type, created_at, etag }
    }
}

/// The file, as a download under its own name.
pub async fn file(state: &State, request: &HttpRequest, found: &Stored) -> Result<HttpResponse, AppError> {
    let (etag, size) = (found.etag.as_str(), found.blob.size());
    if has_it(request, etag) {
        return Ok(unchanged(etag));
    }
    let modified = HttpDate::from(std::time::SystemTime::from(found.created_at));
    let part = match wanted(request, etag, modified, size) {
        Wanted::Whole => None,
        Wanted::Part(range) => Some(range),
        Wanted::Nothing => return Err(AppError::RangeNotSatisfiable { size }),
    };
    let range = part.clone().unwrap_or(0..size);
    let mut response = HttpResponse::build(if part.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK });
    common(&mut response, etag);
    response
        .insert_header((header::CONTENT_TYPE, found.media_type.as_str()))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::LAST_MODIFIED, modified));
    if let Some(disposition) = names::disposition(&found.name) {
        response.insert_header((header::CONTENT_DISPOSITION, disposition));
    }
    if let Some(part) = &part {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {}-{}/{size}", part.start, part.end - 1)));
    }
    let length = range.end - range.start;
    let stream = match state.storage.read(&found.blob.storage_key, range.clone()).await {
        // Somebody may have deleted it since it was looked up, or put it elsewhere because it was lost.
        Err(error @ StorageError::Missing(_)) => match service::place_of(state, found.blob.id).await? {
            key if key == found.blob.storage_key => return Err(error.into()),
            key => state.storage.read(&key, range).await?,
        },
        read => read?,
    };
    Ok(response.body(SizedStream::new(length, stream)))
}

/// The small picture, to be shown where it stands.
pub async fn thumbnail(state: &State, request: &HttpRequest, found: &Stored) -> Result<HttpResponse, AppError> {
    let media_type = found.blob.thumbnail.as_deref().ok_or(AppError::NotFound)?;
    let etag = found.etag.as_str();
    if has_it(request, etag) {
        return Ok(unchanged(etag));
    }
    let mut response = HttpResponse::Ok();
    common(&mut response, etag);
    response.insert_header((header::CONTENT_TYPE, media_type));
    let picture = match state.storage.whole(&thumbnail_key(&found.blob.storage_key)).await {
        Ok(picture) => picture,
        // The file itself can still be had.
        Err(StorageError::Missing(_)) => return Err(AppError::NotFound),
        Err(error) => return Err(error.into()),
    };
    Ok(response.body(SizedStream::new(picture.size, picture.bytes)))
}

fn common(response: &mut HttpResponseBuilder, etag: &str) {
    response
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, CACHE))
        .insert_header((HeaderName::from_static("content-security-policy"), POLICY))
        // So that it is not compressed on its way: its parts are counted in its own bytes.
        .insert_header((header::CONTENT_ENCODING, "identity"));
}

fn unchanged(etag: &str) -> HttpResponse {
    HttpResponse::NotModified()
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, CACHE))
        .finish()
}

fn tag(etag: &str) -> Option<EntityTag> {
    EntityTag::from_str(etag).ok()
}

/// Whether whoever asks says that they have it.
fn has_it(request: &HttpRequest, etag: &str) -> bool {
    use actix_web::http::header::Header;

    if !request.headers().contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(theirs)) => {
            tag(etag).is_some_and(|ours| theirs.iter().any(|theirs| theirs.weak_eq(&ours)))
        }
        Err(_) => false,
    }
}

/// How much of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    /// A part behind the end.
    Nothing,
}

fn wanted(request: &HttpRequest, etag: &str, modified: HttpDate, size: u64) -> Wanted {
    let Some(range) = request.headers().get(header::RANGE).and_then(|value| value.to_str().ok()) else {
        return Wanted::Whole;
    };
    if request.headers().contains_key(header::IF_RANGE) && !still_fits(request, etag, modified) {
        return Wanted::Whole;
    }
    part_of(range, size)
}

/// Whether the part that whoever asks has already is of this file.
fn still_fits(request: &HttpRequest, etag: &str, modified: HttpDate) -> bool {
    use actix_web::http::header::Header;

    match IfRange::parse(request) {
        Ok(IfRange::EntityTag(theirs)) => tag(etag).is_some_and(|ours| ours.strong_eq(&theirs)),
        Ok(IfRange::Date(date)) => {
            // A date says seconds; ours has more.
            matches!((date.try_into_value(), modified.try_into_value()), (Ok(theirs), Ok(ours)) if theirs == ours)
        }
        Err(_) => false,
    }
}

/// One part. Several at once, and what is no range of bytes, are answered with the whole, as they may be.
fn part_of(range: &str, size: u64) -> Wanted {
    let parsed = header::Range::from_str(range);
    let Ok(header::Range::Bytes(parts)) = parsed else { return Wanted::Whole };
    let [part] = parts.as_slice() else { return Wanted::Whole };
    match part.to_satisfiable_range(size) {
        Some((from, to)) => Wanted::Part(from..to + 1),
        None => Wanted::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        for (range, expected) in [
            ("bytes=0-", Wanted::Part(0..10)),
            ("bytes=2-4", Wanted::Part(2..5)),
            ("bytes=2-400", Wanted::Part(2..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("bytes=4-2", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=x-y", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            assert_eq!(part_of(range, 10), expected, "{range}");
        }
    }
}

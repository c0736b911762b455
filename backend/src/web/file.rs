//! A small file that browsers keep until it changes.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, ETag, EntityTag, Header, IfNoneMatch},
    },
};

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

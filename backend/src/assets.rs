//! The page, carried inside the program. Development builds read it from `frontend/dist` at each request.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{self, AcceptEncoding, ETag, EntityTag, Header, HeaderValue, Preference},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use crate::{
    error::AppError,
    web::{self, headers},
};

#[derive(RustEmbed)]
#[folder = "../frontend/dist"]
struct Page;

const INDEX: &str = "index.html";
/// What keeps the page on people's machines; it may do so for every address.
const WORKER: &str = "sw.js";

/// Which build of the page the program carries; none without a page, or with one for development.
pub fn build() -> Option<&'static str> {
    static BUILD: LazyLock<Option<String>> = LazyLock::new(|| {
        let page = Page::get(INDEX)?;
        build_in(std::str::from_utf8(&page.data).ok()?).map(str::to_owned)
    });
    BUILD.as_deref()
}

/// The build that was written into a page.
fn build_in(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<meta name=\"turno-build\" content=\"")?;
    let (build, _) = rest.split_once('"')?;
    Some(build).filter(|build| !build.is_empty())
}

/// What the page may do: what every answer may, and besides what the build wrote into it for its first picture
/// (`xtask/src/inline.rs`).
fn policy() -> Option<HeaderValue> {
    static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(read_policy);
    // A development build reads the page at each request: it may be another by now.
    if cfg!(debug_assertions) { read_policy() } else { POLICY.clone() }
}

fn read_policy() -> Option<HeaderValue> {
    let page = Page::get(INDEX)?;
    HeaderValue::from_str(&policy_of(std::str::from_utf8(&page.data).ok()?)).ok()
}

fn policy_of(html: &str) -> String {
    let digests = |opening: &str, closing: &str| -> Vec<String> {
        let texts = html.split(opening).skip(1).filter_map(|rest| Some(rest.split_once(closing)?.0));
        texts.map(|text| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))).collect()
    };
    headers::policy_with(&digests("<script>", "</script>"), &digests("<style>", "</style>"))
}

/// Any path that is no API: a file of the page, or the page itself, whose router knows the path.
pub fn serve(request: &HttpRequest) -> Result<HttpResponse, AppError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(AppError::MethodNotAllowed("GET, HEAD".to_owned()));
    }
    let path = request.path().trim_start_matches('/');
    // A file's name has a dot; a place in the page has none.
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = if is_file { path } else { INDEX };
    if let Some(answer) = file(request, name) {
        return Ok(answer);
    }
    if is_file {
        return Err(AppError::NotFound);
    }
    Ok(HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("This build carries no page. Build it with `cargo xtask build`; the API is under /api/v1.\n"))
}

fn file(request: &HttpRequest, name: &str) -> Option<HttpResponse> {
    let compressed = accepts_brotli(request).then(|| Page::get(&format!("{name}.br"))).flatten();
    let is_compressed = compressed.is_some();
    let file = compressed.or_else(|| Page::get(name))?;
    let tag = entity_tag(&file);
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CACHE_CONTROL, caching(name)))
        .insert_header(ETag(EntityTag::new_strong(tag.clone())))
        .insert_header((header::VARY, "Accept-Encoding"));
    if name == INDEX
        && let Some(policy) = policy()
    {
        // With an answer that nothing has changed, too: browsers then take its headers for those that they have.
        answer.insert_header((header::CONTENT_SECURITY_POLICY, policy));
    }
    if name == WORKER {
        answer.insert_header(("service-worker-allowed", "/"));
    }
    if web::file::is_known(request, &tag) {
        return Some(answer.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    if is_compressed {
        answer.insert_header((header::CONTENT_ENCODING, "br"));
    }
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    Some(answer.content_type(kind).body(file.data.into_owned()))
}

fn accepts_brotli(request: &HttpRequest) -> bool {
    AcceptEncoding::parse(request).is_ok_and(|accepted| {
        accepted.iter().any(|item| {
            item.quality > header::Quality::ZERO
                && matches!(&item.item, Preference::Specific(coding) if coding.to_string() == "br")
        })
    })
}

fn entity_tag(file: &EmbeddedFile) -> String {
    use std::fmt::Write;
    let hash = file.metadata.sha256_hash();
    hash.iter().take(12).fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A name with a hash of its content never changes its content; the others are asked for again each time.
fn caching(name: &str) -> &'static str {
    let stem = name.split('.').next().unwrap_or_default();
    let hash = stem.split('_').next().unwrap_or_default().rsplit('-').next().unwrap_or_default();
    if hash.len() >= 8 && hash.len() < stem.len() && hash.chars().all(|c| c.is_ascii_hexdigit()) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_of_which_build_it_is() {
        let page = |build: &str| format!("<head><meta name=\"turno-build\" content=\"{build}\"><title>Turno</title>");
        assert_eq!(build_in(&page("0123456789abcdef")), Some("0123456789abcdef"));
        assert_eq!(build_in(&page("")), None);
        assert_eq!(build_in("<title>Turno</title>"), None);
    }

    #[test]
    fn the_policy_of_a_page_knows_what_stands_in_it() {
        let policy = policy_of(
            "<head><script>go()</script><style>a{b:c}</style></head><body><script type=\"module\" src=\"/a.js\"></script>",
        );
        let script = "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='";
        assert!(policy.contains(&format!("script-src 'self' {script} 'wasm-unsafe-eval';")), "{policy}");
        let style = "'sha256-0cRUVYRKwNwnl1hkfkPGjkht16b039TjFdJzmXfFK2o='";
        assert!(policy.contains(&format!("style-src 'self' {style};")), "{policy}");
        assert_eq!(policy_of("<title>Turno</title>"), headers::policy_with(&[], &[]));
    }

    #[test]
    fn only_hashed_names_are_kept_by_browsers() {
        assert!(caching("frontend-1a2b3c4d5e6f7081_bg.wasm").contains("immutable"));
        assert!(caching("turno-1a2b3c4d5e6f7081.css").contains("immutable"));
        assert_eq!(caching("index.html"), "no-cache");
        assert_eq!(caching("boot.js"), "no-cache");
        // The one file that must never be an old one.
        assert_eq!(caching(WORKER), "no-cache");
    }
}

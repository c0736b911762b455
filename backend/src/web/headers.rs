//! The headers every answer carries.
//!
//! But for one kind: what is no HTTP, or has a head that is too large, actix answers itself, before the program is asked:
//! with a bare 400 or 431, and without a body that these could guard.

use std::iter;

use actix_web::{
    dev::ServiceRequest,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    web::Data,
};

use crate::{assets, state::State};

/// No inline script or style, nothing from elsewhere. WASM needs `'wasm-unsafe-eval'`; images may be pictures a person
/// is about to send (`blob:`), and Swagger UI draws its icons from `data:`. The page alone may use a little more:
/// [`policy_with`].
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
                      worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The policy of a page that has scripts and styles in itself: those with these digests (`'sha256-…'`), to the byte, and no
/// other.
pub fn policy_with(scripts: &[String], styles: &[String]) -> String {
    let allow = |policy: &str, sources: &str, digests: &[String]| {
        let all: Vec<&str> = iter::once(sources).chain(digests.iter().map(String::as_str)).collect();
        policy.replacen(sources, &all.join(" "), 1)
    };
    allow(&allow(POLICY, "script-src 'self'", scripts), "style-src 'self'", styles)
}

/// Which of them an answer gets.
pub struct Security {
    https: bool,
    api: bool,
}

impl Security {
    /// HSTS when people come by HTTPS; answers of the API are kept out of caches.
    pub fn of(request: &ServiceRequest) -> Self {
        let https = request
            .app_data::<Data<State>>()
            .is_some_and(|state| state.config.public_url.as_ref().is_some_and(|url| url.scheme() == "https"));
        Self { https, api: request.path().starts_with("/api/") }
    }

    /// Adds them.
    pub fn add(&self, headers: &mut HeaderMap) {
        for (name, value) in ALWAYS {
            // What people have sent comes with a policy of its own, which allows nothing; the page too has its own.
            if name == "content-security-policy" && headers.contains_key(name) {
                continue;
            }
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if self.https {
            headers.insert(
                header::STRICT_TRANSPORT_SECURITY,
                HeaderValue::from_static("max-age=63072000; includeSubDomains"),
            );
        }
        if self.api && !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        // A page that does not understand an answer then knows whether a newer one may be there.
        if self.api
            && let Some(build) = assets::build().and_then(|build| HeaderValue::from_str(build).ok())
        {
            headers.insert(HeaderName::from_static("x-turno-build"), build);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_has_in_itself_is_allowed_by_its_digest_alone() {
        let policy = policy_with(&["'sha256-a'".to_owned()], &["'sha256-b'".to_owned(), "'sha256-c'".to_owned()]);
        assert!(policy.contains("; script-src 'self' 'sha256-a' 'wasm-unsafe-eval'; "), "{policy}");
        assert!(policy.contains("; style-src 'self' 'sha256-b' 'sha256-c'; "), "{policy}");
        assert_eq!(policy_with(&[], &[]), POLICY);
    }
}

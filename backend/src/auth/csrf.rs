//! Requests forged by another site (CSRF): where an unsafe request comes from.

use actix_web::{HttpRequest, http::header};
use url::Url;

use crate::{error::AppError, state::State, web::client};

/// Refuses a request that a browser says comes from elsewhere. A client that says nothing is no browser: a browser
/// sends `Origin` with every unsafe request (Fetch standard, §3.2).
pub fn check_origin(request: &HttpRequest, state: &State) -> Result<(), AppError> {
    let header = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header(header::HeaderName::from_static("sec-fetch-site"))
        && !matches!(site, "same-origin" | "none")
    {
        return Err(AppError::CsrfRejected("The request comes from another site."));
    }
    let Some(origin) = request.headers().get(header::ORIGIN) else { return Ok(()) };
    let same = origin.to_str().ok().and_then(|text| Url::parse(text).ok()).is_some_and(|origin| {
        state.config.public_url.as_ref().is_some_and(|public| public.origin() == origin.origin())
            || authority(&origin) == normalised(&client::host(request, state))
    });
    if same { Ok(()) } else { Err(AppError::CsrfRejected("The request comes from another site.")) }
}

/// Host and port, the port left out when it is the scheme's own.
fn authority(origin: &Url) -> Option<String> {
    let host = origin.host_str()?;
    Some(origin.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// A Host header in the same form. Behind a proxy the scheme is not known, so both default ports are left out.
fn normalised(host: &str) -> Option<String> {
    let host = host.to_ascii_lowercase();
    let bare = host.strip_suffix(":80").or_else(|| host.strip_suffix(":443")).unwrap_or(&host);
    (!bare.is_empty()).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_ports_do_not_matter() {
        let authority = |text: &str| authority(&Url::parse(text).unwrap());
        assert_eq!(authority("http://desk.example:80"), normalised("desk.example"));
        assert_eq!(authority("https://desk.example"), normalised("Desk.example:443"));
        assert_eq!(authority("http://127.0.0.1:8080"), normalised("127.0.0.1:8080"));
        assert_ne!(authority("http://127.0.0.1:8081"), normalised("127.0.0.1:8080"));
        assert_ne!(authority("https://evil.example"), normalised("desk.example"));
    }
}

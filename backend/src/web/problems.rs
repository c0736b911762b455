//! Where errors become problem documents, in one place, with the request id and the cause in the log.
//! The same place adds the headers every answer carries and counts it for `/metrics`.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    rt,
};
use shared::problem::{MEDIA_TYPE, Problem};
use tracing_actix_web::RequestId;

use super::{Asking, headers::Security, keep_until_answered, unread::Chunks};
use crate::{error::AppError, openapi::BASE};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What has a handler of its own beside the API. Without it HEAD would be answered as for a place in the page, which is there
/// whatever else is not.
const BESIDE: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/manifest.webmanifest"];

/// Runs each request as a task of its own and writes the problem document of the one that fails.
///
/// A task of its own goes on to its end when the client hangs up: no statement is dropped half-way, no transaction stays
/// open, and what was begun is finished or undone. A handler that panics fails alone, with 500.
pub async fn answer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = request.extensions().get::<RequestId>().map_or_else(uuid::Uuid::nil, |id| **id);
    let headers = Security::of(&request);
    let began = Instant::now();
    let _present = Asking::watch(&request);
    let chunks = Chunks::of(&mut request);
    // HEAD is GET without the body (RFC 9110, 9.3.2), which actix leaves out by what was asked for.
    if request.method() == Method::HEAD && (request.path().starts_with(BASE) || BESIDE.contains(&request.path())) {
        request.head_mut().method = Method::GET;
    }
    // A panic takes the request with it, so what is left to answer with is an error that carries its response.
    let answered = match rt::spawn(next.call(request)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(bare(&error, id, &headers)),
        Err(panic) => Err(bare(&AppError::internal(panic).into(), id, &headers)),
    };
    let mut response = match answered {
        Ok(response) => response,
        Err(error) => {
            if let Some(chunks) = chunks {
                keep_until_answered(chunks);
            }
            return Err(error);
        }
    };
    let mut response = match response.response_mut().error().map(|error| document(error, id)) {
        Some(document) => response.into_response(document),
        None => response.map_into_boxed_body(),
    };
    headers.add(response.headers_mut());
    identify(response.headers_mut(), id);
    measure(&response, began);
    Ok(match chunks {
        Some(chunks) => chunks.keep(response),
        None => response,
    })
}

/// Counts an answer and how long it took, by route: paths with ids in them would be without number.
fn measure(response: &ServiceResponse<BoxBody>, began: Instant) {
    let route = response.request().match_pattern().unwrap_or_else(|| "page".to_owned());
    // Anyone can make methods up, so only those we know become labels.
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
    let asked = response.request().method().as_str();
    let method = known.into_iter().find(|&name| name == asked).unwrap_or("other");
    let status = response.status().as_str().to_owned();
    metrics::counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route)
        .record(began.elapsed().as_secs_f64());
}

/// An error that answers with its problem document whatever stands around it.
fn bare(error: &Error, id: uuid::Uuid, headers: &Security) -> Error {
    let mut response = document(error, id);
    headers.add(response.headers_mut());
    identify(response.headers_mut(), id);
    InternalError::from_response("answered", response).into()
}

fn identify(headers: &mut HeaderMap, id: uuid::Uuid) {
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
}

fn document(error: &Error, id: uuid::Uuid) -> HttpResponse {
    let foreign;
    let error = if let Some(error) = error.as_error::<AppError>() {
        error
    } else {
        foreign = translate(error);
        &foreign
    };
    let (code, status, title) = error.kind();
    let cause = || error.cause().unwrap_or_default();
    match error {
        // Whoever asks for enough at once is told this as often as they ask: as an error it would bury those that are.
        AppError::Full { .. } => tracing::info!(request = %id, cause = cause(), "too much at once"),
        _ if status.is_server_error() => tracing::error!(request = %id, cause = cause(), "{title}"),
        _ => {}
    }
    let code_name = serde_json::to_value(code).ok();
    let problem = Problem {
        kind: format!("/problems/{}", code_name.as_ref().and_then(|name| name.as_str()).unwrap_or_default()),
        title: title.to_owned(),
        status: status.as_u16(),
        code,
        detail: error.to_string(),
        instance: format!("urn:uuid:{id}"),
        fields: error.fields(),
        current: match error {
            AppError::VersionConflict(current) => current.clone(),
            AppError::ImportRefused(report) => Some(report.clone()),
            _ => None,
        },
    };
    let mut response = HttpResponse::build(status);
    if let Some(seconds) = error.retry_after() {
        response.insert_header(("Retry-After", seconds.to_string()));
    }
    if let Some(challenge) = error.challenge() {
        response.insert_header(("WWW-Authenticate", challenge));
    }
    if let AppError::MethodNotAllowed(allowed) = error {
        response.insert_header(("Allow", allowed.as_str()));
    }
    // What would still come on this connection is the rest of that body (RFC 9110, 15.5.9).
    if let AppError::TooSlow = error {
        response.force_close();
    }
    if let AppError::RangeNotSatisfiable { size } = error {
        response.insert_header(("Content-Range", format!("bytes */{size}")));
    }
    response.content_type(MEDIA_TYPE).json(problem)
}

/// What actix refuses before a handler of ours is asked.
fn translate(error: &Error) -> AppError {
    let status = error.as_response_error().status_code();
    match status.as_u16() {
        404 => AppError::NotFound,
        408 => AppError::TooSlow,
        413 => AppError::TooLarge,
        415 => AppError::UnsupportedMediaType,
        400..=499 => AppError::MalformedBody(error.to_string()),
        503 => AppError::Unavailable { cause: error.to_string() },
        _ => AppError::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// What is logged of an error, at the level that the program logs at when nothing else is said.
    fn logged(error: AppError) -> (u16, String) {
        let (mut reader, writer) = io::pipe().unwrap();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(std::sync::Mutex::new(writer)).finish();
        let response = tracing::subscriber::with_default(subscriber, || document(&error.into(), uuid::Uuid::nil()));
        let said = io::read_to_string(&mut reader).unwrap();
        (response.status().as_u16(), said)
    }

    #[test]
    fn a_full_server_is_no_error_in_the_log_and_an_outage_is() {
        let (status, said) = logged(AppError::Full { cause: "12 exports wait".to_owned() });
        assert_eq!(status, 503);
        assert!(said.contains(" INFO ") && said.contains("12 exports wait") && !said.contains("ERROR"), "{said}");
        let (status, said) = logged(AppError::Unavailable { cause: "no database".to_owned() });
        assert_eq!(status, 503);
        assert!(said.contains("ERROR ") && said.contains("no database"), "{said}");
        assert_eq!(logged(AppError::NotFound), (404, String::new()));
    }
}

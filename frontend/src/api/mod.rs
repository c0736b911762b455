//! The way to the server: one file for each domain, over the few functions here.
//!
//! Every request a person asked for puts off the end of the session when it succeeds; [`get_background`] does not. An
//! answer that says nobody is logged in ends the session in the page, wherever it came from.

pub mod about;
pub mod account;
pub mod attachments;
pub mod audit;
pub mod categories;
pub mod chat;
pub mod dashboard;
mod error;
pub mod live;
pub mod mail;
pub mod notifications;
pub mod password_links;
pub mod replies;
pub mod reports;
pub mod search;
pub mod settings;
pub mod start;
pub mod tickets;
pub mod users;
pub mod views;

use gloo_net::http::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    problem::{Problem, ProblemCode},
    session::{BACKGROUND_HEADER, BUILD_HEADER, CSRF_HEADER, SessionInfo},
};

pub use error::{ClientError, field_message, problem_message};
use web_sys::{AbortSignal, Blob, FormData};

use crate::{browser, builds, session::use_session};

/// Where the API begins.
const BASE: &str = "/api/v1";
/// What is not answered within so many milliseconds counts as not reached: a line that is open and silent would keep whoever
/// waits forever. What carries a file takes as long as it takes.
const PATIENCE: u32 = 20_000;

/// Whether the person asked for a request. The page's own refreshes never keep a session alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// They did.
    Deliberate,
    /// The page wants to know by itself.
    Background,
    /// Reading the session: it never extends it, and its 401 is an answer, not an end.
    Session,
}

/// Reads what a person asked for.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ClientError> {
    request(&Method::GET, path, None, Purpose::Deliberate).await
}

/// Reads what the page wants to know by itself; does not extend the session.
pub async fn get_background<T: DeserializeOwned>(path: &str) -> Result<T, ClientError> {
    request(&Method::GET, path, None, Purpose::Background).await
}

/// Reads for either.
pub async fn get_for<T: DeserializeOwned>(path: &str, purpose: Purpose) -> Result<T, ClientError> {
    request(&Method::GET, path, None, purpose).await
}

/// Sends `body` with POST.
pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ClientError> {
    request(&Method::POST, path, Some(encode(body)?), Purpose::Deliberate).await
}

/// Sends `body` with POST for the page's own sake; does not extend the session.
pub async fn post_background<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ClientError> {
    request(&Method::POST, path, Some(encode(body)?), Purpose::Background).await
}

/// Sends `body` with POST for either.
pub async fn post_for<B: Serialize, T: DeserializeOwned>(
    path: &str,
    body: &B,
    purpose: Purpose,
) -> Result<T, ClientError> {
    request(&Method::POST, path, Some(encode(body)?), purpose).await
}

/// Sends `body` with PATCH.
pub async fn patch<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ClientError> {
    request(&Method::PATCH, path, Some(encode(body)?), Purpose::Deliberate).await
}

/// Sends `body` with PATCH for the page's own sake; does not extend the session.
pub async fn patch_background<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ClientError> {
    request(&Method::PATCH, path, Some(encode(body)?), Purpose::Background).await
}

/// Sends `body` with PUT.
pub async fn put<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ClientError> {
    request(&Method::PUT, path, Some(encode(body)?), Purpose::Deliberate).await
}

/// Sends `body` with PUT for the page's own sake; does not extend the session.
pub async fn put_background<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, ClientError> {
    request(&Method::PUT, path, Some(encode(body)?), Purpose::Background).await
}

/// Sends a file in a form with PUT.
pub async fn put_form<T: DeserializeOwned>(path: &str, form: &FormData) -> Result<T, ClientError> {
    decode(&answered(&Method::PUT, path, Some(Sent::Form(form)), Purpose::Deliberate).await?)
}

/// Sends a file in a form with POST.
pub async fn post_form<T: DeserializeOwned>(path: &str, form: &FormData) -> Result<T, ClientError> {
    decode(&answered(&Method::POST, path, Some(Sent::Form(form)), Purpose::Deliberate).await?)
}

/// A form with one file, in the field that the server reads.
pub fn form_with_file(file: &Blob, name: &str) -> Result<FormData, ClientError> {
    let form = FormData::new().map_err(|_| ClientError::Unreadable)?;
    form.append_with_blob_and_filename("file", file, name).map_err(|_| ClientError::Unreadable)?;
    Ok(form)
}

/// Deletes what is at `path`.
pub async fn delete<T: DeserializeOwned>(path: &str) -> Result<T, ClientError> {
    request(&Method::DELETE, path, None, Purpose::Deliberate).await
}

/// Deletes what is at `path` without extending the session.
pub async fn delete_background<T: DeserializeOwned>(path: &str) -> Result<T, ClientError> {
    request(&Method::DELETE, path, None, Purpose::Background).await
}

/// The session as the server knows it; [`ClientError::SessionEnded`] when there is none.
pub(crate) async fn read_session() -> Result<SessionInfo, ClientError> {
    request(&Method::GET, "/session", None, Purpose::Session).await
}

/// `path?query`, without what is `None`; the bare path when nothing is left.
pub fn with_query<Q: Serialize>(path: &str, query: &Q) -> String {
    match serde_urlencoded::to_string(query) {
        Ok(text) if !text.is_empty() => format!("{path}?{text}"),
        _ => path.to_owned(),
    }
}

fn encode<B: Serialize>(body: &B) -> Result<String, ClientError> {
    serde_json::to_string(body).map_err(|_| ClientError::Unreadable)
}

/// What a request carries.
#[derive(Debug, Clone, Copy)]
enum Sent<'a> {
    Json(&'a str),
    Form(&'a FormData),
}

async fn request<T: DeserializeOwned>(
    method: &Method,
    path: &str,
    body: Option<String>,
    purpose: Purpose,
) -> Result<T, ClientError> {
    decode(&answered(method, path, body.as_deref().map(Sent::Json), purpose).await?)
}

fn decode<T: DeserializeOwned>(text: &str) -> Result<T, ClientError> {
    let text = if text.is_empty() { "null" } else { text };
    serde_json::from_str(text).map_err(|_| {
        builds::not_understood();
        ClientError::Unreadable
    })
}

/// Sends a request, a second time with a fresh token when the first was refused for its token, unless it turns out that
/// somebody else is logged in by now: they asked for nothing. Not generic, so that its code is there once.
async fn answered(
    method: &Method,
    path: &str,
    body: Option<Sent<'_>>,
    purpose: Purpose,
) -> Result<String, ClientError> {
    let asking = use_session().user_untracked().map(|user| user.id);
    // Another tab may have logged in anew: its session has another token. Ask for it and try once more.
    match send(method, path, body, purpose).await {
        Err(error) if error.code() == Some(ProblemCode::CsrfRejected) && purpose != Purpose::Session => {
            let is_in = Box::pin(use_session().refresh()).await;
            let now = use_session().user_untracked().map(|user| user.id);
            if !is_in || (asking.is_some() && asking != now) {
                return Err(error);
            }
            send(method, path, body, purpose).await
        }
        other => other,
    }
}

/// Sends one request and gives the body of a successful answer.
async fn send(method: &Method, path: &str, body: Option<Sent<'_>>, purpose: Purpose) -> Result<String, ClientError> {
    let session = use_session();
    let sent = browser::now();
    let mut builder =
        RequestBuilder::new(&format!("{BASE}{path}")).method(method.clone()).header("Accept", "application/json");
    if !matches!(body, Some(Sent::Form(_))) {
        builder = builder.abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    }
    if purpose == Purpose::Background {
        builder = builder.header(BACKGROUND_HEADER, "1");
    }
    if *method != Method::GET
        && let Some(token) = session.csrf_token()
    {
        builder = builder.header(CSRF_HEADER, &token);
    }
    let request = match body {
        Some(Sent::Json(text)) => builder.header("Content-Type", "application/json").body(text.to_owned()),
        // The browser says of what type it is: only it knows what it puts between the fields.
        Some(Sent::Form(form)) => builder.body(form.clone()),
        None => builder.build(),
    };
    let response = request.map_err(|_| ClientError::Unreadable)?.send().await.map_err(|_| ClientError::Offline)?;
    builds::heard(response.headers().get(BUILD_HEADER).as_deref());
    if response.ok() {
        let text = response.text().await.map_err(|_| ClientError::Offline)?;
        if purpose == Purpose::Deliberate {
            session.touched(sent);
        }
        return Ok(text);
    }
    let error = failure(&response).await;
    if error.code() == Some(ProblemCode::NotAuthenticated) {
        if purpose != Purpose::Session {
            session.ended_by_server();
        }
        return Err(ClientError::SessionEnded);
    }
    Err(error)
}

/// What an answer that is not a success says.
async fn failure(response: &Response) -> ClientError {
    let retry_after = response.headers().get("Retry-After");
    let text = response.text().await.unwrap_or_default();
    let error = failure_of(response.status(), retry_after.as_deref(), &text);
    // What this page asks in a way that the server no longer knows is refused as malformed.
    let foreign = matches!(error.code(), Some(ProblemCode::MalformedBody | ProblemCode::MalformedParameter));
    if foreign || error == ClientError::Unreadable {
        builds::not_understood();
    }
    error
}

/// What a status, `Retry-After` and a body say together.
fn failure_of(status: u16, retry_after: Option<&str>, text: &str) -> ClientError {
    let retry_after = retry_after.and_then(|text| text.trim().parse().ok());
    let problem = serde_json::from_str::<Problem>(text).ok();
    match (problem, retry_after) {
        (Some(problem), Some(seconds)) => ClientError::Busy { problem: Box::new(problem), seconds },
        (Some(problem), None) => ClientError::Problem(Box::new(problem)),
        // A proxy in between that has lost the server answers in its own words.
        (None, _) if matches!(status, 502..=504) => ClientError::Offline,
        (None, _) => ClientError::Unreadable,
    }
}

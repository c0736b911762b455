//! The list of tickets as a file.

use gloo_net::http::{RequestBuilder, Response};
use shared::{
    problem::ProblemCode,
    reports::{ExportFormat, ExportQuery},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob};

use super::{BASE, ClientError, failure, with_query};
use crate::{browser, session::use_session};

/// A file that came. Its bytes stay with the browser.
pub struct Download {
    /// What is in it.
    pub content: Blob,
    /// Its name.
    pub name: String,
}

/// The tickets that match, as a file; `signal` breaks it off, which then looks like a server that was not reached.
pub async fn export(format: ExportFormat, query: &ExportQuery, signal: &AbortSignal) -> Result<Download, ClientError> {
    let session = use_session();
    let sent = browser::now();
    let kind = format.as_str();
    let path = with_query(&format!("{BASE}/reports/tickets.{kind}"), query);
    let response =
        RequestBuilder::new(&path).abort_signal(Some(signal)).send().await.map_err(|_| ClientError::Offline)?;
    if !response.ok() {
        let error = failure(&response).await;
        if error.code() == Some(ProblemCode::NotAuthenticated) {
            session.ended_by_server();
            return Err(ClientError::SessionEnded);
        }
        return Err(error);
    }
    let name = file_name(&response).unwrap_or_else(|| format!("tickets.{kind}"));
    let raw: web_sys::Response = response.into();
    let content = JsFuture::from(raw.blob().map_err(|_| ClientError::Unreadable)?).await;
    let content = content.map_err(|_| ClientError::Offline)?.dyn_into().map_err(|_| ClientError::Unreadable)?;
    session.touched(sent);
    Ok(Download { content, name })
}

/// What the server calls the file.
fn file_name(response: &Response) -> Option<String> {
    let header = response.headers().get("Content-Disposition")?;
    let (_, name) = header.split_once("filename=\"")?;
    name.split('"').next().filter(|name| !name.is_empty()).map(str::to_owned)
}

//! Files on tickets: what may be attached, what is there, and sending them.
//!
//! Sending goes by `XMLHttpRequest`, the only way by which a browser tells how far it has come.

use shared::{
    attachments::{Attachment, AttachmentRules},
    ids::{AttachmentId, CommentId, TicketId},
    page::Page,
    problem::ProblemCode,
    session::CSRF_HEADER,
    tickets::PageQuery,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

use super::{BASE, ClientError, delete, failure_of, get_background, with_query};
use crate::{browser, session::use_session};

/// What may be attached on this desk.
pub async fn rules() -> Result<AttachmentRules, ClientError> {
    get_background("/attachment-rules").await
}

/// One page of a ticket's attachments, oldest first. The page asks by itself whenever something changed.
pub async fn list(ticket: TicketId, query: &PageQuery) -> Result<Page<Attachment>, ClientError> {
    get_background(&with_query(&format!("/tickets/{ticket}/attachments"), query)).await
}

/// Deletes an attachment.
pub async fn remove(id: AttachmentId) -> Result<(), ClientError> {
    delete(&format!("/attachments/{id}")).await
}

/// A file that is being sent. Dropping it says nothing to the server; [`Self::cancel`] does.
pub struct Sending {
    request: XmlHttpRequest,
    /// What the request calls as it goes on.
    _progress: Closure<dyn FnMut(ProgressEvent)>,
}

impl Sending {
    /// Breaks it off; what was sent of it is gone. It ends as if the server had not been reached.
    pub fn cancel(&self) {
        self.request.abort().ok();
    }
}

/// Sends a file to a ticket, or to a comment on it. `progress` hears how much of it has gone, between 0 and 1, and `done`
/// once how it ended.
pub fn send(
    ticket: TicketId,
    comment: Option<CommentId>,
    (name, file): (&str, &File),
    mut progress: impl FnMut(f64) + 'static,
    done: impl FnOnce(Result<Attachment, ClientError>) + 'static,
) -> Option<Sending> {
    let session = use_session();
    let form = FormData::new().ok()?;
    if let Some(comment) = comment {
        form.append_with_str("comment_id", &comment.to_string()).ok()?;
    }
    form.append_with_blob_and_filename("file", file, name).ok()?;
    let request = XmlHttpRequest::new().ok()?;
    request.open("POST", &format!("{BASE}/tickets/{ticket}/attachments")).ok()?;
    request.set_request_header("Accept", "application/json").ok()?;
    request.set_request_header(CSRF_HEADER, &session.csrf_token().unwrap_or_default()).ok()?;

    let follow = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    request.upload().ok()?.set_onprogress(Some(follow.as_ref().unchecked_ref()));
    let (sent, asked) = (browser::now(), request.clone());
    let end = Closure::once_into_js(move || done(outcome(&asked, sent)));
    request.set_onloadend(Some(end.unchecked_ref()));
    request.send_with_opt_form_data(Some(&form)).ok()?;
    Some(Sending { request, _progress: follow })
}

/// How it ended.
fn outcome(request: &XmlHttpRequest, sent: f64) -> Result<Attachment, ClientError> {
    let session = use_session();
    let status = request.status().unwrap_or_default();
    let text = request.response_text().ok().flatten().unwrap_or_default();
    if (200..300).contains(&status) {
        session.touched(sent);
        return serde_json::from_str(&text).map_err(|_| ClientError::Unreadable);
    }
    if status == 0 {
        return Err(ClientError::Offline);
    }
    let retry_after = request.get_response_header("Retry-After").ok().flatten();
    let error = failure_of(status, retry_after.as_deref(), &text);
    match error.code() {
        Some(ProblemCode::NotAuthenticated) => {
            session.ended_by_server();
            Err(ClientError::SessionEnded)
        }
        // Another tab may have logged in anew. With the new token it goes when the person tries again.
        Some(ProblemCode::CsrfRejected) => {
            session.ask();
            Err(error)
        }
        _ => Err(error),
    }
}

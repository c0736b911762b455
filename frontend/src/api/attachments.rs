//! Files: what may be attached, what is on a ticket, and sending them to a ticket or to somebody.
//!
//! Sending goes by `XMLHttpRequest`, the only way by which a browser tells how far it has come.

use shared::{
    attachments::{Attachment, AttachmentRules},
    chat::Message,
    ids::{AttachmentId, CommentId, TicketId, UserId},
    page::Page,
    problem::ProblemCode,
    session::{BACKGROUND_HEADER, CSRF_HEADER},
    tickets::PageQuery,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

use super::{BASE, ClientError, Purpose, delete, failure_of, get_background, with_query};
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

/// Where a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a ticket, or to a comment on it.
    Ticket {
        /// Which.
        ticket: TicketId,
        /// On which of its comments; none beside them.
        comment: Option<CommentId>,
        /// What the page calls it: sent again, it is attached once.
        client_id: String,
    },
    /// To somebody, in a message of its own.
    Person {
        /// To whom.
        to: UserId,
        /// What the page calls the message: sent again, it is stored once.
        client_id: String,
    },
}

/// What a file has become.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrived {
    /// It is on a ticket.
    Attachment(Box<Attachment>),
    /// It is in a message.
    Message(Box<Message>),
}

impl Target {
    fn path(&self) -> String {
        match self {
            Self::Ticket { ticket, .. } => format!("{BASE}/tickets/{ticket}/attachments"),
            Self::Person { to, .. } => format!("{BASE}/conversations/{to}/files"),
        }
    }

    /// The fields that go before the file.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let (comment, client_id) = match self {
            Self::Ticket { comment, client_id, .. } => (*comment, client_id),
            Self::Person { client_id, .. } => (None, client_id),
        };
        let comment = comment.map(|comment| ("comment_id", comment.to_string()));
        comment.into_iter().chain([("client_id", client_id.clone())]).collect()
    }

    /// Whether sending to it extends the session, when the person asked for it: chat does not.
    fn is_deliberate(&self) -> bool {
        matches!(self, Self::Ticket { .. })
    }

    fn read(&self, text: &str) -> Option<Arrived> {
        match self {
            Self::Ticket { .. } => serde_json::from_str(text).ok().map(|file| Arrived::Attachment(Box::new(file))),
            Self::Person { .. } => serde_json::from_str(text).ok().map(|message| Arrived::Message(Box::new(message))),
        }
    }
}

/// Sends a file. `progress` hears how much of it has gone, between 0 and 1, and `done` once how it ended.
pub fn send(
    target: &Target,
    (name, file): (&str, &File),
    purpose: Purpose,
    mut progress: impl FnMut(f64) + 'static,
    done: impl FnOnce(Result<Arrived, ClientError>) + 'static,
) -> Option<Sending> {
    let session = use_session();
    let form = FormData::new().ok()?;
    for (field, value) in target.fields() {
        form.append_with_str(field, &value).ok()?;
    }
    form.append_with_blob_and_filename("file", file, name).ok()?;
    let request = XmlHttpRequest::new().ok()?;
    request.open("POST", &target.path()).ok()?;
    request.set_request_header("Accept", "application/json").ok()?;
    request.set_request_header(CSRF_HEADER, &session.csrf_token().unwrap_or_default()).ok()?;
    let deliberate = purpose == Purpose::Deliberate && target.is_deliberate();
    if !deliberate {
        request.set_request_header(BACKGROUND_HEADER, "1").ok()?;
    }

    let follow = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    request.upload().ok()?.set_onprogress(Some(follow.as_ref().unchecked_ref()));
    let (sent, asked, target) = (browser::now(), request.clone(), target.clone());
    let end = Closure::once_into_js(move || done(outcome(&target, &asked, deliberate.then_some(sent))));
    request.set_onloadend(Some(end.unchecked_ref()));
    request.send_with_opt_form_data(Some(&form)).ok()?;
    Some(Sending { request, _progress: follow })
}

/// How it ended; `sent` is when it began, if it extends the session.
fn outcome(target: &Target, request: &XmlHttpRequest, sent: Option<f64>) -> Result<Arrived, ClientError> {
    let session = use_session();
    let status = request.status().unwrap_or_default();
    let text = request.response_text().ok().flatten().unwrap_or_default();
    if (200..300).contains(&status) {
        if let Some(sent) = sent {
            session.touched(sent);
        }
        return target.read(&text).ok_or(ClientError::Unreadable);
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

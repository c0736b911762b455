//! Who may not ask at all is told that, whatever else is wrong with the request. actix finds a handler's arguments side by side
//! and answers with the first refusal: without this, a malformed body would hide, by chance, that nobody is logged in.

use std::{
    future::{Future, pending},
    pin::Pin,
};

use actix_web::{HttpMessage as _, HttpRequest};
use tokio::sync::watch;

use crate::error::AppError;

/// An argument of a handler, while it is looked for.
pub type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

/// Says `true` once the caller may ask; its other end is gone when they may not.
#[derive(Debug, Clone)]
struct Admission(watch::Receiver<bool>);

/// Finds out who asks, for [`after_caller`] to wait for. Where one argument is found by another, the outermost counts.
pub fn admit<T: 'static>(request: &HttpRequest, find: impl FnOnce() -> Extracted<T>) -> Extracted<T> {
    if request.extensions().contains::<Admission>() {
        return find();
    }
    let (tell, told) = watch::channel(false);
    request.extensions_mut().insert(Admission(told));
    let finding = find();
    Box::pin(async move {
        let found = finding.await;
        if found.is_ok() {
            tell.send_replace(true);
        }
        found
    })
}

/// What a request says, or why it is refused; a refusal once it is known that the caller may ask, and at once where anybody may.
pub async fn after_caller<T>(request: &HttpRequest, read: Result<T, AppError>) -> Result<T, AppError> {
    if read.is_err() {
        let admission = request.extensions().get::<Admission>().cloned();
        if let Some(Admission(mut told)) = admission
            && told.wait_for(|may| *may).await.is_err()
        {
            // What refused the caller is the answer; nobody waits for this one.
            return pending().await;
        }
    }
    read
}

//! What a handler that works for long wants to know of who asks: whether they are still there, and whether they want more
//! than the headers.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::Method,
};
use tokio::sync::watch;

use crate::error::AppError;

/// The one who asks. Every handler runs to its end when its client hangs up; one that works for long looks here now and
/// then, between two statements, and stops.
#[derive(Debug, Clone)]
pub struct Asking {
    /// HEAD: the headers alone.
    pub headers_only: bool,
    present: Option<watch::Receiver<()>>,
}

/// Held for as long as somebody waits for the answer.
pub struct Present {
    _there: watch::Sender<()>,
}

impl Asking {
    /// Watches over a request, whose handler then finds it.
    pub fn watch(request: &ServiceRequest) -> Present {
        let (there, present) = watch::channel(());
        let headers_only = request.method() == Method::HEAD;
        request.extensions_mut().insert(Self { headers_only, present: Some(present) });
        Present { _there: there }
    }

    /// Whether nobody waits for the answer any more.
    pub fn has_left(&self) -> bool {
        self.present.as_ref().is_some_and(|present| present.has_changed().is_err())
    }

    /// What ends the work for a client that has hung up; nobody reads it.
    pub fn gone() -> AppError {
        AppError::Unavailable { cause: "the client has left".to_owned() }
    }

    /// Ends when nobody waits for the answer any more.
    pub async fn left(&self) {
        match self.present.clone() {
            Some(mut present) => while present.changed().await.is_ok() {},
            None => std::future::pending().await,
        }
    }
}

impl FromRequest for Asking {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let watched = request.extensions().get::<Self>().cloned();
        ready(Ok(watched.unwrap_or(Self { headers_only: request.method() == Method::HEAD, present: None })))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[tokio::test]
    async fn who_hangs_up_has_left() {
        let request = TestRequest::default().method(Method::HEAD).to_srv_request();
        let present = Asking::watch(&request);
        let asking = Asking::extract(request.request()).await.unwrap();
        assert!(asking.headers_only && !asking.has_left());
        drop(present);
        asking.left().await;
        assert!(asking.has_left());
    }
}

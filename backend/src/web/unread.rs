//! What becomes of a body in chunks that nobody reads to its end.
//!
//! Where a body's length is known, actix ends the connection behind an answer that did not wait for all of it. Of one in chunks
//! that nobody has any more it goes on reading, for as long as it comes: without a login anybody could hold connections for
//! good. So such a body is kept here until it is answered, and its connection ends as any other's. What has come to its end by
//! then is not unread, and its connection serves the next request.

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    web::Bytes,
};
use futures_util::Stream;

use super::keep_until_answered;

/// A body in chunks, or what is left of it.
#[derive(Clone)]
pub struct Chunks(Rc<RefCell<Payload>>);

impl Chunks {
    /// That of a request, if it has one. Its handler goes on reading it.
    pub fn of(request: &mut ServiceRequest) -> Option<Self> {
        if !request.chunked().unwrap_or(true) {
            return None;
        }
        let chunks = Self(Rc::new(RefCell::new(request.take_payload())));
        let payload: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(chunks.clone());
        request.set_payload(Payload::Stream { payload });
        Some(chunks)
    }

    /// Keeps it for as long as its answer takes.
    pub fn keep(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        response.map_body(|_, body| {
            // An empty answer leaves at once, and nothing of it is left to keep anything.
            if matches!(body.size(), BodySize::None | BodySize::Sized(0)) {
                keep_until_answered(self);
                return body;
            }
            BoxBody::new(Answer { body, _chunks: self })
        })
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(context)
    }
}

/// The body of an answer, with that of its request.
struct Answer {
    body: BoxBody,
    _chunks: Chunks,
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(context)
    }
}

//! Who may not ask at all is told that, whatever else is wrong with the request. actix finds a handler's arguments side by side
//! and answers with the first refusal: without this, a malformed body would hide, by chance, that nobody is logged in.
//!
//! And who asks is found when the head of a request has come, whose body may take minutes: who it is that asks once all of it is
//! there, and what they may do then, counts.

use std::{
    future::{Future, pending},
    pin::Pin,
};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use tokio::sync::watch;

use crate::error::AppError;

/// An argument of a handler, while it is looked for.
pub type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

/// Says `true` once the caller may ask; its other end is gone when they may not.
#[derive(Debug, Clone)]
struct Admission(watch::Receiver<bool>);

/// Says `true` once all of a body is there; its other end is gone when that will not be.
#[derive(Debug, Clone)]
struct Coming(watch::Receiver<bool>);

/// A body on its way. Whoever looks for the caller waits for it, and finds them anew when it came after them.
#[derive(Debug)]
pub struct Arriving(watch::Sender<bool>);

impl Arriving {
    /// The body of a request, before anything of it is read.
    pub fn watch(request: &HttpRequest) -> Self {
        let (tell, told) = watch::channel(false);
        request.extensions_mut().insert(Coming(told));
        Self(tell)
    }

    /// All of it is there.
    pub fn complete(self) {
        self.0.send_replace(true);
    }
}

/// Finds out who asks, for [`after_caller`] to wait for; and once more when their body was not all there by then, since they may
/// have left, been sent away or become somebody else while it came. Where one argument is found by another, the outermost counts.
pub fn admit<T: FromRequest<Error = AppError> + 'static>(
    request: &HttpRequest,
    find: impl FnOnce() -> Extracted<T>,
) -> Extracted<T> {
    if request.extensions().contains::<Admission>() {
        return find();
    }
    let (tell, told) = watch::channel(false);
    request.extensions_mut().insert(Admission(told));
    let finding = find();
    let request = request.clone();
    Box::pin(async move {
        let found = finding.await?;
        tell.send_replace(true);
        if came_later(&request).await { T::from_request(&request, &mut Payload::None).await } else { Ok(found) }
    })
}

/// Waits for the body, if one is on its way. False when there is nothing to wait for, or nothing comes of it: then the request
/// is refused for that.
async fn came_later(request: &HttpRequest) -> bool {
    let coming = request.extensions().get::<Coming>().cloned();
    let Some(Coming(mut told)) = coming else { return false };
    let is_there = *told.borrow();
    !is_there && told.wait_for(|is_there| *is_there).await.is_ok()
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

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use actix_web::test::TestRequest;
    use futures_util::FutureExt;

    use super::*;

    /// How often it was asked who asks.
    struct Looked(usize);

    impl FromRequest for Looked {
        type Error = AppError;
        type Future = Extracted<Self>;

        fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
            admit(request, || {
                let count = request.app_data::<Rc<Cell<usize>>>().cloned().unwrap_or_default();
                count.set(count.get() + 1);
                Box::pin(async move { Ok(Self(count.get())) })
            })
        }
    }

    fn request() -> HttpRequest {
        TestRequest::default().app_data(Rc::new(Cell::new(0_usize))).to_http_request()
    }

    #[tokio::test]
    async fn who_asks_is_looked_up_once_more_when_the_body_comes_later() {
        let request = request();
        let body = Arriving::watch(&request);
        let mut looking = Looked::extract(&request);
        assert!((&mut looking).now_or_never().is_none(), "the body was not waited for");
        body.complete();
        assert_eq!(looking.await.unwrap().0, 2);
    }

    #[tokio::test]
    async fn who_asks_is_looked_up_once_when_all_is_there_already_or_nothing_comes_of_it() {
        let bare = request();
        assert_eq!(Looked::extract(&bare).await.unwrap().0, 1);
        let whole = request();
        Arriving::watch(&whole).complete();
        assert_eq!(Looked::extract(&whole).await.unwrap().0, 1);
        let broken = request();
        drop(Arriving::watch(&broken));
        assert_eq!(Looked::extract(&broken).await.unwrap().0, 1);
    }
}

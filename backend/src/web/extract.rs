//! Bodies and parameters, refused with a problem document that says what is wrong with them.

use std::{str::FromStr, time::Duration};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    error::JsonPayloadError,
    http::header::CONTENT_ENCODING,
    rt,
    web::{Data, Json, Query},
};
use garde::Validate;
use serde::de::DeserializeOwned;
use shared::fields;
use tokio::time::{sleep, timeout};

use super::{
    admission::{Arriving, Extracted, after_caller},
    strict::Strictly,
};
use crate::{error::AppError, state::State};

/// The largest JSON body: the longest text and what goes with it, however it is written. A character beyond the basic plane is
/// two escapes of six bytes.
pub const JSON_LIMIT: usize = 1_280 * 1024;
const _: () = assert!(12 * (fields::BODY_MAX + fields::TITLE_MAX) + 16 * 1024 <= JSON_LIMIT);

/// How long a JSON body may take to come, unless told otherwise: enough for the largest over a slow line.
pub const BODY_PATIENCE: Duration = Duration::from_mins(2);

/// How long what came too slowly is kept, so that its answer has gone out.
const ANSWERED: Duration = Duration::from_secs(5);

/// A JSON body of the right shape.
pub struct Body<T>(pub T);

/// A JSON body of the right shape whose fields keep their rules.
pub struct Valid<T>(pub T);

/// A JSON body that may be left out.
pub struct Optional<T>(pub T);

/// Query parameters. One that the operation does not know is refused, by the type's `deny_unknown_fields`: a mistyped filter
/// would hand out all that it was meant to leave out.
pub struct Params<T>(pub T);

/// The id in the path, whatever it is called there. What is no id names nothing, so it answers 404.
pub struct Id<T>(pub T);

/// The two ids in the path, in their order; 404 when one is none.
pub struct TwoIds<A, B>(pub A, pub B);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if is_encoded(request) {
            return at_once(request, Err(AppError::EncodedBody));
        }
        if !is_json(request) {
            return at_once(request, Err(AppError::UnsupportedMediaType));
        }
        let mut json = Json::<Strictly<T>>::from_request(request, payload);
        let arriving = Arriving::watch(request);
        let request = request.clone();
        let patience = request.app_data::<Data<State>>().map_or(BODY_PATIENCE, |state| state.config.body_patience);
        Box::pin(async move {
            let read = if let Ok(read) = timeout(patience, &mut json).await {
                read.map(|json| Self(json.0.0)).map_err(|error| body_error(&error))
            } else {
                keep_until_answered(json);
                Err(AppError::TooSlow)
            };
            if read.is_ok() {
                arriving.complete();
            }
            after_caller(&request, read).await
        })
    }
}

impl<T: DeserializeOwned + Validate<Context = ()> + 'static> FromRequest for Valid<T> {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Body::<T>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let Body(body) = body.await?;
            let checked = fields::check(&body).map(|()| Self(body)).map_err(AppError::Validation);
            after_caller(&request, checked).await
        })
    }
}

impl<T: DeserializeOwned + Default + 'static> FromRequest for Optional<T> {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let length = request.headers().get("Content-Length").and_then(|value| value.to_str().ok());
        let empty = length.map_or(!request.headers().contains_key("Transfer-Encoding"), |length| length == "0");
        if empty {
            return Box::pin(async { Ok(Self(T::default())) });
        }
        let body = Body::<T>::from_request(request, payload);
        Box::pin(async move { body.await.map(|body| Self(body.0)) })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = Query::<T>::from_query(request.query_string())
            .map(|query| Self(query.0))
            .map_err(|error| AppError::MalformedParameter(error.to_string()));
        at_once(request, parsed)
    }
}

impl<T: FromStr + 'static> FromRequest for Id<T> {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().iter().next().and_then(|(_, text)| text.parse().ok());
        at_once(request, id.map(Self).ok_or(AppError::NotFound))
    }
}

impl<A: FromStr + 'static, B: FromStr + 'static> FromRequest for TwoIds<A, B> {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut parts = request.match_info().iter().map(|(_, text)| text);
        let first = parts.next().and_then(|text| text.parse().ok());
        let second = parts.next().and_then(|text| text.parse().ok());
        at_once(request, first.zip(second).map(|(first, second)| Self(first, second)).ok_or(AppError::NotFound))
    }
}

/// Whether a body is compressed, or in any other form than its own. actix would unpack it, and compare only then with the limit:
/// fifty bytes can become many megabytes.
pub fn is_encoded(request: &HttpRequest) -> bool {
    request.headers().get_all(CONTENT_ENCODING).any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Whether a body says that it is JSON, as the document describes it. actix would take all that has JSON in its name, and read
/// it as UTF-8 whatever it says that it is.
fn is_json(request: &HttpRequest) -> bool {
    let Ok(Some(kind)) = request.mime_type() else { return false };
    let is_utf8 = |charset: &str| ["utf-8", "utf8"].iter().any(|name| charset.eq_ignore_ascii_case(name));
    kind.essence_str() == "application/json"
        && kind.get_param("charset").is_none_or(|charset| is_utf8(charset.as_str().trim_matches('"')))
}

/// Keeps the rest of a body until its request is answered, so that the connection ends then. Of a body without a length that
/// nobody has any more actix goes on reading for as long as it comes.
pub fn keep_until_answered<T: 'static>(rest: T) {
    rt::spawn(async move {
        sleep(ANSWERED).await;
        drop(rest);
    });
}

/// What is known at once.
fn at_once<T: 'static>(request: &HttpRequest, read: Result<T, AppError>) -> Extracted<T> {
    let request = request.clone();
    Box::pin(async move { after_caller(&request, read).await })
}

fn body_error(error: &actix_web::Error) -> AppError {
    match error.as_error::<JsonPayloadError>() {
        Some(JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. }) => AppError::TooLarge,
        Some(JsonPayloadError::ContentType) => AppError::UnsupportedMediaType,
        Some(JsonPayloadError::Deserialize(error)) => AppError::MalformedBody(error.to_string()),
        _ => AppError::MalformedBody("The body could not be read.".to_owned()),
    }
}

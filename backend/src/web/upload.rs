//! Files in a `multipart/form-data` body: small ones read whole, and others piece by piece.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use actix_multipart::{Field, Multipart};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use futures_util::StreamExt;
use shared::problem::FieldCode;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::{
    admission::{Extracted, after_caller},
    disposition::Disposition,
    extract::{is_encoded, keep_until_answered},
};
use crate::{
    auth::{self, caller::Caller},
    config::MEGABYTE,
    error::AppError,
    state::State,
};

/// The field that holds the file.
const FIELD: &str = "file";

/// The kind of body that a form is.
const FORM: &str = "multipart/form-data";

/// What a body has besides the file: boundaries, headers, small fields of no meaning.
const AROUND: usize = 64 * 1024;

/// How long a small file may take to come.
const LONGEST: Duration = Duration::from_mins(2);

/// A `multipart/form-data` body with a file in its field `file`, for files that are small enough to be held in memory. Nothing
/// of it is read before [`Upload::read`]: first it is asked who sends it.
pub struct Upload {
    multipart: Multipart,
    is_form: bool,
    is_encoded: bool,
    /// How long it says it is, in bytes; 0 when it does not.
    length: usize,
}

impl Upload {
    /// The file, not empty and up to that many bytes, and who sends it, as they are once it has come: somebody who was sent away
    /// meanwhile is refused here, and what they may do is to be asked of the one that is given back.
    pub async fn read(self, state: &State, caller: &Caller, max: usize) -> Result<(Caller, Vec<u8>), AppError> {
        // Others may be waiting for the room it takes.
        let mut reading = Box::pin(self.read_on(max));
        let Ok(read) = timeout(LONGEST, &mut reading).await else {
            keep_until_answered(reading);
            return Err(AppError::TooSlow);
        };
        let file = read?;
        Ok((auth::service::once_more(state, caller).await?, file))
    }

    async fn read_on(mut self, max: usize) -> Result<Vec<u8>, AppError> {
        if self.is_encoded {
            return Err(AppError::EncodedBody);
        }
        if !self.is_form {
            return Err(AppError::FileExpected(FIELD));
        }
        if self.length > max + AROUND {
            return Err(larger(max));
        }
        let (mut file, mut others) = (None, 0);
        while let Some(field) = self.multipart.next().await {
            let mut field = field.map_err(|error| AppError::MalformedBody(error.to_string()))?;
            if Disposition::of(&field)?.name == FIELD && file.is_none() {
                file = Some(bytes(&mut field, max).await?.ok_or_else(|| larger(max))?);
            } else {
                let other = bytes(&mut field, AROUND.saturating_sub(others)).await?;
                others += other.ok_or(AppError::TooLarge)?.len();
            }
        }
        file.filter(|file| !file.is_empty()).ok_or_else(|| AppError::field(FIELD, FieldCode::Required))
    }
}

/// The same, as the OpenAPI document describes it.
#[derive(ToSchema)]
pub struct UploadForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// The content of a file, as the OpenAPI document describes it.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Bytes(pub Vec<u8>);

impl FromRequest for Upload {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let header = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let is_form = is_form(request);
        let length = header(CONTENT_LENGTH).and_then(|length| length.parse().ok()).unwrap_or(0);
        let multipart = parts(request, payload);
        ready(Ok(Self { multipart, is_form, is_encoded: is_encoded(request), length }))
    }
}

/// A `multipart/form-data` body of any length. Nothing of it is read before it is asked who sends it.
pub struct Pieces(pub Multipart);

impl FromRequest for Pieces {
    type Error = AppError;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = (!is_encoded(request)).then(|| parts(request, payload));
        let request = request.clone();
        Box::pin(async move { after_caller(&request, form.map(Self).ok_or(AppError::EncodedBody)).await })
    }
}

/// Whether the body says that it is a form.
fn is_form(request: &HttpRequest) -> bool {
    request.headers().get(CONTENT_TYPE).is_some_and(|kind| mixed(kind).is_some())
}

/// The parts of a form. They are read as if it were no form but several things together: of a form's part the reader wants
/// to know the name, and takes the header that has it apart by other rules than those of forms. [`Disposition`] does it by them.
fn parts(request: &HttpRequest, payload: &mut Payload) -> Multipart {
    let mut headers = HeaderMap::new();
    if let Some(kind) = request.headers().get(CONTENT_TYPE) {
        // Several things together that are no form are refused when they are read, as whatever else is none.
        headers.insert(CONTENT_TYPE, mixed(kind).unwrap_or(HeaderValue::from_static("application/octet-stream")));
    }
    Multipart::new(&headers, payload.take())
}

/// The same kind of body with the same boundary, but no form; none if it is none.
fn mixed(kind: &HeaderValue) -> Option<HeaderValue> {
    let (kind, rest) = kind.to_str().ok()?.trim_start().split_at_checked(FORM.len())?;
    // Its parameters come after it, and no other letters.
    let is_whole = rest.chars().next().is_none_or(|next| next == ';' || next.is_ascii_whitespace());
    if !kind.eq_ignore_ascii_case(FORM) || !is_whole {
        return None;
    }
    HeaderValue::from_str(&format!("multipart/mixed{rest}")).ok()
}

/// A file of more than so many bytes.
fn larger(max: usize) -> AppError {
    AppError::FileTooLarge { limit: max as u64 / MEGABYTE }
}

/// What a field holds; none when that is more than so many bytes.
async fn bytes(field: &mut Field, max: usize) -> Result<Option<Vec<u8>>, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| AppError::MalformedBody(error.to_string()))?;
        if bytes.len() + chunk.len() > max {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

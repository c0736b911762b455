//! Every way a request can fail, and what the caller is told.
//!
//! Handlers and services answer `Result<_, AppError>`. A variant says what happened; its code, status and title are one
//! table below. Causes are logged with the request id and never leave the server. [`crate::web::problems`] turns these
//! and actix's own errors into problem documents (RFC 9457), in one place.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::Value;
use shared::{
    problem::{FieldCode, FieldErrors, ProblemCode},
    tickets::Status,
};
use thiserror::Error;

use crate::{
    db::{ChangeError, DbError},
    storage::StorageError,
};

const NOTHING: &str = "There is nothing here.";
const AWAY: &str = "The service cannot answer at the moment. Try again shortly.";
const FAULT: &str = "Something went wrong on the server. The request id finds it in the logs.";

const UNAVAILABLE: (ProblemCode, StatusCode, &str) =
    (ProblemCode::Unavailable, StatusCode::SERVICE_UNAVAILABLE, "Unavailable");

fn database_detail(error: &DbError) -> &'static str {
    if error.is_unavailable() {
        AWAY
    } else if error.is_not_found() {
        NOTHING
    } else {
        FAULT
    }
}

/// A failed request.
#[derive(Debug, Error)]
pub enum AppError {
    /// The body is not JSON or not of the right shape.
    #[error("{0}")]
    MalformedBody(String),
    /// A query parameter is not of its type.
    #[error("{0}")]
    MalformedParameter(String),
    /// A cursor is damaged or from another list.
    #[error("The cursor belongs to another list, or is damaged. Start again without it.")]
    InvalidCursor,
    /// Some fields break a rule.
    #[error("Some fields cannot be accepted.")]
    Validation(FieldErrors),
    /// No session.
    #[error("Log in first: there is no session, or it has ended.")]
    NotAuthenticated,
    /// A token that is wrong, has expired or was revoked, or whose person cannot log in.
    #[error("The token is wrong, has expired, or was revoked.")]
    TokenRefused,
    /// Wrong name or password, or an account that cannot log in: one answer for all.
    #[error("The name or the password is wrong.")]
    WrongCredentials,
    /// A forged or incomplete unsafe request.
    #[error("{0}")]
    CsrfRejected(&'static str),
    /// Not for this caller.
    #[error("You may not do this.")]
    Forbidden,
    /// Not with this token.
    #[error("{0}")]
    InsufficientScope(&'static str),
    /// Not there, or not for this caller's eyes.
    #[error("{NOTHING}")]
    NotFound,
    /// The path knows other methods.
    #[error("This path takes {0}.")]
    MethodNotAllowed(String),
    /// A body that does not come to its end in time.
    #[error("The body came too slowly, or stopped coming. Send it again, on another connection.")]
    TooSlow,
    /// Changed meanwhile; holds what it is now, if the caller may see it.
    #[error("Somebody changed it meanwhile. `current` is what it is now.")]
    VersionConflict(Option<Value>),
    /// The states' order forbids it.
    #[error("A ticket cannot go from {} to {}.", .from.as_str(), .to.as_str())]
    InvalidTransition {
        /// Where it stands.
        from: Status,
        /// Where it was to go.
        to: Status,
    },
    /// A unique field's value is taken.
    #[error("Somebody else has the same {0}.")]
    AlreadyExists(&'static str),
    /// The last active administrator must stay.
    #[error("The last active administrator must stay one. Make another one first.")]
    LastAdmin,
    /// Tickets have this category.
    #[error("Tickets are in this category. Move them first.")]
    InUse,
    /// As many as can be kept.
    #[error("There are as many as can be kept. Remove one first.")]
    LimitReached,
    /// The demo cannot be loaded or removed now.
    #[error("{0}")]
    DemoRefused(&'static str),
    /// Lines of a file that cannot be imported; holds what is wrong with each.
    #[error("Some lines cannot be imported, so none was. `current` says what is wrong with each.")]
    ImportRefused(Value),
    /// Too late to edit a comment or to delete an attachment.
    #[error("This can be changed for fifteen minutes, and they are over.")]
    EditWindowOver,
    /// A link that sets a password is not good, or no longer.
    #[error("The link was used, is too old, or never was one. Ask for another.")]
    LinkInvalid,
    /// An account without access.
    #[error("The account is not active. Reactivate it first.")]
    AccountInactive,
    /// The body is too large.
    #[error("The body is larger than this operation takes.")]
    TooLarge,
    /// A file is too large.
    #[error("The file is larger than {limit} MB.")]
    FileTooLarge {
        /// The largest, in megabytes of 1,048,576 bytes.
        limit: u64,
    },
    /// Wrong media type.
    #[error("The body is not of the media type that this operation takes.")]
    UnsupportedMediaType,
    /// A compressed body.
    #[error("The body is compressed. Send it as it is, without Content-Encoding.")]
    EncodedBody,
    /// A file was expected.
    #[error("This operation takes multipart/form-data with the file in the field {0}.")]
    FileExpected(&'static str),
    /// A part that a file does not have.
    #[error("The file ends before the part that was asked for.")]
    RangeNotSatisfiable {
        /// How long the file is, in bytes.
        size: u64,
    },
    /// A list does not fit the kind of file it was asked for as.
    #[error("The list has more than {most} rows, which is all such a file holds. Narrow it, or take it as CSV.")]
    ExportTooLarge {
        /// How many rows fit.
        most: u32,
    },
    /// Too many requests.
    #[error("Too many attempts. Try again in {seconds} s.")]
    TooManyRequests {
        /// How long to wait.
        seconds: u64,
    },
    /// Too many of one person at the same time.
    #[error("Too many {what} of yours are under way or wait. Try again in {seconds} s.")]
    TooManyAtOnce {
        /// Of what.
        what: &'static str,
        /// How long to wait.
        seconds: u64,
    },
    /// The server has as much of everybody's at once as it takes. Nothing is wrong with it, and anybody may cause this.
    #[error("{AWAY}")]
    Full {
        /// For the log.
        cause: String,
    },
    /// Something that the server needs is away: the database, the storage, room on the disk.
    #[error("{AWAY}")]
    Unavailable {
        /// For the log.
        cause: String,
    },
    /// The database did not do what was asked: a row that is not there, a server that is away, or a fault.
    #[error("{}", database_detail(.0))]
    Database(#[from] DbError),
    /// A fault.
    #[error("{FAULT}")]
    Internal {
        /// For the log.
        cause: String,
    },
}

impl AppError {
    /// One field that breaks one rule.
    pub fn field(name: &str, code: FieldCode) -> Self {
        Self::Validation(FieldErrors::from([(name.to_owned(), vec![code])]))
    }

    /// A fault whose cause goes to the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal { cause: cause.to_string() }
    }

    /// The code, the status and the title.
    pub fn kind(&self) -> (ProblemCode, StatusCode, &'static str) {
        match self {
            Self::MalformedBody(_) => (ProblemCode::MalformedBody, StatusCode::BAD_REQUEST, "Malformed body"),
            Self::MalformedParameter(_) => {
                (ProblemCode::MalformedParameter, StatusCode::BAD_REQUEST, "Malformed parameter")
            }
            Self::InvalidCursor => (ProblemCode::InvalidCursor, StatusCode::BAD_REQUEST, "Invalid cursor"),
            Self::Validation(_) => {
                (ProblemCode::ValidationFailed, StatusCode::UNPROCESSABLE_ENTITY, "Validation failed")
            }
            Self::NotAuthenticated | Self::TokenRefused => {
                (ProblemCode::NotAuthenticated, StatusCode::UNAUTHORIZED, "Not authenticated")
            }
            Self::WrongCredentials => (ProblemCode::WrongCredentials, StatusCode::UNAUTHORIZED, "Wrong credentials"),
            Self::CsrfRejected(_) => (ProblemCode::CsrfRejected, StatusCode::FORBIDDEN, "Request forgery suspected"),
            Self::Forbidden => (ProblemCode::Forbidden, StatusCode::FORBIDDEN, "Forbidden"),
            Self::InsufficientScope(_) => (ProblemCode::InsufficientScope, StatusCode::FORBIDDEN, "Insufficient scope"),
            Self::NotFound => (ProblemCode::NotFound, StatusCode::NOT_FOUND, "Not found"),
            Self::MethodNotAllowed(_) => {
                (ProblemCode::MethodNotAllowed, StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
            }
            Self::TooSlow => (ProblemCode::RequestTimeout, StatusCode::REQUEST_TIMEOUT, "Request timeout"),
            Self::VersionConflict(_) => (ProblemCode::VersionConflict, StatusCode::CONFLICT, "Changed meanwhile"),
            Self::InvalidTransition { .. } => {
                (ProblemCode::InvalidTransition, StatusCode::CONFLICT, "Invalid transition")
            }
            Self::AlreadyExists(_) => (ProblemCode::AlreadyExists, StatusCode::CONFLICT, "Already exists"),
            Self::LastAdmin => (ProblemCode::LastAdmin, StatusCode::CONFLICT, "Last administrator"),
            Self::InUse => (ProblemCode::InUse, StatusCode::CONFLICT, "In use"),
            Self::LimitReached => (ProblemCode::LimitReached, StatusCode::CONFLICT, "Limit reached"),
            Self::DemoRefused(_) => (ProblemCode::DemoRefused, StatusCode::CONFLICT, "Demo refused"),
            Self::ImportRefused(_) => (ProblemCode::ImportRefused, StatusCode::UNPROCESSABLE_ENTITY, "Import refused"),
            Self::EditWindowOver => (ProblemCode::EditWindowOver, StatusCode::FORBIDDEN, "Too late to edit"),
            Self::LinkInvalid => (ProblemCode::LinkInvalid, StatusCode::GONE, "Link invalid"),
            Self::AccountInactive => (ProblemCode::AccountInactive, StatusCode::CONFLICT, "Account inactive"),
            Self::TooLarge | Self::FileTooLarge { .. } => {
                (ProblemCode::TooLarge, StatusCode::PAYLOAD_TOO_LARGE, "Too large")
            }
            Self::UnsupportedMediaType | Self::EncodedBody | Self::FileExpected(_) => {
                (ProblemCode::UnsupportedMediaType, StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type")
            }
            Self::RangeNotSatisfiable { .. } => {
                (ProblemCode::RangeNotSatisfiable, StatusCode::RANGE_NOT_SATISFIABLE, "Range not satisfiable")
            }
            Self::ExportTooLarge { .. } => {
                (ProblemCode::ExportTooLarge, StatusCode::UNPROCESSABLE_ENTITY, "Export too large")
            }
            Self::TooManyRequests { .. } | Self::TooManyAtOnce { .. } => {
                (ProblemCode::TooManyRequests, StatusCode::TOO_MANY_REQUESTS, "Too many requests")
            }
            Self::Full { .. } | Self::Unavailable { .. } => UNAVAILABLE,
            Self::Database(error) if error.is_unavailable() => UNAVAILABLE,
            Self::Database(error) if error.is_not_found() => Self::NotFound.kind(),
            Self::Internal { .. } | Self::Database(_) => {
                (ProblemCode::Internal, StatusCode::INTERNAL_SERVER_ERROR, "Internal error")
            }
        }
    }

    /// The fields that were refused.
    pub fn fields(&self) -> Option<FieldErrors> {
        match self {
            Self::Validation(fields) => Some(fields.clone()),
            Self::AlreadyExists(field) => Some(FieldErrors::from([((*field).to_owned(), vec![FieldCode::Taken])])),
            Self::FileTooLarge { .. } => Some(FieldErrors::from([("file".to_owned(), vec![FieldCode::FileTooLarge])])),
            _ => None,
        }
    }

    /// How to say who one is, for programs (RFC 6750 §3).
    pub fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::NotAuthenticated => Some("Bearer"),
            Self::TokenRefused => Some("Bearer error=\"invalid_token\""),
            Self::InsufficientScope(_) => Some("Bearer error=\"insufficient_scope\""),
            _ => None,
        }
    }

    /// When to come back, in seconds.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests { seconds } | Self::TooManyAtOnce { seconds, .. } => Some(*seconds),
            _ if self.kind().1 == StatusCode::SERVICE_UNAVAILABLE => Some(2),
            _ => None,
        }
    }

    /// What only the log may know.
    pub fn cause(&self) -> Option<String> {
        match self {
            Self::Full { cause } | Self::Unavailable { cause } | Self::Internal { cause } => Some(cause.clone()),
            Self::Database(error) if !error.is_not_found() => Some(error.to_string()),
            _ => None,
        }
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.kind().1
    }

    /// Only the status: the problem document is written by [`crate::web::problems`], which knows the request.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match error {
            // A row says that it is there.
            StorageError::Missing(_) => Self::internal(error),
            StorageError::Unavailable(_) => Self::Unavailable { cause: error.to_string() },
        }
    }
}

impl ChangeError for AppError {
    fn database(&self) -> Option<&DbError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

//! Problem documents: what every error looks like outside (RFC 9457, `application/problem+json`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, stable for programs. The page translates each code; `problem.<code>` is its locale key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The body is not JSON, or not of the shape the operation takes.
    MalformedBody,
    /// A query parameter or a path segment is not of its type.
    MalformedParameter,
    /// The cursor is damaged or belongs to a list with other filters.
    InvalidCursor,
    /// Some fields break a rule; `fields` says which.
    ValidationFailed,
    /// Nobody is logged in, or the session has ended.
    NotAuthenticated,
    /// The name or the password is wrong.
    WrongCredentials,
    /// An unsafe request came without its CSRF token or from another site.
    CsrfRejected,
    /// The caller may not do this.
    Forbidden,
    /// The caller may do this, but not with the token they came with.
    InsufficientScope,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// The path knows other methods.
    MethodNotAllowed,
    /// The body came too slowly, or stopped coming; it may be sent again, on another connection.
    RequestTimeout,
    /// Somebody changed it meanwhile; `current` holds what it is now.
    VersionConflict,
    /// The ticket cannot go from its state to that one.
    InvalidTransition,
    /// The name or the address is taken.
    AlreadyExists,
    /// The last active administrator must stay one.
    LastAdmin,
    /// There are as many as can be kept; one of them has to go first.
    LimitReached,
    /// The demo cannot be loaded or removed as the desk stands: it has tickets of its own, is filled already, or is being
    /// filled or emptied.
    DemoRefused,
    /// Some lines of the file cannot be imported, so none was; `current` holds what is wrong with each.
    ImportRefused,
    /// A category in use cannot be deleted.
    InUse,
    /// A comment can be edited, and an attachment deleted, for fifteen minutes.
    EditWindowOver,
    /// The link was used, is too old, or never was one.
    LinkInvalid,
    /// The person's account is not active.
    AccountInactive,
    /// The body is larger than the operation takes.
    TooLarge,
    /// The body's media type is not one the operation takes.
    UnsupportedMediaType,
    /// The part of a file that was asked for lies behind its end; `Content-Range` says how long it is.
    RangeNotSatisfiable,
    /// The list has more rows than the kind of file holds.
    ExportTooLarge,
    /// Too many requests; `Retry-After` says when to try again.
    TooManyRequests,
    /// The database is away or the server too busy; `Retry-After` says when to try again.
    Unavailable,
    /// A fault of the server; the request id in `instance` finds its cause in the logs.
    Internal,
}

/// Why a field was refused. The page translates each code; `field.<code>` is its locale key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// It must not be empty.
    Required,
    /// It is shorter than the field takes.
    TooShort,
    /// It is longer than the field takes.
    TooLong,
    /// It has a character the field does not take.
    InvalidCharacters,
    /// It is not an e-mail address.
    InvalidEmail,
    /// No such thing can be chosen here.
    Unknown,
    /// Somebody else has it.
    Taken,
    /// Its letters are of several writing systems, so that it could pass for another one.
    MixedScripts,
    /// It is over already.
    InThePast,
    /// The file is no PNG, JPEG, GIF or WebP, or a damaged one.
    NotAPicture,
    /// The picture has more pixels than are read.
    PictureTooLarge,
    /// It is not a colour written as `#rrggbb`.
    InvalidColour,
    /// Text on it, or of it, could not be read: less than 4.5:1 of contrast (WCAG 2.2, 1.4.3).
    LowContrast,
    /// A password needs eight characters.
    PasswordTooShort,
    /// A password needs an upper-case letter.
    PasswordNeedsUppercase,
    /// A password needs a digit.
    PasswordNeedsDigit,
    /// A password like this one is guessed quickly.
    PasswordGuessable,
    /// That is not the present password.
    PasswordWrong,
    /// There is nothing in the file.
    FileEmpty,
    /// The file has more bytes than are taken; `detail` says how many megabytes that is.
    FileTooLarge,
    /// Files of this kind cannot be attached here.
    FileTypeNotAllowed,
    /// What is in the file is not what its name says, or it is damaged.
    FileContentMismatch,
    /// The picture has more pixels than are worked on.
    ImageTooLarge,
    /// The archive is damaged, or would unpack to something absurd.
    ArchiveUnsafe,
    /// Something in the archive is packed in a way that is not known here, so that nobody knows how large it would become.
    ArchiveUnmeasurable,
    /// More files than one upload may bring.
    TooManyFiles,
    /// It has a `{{placeholder}}` that stands for nothing.
    UnknownPlaceholder,
    /// The field breaks a rule that has no code of its own.
    Invalid,
}

/// The fields that were refused and why.
pub type FieldErrors = BTreeMap<String, Vec<FieldCode>>;

/// An error as the API tells it (RFC 9457).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI reference that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few English words.
    pub title: String,
    /// The HTTP status, again.
    pub status: u16,
    /// The kind, for programs.
    pub code: ProblemCode,
    /// What happened this time, in English.
    pub detail: String,
    /// The request id, as `urn:uuid:…`.
    pub instance: String,
    /// The fields that are to blame and what is wrong with each; always for `validation_failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<BTreeMap<String, Vec<FieldCode>>>))]
    pub fields: Option<FieldErrors>,
    /// For `version_conflict`: the thing as it is now. For `import_refused`: what is wrong with each line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub current: Option<serde_json::Value>,
}

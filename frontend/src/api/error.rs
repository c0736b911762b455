//! What can go wrong between the page and the server, in the person's words.

use leptos::reactive::diagnostics::{SpecialNonReactiveZone, SpecialNonReactiveZoneGuard};
use serde::{Deserialize, Serialize};
use shared::problem::{FieldCode, FieldErrors, Problem, ProblemCode};

use crate::i18n::{I18n, t_string};

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientError {
    /// The server refused, and said why.
    Problem(Box<Problem>),
    /// The server refused for now, and said when to try again.
    Busy {
        /// Why.
        problem: Box<Problem>,
        /// How many seconds to wait.
        seconds: u32,
    },
    /// The server was not reached.
    Offline,
    /// Nobody is logged in any more.
    SessionEnded,
    /// The answer made no sense to this page: most likely the server is of another version.
    Unreadable,
}

impl ClientError {
    /// What happened and what to do.
    pub fn message(&self, i18n: I18n) -> String {
        let _quiet = anywhere();
        match self {
            Self::Problem(problem) => problem_message(i18n, problem.code),
            Self::Busy { problem, seconds } if problem.code == ProblemCode::TooManyRequests => {
                t_string!(i18n, common.busy.too_many_requests, seconds = *seconds)
            }
            Self::Busy { seconds, .. } => t_string!(i18n, common.busy.unavailable, seconds = *seconds),
            Self::Offline => t_string!(i18n, common.error.offline).to_owned(),
            Self::SessionEnded => t_string!(i18n, common.error.session_ended).to_owned(),
            Self::Unreadable => t_string!(i18n, common.error.unreadable).to_owned(),
        }
    }

    /// The same, or what is wrong with the first field that was refused: for where there is no field to say it beside.
    pub fn said(&self, i18n: I18n) -> String {
        let code = self.field_errors().into_values().flatten().next();
        code.map_or_else(|| self.message(i18n), |code| field_message(i18n, code))
    }

    /// The problem the server named, if it did.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) | Self::Busy { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// The code of the problem, if the server named one.
    pub fn code(&self) -> Option<ProblemCode> {
        self.problem().map(|problem| problem.code)
    }

    /// The fields that were refused and why; empty for any other error.
    pub fn field_errors(&self) -> FieldErrors {
        self.problem().and_then(|problem| problem.fields.clone()).unwrap_or_default()
    }
}

/// The words follow the language where they are shown; a toast takes them once, outside every reactive context, and that is
/// no mistake to be warned of.
fn anywhere() -> SpecialNonReactiveZoneGuard {
    SpecialNonReactiveZone::enter()
}

/// What a problem means, and what to do about it.
pub fn problem_message(i18n: I18n, code: ProblemCode) -> String {
    let _quiet = anywhere();
    let text = match code {
        ProblemCode::MalformedBody => t_string!(i18n, common.problem.malformed_body),
        ProblemCode::MalformedParameter => t_string!(i18n, common.problem.malformed_parameter),
        ProblemCode::InvalidCursor => t_string!(i18n, common.problem.invalid_cursor),
        ProblemCode::ValidationFailed => t_string!(i18n, common.problem.validation_failed),
        ProblemCode::NotAuthenticated => t_string!(i18n, common.problem.not_authenticated),
        ProblemCode::WrongCredentials => t_string!(i18n, common.problem.wrong_credentials),
        ProblemCode::CsrfRejected => t_string!(i18n, common.problem.csrf_rejected),
        ProblemCode::Forbidden => t_string!(i18n, common.problem.forbidden),
        ProblemCode::InsufficientScope => t_string!(i18n, common.problem.insufficient_scope),
        ProblemCode::DemoRefused => t_string!(i18n, common.problem.demo_refused),
        ProblemCode::LimitReached => t_string!(i18n, common.problem.limit_reached),
        ProblemCode::ImportRefused => t_string!(i18n, common.problem.import_refused),
        ProblemCode::NotFound => t_string!(i18n, common.problem.not_found),
        ProblemCode::MethodNotAllowed => t_string!(i18n, common.problem.method_not_allowed),
        ProblemCode::RequestTimeout => t_string!(i18n, common.problem.request_timeout),
        ProblemCode::VersionConflict => t_string!(i18n, common.problem.version_conflict),
        ProblemCode::InvalidTransition => t_string!(i18n, common.problem.invalid_transition),
        ProblemCode::AlreadyExists => t_string!(i18n, common.problem.already_exists),
        ProblemCode::LastAdmin => t_string!(i18n, common.problem.last_admin),
        ProblemCode::InUse => t_string!(i18n, common.problem.in_use),
        ProblemCode::EditWindowOver => t_string!(i18n, common.problem.edit_window_over),
        ProblemCode::LinkInvalid => t_string!(i18n, common.problem.link_invalid),
        ProblemCode::AccountInactive => t_string!(i18n, common.problem.account_inactive),
        ProblemCode::TooLarge => t_string!(i18n, common.problem.too_large),
        ProblemCode::UnsupportedMediaType => t_string!(i18n, common.problem.unsupported_media_type),
        ProblemCode::RangeNotSatisfiable => t_string!(i18n, common.problem.range_not_satisfiable),
        ProblemCode::ExportTooLarge => t_string!(i18n, common.problem.export_too_large),
        ProblemCode::TooManyRequests => t_string!(i18n, common.problem.too_many_requests),
        ProblemCode::Unavailable => t_string!(i18n, common.problem.unavailable),
        ProblemCode::Internal => t_string!(i18n, common.problem.internal),
    };
    text.to_owned()
}

/// What is wrong with a field.
pub fn field_message(i18n: I18n, code: FieldCode) -> String {
    let _quiet = anywhere();
    let text = match code {
        FieldCode::Required => t_string!(i18n, common.field.required),
        FieldCode::TooShort => t_string!(i18n, common.field.too_short),
        FieldCode::TooLong => t_string!(i18n, common.field.too_long),
        FieldCode::InvalidCharacters => t_string!(i18n, common.field.invalid_characters),
        FieldCode::InvalidEmail => t_string!(i18n, common.field.invalid_email),
        FieldCode::Unknown => t_string!(i18n, common.field.unknown),
        FieldCode::Taken => t_string!(i18n, common.field.taken),
        FieldCode::MixedScripts => t_string!(i18n, common.field.mixed_scripts),
        FieldCode::InThePast => t_string!(i18n, common.field.in_the_past),
        FieldCode::NotAPicture => t_string!(i18n, common.field.not_a_picture),
        FieldCode::PictureTooLarge => t_string!(i18n, common.field.picture_too_large),
        FieldCode::InvalidColour => t_string!(i18n, common.field.invalid_colour),
        FieldCode::LowContrast => t_string!(i18n, common.field.low_contrast),
        FieldCode::PasswordTooShort => t_string!(i18n, common.field.password_too_short),
        FieldCode::PasswordNeedsUppercase => t_string!(i18n, common.field.password_needs_uppercase),
        FieldCode::PasswordNeedsDigit => t_string!(i18n, common.field.password_needs_digit),
        FieldCode::PasswordGuessable => t_string!(i18n, common.field.password_guessable),
        FieldCode::PasswordWrong => t_string!(i18n, common.field.password_wrong),
        FieldCode::FileEmpty => t_string!(i18n, common.field.file_empty),
        FieldCode::FileTooLarge => t_string!(i18n, common.field.file_too_large),
        FieldCode::FileTypeNotAllowed => t_string!(i18n, common.field.file_type_not_allowed),
        FieldCode::FileContentMismatch => t_string!(i18n, common.field.file_content_mismatch),
        FieldCode::ImageTooLarge => t_string!(i18n, common.field.image_too_large),
        FieldCode::ArchiveUnsafe => t_string!(i18n, common.field.archive_unsafe),
        FieldCode::ArchiveUnmeasurable => t_string!(i18n, common.field.archive_unmeasurable),
        FieldCode::UnknownPlaceholder => t_string!(i18n, common.field.unknown_placeholder),
        FieldCode::TooManyFiles => t_string!(i18n, common.field.too_many_files),
        FieldCode::Invalid => t_string!(i18n, common.field.invalid),
    };
    text.to_owned()
}

//! What may be attached, asked of the server once, so that a person is told before they have sent it all.

use std::cell::Cell;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    attachments::{AttachmentRules, extension},
    problem::{FieldCode, ProblemCode},
};

use super::size;
use crate::{
    api::{ClientError, attachments as api, field_message},
    i18n::{I18n, Locale, t_string},
    lasting::lasting,
};

thread_local! {
    /// The rules outlive every page.
    static ROOT: (Owner, RwSignal<Option<AttachmentRules>>) = lasting(|| RwSignal::new(None));
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// The rules; nothing until they have come, and then every file is tried.
pub fn rules() -> RwSignal<Option<AttachmentRules>> {
    let rules = ROOT.with(|(_, rules)| *rules);
    if !ASKED.replace(true) {
        spawn_local(async move {
            match api::rules().await {
                Ok(found) => rules.set(Some(found)),
                // The next form asks again.
                Err(_) => ASKED.set(false),
            }
        });
    }
    rules
}

/// Why a file is not attached.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// It is larger than so many bytes.
    TooLarge(u64),
    /// What the server would say of it, or has said.
    Refused(FieldCode),
    /// It did not get there.
    Failed(ClientError),
}

impl Trouble {
    /// What is wrong, and what to do.
    pub fn message(&self, i18n: I18n, locale: Locale) -> String {
        match self {
            Self::TooLarge(most) => {
                t_string!(i18n, attachments.too_large, size = size::in_words(*most, locale))
            }
            Self::Refused(FieldCode::FileTypeNotAllowed) => {
                let kinds = rules().with(|rules| rules.as_ref().map(|rules| rules.extensions.join(", ")));
                match kinds {
                    Some(kinds) => t_string!(i18n, attachments.not_allowed, kinds = kinds),
                    None => field_message(i18n, FieldCode::FileTypeNotAllowed),
                }
            }
            Self::Refused(code) => field_message(i18n, *code),
            Self::Failed(error) => error.message(i18n),
        }
    }

    /// Whether it may go well another time.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::TooLarge(_) | Self::Refused(_) => false,
            Self::Failed(ClientError::Problem(problem)) => passes(problem.code),
            Self::Failed(_) => true,
        }
    }
}

/// Whether what the server says is no refusal of the file itself.
fn passes(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::CsrfRejected
            | ProblemCode::Internal
            | ProblemCode::RequestTimeout
            | ProblemCode::Unavailable
            | ProblemCode::TooManyRequests
    )
}

impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Self {
        let code = error.field_errors().get("file").and_then(|codes| codes.first().copied());
        code.map_or(Self::Failed(error), Self::Refused)
    }
}

/// What can be told of a file by its name and size. What is in it only the server knows.
pub fn check(rules: Option<&AttachmentRules>, name: &str, bytes: u64) -> Result<(), Trouble> {
    let Some(rules) = rules else { return Ok(()) };
    if !extension(name).is_some_and(|extension| rules.extensions.contains(&extension)) {
        return Err(Trouble::Refused(FieldCode::FileTypeNotAllowed));
    }
    if bytes == 0 {
        return Err(Trouble::Refused(FieldCode::FileEmpty));
    }
    if bytes > rules.max_bytes {
        return Err(Trouble::TooLarge(rules.max_bytes));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_name_and_size_tell() {
        let rules = AttachmentRules { max_bytes: 100, max_files: 10, extensions: vec!["png".to_owned()] };
        let check = |name, bytes| check(Some(&rules), name, bytes);
        assert_eq!(check("Foto.PNG", 100), Ok(()));
        assert_eq!(check("foto.png", 101), Err(Trouble::TooLarge(100)));
        assert_eq!(check("foto.png", 0), Err(Trouble::Refused(FieldCode::FileEmpty)));
        for name in ["juego.exe", "png", ".png"] {
            assert_eq!(check(name, 1), Err(Trouble::Refused(FieldCode::FileTypeNotAllowed)), "{name}");
        }
        assert_eq!(super::check(None, "juego.exe", 0), Ok(()));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_no_refusal_of_the_file_may_pass() {
        for code in
            [ProblemCode::CsrfRejected, ProblemCode::Internal, ProblemCode::RequestTimeout, ProblemCode::Unavailable]
        {
            assert!(passes(code), "{code:?}");
        }
        for code in [ProblemCode::TooLarge, ProblemCode::Forbidden, ProblemCode::NotFound, ProblemCode::EditWindowOver]
        {
            assert!(!passes(code), "{code:?}");
        }
    }
}

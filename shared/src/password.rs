//! The one rule for passwords: at least eight characters with an upper-case letter and a digit, not guessable.
//!
//! The first half is checked on both sides as a person types. The second needs zxcvbn's dictionaries, which weigh more
//! than the whole page, so only the server carries them (feature `guessability`); the page asks it with
//! `POST /password-checks`.

use serde::{Deserialize, Serialize};

use crate::problem::FieldCode;

/// The fewest characters a password has.
pub const PASSWORD_MIN: usize = 8;
/// The most characters a password has; more would only cost the server time.
pub const PASSWORD_MAX: usize = 128;

/// What zxcvbn looks at: the beginning of a password. What it needs grows steeply with the length, and a beginning that is
/// hard to guess makes the whole so.
#[cfg(feature = "guessability")]
const GUESSED_MAX: usize = 32;

/// The rules of form that a password breaks, in the order a person should mend them; none when it is well formed.
pub fn broken_rules(password: &str) -> Vec<FieldCode> {
    let length = password.chars().count();
    let mut broken = Vec::new();
    if length < PASSWORD_MIN {
        broken.push(FieldCode::PasswordTooShort);
    }
    if length > PASSWORD_MAX {
        broken.push(FieldCode::TooLong);
    }
    if !password.chars().any(char::is_uppercase) {
        broken.push(FieldCode::PasswordNeedsUppercase);
    }
    if !password.chars().any(char::is_numeric) {
        broken.push(FieldCode::PasswordNeedsDigit);
    }
    broken
}

/// Every rule a password breaks, zxcvbn's verdict among them. `about` is what an attacker would try first: the person's
/// user name, name and address.
#[cfg(feature = "guessability")]
pub fn broken_rules_with_guesses(password: &str, about: &[&str]) -> Vec<FieldCode> {
    let mut broken = broken_rules(password);
    let tried: String = password.chars().take(GUESSED_MAX).collect();
    if zxcvbn::zxcvbn(&tried, about).score() < zxcvbn::Score::Three {
        broken.push(FieldCode::PasswordGuessable);
    }
    broken
}

/// Asks whether a password would do (`POST /password-checks`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordCheck {
    /// The password as typed so far.
    pub password: String,
    /// What an attacker would try first: user name, name, address.
    #[serde(default)]
    pub about: Vec<String>,
}

/// Which rules it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordVerdict {
    /// Empty when the password would do.
    pub broken: Vec<FieldCode>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_named() {
        assert_eq!(broken_rules("Ab1"), [FieldCode::PasswordTooShort]);
        assert_eq!(broken_rules("abcdefg1"), [FieldCode::PasswordNeedsUppercase]);
        assert_eq!(broken_rules("Abcdefgh"), [FieldCode::PasswordNeedsDigit]);
        assert!(broken_rules("Árbol-verde-7").is_empty());
        assert_eq!(broken_rules(&format!("A1{}", "x".repeat(PASSWORD_MAX))), [FieldCode::TooLong]);
    }

    #[cfg(feature = "guessability")]
    #[test]
    fn a_well_formed_password_can_still_be_guessable() {
        assert_eq!(broken_rules_with_guesses("Password1", &[]), [FieldCode::PasswordGuessable]);
        assert_eq!(broken_rules_with_guesses("Ana.Ruiz1", &["ana.ruiz"]), [FieldCode::PasswordGuessable]);
        assert!(broken_rules_with_guesses("Grulla-lenta-42-mesa", &[]).is_empty());
    }
}

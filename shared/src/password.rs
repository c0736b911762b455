//! The one rule for passwords: at least eight characters with an upper-case letter and a digit, not guessable.
//!
//! Letters and digits are those of any script, as Unicode tells: `Ñ` and `Ж` are upper case, `٧` and `７` are digits, and so is
//! whatever else is a number by itself (`²`, `½`). Characters are counted, not bytes. Nothing is trimmed or written otherwise:
//! a space is a character like any other.
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

/// What people who speak Spanish make passwords of, commonest first, with accents and without: zxcvbn's dictionaries are
/// English and take `Bienvenido2024` for a good one.
#[cfg(feature = "guessability")]
const SPANISH: &str = "contraseña contrasena clave secreto secreta hola teamo tequiero amor corazón corazon princesa \
    hermosa bonita estrella bienvenido bienvenida bienvenidos españa espana madrid barcelona méxico mexico argentina \
    colombia venezuela perú peru chile ecuador soporte administrador administradora usuario usuaria sistema empresa \
    oficina escritorio trabajo entrada entrar acceso prueba temporal cambiar cámbiame cambiame ayuda inicio nuevo nueva \
    fútbol futbol realmadrid américa america jesús jesus diosesamor familia hermano amigos navidad primavera verano \
    otoño otono invierno enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre \
    diciembre lunes martes miércoles miercoles jueves viernes sábado sabado domingo";

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
/// user name, name and address; the commonest Spanish words come after that.
#[cfg(feature = "guessability")]
pub fn broken_rules_with_guesses(password: &str, about: &[&str]) -> Vec<FieldCode> {
    let mut broken = broken_rules(password);
    let tried: String = password.chars().take(GUESSED_MAX).collect();
    let known: Vec<&str> = about.iter().copied().chain(SPANISH.split_whitespace()).collect();
    if zxcvbn::zxcvbn(&tried, &known).score() < zxcvbn::Score::Three {
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

    #[test]
    fn letters_and_digits_are_those_of_any_script() {
        for good in ["ñandú-Ñ7", "Журавль7", "Γερανός7", "Grulla-٧", "Grulla-７", "Grulla-८", "Grulla-²", "  A  7  "]
        {
            assert!(broken_rules(good).is_empty(), "{good}");
        }
        // A script without upper and lower case has no letter that is upper case.
        for low in ["ñandúes7", "журавль7", "鶴は千年、亀は7", "كركي-بطيء-7", "ß-ª-º-ŉ7"] {
            assert_eq!(broken_rules(low), [FieldCode::PasswordNeedsUppercase], "{low}");
        }
        // Words for numbers are none, and neither is what only looks like one.
        for wordy in ["Grulla-siete", "Grulla-七", "Grulla-O-l", "Grulla-🕖"] {
            assert_eq!(broken_rules(wordy), [FieldCode::PasswordNeedsDigit], "{wordy}");
        }
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        let seven = "Ñ7ñññññ";
        assert!(seven.len() > PASSWORD_MIN);
        assert_eq!(broken_rules(seven), [FieldCode::PasswordTooShort]);
        assert!(broken_rules(&format!("{seven}ñ")).is_empty());
        assert!(broken_rules(&format!("Ñ7{}", "ñ".repeat(PASSWORD_MAX - 2))).is_empty());
        assert_eq!(broken_rules(&format!("Ñ7{}", "ñ".repeat(PASSWORD_MAX - 1))), [FieldCode::TooLong]);
    }

    #[cfg(feature = "guessability")]
    #[test]
    fn a_well_formed_password_can_still_be_guessable() {
        assert_eq!(broken_rules_with_guesses("Password1", &[]), [FieldCode::PasswordGuessable]);
        assert_eq!(broken_rules_with_guesses("Ana.Ruiz1", &["ana.ruiz"]), [FieldCode::PasswordGuessable]);
        assert!(broken_rules_with_guesses("Grulla-lenta-42-mesa", &[]).is_empty());
    }

    #[cfg(feature = "guessability")]
    #[test]
    fn a_common_word_of_spanish_is_as_guessable_as_one_of_english() {
        for common in [
            "Contrasena1",
            "Contraseña1",
            "C0ntrasena1",
            "Bienvenido2024",
            "Administrador1",
            "España2024",
            "Miércoles7",
        ] {
            assert_eq!(broken_rules_with_guesses(common, &["ana.ruiz"]), [FieldCode::PasswordGuessable], "{common}");
        }
        // A phrase may have one among its words.
        for phrase in ["Cuatro-tortugas-miran-la-luna-7", "Tres loros verdes en mayo 9", "Mi-clave-canta-en-7-ríos"] {
            assert!(broken_rules_with_guesses(phrase, &["ana.ruiz"]).is_empty(), "{phrase}");
        }
    }

    #[cfg(feature = "guessability")]
    #[test]
    fn the_words_are_found_as_they_stand() {
        let words: Vec<&str> = SPANISH.split_whitespace().collect();
        for (place, word) in words.iter().enumerate() {
            assert_eq!(word.to_lowercase(), *word);
            assert!(!words.iter().skip(place + 1).any(|other| other == word), "{word} is there twice");
        }
    }
}

//! What a token looks like, and what is kept of it.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use shared::tokens::PREFIX;

use crate::auth::secrets::random_text;

/// Letters and digits after the prefix: 62³² is 190 bits.
const LENGTH: usize = 32;

/// A new token's text.
pub fn new() -> String {
    format!("{PREFIX}{}", random_text(LENGTH))
}

/// What is kept of a token: its SHA-256 in hexadecimal. A text with 190 random bits needs no slow hash.
pub fn digest(token: &str) -> String {
    Sha256::digest(token).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether a text can be a token at all: what cannot is not looked up.
pub fn is_wellformed(text: &str) -> bool {
    text.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.len() == LENGTH && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike_and_each_is_one() {
        let (one, two) = (new(), new());
        assert_ne!(one, two);
        assert!(is_wellformed(&one) && is_wellformed(&two));
        for text in ["", "turno_", "turno_abc", &one[1..], &format!("{one}a"), &one.replace("turno_", "other_")] {
            assert!(!is_wellformed(text), "{text}");
        }
    }

    #[test]
    fn a_digest_is_that_of_the_text() {
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

//! What is signed with the secret key, and where randomness comes from.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rand::{Rng, distr::Alphanumeric};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shared::ids::{PasswordLinkId, SessionId};

use crate::error::AppError;

/// Random letters and digits from the system's generator.
pub fn random_text(length: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect()
}

/// The session that a token is for: its number, and when it began. Numbers begin anew in another database (a new one, one
/// restored from a backup), and a token signed with the same key must not open whatever has that number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionKey {
    /// The number.
    pub id: SessionId,
    /// When it began, in microseconds.
    pub began_at: i64,
}

/// The claims of a session's token (RFC 7519). It names a session kept by the server, which alone knows when it ends:
/// so there is no `exp`.
#[derive(Serialize, Deserialize)]
struct Claims {
    /// The session.
    sid: SessionId,
    /// When it began, in microseconds.
    began_at: i64,
}

/// Signs and checks.
pub struct Secrets {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    csrf_key: Vec<u8>,
}

impl Secrets {
    /// From the secret key of the settings.
    pub fn new(secret_key: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        Self {
            encoding: EncodingKey::from_secret(secret_key),
            decoding: DecodingKey::from_secret(secret_key),
            validation,
            csrf_key: secret_key.to_vec(),
        }
    }

    /// The cookie's value for a session.
    pub fn session_token(&self, session: SessionKey) -> Result<String, AppError> {
        let claims = Claims { sid: session.id, began_at: session.began_at };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(AppError::internal)
    }

    /// The session a cookie's value names, when we signed it.
    pub fn session_of(&self, token: &str) -> Option<SessionKey> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        Some(SessionKey { id: claims.sid, began_at: claims.began_at })
    }

    /// The CSRF token of a session.
    pub fn csrf_token(&self, session: SessionKey) -> Result<String, AppError> {
        self.csrf_mac(session).map(|mac| BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    /// Whether a CSRF token is that of a session, in constant time.
    pub fn is_csrf_token(&self, session: SessionKey, token: &str) -> bool {
        let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(token) else { return false };
        self.csrf_mac(session).is_ok_and(|mac| mac.verify_slice(&bytes).is_ok())
    }

    /// The token of a link that sets a password: the link's number, and a proof that only this key makes. What the database
    /// keeps of the link does not lead to it.
    pub fn link_token(&self, link: PasswordLinkId, nonce: &str) -> Result<String, AppError> {
        let proof = self.link_mac(link, nonce)?.finalize().into_bytes();
        Ok(format!("{link}-{}", BASE64_URL_SAFE_NO_PAD.encode(proof)))
    }

    /// The link that a token is of, if it is one, and its proof.
    pub fn link_of(token: &str) -> Option<(PasswordLinkId, &str)> {
        let (link, proof) = token.split_once('-')?;
        Some((link.parse().ok()?, proof))
    }

    /// Whether a proof is that of a link, in constant time.
    pub fn is_link_proof(&self, link: PasswordLinkId, nonce: &str, proof: &str) -> bool {
        let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(proof) else { return false };
        self.link_mac(link, nonce).is_ok_and(|mac| mac.verify_slice(&bytes).is_ok())
    }

    fn link_mac(&self, link: PasswordLinkId, nonce: &str) -> Result<Hmac<Sha256>, AppError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.csrf_key).map_err(AppError::internal)?;
        mac.update(b"password-link:");
        mac.update(&link.0.to_be_bytes());
        mac.update(nonce.as_bytes());
        Ok(mac)
    }

    fn csrf_mac(&self, session: SessionKey) -> Result<Hmac<Sha256>, AppError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.csrf_key).map_err(AppError::internal)?;
        mac.update(b"csrf:");
        mac.update(&session.id.0.to_be_bytes());
        mac.update(&session.began_at.to_be_bytes());
        Ok(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SessionKey = SessionKey { id: SessionId(7), began_at: 42 };

    #[test]
    fn a_token_names_its_session_and_no_other_key_makes_it() {
        let ours = Secrets::new(&[1; 32]);
        let theirs = Secrets::new(&[2; 32]);
        let token = ours.session_token(KEY).unwrap();
        assert_eq!(ours.session_of(&token), Some(KEY));
        assert_eq!(theirs.session_of(&token), None);
        assert_eq!(ours.session_of("a.b.c"), None);
    }

    #[test]
    fn a_csrf_token_is_bound_to_its_session() {
        let secrets = Secrets::new(&[1; 32]);
        let token = secrets.csrf_token(KEY).unwrap();
        assert!(secrets.is_csrf_token(KEY, &token));
        assert!(!secrets.is_csrf_token(SessionKey { id: SessionId(8), ..KEY }, &token));
        assert!(!secrets.is_csrf_token(SessionKey { began_at: 43, ..KEY }, &token));
        assert!(!secrets.is_csrf_token(KEY, ""));
    }
    #[test]
    fn a_links_token_is_bound_to_the_link_and_the_key() {
        let secrets = Secrets::new(&[1; 32]);
        let token = secrets.link_token(PasswordLinkId(7), "abc").unwrap();
        let (link, proof) = Secrets::link_of(&token).unwrap();
        assert_eq!(link, PasswordLinkId(7));
        assert!(secrets.is_link_proof(link, "abc", proof));
        assert!(!secrets.is_link_proof(PasswordLinkId(8), "abc", proof));
        assert!(!secrets.is_link_proof(link, "abd", proof));
        assert!(!Secrets::new(&[2; 32]).is_link_proof(link, "abc", proof));
        for nonsense in ["", "7", "-", "x-y", "7-"] {
            assert!(Secrets::link_of(nonsense).is_none_or(|(link, proof)| !secrets.is_link_proof(link, "abc", proof)));
        }
    }
}

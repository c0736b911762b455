//! The log as a chain: each event carries a hash of all it says and of the hash before it, so that whoever changes, adds or
//! takes out one has to write every later one anew, and then the last hash is another one.
//!
//! What is hashed, with SHA-256, in this order: the word [`DOMAIN`], the previous event's hash (nothing before the first),
//! then the columns `id`, `at`, `actor_id`, `address`, `kind`, `ticket_id`, `subject_id`, `audience` and `payload`, as the
//! database keeps them. Each stands for itself alone: a byte 0 for NULL, a byte 1 and eight bytes (big endian) for a number,
//! a byte 2, eight bytes of length and the bytes themselves for text and hashes. So no two logs are written alike.
//!
//! No key is part of it. With the program's key, somebody who reaches nothing but the database could not write the chain
//! anew; but the key may be lost or changed, as keys are, and then nobody could tell a true log from another, in this
//! database or in any backup of it. `turno verify-audit` prints the last hash instead: an operator who notes it elsewhere
//! and hands it back (`--noted`) learns whether the log still is the one it was, whoever wrote it anew.

use sha2::{Digest, Sha256};

/// Tells these hashes from all others, and this form from a later one.
const DOMAIN: &str = "turno event 1";

/// What of an event is hashed: every column but the hash.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// The number.
    pub id: i64,
    /// When, in microseconds.
    pub at: i64,
    /// Who.
    pub actor_id: Option<i64>,
    /// From where.
    pub address: Option<&'a str>,
    /// What.
    pub kind: &'a str,
    /// The ticket it is about.
    pub ticket_id: Option<i64>,
    /// The person, session or category it is about.
    pub subject_id: Option<i64>,
    /// Who may see it.
    pub audience: i16,
    /// The rest, as JSON, exactly as it is kept.
    pub payload: &'a str,
}

impl Link<'_> {
    /// The hash of this event after one with that hash; after nothing, for the first.
    pub fn hash(&self, previous: &[u8]) -> Vec<u8> {
        let mut hasher = Sha256::new();
        bytes(&mut hasher, Some(DOMAIN.as_bytes()));
        bytes(&mut hasher, Some(previous));
        number(&mut hasher, Some(self.id));
        number(&mut hasher, Some(self.at));
        number(&mut hasher, self.actor_id);
        bytes(&mut hasher, self.address.map(str::as_bytes));
        bytes(&mut hasher, Some(self.kind.as_bytes()));
        number(&mut hasher, self.ticket_id);
        number(&mut hasher, self.subject_id);
        number(&mut hasher, Some(self.audience.into()));
        bytes(&mut hasher, Some(self.payload.as_bytes()));
        hasher.finalize().to_vec()
    }
}

fn number(hasher: &mut Sha256, value: Option<i64>) {
    match value {
        None => hasher.update([0]),
        Some(value) => {
            hasher.update([1]);
            hasher.update(value.to_be_bytes());
        }
    }
}

fn bytes(hasher: &mut Sha256, value: Option<&[u8]>) {
    match value {
        None => hasher.update([0]),
        Some(value) => {
            hasher.update([2]);
            hasher.update((value.len() as u64).to_be_bytes());
            hasher.update(value);
        }
    }
}

/// A hash as people read and note it: 64 hexadecimal digits.
pub fn written(hash: &[u8]) -> String {
    use std::fmt::Write;

    hash.iter().fold(String::with_capacity(2 * hash.len()), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A hash that was noted; none when it is not 64 hexadecimal digits.
pub fn noted(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    (0..32).map(|place| u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: Link<'static> = Link {
        id: 1,
        at: 2,
        actor_id: Some(3),
        address: Some("127.0.0.1"),
        kind: "logged_in",
        ticket_id: None,
        subject_id: Some(3),
        audience: 2,
        payload: "{}",
    };

    #[test]
    fn every_column_and_the_past_count() {
        let hash = EVENT.hash(b"past");
        assert_eq!(hash.len(), 32);
        for other in [
            Link { id: 2, ..EVENT },
            Link { at: 3, ..EVENT },
            Link { actor_id: None, ..EVENT },
            Link { address: None, ..EVENT },
            Link { address: Some(""), ..EVENT },
            Link { kind: "logged_out", ..EVENT },
            // The same numbers in other columns.
            Link { ticket_id: Some(3), subject_id: None, ..EVENT },
            Link { audience: 1, ..EVENT },
            Link { payload: "{} ", ..EVENT },
            // The same characters, cut elsewhere.
            Link { address: Some("127.0.0.1l"), kind: "ogged_in", ..EVENT },
        ] {
            assert_ne!(other.hash(b"past"), hash, "{other:?}");
        }
        assert_ne!(EVENT.hash(b"pas"), hash);
        assert_eq!(EVENT.hash(b"past"), hash);
    }

    #[test]
    fn the_form_stays_as_it_was() {
        // Another value here makes every log in use look tampered with.
        assert_eq!(written(&EVENT.hash(&[])), "6f011020ecca8b9d3e84329c0b807cda8285650392013aa50d58f956fcdec430");
    }

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let hash = EVENT.hash(&[]);
        assert_eq!(noted(&written(&hash)), Some(hash));
        for text in ["", "12", &"g".repeat(64), &"ñ".repeat(32), &"a".repeat(66), &"+f".repeat(32)] {
            assert_eq!(noted(text), None, "{text}");
        }
    }
}

//! Mails as the database keeps them.

use diesel::prelude::*;
use shared::{
    ids::MailId,
    mail::{Mail, MailKind, MailState},
};

use crate::{
    accounts::rows::{Face, user_ref},
    db::{from_micros, schema::mails},
};

/// A mail.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = mails, check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql))]
pub struct MailRow {
    pub id: i64,
    pub user_id: i64,
    pub kind: String,
    pub locale: String,
    pub address: String,
    pub subject: String,
    pub state: i16,
    pub attempts: i32,
    pub next_attempt_at: i64,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub last_error: Option<String>,
}

impl MailRow {
    /// What has become of it.
    pub fn state(&self) -> MailState {
        usize::try_from(self.state)
            .ok()
            .and_then(|code| MailState::ALL.get(code))
            .copied()
            .unwrap_or(MailState::Cancelled)
    }

    /// As an administrator sees it, with its reader.
    pub fn into_mail(self, reader: Face) -> Mail {
        let state = self.state();
        Mail {
            id: MailId(self.id),
            kind: kind_of(&self.kind),
            state,
            to: user_ref(self.user_id, reader.name, reader.avatar_at),
            address: self.address,
            subject: self.subject,
            attempts: u32::try_from(self.attempts).unwrap_or_default(),
            next_attempt_at: (state == MailState::Queued).then(|| from_micros(self.next_attempt_at)),
            last_error: self.last_error,
            created_at: from_micros(self.created_at),
            sent_at: self.sent_at.map(from_micros),
        }
    }
}

/// A mail to add.
#[derive(Debug, Insertable)]
#[diesel(table_name = mails)]
pub struct NewMail {
    pub user_id: i64,
    pub ticket_id: Option<i64>,
    pub kind: &'static str,
    pub locale: String,
    pub address: String,
    pub subject: String,
    pub state: i16,
    pub attempts: i32,
    pub next_attempt_at: i64,
    pub created_at: i64,
    pub letter: String,
}

/// A state as a column keeps it.
pub fn state_code(state: MailState) -> i16 {
    match state {
        MailState::Queued => 0,
        MailState::Sent => 1,
        MailState::Failed => 2,
        MailState::Cancelled => 3,
    }
}

/// What a mail is about, as a column keeps it.
pub fn kind_word(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Welcome => "welcome",
        MailKind::PasswordReset => "password_reset",
        MailKind::PasswordLink => "password_link",
        MailKind::Ticket => "ticket",
        MailKind::Chat => "chat",
        MailKind::Test => "test",
    }
}

fn kind_of(word: &str) -> MailKind {
    match word {
        "welcome" => MailKind::Welcome,
        "password_reset" => MailKind::PasswordReset,
        "password_link" => MailKind::PasswordLink,
        "chat" => MailKind::Chat,
        "test" => MailKind::Test,
        _ => MailKind::Ticket,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_places_in_the_order_of_the_words() {
        for (place, &state) in MailState::ALL.iter().enumerate() {
            assert_eq!(usize::try_from(state_code(state)), Ok(place));
        }
    }

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for kind in [
            MailKind::Welcome,
            MailKind::PasswordReset,
            MailKind::PasswordLink,
            MailKind::Ticket,
            MailKind::Chat,
            MailKind::Test,
        ] {
            assert_eq!(kind_of(kind_word(kind)), kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind_word(kind));
        }
    }
}

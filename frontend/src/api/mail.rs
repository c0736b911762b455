//! The desk's mails, for those who run it.

use shared::{
    ids::MailId,
    mail::{FullMail, Mail, MailQuery, MailStatus},
    page::Page,
};

use super::{ClientError, get, post, with_query};

/// How the sending of mail stands.
pub async fn status() -> Result<MailStatus, ClientError> {
    get("/mails/status").await
}

/// The mails in a state, newest first.
pub async fn list(query: &MailQuery) -> Result<Page<Mail>, ClientError> {
    get(&with_query("/mails", query)).await
}

/// One mail with its text.
pub async fn read(id: MailId) -> Result<FullMail, ClientError> {
    get(&format!("/mails/{id}")).await
}

/// Mails the person themselves, to see whether it arrives.
pub async fn test() -> Result<Mail, ClientError> {
    post("/mails", &()).await
}

/// Tries a mail now.
pub async fn retry(id: MailId) -> Result<Mail, ClientError> {
    post(&format!("/mails/{id}/retry"), &()).await
}

/// Takes a mail out of the line.
pub async fn cancel(id: MailId) -> Result<Mail, ClientError> {
    post(&format!("/mails/{id}/cancel"), &()).await
}

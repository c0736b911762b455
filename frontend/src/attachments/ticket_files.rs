//! The files of the ticket that is shown.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    attachments::Attachment,
    ids::{AttachmentId, CommentId, TicketId},
    page::MAX_LIMIT,
    tickets::PageQuery,
};

use super::tray::{arrived_since, count_of_arrived};
use crate::api::{ClientError, attachments as api};

/// The files of the ticket that is shown. A handle, found in the context of its page.
#[derive(Debug, Clone, Copy)]
pub struct TicketFiles {
    ticket: TicketId,
    all: RwSignal<Vec<Attachment>>,
    /// Why they could not be read.
    trouble: RwSignal<Option<ClientError>>,
    reading: StoredValue<Reading>,
}

/// Whether the files are being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// They are not.
    Rests,
    /// They are, and what is read is what there is.
    UnderWay,
    /// They are, and something changed since: what is read may be older than what is shown.
    Outrun,
}

impl TicketFiles {
    /// Reads the files of a ticket now and whenever `changed` says that something about them did, and adds what arrives
    /// from this page at once.
    pub fn provide(ticket: TicketId, changed: Memo<usize>) {
        let files = Self {
            ticket,
            all: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
            reading: StoredValue::new(Reading::Rests),
        };
        provide_context(files);
        Effect::new(move || {
            changed.track();
            files.retry();
        });
        let before = count_of_arrived();
        Effect::new(move |known: Option<usize>| {
            let arrived = arrived_since(before, ticket);
            let (count, known) = (arrived.len(), known.unwrap_or_default());
            if count > known {
                files.all.update(|all| {
                    for attachment in arrived.into_iter().skip(known) {
                        all.retain(|shown| shown.id != attachment.id);
                        all.push(attachment);
                    }
                });
                files.outrun();
            }
            count
        });
    }

    /// Notes that what is shown is newer than what is being read.
    fn outrun(self) {
        self.reading.try_update_value(|reading| {
            if *reading == Reading::UnderWay {
                *reading = Reading::Outrun;
            }
        });
    }

    /// Reads until nothing changes meanwhile.
    async fn read(self) {
        loop {
            let _ = self.reading.try_set_value(Reading::UnderWay);
            let outcome = read(self.ticket).await;
            match self.reading.try_get_value() {
                Some(Reading::Outrun) if outcome.is_ok() => {}
                // The page is gone.
                None => return,
                Some(_) => {
                    let _ = self.reading.try_set_value(Reading::Rests);
                    let trouble = outcome.map(|all| self.all.try_set(all)).err();
                    let _ = self.trouble.try_set(trouble);
                    return;
                }
            }
        }
    }

    /// The files of a comment, or of the ticket itself; tracked.
    pub fn of(self, comment: Option<CommentId>) -> Vec<Attachment> {
        self.all.with(|all| all.iter().filter(|file| file.comment_id == comment).cloned().collect())
    }

    /// Why they could not be read; tracked.
    pub fn trouble(self) -> Option<ClientError> {
        self.trouble.get()
    }

    /// Reads them again.
    pub fn retry(self) {
        if self.reading.try_get_value() == Some(Reading::Rests) {
            spawn_local(self.read());
        } else {
            self.outrun();
        }
    }

    /// Deletes one; it is gone from the page when the server has done it.
    pub async fn remove(self, id: AttachmentId) -> Result<(), ClientError> {
        api::remove(id).await?;
        self.all.try_update(|all| all.retain(|file| file.id != id));
        self.outrun();
        Ok(())
    }
}

async fn read(ticket: TicketId) -> Result<Vec<Attachment>, ClientError> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = api::list(ticket, &PageQuery { limit: Some(MAX_LIMIT), cursor }).await?;
        all.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

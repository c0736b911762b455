//! The files of the ticket that is shown.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    attachments::Attachment,
    ids::{AttachmentId, CommentId, TicketId},
    page::MAX_LIMIT,
    tickets::PageQuery,
};

use super::tray::last_arrived;
use crate::api::{ClientError, attachments as api};

/// The files of the ticket that is shown. A handle, found in the context of its page.
#[derive(Debug, Clone, Copy)]
pub struct TicketFiles {
    all: RwSignal<Vec<Attachment>>,
    /// Why they could not be read.
    trouble: RwSignal<Option<ClientError>>,
    /// Counts the times that somebody wanted to try again.
    again: RwSignal<usize>,
}

impl TicketFiles {
    /// Reads the files of a ticket now and whenever `changed` says that something about them did, and adds what arrives
    /// from this page at once.
    pub fn provide(ticket: TicketId, changed: Memo<usize>) {
        let files = Self { all: RwSignal::new(Vec::new()), trouble: RwSignal::new(None), again: RwSignal::new(0) };
        provide_context(files);
        Effect::new(move || {
            changed.track();
            files.again.track();
            spawn_local(async move {
                let trouble = match read(ticket).await {
                    Ok(all) => {
                        let _ = files.all.try_set(all);
                        None
                    }
                    Err(error) => Some(error),
                };
                let _ = files.trouble.try_set(trouble);
            });
        });
        Effect::new(move || {
            if let Some(attachment) = last_arrived().filter(|attachment| attachment.ticket_id == ticket) {
                files.all.update(|all| {
                    all.retain(|known| known.id != attachment.id);
                    all.push(attachment);
                });
            }
        });
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
        self.again.update(|again| *again += 1);
    }

    /// Deletes one; it is gone from the page when the server has done it.
    pub async fn remove(self, id: AttachmentId) -> Result<(), ClientError> {
        api::remove(id).await?;
        self.all.try_update(|all| all.retain(|file| file.id != id));
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

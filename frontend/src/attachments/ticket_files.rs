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
}

impl TicketFiles {
    /// Reads the files of a ticket now and whenever `changed` says that something about them did, and adds what arrives
    /// from this page at once.
    pub fn provide(ticket: TicketId, changed: Memo<usize>) {
        let files = Self { all: RwSignal::new(Vec::new()) };
        provide_context(files);
        Effect::new(move || {
            changed.track();
            spawn_local(async move {
                // What could not be read is read with the next change; the conversation itself says when there is trouble.
                if let Ok(all) = read(ticket).await {
                    let _ = files.all.try_set(all);
                }
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

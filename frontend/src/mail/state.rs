//! What the page of mails knows.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::MailId,
    mail::{FullMail, Mail, MailQuery, MailState, MailStatus},
    page::DEFAULT_LIMIT,
    problem::ProblemCode,
};

use crate::{
    api::{ClientError, mail as api},
    i18n::{I18n, tu_string},
    pages::Pages,
    ui::use_toasts,
};

/// What can be done with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Try it now.
    Retry,
    /// Take it out of the line.
    Cancel,
}

/// The page. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Mails {
    /// Only those in this state.
    pub state: RwSignal<Option<MailState>>,
    /// How the sending stands.
    pub status: RwSignal<Option<MailStatus>>,
    /// Why that could not be read.
    pub status_error: RwSignal<Option<ClientError>>,
    /// The mails.
    pub pages: Pages<Mail>,
    /// The one that is open.
    pub reading: RwSignal<Option<FullMail>>,
    i18n: I18n,
}

impl Mails {
    /// The page; the mails are read at once, and anew when the filter changes.
    pub fn new(i18n: I18n) -> Self {
        let mails = Self {
            state: RwSignal::new(None),
            status: RwSignal::new(None),
            status_error: RwSignal::new(None),
            pages: Pages::new(),
            reading: RwSignal::new(None),
            i18n,
        };
        Effect::new(move || {
            mails.state.track();
            mails.pages.clear();
            mails.reload();
        });
        mails
    }

    /// Reads all of it from the start.
    pub fn reload(self) {
        self.load(None);
        // As the list does, with nothing to be read meanwhile.
        if self.status.try_with_untracked(Option::is_none) == Some(true) {
            let _ = self.status_error.try_set(None);
        }
        spawn_local(async move {
            match api::status().await {
                Ok(status) => {
                    let _ = self.status_error.try_set(None);
                    let _ = self.status.try_set(Some(status));
                }
                Err(error) => drop(self.status_error.try_set(Some(error))),
            }
        });
    }

    /// Reads the next page.
    pub fn load_more(self) {
        if let Some(rest) = self.pages.rest() {
            self.load(Some(rest));
        }
    }

    fn load(self, cursor: Option<String>) {
        // Whoever has left the page asks for nothing.
        let Some(state) = self.state.try_get_untracked() else { return };
        let goes_on = cursor.is_some();
        let query = MailQuery { state, limit: Some(DEFAULT_LIMIT), cursor };
        self.pages.load(goes_on, async move { api::list(&query).await });
    }

    /// Opens a mail.
    pub fn read(self, id: MailId) {
        spawn_local(async move {
            match api::read(id).await {
                Ok(mail) => drop(self.reading.try_set(Some(mail))),
                Err(error) => use_toasts().error(error.message(self.i18n)),
            }
        });
    }

    /// Does something with a mail.
    pub fn wish(self, id: MailId, wish: Wish) {
        spawn_local(async move {
            let done = match wish {
                Wish::Retry => api::retry(id).await,
                Wish::Cancel => api::cancel(id).await,
            };
            match done {
                Ok(mail) => use_toasts().success(match wish {
                    Wish::Retry => tu_string!(self.i18n, mail.retried, name = mail.to.name),
                    Wish::Cancel => tu_string!(self.i18n, mail.cancelled_told, name = mail.to.name),
                }),
                Err(error) if error.code() == Some(ProblemCode::VersionConflict) => {
                    use_toasts().error(tu_string!(self.i18n, mail.stale));
                }
                Err(error) => return use_toasts().error(error.message(self.i18n)),
            }
            self.reload();
        });
    }

    /// Mails the person themselves.
    pub fn test(self, busy: RwSignal<bool>) {
        busy.set(true);
        spawn_local(async move {
            match api::test().await {
                Ok(mail) => {
                    // Where no mails are sent it goes nowhere, and must not be told as if it did.
                    let off =
                        self.status.try_with_untracked(|now| now.as_ref().is_some_and(|status| !status.configured));
                    if off == Some(true) {
                        use_toasts().success(tu_string!(self.i18n, mail.test_waits));
                    } else {
                        use_toasts().success(tu_string!(self.i18n, mail.tested, address = mail.address));
                    }
                    self.reload();
                }
                Err(error) => use_toasts().error(error.message(self.i18n)),
            }
            busy.try_set(false);
        });
    }
}

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
    /// The mails read so far; none until they come for the first time.
    pub items: RwSignal<Option<Vec<Mail>>>,
    /// Where the rest starts.
    pub next: RwSignal<Option<String>>,
    /// Why they could not be read.
    pub error: RwSignal<Option<ClientError>>,
    /// A page is being read.
    pub loading: RwSignal<bool>,
    /// The one that is open.
    pub reading: RwSignal<Option<FullMail>>,
    asked: StoredValue<u32>,
    i18n: I18n,
}

impl Mails {
    /// The page; the mails are read at once, and again when the filter changes.
    pub fn new(i18n: I18n) -> Self {
        let mails = Self {
            state: RwSignal::new(None),
            status: RwSignal::new(None),
            items: RwSignal::new(None),
            next: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            reading: RwSignal::new(None),
            asked: StoredValue::new(0),
            i18n,
        };
        Effect::new(move || {
            mails.state.track();
            mails.reload();
        });
        mails
    }

    /// Reads all of it from the start.
    pub fn reload(self) {
        self.load(None);
        spawn_local(async move {
            match api::status().await {
                Ok(status) => drop(self.status.try_set(Some(status))),
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }

    /// Reads the next page.
    pub fn load_more(self) {
        if !self.loading.get_untracked() {
            self.load(self.next.get_untracked());
        }
    }

    fn load(self, cursor: Option<String>) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        self.loading.set(true);
        let goes_on = cursor.is_some();
        let query = MailQuery { state: self.state.get_untracked(), limit: Some(DEFAULT_LIMIT), cursor };
        spawn_local(async move {
            let read = api::list(&query).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            let _ = self.loading.try_set(false);
            match read {
                Ok(page) => {
                    let _ = self.error.try_set(None);
                    let _ = self.next.try_set(page.next_cursor);
                    self.items.try_update(|items| match items {
                        Some(items) if goes_on => items.extend(page.items),
                        _ => *items = Some(page.items),
                    });
                }
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
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
                Ok(_) => use_toasts().success(match wish {
                    Wish::Retry => tu_string!(self.i18n, mail.retried),
                    Wish::Cancel => tu_string!(self.i18n, mail.cancelled_told),
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
                    use_toasts().success(tu_string!(self.i18n, mail.tested, address = mail.address));
                    self.reload();
                }
                Err(error) => use_toasts().error(error.message(self.i18n)),
            }
            busy.try_set(false);
        });
    }
}

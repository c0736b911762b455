//! What the page of one ticket knows, and how it changes.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    accounts::UserRef,
    ids::TicketId,
    page::{MAX_LIMIT, Page},
    permissions::TicketAction,
    tickets::{AssignTicket, Comment, HistoryEntry, PageQuery, Ticket},
};

use super::wish::{Conflict, Wish};
use crate::{
    api::{ClientError, tickets as api},
    i18n::I18n,
    tickets::words::Categories,
    ui::use_toasts,
};

/// So many pages of a conversation are read without asking.
const EAGER_PAGES: usize = 5;

/// A list that is read page by page, oldest first.
#[derive(Debug, Clone)]
pub struct Run<T> {
    /// What has been read.
    pub items: Vec<T>,
    /// Where the rest starts.
    pub next: Option<String>,
}

impl<T> Default for Run<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
}

impl<T> Run<T> {
    /// Reads on, up to a bound.
    async fn read_on<F>(mut self, from_start: bool, read: impl Fn(PageQuery) -> F) -> Result<Self, ClientError>
    where
        F: Future<Output = Result<Page<T>, ClientError>>,
    {
        let mut start = from_start;
        for _ in 0..EAGER_PAGES {
            let cursor = self.next.take();
            if cursor.is_none() && !start {
                break;
            }
            start = false;
            let page = read(PageQuery { limit: Some(MAX_LIMIT), cursor }).await?;
            self.items.extend(page.items);
            self.next = page.next_cursor;
        }
        Ok(self)
    }
}

/// How far the conversation has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Talk {
    /// It is being read for the first time.
    Loading,
    /// It could not be read.
    Failed(ClientError),
    /// It is here.
    Here,
}

/// The state of the page. A handle: copies are the same page.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// The ticket's number.
    pub id: TicketId,
    /// The ticket, as it will be when what is under way succeeds.
    pub ticket: RwSignal<Ticket>,
    /// What has been written.
    pub comments: RwSignal<Run<Comment>>,
    /// What has been changed.
    pub history: RwSignal<Run<HistoryEntry>>,
    /// How far the conversation has come.
    pub talk: RwSignal<Talk>,
    /// A change is under way.
    pub busy: RwSignal<bool>,
    /// A change that met somebody else's.
    pub conflict: RwSignal<Option<Conflict>>,
    /// The names of the categories.
    pub categories: Categories,
    /// The language.
    pub i18n: I18n,
}

impl State {
    /// The state for a ticket that has been read; the conversation is read at once.
    pub fn new(ticket: Ticket, i18n: I18n) -> Self {
        let state = Self {
            id: ticket.id,
            ticket: RwSignal::new(ticket),
            comments: RwSignal::default(),
            history: RwSignal::default(),
            talk: RwSignal::new(Talk::Loading),
            busy: RwSignal::new(false),
            conflict: RwSignal::new(None),
            categories: Categories::load(),
            i18n,
        };
        state.load_talk();
        state
    }

    /// Whether the caller may do this; tracked.
    pub fn may(self, action: TicketAction) -> bool {
        self.ticket.with(|ticket| ticket.actions.contains(&action))
    }

    /// Reads the conversation from its start.
    pub fn load_talk(self) {
        self.talk.set(Talk::Loading);
        spawn_local(async move {
            let read = async {
                let comments = Run::default().read_on(true, |query| read_comments(self.id, query)).await?;
                let history = Run::default().read_on(true, |query| read_history(self.id, query)).await?;
                Ok((comments, history))
            };
            let talk = match read.await {
                Ok((comments, history)) => {
                    let _ = self.comments.try_set(comments);
                    let _ = self.history.try_set(history);
                    Talk::Here
                }
                Err(error) => Talk::Failed(error),
            };
            let _ = self.talk.try_set(talk);
        });
    }

    /// Reads on where the bound stopped it.
    pub async fn load_more(self) -> Result<(), ClientError> {
        let (Some(comments), Some(history)) = (self.comments.try_get_untracked(), self.history.try_get_untracked())
        else {
            return Ok(());
        };
        let comments = comments.read_on(false, |query| read_comments(self.id, query)).await?;
        let history = history.read_on(false, |query| read_history(self.id, query)).await?;
        let _ = self.comments.try_set(comments);
        let _ = self.history.try_set(history);
        Ok(())
    }

    /// Reads what has been changed anew, behind what is shown. A failure leaves what is shown.
    pub async fn refresh_history(self) {
        let read = Run::default().read_on(true, |query| read_history(self.id, query)).await;
        if let Ok(history) = read {
            let _ = self.history.try_set(history);
        }
    }

    /// Reads the ticket and its history anew: an answer changes more than the conversation.
    pub async fn refresh(self) {
        if let Ok(ticket) = api::read(self.id).await {
            let _ = self.ticket.try_set(ticket);
        }
        self.refresh_history().await;
    }

    /// Does what a control asks for, shown at once and taken back when it fails.
    pub fn wish(self, wish: Wish) {
        spawn_local(async move {
            if let Err(error) = self.fulfil(wish).await {
                use_toasts().error(error.message(self.i18n));
            }
        });
    }

    /// Does what is asked for, from the ticket as it is shown.
    pub async fn fulfil(self, wish: Wish) -> Result<bool, ClientError> {
        match self.ticket.try_get_untracked() {
            Some(before) => self.fulfil_from(before, wish).await,
            None => Ok(false),
        }
    }

    /// Does what is asked for, from the ticket as the person saw it when they began. A change that meets somebody
    /// else's becomes a question, not an error: then this is `Ok(false)`.
    pub async fn fulfil_from(self, mut before: Ticket, wish: Wish) -> Result<bool, ClientError> {
        let Some(shown) = self.ticket.try_get_untracked() else { return Ok(false) };
        let _ = self.busy.try_set(true);
        let _ = self.ticket.try_update(|ticket| wish.show_in(ticket));
        let outcome = loop {
            match wish.send(&before).await {
                Ok(ticket) => break Ok((ticket, None)),
                Err(error) => match Conflict::met(&error, &before, &wish) {
                    // What the others changed does not touch this: nothing of theirs is lost.
                    Some(conflict) if conflict.rows.is_empty() && conflict.current.version > before.version => {
                        before = conflict.current;
                    }
                    Some(conflict) => break Ok((conflict.current.clone(), Some(conflict))),
                    None => break Err(error),
                },
            }
        };
        let _ = self.busy.try_set(false);
        match outcome {
            Ok((ticket, conflict)) => {
                let done = conflict.is_none();
                let _ = self.ticket.try_set(ticket);
                let _ = self.conflict.try_set(conflict);
                self.refresh_history().await;
                Ok(done)
            }
            Err(error) => {
                let _ = self.ticket.try_set(shown);
                Err(error)
            }
        }
    }
}

async fn read_comments(id: TicketId, query: PageQuery) -> Result<Page<Comment>, ClientError> {
    api::comments(id, &query).await
}

async fn read_history(id: TicketId, query: PageQuery) -> Result<Page<HistoryEntry>, ClientError> {
    api::history(id, &query).await
}

/// Gives the ticket to somebody, or to nobody.
pub async fn assign(before: &Ticket, to: Option<&UserRef>) -> Result<Ticket, ClientError> {
    let request = AssignTicket { assignee_id: to.map(|person| person.id), version: Some(before.version) };
    api::assign(before.id, &request).await
}

//! What the page of one ticket knows, and how it changes.

use std::collections::HashMap;

use futures_util::future;
use leptos::{prelude::*, task::spawn_local};
use shared::{
    accounts::UserRef,
    ids::{CommentId, TicketId},
    page::{MAX_LIMIT, Page},
    permissions::TicketAction,
    problem::ProblemCode,
    tickets::{AssignTicket, Comment, HistoryEntry, PageQuery, Ticket},
};

use super::{
    quote::Quote,
    run::Run,
    viewers::Looking,
    wish::{Conflict, Wish},
};
use crate::{
    api::{ClientError, Purpose, tickets as api},
    i18n::{I18n, tu_string},
    tickets::words::Categories,
    ui::use_toasts,
};

/// How far the conversation has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Talk {
    /// It is being read for the first time.
    Loading,
    /// It could not be read.
    Failed(ClientError),
    /// It is here.
    Here,
    /// It was there, and is out of reach by now, with its ticket.
    Gone,
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
    /// The ticket went out of the caller's sight while it was shown: it can be read to its end.
    pub lost: RwSignal<bool>,
    /// How the choice about an edited text ended; the form keeps the text until then.
    pub text_choice: RwSignal<Option<Result<(), ClientError>>>,
    /// Which messages are being edited.
    edits: StoredValue<HashMap<CommentId, ArcRwSignal<bool>>>,
    /// What is to be quoted in the answer box.
    pub quote: RwSignal<Option<Quote>>,
    /// Tells the desk that the person looks at the ticket.
    pub looking: Looking,
    /// The names of the categories.
    pub categories: Categories,
    /// The language.
    pub i18n: I18n,
}

impl State {
    /// The state for a ticket that has been read; the conversation is read at once.
    pub fn new(ticket: Ticket, i18n: I18n) -> Self {
        let id = ticket.id;
        let state = Self {
            id,
            ticket: RwSignal::new(ticket),
            comments: RwSignal::default(),
            history: RwSignal::default(),
            talk: RwSignal::new(Talk::Loading),
            busy: RwSignal::new(false),
            conflict: RwSignal::new(None),
            lost: RwSignal::new(false),
            text_choice: RwSignal::new(None),
            edits: StoredValue::default(),
            quote: RwSignal::new(None),
            looking: Looking::at(id),
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

    /// Whether a message is being edited; `at_first`, when nobody has asked before. It is kept here, since the message is drawn
    /// anew whenever it changes.
    pub fn editing(self, id: CommentId, at_first: impl FnOnce() -> bool) -> ArcRwSignal<bool> {
        let find = |edits: &mut HashMap<_, _>| {
            ArcRwSignal::clone(edits.entry(id).or_insert_with(|| ArcRwSignal::new(at_first())))
        };
        // The page is gone, and nothing is edited in it.
        self.edits.try_update_value(find).unwrap_or_else(|| ArcRwSignal::new(false))
    }

    /// Reads the conversation from its start.
    pub fn load_talk(self) {
        self.talk.set(Talk::Loading);
        spawn_local(async move {
            let read = async {
                let comments = Run::read_from(None, |query| read_comments(self.id, query, ASKED));
                let history = Run::read_from(None, |query| read_history(self.id, query, ASKED));
                future::try_join(comments, history).await
            };
            let talk = match read.await {
                Ok((comments, history)) => {
                    self.take_over(comments, history);
                    Talk::Here
                }
                Err(error) if self.is_lost(&error) => return,
                Err(error) => Talk::Failed(error),
            };
            // An action may have found out meanwhile that the ticket is gone.
            self.talk.try_update(|shown| {
                if *shown != Talk::Gone {
                    *shown = talk;
                }
            });
        });
    }

    /// Reads on where the bound stopped it.
    pub async fn load_more(self) -> Result<(), ClientError> {
        if let Some(place) = self.comments.try_with_untracked(|run| run.next.clone()).flatten() {
            let read = Run::read_from(Some(place), |query| read_comments(self.id, query, ASKED)).await?;
            self.comments.try_update(|run| run.take_over(read));
        }
        if let Some(place) = self.history.try_with_untracked(|run| run.next.clone()).flatten() {
            let read = Run::read_from(Some(place), |query| read_history(self.id, query, ASKED)).await?;
            self.history.try_update(|run| run.take_over(read));
        }
        Ok(())
    }

    /// Reads what was written and changed since, behind what is shown: by the caller, and by anybody else meanwhile. A
    /// failure leaves what is shown.
    pub async fn catch_up(self) {
        if let Some((comments, history)) = self.read_on().await {
            self.take_over(comments, history);
        }
    }

    /// Reads what was written and changed since, without showing it.
    pub async fn read_on(self) -> Option<(Run<Comment>, Run<HistoryEntry>)> {
        let comments = self.comments.try_with_untracked(Run::tail)?;
        let history = self.history.try_with_untracked(Run::tail)?;
        // What was done is told only after what was said: a line "closed" must not hide the words that came with it.
        let comments = Run::read_from(comments, |query| read_comments(self.id, query, BY_ITSELF)).await.ok()?;
        let history = Run::read_from(history, |query| read_history(self.id, query, BY_ITSELF)).await.ok()?;
        Some((comments, history))
    }

    /// Reads messages again that lie before the last page: these, or all where nothing is known of what changed.
    pub async fn read_again(self, changed: Option<&[i64]>) -> Result<Vec<Comment>, ClientError> {
        let starts = self.comments.try_with_untracked(|run| run.starts_of(changed)).unwrap_or_default();
        let mut fresh = Vec::new();
        for cursor in starts {
            let query = PageQuery { limit: Some(MAX_LIMIT), cursor };
            fresh.extend(read_comments(self.id, query, BY_ITSELF).await?.items);
        }
        Ok(fresh)
    }

    /// Shows what was read.
    pub fn take_over(self, comments: Run<Comment>, history: Run<HistoryEntry>) {
        self.comments.try_update(|run| run.take_over(comments));
        self.history.try_update(|run| run.take_over(history));
    }

    /// Reads the ticket and its conversation anew: an answer changes more than the conversation.
    pub async fn refresh(self) {
        match api::read(self.id, BY_ITSELF).await {
            Ok(ticket) => self.show(ticket),
            Err(error) if self.is_lost(&error) => return,
            Err(_) => {}
        }
        self.catch_up().await;
    }

    /// Shows the ticket as it was read. What is under way knows better, and what was overtaken is late.
    pub fn show(self, read: Ticket) {
        if self.busy.try_get_untracked() != Some(false) {
            return;
        }
        if self.ticket.try_with_untracked(|shown| *shown != read && shown.version <= read.version) == Some(true) {
            let _ = self.ticket.try_set(read);
        }
    }

    /// Whether an error says that the ticket is out of reach by now; if so, the page says it from here on instead of
    /// showing what no longer is.
    pub fn is_lost(self, error: &ClientError) -> bool {
        let lost = says_lost(error);
        if lost {
            let _ = self.talk.try_set(Talk::Gone);
        }
        lost
    }

    /// Does what a control asks for, shown at once and taken back when it fails.
    pub fn wish(self, wish: Wish) {
        spawn_local(async move {
            if let Err(error) = self.fulfil(wish).await {
                use_toasts().error(self.unchanged(&error));
            }
        });
    }

    /// Why a change was not made. Without a line it does not wait for one, as an answer does: what others do meanwhile may be
    /// the reason not to make it, and a ticket that moves by itself later would surprise everybody. So it is said at once, and
    /// the ticket shows what it was; should only the acknowledgement have been lost, the live stream tells.
    pub fn unchanged(self, error: &ClientError) -> String {
        if *error == ClientError::Offline {
            tu_string!(self.i18n, tickets.ticket.unchanged).to_owned()
        } else {
            error.message(self.i18n)
        }
    }

    /// Why a text was not saved. Without a line it is not sent later, for somebody may have written another one meanwhile: it
    /// stays in its field, and in its draft, until the person saves it again.
    pub fn unsaved(self, error: &ClientError) -> String {
        if *error == ClientError::Offline {
            tu_string!(self.i18n, tickets.edit.unsaved).to_owned()
        } else {
            error.message(self.i18n)
        }
    }

    /// Does what is asked for, from the ticket as it is shown.
    pub async fn fulfil(self, wish: Wish) -> Result<bool, ClientError> {
        match self.ticket.try_get_untracked() {
            Some(before) => self.fulfil_from(before, wish).await,
            None => Ok(false),
        }
    }

    /// Does what is asked for, from the ticket as the person saw it when they began. A change that meets somebody
    /// else's becomes a question, and one that finds the ticket out of reach a page that says so; neither is an error:
    /// then this is `Ok(false)`.
    pub async fn fulfil_from(self, mut before: Ticket, wish: Wish) -> Result<bool, ClientError> {
        let Some(shown) = self.ticket.try_get_untracked() else { return Ok(false) };
        let _ = self.busy.try_set(true);
        let _ = self.ticket.try_update(|ticket| wish.show_in(ticket));
        let outcome = loop {
            match wish.send(&before).await {
                Ok(ticket) => break Ok((ticket, None)),
                Err(error) => match Conflict::met(&error, &before, &wish) {
                    // Somebody else did just that: there is nothing left to do.
                    Some(conflict) if wish.is_met_by(&conflict.current) => break Ok((conflict.current, None)),
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
                self.catch_up().await;
                Ok(done)
            }
            Err(error) => {
                let _ = self.ticket.try_set(shown);
                if self.is_lost(&error) { Ok(false) } else { Err(error) }
            }
        }
    }
}

/// The person asked for it.
const ASKED: Purpose = Purpose::Deliberate;
/// The page follows what happens, or what the person has just done.
const BY_ITSELF: Purpose = Purpose::Background;

/// Whether an error says that the ticket is out of reach by now.
pub fn says_lost(error: &ClientError) -> bool {
    match error.problem() {
        Some(problem) => match problem.code {
            ProblemCode::NotFound => true,
            // Somebody was quicker, and what it is now is none of the caller's business any more.
            ProblemCode::VersionConflict => problem.current.is_none(),
            _ => false,
        },
        None => false,
    }
}

async fn read_comments(id: TicketId, query: PageQuery, purpose: Purpose) -> Result<Page<Comment>, ClientError> {
    api::comments(id, &query, purpose).await
}

async fn read_history(id: TicketId, query: PageQuery, purpose: Purpose) -> Result<Page<HistoryEntry>, ClientError> {
    api::history(id, &query, purpose).await
}

/// Gives the ticket to somebody, or to nobody.
pub async fn assign(before: &Ticket, to: Option<&UserRef>) -> Result<Ticket, ClientError> {
    let request = AssignTicket { assignee_id: to.map(|person| person.id), version: Some(before.version) };
    api::assign(before.id, &request).await
}

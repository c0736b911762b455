//! What has been chosen and not yet arrived, beside the text that it goes with.

mod again;
mod item;

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, VecDeque},
};

use leptos::{ev, prelude::*};
use shared::{
    attachments::Attachment,
    ids::{CommentId, TicketId, UserId},
};
use web_sys::{File, Url};

pub use self::item::{Item, Stage};
use self::{
    again::{retry_lost, retry_soon, retry_when_told},
    item::Tries,
};
use super::rules::{Trouble, check, rules};
use crate::{
    api::{
        ClientError, Purpose,
        attachments::{self as api, Arrived, Target},
    },
    browser,
    chat::use_chat,
    lasting::lasting,
    live::{Line, use_live},
    session::{EndReason, Phase, use_session},
};

/// So many are sent at the same time; a browser has six connections to a server, and the page needs some.
const AT_ONCE: usize = 2;

/// Files in a row. A handle: copies are the same tray. Trays outlive every page, each for its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tray {
    items: RwSignal<Vec<Item>>,
}

/// What trays share.
struct Root {
    owner: Owner,
    trays: RefCell<HashMap<(UserId, String), Tray>>,
    /// Every file that arrived from this page, in that order: of two at the same moment none is missed.
    arrived: RwSignal<Vec<Attachment>>,
    files: RefCell<HashMap<u32, File>>,
    sending: RefCell<HashMap<u32, api::Sending>>,
    queue: RefCell<VecDeque<(Tray, u32)>>,
    next: Cell<u32>,
}

thread_local! {
    static ROOT: Root = {
        let (owner, arrived) = lasting(|| {
            let line = use_live().line();
            Effect::new(move |before: Option<bool>| {
                let online = line.get() == Line::Online;
                if online && before == Some(false) {
                    retry_lost();
                }
                online
            });
            Effect::new(move |before: Option<Option<UserId>>| {
                let (before, now) = (before.flatten(), use_session().user().map(|user| user.id));
                // Whoever logs out leaves nothing; whoever's session has ended by itself finds it again.
                let has_left = use_session().phase() == Phase::Out(Some(EndReason::LoggedOut));
                if let Some(gone) = before.filter(|&gone| has_left || now.is_some_and(|now| now != gone)) {
                    forget(gone);
                }
                now.or(before)
            });
            RwSignal::new(Vec::new())
        });
        _ = window_event_listener(ev::beforeunload, |event| {
            // The browser asks in its own words.
            if ROOT.with(Root::has_unsent) {
                event.prevent_default();
                event.set_return_value("-");
            }
        });
        Root {
            owner,
            trays: RefCell::default(),
            arrived,
            files: RefCell::default(),
            sending: RefCell::default(),
            queue: RefCell::default(),
            next: Cell::new(0),
        }
    };
}

impl Root {
    /// Whether the person at the screen would lose a file by leaving.
    fn has_unsent(&self) -> bool {
        let Some(user) = use_session().user_untracked() else { return false };
        self.trays.borrow().iter().any(|((owner, _), tray)| {
            *owner == user.id && tray.items.with_untracked(|items| items.iter().any(|item| !item.is_hopeless()))
        })
    }

    /// How many files the person at the screen has sent that have not come yet.
    fn count_under_way(&self) -> usize {
        let Some(user) = use_session().user_untracked() else { return 0 };
        let trays = self.trays.borrow();
        let theirs = trays.iter().filter(|((owner, _), _)| *owner == user.id);
        theirs
            .map(|(_, tray)| tray.items.with_untracked(|items| items.iter().filter(|item| item.is_under_way()).count()))
            .sum()
    }

    /// Whether a tray is that of the person at the screen.
    fn is_of_the_person(&self, tray: Tray) -> bool {
        let Some(user) = use_session().user_untracked() else { return false };
        self.trays.borrow().iter().any(|((owner, _), each)| *owner == user.id && *each == tray)
    }
}

/// The tray of this place for the person at the screen.
fn tray(place: String) -> Tray {
    ROOT.with(|root| {
        let make = || Tray { items: root.owner.with(|| RwSignal::new(Vec::new())) };
        match use_session().user_untracked() {
            Some(user) => *root.trays.borrow_mut().entry((user.id, place)).or_insert_with(make),
            None => make(),
        }
    })
}

/// Takes out whatever somebody had chosen or was sending: another person is at the screen, and would send it.
fn forget(user: UserId) {
    let trays: Vec<Tray> = ROOT.with(|root| {
        root.trays.borrow().iter().filter(|((owner, _), _)| *owner == user).map(|(_, tray)| *tray).collect()
    });
    for tray in trays {
        tray.clear();
    }
}

/// Beside the form of a new ticket.
pub fn new_ticket_tray() -> Tray {
    tray("ticket.new".to_owned())
}

/// Beside a reply, or a note.
pub fn answer_tray(ticket: TicketId, note: bool) -> Tray {
    tray(format!("ticket.{ticket}.{}", if note { "note" } else { "reply" }))
}

/// On their way to a ticket.
pub fn outgoing_tray(ticket: TicketId) -> Tray {
    tray(format!("ticket.{ticket}.outgoing"))
}

/// Beside a message to somebody.
pub fn chat_tray(peer: UserId) -> Tray {
    tray(format!("chat.{peer}"))
}

/// On their way to somebody.
pub fn chat_outgoing_tray(peer: UserId) -> Tray {
    tray(format!("chat.{peer}.outgoing"))
}

/// How many files have arrived from this page so far, wherever; untracked.
pub fn count_of_arrived() -> usize {
    ROOT.with(|root| root.arrived.with_untracked(Vec::len))
}

/// How many files the person at the screen has sent that have not come yet, wherever they go; untracked.
pub fn count_under_way() -> usize {
    ROOT.with(Root::count_under_way)
}

/// The files of a ticket that have arrived after the first so many; tracked.
pub fn arrived_since(count: usize, ticket: TicketId) -> Vec<Attachment> {
    ROOT.with(|root| {
        root.arrived.with(|all| all.iter().skip(count).filter(|file| file.ticket_id == ticket).cloned().collect())
    })
}

impl Tray {
    /// What is in it; tracked.
    pub fn items(self) -> Vec<Item> {
        self.items.get()
    }

    /// Whether nothing is in it; tracked.
    pub fn is_empty(self) -> bool {
        self.items.with(Vec::is_empty)
    }

    /// Whether something is ready to be sent; untracked.
    pub fn has_chosen(self) -> bool {
        self.items.with_untracked(|items| items.iter().any(Item::is_chosen))
    }

    /// Adds a file, under this name; one that cannot be attached says why, and is not sent.
    pub fn add(self, name: String, file: File) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size is a whole number")]
        let bytes = file.size() as u64;
        let checked = rules().with_untracked(|rules| check(rules.as_ref(), &name, bytes));
        let id = ROOT.with(|root| root.next.replace(root.next.get() + 1));
        let (stage, preview) = match checked {
            Ok(()) => {
                let picture = file.type_().starts_with("image/").then(|| Url::create_object_url_with_blob(&file).ok());
                ROOT.with(|root| root.files.borrow_mut().insert(id, file));
                (Stage::Chosen, picture.flatten())
            }
            Err(trouble) => (Stage::Failed(trouble), None),
        };
        self.items.update(|items| {
            items.push(Item { id, name, bytes, preview, stage, target: None, tries: Tries::default() });
        });
    }

    /// Takes a file out, wherever it stands: one on its way is broken off.
    pub fn remove(self, id: u32) {
        let item = self.items.try_update(|items| {
            let place = items.iter().position(|item| item.id == id)?;
            Some(items.remove(place))
        });
        if let Some(preview) = item.flatten().and_then(|item| item.preview) {
            Url::revoke_object_url(&preview).ok();
        }
        // Out of the table first: breaking off calls back.
        let sending = ROOT.with(|root| {
            root.files.borrow_mut().remove(&id);
            root.queue.borrow_mut().retain(|(_, queued)| *queued != id);
            root.sending.borrow_mut().remove(&id)
        });
        if let Some(sending) = sending {
            sending.cancel();
        }
        pump();
    }

    /// Takes all out.
    pub fn clear(self) {
        let ids: Vec<u32> = self.items.with_untracked(|items| items.iter().map(|item| item.id).collect());
        for id in ids {
            self.remove(id);
        }
    }

    /// Gives all that is in it to another tray.
    pub fn pour_into(self, other: Self) {
        let mut all = Vec::new();
        self.items.update(|items| std::mem::swap(items, &mut all));
        other.items.update(|items| items.extend(all));
    }

    /// Sends what is ready in it to a ticket, or to a comment there. It goes on by itself, each under its own name: a file that
    /// is sent again is stored once.
    pub fn hand_over(self, ticket: TicketId, comment: Option<CommentId>, purpose: Purpose) {
        let target = || Target::Ticket { ticket, comment, client_id: browser::fresh_name() };
        self.hand(outgoing_tray(ticket), purpose, target);
    }

    /// Sends what is ready in it to somebody, each file as a message of its own. It goes on by itself.
    pub fn hand_over_to(self, peer: UserId) {
        self.hand(chat_outgoing_tray(peer), Purpose::Background, || Target::Person {
            to: peer,
            client_id: browser::fresh_name(),
        });
    }

    fn hand(self, outgoing: Self, purpose: Purpose, target: impl Fn() -> Target) {
        let mut chosen = Vec::new();
        self.items.update(|items| {
            let (ready, rest) = std::mem::take(items).into_iter().partition(Item::is_chosen);
            (chosen, *items) = (ready, rest);
        });
        for item in &mut chosen {
            item.stage = Stage::Waiting;
            item.target = Some(target());
            item.tries.by_itself = purpose != Purpose::Deliberate;
        }
        ROOT.with(|root| root.queue.borrow_mut().extend(chosen.iter().map(|item| (outgoing, item.id))));
        outgoing.items.update(|items| items.extend(chosen));
        pump();
    }

    /// Tries a file again that did not get there: the person says so.
    pub fn retry(self, id: u32) {
        self.send_again(id, false);
    }

    /// Tries a file again, by itself or not.
    fn send_again(self, id: u32, by_itself: bool) {
        self.items.try_update(|items| {
            if let Some(item) = items.iter_mut().find(|item| item.id == id) {
                item.tries.by_itself = by_itself;
            }
        });
        self.set_stage(id, Stage::Waiting);
        ROOT.with(|root| root.queue.borrow_mut().push_back((self, id)));
        pump();
    }

    fn set_stage(self, id: u32, stage: Stage) {
        let place = |items: &Vec<Item>| items.iter().position(|item| item.id == id);
        let changes = self.items.with_untracked(|items| {
            place(items).and_then(|place| items.get(place)).is_some_and(|item| item.stage != stage)
        });
        if changes {
            self.items.update(|items| {
                if let Some(item) = items.iter_mut().find(|item| item.id == id) {
                    item.stage = stage;
                }
            });
        }
    }
}

/// Sends the next in the queue, as many at once as may be.
fn pump() {
    loop {
        let next = ROOT.with(|root| {
            let busy = root.sending.borrow().len() >= AT_ONCE;
            if busy { None } else { root.queue.borrow_mut().pop_front() }
        });
        let Some((tray, id)) = next else { return };
        start(tray, id);
    }
}

fn start(tray: Tray, id: u32) {
    // Between two people there is nobody to send it.
    if !ROOT.with(|root| root.is_of_the_person(tray)) {
        return tray.set_stage(id, Stage::Failed(Trouble::Failed(ClientError::SessionEnded)));
    }
    let item = tray.items.with_untracked(|items| items.iter().find(|item| item.id == id).cloned());
    let file = ROOT.with(|root| root.files.borrow().get(&id).cloned());
    let (Some(item), Some(file)) = (item, file) else { return };
    let Some(target) = item.target else { return };
    tray.set_stage(id, Stage::Sending(0));
    let progress = move |part: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
        let percent = (part * 100.0).clamp(0.0, 100.0) as u8;
        tray.set_stage(id, Stage::Sending(percent));
    };
    let purpose = if item.tries.by_itself { Purpose::Background } else { Purpose::Deliberate };
    match api::send(&target, (&item.name, &file), purpose, progress, move |outcome| end(tray, id, outcome)) {
        Some(sending) => ROOT.with(|root| drop(root.sending.borrow_mut().insert(id, sending))),
        None => tray.set_stage(id, Stage::Failed(Trouble::Failed(ClientError::Unreadable))),
    }
}

/// A file has arrived, or has not. One that was broken off is no longer in the table.
fn end(tray: Tray, id: u32, outcome: Result<Arrived, ClientError>) {
    if ROOT.with(|root| root.sending.borrow_mut().remove(&id)).is_some() {
        match outcome {
            Ok(arrived) => {
                match arrived {
                    Arrived::Attachment(attachment) => {
                        ROOT.with(|root| root.arrived.update(|all| all.push(*attachment)));
                    }
                    Arrived::Message(message) => use_chat().take(*message, false),
                }
                tray.remove(id);
            }
            Err(error) if retry_when_told(tray, id, &error) => {}
            Err(error) => {
                tray.set_stage(id, Stage::Failed(error.into()));
                if tray.items.with_untracked(|items| items.iter().any(|item| item.id == id && item.is_lost())) {
                    retry_soon(tray, id);
                }
            }
        }
    }
    pump();
}

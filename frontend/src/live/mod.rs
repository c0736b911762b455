//! The live stream: what happens on the desk reaches the page as it happens.
//!
//! One tab of a browser, the leader, holds the one socket and hands what comes to all others ([`tabs`]); when it closes,
//! another takes its place. [`use_live`] gives every part of the page the same [`Live`]: whether there is a [`Line`], who is
//! there, and what comes. It never extends the session, and nothing on the page needs it: without it, things come later.

mod attendance;
mod backoff;
mod banner;
mod dot;
mod engine;
mod leader;
mod once;
mod run;
mod socket;
mod succession;
mod tabs;
mod views;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    ids::{TicketId, UserId},
    live::{ClientFrame, Presence, PresenceState, ServerFrame},
};

pub use banner::OfflineBanner;
pub use dot::PresenceDot;
use views::View;

use crate::{browser, lasting::lasting};

/// Whether what happens is heard.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Line {
    /// Not yet, for the first time.
    Connecting,
    /// It is.
    Online,
    /// No more; it is tried again and again.
    Offline {
        /// Since when, in milliseconds since 1970.
        since: f64,
    },
}

/// The live stream of this page. A handle: copies are the same stream.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    line: RwSignal<Line>,
    people: RwSignal<HashMap<UserId, Presence>>,
    resynced: RwSignal<u32>,
    read: RwSignal<u32>,
}

/// Whoever hears what comes.
type Listener = Rc<dyn Fn(&ServerFrame)>;

thread_local! {
    /// The stream outlives every page, and is reached from futures that have lost their reactive owner.
    static ROOT: (Owner, Live) = lasting(|| Live {
        line: RwSignal::new(Line::Connecting),
        people: RwSignal::new(HashMap::new()),
        resynced: RwSignal::new(0),
        read: RwSignal::new(0),
    });
    static LISTENERS: RefCell<Vec<(u32, Listener)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// The live stream of this page; from anywhere.
pub fn use_live() -> Live {
    ROOT.with(|(_, live)| *live)
}

impl Live {
    /// Whether what happens is heard.
    pub fn line(self) -> Signal<Line> {
        self.line.into()
    }

    /// Changes whenever so much was missed that everything shown has to be read anew.
    pub fn resynced(self) -> Signal<u32> {
        self.resynced.into()
    }

    /// Changes whenever the person has read something in another tab of this browser.
    pub fn read_elsewhere(self) -> Signal<u32> {
        self.read.into()
    }

    /// Whether this tab holds the browser's socket now: one of its tabs does, or each where they cannot share one.
    pub fn leads(self) -> bool {
        run::leads()
    }

    /// Tells the other tabs that the person has read something here.
    pub fn has_read(self) {
        run::has_read();
    }

    /// Whether somebody is there; offline for whoever may not be seen, and for all while nothing is known.
    pub fn presence(self, user: UserId) -> Signal<PresenceState> {
        Memo::new(move |_| self.people.with(|people| people.get(&user).map_or(PresenceState::Offline, |one| one.state)))
            .into()
    }

    /// When somebody was last there; none while they are, or when it is not known.
    pub fn last_seen(self, user: UserId) -> Signal<Option<DateTime<Utc>>> {
        Memo::new(move |_| self.people.with(|people| people.get(&user).and_then(|one| one.last_seen_at))).into()
    }

    /// Hears everything that comes, each numbered frame once and in order, until the owner that calls this is gone.
    pub fn on_frame(self, listener: impl Fn(&ServerFrame) + 'static) {
        let id = NEXT.replace(NEXT.get().wrapping_add(1));
        LISTENERS.with_borrow_mut(|listeners| listeners.push((id, Rc::new(listener))));
        on_cleanup(move || LISTENERS.with_borrow_mut(|listeners| listeners.retain(|(other, _)| *other != id)));
    }

    /// Sends a frame, through whichever tab has the socket. Without a line it is lost: nothing that must arrive goes this
    /// way.
    pub fn send(self, frame: ClientFrame) {
        run::send(frame);
    }

    /// Says what this tab looks at, whatever the others do: told again after the line was away, and when the tab is looked at
    /// again.
    pub fn look_at(self, ticket_id: Option<TicketId>, writing: bool) {
        run::look_at(ticket_id.map(|ticket| View { ticket, writing }));
    }

    /// Follows the stream for as long as what calls this is shown.
    pub fn watch(self) {
        run::watch(self);
    }

    fn hear(self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Welcome { online, away, .. } => self.meet(online, away),
            ServerFrame::Presence(presence) => {
                self.people.update(|people| {
                    people.insert(presence.user_id, *presence);
                });
            }
            ServerFrame::Resync { .. } => self.resynced.update(|count| *count = count.wrapping_add(1)),
            _ => {}
        }
        // A listener may add or remove others.
        let listeners: Vec<Listener> =
            LISTENERS.with_borrow(|listeners| listeners.iter().map(|(_, listener)| Rc::clone(listener)).collect());
        for listener in listeners {
            listener(frame);
        }
    }

    /// These are there and nobody else.
    fn meet(self, online: &[UserId], away: &[UserId]) {
        let there = |(&user_id, state)| (user_id, Presence { user_id, state, last_seen_at: None });
        self.people.update(|people| {
            people.retain(|_, one| one.state == PresenceState::Offline);
            people.extend(online.iter().map(|user| (user, PresenceState::Online)).map(there));
            people.extend(away.iter().map(|user| (user, PresenceState::Away)).map(there));
        });
    }

    /// Takes over what was asked for: when those who are not there were last there.
    fn learn(self, presences: Vec<Presence>) {
        self.people.update(|people| {
            for one in presences {
                // What the stream said is newer; when they were there it does not say of those who are not.
                let known = people.entry(one.user_id).or_insert(one);
                if known.state == PresenceState::Offline {
                    known.last_seen_at = known.last_seen_at.max(one.last_seen_at);
                }
            }
        });
    }

    /// Takes over what the leader knows of who is there: all of it is as new as what it says.
    fn take_over(self, presences: Vec<Presence>) {
        self.people.update(|people| {
            for one in presences {
                let known = people.insert(one.user_id, one).and_then(|known| known.last_seen_at);
                if let Some(now) = people.get_mut(&one.user_id).filter(|now| now.state == PresenceState::Offline) {
                    now.last_seen_at = now.last_seen_at.max(known);
                }
            }
        });
    }

    fn forget(self) {
        self.people.set(HashMap::new());
        self.line.set(Line::Connecting);
    }

    fn set_line(self, line: Line) {
        let same = match (self.line.get_untracked(), line) {
            // It counts from when it went away, however often it was tried since.
            (Line::Offline { .. }, Line::Offline { .. }) => true,
            (before, now) => before == now,
        };
        if !same {
            // For style sheets, and for whoever drives the page from outside.
            browser::set_root_attribute("data-live", if line == Line::Online { "online" } else { "offline" });
            self.line.set(line);
        }
    }
}

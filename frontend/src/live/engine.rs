//! What one tab has of the stream, and what it tells the others and the server.

use std::collections::HashMap;

use leptos::leptos_dom::helpers::TimeoutHandle;
use shared::{ids::EventId, live::ClientFrame};

use super::{
    attendance::Attendance,
    leader::Candidacy,
    once::Heard,
    socket::Socket,
    succession::Following,
    tabs::{Lead, Tabs, Word},
    views::{View, Views},
};
use crate::browser;

/// What this tab has of the stream.
pub struct Engine {
    /// The way to the others.
    pub tabs: Option<Tabs>,
    /// Kept for the lead that it gives.
    pub candidacy: Option<Candidacy>,
    /// Whether it has the lead.
    pub leads: bool,
    /// The last lead that it knows of: its own, while it has it.
    pub lead: Lead,
    /// What it knows of whoever has it instead.
    pub following: Following,
    /// The socket of the leader.
    pub socket: Option<Socket>,
    /// Tells what comes of a socket from what comes of an earlier one.
    pub nth: u32,
    /// Whether the server has greeted it.
    pub welcomed: bool,
    /// How far the log has been heard.
    pub heard: Heard,
    /// How many tries have failed.
    pub failed: u32,
    /// How often its socket was one too many of the person's.
    pub crowded: u32,
    /// When the socket was opened.
    pub opened: f64,
    /// The next try.
    pub retry: Option<TimeoutHandle>,
    /// When anything was last heard of the server.
    pub last_frame: f64,
    /// When it was asked for a word, unless it has answered.
    pub asked_at: Option<f64>,
    /// Whether the person is at any tab.
    pub attendance: Attendance,
    /// When this tab last told of its own.
    pub told_input: f64,
    /// The name of this tab among the others.
    pub tab: String,
    /// Says to whoever leads that this tab is still there.
    pub alive: Option<Candidacy>,
    /// What this tab looks at.
    pub own_view: Option<View>,
    /// As the leader: what all of them look at, to be told to every new socket.
    views: Views,
    /// As the leader: those who would tell that another tab is gone, by its name.
    watches: HashMap<String, Candidacy>,
}

impl Engine {
    /// Begins behind the last event that this tab knows of.
    pub fn new(last: Option<EventId>) -> Self {
        let now = browser::now();
        Self {
            tabs: None,
            candidacy: None,
            leads: false,
            lead: 0,
            following: Following::new(now),
            socket: None,
            nth: 0,
            welcomed: false,
            heard: Heard::behind(last),
            failed: 0,
            crowded: 0,
            opened: now,
            retry: None,
            last_frame: now,
            asked_at: None,
            attendance: Attendance::new(now),
            told_input: 0.0,
            tab: browser::fresh_name(),
            alive: None,
            own_view: None,
            views: Views::default(),
            watches: HashMap::new(),
        }
    }

    /// Tells the other tabs. What a leader says is not said by one that leads no more.
    pub fn tell(&self, word: &Word) {
        let lead = word.is_of_leader().then_some(self.lead);
        if let Some(tabs) = self.tabs.as_ref().filter(|_| self.leads || lead.is_none()) {
            tabs.tell(lead, word);
        }
    }

    /// Sends it over the socket, where there is one.
    pub fn send(&self, frame: &ClientFrame) {
        if let Some(socket) = &self.socket {
            socket.send(frame);
        }
    }

    /// Sends it, or has the leader do it.
    pub fn pass_on(&self, frame: ClientFrame) {
        if !self.leads {
            self.tell(&Word::Send(frame));
            return;
        }
        self.send(&frame);
    }

    /// This tab looks at something, or at nothing.
    pub fn look(&mut self) {
        if self.leads {
            let tab = self.tab.clone();
            return self.note_view(&tab, self.own_view);
        }
        self.tell(&Word::View { tab: self.tab.clone(), view: self.own_view });
    }

    /// As the leader: a tab looks at something, or at nothing.
    pub fn note_view(&mut self, tab: &str, view: Option<View>) {
        if self.views.say(tab, view) {
            self.send(&self.views.frame());
        }
    }

    /// As the leader: whether it would be told that another tab is gone.
    pub fn is_watched(&self, tab: &str) -> bool {
        self.watches.contains_key(tab)
    }

    /// As the leader: keeps what would tell that another tab is gone.
    pub fn keep_watch(&mut self, tab: String, watch: Candidacy) {
        self.watches.insert(tab, watch);
    }

    /// As the leader: another tab is gone, and looks at nothing.
    pub fn lose(&mut self, tab: &str) {
        self.watches.remove(tab);
        self.note_view(tab, None);
    }

    /// The person is here.
    pub fn input(&mut self, now: f64) {
        if self.attendance.notes_input(now) && self.leads {
            self.send(&ClientFrame::Active { active: true });
        }
    }

    /// Begins on a new socket, behind what was heard on others. Nobody is here only because it was opened.
    pub fn greet(&mut self, now: f64) {
        let idle_seconds = self.attendance.begins(now);
        self.send(&ClientFrame::Hello { last_event: self.heard.last(), idle_seconds });
    }

    /// Tells a new socket what the one before knew.
    pub fn introduce(&self) {
        if !self.views.is_empty() {
            self.send(&self.views.frame());
        }
        // Also of somebody who is there: a device that never says so counts as left alone after a while.
        self.send(&ClientFrame::Active { active: self.attendance.is_active() });
    }

    /// Lets go of the socket and of the next try.
    pub fn let_go(&mut self) {
        self.socket = None;
        self.welcomed = false;
        self.asked_at = None;
        if let Some(retry) = self.retry.take() {
            retry.clear();
        }
    }
}

//! Invented tickets and people, to try a desk with.

use serde::{Deserialize, Serialize};

/// What is going on with the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DemoPhase {
    /// There is none.
    Idle,
    /// It is being loaded.
    Loading,
    /// It is there.
    Loaded,
    /// It is being removed.
    Removing,
    /// Loading or removing it was broken off, as by the end of the program; what is there can be removed.
    Interrupted,
}

impl DemoPhase {
    /// Whether it changes by itself, so that asking again is worth it.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Loading | Self::Removing)
    }
}

/// The demo of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoState {
    /// What is going on.
    pub phase: DemoPhase,
    /// How many tickets, and when it is being removed people too, are done.
    pub done: i64,
    /// Of how many.
    pub total: i64,
    /// Whether it can be loaded: there is none, and the desk has no tickets of its own.
    pub may_load: bool,
    /// How many invented people there are.
    pub people: i64,
    /// How many invented tickets.
    pub tickets: i64,
    /// How many comments of the desk's own are on invented tickets, and go with them.
    pub own_comments: i64,
    /// How many private messages of the desk's own are to or from invented people, and go with them.
    pub own_messages: i64,
    /// How many files are on invented tickets, all of them the desk's own, and go with them.
    pub own_files: i64,
    /// How many saved replies invented people keep for themselves alone, and go with them. Those that all of staff has go
    /// over to whoever removes the demo, except what it brought.
    pub own_replies: i64,
    /// How many views invented people keep for themselves alone, and go with them. Those that are shared go over to
    /// whoever removes the demo.
    pub own_views: i64,
}

/// What a new desk needs before it is used, and whether it has that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, each shown by itself")]
pub struct FirstSteps {
    /// Somebody besides whoever asks is there; invented people do not count.
    pub people: bool,
    /// The categories are no longer those that every desk begins with.
    pub categories: bool,
    /// The desk has a name, a colour or a logo of its own.
    pub appearance: bool,
    /// Somebody has opened a ticket; invented ones do not count.
    pub ticket: bool,
    /// An administrator has put the list of steps away, for all of them.
    pub put_away: bool,
}

impl FirstSteps {
    /// Whether nothing is left to do.
    pub fn is_complete(&self) -> bool {
        self.people && self.categories && self.appearance && self.ticket
    }
}

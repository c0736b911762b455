//! A file in a tray, and how far it has come.

use super::Trouble;
use crate::api::{ClientError, attachments::Target};

/// A file in a tray.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The number, never given twice.
    pub id: u32,
    /// What it is called.
    pub name: String,
    /// How large, in bytes.
    pub bytes: u64,
    /// The address of a picture, to be shown.
    pub preview: Option<String>,
    /// How far it has come.
    pub stage: Stage,
    /// Where it goes, once that is known.
    pub(super) target: Option<Target>,
    /// How it has fared so far.
    pub(super) tries: Tries,
}

/// How far a file has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// It waits for its text to be sent.
    Chosen,
    /// It waits for its turn.
    Waiting,
    /// It is on its way, so many percent of it.
    Sending(u8),
    /// It is not attached.
    Failed(Trouble),
}

/// How often a file was tried, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// The page sends it by itself, without the person having just said so: that extends no session.
    pub by_itself: bool,
    /// It was tried again by itself although the line was there.
    pub retried: bool,
    /// How often the server took no more just then.
    pub refusals: u8,
}

impl Item {
    /// Whether it was refused for what it is, so that nothing is lost with it.
    pub fn is_hopeless(&self) -> bool {
        matches!(&self.stage, Stage::Failed(trouble) if !trouble.may_pass())
    }

    /// Whether it did not get there because there was no line. It has a name of its own, so that it is stored once however often
    /// it comes: such a file is tried again without anybody asking for it.
    pub(super) fn is_lost(&self) -> bool {
        self.stage == Stage::Failed(Trouble::Failed(ClientError::Offline))
    }

    /// Whether the person has sent it, and it has not come yet: it may be on its way, or have failed and be tried again.
    pub(super) fn is_under_way(&self) -> bool {
        self.target.is_some() && !self.is_hopeless()
    }

    /// Whether it waits for its text to be sent.
    pub(super) fn is_chosen(&self) -> bool {
        self.stage == Stage::Chosen
    }
}

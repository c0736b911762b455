//! What belongs together in the list of keys.

use super::Command;
use crate::i18n::{I18n, t_string};

/// What belongs together in the list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The ticket that is shown.
    Ticket,
    /// The ticket that is shown, or the one under the cursor of a list.
    Either,
    /// A list.
    List,
    /// Places.
    Places,
    /// Everything else.
    Rest,
}

impl Group {
    /// All, in their order.
    pub const ALL: [Self; 5] = [Self::Ticket, Self::Either, Self::List, Self::Places, Self::Rest];

    /// What it is called.
    pub fn words(self, i18n: I18n) -> &'static str {
        match self {
            Self::Ticket => t_string!(i18n, commands.group.ticket),
            Self::Either => t_string!(i18n, commands.group.either),
            Self::List => t_string!(i18n, commands.group.list),
            Self::Places => t_string!(i18n, commands.group.places),
            Self::Rest => t_string!(i18n, commands.group.rest),
        }
    }
}

impl Command {
    /// What it belongs to.
    pub fn group(self) -> Group {
        match self {
            _ if Self::OF_TICKET.contains(&self) => Group::Ticket,
            Self::RowStatus | Self::RowPriority | Self::RowAssignee => Group::Either,
            _ if Self::OF_LIST.contains(&self) || Self::OF_BAR.contains(&self) => Group::List,
            Self::View => Group::Places,
            _ if self.place().is_some() => Group::Places,
            _ => Group::Rest,
        }
    }

    /// Whether it is about a ticket that the person has before them: such things are offered first, and not remembered.
    pub fn is_of_ticket(self) -> bool {
        matches!(self.group(), Group::Ticket | Group::Either)
    }
}

//! The things themselves.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use shared::{
    accounts::{Locale as Language, Role},
    permissions::DeskAction,
};

use crate::{
    i18n::{I18n, t_string},
    ui::Symbol,
};

/// Something a person can do. Its name in JSON is kept in browsers, so it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Write a public answer to the ticket that is shown.
    Answer,
    /// Write a note for staff on the ticket that is shown.
    Note,
    /// Take the ticket that is shown.
    Take,
    /// Give it back to the queue.
    PutBack,
    /// Close it.
    Close,
    /// Open it again.
    Reopen,
    /// Copy its address.
    CopyLink,
    /// Print it, or keep it as a PDF file.
    Print,
    /// Go to the next row of a list.
    NextRow,
    /// Go to the row before.
    PreviousRow,
    /// Choose the row under the cursor, or choose it no more.
    ChooseRow,
    /// Change where its ticket stands.
    RowStatus,
    /// Change how soon.
    RowPriority,
    /// Give it to somebody.
    RowAssignee,
    /// Open a ticket.
    NewTicket,
    /// Go to where one looks for something.
    Search,
    /// The list of tickets.
    Tickets,
    /// One's own tickets.
    Mine,
    /// The tickets that nobody has.
    Unassigned,
    /// The urgent ones.
    Urgent,
    /// Private messages.
    Chat,
    /// What the person was told of.
    Notifications,
    /// The desk's people.
    People,
    /// The desk's categories.
    Categories,
    /// The audit log.
    Audit,
    /// The desk's mails.
    Mail,
    /// The desk's settings.
    Settings,
    /// What the desk runs on.
    About,
    /// One's own settings.
    Profile,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// As the system says.
    System,
    /// Five more minutes.
    StayLonger,
    /// Leave.
    LogOut,
    /// Which keys there are.
    Keys,
    /// Speak this language. Its name in JSON is the language's tag.
    #[serde(untagged)]
    Language(Language),
}

/// What belongs together in the list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The ticket that is shown.
    Ticket,
    /// A list, which does it itself: only it knows what is under the cursor.
    List,
    /// Places.
    Places,
    /// Everything else.
    Rest,
}

impl Group {
    /// All, in their order.
    pub const ALL: [Self; 4] = [Self::Ticket, Self::List, Self::Places, Self::Rest];

    /// What it is called.
    pub fn words(self, i18n: I18n) -> &'static str {
        match self {
            Self::Ticket => t_string!(i18n, commands.group.ticket),
            Self::List => t_string!(i18n, commands.group.list),
            Self::Places => t_string!(i18n, commands.group.places),
            Self::Rest => t_string!(i18n, commands.group.rest),
        }
    }
}

impl Command {
    /// What is offered before the languages.
    const FIRST: [Self; 32] = [
        Self::Answer,
        Self::Note,
        Self::Take,
        Self::PutBack,
        Self::Close,
        Self::Reopen,
        Self::CopyLink,
        Self::Print,
        Self::NextRow,
        Self::PreviousRow,
        Self::ChooseRow,
        Self::RowStatus,
        Self::RowPriority,
        Self::RowAssignee,
        Self::NewTicket,
        Self::Search,
        Self::Tickets,
        Self::Mine,
        Self::Unassigned,
        Self::Urgent,
        Self::Chat,
        Self::Notifications,
        Self::People,
        Self::Categories,
        Self::Audit,
        Self::Mail,
        Self::Settings,
        Self::About,
        Self::Profile,
        Self::Light,
        Self::Dark,
        Self::System,
    ];

    /// What is offered after them.
    const LAST: [Self; 3] = [Self::StayLonger, Self::LogOut, Self::Keys];

    /// All, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::FIRST.into_iter().chain(Language::ALL.map(Self::Language)).chain(Self::LAST)
    }

    /// What the page of a ticket does.
    pub const OF_TICKET: [Self; 8] =
        [Self::Answer, Self::Note, Self::Take, Self::PutBack, Self::Close, Self::Reopen, Self::CopyLink, Self::Print];

    /// What a list does.
    pub const OF_LIST: [Self; 6] =
        [Self::NextRow, Self::PreviousRow, Self::ChooseRow, Self::RowStatus, Self::RowPriority, Self::RowAssignee];

    /// Where it leads, when it is a place.
    pub fn place(self) -> Option<&'static str> {
        Some(match self {
            Self::NewTicket => "/tickets/new",
            Self::Tickets => "/tickets",
            Self::Mine => "/tickets?assignee_id=me",
            Self::Unassigned => "/tickets?assignee_id=none",
            Self::Urgent => "/tickets?priority=urgent",
            Self::Chat => "/chat",
            Self::Notifications => "/notifications",
            Self::People => "/people",
            Self::Categories => "/categories",
            Self::Audit => "/audit",
            Self::Mail => "/mail",
            Self::Settings => "/settings",
            Self::About => "/about",
            Self::Profile => "/profile",
            _ => return None,
        })
    }

    /// Whether only the page that is shown can do it, and says when.
    pub fn is_of_ticket(self) -> bool {
        self.group() == Group::Ticket
    }

    /// Whether somebody of this role has any use for it.
    pub fn is_for(self, role: Role) -> bool {
        let needed = match self {
            Self::Mine | Self::Unassigned | Self::Urgent | Self::Note | Self::Take | Self::PutBack => {
                return role.is_staff();
            }
            Self::ChooseRow | Self::RowStatus | Self::RowPriority | Self::RowAssignee => return role.is_staff(),
            Self::People => DeskAction::ManageUsers,
            Self::Categories => DeskAction::ManageCategories,
            Self::Audit => DeskAction::ReadAudit,
            Self::Mail => DeskAction::ManageMail,
            Self::Settings | Self::About => DeskAction::ManageSettings,
            _ => return true,
        };
        shared::permissions::can(role, needed)
    }

    /// What it belongs to.
    pub fn group(self) -> Group {
        match self {
            _ if Self::OF_TICKET.contains(&self) => Group::Ticket,
            _ if Self::OF_LIST.contains(&self) => Group::List,
            _ if self.place().is_some() => Group::Places,
            _ => Group::Rest,
        }
    }

    /// The keys that do it unless the person chose others: one, or two after each other.
    pub fn usual_keys(self) -> &'static str {
        match self {
            Self::Answer => "r",
            Self::Note => "i",
            Self::Take => "t",
            Self::Close => "e",
            Self::CopyLink => "y",
            Self::NextRow => "j",
            Self::PreviousRow => "k",
            Self::ChooseRow => "x",
            Self::RowStatus => "s",
            Self::RowPriority => "p",
            Self::RowAssignee => "a",
            Self::NewTicket => "c",
            Self::Search => "/",
            Self::Tickets => "g t",
            Self::Mine => "g m",
            Self::Unassigned => "g s",
            Self::Urgent => "g u",
            Self::Chat => "g c",
            Self::Notifications => "g n",
            Self::People => "g p",
            Self::Settings => "g a",
            Self::Profile => "g y",
            Self::Keys => "?",
            _ => "",
        }
    }

    /// What stands before its name.
    pub fn symbol(self) -> Symbol {
        match self {
            Self::Answer => Symbol::Comment,
            Self::Note => Symbol::Lock,
            Self::Take | Self::Mine => Symbol::Inbox,
            Self::PutBack | Self::Unassigned => Symbol::Unassigned,
            Self::Close | Self::ChooseRow => Symbol::Check,
            Self::Reopen | Self::StayLonger | Self::RowStatus => Symbol::Clock,
            Self::CopyLink => Symbol::Clip,
            Self::Print => Symbol::File,
            Self::NewTicket => Symbol::Plus,
            Self::Search => Symbol::Search,
            Self::Tickets | Self::NextRow | Self::PreviousRow => Symbol::Ticket,
            Self::Urgent | Self::RowPriority => Symbol::Urgent,
            Self::Chat => Symbol::Send,
            Self::Notifications => Symbol::Bell,
            Self::People | Self::Profile | Self::RowAssignee => Symbol::Person,
            Self::Categories => Symbol::Labels,
            Self::Audit => Symbol::Log,
            Self::Mail => Symbol::Mail,
            Self::Settings => Symbol::Sliders,
            Self::About | Self::Keys => Symbol::Info,
            Self::Light => Symbol::Sun,
            Self::Dark => Symbol::Moon,
            Self::System => Symbol::Contrast,
            Self::Language(_) => Symbol::Language,
            Self::LogOut => Symbol::Leave,
        }
    }

    /// What it is called.
    pub fn words(self, i18n: I18n) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Answer => t_string!(i18n, commands.answer),
            Self::Note => t_string!(i18n, commands.note),
            Self::Take => t_string!(i18n, commands.take),
            Self::PutBack => t_string!(i18n, commands.put_back),
            Self::Close => t_string!(i18n, commands.close),
            Self::Reopen => t_string!(i18n, commands.reopen),
            Self::CopyLink => t_string!(i18n, commands.copy_link),
            Self::Print => t_string!(i18n, commands.print),
            Self::NextRow => t_string!(i18n, commands.next_row),
            Self::PreviousRow => t_string!(i18n, commands.previous_row),
            Self::ChooseRow => t_string!(i18n, commands.choose_row),
            Self::RowStatus => t_string!(i18n, commands.row_status),
            Self::RowPriority => t_string!(i18n, commands.row_priority),
            Self::RowAssignee => t_string!(i18n, commands.row_assignee),
            Self::NewTicket => t_string!(i18n, common.nav.new_ticket),
            Self::Search => t_string!(i18n, common.nav.search),
            Self::Tickets => t_string!(i18n, common.nav.tickets),
            Self::Mine => t_string!(i18n, common.nav.mine),
            Self::Unassigned => t_string!(i18n, common.nav.unassigned),
            Self::Urgent => t_string!(i18n, common.nav.urgent),
            Self::Chat => t_string!(i18n, common.nav.chat),
            Self::Notifications => t_string!(i18n, common.notifications),
            Self::People => t_string!(i18n, common.nav.people),
            Self::Categories => t_string!(i18n, common.nav.categories),
            Self::Audit => t_string!(i18n, common.nav.audit),
            Self::Mail => t_string!(i18n, common.nav.mail),
            Self::Settings => t_string!(i18n, common.nav.settings),
            Self::About => t_string!(i18n, common.nav.about),
            Self::Profile => t_string!(i18n, common.nav.profile),
            Self::Light => t_string!(i18n, commands.light),
            Self::Dark => t_string!(i18n, commands.dark),
            Self::System => t_string!(i18n, commands.system),
            Self::Language(language) => return t_string!(i18n, commands.language, name = language.name()).into(),
            Self::StayLonger => t_string!(i18n, commands.stay_longer),
            Self::LogOut => t_string!(i18n, common.nav.log_out),
            Self::Keys => t_string!(i18n, commands.keys),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_are_listed_and_no_two_have_the_same_keys() {
        let listed: BTreeSet<Command> = Command::all().collect();
        assert_eq!(listed.len(), Command::all().count());
        let keys: Vec<&str> = Command::all().map(Command::usual_keys).filter(|keys| !keys.is_empty()).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
        let in_list = Command::all().filter(|command| command.group() == Group::List);
        assert!(in_list.eq(Command::OF_LIST));
        // One that is the beginning of another would always win.
        assert!(keys.iter().all(|one| keys.iter().all(|other| !other.starts_with(&format!("{one} ")))));
    }

    #[test]
    fn every_language_is_offered_and_kept_by_its_tag() {
        for language in Language::ALL {
            let command = Command::Language(language);
            assert!(Command::all().any(|other| other == command));
            assert_eq!(serde_json::to_value(command).unwrap(), language.as_str());
        }
        let kept = std::collections::BTreeMap::from([(Command::Language(Language::En), "g e"), (Command::LogOut, "")]);
        assert_eq!(serde_json::to_string(&kept).unwrap(), r#"{"log_out":"","en":"g e"}"#);
        for command in Command::all() {
            let name = serde_json::to_value(command).unwrap();
            assert_eq!(serde_json::from_value::<Command>(name).unwrap(), command);
        }
    }

    #[test]
    fn users_are_offered_nothing_that_is_for_staff() {
        let offered = |role| Command::all().filter(move |command| command.is_for(role));
        assert!(offered(Role::User).all(|command| !matches!(command, Command::Note | Command::People | Command::Mail)));
        assert!(offered(Role::Technician).any(|command| command == Command::Note));
        assert_eq!(offered(Role::Admin).count(), Command::all().count());
    }
}

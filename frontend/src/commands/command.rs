//! The things themselves.

use serde::{Deserialize, Serialize};
use shared::{
    accounts::{Locale as Language, Role},
    permissions::DeskAction,
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
    /// Change what it is about.
    TicketCategory,
    /// Change its title and its description.
    EditText,
    /// Be told of what happens to it.
    Follow,
    /// Be told no more.
    Unfollow,
    /// Let somebody follow it.
    Invite,
    /// Go to the next row of a list.
    NextRow,
    /// Go to the row before.
    PreviousRow,
    /// Choose the row under the cursor, or choose it no more.
    ChooseRow,
    /// Look into the ticket of the row.
    Peek,
    /// Change where a ticket stands: the one of the row, or the one that is shown.
    RowStatus,
    /// Change how soon.
    RowPriority,
    /// Give it to somebody.
    RowAssignee,
    /// Order the list.
    Order,
    /// Narrow it to one priority.
    FilterPriority,
    /// Narrow it to one category.
    FilterCategory,
    /// Narrow it to what one person deals with.
    FilterAssignee,
    /// The list as a file.
    Export,
    /// Show or hide columns of the list.
    Columns,
    /// Keep what the list shows as a view.
    SaveView,
    /// Narrow the list no more.
    ClearFilters,
    /// Open a ticket.
    NewTicket,
    /// Go to where one looks for something.
    Search,
    /// What the role needs first.
    Dashboard,
    /// The list of tickets.
    Tickets,
    /// One's own tickets.
    Mine,
    /// The tickets that nobody has.
    Unassigned,
    /// The urgent ones.
    Urgent,
    /// Those that wait for the person.
    Waiting,
    /// One of the views of the list.
    View,
    /// Private messages.
    Chat,
    /// Write to somebody.
    NewChat,
    /// What the person was told of.
    Notifications,
    /// The replies that are kept.
    Replies,
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
    /// Mark all that the person was told of as read.
    ReadAll,
    /// Make the rail narrow, or wide again.
    Rail,
    /// Five more minutes.
    StayLonger,
    /// Leave.
    LogOut,
    /// Which keys there are.
    Keys,
    /// Say what one wants done: what offers all this.
    Palette,
    /// Speak this language. Its name in JSON is the language's tag.
    #[serde(untagged)]
    Language(Language),
}

impl Command {
    /// What is offered before the languages.
    const FIRST: [Self; 52] = [
        Self::Answer,
        Self::Note,
        Self::Take,
        Self::PutBack,
        Self::Close,
        Self::Reopen,
        Self::RowStatus,
        Self::RowPriority,
        Self::RowAssignee,
        Self::TicketCategory,
        Self::EditText,
        Self::Follow,
        Self::Unfollow,
        Self::Invite,
        Self::CopyLink,
        Self::Print,
        Self::NextRow,
        Self::PreviousRow,
        Self::ChooseRow,
        Self::Peek,
        Self::Order,
        Self::FilterPriority,
        Self::FilterCategory,
        Self::FilterAssignee,
        Self::Export,
        Self::Columns,
        Self::SaveView,
        Self::ClearFilters,
        Self::NewTicket,
        Self::Search,
        Self::Dashboard,
        Self::Tickets,
        Self::Mine,
        Self::Unassigned,
        Self::Urgent,
        Self::Waiting,
        Self::View,
        Self::Chat,
        Self::NewChat,
        Self::Notifications,
        Self::Replies,
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
        Self::ReadAll,
    ];

    /// What is offered after them.
    const LAST: [Self; 5] = [Self::Rail, Self::StayLonger, Self::LogOut, Self::Keys, Self::Palette];

    /// All, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::FIRST.into_iter().chain(Language::ALL.map(Self::Language)).chain(Self::LAST)
    }

    /// What only the page of a ticket does.
    pub const OF_TICKET: [Self; 13] = [
        Self::Answer,
        Self::Note,
        Self::Take,
        Self::PutBack,
        Self::Close,
        Self::Reopen,
        Self::TicketCategory,
        Self::EditText,
        Self::Follow,
        Self::Unfollow,
        Self::Invite,
        Self::CopyLink,
        Self::Print,
    ];

    /// What a list does when their keys are pressed: only it knows what is under the cursor.
    pub const OF_LIST: [Self; 7] = [
        Self::RowStatus,
        Self::RowPriority,
        Self::RowAssignee,
        Self::NextRow,
        Self::PreviousRow,
        Self::ChooseRow,
        Self::Peek,
    ];

    /// What is done with a list as a whole.
    pub const OF_BAR: [Self; 8] = [
        Self::Order,
        Self::FilterPriority,
        Self::FilterCategory,
        Self::FilterAssignee,
        Self::Export,
        Self::Columns,
        Self::SaveView,
        Self::ClearFilters,
    ];

    /// What is for staff only.
    const OF_STAFF: [Self; 13] = [
        Self::Note,
        Self::Take,
        Self::PutBack,
        Self::TicketCategory,
        Self::Invite,
        Self::ChooseRow,
        Self::RowStatus,
        Self::RowPriority,
        Self::RowAssignee,
        Self::Mine,
        Self::Unassigned,
        Self::Urgent,
        Self::Replies,
    ];

    /// Where it leads, when it is a place.
    pub fn place(self) -> Option<&'static str> {
        Some(match self {
            Self::NewTicket => "/tickets/new",
            Self::Dashboard => "/",
            Self::Tickets => "/tickets",
            Self::Mine => "/tickets?assignee_id=me",
            Self::Unassigned => "/tickets?assignee_id=none",
            Self::Urgent => "/tickets?priority=urgent",
            Self::Waiting => "/tickets?waiting_for=me",
            Self::Chat => "/chat",
            Self::NewChat => "/chat?find=person",
            Self::Replies => "/replies",
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

    /// Whether somebody of this role has any use for it.
    pub fn is_for(self, role: Role) -> bool {
        let needed = match self {
            _ if Self::OF_STAFF.contains(&self) => return role.is_staff(),
            Self::People | Self::FilterAssignee => DeskAction::ManageUsers,
            Self::Categories => DeskAction::ManageCategories,
            Self::Audit => DeskAction::ReadAudit,
            Self::Mail => DeskAction::ManageMail,
            Self::Settings | Self::About => DeskAction::ManageSettings,
            _ => return true,
        };
        shared::permissions::can(role, needed)
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
            Self::Peek => "space",
            Self::RowStatus => "s",
            Self::RowPriority => "p",
            Self::RowAssignee => "a",
            Self::NewTicket => "c",
            Self::Search => "/",
            Self::Dashboard => "g d",
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
            Self::Palette => "ctrl+k",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{
        super::{group::Group, keys::Keys},
        *,
    };

    #[wasm_bindgen_test(unsupported = test)]
    fn all_are_listed_and_no_two_have_the_same_keys() {
        let listed: BTreeSet<Command> = Command::all().collect();
        assert_eq!(listed.len(), Command::all().count());
        let keys: Vec<&str> = Command::all().map(Command::usual_keys).filter(|keys| !keys.is_empty()).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
        assert!(keys.iter().all(|keys| Keys::parse(keys).is_some_and(|read| read.to_string() == **keys)));
        for own in [Command::OF_TICKET.as_slice(), Command::OF_LIST.as_slice()] {
            assert!(own.iter().copied().eq(Command::all().filter(|command| own.contains(command))));
        }
        // A list does what can be done with its row; it is not done by the ticket that is shown as well.
        assert!(Command::OF_LIST.iter().all(|command| matches!(command.group(), Group::Either | Group::List)));
        // One that is the beginning of another would always win.
        assert!(keys.iter().all(|one| keys.iter().all(|other| !other.starts_with(&format!("{one} ")))));
    }

    #[wasm_bindgen_test(unsupported = test)]
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

    #[wasm_bindgen_test(unsupported = test)]
    fn users_are_offered_nothing_that_is_for_staff() {
        let offered = |role| Command::all().filter(move |command| command.is_for(role));
        assert!(offered(Role::User).all(|command| !matches!(command, Command::Note | Command::People | Command::Mail)));
        assert!(offered(Role::Technician).any(|command| command == Command::Note));
        assert_eq!(offered(Role::Admin).count(), Command::all().count());
    }
}

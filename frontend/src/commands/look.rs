//! How commands look and what they are called.

use std::borrow::Cow;

use super::Command;
use crate::{
    i18n::{I18n, t_string},
    ui::Symbol,
};

impl Command {
    /// What stands before its name.
    pub fn symbol(self) -> Symbol {
        match self {
            Self::Answer => Symbol::Comment,
            Self::Note => Symbol::Lock,
            Self::Take | Self::Mine => Symbol::Inbox,
            Self::PutBack | Self::Unassigned => Symbol::Unassigned,
            Self::Close | Self::ChooseRow | Self::ReadAll => Symbol::Check,
            Self::Reopen | Self::StayLonger | Self::RowStatus | Self::Waiting => Symbol::Clock,
            Self::CopyLink => Symbol::Clip,
            Self::Print | Self::Replies | Self::Export => Symbol::File,
            Self::NewTicket => Symbol::Plus,
            Self::Follow | Self::Peek | Self::Columns => Symbol::Eye,
            Self::Unfollow => Symbol::EyeOff,
            Self::EditText | Self::NewChat => Symbol::Pencil,
            Self::SaveView | Self::View | Self::FilterPriority | Self::FilterCategory | Self::FilterAssignee => {
                Symbol::Funnel
            }
            Self::Order => Symbol::Table,
            Self::ClearFilters => Symbol::Cross,
            Self::Dashboard => Symbol::Board,
            Self::Rail => Symbol::Collapse,
            Self::Search | Self::Palette => Symbol::Search,
            Self::Tickets | Self::NextRow | Self::PreviousRow => Symbol::Ticket,
            Self::Urgent | Self::RowPriority => Symbol::Urgent,
            Self::Chat => Symbol::Send,
            Self::Notifications => Symbol::Bell,
            Self::People | Self::Profile | Self::RowAssignee | Self::Invite => Symbol::Person,
            Self::Categories | Self::TicketCategory => Symbol::Labels,
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
            Self::TicketCategory => t_string!(i18n, commands.ticket_category),
            Self::EditText => t_string!(i18n, commands.edit_text),
            Self::Follow => t_string!(i18n, commands.follow),
            Self::Unfollow => t_string!(i18n, commands.unfollow),
            Self::Invite => t_string!(i18n, conversation.watchers.invite_label),
            Self::NextRow => t_string!(i18n, commands.next_row),
            Self::PreviousRow => t_string!(i18n, commands.previous_row),
            Self::ChooseRow => t_string!(i18n, commands.choose_row),
            Self::Peek => t_string!(i18n, commands.peek),
            Self::RowStatus => t_string!(i18n, commands.row_status),
            Self::RowPriority => t_string!(i18n, commands.row_priority),
            Self::RowAssignee => t_string!(i18n, commands.row_assignee),
            Self::Order => t_string!(i18n, commands.order),
            Self::FilterPriority => t_string!(i18n, commands.filter_priority),
            Self::FilterCategory => t_string!(i18n, commands.filter_category),
            Self::FilterAssignee => t_string!(i18n, commands.filter_assignee),
            Self::Export => t_string!(i18n, exports.menu_label),
            Self::Columns => t_string!(i18n, commands.columns),
            Self::SaveView => t_string!(i18n, commands.save_view),
            Self::ClearFilters => t_string!(i18n, tickets.list.clear),
            Self::NewTicket => t_string!(i18n, common.nav.new_ticket),
            Self::Search => t_string!(i18n, common.nav.search),
            Self::Dashboard => t_string!(i18n, common.nav.dashboard),
            Self::Tickets => t_string!(i18n, common.nav.tickets),
            Self::Mine => t_string!(i18n, common.nav.mine),
            Self::Unassigned => t_string!(i18n, common.nav.unassigned),
            Self::Urgent => t_string!(i18n, common.nav.urgent),
            Self::Waiting => t_string!(i18n, views.waiting),
            Self::View => t_string!(i18n, commands.view),
            Self::Chat => t_string!(i18n, common.nav.chat),
            Self::NewChat => t_string!(i18n, commands.new_chat),
            Self::Notifications => t_string!(i18n, notifications.title),
            Self::Replies => t_string!(i18n, replies.title),
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
            Self::ReadAll => t_string!(i18n, commands.read_all),
            Self::Rail => t_string!(i18n, commands.rail),
            Self::StayLonger => t_string!(i18n, commands.stay_longer),
            Self::LogOut => t_string!(i18n, common.nav.log_out),
            Self::Keys => t_string!(i18n, commands.keys),
            Self::Palette => t_string!(i18n, commands.palette),
        })
    }
}

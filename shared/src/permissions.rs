//! Who may do what: one table, used by the server to decide and by the page to show.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{accounts::Role, attachments::ATTACHMENT_DELETE_MINUTES};

/// Which tickets a technician sees besides those they opened or follow (`TECHNICIAN_SCOPE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TechnicianScope {
    /// Only those assigned to them.
    Assigned,
    /// Those assigned to them and those nobody has, which they may take.
    #[default]
    Queue,
    /// All.
    All,
}

impl TechnicianScope {
    /// Every scope, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Assigned, Self::Queue, Self::All];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Queue => "queue",
            Self::All => "all",
        }
    }
}

/// How a person stands to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "four independent facts, each asked for by name")]
pub struct Relation {
    /// They have the problem.
    pub requester: bool,
    /// They deal with it.
    pub assignee: bool,
    /// They were invited to follow it.
    pub watcher: bool,
    /// Nobody deals with it yet.
    pub unassigned: bool,
}

/// What can be done with a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TicketAction {
    /// Know that it exists and read it.
    View,
    /// Comment in public, and attach files.
    Comment,
    /// Read and write internal notes.
    Note,
    /// Change title and description.
    EditText,
    /// Change state, priority and category.
    Triage,
    /// Close it.
    Close,
    /// Open it again.
    Reopen,
    /// Take it, when nobody has it, or put back one's own.
    Take,
    /// Give it to anyone on staff.
    Assign,
    /// Let others follow it, and see to it that they no longer do.
    Invite,
}

impl TicketAction {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::View,
        Self::Comment,
        Self::Note,
        Self::EditText,
        Self::Triage,
        Self::Close,
        Self::Reopen,
        Self::Take,
        Self::Assign,
        Self::Invite,
    ];
}

/// What can be done with the desk as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeskAction {
    /// Open a ticket for oneself.
    CreateTicket,
    /// Open a ticket for somebody else.
    CreateTicketForOthers,
    /// Find people by name.
    FindPeople,
    /// Share a list of tickets with the staff, and see those that are shared.
    ShareViews,
    /// Change and delete what others share.
    ManageViews,
    /// Keep and use saved replies.
    UseReplies,
    /// Make, change, deactivate and list people.
    ManageUsers,
    /// Make, change and delete categories.
    ManageCategories,
    /// Read the audit log.
    ReadAudit,
    /// Change the desk's settings, and see what it runs on.
    ManageSettings,
    /// See what mails the desk sends, and try or cancel them.
    ManageMail,
    /// Load invented tickets and people to try the desk with, and remove them.
    ManageDemo,
}

/// Whether a person of this role may do this with the desk.
pub fn can(role: Role, action: DeskAction) -> bool {
    match action {
        DeskAction::CreateTicket => true,
        DeskAction::CreateTicketForOthers
        | DeskAction::FindPeople
        | DeskAction::ShareViews
        | DeskAction::UseReplies => role.is_staff(),
        DeskAction::ManageUsers
        | DeskAction::ManageViews
        | DeskAction::ManageCategories
        | DeskAction::ReadAudit
        | DeskAction::ManageSettings
        | DeskAction::ManageMail
        | DeskAction::ManageDemo => role == Role::Admin,
    }
}

/// Whether a person of this role, standing so to a ticket, may do this with it.
pub fn can_on_ticket(role: Role, scope: TechnicianScope, relation: Relation, action: TicketAction) -> bool {
    let views = relation.requester
        || relation.watcher
        || match role {
            Role::Admin => true,
            Role::User => false,
            Role::Technician => match scope {
                TechnicianScope::All => true,
                TechnicianScope::Queue => relation.assignee || relation.unassigned,
                TechnicianScope::Assigned => relation.assignee,
            },
        };
    views
        && match action {
            TicketAction::View | TicketAction::Comment => true,
            TicketAction::Note | TicketAction::Triage | TicketAction::Invite => role.is_staff(),
            TicketAction::EditText | TicketAction::Close | TicketAction::Reopen => {
                role.is_staff() || relation.requester
            }
            TicketAction::Take => role.is_staff() && (relation.unassigned || relation.assignee),
            TicketAction::Assign => role == Role::Admin,
        }
}

/// Whether people of these roles may write to each other in private, and see whether the other is there: users with staff,
/// and staff with anyone.
pub fn may_chat(one: Role, other: Role) -> bool {
    one.is_staff() || other.is_staff()
}

/// Whether a person of this role may delete an attachment that they see and that is so old: an administrator always, and
/// whoever attached it for a while.
pub fn can_delete_attachment(role: Role, own: bool, age: TimeDelta) -> bool {
    role == Role::Admin || (own && age <= TimeDelta::minutes(ATTACHMENT_DELETE_MINUTES))
}

/// Everything a person of this role may do with a ticket they stand so to.
pub fn ticket_actions(role: Role, scope: TechnicianScope, relation: Relation) -> Vec<TicketAction> {
    TicketAction::ALL.into_iter().filter(|&action| can_on_ticket(role, scope, relation, action)).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        TicketAction::{Close, Comment, EditText, Reopen, View},
        *,
    };

    const STRANGER: Relation = Relation { requester: false, assignee: false, watcher: false, unassigned: false };

    #[test]
    fn a_user_reaches_only_what_they_opened_or_follow() {
        for action in TicketAction::ALL {
            assert!(!can_on_ticket(Role::User, TechnicianScope::All, STRANGER, action));
            let waiting = Relation { unassigned: true, ..STRANGER };
            assert!(!can_on_ticket(Role::User, TechnicianScope::All, waiting, action));
        }
        let own = ticket_actions(Role::User, TechnicianScope::Queue, Relation { requester: true, ..STRANGER });
        assert_eq!(own, [View, Comment, EditText, Close, Reopen]);
        let followed = ticket_actions(Role::User, TechnicianScope::Queue, Relation { watcher: true, ..STRANGER });
        assert_eq!(followed, [View, Comment]);
    }

    #[test]
    fn the_scope_widens_what_a_technician_sees() {
        let waiting = Relation { unassigned: true, ..STRANGER };
        let sees = |scope, relation| can_on_ticket(Role::Technician, scope, relation, View);
        assert!(!sees(TechnicianScope::Assigned, waiting));
        assert!(sees(TechnicianScope::Queue, waiting));
        assert!(!sees(TechnicianScope::Queue, STRANGER));
        assert!(sees(TechnicianScope::All, STRANGER));
    }

    #[test]
    fn whoever_attached_a_file_may_delete_it_for_a_while() {
        let minutes = TimeDelta::minutes;
        assert!(can_delete_attachment(Role::User, true, minutes(15)));
        assert!(!can_delete_attachment(Role::User, true, minutes(16)));
        assert!(!can_delete_attachment(Role::Technician, false, minutes(1)));
        assert!(can_delete_attachment(Role::Admin, false, minutes(10_000)));
    }

    #[test]
    fn users_write_to_staff_and_staff_to_anyone() {
        assert!(!may_chat(Role::User, Role::User));
        for staff in [Role::Technician, Role::Admin] {
            for other in [Role::User, Role::Technician, Role::Admin] {
                assert!(may_chat(staff, other) && may_chat(other, staff));
            }
        }
    }

    #[test]
    fn only_an_administrator_gives_tickets_to_others() {
        let mine = Relation { assignee: true, ..STRANGER };
        assert!(!can_on_ticket(Role::Technician, TechnicianScope::All, mine, TicketAction::Assign));
        assert!(can_on_ticket(Role::Admin, TechnicianScope::Queue, STRANGER, TicketAction::Assign));
    }
}

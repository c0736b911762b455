//! What a person is told of: the bell, its page, and the choice of what reaches them how.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{User, UserRef},
    fields,
    ids::{CommentId, NotificationId, TicketId},
    tickets::Status,
};

/// The most notifications that are marked one by one in a request.
pub const MARKED_MAX: usize = 100;
/// The most unread notifications that are counted; more are so many and more.
pub const UNREAD_MAX: u32 = 100;

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// A ticket was given to them.
    Assigned,
    /// Somebody answered on a ticket of theirs, or one they follow.
    Answered,
    /// Somebody mentioned them.
    Mentioned,
    /// The state of a ticket of theirs, or one they follow, changed.
    StateChanged,
    /// Somebody wrote to them in the chat while they were away.
    Chat,
    /// Somebody invited them to follow a ticket.
    Invited,
}

impl NotificationKind {
    /// Every kind, in the order of their codes.
    pub const ALL: [Self; 6] =
        [Self::Assigned, Self::Answered, Self::Mentioned, Self::StateChanged, Self::Chat, Self::Invited];
}

/// Something a person is told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notification {
    /// The number.
    pub id: NotificationId,
    /// What it is about.
    pub kind: NotificationKind,
    /// The ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
    /// The ticket's title, as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    /// The state that the ticket changed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UserRef>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was read.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub read_at: Option<DateTime<Utc>>,
}

/// A page of notifications, and how many are unread altogether.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationPage {
    /// Newest first.
    pub items: Vec<Notification>,
    /// Where the next page starts; absent on the last one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
    /// How many are unread, up to 100.
    pub unread: u32,
}

/// Which notifications to list (`GET /notifications`). Newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct NotificationQuery {
    /// Only those that are unread, or only those that were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    /// At most this many, up to 100; 25 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100, default = 25))]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Marks notifications as read (`PUT /notifications/read`).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MarkRead {
    /// These, up to 100; all of them when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(fields::at_most(MARKED_MAX))))]
    pub ids: Option<Vec<NotificationId>>,
}

/// How a person is told of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channels {
    /// By the bell.
    pub in_app: bool,
    /// By mail.
    pub mail: bool,
}

impl Default for Channels {
    /// Both.
    fn default() -> Self {
        Self { in_app: true, mail: true }
    }
}

/// How a person is told of each kind of thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationChoices {
    /// A ticket was given to them.
    pub assigned: Channels,
    /// Somebody answered.
    pub answered: Channels,
    /// Somebody mentioned them.
    pub mentioned: Channels,
    /// A state changed.
    pub state_changed: Channels,
    /// Somebody wrote in the chat while they were away.
    pub chat: Channels,
    /// Somebody invited them to follow a ticket.
    pub invited: Channels,
}

impl NotificationChoices {
    /// Those for one kind.
    pub fn of(&self, kind: NotificationKind) -> Channels {
        match kind {
            NotificationKind::Assigned => self.assigned,
            NotificationKind::Answered => self.answered,
            NotificationKind::Mentioned => self.mentioned,
            NotificationKind::StateChanged => self.state_changed,
            NotificationKind::Chat => self.chat,
            NotificationKind::Invited => self.invited,
        }
    }

    /// Those for one kind, to be changed.
    pub fn of_mut(&mut self, kind: NotificationKind) -> &mut Channels {
        match kind {
            NotificationKind::Assigned => &mut self.assigned,
            NotificationKind::Answered => &mut self.answered,
            NotificationKind::Mentioned => &mut self.mentioned,
            NotificationKind::StateChanged => &mut self.state_changed,
            NotificationKind::Chat => &mut self.chat,
            NotificationKind::Invited => &mut self.invited,
        }
    }
}

/// Changes how a person is told of something; absent fields stay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateChannels {
    /// By the bell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_app: Option<bool>,
    /// By mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<bool>,
}

/// Changes how a person is told of each kind of thing; absent kinds stay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UpdateChoices {
    /// A ticket was given to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<UpdateChannels>,
    /// Somebody answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<UpdateChannels>,
    /// Somebody mentioned them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentioned: Option<UpdateChannels>,
    /// A state changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_changed: Option<UpdateChannels>,
    /// Somebody wrote in the chat while they were away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<UpdateChannels>,
    /// Somebody invited them to follow a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited: Option<UpdateChannels>,
}

impl UpdateChoices {
    /// A change of one kind.
    pub fn one(kind: NotificationKind, change: UpdateChannels) -> Self {
        let mut all = Self::default();
        let place = match kind {
            NotificationKind::Assigned => &mut all.assigned,
            NotificationKind::Answered => &mut all.answered,
            NotificationKind::Mentioned => &mut all.mentioned,
            NotificationKind::StateChanged => &mut all.state_changed,
            NotificationKind::Chat => &mut all.chat,
            NotificationKind::Invited => &mut all.invited,
        };
        *place = Some(change);
        all
    }

    /// No mails from now on, whatever happens.
    pub fn no_mail() -> Self {
        let none = Some(UpdateChannels { in_app: None, mail: Some(false) });
        Self { assigned: none, answered: none, mentioned: none, state_changed: none, chat: none, invited: none }
    }

    /// The change of one kind.
    pub fn of(&self, kind: NotificationKind) -> Option<UpdateChannels> {
        match kind {
            NotificationKind::Assigned => self.assigned,
            NotificationKind::Answered => self.answered,
            NotificationKind::Mentioned => self.mentioned,
            NotificationKind::StateChanged => self.state_changed,
            NotificationKind::Chat => self.chat,
            NotificationKind::Invited => self.invited,
        }
    }

    /// The choices after the change.
    pub fn applied_to(&self, mut choices: NotificationChoices) -> NotificationChoices {
        for kind in NotificationKind::ALL {
            if let Some(change) = self.of(kind) {
                let channels = choices.of_mut(kind);
                channels.in_app = change.in_app.unwrap_or(channels.in_app);
                channels.mail = change.mail.unwrap_or(channels.mail);
            }
        }
        choices
    }
}

/// The caller's own account (`GET /me`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// As everybody's account.
    #[serde(flatten)]
    pub user: User,
    /// How they are told of what happens.
    pub notifications: NotificationChoices,
}

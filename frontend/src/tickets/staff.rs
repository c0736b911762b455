//! Those who answer, for an administrator to choose from.

use leptos::prelude::*;
use shared::{
    accounts::{Role, User, UserQuery, UserRef},
    page::MAX_LIMIT,
    permissions::DeskAction,
};

use crate::{api::users, session::use_session};

/// Everyone on staff who can log in, once they have come. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Staff(RwSignal<Vec<UserRef>>);

impl Staff {
    /// Asks for the staff, if the caller may know it; empty until it comes.
    pub fn load() -> Self {
        let all = RwSignal::new(Vec::new());
        if use_session()
            .user_untracked()
            .is_some_and(|user| shared::permissions::can(user.role, DeskAction::ManageUsers))
        {
            leptos::task::spawn_local(async move {
                let mut staff = read(Role::Technician).await;
                staff.extend(read(Role::Admin).await);
                staff.sort_by_key(|person| person.name.to_lowercase());
                let _ = all.try_set(staff);
            });
        }
        Self(all)
    }

    /// All of them, by name; tracked.
    pub fn all(self) -> Vec<UserRef> {
        self.0.get()
    }

    /// All of them, for event handlers.
    pub fn all_untracked(self) -> Vec<UserRef> {
        self.0.get_untracked()
    }
}

async fn read(role: Role) -> Vec<UserRef> {
    let mut query = UserQuery { role: Some(role), active: Some(true), limit: Some(MAX_LIMIT), ..UserQuery::default() };
    let mut people = Vec::new();
    while let Ok(page) = users::list(&query).await {
        people.extend(page.items.into_iter().map(|User { id, name, avatar_url, .. }| UserRef { id, name, avatar_url }));
        if page.next_cursor.is_none() {
            break;
        }
        query.cursor = page.next_cursor;
    }
    people
}

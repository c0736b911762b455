//! Who the people are that the person writes with.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    accounts::{Role, UserRef},
    chat::{ChatPerson, Conversation},
    ids::UserId,
    problem::ProblemCode,
};

use super::{
    state::{Chat, EVERY, known_thread},
    thread::Thread,
};
use crate::api::chat as api;

/// Somebody one can write to.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Who.
    pub user: UserRef,
    /// Their role.
    pub role: Role,
    /// Whether they can still log in.
    pub active: bool,
}

impl Chat {
    /// Who somebody is, as far as the page has met them; tracked.
    pub fn person(self, peer: UserId) -> Option<Person> {
        let listed = self.conversations.with(|list| {
            let one = list.as_ref()?.iter().find(|one| one.user.id == peer)?;
            Some(Person { user: one.user.clone(), role: one.role, active: one.active })
        });
        listed.or_else(|| self.met.with(|met| met.get(&peer).cloned()))
    }

    /// Notes who somebody is, before there is a conversation with them.
    pub fn meet(self, person: ChatPerson) {
        let ChatPerson { user, role } = person;
        self.met.update(|met| drop(met.insert(user.id, Person { user, role, active: true })));
    }

    /// Asks who somebody is, when the page came to them by their number alone.
    pub fn find(self, peer: UserId) {
        let me = self.me();
        if self.person_untracked(peer).is_some() {
            return;
        }
        spawn_local(async move {
            let found = api::conversation(peer).await;
            if self.me() != me {
                return;
            }
            match found {
                Ok(Conversation { user, role, active, .. }) => {
                    self.met.update(|met| drop(met.insert(peer, Person { user, role, active })));
                }
                Err(error) if error.code() == Some(ProblemCode::NotFound) => {}
                // What does not come now comes later, as long as anybody waits for it.
                Err(_) => set_timeout(
                    move || {
                        if known_thread(peer).is_some_and(Thread::is_shown) {
                            self.find(peer);
                        }
                    },
                    EVERY,
                ),
            }
        });
    }

    fn person_untracked(self, peer: UserId) -> Option<Person> {
        untrack(|| self.person(peer))
    }
}

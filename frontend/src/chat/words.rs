//! What the chat says of people and messages.

use leptos::prelude::*;
use shared::{accounts::Role, chat::Message, ids::UserId, live::PresenceState, permissions::may_chat};

use super::{people::Person, state::use_chat};
use crate::{
    browser,
    i18n::{I18n, t_string, use_i18n},
    live::use_live,
    session::use_session,
    ui::RelativeTime,
    words::found,
};

/// How many letters before the words that were looked for a line begins, and how many it has.
const BEFORE: usize = 24;
const LONG: usize = 240;

/// What somebody is called; their number until that is known. Tracked.
pub fn name_of(i18n: I18n, peer: UserId) -> String {
    use_chat()
        .person(peer)
        .map_or_else(|| t_string!(i18n, chat.somebody, id = peer.to_string()), |person| person.user.name)
}

/// A message in one line that was looked for: where the words lie beyond what a line shows, from a little before them on.
pub fn found_in(i18n: I18n, message: &Message, words: &str) -> String {
    let line = in_a_line(i18n, message);
    let text = browser::text_of(&message.body_html).split_whitespace().collect::<Vec<_>>().join(" ");
    match found(&text, words).first() {
        Some(&(at, _)) if at > BEFORE && found(&line, words).is_empty() => {
            let rest: String = text.chars().skip(at - BEFORE).take(LONG).collect();
            format!("…{rest}")
        }
        _ => line,
    }
}

/// A message in one line: its text without the Markdown, or what came with it.
pub fn in_a_line(i18n: I18n, message: &Message) -> String {
    if message.deleted_at.is_some() {
        return t_string!(i18n, chat.message.deleted).to_owned();
    }
    match (browser::text_of(&message.body_html).trim(), message.files.first()) {
        ("", Some(file)) => t_string!(i18n, chat.a_file, name = file.name.clone()),
        (body, _) => body.split_whitespace().take(40).collect::<Vec<_>>().join(" "),
    }
}

/// Why nothing can be written to somebody any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// They cannot log in.
    Inactive,
    /// The roles of the two do not allow it any more.
    NotAllowed,
}

/// Whether something stands against writing to somebody.
pub fn obstacle(person: &Person, mine: Option<Role>) -> Option<Obstacle> {
    if !person.active {
        Some(Obstacle::Inactive)
    } else if mine.is_some_and(|mine| !may_chat(mine, person.role)) {
        Some(Obstacle::NotAllowed)
    } else {
        None
    }
}

/// The same for the person at the screen; tracked.
pub fn obstacle_to(peer: UserId) -> Option<Obstacle> {
    let mine = use_session().role();
    use_chat().person(peer).and_then(|person| obstacle(&person, mine))
}

/// Whether somebody is there, or when they last were; or that they are writing.
#[component]
pub fn Whereabouts(
    /// Who.
    peer: UserId,
    /// Whether they are writing.
    typing: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let (presence, seen) = (live.presence(peer), live.last_seen(peer));
    move || {
        if typing.get() {
            return view! { <span class="chat-typing">{t_string!(i18n, chat.typing_short)}</span> }.into_any();
        }
        match (presence.get(), seen.get()) {
            (PresenceState::Online, _) => t_string!(i18n, chat.state.online).into_any(),
            (PresenceState::Away, _) => t_string!(i18n, chat.state.away).into_any(),
            (PresenceState::Offline, None) => t_string!(i18n, chat.state.offline).into_any(),
            (PresenceState::Offline, Some(at)) => {
                let words = t_string!(i18n, chat.state.seen);
                view! { <span class="chat-seen">{words}</span> " " <RelativeTime at/> }.into_any()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::accounts::UserRef;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn nobody_writes_to_those_who_are_gone_or_across_what_the_roles_allow() {
        let person = |role, active| Person {
            user: UserRef { id: UserId(2), name: "Luis".to_owned(), avatar_url: None },
            role,
            active,
        };
        assert_eq!(obstacle(&person(Role::Technician, true), Some(Role::User)), None);
        assert_eq!(obstacle(&person(Role::Technician, false), Some(Role::User)), Some(Obstacle::Inactive));
        assert_eq!(obstacle(&person(Role::User, true), Some(Role::User)), Some(Obstacle::NotAllowed));
        assert_eq!(obstacle(&person(Role::User, true), None), None);
    }
}

//! Somebody writes to the person who has not their conversation before their eyes: a word at the edge of the page where that is
//! seen; the browser's own notification where it is not, and a soft sound, for whoever asked for them on this device. It says
//! who wrote and not what, as everything does that is told beside the conversation, and of each conversation once at a time.

use std::{cell::RefCell, collections::HashMap};

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use shared::{
    chat::Message,
    ids::{MessageId, UserId},
    live::ServerFrame,
};

use super::{
    attention::attentive,
    state::{Chat, known_thread},
    thread::Thread,
};
use crate::{
    api::notifications as api,
    browser,
    i18n::{I18n, tu_string},
    live::use_live,
    moves::is_seen,
    notifications::{
        alerts::{self, Alert},
        go_to,
        turn::{Claim, Part, part},
    },
    ui::use_toasts,
};

/// So long, in milliseconds, any other tab or device has to say that the person reads it there; a tab that nobody sees lets one
/// that is seen go first.
const AFTER_YOU: u32 = 600;
/// How often it is waited for the writer's name.
const NAME_TRIES: u32 = 5;
/// Where the tabs of a browser keep up to which message of whom the person was told, so that they are told once.
const TOLD: &str = "turno.alerts.told.chat.";
/// Where they keep for which message one of them has sounded.
const SOUNDED: &str = "turno.alerts.sounded.chat.";

/// What was heard of what others wrote to the person, by who wrote it.
#[derive(Debug, Default)]
struct Heard {
    /// The last message that came.
    came: HashMap<UserId, MessageId>,
    /// Up to which message the person has read.
    read: HashMap<UserId, MessageId>,
}

impl Heard {
    /// A message as it is now; whether it has just been written to the person. One that was only changed has not.
    fn comes(&mut self, me: UserId, message: &Message) -> bool {
        let is_open = message.read_at.is_none() && message.deleted_at.is_none() && message.edited_at.is_none();
        let known = self.came.get(&message.from_id).is_some_and(|last| *last >= message.id);
        let is_news = message.to_id == me && is_open && !known;
        if is_news {
            self.came.insert(message.from_id, message.id);
        }
        is_news
    }

    /// The person has read what somebody wrote, on whatever device; whether that is all that came.
    fn reads(&mut self, from: UserId, up_to: MessageId) -> bool {
        let read = self.read.entry(from).or_insert(up_to);
        *read = (*read).max(up_to);
        self.came.get(&from).is_none_or(|last| *last <= *read)
    }

    /// A message was deleted; whether it was the one that is or would be told of.
    fn goes(&mut self, from: UserId, id: MessageId) -> bool {
        self.waits(from, id) && self.reads(from, id)
    }

    /// Whether a message is the last of its writer's and unread.
    fn waits(&self, from: UserId, id: MessageId) -> bool {
        self.came.get(&from) == Some(&id) && self.read.get(&from).is_none_or(|read| *read < id)
    }
}

thread_local! {
    static HEARD: RefCell<Heard> = RefCell::default();
}

/// Tells of messages for as long as what calls it is shown.
pub fn follow(chat: Chat, i18n: I18n) {
    HEARD.set(Heard::default());
    use_live().on_frame(move |frame| {
        let Some(me) = chat.me() else { return };
        match frame {
            ServerFrame::Message { event: Some(_), message } => {
                let (from, id) = (message.from_id, message.id);
                if message.deleted_at.is_some() {
                    // Of what is gone nothing is told.
                    if message.to_id == me && HEARD.with_borrow_mut(|heard| heard.goes(from, id)) {
                        use_toasts().withdraw_news(&address(from));
                    }
                } else if HEARD.with_borrow_mut(|heard| heard.comes(me, message)) {
                    if has_before_their_eyes(from) {
                        // The other tabs leave it to this one.
                        mark(TOLD, me, from, id);
                        mark(SOUNDED, me, from, id);
                    } else {
                        tell_later(chat, i18n, me, from, id);
                    }
                }
            }
            ServerFrame::Receipt { by, from, up_to, read: true, .. }
                if *by == me && HEARD.with_borrow_mut(|heard| heard.reads(*from, *up_to)) =>
            {
                use_toasts().withdraw_news(&address(*from));
            }
            _ => {}
        }
    });
}

/// Whether the person looks at the conversation with somebody in this tab.
fn has_before_their_eyes(peer: UserId) -> bool {
    attentive().get_untracked() && is_shown(peer)
}

fn is_shown(peer: UserId) -> bool {
    known_thread(peer).is_some_and(Thread::is_shown)
}

fn address(peer: UserId) -> String {
    format!("/chat/{peer}")
}

/// Tells of a message, unless the person reads it meanwhile, or more comes, of which is told then.
fn tell_later(chat: Chat, i18n: I18n, me: UserId, from: UserId, id: MessageId) {
    let claimed = is_seen();
    if claimed {
        mark(TOLD, me, from, id);
    }
    spawn_local(async move {
        TimeoutFuture::new(AFTER_YOU).await;
        let waits = || chat.me() == Some(me) && HEARD.with_borrow(|heard| heard.waits(from, id));
        for _ in 0..NAME_TRIES {
            if !waits() || name_of(chat, from).is_some() {
                break;
            }
            chat.find(from);
            TimeoutFuture::new(AFTER_YOU).await;
        }
        if waits() && !has_before_their_eyes(from) {
            let name = name_of(chat, from).unwrap_or_else(|| tu_string!(i18n, notifications.somebody).to_owned());
            let words = tu_string!(i18n, notifications.chat, name = name);
            tell(me, from, id, words, claimed).await;
        }
    });
}

fn name_of(chat: Chat, peer: UserId) -> Option<String> {
    untrack(|| chat.person(peer)).map(|person| person.user.name)
}

/// Tells of a message in the ways that the person wants. `claimed`: the other tabs leave it to this one.
async fn tell(me: UserId, from: UserId, id: MessageId, words: String, claimed: bool) {
    let told = marked(TOLD, me, from) >= Some(id);
    let claim = match (claimed, told) {
        (true, _) => Claim::Own,
        (false, true) => Claim::Another,
        (false, false) => Claim::Open,
    };
    let part = part(is_seen(), use_live().leads(), claim);
    if part == Part::Nothing {
        return;
    }
    mark(TOLD, me, from, id);
    ring(me, from, id);
    if part == Part::Page {
        show(from, id, words).await;
    } else if alerts::wants(me, Alert::Browser) {
        // A later one of the same conversation takes its place.
        alerts::show(&words, "", &format!("turno-chat-{from}"), address(from), go_to);
    }
}

/// Says it at the edge of the page, unless it is on the screen, though they look elsewhere.
async fn show(from: UserId, id: MessageId, words: String) {
    if is_shown(from) {
        return;
    }
    // Whoever does not say otherwise is told.
    let wanted = api::me_in_background().await.map_or(true, |person| person.notifications.chat.in_app);
    if wanted && HEARD.with_borrow(|heard| heard.waits(from, id)) && !is_shown(from) {
        use_toasts().withdraw_news(&address(from));
        use_toasts().news(words, String::new(), address(from), || {});
    }
}

/// Sounds for whoever wants it. Of the tabs, one does.
fn ring(me: UserId, from: UserId, id: MessageId) {
    if alerts::wants(me, Alert::Sound) && marked(SOUNDED, me, from) < Some(id) {
        mark(SOUNDED, me, from, id);
        alerts::sound();
    }
}

fn marked(what: &str, me: UserId, from: UserId) -> Option<MessageId> {
    browser::local_get(&format!("{what}{me}.{from}")).and_then(|text| text.parse().ok()).map(MessageId)
}

fn mark(what: &str, me: UserId, from: UserId, id: MessageId) {
    browser::local_set(&format!("{what}{me}.{from}"), &id.to_string());
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const ME: UserId = UserId(1);
    const LUIS: UserId = UserId(2);

    fn message(id: i64, from_id: UserId, to_id: UserId) -> Message {
        Message {
            id: MessageId(id),
            from_id,
            to_id,
            body: "Hola".to_owned(),
            body_html: "<p>Hola</p>".to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            delivered_at: None,
            read_at: None,
            client_id: None,
            edited_at: None,
            deleted_at: None,
            files: Vec::new(),
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_what_has_just_been_written_to_the_person_is_news() {
        let mut heard = Heard::default();
        assert!(!heard.comes(ME, &message(5, ME, LUIS)), "their own");
        let edited = Message { edited_at: Some(DateTime::UNIX_EPOCH), ..message(4, LUIS, ME) };
        let deleted = Message { deleted_at: Some(DateTime::UNIX_EPOCH), ..message(4, LUIS, ME) };
        let read = Message { read_at: Some(DateTime::UNIX_EPOCH), ..message(4, LUIS, ME) };
        for known in [edited, deleted, read] {
            assert!(!heard.comes(ME, &known), "{known:?}");
        }
        assert!(heard.comes(ME, &message(6, LUIS, ME)));
        assert!(!heard.comes(ME, &message(6, LUIS, ME)), "it was told already");
        assert!(heard.comes(ME, &message(7, UserId(3), ME)), "another conversation");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn of_a_conversation_the_last_is_told_until_it_is_read_anywhere() {
        let mut heard = Heard::default();
        heard.comes(ME, &message(6, LUIS, ME));
        assert!(heard.waits(LUIS, MessageId(6)));
        heard.comes(ME, &message(8, LUIS, ME));
        assert!(!heard.waits(LUIS, MessageId(6)) && heard.waits(LUIS, MessageId(8)));
        assert!(!heard.reads(LUIS, MessageId(6)), "another one waits");
        assert!(heard.waits(LUIS, MessageId(8)));
        assert!(heard.reads(LUIS, MessageId(8)));
        // What another device says late takes nothing back.
        assert!(heard.reads(LUIS, MessageId(6)) && !heard.waits(LUIS, MessageId(8)));
        heard.comes(ME, &message(9, LUIS, ME));
        assert!(heard.waits(LUIS, MessageId(9)));
    }
}

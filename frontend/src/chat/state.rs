//! What the page knows of the person's conversations, and what becomes of what comes by the live stream.

use std::{cell::RefCell, collections::HashMap, time::Duration};

use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    chat::{Conversation, Message},
    ids::{MessageId, UserId},
    page::DEFAULT_LIMIT,
    tickets::PageQuery,
};

use super::{
    conversations::{self, Taken},
    outbox::{self, Waiting},
    people::Person,
    sender,
    thread::Thread,
};
use crate::{
    api::{ClientError, chat as api},
    browser,
    lasting::lasting,
    live::{Line, use_live},
    session::{EndReason, Phase, use_session},
    time,
    unread::unread,
};

/// How often the page asks by itself while there is no live stream.
pub(super) const EVERY: Duration = Duration::from_secs(15);
/// What happens at the same time is read at once.
const SOON: Duration = Duration::from_millis(300);
/// Other tabs read again when this key changes.
pub(super) const CHANGED: &str = "turno.chat.changed";

/// The person's conversations. A handle: copies are the same.
#[derive(Debug, Clone, Copy)]
pub struct Chat {
    /// Whose they are: what comes for somebody who has left is thrown away.
    me: RwSignal<Option<UserId>>,
    pub(super) conversations: RwSignal<Option<Vec<Conversation>>>,
    rest: RwSignal<Option<String>>,
    error: RwSignal<Option<ClientError>>,
    loading_more: RwSignal<bool>,
    /// People met outside the list.
    pub(super) met: RwSignal<HashMap<UserId, Person>>,
    /// What has been written and not yet acknowledged, by and for anybody.
    pub(super) waiting: RwSignal<Vec<Waiting>>,
    soon: StoredValue<Option<TimeoutHandle>>,
    /// Which request for the start of the list is the last.
    asked: StoredValue<u32>,
    /// How many of them have failed since one went well.
    failed: StoredValue<u32>,
}

struct Root {
    owner: Owner,
    chat: Chat,
    threads: RefCell<HashMap<UserId, Thread>>,
}

thread_local! {
    /// The chat is reached from futures that have lost their reactive owner.
    static ROOT: Root = {
        let (owner, chat) = lasting(|| {
            let chat = Chat {
                me: RwSignal::new(None),
                conversations: RwSignal::new(None),
                rest: RwSignal::new(None),
                error: RwSignal::new(None),
                loading_more: RwSignal::new(false),
                met: RwSignal::new(HashMap::new()),
                waiting: RwSignal::new(Vec::new()),
                soon: StoredValue::new(None),
                asked: StoredValue::new(0),
                failed: StoredValue::new(0),
            };
            Effect::new(move || match use_session().phase() {
                // Whoever logs out leaves nothing for the next at this screen.
                Phase::Out(Some(EndReason::LoggedOut)) => chat.begin(None),
                Phase::Out(_) => unread().set(0),
                _ => {}
            });
            _ = window_event_listener(ev::beforeunload, move |event| {
                // The browser asks in its own words.
                if chat.would_lose() {
                    event.prevent_default();
                    event.set_return_value("-");
                }
            });
            chat
        });
        Root { owner, chat, threads: RefCell::default() }
    };
}

/// The chat of this page.
pub fn use_chat() -> Chat {
    ROOT.with(|root| root.chat)
}

/// The conversation with somebody, if the page has opened it.
pub(super) fn known_thread(peer: UserId) -> Option<Thread> {
    ROOT.with(|root| root.threads.borrow().get(&peer).copied())
}

fn threads() -> Vec<Thread> {
    ROOT.with(|root| root.threads.borrow().values().copied().collect())
}

impl Chat {
    /// Who is at the screen; untracked.
    pub fn me(self) -> Option<UserId> {
        self.me.get_untracked()
    }

    /// The conversations; none until they come. Tracked.
    pub fn conversations(self) -> RwSignal<Option<Vec<Conversation>>> {
        self.conversations
    }

    /// Why nothing has come yet; tracked.
    pub fn error(self) -> Option<ClientError> {
        self.error.get().filter(|_| self.conversations.with(Option::is_none))
    }

    /// Whether there are more conversations; tracked.
    pub fn has_more(self) -> bool {
        self.rest.with(Option::is_some)
    }

    /// Whether more of them are being read.
    pub fn loading_more(self) -> RwSignal<bool> {
        self.loading_more
    }

    /// What is unread of somebody; tracked.
    pub fn unread_of(self, peer: UserId) -> u32 {
        let of = |list: &Vec<Conversation>| list.iter().find(|one| one.user.id == peer).map(|one| one.unread);
        self.conversations.with(|list| list.as_ref().and_then(of)).unwrap_or_default()
    }

    /// The conversation with somebody; none while nobody is logged in.
    pub fn thread(self, peer: UserId) -> Option<Thread> {
        let me = self.me()?;
        ROOT.with(|root| {
            let make = || root.owner.with(|| Thread::new(me, peer));
            Some(*root.threads.borrow_mut().entry(peer).or_insert_with(make))
        })
    }

    /// Starts anew for a person, or for nobody.
    fn begin(self, me: Option<UserId>) {
        ROOT.with(|root| root.threads.borrow_mut().clear());
        self.me.set(me);
        self.conversations.set(None);
        self.rest.set(None);
        self.error.set(None);
        self.met.set(HashMap::new());
        self.waiting.set(me.map(outbox::all).unwrap_or_default());
        unread().set(0);
    }

    /// Keeps all up to date for as long as what calls it is shown, and sends what waits.
    pub fn watch(self) {
        let person = use_session().user_untracked().map(|user| user.id);
        if self.me() != person {
            self.begin(person);
        }
        let live = use_live();
        let line = live.line();
        live.on_frame(move |frame| self.hear(frame));
        // At the start, and whenever the line is there again.
        Effect::new(move |before: Option<bool>| {
            let online = matches!(line.get(), Line::Online);
            if before.is_none() || (online && before == Some(false)) {
                self.look();
                sender::pump(self);
                threads().into_iter().filter(|thread| thread.is_shown()).for_each(Thread::mark_again);
            }
            online
        });
        let resynced = live.resynced();
        Effect::new(move |before: Option<()>| {
            resynced.track();
            if before.is_some() {
                self.read_anew();
            }
        });
        let look = move || {
            self.look();
            if line.try_get_untracked().is_some_and(|line| !matches!(line, Line::Online)) {
                threads().into_iter().filter(|thread| thread.is_shown()).for_each(Thread::refresh);
            }
        };
        let asking = set_interval_with_handle(
            move || {
                // A tab that nobody sees asks when it is seen again.
                if !document().hidden() && line.try_get_untracked().is_some_and(|line| !matches!(line, Line::Online)) {
                    look();
                }
            },
            EVERY,
        )
        .ok();
        let heard = [
            window_event_listener(ev::focus, move |_| look()),
            window_event_listener(ev::online, move |_| sender::pump(self)),
            window_event_listener(ev::storage, move |event| self.hear_tab(&event)),
        ];
        on_cleanup(move || {
            heard.into_iter().for_each(WindowListenerHandle::remove);
            if let Some(asking) = asking {
                asking.clear();
            }
        });
    }

    /// Reads again all that is shown: something was missed.
    pub(super) fn read_anew(self) {
        for thread in threads() {
            thread.run.update(super::run::Run::doubt);
            if thread.is_shown() {
                thread.refresh();
            }
        }
        self.look();
    }

    /// Reads the start of the list again, a moment later.
    pub fn look_soon(self) {
        if self.soon.get_value().is_none() {
            let look = move || {
                self.soon.set_value(None);
                self.look();
            };
            self.soon.set_value(set_timeout_with_handle(look, SOON).ok());
        }
    }

    /// Reads the start of the list again. What does not come now comes the next time.
    pub fn look(self) {
        self.read_list(None);
    }

    /// Reads the next page of the list.
    pub fn load_more(self) {
        if let Some(rest) = self.rest.get_untracked().filter(|_| !self.loading_more.get_untracked()) {
            self.loading_more.set(true);
            self.read_list(Some(rest));
        }
    }

    fn read_list(self, cursor: Option<String>) {
        let Some(me) = self.me() else { return };
        let goes_on = cursor.is_some();
        // What lies behind the start says nothing of it: a reading of the start that is under way still counts.
        let number = self.asked.get_value().wrapping_add(u32::from(!goes_on));
        self.asked.set_value(number);
        spawn_local(async move {
            let read = api::conversations(&PageQuery { limit: Some(DEFAULT_LIMIT), cursor }).await;
            if goes_on {
                self.loading_more.set(false);
            }
            if self.me() != Some(me) || (self.asked.get_value() != number && !goes_on) {
                return;
            }
            match read {
                Ok(page) => {
                    self.error.set(None);
                    if !goes_on {
                        self.failed.set_value(0);
                        unread().set(page.unread);
                    }
                    let known = self.conversations.get_untracked().unwrap_or_default();
                    let list = if goes_on {
                        self.rest.set(page.next_cursor);
                        conversations::extended(known, page.items)
                    } else {
                        let (count, more) = (page.items.len(), page.next_cursor.is_some());
                        let list = conversations::refreshed(known, page.items, more);
                        // What lies behind the page was read already, and its end is known.
                        if list.len() == count {
                            self.rest.set(page.next_cursor);
                        }
                        list
                    };
                    if self.conversations.with_untracked(|known| known.as_ref() != Some(&list)) {
                        self.conversations.set(Some(list));
                    }
                }
                Err(error) => {
                    let over = error == ClientError::SessionEnded;
                    self.error.set(Some(error));
                    if !goes_on && !over {
                        self.look_later();
                    }
                }
            }
        });
    }

    /// Reads the start of the list again in a while: what could not be read may be the last of a burst.
    fn look_later(self) {
        let failed = self.failed.get_value().saturating_add(1);
        self.failed.set_value(failed);
        let number = self.asked.get_value();
        let again = move || {
            if self.asked.get_value() == number {
                self.look();
            }
        };
        set_timeout(again, Duration::from_secs(1 << failed.min(5)));
    }

    /// Takes a message as it is now; `live` when the stream told it in its turn.
    pub fn take(self, message: Message, live: bool) {
        let Some(me) = self.me().filter(|me| message.from_id == *me || message.to_id == *me) else { return };
        if message.from_id == me
            && let Some(client_id) = &message.client_id
        {
            self.settle(client_id);
        }
        let taken = self
            .conversations
            .try_update(|list| list.as_mut().map_or(Taken::Unknown, |list| conversations::take(list, me, &message)));
        if taken == Some(Taken::Fresh) && message.to_id == me && message.read_at.is_none() {
            unread().update(|unread| *unread = unread.saturating_add(1));
        }
        if taken == Some(Taken::Unknown) || message.to_id == me {
            self.look_soon();
        }
        if let Some(thread) = known_thread(message.peer_of(me)) {
            thread.take(message, live);
        }
    }

    /// The person has read what somebody wrote up to a message.
    pub(super) fn was_read(self, thread: Thread, up_to: MessageId) {
        thread.run.update(|run| run.receipt(thread.peer, up_to, true, time::now()));
        let fewer = self
            .conversations
            .try_update(|list| list.as_mut().map_or(0, |list| conversations::read(list, thread.peer, up_to)))
            .unwrap_or_default();
        unread().update(|unread| *unread = unread.saturating_sub(fewer));
        browser::local_set(CHANGED, &browser::now().to_string());
        self.look_soon();
    }
}

//! Who is logged in, and until when. The server decides when a session ends; this counts down beside it, so that the
//! page warns in time and shows nothing once it is over, in every open tab.

mod countdown;
mod phase;
mod tabs;

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    accounts::{Role, User},
    ids::{EventId, UserId},
    permissions::{DeskAction, can},
    session::{LogIn, SessionInfo},
};

pub use countdown::Countdown;
pub use phase::{EndReason, Phase};

use crate::{
    api::{self, ClientError},
    browser, drafts,
    lasting::lasting,
    ui::use_toasts,
};

/// Milliseconds between two questions to a server that does not answer.
const LOOK_AGAIN: f64 = 5000.0;

/// The session of the person at the screen. A handle: copies are the same session.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    phase: RwSignal<Phase>,
    user: RwSignal<Option<User>>,
    csrf: RwSignal<Option<String>>,
    countdown: RwSignal<Option<Countdown>>,
    /// The length is known from a login or an extension, not guessed from what was left.
    exact: RwSignal<bool>,
    stamp: RwSignal<f64>,
    /// Who was logged in before the session ended by itself, so that they need only type their password.
    last_username: RwSignal<String>,
    /// Who was logged in last in this tab: it has what they wrote until it is known that they logged out.
    last: RwSignal<Option<UserId>>,
    /// This machine's clock, as the interface shows it.
    clock: RwSignal<f64>,
    /// How far the event log had been told when the page learnt of the session.
    event: RwSignal<Option<EventId>>,
}

thread_local! {
    /// The session outlives every page, and is reached from futures that have lost their reactive owner.
    static ROOT: (Owner, Session) = lasting(Session::new);
}

/// The session of this page.
pub fn use_session() -> Session {
    ROOT.with(|(_, session)| *session)
}

impl Session {
    fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Asking),
            user: RwSignal::new(None),
            csrf: RwSignal::new(None),
            countdown: RwSignal::new(None),
            exact: RwSignal::new(false),
            stamp: RwSignal::new(0.0),
            last_username: RwSignal::new(String::new()),
            last: RwSignal::new(None),
            clock: RwSignal::new(browser::now()),
            event: RwSignal::new(None),
        }
    }

    /// Starts the clock, listens to the other tabs and asks the server who is logged in, if anybody can be. Once, at the start.
    pub fn start(self) {
        set_interval(move || self.tick(), Duration::from_millis(500));
        // A laptop that wakes up lands on the login page at once, not at the next tick.
        _ = window_event_listener(ev::focus, move |_| self.tick());
        _ = window_event_listener(ev::pageshow, move |_| self.tick());
        _ = window_event_listener(ev::storage, move |event| {
            if event.key().as_deref() == Some(tabs::KEY) {
                self.hear(event.new_value().as_deref());
            }
        });
        _ = window_event_listener(ev::online, move |_| self.look_again());
        tabs::forget_who_left(tabs::read());
        if tabs::nobody_is_in() { self.leave(None) } else { self.ask() }
    }

    /// Asks again when the server did not answer the last time.
    fn look_again(self) {
        if self.phase.get_untracked() == Phase::Unreachable {
            self.ask();
        }
    }

    /// What is known; tracked.
    pub fn phase(self) -> Phase {
        self.phase.get()
    }

    /// Who is logged in; tracked.
    pub fn user(self) -> Option<User> {
        self.user.get()
    }

    /// Who is logged in; untracked, for event handlers and futures.
    pub fn user_untracked(self) -> Option<User> {
        self.user.get_untracked()
    }

    /// What they may do; tracked.
    pub fn role(self) -> Option<Role> {
        self.user.with(|user| user.as_ref().map(|user| user.role))
    }

    /// Whether they may do this with the desk; tracked.
    pub fn can(self, action: DeskAction) -> bool {
        self.role().is_some_and(|role| can(role, action))
    }

    /// What is left as `m:ss`; tracked, changes every second.
    pub fn time_left(self) -> Option<String> {
        let now = self.clock.get();
        self.countdown.with(|countdown| countdown.map(|countdown| countdown.clock(now)))
    }

    /// Whether the end is near; tracked.
    pub fn is_ending(self) -> bool {
        let now = self.clock.get();
        self.countdown.with(|countdown| countdown.is_some_and(|countdown| countdown.is_warning(now)))
    }

    /// Whether a request can put off the end; tracked.
    pub fn can_extend(self) -> bool {
        self.countdown
            .with(|countdown| countdown.is_some_and(|countdown| countdown.mode == shared::session::SessionMode::Strict))
    }

    /// Who was logged in until the session ended by itself; empty after a person has logged out.
    pub fn last_username(self) -> String {
        self.last_username.get_untracked()
    }

    /// Somebody is about to log in under this name.
    pub fn expect(self, username: String) {
        self.last_username.set(username);
    }

    /// What unsafe requests carry.
    pub(crate) fn csrf_token(self) -> Option<String> {
        self.csrf.get_untracked()
    }

    /// Takes over what the account says after the person changed it.
    pub fn set_user(self, user: User) {
        self.user.set(Some(user));
    }

    /// Asks the server who is logged in.
    pub fn ask(self) {
        spawn_local(async move {
            self.refresh().await;
        });
    }

    /// Reads the session from the server; whether there is one.
    pub(crate) async fn refresh(self) -> bool {
        let asked = browser::now();
        match api::read_session().await {
            Ok(info) => {
                self.adopt(info, asked, false);
                true
            }
            Err(ClientError::SessionEnded) => {
                self.settle_out();
                false
            }
            Err(_) => {
                if self.phase.get_untracked() == Phase::Asking {
                    self.phase.set(Phase::Unreachable);
                }
                false
            }
        }
    }

    /// Asks whether the session is still there, without extending it; ends it here when the server knows none.
    pub(crate) async fn confirm(self) {
        let asked = browser::now();
        match api::read_session().await {
            Ok(info) if self.phase.get_untracked() == Phase::In => self.adopt(info, asked, false),
            Err(ClientError::SessionEnded) => self.ended_by_server(),
            _ => {}
        }
    }

    /// Asks again after the server was away.
    pub fn retry(self) {
        self.phase.set(Phase::Asking);
        self.ask();
    }

    /// Logs in.
    pub async fn log_in(self, request: &LogIn) -> Result<(), ClientError> {
        let asked = browser::now();
        let info: SessionInfo = api::post("/session", request).await?;
        self.stamp.set(browser::now());
        self.adopt(info, asked, true);
        Ok(())
    }

    /// Logs out here and in every other tab. Drafts go too: the next person at this screen finds none.
    pub async fn log_out(self) -> Result<(), ClientError> {
        api::delete::<()>("/session").await.or_else(|error| match error {
            ClientError::SessionEnded => Ok(()),
            other => Err(other),
        })?;
        self.end(EndReason::LoggedOut);
        Ok(())
    }

    /// Keeps the session for its whole length from now.
    pub async fn extend(self) -> Result<(), ClientError> {
        let asked = browser::now();
        let info: SessionInfo = api::post("/session/extend", &()).await?;
        self.adopt(info, asked, true);
        Ok(())
    }

    /// Ends the session in this page and tells the other tabs. The server is not asked.
    pub fn end(self, reason: EndReason) {
        tabs::write(&tabs::Shared::Ended { reason, user_id: self.user_untracked().map(|user| user.id) });
        self.leave(Some(reason));
    }

    /// The server said that nobody is logged in.
    pub(crate) fn ended_by_server(self) {
        if self.phase.get_untracked() == Phase::In {
            let now = browser::now();
            let due = self.countdown.get_untracked().is_none_or(|countdown| countdown.left(now) < 2000.0);
            self.end(if due { EndReason::Expired } else { EndReason::Revoked });
        }
    }

    /// A deliberate request that was sent at `sent` succeeded: the server has put off the end.
    pub(crate) fn touched(self, sent: f64) {
        if self.phase.get_untracked() != Phase::In {
            return;
        }
        if let Some(countdown) = self.countdown.get_untracked() {
            self.set_countdown(countdown.after_request(sent));
        }
        if !self.exact.get_untracked() {
            self.exact.set(true);
            self.ask();
        }
    }

    fn adopt(self, info: SessionInfo, asked: f64, whole: bool) {
        let known = match tabs::read() {
            Some(tabs::Shared::Live { user_id, stamp, countdown }) if user_id == info.user.id && !whole => {
                self.stamp.set(stamp);
                Some(countdown.total)
            }
            _ => None,
        };
        let countdown = Countdown::from_info(&info, asked, known);
        self.exact.set(whole || known.is_some());
        self.csrf.set(Some(info.csrf_token));
        if self.user.with_untracked(|user| user.as_ref().is_some_and(|user| user.id != info.user.id)) {
            // Another tab let somebody else in, and nobody left here before.
            use_toasts().clear();
        }
        if self.user.with_untracked(|user| user.as_ref() != Some(&info.user)) {
            self.user.set(Some(info.user));
        }
        self.set_countdown(countdown);
        self.clock.set(browser::now());
        if self.phase.get_untracked() != Phase::In {
            self.event.set(Some(info.event));
            self.phase.set(Phase::In);
        }
    }

    /// How far the event log had been told before the page read anything in this session.
    pub fn event(self) -> Option<EventId> {
        self.event.get_untracked()
    }

    fn set_countdown(self, countdown: Countdown) {
        if self.countdown.get_untracked() == Some(countdown) {
            return;
        }
        self.countdown.set(Some(countdown));
        if let Some(user_id) = self.user.with_untracked(|user| user.as_ref().map(|user| user.id)) {
            tabs::write(&tabs::Shared::Live { user_id, stamp: self.stamp.get_untracked(), countdown });
        }
    }

    fn leave(self, reason: Option<EndReason>) {
        if let Some(user) = self.user_untracked() {
            self.last.set(Some(user.id));
            // What was told this person may hold their words, and stays until it is dismissed: it is not for whoever comes next.
            // Why they are out is told afterwards.
            use_toasts().clear();
            // Each tab has drafts of its own.
            if reason == Some(EndReason::LoggedOut) {
                drafts::forget(user.id);
            }
        }
        let name = match reason {
            Some(EndReason::Expired | EndReason::Revoked) => {
                self.user.with_untracked(|user| user.as_ref().map(|user| user.username.clone()))
            }
            _ => Some(String::new()),
        };
        if let Some(name) = name {
            self.last_username.set(name);
        }
        self.phase.set(Phase::Out(reason));
        self.countdown.set(None);
        self.csrf.set(None);
        self.user.set(None);
    }

    /// The server knows no session, at the start or after another tab's news. What the tabs shared tells whether there
    /// was one.
    fn settle_out(self) {
        let reason = match (self.phase.get_untracked(), tabs::read()) {
            (Phase::Out(reason), _) => reason,
            (_, Some(tabs::Shared::Live { .. })) => Some(EndReason::Expired),
            _ => None,
        };
        if reason.is_some() {
            tabs::write(&tabs::Shared::Ended { reason: EndReason::Expired, user_id: None });
        }
        self.leave(reason);
    }

    fn tick(self) {
        let now = browser::now();
        // Once a second is enough for the eye; the end is looked for at every tick.
        let before = self.clock.get_untracked();
        if (now / 500.0).floor() > (before / 500.0).floor() {
            self.clock.set(now);
        }
        if (now / LOOK_AGAIN).floor() > (before / LOOK_AGAIN).floor() {
            self.look_again();
        }
        let over = self.countdown.with_untracked(|countdown| countdown.is_some_and(|countdown| countdown.is_over(now)));
        if !over || self.phase.get_untracked() != Phase::In {
            return;
        }
        // Another tab may have kept the session while this one was asleep and heard nothing.
        match tabs::read() {
            Some(tabs::Shared::Live { stamp, countdown, .. })
                if stamp.to_bits() == self.stamp.get_untracked().to_bits() && !countdown.is_over(now) =>
            {
                self.countdown.set(Some(countdown));
            }
            _ => self.end(EndReason::Expired),
        }
    }

    /// Another tab has news.
    fn hear(self, news: Option<&str>) {
        let news = news.and_then(tabs::parse);
        tabs::forget_who_left(news);
        let is_in = self.phase.get_untracked() == Phase::In;
        match news {
            Some(tabs::Shared::Live { user_id, stamp, countdown }) => {
                let same = is_in
                    && stamp.to_bits() == self.stamp.get_untracked().to_bits()
                    && self.user.with_untracked(|user| user.as_ref().is_some_and(|user| user.id == user_id));
                if same {
                    self.countdown.set(Some(countdown));
                } else {
                    self.ask();
                }
            }
            Some(tabs::Shared::Ended { reason, .. }) if is_in => self.leave(Some(reason)),
            // Their session had ended here by itself, which keeps for them what they left: now they have logged out.
            Some(shared)
                if shared.who_left().is_some_and(|user| self.last.get_untracked() == Some(user))
                    && matches!(self.phase.get_untracked(), Phase::Out(_)) =>
            {
                self.leave(Some(EndReason::LoggedOut));
            }
            _ => {}
        }
    }
}

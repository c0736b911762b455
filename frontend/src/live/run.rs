//! What keeps the stream going in this tab: as the leader, the socket; as any other, the way to the leader.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    ids::{EventId, UserId},
    live::{CLOSE_CROWDED, CLOSE_SESSION_ENDED, ClientFrame, ServerFrame},
};

use super::{
    Line, Live,
    backoff::{self, Ended},
    engine::Engine,
    leader::Candidacy,
    socket::{Came, Socket},
    succession,
    tabs::{self, Lead, Word},
    views::View,
};
use crate::{api, browser, session::use_session};

/// How often the leader looks whether the server is still there and the person too.
const TICK: Duration = Duration::from_secs(5);
/// After this long without a word the server is asked for one, in milliseconds.
const QUIET: f64 = 25_000.0;
/// So long it may take to answer, in milliseconds.
const PATIENCE: f64 = 20_000.0;
/// How often input is told to the other tabs at most, in milliseconds.
const INPUT_EVERY: f64 = 10_000.0;
/// So long the answer may take when the person or the network has just come back, in milliseconds.
const PROMPT: f64 = 5_000.0;

thread_local! {
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
    /// Who heard how much before their session ended: what the page kept of it goes on from there when they are back.
    static BEFORE: Cell<Option<(UserId, EventId)>> = const { Cell::new(None) };
}

/// Whoever is told something may send something: nobody is told while the engine is held.
pub fn with<T>(act: impl FnOnce(&mut Engine) -> T) -> Option<T> {
    ENGINE.with_borrow_mut(|engine| engine.as_mut().map(act))
}

/// See [`Live::watch`].
pub fn watch(live: Live) {
    let Some(person) = use_session().user_untracked().map(|user| user.id) else { return };
    live.forget();
    let before = BEFORE.take().filter(|(who, _)| *who == person).map(|(_, last)| last);
    ENGINE.set(Some(Engine::new(before.or(use_session().event()))));
    succession::stand(live, person);
    let came_back = move |somebody| {
        with(|engine| {
            if engine.own_view.is_some() {
                engine.look();
            }
        });
        hurry(live, somebody);
    };
    // A network that is back was brought back by nobody.
    let online = window_event_listener_untyped("online", move |_| came_back(false));
    let offline = window_event_listener_untyped("offline", move |_| doubt(live));
    let focus = window_event_listener(ev::focus, move |_| came_back(true));
    let seen = window_event_listener_untyped("visibilitychange", move |_| {
        if !document().hidden() {
            came_back(true);
        }
    });
    let input = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]
        .map(|event| window_event_listener_untyped(event, |_| noticed()));
    let ticking = set_interval_with_handle(move || tick(live), TICK).ok();
    on_cleanup(move || {
        online.remove();
        offline.remove();
        focus.remove();
        seen.remove();
        input.into_iter().for_each(WindowListenerHandle::remove);
        if let Some(ticking) = ticking {
            ticking.clear();
        }
        if let Some(mut engine) = ENGINE.take() {
            engine.let_go();
            BEFORE.set(engine.heard.last().map(|last| (person, last)));
        }
        live.forget();
    });
}

/// This tab leads from here on.
pub fn lead(live: Live, person: UserId) {
    with(|engine| {
        engine.leads = true;
        engine.lead = tabs::next_lead(person, engine.lead);
        // It may have been said before there was anybody to hear it.
        engine.look();
        engine.tell(&Word::Led { last: engine.heard.last() });
    });
    open(live);
}

fn open(live: Live) {
    let Some(nth) = with(|engine| {
        engine.let_go();
        engine.nth = engine.nth.wrapping_add(1);
        engine.last_frame = browser::now();
        engine.opened = engine.last_frame;
        engine.nth
    }) else {
        return;
    };
    let socket = Socket::open(move |came| hear_socket(live, nth, came));
    if socket.is_none() {
        lost(live, 0);
    }
    with(|engine| engine.socket = socket);
}

/// Tries again at once what would be tried later; asks whether anybody is still at the other end of the socket, or leads.
/// `somebody`: because the person is here.
fn hurry(live: Live, somebody: bool) {
    let open_anew = with(|engine| {
        if !engine.leads {
            // That somebody is here ends the wait of a leader that nobody sees.
            if somebody && !document().hidden() {
                engine.tell(&Word::Input);
            }
            return false;
        }
        if engine.socket.is_some() {
            // Long enough for an answer from far away, short enough for somebody who looks at the page.
            engine.asked_at = Some(browser::now() - PATIENCE + PROMPT);
            engine.send(&ClientFrame::Ping);
        }
        engine.socket.is_none()
    });
    if open_anew.unwrap_or(false) {
        open(live);
    }
    succession::ask(live);
}

/// The browser says that there is no network: nothing is heard until something comes.
fn doubt(live: Live) {
    if with(|engine| engine.leads).unwrap_or(false) {
        set_line(live, Line::Offline { since: browser::now() });
    }
}

fn hear_socket(live: Live, nth: u32, came: Came) {
    if with(|engine| engine.nth) != Some(nth) {
        return;
    }
    match came {
        Came::Open => {
            with(|engine| {
                engine.greet(browser::now());
                // Its answer says that all that was missed has been told.
                engine.send(&ClientFrame::Ping);
            });
        }
        Came::Frame(frame) => hear_frame(live, &frame),
        Came::Closed(code) => lost(live, code),
    }
}

fn hear_frame(live: Live, frame: &ServerFrame) {
    let welcome = matches!(frame, ServerFrame::Welcome { .. });
    let mut back = false;
    let news = with(|engine| {
        engine.last_frame = browser::now();
        engine.asked_at = None;
        back = engine.welcomed;
        if welcome {
            engine.welcomed = true;
            engine.failed = 0;
            engine.introduce();
        }
        // The other tabs have to know, too, that they missed nothing.
        let (after, settles) = (engine.heard.last(), engine.heard.is_settled_by(frame));
        let news = engine.heard.is_news(frame);
        if news || settles {
            engine.tell(&Word::Frame { frame: frame.clone(), after });
        }
        news
    });
    if news == Some(true) {
        live.hear(frame);
    }
    if welcome {
        set_line(live, Line::Online);
        learn(live);
    } else if back && live.line.get_untracked() != Line::Online {
        // The network was away, and the socket outlived that.
        set_line(live, Line::Online);
    }
}

/// The socket is gone: says so, and tries again later.
fn lost(live: Live, code: u16) {
    let now = browser::now();
    let Some(welcomed) = with(|engine| {
        let welcomed = engine.welcomed;
        engine.let_go();
        // The same code says that a greeting came too late; then nobody was one too many.
        let code = if code == CLOSE_CROWDED && !welcomed { 0 } else { code };
        engine.crowded = backoff::crowded(engine.crowded, code, now - engine.opened);
        let ended = Ended { code, failed: engine.failed, crowded: engine.crowded, seen: !document().hidden() };
        let wait = backoff::after(ended, js_sys::Math::random());
        engine.failed = engine.failed.saturating_add(1);
        engine.retry = set_timeout_with_handle(move || open(live), Duration::from_secs_f64(wait / 1_000.0)).ok();
        welcomed
    }) else {
        return;
    };
    set_line(live, Line::Offline { since: now });
    // It may be over, or somebody logged in anew in another tab.
    if code == CLOSE_SESSION_ENDED || !welcomed {
        spawn_local(use_session().confirm());
    }
}

fn set_line(live: Live, line: Line) {
    live.set_line(line);
    with(|engine| engine.tell(&Word::Line(live.line.get_untracked())));
}

/// Asks when those who are not there were last there.
fn learn(live: Live) {
    spawn_local(async move {
        let Ok(presences) = api::live::presences().await else { return };
        live.learn(presences);
        with(|engine| engine.tell(&how_things_stand(live, engine)));
    });
}

fn how_things_stand(live: Live, engine: &Engine) -> Word {
    let people = live.people.with_untracked(|people| people.values().copied().collect());
    Word::Told { line: live.line.get_untracked(), people, last: engine.heard.last() }
}

/// Another tab said something.
pub fn hear_word(live: Live, lead: Option<Lead>, word: Word) {
    if lead.is_some_and(|lead| !succession::heeds(live, lead)) {
        return;
    }
    let Some(leads) = with(|engine| engine.leads) else { return };
    match word {
        Word::Asked if leads => {
            with(|engine| engine.tell(&how_things_stand(live, engine)));
        }
        Word::Send(frame) if leads => {
            with(|engine| engine.pass_on(frame));
        }
        Word::View { tab, view } if leads => {
            with(|engine| engine.note_view(&tab, view));
            if view.is_some() {
                keep_watch(tab);
            }
        }
        Word::Led { last } => {
            catch_up(live, last);
            with(|engine| {
                if engine.own_view.is_some() {
                    engine.look();
                }
            });
        }
        Word::Read => live.read.update(|count| *count = count.wrapping_add(1)),
        Word::Input => {
            let stands_back = with(|engine| {
                engine.input(browser::now());
                engine.leads && engine.crowded > 0 && engine.socket.is_none()
            });
            // It waits because nobody saw it; somebody is here now.
            if stands_back == Some(true) {
                open(live);
            }
        }
        Word::Frame { frame, after } if !leads => {
            catch_up(live, after);
            hear_of(live, &frame);
        }
        Word::Line(line) if !leads => live.set_line(line),
        Word::Told { line, people, last } if !leads => {
            live.set_line(line);
            live.take_over(people);
            catch_up(live, last);
        }
        _ => {}
    }
}

/// A leader has heard so much: whoever has not reads everything anew.
fn catch_up(live: Live, last: Option<EventId>) {
    if with(|engine| engine.heard.catch_up(last)) == Some(true) {
        live.resynced.update(|count| *count = count.wrapping_add(1));
    }
}

/// The leader had a frame.
fn hear_of(live: Live, frame: &ServerFrame) {
    if with(|engine| engine.heard.is_news(frame)) == Some(true) {
        live.hear(frame);
    }
}

/// See [`Live::send`].
pub fn send(frame: ClientFrame) {
    with(|engine| engine.pass_on(frame));
}

/// As the leader: learns when another tab is gone, however it goes. What it holds is then free.
fn keep_watch(tab: String) {
    let Some(person) = use_session().user_untracked().map(|user| user.id) else { return };
    if with(|engine| engine.is_watched(&tab)) != Some(false) {
        return;
    }
    let lost = tab.clone();
    let gone = move || {
        let tab = lost.clone();
        // What calls this is let go with the watch, so not from within.
        spawn_local(async move { _ = with(|engine| engine.lose(&tab)) });
    };
    if let Some(watch) = Candidacy::stand(&tabs::name_of(person, &tab), gone, || {}) {
        with(|engine| engine.keep_watch(tab, watch));
    }
}

/// See [`Live::look_at`].
pub fn look_at(view: Option<View>) {
    with(|engine| {
        engine.own_view = view;
        engine.look();
    });
}

/// See [`Live::leads`].
pub fn leads() -> bool {
    with(|engine| engine.leads).unwrap_or(false)
}

/// See [`Live::has_read`].
pub fn has_read() {
    with(|engine| engine.tell(&Word::Read));
}

/// There was input in this tab.
fn noticed() {
    let now = browser::now();
    with(|engine| {
        if now - engine.told_input >= INPUT_EVERY {
            engine.told_input = now;
            engine.input(now);
            // Any of them may lead next, and then has to know when the person was here last.
            engine.tell(&Word::Input);
        }
    });
}

/// Looks whether the server is still there, and the person.
fn tick(live: Live) {
    let now = browser::now();
    let gone = with(|engine| {
        if !engine.leads || engine.socket.is_none() {
            return false;
        }
        if engine.attendance.lapses(now) {
            engine.send(&ClientFrame::Active { active: false });
        }
        // A page in the background ticks rarely: what counts is the time since it asked.
        match engine.asked_at {
            Some(asked) => now - asked > PATIENCE,
            None if now - engine.last_frame > QUIET => {
                engine.asked_at = Some(now);
                engine.send(&ClientFrame::Ping);
                false
            }
            None => false,
        }
    });
    if gone == Some(true) {
        lost(live, 0);
    }
    succession::look(live);
}

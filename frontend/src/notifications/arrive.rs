//! A notification comes: a word at the edge of the page where it is seen; the browser's own notification and a soft sound
//! where it is not, for whoever asked for them on this device.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    ids::UserId,
    live::ServerFrame,
    notifications::{Notification, NotificationKind},
};

use super::{
    alerts,
    row::{address, words},
    state::{Bell, use_bell},
    told,
    turn::{Claim, Part, part},
};
use crate::{
    i18n::{I18n, t_count},
    live::{Line, use_live},
    moves::{DEMO_REMOVED, is_seen},
    ui::use_toasts,
};

/// More at once are told as a number.
const ONE_BY_ONE: usize = 3;
/// A tab that nobody sees lets one that is seen go first.
const AFTER_YOU: Duration = Duration::from_millis(600);
/// Where the tabs of a browser keep what has been told, so that it is told once.
const TOLD: &str = "turno.alerts.told.";

/// Where they keep for which mentions one of them has sounded.
const SOUNDED: &str = "turno.alerts.sounded.";

/// Goes to a place of the page.
type Go = Rc<dyn Fn(&str)>;

thread_local! {
    /// The way from a notification of the browser's, which has no place on the page, to what it is about.
    static GO: RefCell<Option<Go>> = const { RefCell::new(None) };
}

/// Hears of notifications for as long as the bell is shown, and tells what is new.
pub fn follow(bell: Bell, i18n: I18n) {
    let navigate = use_navigate();
    let go: Go = Rc::new(move |path| navigate(path, NavigateOptions::default()));
    GO.set(Some(go));
    on_cleanup(|| GO.set(None));
    alerts::on_followed(go_to);
    let live = use_live();
    live.on_frame(move |frame| match frame {
        // What went with the demo is unread no more.
        ServerFrame::Event(event) if event.notified || event.kind == DEMO_REMOVED => bell.look_soon(),
        ServerFrame::Notifications { unread } => bell.hear(*unread),
        _ => {}
    });
    let (line, resynced) = (live.line(), live.resynced());
    let online = Memo::new(move |_| line.get() == Line::Online);
    Effect::new(move || {
        resynced.track();
        // What came after the bell was asked and before the line was there, the line does not tell.
        if online.get() {
            bell.look_soon();
        }
    });
    Effect::new(move || {
        let news = bell.take_news();
        if !news.is_empty() {
            tell(i18n, bell.whose(), &news);
        }
    });
}

fn tell(i18n: I18n, person: Option<UserId>, news: &[Notification]) {
    let Some(person) = person else { return };
    if is_seen() {
        return tell_on_page(i18n, person, news);
    }
    let news = news.to_vec();
    set_timeout(
        move || {
            let rest = told::untold(&format!("{TOLD}{person}"), &news);
            if rest.is_empty() {
                return;
            }
            match part(is_seen(), use_live().leads(), Claim::Open) {
                Part::Page => tell_on_page(i18n, person, &rest),
                Part::Alert => alert(i18n, person, &rest),
                Part::Nothing => {}
            }
        },
        AFTER_YOU,
    );
}

/// Tells whoever sees the page.
fn tell_on_page(i18n: I18n, person: UserId, news: &[Notification]) {
    mark_told(person, news);
    ring(person, news);
    show(i18n, news);
}

/// A mention sounds, seen or not: the page may be open beside what the person works on. Of the tabs, one sounds.
fn ring(person: UserId, news: &[Notification]) {
    let is_mention = |notice: &&Notification| notice.kind == NotificationKind::Mentioned;
    let mentions: Vec<Notification> = news.iter().filter(is_mention).cloned().collect();
    let key = format!("{SOUNDED}{person}");
    if mentions.is_empty() || !alerts::wants(person, alerts::Alert::Sound) || told::untold(&key, &mentions).is_empty() {
        return;
    }
    told::keep(&key, &mentions);
    alerts::sound();
}

fn mark_told(person: UserId, news: &[Notification]) {
    told::keep(&format!("{TOLD}{person}"), news);
}

/// Says it at the edge of the page, save what the person has before their eyes.
fn show(i18n: I18n, news: &[Notification]) {
    let here = window().location().pathname().unwrap_or_default();
    let is_elsewhere =
        |notice: &&Notification| notice.ticket_id.is_none_or(|ticket| here != format!("/tickets/{ticket}"));
    let news: Vec<&Notification> = news.iter().filter(is_elsewhere).collect();
    if news.len() > ONE_BY_ONE {
        let text = t_count!(i18n, news.len(), moves.bell.news, count = news.len());
        return use_toasts().news(text, String::new(), "/notifications".to_owned(), || {});
    }
    for notice in news.into_iter().rev() {
        let id = notice.id;
        let followed = move || use_bell().read(i18n, id, None);
        use_toasts().news(words(i18n, notice), title(notice), address(notice), followed);
    }
}

fn title(notice: &Notification) -> String {
    match (notice.ticket_id, &notice.title) {
        (Some(ticket), Some(title)) => format!("#{ticket} · {title}"),
        _ => String::new(),
    }
}

/// Tells whoever does not see the page, in the ways they asked for.
fn alert(i18n: I18n, person: UserId, news: &[Notification]) {
    mark_told(person, news);
    ring(person, news);
    if !alerts::wants(person, alerts::Alert::Browser) {
        return;
    }
    for notice in news.iter().take(ONE_BY_ONE) {
        let tag = format!("turno-{}", notice.id);
        alerts::show(&words(i18n, notice), &title(notice), &tag, address(notice), go_to);
    }
}

/// Goes to what somebody followed. The page may be another one by now, or somebody else's.
pub fn go_to(path: &str) {
    if let Some(go) = GO.with_borrow(Clone::clone) {
        go(path);
    }
}

//! What a browser can do to reach a person who does not look: its own notifications and a soft sound. Both are off until
//! somebody asks for them, each for themselves, on each device.

use futures_util::future::{self, Either};
use gloo_timers::future::TimeoutFuture;
use js_sys::Reflect;
use leptos::{prelude::window, task::spawn_local};
use shared::ids::UserId;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, MessageEvent, Notification, NotificationOptions, NotificationPermission, OscillatorType,
    ServiceWorkerContainer, ServiceWorkerRegistration,
};

use crate::{browser, session::use_session};

/// So long after it came a notification may still be shown, in milliseconds.
const LATE: u32 = 60_000;

/// A way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    /// A notification of the browser's.
    Browser,
    /// A sound.
    Sound,
}

impl Alert {
    fn key(self, person: UserId) -> String {
        let name = match self {
            Self::Browser => "browser",
            Self::Sound => "sound",
        };
        format!("turno.alerts.{name}.{person}")
    }
}

/// Whether somebody asked for it on this device.
pub fn wants(person: UserId, alert: Alert) -> bool {
    browser::local_get(&alert.key(person)).as_deref() == Some("on")
}

/// Remembers what somebody wants on this device.
pub fn choose(person: UserId, alert: Alert, on: bool) {
    browser::local_set(&alert.key(person), if on { "on" } else { "off" });
}

/// Whether the browser shows notifications of this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// It does.
    Granted,
    /// It was told not to.
    Denied,
    /// Nobody has decided yet.
    Undecided,
    /// It only does so for pages with a secure connection.
    Unsafe,
    /// It cannot.
    Unsupported,
}

/// Whether the browser shows notifications of this page now.
pub fn permission() -> Permission {
    let knows = Reflect::has(&window(), &"Notification".into()).unwrap_or(false);
    if !window().is_secure_context() {
        return Permission::Unsafe;
    }
    if !knows {
        return Permission::Unsupported;
    }
    of(Notification::permission())
}

fn of(permission: NotificationPermission) -> Permission {
    match permission {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        _ => Permission::Undecided,
    }
}

/// Lets the browser ask the person, at once; the answer comes later.
pub fn ask() -> impl Future<Output = Permission> {
    let undecided = permission() == Permission::Undecided;
    let asked = undecided.then(|| Notification::request_permission().ok()).flatten();
    async move {
        if let Some(asked) = asked {
            // What was decided is read below.
            JsFuture::from(asked).await.ok();
        }
        permission()
    }
}

/// Shows a notification of the browser's, about a place of the page; whoever follows it comes to this tab. The same tag is
/// shown once.
pub fn show(title: &str, body: &str, tag: &str, path: String, followed: impl Fn(&str) + 'static) {
    if permission() != Permission::Granted {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    let Ok(notification) = Notification::new_with_options(title, &options) else {
        // Browsers on phones let only service workers show any.
        options.set_data(&JsValue::from_str(&path));
        let title = title.to_owned();
        return spawn_local(async move {
            show_by_worker(&title, &options).await.unwrap_or_default();
        });
    };
    let shown = notification.clone();
    let click = Closure::<dyn Fn()>::new(move || {
        window().focus().ok();
        shown.close();
        followed(&path);
    });
    notification.set_onclick(Some(click.as_ref().unchecked_ref()));
    // It may be followed for as long as the browser shows it.
    click.forget();
}

/// The service workers of this page, where the browser has any: not in a page without a secure connection.
fn workers() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let has = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    has.then(|| navigator.service_worker())
}

/// Somebody who has just come may have none yet: the browser keeps the page a few seconds after it has come. Where it keeps none
/// at all, as in a private window, there never is one, and after a while what came is no news any more.
async fn show_by_worker(title: &str, options: &NotificationOptions) -> Option<()> {
    let of_session = || use_session().user_untracked().map(|user| user.id);
    let whose = of_session();
    let ready = JsFuture::from(workers()?.ready().ok()?);
    let Either::Left((ready, _)) = future::select(ready, TimeoutFuture::new(LATE)).await else { return None };
    // Somebody else may sit here by then, or nobody.
    if whose != of_session() {
        return None;
    }
    let worker: ServiceWorkerRegistration = ready.ok()?.dyn_into().ok()?;
    JsFuture::from(worker.show_notification_with_options(title, options).ok()?).await.ok()?;
    Some(())
}

/// Hears from the service worker (`sw.js`) which place of the page somebody wants to see who followed what it showed, for as
/// long as the page is there.
pub fn on_followed(followed: impl Fn(&str) + 'static) {
    let Some(workers) = workers() else { return };
    let told = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let path = Reflect::get(&event.data(), &"follow".into()).ok().and_then(|path| path.as_string());
        if let Some(path) = path {
            followed(&path);
        }
    });
    workers.set_onmessage(Some(told.as_ref().unchecked_ref()));
    told.forget();
}

/// Two soft notes, one above the other. Where the browser lets no page sound, there is silence.
pub fn sound() {
    play().unwrap_or_default();
}

fn play() -> Option<()> {
    let context = AudioContext::new().ok()?;
    context.resume().ok();
    let start = context.current_time();
    for (pitch, delay) in [(659.25_f32, 0.0), (987.77_f32, 0.14)] {
        let (tone, volume) = (context.create_oscillator().ok()?, context.create_gain().ok()?);
        tone.set_type(OscillatorType::Sine);
        tone.frequency().set_value(pitch);
        let from = start + delay;
        let level = volume.gain();
        level.set_value_at_time(0.0, from).ok()?;
        level.linear_ramp_to_value_at_time(0.09, from + 0.02).ok()?;
        level.exponential_ramp_to_value_at_time(0.001, from + 0.5).ok()?;
        tone.connect_with_audio_node(&volume).ok()?;
        volume.connect_with_audio_node(&context.destination()).ok()?;
        tone.start_with_when(from).ok()?;
        tone.stop_with_when(from + 0.55).ok()?;
    }
    // Each holds a piece of the machine's sound until it is closed.
    leptos::prelude::set_timeout(move || drop(context.close()), std::time::Duration::from_secs(2));
    Some(())
}

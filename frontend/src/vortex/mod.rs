//! The vortex: a slow spiral of dust behind the login box that bends round the pointer.
//!
//! It is ornament, so it may cost nothing: a piece of its own that comes when the login page has long been usable, at rest
//! as soon as the pointer is, and not there at all for whoever wants less movement, other colours, less data or a longer
//! battery.

mod dust;
mod run;

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::HtmlCanvasElement;

use crate::browser;

/// Where the choice is remembered, in this browser: it is about this machine more than about the person.
const KEY: &str = "turno.vortex";
/// How long the login page has been there before the vortex is fetched.
const LATER: Duration = Duration::from_millis(800);
/// For whom it moves.
const WELCOME: &str = "(prefers-reduced-motion: no-preference) and (forced-colors: none)";

/// Draws on a canvas until that is gone.
type Draw = fn(HtmlCanvasElement);

/// Where it is drawn. Nothing for the keyboard, for the pointer or for a screen reader.
#[component]
pub fn Vortex() -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let allowed = is_wanted() && !saves_data();
    let welcome = RwSignal::new(false);
    if allowed {
        follow(welcome);
    }
    // Each canvas is drawn on once; its drawing ends with it.
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            set_timeout(move || begin(canvas), LATER);
        }
    });
    view! {
        <Show when=move || welcome.get()>
            <canvas class="vortex" aria-hidden="true" node_ref=canvas></canvas>
        </Show>
    }
}

/// Whether the person wants it on this machine.
pub fn is_wanted() -> bool {
    browser::local_get(KEY).as_deref() != Some("off")
}

/// Remembers whether they do.
pub fn want(wanted: bool) {
    if wanted {
        browser::local_remove(KEY);
    } else {
        browser::local_set(KEY, "off");
    }
}

/// Follows whether the settings of this machine allow for it, also while the page is open.
fn follow(welcome: RwSignal<bool>) {
    let Some(media) = window().match_media(WELCOME).ok().flatten() else { return };
    welcome.set(media.matches());
    let watched = media.clone();
    let changed = Closure::<dyn Fn()>::new(move || {
        let _ = welcome.try_set(watched.matches());
    });
    media.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref()).ok();
    let listening = StoredValue::new_local((media, changed));
    on_cleanup(move || {
        let _ = listening.try_with_value(|(media, changed)| {
            media.remove_event_listener_with_callback("change", changed.as_ref().unchecked_ref()).ok();
        });
    });
}

/// Whether the browser was told to load less. Not every browser says.
fn saves_data() -> bool {
    let property = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let connection = property(&window().navigator(), "connection");
    connection.is_object() && property(&connection, "saveData").is_truthy()
}

fn begin(canvas: HtmlCanvasElement) {
    if !canvas.is_connected() {
        return;
    }
    spawn_local(async move {
        // It is ornament: where it does not come there is none.
        if let Some(draw) = arrive().await
            && canvas.is_connected()
        {
            draw(canvas);
        }
    });
}

#[cfg(feature = "split")]
async fn arrive() -> Option<Draw> {
    cut_off().await.ok()
}

#[cfg(not(feature = "split"))]
#[allow(clippy::unused_async, reason = "nothing is fetched in a build that is not cut")]
async fn arrive() -> Option<Draw> {
    Some(run::draw)
}

#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(vortex, wasm_split_path = leptos::wasm_split, fallible)]
fn cut_off() -> Result<Draw, leptos::wasm_split::SplitLoaderError> {
    Ok(run::draw)
}

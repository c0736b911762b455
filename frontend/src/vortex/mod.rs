//! The vortex: a slow spiral of dust behind the login box that bends round the pointer.
//!
//! It is ornament, so it may cost nothing: a piece of its own that comes when the login page has long been usable, at rest
//! as soon as the pointer is, and not there at all for whoever wants less movement, other colours, less data or a longer
//! battery.

mod dust;
mod run;

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
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
    Effect::new(move || {
        if canvas.get().is_some() && is_wanted() && is_welcome() {
            set_timeout(move || begin(canvas), LATER);
        }
    });
    view! { <canvas class="vortex" aria-hidden="true" node_ref=canvas></canvas> }
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

/// Whether this machine and its settings allow for it.
fn is_welcome() -> bool {
    let moves = window().match_media(WELCOME).ok().flatten().is_some_and(|media| media.matches());
    moves && !saves_data()
}

/// Whether the browser was told to load less. Not every browser says.
fn saves_data() -> bool {
    let property = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let connection = property(&window().navigator(), "connection");
    connection.is_object() && property(&connection, "saveData").is_truthy()
}

fn begin(canvas: NodeRef<html::Canvas>) {
    spawn_local(async move {
        // It is ornament: where it does not come there is none.
        if let Some(draw) = arrive().await
            && let Some(canvas) = canvas.try_get_untracked().flatten()
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

//! The few things asked of the browser itself. Storage may be forbidden or full; then nothing is kept and nothing fails.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DomParser, Element, FocusOptions, HtmlAnchorElement, HtmlElement, ScrollIntoViewOptions,
    ScrollLogicalPosition, Storage, SupportedType, Url,
};

/// Milliseconds since 1970, by this machine's clock.
pub fn now() -> f64 {
    js_sys::Date::now()
}

fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Reads from `localStorage`.
pub fn local_get(key: &str) -> Option<String> {
    local()?.get_item(key).ok().flatten()
}

/// Writes to `localStorage`.
pub fn local_set(key: &str, value: &str) {
    if let Some(storage) = local() {
        storage.set_item(key, value).ok();
    }
}

/// Writes to `localStorage`; whether it is kept.
pub fn local_keep(key: &str, value: &str) -> bool {
    local().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Whether `localStorage` keeps what is written to it: some browsers have it and keep nothing.
pub fn local_works() -> bool {
    const PROBE: &str = "turno.probe";
    let works = local_keep(PROBE, "1");
    local_remove(PROBE);
    works
}

/// Removes a key of `localStorage`.
pub fn local_remove(key: &str) {
    if let Some(storage) = local() {
        storage.remove_item(key).ok();
    }
}

/// Every key of `localStorage` that starts so.
pub fn local_keys(prefix: &str) -> Vec<String> {
    local().map(|storage| keys(&storage, prefix)).unwrap_or_default()
}

fn keys(storage: &Storage, prefix: &str) -> Vec<String> {
    let count = storage.length().unwrap_or(0);
    let all = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    all.filter(|key| key.starts_with(prefix)).collect()
}

/// Reads from `sessionStorage`.
pub fn session_get(key: &str) -> Option<String> {
    session()?.get_item(key).ok().flatten()
}

/// Writes to `sessionStorage`; an empty value removes the key.
pub fn session_set(key: &str, value: &str) {
    if let Some(storage) = session() {
        if value.is_empty() {
            storage.remove_item(key).ok();
        } else {
            storage.set_item(key, value).ok();
        }
    }
}

/// Every key of `sessionStorage` that starts so.
pub fn session_keys(prefix: &str) -> Vec<String> {
    session().map(|storage| keys(&storage, prefix)).unwrap_or_default()
}

/// Removes every key of `sessionStorage` that starts so.
pub fn session_remove_prefix(prefix: &str) {
    let Some(storage) = session() else { return };
    for key in keys(&storage, prefix) {
        storage.remove_item(&key).ok();
    }
}

/// The element that has the focus; none when it is the page itself.
pub fn focused() -> Option<HtmlElement> {
    let element = document().active_element()?;
    (element.tag_name() != "BODY").then(|| element.dyn_into().ok()).flatten()
}

/// Whether a key was pressed in a dialog that lies over what hears of it.
pub fn is_in_dialog(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("dialog[open]").ok().flatten().is_some())
}

/// Whether a dialog has the page for itself. The warning of the session's end has not, unless it stands over one that has.
pub fn has_modal() -> bool {
    document().query_selector("dialog:modal").ok().flatten().is_some()
}

/// Gives the focus to the element with this id, if it is there.
pub fn focus_id(id: &str) {
    if let Some(element) = by_id(id) {
        element.focus().ok();
    }
}

/// Whether nothing has the focus. The heading of the page does not count: there it is put where nothing has it.
pub fn is_focus_free() -> bool {
    focused().is_none_or(|focused| focused.tag_name() == "H1")
}

/// Gives the focus to the first that matches, without scrolling to it, when nothing has it: what had it was pressed and
/// is gone.
pub fn refocus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return };
    if is_focus_free() {
        focus_in_place(&element);
    }
}

/// Gives the focus to the heading of the page that comes now, unless it is somewhere by then: the page that had it is gone.
/// Once something else has it that had it not before, it is the person's: what they press and is gone then has its own heir.
pub fn refocus_on_heading() {
    let before = focused();
    let settled = Rc::new(Cell::new(false));
    for wait in [60, 300, 800, 1600] {
        let (before, settled) = (before.clone(), settled.clone());
        let look = move || {
            if settled.get() {
                return;
            }
            if let Some(heading) = document().query_selector("#content h1").ok().flatten() {
                heading.set_attribute("tabindex", "-1").ok();
                refocus("#content h1");
            }
            settled.set(!is_focus_free() && focused() != before);
        };
        set_timeout(look, Duration::from_millis(wait));
    }
}

/// The same for a page that came later than its place was waited for: by then the place itself has the focus.
pub fn refocus_on_late_heading() {
    if let Some(place) = focused().filter(|focused| focused.tag_name() == "MAIN") {
        place.blur().ok();
    }
    refocus_on_heading();
}

/// Presses the element with this id, if it is there.
pub fn click_id(id: &str) {
    if let Some(element) = by_id(id) {
        element.click();
    }
}

/// The same without scrolling to it; whether it is there.
pub fn focus_id_in_place(id: &str) -> bool {
    let element = by_id(id);
    if let Some(element) = &element {
        focus_in_place(element);
    }
    element.is_some()
}

/// Gives the focus to an element without scrolling to it.
pub fn focus_in_place(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    element.focus_with_options(&options).ok();
}

/// The element with this id, if it is there.
pub fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Scrolls as little as brings an element into view.
pub fn reveal(element: &Element) {
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&nearest);
}

/// Whether a media query holds now.
pub fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|media| media.matches())
}

/// How wide and how high the window is inside, in CSS pixels.
pub fn window_size() -> (f64, f64) {
    let number =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    (number(window().inner_width()), number(window().inner_height()))
}

/// Whether the person points with a finger first, and writes on the screen.
pub fn is_touched() -> bool {
    matches("(pointer: coarse)")
}

/// Sets an attribute of `<html>`.
pub fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        root.set_attribute(name, value).ok();
    }
}

/// Escapes a value for a query string.
pub fn escape(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}

/// What HTML says, without its form. Nothing of it is loaded or run.
pub fn text_of(html: &str) -> String {
    let parsed = DomParser::new().and_then(|parser| parser.parse_from_string(html, SupportedType::TextHtml));
    parsed.ok().and_then(|document| document.body()).and_then(|body| body.text_content()).unwrap_or_default()
}

/// An address as others open it: what is a path alone is below the address under which this page is open.
pub fn whole_address(address: String) -> String {
    if !address.starts_with('/') {
        return address;
    }
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{address}")
}

/// Copies a text; false where the browser does not let a page do so, as over plain HTTP.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Asks the browser to print the page, or to keep it as a PDF file; what a page is on paper, its styles say.
pub fn print() {
    let _ = window().print();
}

/// The time zone that the person's machine is set to, by its IANA name.
pub fn time_zone() -> Option<String> {
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    js_sys::Reflect::get(&options, &"timeZone".into()).ok()?.as_string().filter(|name| !name.is_empty())
}

/// Gives a file to the person: it goes where their downloads go.
pub fn save(content: &Blob, name: &str) {
    let Ok(address) = Url::create_object_url_with_blob(content) else { return };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser needs the address until it has begun to write.
    set_timeout(move || drop(Url::revoke_object_url(&address)), Duration::from_mins(1));
}

/// Loads the style sheet that the page names under this `meta`, once; whether it is there. True too where it names none: then
/// the page carries those styles from its beginning.
#[cfg(feature = "split")]
pub fn styles(name: &str) -> impl Future<Output = bool> + use<> {
    let named = document().query_selector(&format!("meta[name={name}]")).ok().flatten();
    let href = named.and_then(|meta| meta.get_attribute("content")).filter(|href| !href.is_empty());
    let coming = href.and_then(|href| {
        let known = document().query_selector(&format!("link[rel=stylesheet][href=\"{href}\"]")).ok().flatten();
        let is_new = known.is_none();
        let link = known.or_else(|| document().create_element("link").ok())?;
        // One that is read has a sheet.
        if js_sys::Reflect::get(&link, &"sheet".into()).is_ok_and(|sheet| sheet.is_object()) {
            return None;
        }
        let loaded = js_sys::Promise::new(&mut |done, failed| {
            link.add_event_listener_with_callback("load", &done).ok();
            link.add_event_listener_with_callback("error", &failed).ok();
        });
        if is_new {
            link.set_attribute("rel", "stylesheet").ok()?;
            link.set_attribute("href", &href).ok()?;
            // At the end: what lies behind the login has the last word over what the page begins with.
            document().body()?.append_child(&link).ok();
        }
        Some((link, loaded))
    });
    async move {
        let Some((link, loaded)) = coming else { return true };
        let is_here = JsFuture::from(loaded).await.is_ok();
        if !is_here {
            // Whoever asks next tries again.
            link.remove();
        }
        is_here
    }
}

/// Whether the browser knows of no reason why nothing should be reached.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Loads the page again.
pub fn reload() {
    // It fails only where a page may not be loaded again: inside a frame that forbids it.
    window().location().reload().ok();
}

/// A name that no other thing has: 26 digits of chance.
pub fn fresh_name() -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of 52 bits")]
    let part = || (js_sys::Math::random() * 2_f64.powi(52)) as u64;
    format!("{:013x}{:013x}", part(), part())
}

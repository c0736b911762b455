//! Files that are dropped or pasted.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, Element, Event, File, FileList, Node};

use super::tray::Tray;

/// Where files are taken from.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// From anywhere on the page, but for what takes its own.
    Page,
    /// From within this part of the page, which is marked with [`OWN`].
    Within(NodeRef<html::Section>),
}

/// The attribute of a part of the page that takes its own files.
pub const OWN: &str = "data-takes-files";

impl Scope {
    /// Whether something that happened is meant for it.
    fn holds(self, event: &Event) -> bool {
        let target = event.target();
        match self {
            Self::Page => {
                let element = target.and_then(|target| target.dyn_into::<Element>().ok());
                element.is_none_or(|element| element.closest(&format!("[{OWN}]")).ok().flatten().is_none())
            }
            Self::Within(part) => {
                let node = target.and_then(|target| target.dyn_into::<Node>().ok());
                part.try_get_untracked().flatten().is_some_and(|part| part.contains(node.as_ref()))
            }
        }
    }
}

/// Adds all files of a list.
pub fn take(tray: Tray, files: Option<&FileList>) {
    for file in each(files) {
        tray.add(file.name(), file);
    }
}

fn each(files: Option<&FileList>) -> Vec<File> {
    let count = files.map_or(0, FileList::length);
    (0..count).filter_map(|place| files?.get(place)).collect()
}

/// Whether files are being dragged, and not text of the page itself.
fn brings_files(transfer: Option<&DataTransfer>) -> bool {
    transfer.is_some_and(|transfer| transfer.types().iter().any(|kind| kind == "Files"))
}

/// Files that are dropped or pasted where they are meant for it go into the tray: a browser would leave the page and show
/// them instead.
pub fn listen(scope: Scope, tray: Signal<Tray>, over: RwSignal<bool>, pasted: impl Fn() -> String + 'static) {
    let drag = window_event_listener(ev::dragover, move |event| {
        let meant = brings_files(event.data_transfer().as_ref()) && scope.holds(&event);
        if meant {
            event.prevent_default();
        }
        if over.try_get_untracked().is_some_and(|over| over != meant) {
            let _ = over.try_set(meant);
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event| {
        // Out of the window, and not from one element into the next.
        if event.related_target().is_none() {
            let _ = over.try_set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event| {
        let _ = over.try_set(false);
        if brings_files(event.data_transfer().as_ref()) && scope.holds(&event) {
            event.prevent_default();
            if let Some(tray) = tray.try_get_untracked() {
                take(tray, event.data_transfer().and_then(|transfer| transfer.files()).as_ref());
            }
        }
    });
    let paste = window_event_listener(ev::paste, move |event| {
        let Some(transfer) = event.clipboard_data() else { return };
        // A cell of a spreadsheet comes as text and as its picture: then the text is meant.
        let has_text = transfer.types().iter().any(|kind| kind == "text/plain");
        let files = each(transfer.files().as_ref());
        let Some(tray) = tray.try_get_untracked().filter(|_| !has_text && !files.is_empty() && scope.holds(&event))
        else {
            return;
        };
        event.prevent_default();
        for file in files {
            tray.add(pasted_name(&file.name(), &pasted()), file);
        }
    });
    on_cleanup(move || [drag, leave, drop, paste].into_iter().for_each(WindowListenerHandle::remove));
}

/// Every picture that is pasted is called `image.png`; the moment tells them apart.
fn pasted_name(name: &str, word: &str) -> String {
    let Some(kind) = name.strip_prefix("image.") else { return name.to_owned() };
    let now = js_sys::Date::new_0();
    format!("{word}-{:02}.{:02}.{:02}.{kind}", now.get_hours(), now.get_minutes(), now.get_seconds())
}

//! How files are chosen: by a button, by dropping them anywhere on the page, by pasting.

use leptos::{ev, html, prelude::*};
use web_sys::{DataTransfer, File, FileList};

use super::{
    rules::rules,
    size,
    tray::{Item, Stage, Tray},
};
use crate::{
    browser,
    i18n::{Locale, t, t_string, tu_string, use_i18n},
    prefs::use_prefs,
    ui::{Icon, Symbol},
};

/// Where files are chosen.
const PICK_ID: &str = "attach-pick";

/// The button, and what has been chosen. While it is there, files that are dropped or pasted anywhere on the page go into
/// its tray.
#[component]
pub fn AttachBox(
    /// Where they go.
    #[prop(into)]
    tray: Signal<Tray>,
) -> impl IntoView {
    let i18n = use_i18n();
    let prefs = use_prefs();
    let rules = rules();
    let over = RwSignal::new(false);
    listen(tray, over, move || tu_string!(i18n, attachments.pasted).to_owned());
    let input = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            take(tray.get_untracked(), input.files().as_ref());
            // So that the same file can be chosen again after it was taken out.
            input.set_value("");
        }
    };
    let accepted = move || {
        rules.with(|rules| {
            let dotted = |kind: &String| format!(".{kind}");
            rules.as_ref().map(|rules| rules.extensions.iter().map(dotted).collect::<Vec<_>>().join(","))
        })
    };
    let most = move || {
        let bytes = rules.with(|rules| rules.as_ref().map(|rules| rules.max_bytes));
        bytes.map(|bytes| t_string!(i18n, attachments.hint, size = size::in_words(bytes, prefs.locale())))
    };
    view! {
        <div class="attach" class:over=over>
            <Chosen tray/>
            <div class="attach-line">
                <label class="attach-pick">
                    <input
                        id=PICK_ID
                        type="file"
                        multiple
                        class="visually-hidden"
                        node_ref=input
                        accept=accepted
                        on:change=chosen
                    />
                    <Icon symbol=Symbol::Clip/>
                    {t!(i18n, attachments.choose)}
                </label>
                <span class="attach-hint">{most}</span>
            </div>
            <p class="attach-drop" aria-hidden="true">{t!(i18n, attachments.drop)}</p>
        </div>
    }
    .into_any()
}

/// What is in the tray.
#[component]
fn Chosen(
    /// The tray.
    tray: Signal<Tray>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || !tray.get().is_empty()>
            <ul class="attach-list" aria-label=move || t_string!(i18n, attachments.chosen)>
                <For each=move || tray.get().items() key=|item| item.id let:item>
                    <ItemRow item tray=tray.get_untracked()/>
                </For>
            </ul>
            <p class="attach-hint">{t!(i18n, attachments.not_kept)}</p>
        </Show>
    }
    .into_any()
}

/// One file: what it is, how far it has come, and what can be done with it.
#[component]
pub fn ItemRow(
    /// The file.
    item: Item,
    /// The tray it is in.
    tray: Tray,
) -> impl IntoView {
    let i18n = use_i18n();
    let prefs = use_prefs();
    let Item { id, name, bytes, preview, .. } = item;
    let stage = Memo::new(move |_| {
        tray.items().into_iter().find(|item| item.id == id).map_or(Stage::Chosen, |item| item.stage)
    });
    let (for_remove, for_retry) = (name.clone(), name.clone());
    let remove_label = move || match stage.get() {
        Stage::Sending(_) | Stage::Waiting => t_string!(i18n, attachments.cancel, name = for_remove.clone()),
        Stage::Chosen | Stage::Failed(_) => t_string!(i18n, attachments.remove, name = for_remove.clone()),
    };
    let may_retry = move || matches!(stage.get(), Stage::Failed(trouble) if trouble.may_pass());
    view! {
        <li class="attach-item" class:bad=move || matches!(stage.get(), Stage::Failed(_))>
            {match preview {
                Some(address) => view! { <img class="attach-preview" src=address alt=""/> }.into_any(),
                None => view! { <span class="attach-preview" aria-hidden="true"><Icon symbol=Symbol::File/></span> }.into_any(),
            }}
            <div class="attach-what">
                <span class="attach-name"><bdi>{name}</bdi></span>
                <span class="attach-size">{move || size::in_words(bytes, prefs.locale())}</span>
                {move || view! { <StageWords stage=stage.get() locale=prefs.locale()/> }}
            </div>
            <Show when=may_retry>
                <button
                    type="button"
                    class="quiet-link"
                    aria-label={
                        let name = for_retry.clone();
                        move || t_string!(i18n, attachments.retry, name = name.clone())
                    }
                    on:click=move |_| tray.retry(id)
                >
                    {t!(i18n, common.retry)}
                </button>
            </Show>
            <button
                type="button"
                class="btn btn-quiet btn-icon"
                aria-label=remove_label
                on:click=move |_| {
                    tray.remove(id);
                    keep_focus();
                }
            >
                <Icon symbol=Symbol::Cross/>
            </button>
        </li>
    }
    .into_any()
}

/// What had the focus is gone: it goes to where files are chosen, so that it does not fall back to the page's beginning.
pub fn keep_focus() {
    request_animation_frame(|| {
        if browser::focused().is_none() {
            browser::focus_id(PICK_ID);
        }
    });
}

/// How far it has come, in words.
#[component]
fn StageWords(
    /// How far.
    stage: Stage,
    /// The language of numbers.
    locale: Locale,
) -> impl IntoView {
    let i18n = use_i18n();
    match stage {
        Stage::Chosen => ().into_any(),
        Stage::Waiting => view! { <span class="attach-size">{t!(i18n, attachments.waiting)}</span> }.into_any(),
        Stage::Sending(percent) => view! {
            <span class="attach-progress">
                <progress max="100" value=percent.to_string() aria-label=move || t_string!(i18n, attachments.sending)></progress>
                <span aria-hidden="true">{format!("{percent}\u{a0}%")}</span>
            </span>
        }
        .into_any(),
        Stage::Failed(trouble) => view! {
            <span class="attach-trouble" role="alert">{move || trouble.message(i18n, locale)}</span>
        }
        .into_any(),
    }
}

/// Adds all files of a list.
fn take(tray: Tray, files: Option<&FileList>) {
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

/// Files that are dropped anywhere go into the tray: a browser would leave the page and show them instead.
fn listen(tray: Signal<Tray>, over: RwSignal<bool>, pasted: impl Fn() -> String + 'static) {
    let drag = window_event_listener(ev::dragover, move |event| {
        if brings_files(event.data_transfer().as_ref()) {
            event.prevent_default();
            let _ = over.try_update(|over| *over = true);
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
        if brings_files(event.data_transfer().as_ref()) {
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
        let Some(tray) = tray.try_get_untracked().filter(|_| !has_text && !files.is_empty()) else { return };
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

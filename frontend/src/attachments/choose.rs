//! How files are chosen: by a button, by dropping them anywhere on the page, by pasting.

use leptos::{html, prelude::*};

use super::{
    drop::{Scope, listen, take},
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
    let (over, touched) = (RwSignal::new(false), browser::is_touched());
    listen(Scope::Page, tray, over, move || tu_string!(i18n, attachments.pasted).to_owned());
    let most = move || {
        let bytes = rules().with(|rules| rules.as_ref().map(|rules| rules.max_bytes));
        bytes.map(|bytes| {
            let size = size::in_words(bytes, prefs.locale());
            // Nothing is dragged to a page with a finger.
            if touched {
                t_string!(i18n, attachments.hint_touch, size = size)
            } else {
                t_string!(i18n, attachments.hint, size = size)
            }
        })
    };
    view! {
        <div class="attach" class:over=over>
            <Chosen tray/>
            <div class="attach-line">
                <label class="attach-pick">
                    <Pick tray/>
                    {t!(i18n, attachments.choose)}
                </label>
                <span class="attach-hint">{most}</span>
            </div>
            <p class="attach-drop" aria-hidden="true">{t!(i18n, attachments.drop)}</p>
        </div>
    }
    .into_any()
}

/// The field that files are chosen with, and its drawing; it stands in a label.
#[component]
pub fn Pick(
    /// Where they go.
    #[prop(into)]
    tray: Signal<Tray>,
    /// The field's id.
    #[prop(default = PICK_ID.to_owned())]
    id: String,
) -> impl IntoView {
    let rules = rules();
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
    view! {
        <input id=id type="file" multiple class="visually-hidden" node_ref=input accept=accepted on:change=chosen/>
        <Icon symbol=Symbol::Clip/>
    }
    .into_any()
}

/// What is in the tray.
#[component]
pub fn Chosen(
    /// The tray.
    #[prop(into)]
    tray: Signal<Tray>,
    /// The id of the field that files are chosen with.
    #[prop(default = PICK_ID.to_owned())]
    home: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let home = StoredValue::new(home);
    view! {
        <Show when=move || !tray.get().is_empty()>
            <ul class="attach-list" aria-label=move || t_string!(i18n, attachments.chosen)>
                <For each=move || tray.get().items() key=|item| item.id let:item>
                    <ItemRow item tray=tray.get_untracked() home=home.get_value()/>
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
    /// The id of the field that files are chosen with.
    #[prop(default = PICK_ID.to_owned())]
    home: String,
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
                    keep_focus_near(&home);
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
    keep_focus_near(PICK_ID);
}

/// The same, where files are chosen with the field of this id.
fn keep_focus_near(home: &str) {
    let home = home.to_owned();
    request_animation_frame(move || {
        if browser::is_focus_free() {
            browser::focus_id(&home);
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

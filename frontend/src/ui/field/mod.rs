//! Text fields, with their label, hint and errors tied together for everyone.

use leptos::{ev, html, prelude::*};
use shared::problem::{FieldCode, FieldErrors};
use wasm_bindgen::JsCast;

use super::{fresh_id, given};
use crate::{
    api::field_message,
    i18n::{t, use_i18n},
};

/// What is wrong with one field of a form.
pub fn errors_of(errors: impl Into<Signal<FieldErrors>>, field: &'static str) -> Signal<Vec<FieldCode>> {
    let errors = errors.into();
    Signal::derive(move || errors.with(|errors| errors.get(field).cloned().unwrap_or_default()))
}

/// Whether anything is wrong with a field; tracked.
pub(super) fn is_wrong(errors: Signal<Vec<FieldCode>>, error: Signal<Option<String>>) -> bool {
    !errors.with(Vec::is_empty) || error.with(Option::is_some)
}

/// Moves the cursor to the first field that was refused, once the page shows it.
pub fn focus_first_invalid() {
    request_animation_frame(|| {
        let found = document().query_selector("[aria-invalid=true]").ok().flatten();
        if let Some(field) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            field.focus().ok();
        }
    });
}

/// The hint and the errors under a field. The field names it in `aria-describedby`.
#[component]
pub fn FieldNote(
    /// The id the field refers to.
    #[prop(into)]
    id: String,
    /// What to know before writing.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong with it.
    #[prop(optional, into)]
    errors: Signal<Vec<FieldCode>>,
    /// What else is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let fine = move || errors.with(Vec::is_empty) && error.with(Option::is_none);
    view! {
        <div class="field-note" id=id aria-live="polite">
            {move || errors.get().into_iter().map(|code| {
                view! { <p class="field-error">{move || field_message(i18n, code)}</p> }
            }).collect_view()}
            {move || error.get().map(|error| view! { <p class="field-error">{error}</p> })}
            {move || (given(&hint) && fine()).then(|| view! { <p class="field-hint">{hint.get()}</p> })}
        </div>
    }
}

/// The label over a field, with a word when it may be left empty.
#[component]
pub(super) fn FieldLabel(
    /// The field's id.
    field: String,
    /// The words.
    label: TextProp,
    /// Whether it may be left empty.
    optional: bool,
) -> impl IntoView {
    view! {
        <label class="field-label" for=field>
            {move || label.get()}
            {optional.then(|| view! { <OptionalMark/> })}
        </label>
    }
}

/// The word behind a label that says that its field may be left empty.
#[component]
pub(crate) fn OptionalMark() -> impl IntoView {
    let i18n = use_i18n();
    view! { <span class="field-optional">" (" {t!(i18n, common.optional_mark)} ")"</span> }
}

/// Sends a form on Ctrl+Enter (⌘+Enter) in one of its fields. Whether that was pressed.
fn is_sent(event: &ev::KeyboardEvent, form: impl FnOnce() -> Option<web_sys::HtmlFormElement>) -> bool {
    if event.key() != "Enter" || !(event.ctrl_key() || event.meta_key()) {
        return false;
    }
    if let Some(form) = form() {
        event.prevent_default();
        form.request_submit().ok();
    }
    true
}

/// One line of text. Enter sends the form it is in, unless it is told what else to do, and Ctrl+Enter (⌘+Enter) always.
#[component]
pub fn TextField(
    /// The words over it.
    #[prop(into)]
    label: TextProp,
    /// What is in it.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    errors: Signal<Vec<FieldCode>>,
    /// What else is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What to know before writing.
    #[prop(optional, into)]
    hint: TextProp,
    /// The words in it while it is empty.
    #[prop(optional, into)]
    placeholder: TextProp,
    /// `text`, `email`, `password`, `search`…
    #[prop(default = "text")]
    kind: &'static str,
    /// The name, for password managers and tests.
    #[prop(optional)]
    name: &'static str,
    /// What browsers may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it may be left empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether the cursor is put here when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// What Enter does instead of sending the form.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// The element.
    #[prop(optional)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let id = fresh_id("field");
    let note = format!("{id}-note");
    focus_at_start(node_ref, autofocus);
    let press = move |event: ev::KeyboardEvent| {
        if is_sent(&event, || node_ref.get_untracked().and_then(|input| input.form())) {
            return;
        }
        if let Some(on_enter) = on_enter
            && event.key() == "Enter"
            // There it ends a word of an input method.
            && !event.is_composing()
        {
            event.prevent_default();
            on_enter.run(());
        }
    };
    view! {
        <div class="field">
            <FieldLabel field=id.clone() label optional/>
            <input
                class="field-input"
                id=id
                node_ref=node_ref
                type=kind
                name=name
                autocomplete=autocomplete
                autocapitalize=(kind != "text").then_some("none")
                spellcheck=(kind != "text" || name == "username" || name == "login").then_some("false")
                enterkeyhint=on_enter.is_some().then_some("next")
                placeholder=move || placeholder.get()
                disabled=disabled
                aria-required=(!optional).then_some("true")
                aria-invalid=move || is_wrong(errors, error).then_some("true")
                aria-describedby=note.clone()
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
                on:keydown=press
            />
            <FieldNote id=note hint errors error/>
        </div>
    }
}

/// Several lines of text; grows with them. Ctrl+Enter (⌘+Enter) sends the form it is in.
#[component]
pub fn TextArea(
    /// The words over it.
    #[prop(into)]
    label: TextProp,
    /// What is in it.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    errors: Signal<Vec<FieldCode>>,
    /// What else is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What to know before writing.
    #[prop(optional, into)]
    hint: TextProp,
    /// The words in it while it is empty.
    #[prop(optional, into)]
    placeholder: TextProp,
    /// The name, for tests.
    #[prop(optional)]
    name: &'static str,
    /// The fewest lines it shows.
    #[prop(default = 5)]
    rows: u32,
    /// Whether it may be left empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The element.
    #[prop(optional)]
    node_ref: NodeRef<html::Textarea>,
) -> impl IntoView {
    let id = fresh_id("field");
    let note = format!("{id}-note");
    let press = move |event: ev::KeyboardEvent| {
        is_sent(&event, || node_ref.get_untracked().and_then(|area| area.form()));
    };
    view! {
        <div class="field">
            <FieldLabel field=id.clone() label optional/>
            <textarea
                class="field-input field-area"
                id=id
                node_ref=node_ref
                name=name
                rows=rows
                placeholder=move || placeholder.get()
                disabled=disabled
                aria-required=(!optional).then_some("true")
                aria-invalid=move || is_wrong(errors, error).then_some("true")
                aria-describedby=note.clone()
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
                on:keydown=press
            ></textarea>
            <FieldNote id=note hint errors error/>
        </div>
    }
}

/// Puts the cursor in a field when it appears.
pub(super) fn focus_at_start(node_ref: NodeRef<html::Input>, wanted: bool) {
    if wanted {
        Effect::new(move || {
            if let Some(input) = node_ref.get() {
                request_animation_frame(move || {
                    input.focus().ok();
                });
            }
        });
    }
}

//! The list as a file: what it shows, with its filters.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    page::DEFAULT_LIMIT,
    reports::{ExportFormat, ExportQuery},
};
use wasm_bindgen::JsCast;
use web_sys::{AbortController, HtmlElement};

use super::filters::Filters;
use crate::{
    api::{ClientError, reports as api},
    browser,
    commands::{Command, offer_choices},
    i18n::{I18n, t, t_string, use_i18n},
    prefs::{Prefs, to_language, use_prefs},
    ui::{Icon, Menu, MenuAction, Symbol, filter::PillOption, use_toasts},
};

/// Where the focus is while a file is on its way.
const CANCEL_ID: &str = "export-cancel";

/// A file on its way.
#[derive(Clone)]
struct Underway {
    format: ExportFormat,
    broken_off: AbortController,
}

/// The menu of the kinds of file; while one is on its way, what it is and the way out.
#[component]
pub fn ExportMenu(
    /// What the address bar asks for.
    filters: Memo<Filters>,
) -> impl IntoView {
    let (i18n, prefs) = (use_i18n(), use_prefs());
    // An abort controller belongs to its thread, like everything of the browser's.
    let underway = RwSignal::new_local(None::<Underway>);
    on_cleanup(move || {
        if let Some(Some(export)) = underway.try_get_untracked() {
            export.broken_off.abort();
        }
    });
    let start = move |format: ExportFormat| {
        let Ok(broken_off) = AbortController::new() else { return };
        underway.set(Some(Underway { format, broken_off: broken_off.clone() }));
        request_animation_frame(|| browser::focus_id(CANCEL_ID));
        let query = query_of(&filters.get_untracked(), prefs);
        spawn_local(async move {
            let result = api::export(format, &query, &broken_off.signal()).await;
            let had_focus = browser::focused().is_some_and(|focused| focused.id() == CANCEL_ID);
            underway.try_set(None);
            if had_focus {
                request_animation_frame(focus_menu);
            }
            tell(i18n, result, broken_off.signal().aborted());
        });
    };
    let options = Signal::derive(move || {
        ExportFormat::ALL.map(|format| PillOption::new(format.as_str(), format_name(i18n, format))).to_vec()
    });
    let take = Callback::new(move |word: String| {
        let format = ExportFormat::ALL.into_iter().find(|format| format.as_str() == word);
        // One file at a time, as with the menu.
        if let Some(format) = format.filter(|_| underway.with_untracked(Option::is_none)) {
            start(format);
        }
    });
    Effect::new(move || {
        if underway.with(Option::is_none) {
            offer_choices(Command::Export, options, take);
        }
    });
    let trigger = move || {
        view! {
            {t!(i18n, exports.menu)}
            <Icon symbol=Symbol::Down/>
        }
    };
    let told = move || {
        let kind = underway.get()?.format.as_str().to_uppercase();
        Some(view! {
            <span class="export-spinner" aria-hidden="true"></span>
            {move || t_string!(i18n, exports.preparing, kind = kind.clone())}
        })
    };
    view! {
        <div class="export" role="group" aria-label=move || t_string!(i18n, exports.menu_label)>
            // It is there before its words: of what comes with them a screen reader may say nothing.
            <span role="status" class="export-waiting">{told}</span>
            {move || match underway.get() {
                Some(export) => view! { <Waiting export/> }.into_any(),
                None => view! {
                    <Menu label=move || t_string!(i18n, exports.menu_label) class="btn btn-secondary" trigger=trigger>
                        {ExportFormat::ALL.map(|format| view! {
                            <MenuAction on_click=move |()| start(format)>{move || format_name(i18n, format)}</MenuAction>
                        })}
                    </Menu>
                }
                .into_any(),
            }}
        </div>
    }
    .into_any()
}

/// What a kind of file is called.
fn format_name(i18n: I18n, format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => t_string!(i18n, exports.csv),
        ExportFormat::Xlsx => t_string!(i18n, exports.xlsx),
        ExportFormat::Pdf => t_string!(i18n, exports.pdf),
    }
}

/// The focus goes back to where it was when the file was asked for.
fn focus_menu() {
    let button = document().query_selector(".export button").ok().flatten();
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.focus().ok();
    }
}

/// The way out of what is on its way.
#[component]
fn Waiting(
    /// The file.
    export: Underway,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button
            id=CANCEL_ID
            type="button"
            class="btn btn-quiet"
            on:click=move |_| export.broken_off.abort()
        >
            {t!(i18n, exports.cancel)}
        </button>
    }
    .into_any()
}

/// The list's filters, in the language and the time zone of whoever looks at it.
fn query_of(filters: &Filters, prefs: Prefs) -> ExportQuery {
    let locale = to_language(prefs.locale_untracked());
    ExportQuery::of(filters.to_query(DEFAULT_LIMIT, None), Some(locale), browser::time_zone())
}

/// Gives the file to the person, or says why there is none.
fn tell(i18n: I18n, result: Result<api::Download, ClientError>, broken_off: bool) {
    let toasts = use_toasts();
    match result {
        Ok(file) => {
            browser::save(&file.content, &file.name);
            toasts.success(t_string!(i18n, exports.done, name = file.name));
        }
        Err(_) if broken_off => toasts.success(t_string!(i18n, exports.cancelled)),
        // The login page is already there.
        Err(ClientError::SessionEnded) => {}
        Err(error) => toasts.error(error.message(i18n)),
    }
}

//! Keeps what the list shows as a view.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    fields,
    permissions::{DeskAction, can},
    problem::FieldErrors,
    tickets::TicketSort,
    views::{BuiltInView, CreateView, View},
};

use super::state::use_views;
use crate::{
    api::{ClientError, views as api},
    commands::{Command, Offered},
    i18n::{t, t_string, tu_string, use_i18n},
    session::use_session,
    tickets::Filters,
    ui::{Button, ButtonKind, Checkbox, Dialog, Icon, Symbol, TextField, errors_of, focus_first_invalid, use_toasts},
};

/// The button that keeps what the list shows, while that is no view yet, and its dialog.
#[component]
pub fn SaveView(
    /// What the address bar asks for.
    filters: Memo<Filters>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let new = Memo::new(move |_| {
        filters.with(|filters| {
            let known = BuiltInView::ALL.iter().any(|view| Filters::of_view(&view.filters()) == *filters);
            (filters.narrowed() || filters.sort != TicketSort::default())
                && !known
                && use_views().matching(filters).is_none()
        })
    });
    view! {
        <Show when=move || new.get()>
            <button type="button" class="pill plain" on:click=move |_| open.set(true)>
                <Icon symbol=Symbol::Funnel/>
                {t!(i18n, views.save)}
            </button>
            <Offered command=Command::SaveView run=move |()| open.set(true)/>
        </Show>
        <Dialog open title=move || t_string!(i18n, views.save_heading) on_close=move |()| open.set(false)>
            <Form filters open/>
        </Dialog>
    }
    .into_any()
}

/// Name and reach.
#[component]
fn Form(
    /// What the address bar asks for.
    filters: Memo<Filters>,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (name, shared) = (RwSignal::new(String::new()), RwSignal::new(false));
    let (errors, busy) = (RwSignal::new(FieldErrors::new()), RwSignal::new(false));
    let may_share = use_session().user_untracked().is_some_and(|user| can(user.role, DeskAction::ShareViews));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = CreateView {
            name: name.get_untracked().trim().to_owned(),
            filters: filters.with_untracked(Filters::to_view),
            shared: shared.get_untracked(),
        };
        if let Err(found) = fields::check(&request) {
            errors.set(found);
            return focus_first_invalid();
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::create(&request).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(view) => {
                    use_toasts().success(tu_string!(i18n, views.saved, name = view.name.clone()));
                    use_views().put(view);
                    open.set(false);
                }
                Err(error) => refuse(errors, &error, &error.said(i18n)),
            }
        });
    };
    view! {
        <form novalidate on:submit=submit>
            <TextField
                label=move || t_string!(i18n, views.name)
                hint=move || t_string!(i18n, views.name_hint)
                value=name
                errors=errors_of(errors, "name")
                name="view_name"
                autofocus=true
            />
            {may_share.then(|| view! {
                <Checkbox
                    label=move || t_string!(i18n, views.share)
                    hint=move || t_string!(i18n, views.share_hint)
                    checked=shared
                    name="view_shared"
                />
            })}
            <div class="dialog-foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| open.set(false)>{t!(i18n, common.cancel)}</Button>
                <Button kind=ButtonKind::Primary busy>{t!(i18n, common.save)}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// The name as a form has it, and a way to change it.
#[component]
pub fn Rename(
    /// Which.
    view: View,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// Takes the new name.
    on_name: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(view.name);
    let errors = RwSignal::new(FieldErrors::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = name.get_untracked().trim().to_owned();
        let request = CreateView { name: wanted.clone(), filters: Filters::default().to_view(), shared: false };
        if let Err(found) = fields::check(&request) {
            errors.set(found);
            return focus_first_invalid();
        }
        open.set(false);
        on_name.run(wanted);
    };
    view! {
        <form novalidate on:submit=submit>
            <TextField
                label=move || t_string!(i18n, views.name)
                value=name
                errors=errors_of(errors, "name")
                name="view_name"
                autofocus=true
            />
            <div class="dialog-foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| open.set(false)>{t!(i18n, common.cancel)}</Button>
                <Button kind=ButtonKind::Primary>{t!(i18n, common.save)}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// Says beside the field what is wrong with it, and anything else aloud.
fn refuse(errors: RwSignal<FieldErrors>, error: &ClientError, words: &str) {
    let found = error.field_errors();
    if found.is_empty() {
        use_toasts().error(words);
    } else {
        let _ = errors.try_set(found);
        focus_first_invalid();
    }
}

//! The desk's settings, for administrators.

mod colour;
mod conflict;
mod picture;
mod state;

use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;
use shared::{permissions::TechnicianScope, settings::Settings};

use colour::ColourField;
use conflict::ConflictDialog;
use picture::{Picture, PicturePart};
use state::Form;

use crate::{
    api::settings as api,
    brand::use_brand,
    i18n::{I18n, t, t_string, use_i18n},
    ui::{Button, ButtonKind, Loaded, Select, TextField, errors_of},
};

/// What a scope means.
pub fn scope_name(i18n: I18n, scope: TechnicianScope) -> &'static str {
    match scope {
        TechnicianScope::Assigned => t_string!(i18n, settings.scope_assigned),
        TechnicianScope::Queue => t_string!(i18n, settings.scope_queue),
        TechnicianScope::All => t_string!(i18n, settings.scope_all),
    }
}

/// `/settings`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let settings = LocalResource::new(api::read);
    view! {
        <Title text=move || t_string!(i18n, settings.title)/>
        <div class="settings">
            <h1>{t!(i18n, settings.title)}</h1>
            <p class="lead">{t!(i18n, settings.lead)}</p>
            <Loaded resource=settings lines=7 let:now>
                <Parts settings=now.get_untracked()/>
            </Loaded>
        </div>
    }
    .into_any()
}

/// The form, and the pictures beside it.
#[component]
fn Parts(
    /// As they are.
    settings: Settings,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = Form::new(i18n, use_brand(), settings);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.save();
    };
    view! {
        <form novalidate on:submit=submit>
            <Part title=move || t_string!(i18n, settings.identity) hint=move || t_string!(i18n, settings.identity_hint)>
                <TextField
                    label=move || t_string!(i18n, settings.name)
                    hint=move || t_string!(i18n, settings.name_hint)
                    value=form.name
                    errors=errors_of(form.errors, "name")
                    name="name"
                />
                <ColourField value=form.colour errors=errors_of(form.errors, "primary_colour")/>
            </Part>
            <Part title=move || t_string!(i18n, settings.visibility) hint=move || t_string!(i18n, settings.scope_hint)>
                <ScopeField form/>
            </Part>
            <div class="settings-foot">
                {move || form.trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
                <Button kind=ButtonKind::Primary busy=form.busy>{t!(i18n, settings.save)}</Button>
            </div>
        </form>
        <PicturePart form picture=Picture::Logo/>
        <PicturePart form picture=Picture::Favicon/>
        <ConflictDialog form/>
    }
    .into_any()
}

/// What technicians see.
#[component]
fn ScopeField(
    /// The form.
    form: Form,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), t_string!(i18n, settings.scope_default).to_owned())];
        options
            .extend(TechnicianScope::ALL.map(|scope| (scope.as_str().to_owned(), scope_name(i18n, scope).to_owned())));
        options
    });
    // What the server says stands below: in the choice itself it would be cut on a phone.
    let hint = move || {
        let default = scope_name(i18n, form.default_scope());
        t_string!(i18n, settings.scope_default_now, scope = default)
    };
    view! {
        <Select label=move || t_string!(i18n, settings.scope) value=form.scope options hint name="technician_scope"/>
    }
}

/// One part of the page.
#[component]
fn Part(
    /// Its heading.
    #[prop(into)]
    title: TextProp,
    /// What it is for.
    #[prop(into)]
    hint: TextProp,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let id = crate::ui::fresh_id("part");
    let labelled_by = id.clone();
    view! {
        <section class="settings-part" aria-labelledby=labelled_by>
            <div class="settings-side">
                <h2 id=id>{move || title.get()}</h2>
                <p>{move || hint.get()}</p>
            </div>
            <div class="settings-body">{children()}</div>
        </section>
    }
    .into_any()
}

//! The ticket's title and description in fields.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    fields::{self, BODY_MAX, TITLE_MAX},
    problem::FieldErrors,
    tickets::UpdateTicket,
};

use super::{state::State, wish::Wish};
use crate::{
    i18n::{t, t_string, tu_string},
    tickets::count::Count,
    ui::{Button, ButtonKind, TextArea, TextField, errors_of, focus_first_invalid, use_toasts},
};

/// The form, in the place of the text.
#[component]
pub fn EditText(
    /// The page.
    state: State,
    /// Whether the form is there.
    editing: RwSignal<bool>,
) -> impl IntoView {
    let i18n = state.i18n;
    let before = state.ticket.get_untracked();
    let title = RwSignal::new(before.title.clone());
    let description = RwSignal::new(before.description.clone());
    let errors = RwSignal::new(FieldErrors::new());
    let trouble = RwSignal::new(None::<String>);
    let before = StoredValue::new(before);
    let save = move || {
        let (title, description, before) = (title.get_untracked(), description.get_untracked(), before.get_value());
        let update = UpdateTicket {
            title: (title.trim() != before.title).then(|| title.trim().to_owned()),
            description: (description != before.description).then_some(description),
            ..UpdateTicket::default()
        };
        if let Err(found) = fields::check(&update) {
            errors.set(found);
            return focus_first_invalid();
        }
        if update.title.is_none() && update.description.is_none() {
            return editing.set(false);
        }
        errors.set(FieldErrors::new());
        trouble.set(None);
        spawn_local(async move {
            match state.fulfil_from(before, Wish::Update(update)).await {
                Ok(done) => {
                    let _ = editing.try_set(false);
                    if done {
                        use_toasts().success(tu_string!(i18n, tickets.edit.saved));
                    }
                }
                Err(error) => {
                    let _ = errors.try_set(error.field_errors());
                    let _ = trouble.try_set(Some(error.message(i18n)));
                }
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    view! {
        <form class="edit-text" novalidate on:submit=submit aria-label=move || t_string!(i18n, tickets.edit.heading)>
            <TextField
                label=move || t_string!(i18n, tickets.edit.title)
                value=title
                errors=errors_of(errors, "title")
                autofocus=true
            />
            <Count text=title max=TITLE_MAX/>
            <TextArea
                label=move || t_string!(i18n, tickets.edit.description)
                value=description
                errors=errors_of(errors, "description")
                rows=8
            />
            <Count text=description max=BODY_MAX bytes=true/>
            <div class="foot">
                {move || trouble.get().map(|trouble| view! { <span class="trouble" role="alert">{trouble}</span> })}
                <Button kind=ButtonKind::Quiet on_click=move |_| editing.set(false)>{t!(i18n, tickets.edit.cancel)}</Button>
                <Button kind=ButtonKind::Primary busy=state.busy>{t!(i18n, tickets.edit.save)}</Button>
            </div>
        </form>
    }
    .into_any()
}

//! The ticket's title and description in fields.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    fields::{self, BODY_MAX, TITLE_MAX},
    ids::TicketId,
    problem::FieldErrors,
    tickets::{Ticket, UpdateTicket},
};

use super::{state::State, wish::Wish};
use crate::{
    drafts::use_draft,
    i18n::{t, t_string, tu_string},
    tickets::count::Count,
    ui::{Button, ButtonKind, TextArea, TextField, errors_of, focus_first_invalid, use_toasts},
};

/// The text as it is being edited; it outlives the session, and so does the version it was begun from.
struct Draft {
    title: RwSignal<String>,
    description: RwSignal<String>,
    /// The ticket as the person saw it when they began.
    before: Ticket,
}

/// The draft of a ticket's title; it is there while the text is being edited.
pub fn title_draft(id: TicketId) -> RwSignal<String> {
    use_draft(format!("ticket.{id}.edit.title"))
}

impl Draft {
    fn open(state: State) -> Self {
        let mut before = state.ticket.get_untracked();
        let title = title_draft(state.id);
        let description = use_draft(format!("ticket.{}.edit.description", state.id));
        let version = use_draft(format!("ticket.{}.edit.version", state.id));
        if title.with_untracked(String::is_empty) {
            title.set(before.title.clone());
            description.set(before.description.clone());
            version.set(before.version.to_string());
        } else if let Some(begun) = version.get_untracked().parse().ok().filter(|&begun: &i64| begun != before.version)
        {
            // What it said then is not known any more: whatever it says now may be somebody else's words.
            before = Ticket { version: begun, title: String::new(), description: String::new(), ..before };
        }
        Self { title, description, before }
    }
}

/// The form, in the place of the text.
#[component]
pub fn EditText(
    /// The page.
    state: State,
    /// Whether the form is there.
    editing: RwSignal<bool>,
) -> impl IntoView {
    let i18n = state.i18n;
    let Draft { title, description, before } = Draft::open(state);
    let errors = RwSignal::new(FieldErrors::new());
    let trouble = RwSignal::new(None::<String>);
    let before = StoredValue::new(before);
    // The draft is forgotten a moment later: the form must still be there to do it.
    let close = move || {
        let _ = title.try_set(String::new());
        let _ = description.try_set(String::new());
        set_timeout(
            move || {
                let _ = editing.try_set(false);
            },
            std::time::Duration::ZERO,
        );
    };
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
            return close();
        }
        errors.set(FieldErrors::new());
        trouble.set(None);
        spawn_local(async move {
            match state.fulfil_from(before, Wish::Update(update)).await {
                Ok(done) => {
                    close();
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
                <Button kind=ButtonKind::Quiet on_click=move |_| close()>{t!(i18n, tickets.edit.cancel)}</Button>
                <Button kind=ButtonKind::Primary busy=state.busy>{t!(i18n, tickets.edit.save)}</Button>
            </div>
        </form>
    }
    .into_any()
}

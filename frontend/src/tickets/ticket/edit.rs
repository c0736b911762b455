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
    api::ClientError,
    browser,
    drafts::{forget_draft, is_kept, use_draft},
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
    /// Whether its text is known too; otherwise the title and the description of `before` are empty.
    is_known: bool,
    /// Whether it was begun earlier, and left without being saved.
    is_resumed: bool,
}

/// Where a part of the draft is kept.
fn key(id: TicketId, part: &str) -> String {
    format!("ticket.{id}.edit.{part}")
}

/// Whether the text was being edited when the session ended or the page was left. The texts may have been emptied: the
/// version that they were begun from tells.
pub fn is_begun(id: TicketId) -> bool {
    is_kept(key(id, "begun_from"))
}

impl Draft {
    fn open(state: State) -> Self {
        let mut before = state.ticket.get_untracked();
        let title = use_draft(key(state.id, "title"));
        let description = use_draft(key(state.id, "description"));
        let version = use_draft(key(state.id, "begun_from"));
        let mut is_known = true;
        let is_resumed = !version.with_untracked(String::is_empty);
        if !is_resumed {
            title.set(before.title.clone());
            description.set(before.description.clone());
            version.set(before.version.to_string());
        } else if let Some(begun) = version.get_untracked().parse().ok().filter(|&begun: &i64| begun != before.version)
        {
            // What it said then is not known any more: whatever it says now may be somebody else's words.
            is_known = false;
            before = Ticket { version: begun, title: String::new(), description: String::new(), ..before };
        }
        Self { title, description, before, is_known, is_resumed }
    }

    /// Forgets it at once: the form is about to go.
    fn forget(id: TicketId) {
        for part in ["title", "description", "begun_from"] {
            forget_draft(key(id, part));
        }
    }
}

/// What the form knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Form {
    state: State,
    title: RwSignal<String>,
    description: RwSignal<String>,
    before: StoredValue<Ticket>,
    is_known: bool,
    /// Whether it holds what was begun earlier.
    is_resumed: bool,
    errors: RwSignal<FieldErrors>,
    trouble: RwSignal<Option<String>>,
    editing: RwSignal<bool>,
}

impl Form {
    fn open(state: State, editing: RwSignal<bool>) -> Self {
        let Draft { title, description, before, is_known, is_resumed } = Draft::open(state);
        Self {
            state,
            title,
            description,
            before: StoredValue::new(before),
            is_known,
            is_resumed,
            errors: RwSignal::new(FieldErrors::new()),
            trouble: RwSignal::new(None),
            editing,
        }
    }

    fn close(self) {
        Draft::forget(self.state.id);
        self.hide();
    }

    fn hide(self) {
        let _ = self.editing.try_set(false);
        // The form is gone; what began it is there again.
        request_animation_frame(|| browser::refocus(".talk-head .edit-begin, .talk-head h1"));
    }

    /// Goes without saving; what was changed is there when the form is opened again, and after a reload.
    fn leave(self) {
        if self.state.busy.get_untracked() {
            return;
        }
        let UpdateTicket { title, description, .. } = self.before.with_value(|before| self.update(before));
        if title.is_none() && description.is_none() {
            Draft::forget(self.state.id);
        }
        self.hide();
    }

    fn fail(self, error: &ClientError) {
        let _ = self.errors.try_set(error.field_errors());
        let _ = self.trouble.try_set(Some(self.state.unsaved(error)));
    }

    /// Waits for what is chosen in a conflict that this form met.
    fn follow_choice(self) {
        let choice = self.state.text_choice;
        choice.set(None);
        Effect::new(move || match choice.get() {
            Some(Ok(())) => self.close(),
            Some(Err(error)) => self.fail(&error),
            None => {}
        });
    }

    fn update(self, before: &Ticket) -> UpdateTicket {
        let (title, description) = (self.title.get_untracked(), self.description.get_untracked());
        UpdateTicket {
            title: (!self.is_known || title.trim() != before.title).then(|| title.trim().to_owned()),
            description: (!self.is_known || description != before.description).then_some(description),
            ..UpdateTicket::default()
        }
    }

    fn save(self) {
        if self.state.busy.get_untracked() {
            return;
        }
        let before = self.before.get_value();
        let update = self.update(&before);
        if let Err(found) = fields::check(&update) {
            self.errors.set(found);
            return focus_first_invalid();
        }
        if update.title.is_none() && update.description.is_none() {
            return self.close();
        }
        self.errors.set(FieldErrors::new());
        self.trouble.set(None);
        spawn_local(async move {
            match self.state.fulfil_from(before, Wish::Update(update)).await {
                Ok(true) => {
                    self.close();
                    use_toasts().success(tu_string!(self.state.i18n, tickets.edit.saved));
                }
                // The text stays until something has been chosen, and what was chosen has succeeded.
                Ok(false) => {}
                Err(error) => self.fail(&error),
            }
        });
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
    let form = Form::open(state, editing);
    form.follow_choice();
    let Form { title, description, errors, trouble, .. } = form;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.save();
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            form.leave();
        }
    };
    view! {
        <form
            class="edit-text"
            novalidate
            on:submit=submit
            on:keydown=key
            aria-label=move || t_string!(i18n, tickets.edit.heading)
        >
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
            <Count text=description max=BODY_MAX/>
            <div class="foot">
                {form.is_resumed.then(|| view! { <span class="hint" role="status">{t!(i18n, tickets.edit.resumed)}</span> })}
                {move || trouble.get().map(|trouble| view! { <span class="trouble" role="alert">{trouble}</span> })}
                <Button kind=ButtonKind::Quiet on_click=move |_| form.close()>{t!(i18n, tickets.edit.cancel)}</Button>
                <Button kind=ButtonKind::Primary busy=state.busy>{t!(i18n, tickets.edit.save)}</Button>
            </div>
        </form>
    }
    .into_any()
}

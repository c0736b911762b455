//! Makes a saved reply or changes one, in a dialog.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use shared::{
    fields,
    problem::FieldErrors,
    replies::{CreateReply, Placeholder, SavedReply, UpdateReply},
};

use super::state::Replies;
use crate::{
    api::ClientError,
    i18n::{I18n, t, t_string, tu_string, use_i18n},
    tickets::caret,
    ui::{Button, ButtonKind, Checkbox, Dialog, TextArea, TextField, errors_of, focus_first_invalid, use_toasts},
};

/// What is in the dialog.
#[derive(Debug, Clone)]
pub enum Editing {
    /// One to be.
    New,
    /// One that is.
    Reply(SavedReply),
}

/// What the form knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Form {
    before: StoredValue<Option<SavedReply>>,
    title: RwSignal<String>,
    body: RwSignal<String>,
    shared: RwSignal<bool>,
    errors: RwSignal<FieldErrors>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    i18n: I18n,
}

impl Form {
    fn new(editing: Editing, i18n: I18n) -> Self {
        let before = match editing {
            Editing::New => None,
            Editing::Reply(reply) => Some(reply),
        };
        let of = |read: fn(&SavedReply) -> String| RwSignal::new(before.as_ref().map(read).unwrap_or_default());
        Self {
            title: of(|reply| reply.title.clone()),
            body: of(|reply| reply.body.clone()),
            shared: RwSignal::new(before.as_ref().is_some_and(|reply| reply.shared)),
            errors: RwSignal::new(FieldErrors::new()),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            before: StoredValue::new(before),
            i18n,
        }
    }

    fn to_create(self) -> CreateReply {
        CreateReply {
            title: self.title.get_untracked().trim().to_owned(),
            body: self.body.get_untracked(),
            shared: self.shared.get_untracked(),
        }
    }

    fn refuse(self, errors: FieldErrors, trouble: Option<String>) {
        let _ = self.errors.try_set(errors);
        let _ = self.trouble.try_set(trouble);
        focus_first_invalid();
    }

    /// Says why it was not saved: beside the field, when it is one's.
    fn fail(self, error: &ClientError) {
        let errors = error.field_errors();
        let trouble = errors.is_empty().then(|| error.message(self.i18n));
        self.refuse(errors, trouble);
    }

    fn send(self, replies: Replies, done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        let wanted = self.to_create();
        if let Err(errors) = fields::check(&wanted) {
            return self.refuse(errors, None);
        }
        self.errors.set(FieldErrors::new());
        self.trouble.set(None);
        self.busy.set(true);
        let before = self.before.get_value();
        let i18n = self.i18n;
        spawn_local(async move {
            let saved = match before {
                None => replies.add(&wanted).await,
                Some(before) => replies.change(&before, &changes(&before, wanted)).await,
            };
            let _ = self.busy.try_set(false);
            match saved {
                Ok(reply) => {
                    use_toasts().success(tu_string!(i18n, replies.saved, name = reply.title));
                    done();
                }
                Err(error) => self.fail(&error),
            }
        });
    }
}

/// Only what is other than it was.
fn changes(before: &SavedReply, wanted: CreateReply) -> UpdateReply {
    let CreateReply { title, body, shared } = wanted;
    UpdateReply {
        title: (title != before.title).then_some(title),
        body: (body != before.body).then_some(body),
        shared: (shared != before.shared).then_some(shared),
    }
}

/// The dialog, while something is in it.
#[component]
pub fn ReplyDialog(
    /// The list.
    replies: Replies,
    /// What is in it.
    editing: RwSignal<Option<Editing>>,
) -> impl IntoView {
    let i18n = use_i18n();
    // The words stay while the dialog closes.
    let new = Memo::new(move |before: Option<&bool>| match editing.get() {
        Some(Editing::New) => true,
        Some(Editing::Reply(_)) => false,
        None => before.copied().unwrap_or(true),
    });
    let title = move || if new.get() { t_string!(i18n, replies.new) } else { t_string!(i18n, replies.edit_heading) };
    let close = move || {
        let _ = editing.try_set(None);
    };
    view! {
        <Dialog open=Signal::derive(move || editing.with(Option::is_some)) title wide=true on_close=move |()| close()>
            {move || editing.get().map(|what| view! { <Fields form=Form::new(what, i18n) replies close=Callback::new(move |()| close())/> })}
        </Dialog>
    }
    .into_any()
}

/// The form.
#[component]
fn Fields(
    /// What it knows.
    form: Form,
    /// The list.
    replies: Replies,
    /// Closes it.
    close: Callback<()>,
) -> impl IntoView {
    let i18n = form.i18n;
    let area = NodeRef::<html::Textarea>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.send(replies, move || close.run(()));
    };
    view! {
        <form class="reply-form" novalidate on:submit=submit>
            <TextField
                label=move || t_string!(i18n, replies.name)
                hint=move || t_string!(i18n, replies.name_hint)
                value=form.title
                errors=errors_of(form.errors, "title")
                name="title"
                autofocus=true
            />
            <TextArea
                label=move || t_string!(i18n, replies.body)
                value=form.body
                errors=errors_of(form.errors, "body")
                name="body"
                rows=7
                node_ref=area
            />
            <Placeholders body=form.body area/>
            <Checkbox
                label=move || t_string!(i18n, replies.share)
                hint=move || t_string!(i18n, replies.share_hint)
                checked=form.shared
                name="shared"
            />
            {move || form.trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            <div class="dialog-foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| close.run(())>{t!(i18n, replies.cancel)}</Button>
                <Button kind=ButtonKind::Primary busy=form.busy>{t!(i18n, replies.save)}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// What the text may hold; pressed, it is written where the cursor is.
#[component]
fn Placeholders(
    /// The text.
    body: RwSignal<String>,
    /// Where it is written.
    area: NodeRef<html::Textarea>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chip = move |placeholder: Placeholder| {
        let written = format!("{{{{{}}}}}", placeholder.as_str());
        let name = move || placeholder_name(i18n, placeholder);
        let put = written.clone();
        view! {
            <button type="button" class="chip" title=written on:click=move |_| caret::put(area, body, &put)>
                {name}
            </button>
        }
    };
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, replies.placeholders)>
            <span class="field-hint">{t!(i18n, replies.placeholders_hint)}</span>
            {Placeholder::ALL.map(chip).collect_view()}
        </div>
    }
    .into_any()
}

/// A placeholder in words.
pub fn placeholder_name(i18n: I18n, placeholder: Placeholder) -> &'static str {
    match placeholder {
        Placeholder::RequesterName => t_string!(i18n, replies.placeholder.requester_name),
        Placeholder::RequesterFirstName => t_string!(i18n, replies.placeholder.requester_first_name),
        Placeholder::TicketId => t_string!(i18n, replies.placeholder.ticket_id),
        Placeholder::TicketTitle => t_string!(i18n, replies.placeholder.ticket_title),
        Placeholder::AgentName => t_string!(i18n, replies.placeholder.agent_name),
        Placeholder::DeskName => t_string!(i18n, replies.placeholder.desk_name),
    }
}

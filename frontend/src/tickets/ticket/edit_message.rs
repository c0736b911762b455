//! A comment that is being edited: what is written, and how it is saved.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    fields,
    ids::CommentId,
    tickets::{Comment, EditComment, Mention, PreviewComment, Visibility},
};

use super::{
    message::{begin_id, draft_key, time_left},
    state::State,
};
use crate::{
    api::{ClientError, Purpose, field_message, tickets as api},
    browser,
    drafts::{forget_draft, use_draft},
    i18n::tu_string,
};

/// What the field knows. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Edit {
    id: CommentId,
    state: State,
    note: bool,
    /// What the comment says.
    before: StoredValue<String>,
    /// What is written.
    pub text: RwSignal<String>,
    /// It is on its way.
    pub busy: RwSignal<bool>,
    /// Why it was not saved.
    pub trouble: RwSignal<Option<String>>,
    /// Whom the note names anew who would not see it, while the person is asked.
    pub unseen: RwSignal<Vec<Mention>>,
}

impl Edit {
    /// What was written before, or what the comment says.
    pub fn new(comment: &Comment, state: State) -> Self {
        let text = use_draft(draft_key(comment.id));
        if text.with_untracked(String::is_empty) {
            text.set(comment.body.clone());
        }
        let over = time_left(comment.created_at) <= 0.0;
        Self {
            id: comment.id,
            state,
            note: comment.visibility == Visibility::Internal,
            before: StoredValue::new(comment.body.clone()),
            text,
            busy: RwSignal::new(false),
            trouble: RwSignal::new(over.then(|| tu_string!(state.i18n, tickets.message.window_over).to_owned())),
            unseen: RwSignal::new(Vec::new()),
        }
    }

    /// Closes the field and forgets what is written.
    pub fn discard(self) {
        forget_draft(draft_key(self.id));
        self.close();
    }

    /// Closes the field; what is written is there when it is opened again.
    pub fn leave(self) {
        if self.before.with_value(|before| self.text.with_untracked(|text| text == before)) {
            return self.discard();
        }
        self.close();
    }

    fn close(self) {
        self.state.editing(self.id, || false).set(false);
        self.give_back();
    }

    /// The field is gone; what began it is there again, unless the time for it is over.
    fn give_back(self) {
        let begin = format!("#{}", begin_id(self.id));
        request_animation_frame(move || {
            browser::refocus(&begin);
            if browser::focused().is_none() {
                browser::refocus_on_heading();
            }
        });
    }

    /// Saves what is written. Before a note that names somebody anew who would not see it the person is asked.
    pub fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        let body = self.text.get_untracked();
        if let Err(errors) = fields::check(&EditComment { body: body.clone() }) {
            let code = errors.get("body").and_then(|codes| codes.first());
            return self.trouble.set(code.map(|&code| field_message(self.state.i18n, code)));
        }
        if !self.note || !body.contains('@') {
            return self.send();
        }
        self.busy.set(true);
        self.trouble.set(None);
        let request = PreviewComment { body, ticket_id: Some(self.state.id), visibility: Some(Visibility::Internal) };
        spawn_local(async move {
            let seen = api::preview(&request, Purpose::Deliberate).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match seen {
                Ok(preview) => {
                    let anew: Vec<Mention> =
                        preview.unseen_by.into_iter().filter(|person| !self.names(&person.username)).collect();
                    if anew.is_empty() { self.send() } else { self.unseen.set(anew) }
                }
                Err(error) => self.fail(&error),
            }
        });
    }

    /// Whether the comment names somebody already.
    fn names(self, username: &str) -> bool {
        let name = format!("@{}", username.to_lowercase());
        self.before.with_value(|before| before.to_lowercase().contains(&name))
    }

    /// Saves it.
    pub fn send(self) {
        let Some(body) = self.text.try_get_untracked() else { return };
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            let saved = api::edit_comment(self.id, &EditComment { body }).await;
            let _ = self.busy.try_set(false);
            match saved {
                Ok(comment) => {
                    self.discard();
                    self.state.comments.try_update(|run| run.put(vec![comment]));
                    // The history keeps what it said before.
                    self.state.catch_up().await;
                }
                Err(error) => self.fail(&error),
            }
        });
    }

    /// Says why it was not saved; the text stays, here and in its draft, and one press tries again.
    fn fail(self, error: &ClientError) {
        if !self.state.is_lost(error) {
            let _ = self.trouble.try_set(Some(self.state.unsaved(error)));
        }
    }
}

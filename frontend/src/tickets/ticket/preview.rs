//! How an answer will look, shown in the place of its text.

use leptos::{prelude::*, task::spawn_local};
use shared::tickets::{PreviewComment, Visibility};

use super::state::State;
use crate::{
    api::{ClientError, Purpose, tickets as api},
    i18n::{t, t_string, use_i18n},
};

/// How far the preview has come.
#[derive(Debug, Clone, PartialEq)]
enum Look {
    /// Nothing is written.
    Empty,
    /// It is being asked for.
    Loading,
    /// It is here, as safe HTML.
    Here(String),
    /// It did not come.
    Failed(ClientError),
}

/// Whether, and how, the text is shown as it will look. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Showing(RwSignal<Option<Look>>);

impl Showing {
    /// The text as it is.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Whether it is shown; tracked.
    pub fn is_on(self) -> bool {
        self.0.with(Option::is_some)
    }

    /// Shows the text itself again.
    pub fn close(self) {
        let _ = self.0.try_set(None);
    }

    /// Shows a text as it will look, or the text itself again.
    pub fn turn(self, state: State, body: String, visibility: Visibility) {
        if self.0.with_untracked(Option::is_some) {
            return self.close();
        }
        if body.trim().is_empty() {
            return self.0.set(Some(Look::Empty));
        }
        self.0.set(Some(Look::Loading));
        let request = PreviewComment { body, ticket_id: Some(state.id), visibility: Some(visibility) };
        spawn_local(async move {
            let look = match api::preview(&request, Purpose::Deliberate).await {
                Ok(preview) => Look::Here(preview.html),
                Err(error) if state.is_lost(&error) => return,
                Err(error) => Look::Failed(error),
            };
            // Whoever went back to writing meanwhile is not interrupted.
            self.0.try_update(|shown| {
                if *shown == Some(Look::Loading) {
                    *shown = Some(look);
                }
            });
        });
    }
}

/// The text as it will look.
#[component]
pub fn Preview(
    /// What is shown.
    showing: Showing,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let content = match showing.0.get()? {
            Look::Empty => view! { <p class="faint">{t!(i18n, conversation.write.preview_empty)}</p> }.into_any(),
            Look::Loading => view! { <p class="faint" role="status">{t!(i18n, common.loading)}</p> }.into_any(),
            Look::Here(html) => view! { <div class="prose" inner_html=html></div> }.into_any(),
            Look::Failed(error) => view! {
                <p class="trouble" role="alert">
                    {t!(i18n, conversation.write.preview_failed)} " " {move || error.message(i18n)}
                </p>
            }
            .into_any(),
        };
        Some(view! {
            <div class="preview" role="group" aria-label=move || t_string!(i18n, conversation.write.preview_label)>
                {content}
            </div>
        })
    }
}

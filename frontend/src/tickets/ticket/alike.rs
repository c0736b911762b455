//! Tickets that this one is like, for whoever answers: one of them may say how it was mended.

use leptos::{prelude::*, task::spawn_local};
use shared::tickets::{SimilarQuery, SimilarTicket};

use super::state::State;
use crate::{
    api::tickets as api,
    i18n::{t, t_string},
    session::use_session,
    tickets::SimilarRow,
};

/// The list, while there is something in it.
#[component]
pub fn Alike(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let found = RwSignal::new(Vec::<SimilarTicket>::new());
    let staff = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    let title = Memo::new(move |_| state.ticket.with(|ticket| ticket.title.clone()));
    Effect::new(move || {
        let query = SimilarQuery { title: Some(title.get()), except: Some(state.id), limit: None };
        if !staff {
            return;
        }
        spawn_local(async move {
            // What does not come is not missed.
            if let Ok(page) = api::similar(&query).await {
                let _ = found.try_set(page.items);
            }
        });
    });
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <section class="alike" aria-label=move || t_string!(i18n, conversation.similar.alike)>
                <h2>{t!(i18n, conversation.similar.alike)}</h2>
                <ul>
                    <For each=move || found.get() key=|ticket| (ticket.id, ticket.updated_at) let:ticket>
                        <li><SimilarRow ticket/></li>
                    </For>
                </ul>
            </section>
        </Show>
    }
    .into_any()
}

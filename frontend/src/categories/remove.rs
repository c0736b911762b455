//! Deletes a category, after asking.

use leptos::{prelude::*, task::spawn_local};

use super::state::Desk;
use crate::{
    i18n::{t, t_string, use_i18n},
    ui::{Button, ButtonKind, Dialog},
};

/// The question.
#[component]
pub fn Ask(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    // The words stay while the dialog closes.
    let name = RwSignal::new(String::new());
    Effect::new(move || {
        if let Some(category) = desk.removing.get() {
            name.set(category.name);
            trouble.set(None);
        }
    });
    let go = move || {
        let Some(category) = desk.removing.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let removed = desk.remove(&category).await;
            let _ = busy.try_set(false);
            match removed {
                Ok(()) => {
                    let _ = desk.removing.try_set(None);
                }
                Err(why) => {
                    let _ = trouble.try_set(Some(why));
                }
            }
        });
    };
    let title = Signal::derive(move || t_string!(i18n, categories.remove_heading, name = name.get()));
    view! {
        <Dialog open=Signal::derive(move || desk.removing.with(Option::is_some)) title on_close=move |()| desk.removing.set(None)>
            <div class="ask">
                <p>{t!(i18n, categories.remove_explain)}</p>
                {move || trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
                <div class="foot">
                    <Button kind=ButtonKind::Quiet on_click=move |_| desk.removing.set(None)>{t!(i18n, categories.cancel)}</Button>
                    <Button kind=ButtonKind::Danger busy on_click=move |_| go()>{t!(i18n, categories.remove)}</Button>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

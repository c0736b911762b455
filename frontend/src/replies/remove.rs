//! Deletes a saved reply, after asking.

use leptos::{prelude::*, task::spawn_local};
use shared::replies::SavedReply;

use super::state::Replies;
use crate::{
    i18n::{t, t_string, tu_string, use_i18n},
    ui::{Button, ButtonKind, Dialog, use_toasts},
};

/// The question.
#[component]
pub fn Ask(
    /// The list.
    replies: Replies,
    /// What is about to be deleted.
    removing: RwSignal<Option<SavedReply>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    // The words stay while the dialog closes.
    let (name, shared) = (RwSignal::new(String::new()), RwSignal::new(false));
    Effect::new(move || {
        if let Some(reply) = removing.get() {
            name.set(reply.title);
            shared.set(reply.shared);
            trouble.set(None);
        }
    });
    let go = move || {
        let Some(reply) = removing.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let removed = replies.remove(&reply).await;
            let _ = busy.try_set(false);
            match removed {
                Ok(()) => {
                    let _ = removing.try_set(None);
                    use_toasts().success(tu_string!(i18n, replies.removed, name = reply.title));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error.message(i18n)));
                }
            }
        });
    };
    let title = Signal::derive(move || t_string!(i18n, replies.remove_heading, name = name.get()));
    let explain = move || {
        if shared.get() { t_string!(i18n, replies.remove_shared) } else { t_string!(i18n, replies.remove_own) }
    };
    view! {
        <Dialog open=Signal::derive(move || removing.with(Option::is_some)) title alert=true on_close=move |()| removing.set(None)>
            <p>{explain}</p>
            {move || trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            <div class="dialog-foot">
                <Button kind=ButtonKind::Quiet autofocus=true on_click=move |_| removing.set(None)>
                    {t!(i18n, replies.cancel)}
                </Button>
                <Button kind=ButtonKind::Danger busy on_click=move |_| go()>{t!(i18n, replies.remove)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

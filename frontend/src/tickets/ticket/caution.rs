//! The question before an internal note is saved that names somebody who would not see it.

use leptos::prelude::*;
use shared::tickets::Mention;

use super::state::State;
use crate::{
    i18n::{I18n, t, t_string},
    ui::{Button, ButtonKind, Dialog},
    words::takes_e,
};

/// The question, while there is one.
#[component]
pub fn CautionDialog(
    /// The page.
    state: State,
    /// Who would not see the note; nobody while nothing is asked.
    unseen: RwSignal<Vec<Mention>>,
    /// Saves the note all the same.
    #[prop(into)]
    on_save: Callback<()>,
    /// Makes a reply of it; a note that is already there stays one.
    #[prop(optional, into)]
    on_reply: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = state.i18n;
    let open = Signal::derive(move || !unseen.with(Vec::is_empty));
    let close = move || unseen.set(Vec::new());
    let answer = move |callback: Callback<()>| {
        close();
        callback.run(());
    };
    view! {
        <Dialog open title=move || t_string!(i18n, conversation.caution.heading) alert=true on_close=move |()| close()>
            <p>{move || unseen.with(|people| explanation(i18n, people))}</p>
            <div class="dialog-foot">
                <Button kind=ButtonKind::Primary autofocus=true on_click=move |_| close()>
                    {t!(i18n, conversation.caution.back)}
                </Button>
                {on_reply.map(|on_reply| view! {
                    <Button on_click=move |_| answer(on_reply)>{t!(i18n, conversation.caution.reply)}</Button>
                })}
                <Button on_click=move |_| answer(on_save)>{t!(i18n, conversation.caution.save)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

fn explanation(i18n: I18n, people: &[Mention]) -> String {
    match people {
        [one] => t_string!(i18n, conversation.caution.explain, names = one.name.clone()),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(|person| person.name.as_str()).collect();
            let and = if takes_e(&last.name) {
                t_string!(i18n, conversation.caution.and_e)
            } else {
                t_string!(i18n, conversation.caution.and)
            };
            let names = format!("{} {and} {}", first.join(", "), last.name);
            t_string!(i18n, conversation.caution.explain_many, names = names)
        }
        [] => String::new(),
    }
}

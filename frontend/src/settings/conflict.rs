//! Somebody else saved meanwhile: what is saved now, and a choice.

use leptos::prelude::*;

use super::{scope_name, state::Form};
use crate::{
    i18n::{t, t_string, use_i18n},
    ui::{Button, ButtonKind, Dialog},
};

/// The question, while there is one. Escape and the cross choose nothing: the form keeps what is in it.
#[component]
pub fn ConflictDialog(
    /// The form.
    form: Form,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = Signal::derive(move || form.conflict.with(Option::is_some));
    view! {
        <Dialog open title=move || t_string!(i18n, settings.conflict) alert=true on_close=move |()| form.conflict.set(None)>
            <div class="ask">
                <p>{t!(i18n, settings.conflict_explain)}</p>
                {move || form.conflict.get().map(|now| view! {
                    <dl class="settings-now">
                        <dt>{t!(i18n, settings.name)}</dt><dd>{now.name}</dd>
                        <dt>{t!(i18n, settings.colour)}</dt><dd>{now.primary_colour}</dd>
                        <dt>{t!(i18n, settings.scope)}</dt><dd>{scope_name(i18n, now.technician_scope)}</dd>
                    </dl>
                })}
                <div class="foot">
                    <Button autofocus=true on_click=move |_| form.give_way()>{t!(i18n, settings.conflict_take)}</Button>
                    <Button kind=ButtonKind::Primary on_click=move |_| form.insist()>{t!(i18n, settings.conflict_keep)}</Button>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

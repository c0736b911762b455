//! A token that has just been made: shown once, to be copied.

use leptos::{html, prelude::*, task::spawn_local};
use shared::tokens::CreatedToken;

use crate::{
    browser,
    i18n::{t, t_string, tu_string, use_i18n},
    ui::{Button, ButtonKind, fresh_id, use_toasts},
};

/// The token, until the person has it.
#[component]
pub fn Fresh(
    /// The token.
    token: CreatedToken,
    /// Where it is kept until then.
    fresh: RwSignal<Option<CreatedToken>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let id = fresh_id("token");
    let text = StoredValue::new(token.token.clone());
    let select = move || {
        if let Some(field) = field.get_untracked() {
            field.focus().ok();
            field.select();
        }
    };
    Effect::new(move || {
        if field.get().is_some() {
            request_animation_frame(select);
        }
    });
    let copy = move |_| {
        select();
        let text = text.get_value();
        spawn_local(async move {
            if browser::copy(&text).await {
                use_toasts().success(tu_string!(i18n, profile.tokens.copied));
            } else {
                use_toasts().error(tu_string!(i18n, profile.tokens.copy_by_hand));
            }
        });
    };
    let name = token.name;
    view! {
        <div class="fresh" role="status">
            <label for=id.clone()>{move || t_string!(i18n, profile.tokens.created, name = name.clone())}</label>
            <div class="fresh-line">
                <input
                    node_ref=field
                    id=id
                    class="field-input"
                    type="text"
                    readonly
                    spellcheck="false"
                    autocomplete="off"
                    aria-label=move || t_string!(i18n, profile.tokens.value)
                    prop:value=token.token
                />
                <Button kind=ButtonKind::Primary on_click=copy>{t!(i18n, profile.tokens.copy)}</Button>
                <Button kind=ButtonKind::Quiet on_click=move |_| fresh.set(None)>{t!(i18n, profile.tokens.done)}</Button>
            </div>
        </div>
    }
    .into_any()
}

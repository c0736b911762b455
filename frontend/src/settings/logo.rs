//! The desk's logo: chosen, shown, taken away. It is saved as soon as it is chosen.

use leptos::{html, prelude::*, task::spawn_local};

use super::{Part, state::Form};
use crate::{
    brand::BrandMark,
    browser,
    i18n::{t, t_string, use_i18n},
    ui::Button,
};

/// What files the field offers.
const KINDS: &str = "image/png,image/jpeg,image/webp,image/gif";

/// The part of the page.
#[component]
pub fn LogoPart(
    /// The form it stands beside.
    form: Form,
) -> impl IntoView {
    let i18n = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    let has_logo = move || form.saved.with(|settings| settings.logo_url.is_some());
    let send = move || {
        let Some(input) = field.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file may be chosen again.
        input.set_value("");
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let wrong = form.set_logo(file).await;
            let _ = trouble.try_set(wrong);
            let _ = busy.try_set(false);
        });
    };
    let remove = move || {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let wrong = form.delete_logo().await;
            let _ = trouble.try_set(wrong);
            let _ = busy.try_set(false);
            // What took it away is gone with it.
            request_animation_frame(|| browser::refocus(".logo-tools button"));
        });
    };
    let choose = move || {
        if let Some(input) = field.get_untracked() {
            input.click();
        }
    };
    view! {
        <Part title=move || t_string!(i18n, settings.logo) hint=move || t_string!(i18n, settings.logo_hint)>
            <div class="logo-part">
                <Shown has_logo=Signal::derive(has_logo)/>
                <input
                    type="file"
                    class="visually-hidden"
                    tabindex="-1"
                    accept=KINDS
                    // The button beside it is what people and their readers use.
                    aria-hidden="true"
                    node_ref=field
                    on:change=move |_| send()
                />
                <div class="logo-tools">
                    <Button busy on_click=move |_| choose()>
                        {move || if has_logo() { t_string!(i18n, settings.logo_replace) } else { t_string!(i18n, settings.logo_choose) }}
                    </Button>
                    <Show when=has_logo>
                        <button type="button" class="quiet-link" on:click=move |_| remove()>{t!(i18n, settings.logo_remove)}</button>
                    </Show>
                </div>
                {move || trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            </div>
        </Part>
    }
    .into_any()
}

/// The logo as it is, on both surfaces it stands on.
#[component]
fn Shown(
    /// Whether the desk has its own.
    has_logo: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let words =
        move || if has_logo.get() { t_string!(i18n, settings.logo_now) } else { t_string!(i18n, settings.logo_none) };
    view! {
        <figure class="logo-shown">
            <span class="logo-plate" data-bs-theme="light"><BrandMark/></span>
            <span class="logo-plate" data-bs-theme="dark"><BrandMark/></span>
            <figcaption>{words}</figcaption>
        </figure>
    }
}

//! What stands at an address that shows nothing.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    i18n::{t, t_string, use_i18n},
    ui::EmptyState,
};

/// There is no such page, or not for this person: the two look alike.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=move || t_string!(i18n, common.not_found.title)/>
        <EmptyState
            whole=true
            title=move || t_string!(i18n, common.not_found.title)
            text=move || t_string!(i18n, common.not_found.text)
        >
            <A href="/tickets" attr:class="btn btn-primary">{t!(i18n, common.not_found.back)}</A>
        </EmptyState>
    }
}

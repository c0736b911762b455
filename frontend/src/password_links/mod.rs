//! Getting back in without a password: asking for a link, and setting another password with it. Nobody is logged in here.

mod forgot;
mod set;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

pub use forgot::ForgotPage;
pub use set::SetPasswordPage;

use crate::{
    brand::{BrandMark, use_brand},
    i18n::{t, use_i18n},
    login::LanguageLink,
    shell::ThemeMenu,
};

/// A box like that of the login page.
#[component]
fn Door(
    /// The page's name.
    #[prop(into)]
    page: TextProp,
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let (i18n, brand) = (use_i18n(), use_brand());
    view! {
        <Title text=move || page.get().into_owned()/>
        <main class="door">
            <div class="door-box">
                <div class="brand"><BrandMark/><span class="brand-name">{move || brand.name()}</span></div>
                <h1>{move || title.get()}</h1>
                {children()}
                <p class="door-back"><A href="/login" attr:class="door-link">{t!(i18n, session.back_to_login)}</A></p>
                <footer class="door-foot">
                    <LanguageLink/>
                    <ThemeMenu/>
                </footer>
            </div>
        </main>
    }
    .into_any()
}

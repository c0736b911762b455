//! Language, theme and what moves behind the login page.

use leptos::prelude::*;
use shared::accounts::Theme;

use super::Part;
use crate::{
    i18n::{t, t_string, use_i18n},
    prefs::{language_name, language_tag, languages, use_prefs},
    ui::{Checkbox, Icon, Symbol},
    vortex,
};

/// Language and theme, saved as they are chosen.
#[component]
pub fn Looks() -> impl IntoView {
    let i18n = use_i18n();
    let prefs = use_prefs();
    let spoken = languages().iter().map(move |&locale| {
        let chosen = Signal::derive(move || prefs.locale() == locale);
        view! {
            <Choice group="language" chosen choose=move |()| prefs.choose_locale(locale)>
                <span lang=language_tag(locale)>{language_name(locale)}</span>
            </Choice>
        }
    });
    let themes = [(Theme::System, Symbol::Contrast), (Theme::Light, Symbol::Sun), (Theme::Dark, Symbol::Moon)];
    let themes = themes.map(|(theme, symbol)| {
        let chosen = Signal::derive(move || prefs.theme() == theme);
        let words = move || match theme {
            Theme::System => t_string!(i18n, common.nav.theme_system),
            Theme::Light => t_string!(i18n, common.nav.theme_light),
            Theme::Dark => t_string!(i18n, common.nav.theme_dark),
        };
        view! {
            <Choice group="theme" chosen choose=move |()| prefs.choose_theme(theme)><Icon symbol/><span>{words}</span></Choice>
        }
    });
    let vortex = RwSignal::new(vortex::is_wanted());
    Effect::new(move |_| vortex::want(vortex.get()));
    view! {
        <Part title=move || t_string!(i18n, profile.looks) hint=move || t_string!(i18n, profile.looks_hint)>
            <fieldset class="choices"><legend>{t!(i18n, common.nav.language)}</legend>{spoken.collect_view()}</fieldset>
            <fieldset class="choices"><legend>{t!(i18n, common.nav.theme)}</legend>{themes.collect_view()}</fieldset>
            <Checkbox label=move || t_string!(i18n, profile.vortex) hint=move || t_string!(i18n, profile.vortex_hint)
                checked=vortex name="vortex"/>
        </Part>
    }
}

/// One of several, of which one is chosen.
#[component]
fn Choice(
    /// Which several.
    group: &'static str,
    /// Whether it is the chosen one.
    chosen: Signal<bool>,
    /// Chooses it.
    #[prop(into)]
    choose: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="choice" class:on=chosen>
            <input type="radio" name=group prop:checked=chosen on:change=move |_| choose.run(())/>
            {children()}
        </label>
    }
}

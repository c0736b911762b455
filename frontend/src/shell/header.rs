//! The slim header: search, the session's time, theme, language and account.

use leptos::prelude::*;
use shared::{
    accounts::{Role, Theme},
    permissions::DeskAction,
};

use super::search::Search;
use crate::{
    i18n::{Locale, t, t_string, use_i18n},
    leaving::use_leaving,
    notifications::BellMenu,
    prefs::{language_name, language_tag, languages, use_prefs},
    session::use_session,
    ui::{Avatar, Icon, Menu, MenuAction, MenuLink, Symbol, role_label},
};

/// The header.
#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="top">
            <Search/>
            <div class="top-tools">
                <TimeLeft/>
                <BellMenu/>
                <LanguageMenu/>
                <ThemeMenu/>
                <AccountMenu/>
            </div>
        </header>
    }
}

/// How long the session still lasts.
#[component]
fn TimeLeft() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let time = Memo::new(move |_| session.time_left().unwrap_or_default());
    let title = move || t_string!(i18n, session.ends_at, time = time.get());
    view! {
        <span class="time-left" class:ending=move || session.is_ending() role="timer" title=title
            aria-label=move || t_string!(i18n, session.time_label)>
            <Icon symbol=Symbol::Clock/>
            <span>{time}</span>
        </span>
    }
}

/// The languages.
#[component]
fn LanguageMenu() -> impl IntoView {
    let i18n = use_i18n();
    let prefs = use_prefs();
    let code = move || language_tag(prefs.locale()).to_uppercase();
    let item = move |&locale: &Locale| {
        view! {
            <MenuAction lang=language_tag(locale) chosen=Signal::derive(move || prefs.locale() == locale)
                on_click=move |()| prefs.choose_locale(locale)>{language_name(locale)}</MenuAction>
        }
    };
    view! {
        <span class="wide-only">
            <Menu label=move || format!("{}: {}", t_string!(i18n, common.nav.language), code()) class="btn btn-quiet btn-icon" trigger=move || code()>
                {languages().iter().map(item).collect_view()}
            </Menu>
        </span>
    }
}

/// The other languages, in the account's menu of a phone.
#[component]
fn OtherLanguages() -> impl IntoView {
    let prefs = use_prefs();
    let now = prefs.locale_untracked();
    let item = move |&locale: &Locale| {
        view! {
            <MenuAction lang=language_tag(locale) on_click=move |()| prefs.choose_locale(locale)>
                <Icon symbol=Symbol::Language/>
                {language_name(locale)}
            </MenuAction>
        }
    };
    languages().iter().filter(|&&locale| locale != now).map(item).collect_view()
}

/// Light, dark, or as the system says.
#[component]
pub fn ThemeMenu() -> impl IntoView {
    let i18n = use_i18n();
    let prefs = use_prefs();
    let symbol = move || if prefs.is_dark() { Symbol::Moon } else { Symbol::Sun };
    let chosen = move |theme: Theme| Signal::derive(move || prefs.theme() == theme);
    let choose = move |theme: Theme| move |()| prefs.choose_theme(theme);
    view! {
        <span class="theme-menu">
            <Menu label=move || t_string!(i18n, common.nav.theme) class="btn btn-quiet btn-icon"
                trigger=move || { let symbol = symbol(); view! { <Icon symbol/> } }>
                <MenuAction chosen=chosen(Theme::System) on_click=choose(Theme::System)>
                    <Icon symbol=Symbol::Contrast/>{t!(i18n, common.nav.theme_system)}
                </MenuAction>
                <MenuAction chosen=chosen(Theme::Light) on_click=choose(Theme::Light)>
                    <Icon symbol=Symbol::Sun/>{t!(i18n, common.nav.theme_light)}
                </MenuAction>
                <MenuAction chosen=chosen(Theme::Dark) on_click=choose(Theme::Dark)>
                    <Icon symbol=Symbol::Moon/>{t!(i18n, common.nav.theme_dark)}
                </MenuAction>
            </Menu>
        </span>
    }
}

/// The person: who they are, their profile, the way out.
#[component]
fn AccountMenu() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let name = Memo::new(move |_| session.user().map(|user| user.name).unwrap_or_default());
    let picture = move || {
        let user = session.user();
        let url = user.as_ref().and_then(|user| user.avatar_url.clone());
        view! { <Avatar name=name.get() url/> }
    };
    let label = move || t_string!(i18n, common.nav.account, name = name.get());
    let role = move || session.role().map(|role| role_label(i18n, role));
    let leaving = use_leaving();
    let leave = move |()| leaving.leave();
    view! {
        <Menu label class="btn btn-quiet btn-icon account" trigger=picture>
            <div class="menu-head" role="presentation"><b>{name}</b><span>{role}</span></div>
            <MenuLink href="/profile"><Icon symbol=Symbol::Person/>{t!(i18n, common.nav.profile)}</MenuLink>
            <Show when=move || session.role().is_some_and(Role::is_staff)>
                <div class="narrow-only" role="presentation">
                    <MenuLink href="/replies"><Icon symbol=Symbol::File/>{t!(i18n, replies.title)}</MenuLink>
                </div>
            </Show>
            <Show when=move || session.can(DeskAction::ManageCategories)>
                <div class="narrow-only" role="presentation">
                    <MenuLink href="/categories"><Icon symbol=Symbol::Labels/>{t!(i18n, common.nav.categories)}</MenuLink>
                    <MenuLink href="/audit"><Icon symbol=Symbol::Log/>{t!(i18n, common.nav.audit)}</MenuLink>
                    <MenuLink href="/settings"><Icon symbol=Symbol::Sliders/>{t!(i18n, common.nav.settings)}</MenuLink>
                    <MenuLink href="/about"><Icon symbol=Symbol::Info/>{t!(i18n, common.nav.about)}</MenuLink>
                </div>
            </Show>
            <Show when=move || session.can(DeskAction::ManageMail)>
                <div class="narrow-only" role="presentation">
                    <MenuLink href="/mail"><Icon symbol=Symbol::Mail/>{t!(i18n, common.nav.mail)}</MenuLink>
                </div>
            </Show>
            <div class="narrow-only" role="presentation"><OtherLanguages/></div>
            <MenuAction on_click=leave><Icon symbol=Symbol::Leave/>{t!(i18n, common.nav.log_out)}</MenuAction>
        </Menu>
    }
}

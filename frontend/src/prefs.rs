//! Language and theme: kept in the browser until somebody logs in, and with the account from then on.

use leptos::{prelude::*, task::spawn_local};
use shared::accounts::{Locale as Language, Theme, UpdateMe, User};

use crate::{api::account, browser, i18n::Locale, session::use_session};

/// Where `theme.js` looks for the theme before the first paint.
const THEME_KEY: &str = "turno.theme";
/// Where `theme.js` looks for the language before the first paint.
const LOCALE_KEY: &str = "turno.locale";

/// The language and the theme of the page.
#[derive(Debug, Clone, Copy)]
pub struct Prefs {
    locale: RwSignal<Locale>,
    theme: RwSignal<Theme>,
    system_dark: RwSignal<bool>,
}

/// The preferences in force.
pub fn use_prefs() -> Prefs {
    expect_context()
}

impl Prefs {
    /// Reads what the browser remembers, applies it and follows the system's theme. Once, at the root.
    pub fn provide() -> Self {
        let locale = browser::local_get(LOCALE_KEY).map(|tag| of_tag(&tag)).unwrap_or_default();
        let theme = match browser::local_get(THEME_KEY).as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        };
        let media = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        let system_dark = RwSignal::new(media.as_ref().is_some_and(web_sys::MediaQueryList::matches));
        if let Some(media) = media {
            follow(&media, system_dark);
        }
        let this = Self { locale: RwSignal::new(locale), theme: RwSignal::new(theme), system_dark };
        Effect::new(move || browser::set_root_attribute("lang", language_tag(this.locale.get())));
        Effect::new(move || {
            browser::set_root_attribute("data-bs-theme", if this.is_dark() { "dark" } else { "light" });
        });
        provide_context(this);
        this
    }

    /// The language; tracked.
    pub fn locale(self) -> Locale {
        self.locale.get()
    }

    /// The language; untracked.
    pub fn locale_untracked(self) -> Locale {
        self.locale.get_untracked()
    }

    /// The language as a signal.
    pub fn locale_signal(self) -> Signal<Locale> {
        self.locale.into()
    }

    /// The theme as chosen; tracked.
    pub fn theme(self) -> Theme {
        self.theme.get()
    }

    /// Whether the page is dark now; tracked.
    pub fn is_dark(self) -> bool {
        match self.theme.get() {
            Theme::System => self.system_dark.get(),
            Theme::Light => false,
            Theme::Dark => true,
        }
    }

    /// Takes over what the account says.
    pub fn follow_account(self, user: &User) {
        self.apply_locale(from_language(user.locale));
        self.apply_theme(user.theme);
    }

    /// Chooses a language, and tells the account when somebody is logged in.
    pub fn choose_locale(self, locale: Locale) {
        self.apply_locale(locale);
        save(UpdateMe { locale: Some(to_language(locale)), ..UpdateMe::default() });
    }

    /// Chooses a theme, and tells the account when somebody is logged in.
    pub fn choose_theme(self, theme: Theme) {
        self.apply_theme(theme);
        save(UpdateMe { theme: Some(theme), ..UpdateMe::default() });
    }

    fn apply_locale(self, locale: Locale) {
        browser::local_set(LOCALE_KEY, language_tag(locale));
        if self.locale.get_untracked() != locale {
            self.locale.set(locale);
        }
    }

    fn apply_theme(self, theme: Theme) {
        let word = match theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        browser::local_set(THEME_KEY, word);
        if self.theme.get_untracked() != theme {
            self.theme.set(theme);
        }
    }
}

/// The languages that there are.
pub fn languages() -> &'static [Locale] {
    <Locale as leptos_i18n::Locale>::get_all()
}

/// The language after this one; after the last, the first.
pub fn next_language(locale: Locale) -> Locale {
    let all = languages();
    let next = all.iter().skip_while(|&&one| one != locale).nth(1);
    next.or_else(|| all.first()).copied().unwrap_or(locale)
}

/// The tag of a language, for `lang`.
pub fn language_tag(locale: Locale) -> &'static str {
    <Locale as leptos_i18n::Locale>::as_str(locale)
}

/// What those who speak a language call it.
pub fn language_name(locale: Locale) -> &'static str {
    to_language(locale).name()
}

fn of_tag(tag: &str) -> Locale {
    tag.parse().unwrap_or_default()
}

/// The page's language for an account's.
pub fn from_language(language: Language) -> Locale {
    of_tag(language.as_str())
}

/// The account's language for the page's.
pub fn to_language(locale: Locale) -> Language {
    Language::of_tag(language_tag(locale)).unwrap_or_default()
}

/// The choice holds in this browser whether or not the server hears of it: a failure here is not worth a message.
fn save(change: UpdateMe) {
    let session = use_session();
    if session.user_untracked().is_some() {
        spawn_local(async move {
            if let Ok(user) = account::update_me(&change).await {
                session.set_user(user);
            }
        });
    }
}

/// Follows the system when it turns dark or light while the page is open.
fn follow(media: &web_sys::MediaQueryList, dark: RwSignal<bool>) {
    use wasm_bindgen::{JsCast, prelude::Closure};
    let watched = media.clone();
    let closure = Closure::<dyn Fn()>::new(move || dark.set(watched.matches()));
    media.add_event_listener_with_callback("change", closure.as_ref().unchecked_ref()).ok();
    // The page follows as long as it lives.
    closure.forget();
}

//! What the desk calls itself and how it looks: for anybody, before and after login.
//!
//! Its colour comes as a style sheet that `theme.js` asks for before the program begins; here is its name and its logo.

use leptos::{prelude::*, task::spawn_local};
use shared::settings::PublicSettings;

use crate::{api::settings as api, browser, ui::Logo};

/// Where the name is remembered, so that the next visit begins with it.
const NAME_KEY: &str = "turno.name";
/// What the program calls itself.
const NAME: &str = "Turno";
/// The style sheet of the desk's colour.
const THEME: &str = "/api/v1/settings/theme.css";
/// What names the picture that browsers show beside the name.
const ICON: &str = "link[rel=icon]";

/// The desk's face. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Brand {
    name: RwSignal<String>,
    logo: RwSignal<Option<String>>,
    settled: RwSignal<bool>,
    /// The picture that browsers show beside the name until the desk has its own.
    own_icon: StoredValue<Option<String>>,
    /// The picture that browsers show beside the name, without any number on it.
    icon: RwSignal<Option<String>>,
}

/// The face in use; [`Brand::provide`] has made it.
pub fn use_brand() -> Brand {
    use_context().unwrap_or_else(Brand::provide)
}

impl Brand {
    /// Made once, at the root; asks the server at once.
    pub fn provide() -> Self {
        let name = browser::local_get(NAME_KEY).filter(|name| !name.is_empty()).unwrap_or_else(|| NAME.to_owned());
        let icon = document().query_selector(ICON).ok().flatten().and_then(|link| link.get_attribute("href"));
        let brand = Self {
            name: RwSignal::new(name),
            logo: RwSignal::new(None),
            settled: RwSignal::new(false),
            own_icon: StoredValue::new(icon.clone()),
            icon: RwSignal::new(icon),
        };
        provide_context(brand);
        spawn_local(async move {
            // Without an answer the page shows what it remembers; whoever can do nothing else reads that elsewhere.
            if let Ok(settings) = api::public().await {
                brand.apply(settings);
            }
            let _ = brand.settled.try_set(true);
        });
        brand
    }

    /// The desk's name; tracked.
    pub fn name(self) -> String {
        self.name.get()
    }

    /// The picture that browsers show beside the name, without any number on it; tracked.
    pub fn icon(self) -> Option<String> {
        self.icon.get()
    }

    /// Whether the server has said all it will; tracked.
    pub fn is_settled(self) -> bool {
        self.settled.get()
    }

    /// Shows what the settings say now, after a change of them too.
    pub fn show_changed(self, settings: PublicSettings) {
        // Another address for the same style sheet: the browser would not ask again for the one it has.
        let colour = settings.primary_colour.trim_start_matches('#').to_owned();
        set_link("link[data-brand=theme]", &format!("{THEME}?v={colour}"));
        self.apply(settings);
    }

    fn apply(self, settings: PublicSettings) {
        browser::local_set(NAME_KEY, &settings.name);
        if let Some(url) = settings.favicon_url.or_else(|| self.own_icon.get_value()) {
            set_icon(&url);
            self.icon.set(Some(url));
        }
        self.name.set(settings.name);
        self.logo.set(settings.logo_url);
    }
}

/// Shows this picture beside the name.
pub fn set_icon(url: &str) {
    set_link(ICON, url);
}

fn set_link(selector: &str, href: &str) {
    let link = document().query_selector(selector).ok().flatten();
    if let Some(link) = link.filter(|link| link.get_attribute("href").as_deref() != Some(href)) {
        // A drawing and a picture are of two kinds.
        link.remove_attribute("type").ok();
        link.set_attribute("href", href).ok();
    }
}

/// The desk's logo; the program's own until there is one, or when it does not come.
#[component]
pub fn BrandMark() -> impl IntoView {
    let brand = use_brand();
    let lost = RwSignal::new(None::<String>);
    move || match brand.logo.get().filter(|url| lost.get().as_ref() != Some(url)) {
        Some(url) => {
            let own = url.clone();
            view! { <img class="brand-logo" src=url alt="" on:error=move |_| lost.set(Some(own.clone()))/> }.into_any()
        }
        None => view! { <Logo/> }.into_any(),
    }
}

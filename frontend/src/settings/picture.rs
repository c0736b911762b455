//! The desk's pictures: chosen, shown, taken away. One is saved as soon as it is chosen.

use leptos::{html, prelude::*, task::spawn_local};
use shared::{
    colour::{DEFAULT, Palette, Rgb},
    settings::Settings,
};

use super::{Part, state::Form};
use crate::{
    brand::{BrandMark, use_brand},
    browser,
    i18n::{I18n, t_string, use_i18n},
    ui::Button,
};

/// What files the fields offer.
const KINDS: &str = "image/png,image/jpeg,image/webp,image/gif";

/// Which of the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// What stands beside the desk's name, and in its place.
    Logo,
    /// What browsers show beside the page's name.
    Favicon,
}

impl Picture {
    fn name(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::Favicon => "favicon",
        }
    }

    fn title(self, i18n: I18n) -> &'static str {
        match self {
            Self::Logo => t_string!(i18n, settings.logo),
            Self::Favicon => t_string!(i18n, settings.favicon),
        }
    }

    fn hint(self, i18n: I18n) -> &'static str {
        match self {
            Self::Logo => t_string!(i18n, settings.logo_hint),
            Self::Favicon => t_string!(i18n, settings.favicon_hint),
        }
    }

    /// Whether one was chosen.
    fn is_chosen(self, settings: &Settings) -> bool {
        match self {
            Self::Logo => settings.logo_url.is_some(),
            Self::Favicon => settings.favicon_chosen,
        }
    }

    /// What is shown now.
    fn caption(self, i18n: I18n, settings: &Settings) -> &'static str {
        match (self, self.is_chosen(settings)) {
            (Self::Logo, true) => t_string!(i18n, settings.logo_now),
            (Self::Logo, false) => t_string!(i18n, settings.logo_none),
            (Self::Favicon, true) => t_string!(i18n, settings.favicon_now),
            (Self::Favicon, false) if settings.logo_url.is_some() => t_string!(i18n, settings.favicon_of_logo),
            (Self::Favicon, false) => t_string!(i18n, settings.favicon_none),
        }
    }

    /// What the button says: to choose the first, or another.
    fn choose(self, i18n: I18n, has_one: bool) -> &'static str {
        match (self, has_one) {
            (Self::Logo, false) => t_string!(i18n, settings.logo_choose),
            (Self::Logo, true) => t_string!(i18n, settings.logo_replace),
            (Self::Favicon, false) => t_string!(i18n, settings.favicon_choose),
            (Self::Favicon, true) => t_string!(i18n, settings.favicon_replace),
        }
    }

    fn remove(self, i18n: I18n) -> &'static str {
        match self {
            Self::Logo => t_string!(i18n, settings.logo_remove),
            Self::Favicon => t_string!(i18n, settings.favicon_remove),
        }
    }
}

/// The part of the page with one of them.
#[component]
pub fn PicturePart(
    /// The form it stands beside.
    form: Form,
    /// Which.
    picture: Picture,
) -> impl IntoView {
    let i18n = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    let is_chosen = move || form.saved.with(|settings| picture.is_chosen(settings));
    let send = move || {
        let Some(input) = field.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file may be chosen again.
        input.set_value("");
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let wrong = form.set_picture(picture, file).await;
            let _ = trouble.try_set(wrong);
            let _ = busy.try_set(false);
        });
    };
    let remove = move || {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let wrong = form.delete_picture(picture).await;
            let _ = trouble.try_set(wrong);
            let _ = busy.try_set(false);
            // What took it away is gone with it.
            let other = format!("[data-picture={}] button", picture.name());
            request_animation_frame(move || browser::refocus(&other));
        });
    };
    let choose = move || {
        if let Some(input) = field.get_untracked() {
            input.click();
        }
    };
    view! {
        <Part title=move || picture.title(i18n) hint=move || picture.hint(i18n)>
            <div class="picture-part" data-picture=picture.name()>
                <Shown form picture/>
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
                <div class="picture-tools">
                    <Button busy on_click=move |_| choose()>{move || picture.choose(i18n, is_chosen())}</Button>
                    <Show when=is_chosen>
                        <button type="button" class="quiet-link" on:click=move |_| remove()>
                            {move || picture.remove(i18n)}
                        </button>
                    </Show>
                </div>
                {move || trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            </div>
        </Part>
    }
    .into_any()
}

/// The picture as it is, on both surfaces it stands on.
#[component]
fn Shown(
    /// The form.
    form: Form,
    /// Which.
    picture: Picture,
) -> impl IntoView {
    let i18n = use_i18n();
    let mark = move || match picture {
        Picture::Logo => view! { <BrandMark/> }.into_any(),
        Picture::Favicon => view! { <BrandIcon/> }.into_any(),
    };
    // The desk's style sheet colours the page in the theme it has; these stand each in its own.
    let palette = move |dark: bool| {
        let brand = form.saved.with(|settings| settings.primary_colour.parse::<Rgb>()).unwrap_or(DEFAULT);
        if dark { Palette::dark(brand) } else { Palette::light(brand) }
    };
    let plate = move |dark: bool| {
        view! {
            <span
                class="picture-plate"
                data-bs-theme=if dark { "dark" } else { "light" }
                style=("--t-accent", move || palette(dark).accent.to_string())
                style=("--t-accent-ink", move || palette(dark).ink.to_string())
            >
                {mark()}
            </span>
        }
    };
    view! {
        <figure class="picture-shown">
            {plate(false)}
            {plate(true)}
            <figcaption>{move || form.saved.with(|settings| picture.caption(i18n, settings))}</figcaption>
        </figure>
    }
}

/// What browsers show beside the page's name, without any number on it.
#[component]
fn BrandIcon() -> impl IntoView {
    let brand = use_brand();
    move || brand.icon().map(|url| view! { <img class="brand-icon" src=url alt=""/> })
}

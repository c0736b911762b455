//! The desk's colour: a field, whether it can be read, and what the page will look like.

use leptos::prelude::*;
use shared::{
    colour::{DEFAULT, Palette, Rgb, WHITE},
    problem::FieldCode,
};

use crate::{
    i18n::{t, t_string, use_i18n},
    time::number,
    ui::TextField,
};

/// The field, the box to choose in, and the preview.
#[component]
pub fn ColourField(
    /// As `#rrggbb`.
    value: RwSignal<String>,
    /// What is wrong with it.
    errors: Signal<Vec<FieldCode>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let colour = Memo::new(move |_| value.with(|text| text.trim().parse::<Rgb>().ok()));
    let is_default = move || colour.get() == Some(DEFAULT);
    let errors = Signal::derive(move || {
        let mut errors = errors.get();
        // What was refused may have been mended since, and the verdict below says so.
        if colour.get().is_some_and(Rgb::is_legible) {
            errors.retain(|code| *code != FieldCode::LowContrast);
        }
        errors
    });
    view! {
        <div class="colour">
            <TextField
                label=move || t_string!(i18n, settings.colour)
                hint=move || t_string!(i18n, settings.colour_hint)
                value
                errors
                name="primary_colour"
            />
            <input
                type="color"
                class="colour-box"
                aria-label=move || t_string!(i18n, settings.colour_pick)
                prop:value=move || colour.get().unwrap_or(DEFAULT).to_string()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </div>
        <Contrast colour errors/>
        <div class="colour-previews">
            {move || colour.get().filter(|colour| colour.is_legible()).map(|colour| view! {
                <Preview palette=Palette::light(colour) dark=false/>
                <Preview palette=Palette::dark(colour) dark=true/>
            })}
        </div>
        <Show when=move || !is_default()>
            <button type="button" class="quiet-link" on:click=move |_| value.set(DEFAULT.to_string())>
                {t!(i18n, settings.colour_default)}
            </button>
        </Show>
    }
    .into_any()
}

/// Whether it can be read, as it is chosen.
#[component]
fn Contrast(
    /// The colour, when it is one.
    colour: Memo<Option<Rgb>>,
    /// What is wrong with it.
    errors: Signal<Vec<FieldCode>>,
) -> impl IntoView {
    let i18n = use_i18n();
    // Beside the field it need not be said again.
    let said = move || errors.with(|errors| errors.contains(&FieldCode::LowContrast));
    let words = move || {
        colour.get().map(|colour| {
            let legible = colour.is_legible();
            // Rounded down: 4.49 is not 4.5.
            let ratio = (colour.contrast(WHITE) * 10.0).floor() / 10.0;
            let ratio = number(i18n.get_locale(), ratio);
            let verdict =
                if legible { t_string!(i18n, settings.contrast_ok) } else { t_string!(i18n, settings.contrast_low) };
            let verdict = (!said()).then(|| view! { " " <span>{verdict}</span> });
            view! {
                <p class:low=!legible>
                    <b>{t_string!(i18n, settings.contrast, ratio = ratio)}</b> {verdict}
                </p>
            }
        })
    };
    view! { <div class="colour-contrast" role="status">{words}</div> }
}

/// What the page makes of it.
#[component]
fn Preview(
    /// The colours.
    palette: Palette,
    /// In dark.
    dark: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let Palette { accent, ink, soft, text, .. } = palette;
    let name =
        move || if dark { t_string!(i18n, settings.preview_dark) } else { t_string!(i18n, settings.preview_light) };
    view! {
        <figure class="colour-preview" data-bs-theme=if dark { "dark" } else { "light" }>
            <figcaption>{name}</figcaption>
            <span
                class="sample-button"
                style:background-color=move || accent.to_string()
                style:color=move || ink.to_string()
            >
                {t!(i18n, settings.preview_button)}
            </span>
            <span class="sample-chosen" style:background-color=move || soft.to_string() style:color=move || text.to_string()>
                {t!(i18n, settings.preview_chosen)}
            </span>
            <span class="sample-link" style:color=move || text.to_string()>{t!(i18n, settings.preview_link)}</span>
        </figure>
    }
    .into_any()
}

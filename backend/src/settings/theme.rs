//! The desk's colour as a style sheet. The page asks for it before anything else, and draws nothing in another colour until
//! it is there: so the desk's own shows from the first moment, on the login page too. It is no part of the page, which
//! browsers keep from build to build and static servers have as a file.

use shared::colour::{DEFAULT, Palette, Rgb};

/// The style sheet: the page's tokens for the accent, in light and in dark. Empty for the colour the page has by itself.
pub fn style_sheet(colour: &str) -> String {
    let Some(brand) = colour.parse::<Rgb>().ok().filter(|brand| *brand != DEFAULT) else { return String::new() };
    // More specific than the page's own `:root` and `[data-bs-theme]`, so that it does not matter which comes first.
    let light = rule("html:root, html[data-bs-theme=light]", Palette::light(brand));
    let dark = rule("html[data-bs-theme=dark]", Palette::dark(brand));
    format!("{light}{dark}")
}

fn rule(selector: &str, palette: Palette) -> String {
    let Palette { accent, strong, ink, soft, text } = palette;
    format!(
        "{selector} {{ --t-accent: {accent}; --t-accent-strong: {strong}; --t-accent-ink: {ink}; \
         --t-accent-soft: {soft}; --t-accent-text: {text}; }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_colour_needs_a_style_sheet() {
        assert_eq!(style_sheet("#0b6e66"), "");
        assert_eq!(style_sheet("rubbish"), "");
        let sheet = style_sheet("#3454d1");
        assert!(sheet.contains("html:root, html[data-bs-theme=light] { --t-accent: #3454d1;"), "{sheet}");
        assert!(sheet.contains("html[data-bs-theme=dark] { --t-accent: #"), "{sheet}");
    }
}

//! The desk's own colour: whether it can be read, and what the page makes of it, in light and in dark.
//!
//! Contrast is that of WCAG 2.2 (relative luminance, 1.4.3). A colour is taken only when white text on it, and it as text on
//! white, can be read; everything else is derived from it so that it can be read too.

use std::{fmt, str::FromStr};

/// The least contrast of text (WCAG 2.2, 1.4.3).
pub const LEAST_CONTRAST: f64 = 4.5;

/// The colour until an administrator chooses another: what the page's own styles say.
pub const DEFAULT: Rgb = Rgb([0x0b, 0x6e, 0x66]);

/// What the page's own styles (`frontend/styles/tokens.css`) make of [`DEFAULT`] in light. Chosen by eye, not derived.
const DEFAULT_LIGHT: Palette = Palette {
    accent: DEFAULT,
    strong: Rgb([0x09, 0x5a, 0x54]),
    ink: WHITE,
    soft: Rgb([0xd9, 0xef, 0xec]),
    text: DEFAULT,
};
/// The same in dark.
const DEFAULT_DARK: Palette = Palette {
    accent: Rgb([0x3c, 0xc7, 0xb8]),
    strong: Rgb([0x5a, 0xd6, 0xc8]),
    ink: Rgb([0x06, 0x24, 0x21]),
    soft: Rgb([0x14, 0x33, 0x2f]),
    text: Rgb([0x5a, 0xd6, 0xc8]),
};

/// White.
pub const WHITE: Rgb = Rgb([255; 3]);
/// Black.
pub const BLACK: Rgb = Rgb([0; 3]);

/// The darkest surface of the light page that text stands on.
const LIGHT_SUNKEN: Rgb = Rgb([0xef, 0xed, 0xe8]);
/// What most of the dark page stands on.
const DARK_SURFACE: Rgb = Rgb([0x1b, 0x1b, 0x19]);
/// The lightest surface of the dark page that text stands on.
const DARK_RAISED: Rgb = Rgb([0x23, 0x23, 0x20]);

/// A colour: red, green and blue (sRGB), written as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub [u8; 3]);

impl FromStr for Rgb {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(())?;
        if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(());
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).map_err(|_| ())?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Rgb {
    /// The relative luminance, from 0 (black) to 1 (white).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let Self([red, green, blue]) = self;
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// The contrast with another colour, from 1 (none) to 21 (black and white).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Whether text can be read: of this colour on that one, or of that one on this.
    pub fn reads_on(self, other: Self) -> bool {
        self.contrast(other) >= LEAST_CONTRAST
    }

    /// So many hundredths of the way to another colour.
    #[must_use]
    pub fn towards(self, other: Self, hundredths: u16) -> Self {
        let part = hundredths.min(100);
        let mix = |from: u8, to: u8| {
            let sum = u16::from(from) * (100 - part) + u16::from(to) * part;
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        let (Self([r0, g0, b0]), Self([r1, g1, b1])) = (self, other);
        Self([mix(r0, r1), mix(g0, g1), mix(b0, b1)])
    }

    /// The same, step by step towards another colour until it can be read on all of these.
    fn until_it_reads(self, towards: Self, on: &[Self]) -> Self {
        let mut colour = self;
        for _ in 0..60 {
            if on.iter().all(|&other| colour.reads_on(other)) {
                return colour;
            }
            colour = colour.towards(towards, 7);
        }
        towards
    }

    /// Whether the desk may have it: white on it, and it on white, can be read.
    pub fn is_legible(self) -> bool {
        self.reads_on(WHITE)
    }
}

/// What the page needs of a colour, in light or in dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Buttons, marks, focus.
    pub accent: Rgb,
    /// A button under the pointer.
    pub strong: Rgb,
    /// Text on both.
    pub ink: Rgb,
    /// Behind what is chosen.
    pub soft: Rgb,
    /// Links, and text on `soft`.
    pub text: Rgb,
}

impl Palette {
    /// For the light page. The colour itself is legible.
    pub fn light(brand: Rgb) -> Self {
        if brand == DEFAULT {
            return DEFAULT_LIGHT;
        }
        let soft = WHITE.towards(brand, 14);
        Self {
            accent: brand,
            strong: brand.towards(BLACK, 18),
            ink: WHITE,
            soft,
            text: brand.until_it_reads(BLACK, &[soft, LIGHT_SUNKEN]),
        }
    }

    /// For the dark page: lighter, with dark text on it.
    pub fn dark(brand: Rgb) -> Self {
        if brand == DEFAULT {
            return DEFAULT_DARK;
        }
        let accent = brand.until_it_reads(WHITE, &[DARK_RAISED]);
        let strong = accent.towards(WHITE, 20);
        let soft = DARK_SURFACE.towards(accent, 18);
        Self {
            accent,
            strong,
            ink: brand.towards(BLACK, 75).until_it_reads(BLACK, &[accent, strong]),
            soft,
            text: accent.until_it_reads(WHITE, &[soft, DARK_RAISED]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_they_are_written() {
        assert_eq!("#0B6e66".parse(), Ok(DEFAULT));
        assert_eq!(DEFAULT.to_string(), "#0b6e66");
        for text in ["", "0b6e66", "#0b6e6", "#0b6e666", "#0b6e6g", "#+b6e66", "red", "#ñaa0", "#0b6e66 "] {
            assert!(text.parse::<Rgb>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
        // The lightest grey that still reads on white, and the first that does not.
        assert!(Rgb([0x76; 3]).reads_on(WHITE));
        assert!(!Rgb([0x77; 3]).reads_on(WHITE));
    }

    #[test]
    fn the_default_is_legible() {
        assert!(DEFAULT.is_legible());
    }

    /// Where the two themes begin in the page's styles.
    const THEMES: [&str; 2] = ["[data-bs-theme=light] {", "\n[data-bs-theme=dark] {"];
    /// What text and marks stand on.
    const PAPERS: [&str; 6] = ["paper", "sunken", "surface", "raised", "accent-soft", "note"];
    /// What is written with.
    const INKS: [&str; 9] = ["ink", "ink-2", "ink-3", "accent-text", "open", "progress", "waiting", "closed", "urgent"];
    /// What says something without words: the edge of what can be filled in, what is chosen, a ring.
    const MARKS: [&str; 2] = ["line-control", "accent"];
    /// The least contrast of what is no text (WCAG 2.2, 1.4.11).
    const LEAST_OF_MARKS: f64 = 3.0;

    /// What the page's styles say of a theme.
    fn block(theme: &str) -> &'static str {
        let styles = include_str!("../../frontend/styles/tokens.css");
        styles.split_once(theme).and_then(|(_, rest)| rest.split_once('}')).map(|(block, _)| block).unwrap()
    }

    /// The colours that the page's styles name in a theme.
    fn tokens(theme: &str) -> impl Fn(&str) -> Rgb {
        let block = block(theme);
        move |name| {
            let (_, value) = block.split_once(&format!("--t-{name}: ")).unwrap();
            value.split_once(';').unwrap().0.parse().unwrap()
        }
    }

    #[test]
    fn every_ink_and_every_mark_of_the_page_shows_on_every_paper() {
        let mut faint = Vec::new();
        for theme in THEMES {
            let colour = tokens(theme);
            let mut look = |name: &str, least: f64, paper: &str| {
                let contrast = colour(name).contrast(colour(paper));
                if contrast < least {
                    faint.push(format!("{}: {name} on {paper}: {contrast:.2} of {least}", theme.trim()));
                }
            };
            // A hue is what has a tint: its ink is for that, its mark stands anywhere.
            let softened = block(theme).split("--t-").filter_map(|said| said.split_once("-soft:"));
            let hues: Vec<&str> = softened.map(|(name, _)| name).filter(|name| *name != "accent").collect();
            assert_eq!(hues.len(), 9, "{hues:?}");
            for hue in hues {
                let (ink, soft) = (format!("{hue}-ink"), format!("{hue}-soft"));
                look(&ink, LEAST_CONTRAST, &soft);
                look(hue, LEAST_OF_MARKS, &soft);
                for paper in PAPERS {
                    look(hue, LEAST_OF_MARKS, paper);
                }
            }
            for paper in PAPERS {
                for ink in INKS {
                    look(ink, LEAST_CONTRAST, paper);
                }
                for mark in MARKS {
                    look(mark, LEAST_OF_MARKS, paper);
                }
            }
        }
        assert!(faint.is_empty(), "{}", faint.join("\n"));
    }

    /// Both themes: what the page makes of a colour there, and what stands there.
    fn themes(brand: Rgb) -> [(Palette, Vec<Rgb>); 2] {
        let surfaces = |theme| ["paper", "sunken", "surface", "raised"].map(tokens(theme)).to_vec();
        let [light, dark] = THEMES;
        [(Palette::light(brand), surfaces(light)), (Palette::dark(brand), surfaces(dark))]
    }

    fn assert_it_reads(brand: Rgb) {
        for (palette, surfaces) in themes(brand) {
            let Palette { accent, strong, ink, soft, text } = palette;
            assert!(ink.reads_on(accent) && ink.reads_on(strong), "{brand}: {palette:?}");
            assert!(text.reads_on(soft), "{brand}: {palette:?}");
            for surface in surfaces {
                assert!(text.reads_on(surface), "{brand} on {surface}: {palette:?}");
                // What is no text (a ring, a mark) needs less.
                assert!(accent.contrast(surface) >= LEAST_OF_MARKS, "{brand} on {surface}: {palette:?}");
            }
        }
    }

    #[test]
    fn the_page_and_its_preview_show_the_same_default() {
        for (palette, theme) in [DEFAULT_LIGHT, DEFAULT_DARK].into_iter().zip(THEMES) {
            let said = ["accent", "accent-strong", "accent-ink", "accent-soft", "accent-text"].map(tokens(theme));
            assert_eq!(said, [palette.accent, palette.strong, palette.ink, palette.soft, palette.text], "{theme}");
        }
        assert_it_reads(DEFAULT);
    }

    #[test]
    fn whatever_is_legible_gives_palettes_that_can_be_read() {
        let steps = || (0..=255).step_by(15);
        let all = steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| Rgb([r, g, b]))));
        let mut seen = 0;
        for brand in all.filter(|brand| brand.is_legible()) {
            seen += 1;
            assert_it_reads(brand);
        }
        assert!(seen > 500, "{seen}");
    }

    proptest::proptest! {
        #[test]
        fn any_legible_colour_gives_palettes_that_can_be_read(channels: [u8; 3]) {
            let brand = Rgb(channels);
            proptest::prop_assume!(brand.is_legible());
            assert_it_reads(brand);
        }
    }
}

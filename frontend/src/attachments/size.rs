//! How large a file is, in words.

use crate::{i18n::Locale, prefs::to_language};

/// A size as people read it: `812 B`, `4,2 kB`, `25 MB`; with a comma or a point, as the language has it.
pub fn in_words(bytes: u64, locale: Locale) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    // Tenths, so that there is no fraction to round twice.
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), 0);
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths = (tenths + 512) / 1024;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    let (whole, rest) = (tenths / 10, tenths % 10);
    if rest == 0 || whole >= 100 {
        return format!("{whole}\u{a0}{name}");
    }
    let mark = to_language(locale).decimal_mark();
    format!("{whole}{mark}{rest}\u{a0}{name}")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn sizes() {
        for (bytes, words) in [
            (0, "0 B"),
            (812, "812 B"),
            (1024, "1 kB"),
            (4300, "4,2 kB"),
            (25 * 1024 * 1024, "25 MB"),
            (26_738_688, "25,5 MB"),
            (3 * 1024 * 1024 * 1024, "3 GB"),
        ] {
            assert_eq!(in_words(bytes, Locale::es), words.replace(' ', "\u{a0}"), "{bytes}");
        }
        assert_eq!(in_words(4300, Locale::en), "4.2\u{a0}kB");
    }
}

//! Text as it is compared and searched.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::MixedScript;

/// Lower case without accents: `Impresión` and `IMPRESION` fold to `impresion`. For comparing and searching only.
pub fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}

/// The same, cut to what a column keeps: one character may fold to eighteen.
pub fn fold_within(text: &str, max: usize) -> String {
    let mut folded = fold(text);
    if let Some((end, _)) = folded.char_indices().nth(max) {
        folded.truncate(end);
    }
    folded
}

/// Whether all letters are of one writing system, as Unicode sees it (UTS 39 §5.1): Japanese mixes three and is one. An `а`
/// of Cyrillic in a Latin word is not.
pub fn is_single_script(text: &str) -> bool {
    MixedScript::is_single_script(text)
}

/// A pattern for LIKE that finds the text anywhere, whatever wildcards it holds. Goes with `ESCAPE '!'`.
pub fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// What a word must be like to begin a name, and to begin a later word of it.
pub fn beginnings(word: &str) -> [String; 2] {
    let anywhere = like_pattern(word);
    let begins = anywhere.strip_prefix('%').unwrap_or(&anywhere).to_owned();
    let later = format!("% {begins}");
    [begins, later]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_ignores_case_and_accents() {
        assert_eq!(fold("  Impresión Ñandú  "), "impresion nandu");
        assert_eq!(fold("ＣＡＦÉ"), "cafe");
    }

    #[test]
    fn what_grows_when_folded_is_cut() {
        assert_eq!(fold("ﷺ").chars().count(), 18);
        assert_eq!(fold_within(&"ﷺ".repeat(200), 400).chars().count(), 400);
        assert_eq!(fold_within("Ñandú", 10), "nandu");
    }

    #[test]
    fn letters_of_two_writing_systems_are_noticed() {
        for fine in ["ana.ruiz-1", "José", "ｊｏｓｅ", "анна_2", "山田たろう", "ελένη", "김민준", "محمد", "1.2"]
        {
            assert!(is_single_script(fine), "{fine}");
        }
        for mixed in ["\u{430}dmin", "pаypal", "αlpha", "ana김"] {
            assert!(!is_single_script(mixed), "{mixed}");
        }
    }

    #[test]
    fn wildcards_are_only_characters() {
        assert_eq!(like_pattern("50%_a!"), "%50!%!_a!!%");
    }
}

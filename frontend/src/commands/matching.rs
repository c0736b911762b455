//! Which of some names somebody means who types a few letters.

use js_sys::JsString;

/// The places of the names that are meant, the likeliest first.
pub fn matching(typed: &str, names: &[String]) -> Vec<usize> {
    let typed = plain(typed);
    let likely = |(at, name): (usize, &String)| Some((likeness(&plain(name), &typed)?, at));
    let mut found: Vec<(u8, usize)> = names.iter().enumerate().filter_map(likely).collect();
    found.sort_by_key(|&(likeness, _)| likeness);
    found.into_iter().map(|(_, at)| at).collect()
}

/// A text in small letters without accents.
fn plain(text: &str) -> String {
    let apart: String = JsString::from(text).normalize("NFD").into();
    apart.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase).collect()
}

/// How much a name is like what was typed, the smaller the more; none when it is not. Each word that was typed has to begin a
/// word of the name.
fn likeness(name: &str, typed: &str) -> Option<u8> {
    let typed = typed.trim();
    if typed.is_empty() || name == typed {
        return Some(0);
    }
    if name.starts_with(typed) {
        return Some(1);
    }
    let begins = |word: &str| name.split_whitespace().any(|of_name| of_name.starts_with(word));
    typed.split_whitespace().all(begins).then_some(2)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn words_are_known_by_their_beginnings() {
        assert_eq!(likeness("mis tickets", ""), Some(0));
        assert_eq!(likeness("mis tickets", "mis tickets "), Some(0));
        assert_eq!(likeness("mis tickets", "mis t"), Some(1));
        assert_eq!(likeness("mis tickets", "tick"), Some(2));
        assert_eq!(likeness("cambiar a modo oscuro", "osc modo"), Some(2));
        assert_eq!(likeness("mis tickets", "ickets"), None);
        assert_eq!(likeness("mis tickets", "mis x"), None);
    }
}

//! What a language asks of the words around a name.

/// Whether Spanish says `e` and not `y` before a name: before the sound of an i, but not where that begins a diphthong
/// (`e Inés`, `e Hilario`, `y Hierro`, `y Iago`).
pub fn takes_e(name: &str) -> bool {
    let mut letters = name.trim_start().chars().flat_map(char::to_lowercase);
    let mut first = letters.next();
    let silent = first == Some('h');
    if silent {
        first = letters.next();
    }
    let next = letters.next();
    let vowel = matches!(next, Some('a' | 'e' | 'o' | 'u' | 'á' | 'é' | 'ó' | 'ú'));
    match first {
        Some('í') => true,
        Some('i') => !vowel,
        // `Ynés`, `Yvette`; but `Yolanda`, `Ying` begin with a consonant's sound or are read so.
        Some('y') if !silent => next.is_some_and(|next| next.is_alphabetic() && !vowel && next != 'i' && next != 'í'),
        _ => false,
    }
}

/// Where words are found in a text, as pairs of the places of their letters: the first and the one after the last. Neither
/// capitals nor accents count, and what overlaps is one place.
pub fn found(text: &str, words: &str) -> Vec<(usize, usize)> {
    let letters: Vec<char> = text.chars().map(plain).collect();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for word in words.split_whitespace() {
        let word: Vec<char> = word.chars().map(plain).collect();
        let hits = letters.windows(word.len()).enumerate().filter(|(_, part)| **part == *word);
        places.extend(hits.map(|(at, _)| (at, at + word.len())));
    }
    places.sort_unstable();
    let mut apart: Vec<(usize, usize)> = Vec::new();
    for (from, to) in places {
        match apart.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => apart.push((from, to)),
        }
    }
    apart
}

/// A text in parts, each with whether it is one of the words.
pub fn parts(text: &str, words: &str) -> Vec<(String, bool)> {
    let letters: Vec<char> = text.chars().collect();
    let part = |from: usize, to: usize| letters.get(from..to).unwrap_or_default().iter().collect::<String>();
    let (mut parts, mut at) = (Vec::new(), 0);
    for (from, to) in found(text, words) {
        parts.push((part(at, from), false));
        parts.push((part(from, to), true));
        at = to;
    }
    parts.push((part(at, letters.len()), false));
    parts.retain(|(text, _)| !text.is_empty());
    parts
}

/// A letter as it is compared: small, and without the accents of the languages of the interface.
fn plain(letter: char) -> char {
    match letter.to_lowercase().next().unwrap_or(letter) {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        small => small,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn spanish_says_e_before_the_sound_of_an_i() {
        for name in ["Inés Soto", "Íñigo", "Hilario", "hijos", "Ynés", "I", "Hi"] {
            assert!(takes_e(name), "{name}");
        }
        for name in ["Ana", "hielo", "Iago", "Hierro", "Yolanda", "Ying", "Y", "Hugo", "", "Úrsula"] {
            assert!(!takes_e(name), "{name}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn words_are_found_whatever_their_accents_and_capitals() {
        let part = |text: &str, is: bool| (text.to_owned(), is);
        assert_eq!(
            parts("La Impresión de papel", "IMPRESION pap"),
            [part("La ", false), part("Impresión", true), part(" de ", false), part("pap", true), part("el", false)]
        );
        assert_eq!(parts("ñandú", "nandu"), [part("ñandú", true)]);
        assert_eq!(parts("aaab", "aa"), [part("aaa", true), part("b", false)]);
        assert_eq!(parts("nada", "  "), [part("nada", false)]);
        assert!(parts("", "x").is_empty());
    }
}

//! What is shown of a hit: its title and the words around the first match, as HTML that is safe to show.

use std::fmt::Write as _;

use unicode_normalization::char::is_combining_mark;

use crate::{
    db::full_text::{Word, is_of_a_word, parts},
    text::fold,
};

/// How much of a text is shown, in characters.
const SNIPPET: usize = 160;
/// How much of it stands before the first match, which must be in sight where a box is narrow.
const BEFORE: usize = 20;

/// A whole text with its matches marked.
pub fn marked(text: &str, words: &[Word]) -> String {
    let text = flat(text);
    render(&text, &matches(&text, words), 0, text.len())
}

/// The words around the first match; nothing when there is none.
pub fn snippet(text: &str, words: &[Word]) -> String {
    let text = flat(text);
    let found = matches(&text, words);
    let Some(&(first, _)) = found.first() else { return String::new() };
    let start = back(&text, first, BEFORE);
    let end = forward(&text, start, SNIPPET);
    let mut html = String::new();
    if start > 0 {
        html.push_str("… ");
    }
    html += render(&text, &found, start, end).trim();
    if end < text.len() {
        html.push_str(" …");
    }
    html
}

/// Whether a text has anything that would be marked.
pub fn holds(text: &str, words: &[Word]) -> bool {
    !matches(text, words).is_empty()
}

/// White space of any kind as single spaces.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where words stand that match: each of the words whole, the last one also as a beginning.
fn matches(text: &str, words: &[Word]) -> Vec<(usize, usize)> {
    let begins = words.last().filter(|last| last.may_begin());
    let is_asked_for = |part: &str| {
        words.iter().any(|word| word.folded == part) || begins.is_some_and(|last| part.starts_with(&last.folded))
    };
    let mut found = Vec::new();
    let mut start = None;
    let mut check = |from: usize, to: usize| {
        let word = text.get(from..to).map(fold).unwrap_or_default();
        if parts(&word).any(is_asked_for) {
            found.push((from, to));
        }
    };
    for (at, c) in text.char_indices() {
        // A combining mark belongs to the letter before it.
        let inside = is_of_a_word(c) && (start.is_some() || !is_combining_mark(c));
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                check(from, at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        check(from, text.len());
    }
    found
}

/// The start of a word at most so many characters before a place.
fn back(text: &str, place: usize, characters: usize) -> usize {
    let before = text.get(..place).unwrap_or_default();
    let Some((start, _)) = before.char_indices().rev().nth(characters) else { return 0 };
    before.get(start..).and_then(|rest| rest.find(' ')).map_or(place, |space| start + space + 1)
}

/// The end of a word at most so many characters after a place.
fn forward(text: &str, place: usize, characters: usize) -> usize {
    let after = text.get(place..).unwrap_or_default();
    let Some((end, _)) = after.char_indices().nth(characters) else { return text.len() };
    let cut = after.get(..end).and_then(|part| part.rfind(' ')).unwrap_or(end);
    place + if cut == 0 { end } else { cut }
}

fn render(text: &str, found: &[(usize, usize)], start: usize, end: usize) -> String {
    let mut html = String::new();
    let mut at = start;
    for &(from, to) in found.iter().filter(|&&(from, to)| from >= start && to <= end) {
        escape(&mut html, text.get(at..from).unwrap_or_default());
        html.push_str("<mark>");
        escape(&mut html, text.get(from..to).unwrap_or_default());
        html.push_str("</mark>");
        at = to;
    }
    escape(&mut html, text.get(at..end).unwrap_or_default());
    html
}

fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        // Writing to a String does not fail.
        let _ = match c {
            '&' => html.write_str("&amp;"),
            '<' => html.write_str("&lt;"),
            '>' => html.write_str("&gt;"),
            '"' => html.write_str("&quot;"),
            '\'' => html.write_str("&#39;"),
            c => html.write_char(c),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Word> {
        crate::db::full_text::words(text)
    }

    #[test]
    fn accents_and_case_make_no_difference_and_html_is_text() {
        assert_eq!(
            marked("La <b>Impresión</b> & el papel", &words("impresion pap")),
            "La &lt;b&gt;<mark>Impresión</mark>&lt;/b&gt; &amp; el <mark>papel</mark>"
        );
        // Decomposed letters, as some keyboards write them.
        assert_eq!(marked("impresio\u{301}n", &words("impresión")), "<mark>impresio\u{301}n</mark>");
        assert_eq!(marked("Nada", &words("impresión")), "Nada");
        assert_eq!(marked("La 2ª, № 7", &words("2ª № 7")), "La <mark>2ª</mark>, <mark>№</mark> <mark>7</mark>");
    }

    #[test]
    fn only_the_last_word_is_a_beginning() {
        assert_eq!(marked("tonelada toner", &words("ton toner")), "tonelada <mark>toner</mark>");
        // A single letter is none.
        assert_eq!(marked("b bueno", &words("b")), "<mark>b</mark> bueno");
    }

    #[test]
    fn a_snippet_is_cut_between_words() {
        let text = format!("{} aquí está la palabra\n\nbuscada {}", "antes ".repeat(40), "después ".repeat(40));
        let html = snippet(&text, &words("palabra"));
        assert!(html.starts_with("… antes "), "{html}");
        assert!(html.contains("la <mark>palabra</mark> buscada después"), "{html}");
        assert!(html.ends_with("después …"), "{html}");
        assert!(html.chars().count() < SNIPPET + 20, "{html}");
        assert_eq!(snippet(&text, &words("otra")), "");
        // One endless word has no place to be cut at, and is cut.
        assert!(snippet(&"é".repeat(5000), &words("x")).is_empty());
        assert!(snippet(&"é".repeat(5000), &words(&"e".repeat(60))).chars().count() < SNIPPET + 20);
    }
}

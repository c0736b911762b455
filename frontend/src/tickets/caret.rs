//! Writes into a field where its cursor is.

use leptos::{html, prelude::*};

/// Puts a text where the cursor is, instead of what is chosen there, and the cursor behind it.
pub fn put(field: NodeRef<html::Textarea>, text: RwSignal<String>, inserted: &str) {
    write(field, text, true, |_, _| inserted.to_owned());
}

/// The same after the person went elsewhere: the focus stays where it is.
pub fn put_aside(field: NodeRef<html::Textarea>, text: RwSignal<String>, inserted: &str) {
    write(field, text, false, |_, _| inserted.to_owned());
}

/// Puts a text on lines of its own, with an empty line before and after it.
pub fn put_block(field: NodeRef<html::Textarea>, text: RwSignal<String>, block: &str) {
    write(field, text, true, |before, after| {
        let above = if before.trim().is_empty() { String::new() } else { missing(before.chars().rev()) };
        let below = if after.trim().is_empty() { "\n\n".to_owned() } else { missing(after.chars()) };
        format!("{above}{block}{below}")
    });
}

/// The line ends that are missing to an empty line, given what is next to it.
fn missing(next: impl Iterator<Item = char>) -> String {
    let there = next.take_while(|&c| c == '\n').count().min(2);
    "\n".repeat(2 - there)
}

/// Replaces what is chosen by what is made of the texts before and after it.
fn write(
    field: NodeRef<html::Textarea>,
    text: RwSignal<String>,
    takes_focus: bool,
    make: impl FnOnce(&str, &str) -> String,
) {
    let Some(element) = field.get_untracked() else { return };
    let value = element.value();
    let place = |found: Option<u32>| found.map_or(value.len(), |units| offset(&value, units));
    let start = place(element.selection_start().ok().flatten());
    let end = place(element.selection_end().ok().flatten()).max(start);
    let (before, after) = (value.get(..start).unwrap_or_default(), value.get(end..).unwrap_or_default());
    let head = format!("{before}{}", make(before, after));
    let caret = u32::try_from(head.encode_utf16().count()).unwrap_or(u32::MAX);
    let written = format!("{head}{after}");
    element.set_value(&written);
    text.set(written);
    if takes_focus {
        element.focus().ok();
    }
    element.set_selection_range(caret, caret).ok();
}

/// Where a place that browsers count in UTF-16 is, in bytes.
pub fn offset(text: &str, units: u32) -> usize {
    let mut passed = 0;
    let found = text.char_indices().find(|(_, c)| {
        let here = passed;
        passed += u32::try_from(c.len_utf16()).unwrap_or(1);
        here >= units
    });
    found.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{missing, offset};

    #[wasm_bindgen_test(unsupported = test)]
    fn places_are_counted_as_browsers_do() {
        assert_eq!((offset("añ👍b", 0), offset("añ👍b", 2), offset("añ👍b", 4), offset("añ👍b", 9)), (0, 3, 7, 8));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_block_has_an_empty_line_beside_it() {
        assert_eq!(missing("a".chars()), "\n\n");
        assert_eq!(missing("\na".chars()), "\n");
        assert_eq!(missing("\n\n\na".chars()), "");
    }
}

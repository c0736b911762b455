//! Where a Markdown text is code: there a backslash is a backslash, and only a longer fence keeps signs from ending it.

use std::ops::Range;

/// The most spaces before a fence that begins a block (`CommonMark`, §4.5).
const INDENT: usize = 3;
/// The fewest signs of one that does.
const SIGNS: usize = 3;

/// Some code in a text. Places are bytes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The fence before it.
    pub opening: Range<usize>,
    /// The fence behind it; none where the text ends first, as it may in a block.
    pub closing: Option<Range<usize>>,
    /// It has lines of its own, and is not among words.
    pub is_block: bool,
}

/// The code of a text, in order: in backticks, and in fenced blocks.
pub fn codes(text: &str) -> Vec<Code> {
    let mut found = Vec::new();
    // What may have code among its words begins at `words`, and this line at `at`.
    let (mut words, mut at) = (0, 0);
    let mut block = None::<Range<usize>>;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let fence = fence(line).map(|place| at + place.start..at + place.end);
        match (block.clone(), fence) {
            (Some(opening), Some(closing)) if closes(text, &opening, &closing, end) => {
                found.push(Code { opening, closing: Some(closing), is_block: true });
                (block, words) = (None, end);
            }
            (None, Some(opening)) if opens(text, &opening, end) => {
                among_words(text, words..at, &mut found);
                block = Some(opening);
            }
            // No code among words goes on behind an empty line.
            (None, _) if line.trim().is_empty() => {
                among_words(text, words..at, &mut found);
                words = end;
            }
            _ => {}
        }
        at = end;
    }
    match block {
        Some(opening) => found.push(Code { opening, closing: None, is_block: true }),
        None => among_words(text, words..text.len(), &mut found),
    }
    found
}

/// Whether what follows a text is still in a block of code that begins in it.
pub fn is_in_block(text: &str) -> bool {
    codes(text).last().is_some_and(|code| code.is_block && code.closing.is_none())
}

/// What may be the fence of a block in a line.
fn fence(line: &str) -> Option<Range<usize>> {
    let start = line.len() - line.trim_start_matches(' ').len();
    let rest = line.get(start..)?;
    let sign = rest.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let length = run(rest, sign);
    (start <= INDENT && length >= SIGNS).then_some(start..start + length)
}

/// Whether a fence in a line that ends there begins a block: with backticks behind it, it is among words.
fn opens(text: &str, fence: &Range<usize>, end: usize) -> bool {
    let behind = text.get(fence.end..end).unwrap_or_default();
    sign(text, fence) != Some('`') || !behind.contains('`')
}

/// Whether a fence in a line that ends there ends the block that another began.
fn closes(text: &str, opening: &Range<usize>, closing: &Range<usize>, end: usize) -> bool {
    sign(text, opening) == sign(text, closing)
        && closing.len() >= opening.len()
        && text.get(closing.end..end).unwrap_or_default().trim().is_empty()
}

fn sign(text: &str, fence: &Range<usize>) -> Option<char> {
    text.get(fence.clone())?.chars().next()
}

/// How many of a sign, of one byte, a text begins with.
fn run(text: &str, sign: char) -> usize {
    text.len() - text.trim_start_matches(sign).len()
}

/// Adds the code in a part of a text that has no blocks and no empty lines.
fn among_words(text: &str, within: Range<usize>, found: &mut Vec<Code>) {
    let mut runs = Vec::new();
    let mut at = within.start;
    while let Some(start) = text.get(at..within.end).and_then(|rest| rest.find('`')).map(|place| at + place) {
        at = start + text.get(start..within.end).map_or(1, |rest| run(rest, '`'));
        runs.push(start..at);
    }
    let mut runs = runs.as_slice();
    while let Some((first, rest)) = runs.split_first() {
        runs = rest;
        let before = text.get(..first.start).unwrap_or_default();
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        let opening = first.start + backslashes % 2..first.end;
        let same = |run: &Range<usize>| run.len() == opening.len();
        if !opening.is_empty()
            && let Some((place, closing)) = rest.iter().enumerate().find(|(_, run)| same(run))
        {
            found.push(Code { opening, closing: Some(closing.clone()), is_block: false });
            runs = rest.get(place + 1..).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is between the fences.
    fn inside(text: &str) -> Vec<&str> {
        let content = |code: &Code| code.opening.end..code.closing.as_ref().map_or(text.len(), |closing| closing.start);
        codes(text).iter().filter_map(|code| text.get(content(code))).collect()
    }

    #[test]
    fn code_among_words_is_between_as_many_backticks() {
        assert_eq!(inside("a `b` c ``d`e`` f"), ["b", "d`e"]);
        assert_eq!(inside("a `b\nc`"), ["b\nc"]);
        assert_eq!(inside(r"\`a` b`"), [" b"]);
        for none in ["", "a ` b", "a `` b `", "a `b\n\nc` d", r"a \`b`"] {
            assert_eq!(inside(none), [""; 0], "{none}");
        }
    }

    #[test]
    fn a_block_ends_with_a_fence_as_long() {
        assert_eq!(inside("a\n```sh\nb `c`\n````\n`d`"), ["sh\nb `c`\n", "d"]);
        assert_eq!(inside("~~~\n```\n~~~ x\n~~~"), ["\n```\n~~~ x\n"]);
        assert_eq!(inside("   ```\na"), ["\na"]);
        assert_eq!(inside("``` a ``` b"), [" a "]);
    }

    #[test]
    fn what_follows_is_in_a_block_until_that_ends() {
        for within in ["```\n", "a\n\n~~~ sh\nb\n", "````\n```\n"] {
            assert!(is_in_block(within), "{within}");
        }
        for outside in ["", "a\n", "```\na\n```\n", "    ```\n", "`a`\n", "``` a ```\n"] {
            assert!(!is_in_block(outside), "{outside}");
        }
    }
}

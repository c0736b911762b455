//! Markdown as it is shown: `CommonMark` with tables, strikethrough and tasks, where a single line end breaks the line, as
//! people who write messages expect.
//!
//! What somebody writes reaches other people's pages, so three things stand between: HTML in the source is shown as the
//! text it is; [`render`] writes only the elements it knows, no deeper than a text needs; and [`sanitize`] lets nothing
//! else through, whatever got past the first two.

mod limits;
mod render;
mod sanitize;
mod target;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};
use pulldown_cmark_escape::escape_html_body_text;
use shared::fields::USERNAME_MAX;

pub use self::limits::weight;
use self::{
    render::Renderer,
    words::{Piece, pieces, readings},
};
use crate::text::fold_within;

/// As many different words after an `@` are looked up in one text.
const WORDS: usize = 64;

/// Whom the words after an `@` stand for: the word as it was written, folded, and the name to show.
pub type Names = HashMap<String, String>;

/// Markdown as HTML that is safe to show. An `@word` that stands for somebody shows their name; any other is text.
pub fn to_html(source: &str, names: &Names) -> String {
    written(full(source), source, Renderer::new(names))
}

/// The same for messages: without tables, which a few bytes can make large, and which nobody draws while they talk.
pub fn to_light_html(source: &str) -> String {
    written(LIGHT, source, Renderer::new(&Names::new()))
}

/// The same, to be read away from the desk: links to its pages begin with its address.
pub fn to_html_elsewhere(source: &str, names: &Names, desk: &str) -> String {
    written(full(source), source, Renderer::new(names).elsewhere(desk))
}

fn written<'s>(options: Options, source: &'s str, mut renderer: Renderer<'s, '_>) -> String {
    let mut rendered = String::with_capacity(source.len() * 3 / 2);
    events(options, source).for_each(|event| renderer.take(event));
    html::push_html(&mut rendered, renderer.finish().into_iter());
    let shown = limits::may_be_shown(&rendered).then(|| sanitize::clean(&rendered));
    shown.filter(|shown| limits::may_be_shown(shown)).unwrap_or_else(|| as_written(source))
}

/// A text as it was written.
fn as_written(source: &str) -> String {
    let mut html = String::from("<p>");
    for (nth, line) in source.lines().enumerate() {
        if nth > 0 {
            html.push_str("<br>\n");
        }
        // Writing to a String does not fail.
        let _ = escape_html_body_text(&mut html, line);
    }
    html.push_str("</p>\n");
    html
}

/// A text as Markdown that shows it as it is.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The names of files as Markdown that takes them as they are.
pub fn listed(names: &[&str]) -> String {
    let line = |name: &&str| {
        // A fence is longer than any in the name (CommonMark, §6.1).
        let longest = name.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let (fence, room) = ("`".repeat(longest + 1), if longest > 0 { " " } else { "" });
        format!("- {fence}{room}{name}{room}{fence}\n")
    };
    names.iter().map(line).collect()
}

/// The words of a text that may stand for somebody, folded, each once: what follows an `@` that is not in code, in a link
/// or in an address. Of `@ana.` both `ana.` and `ana` may be meant.
pub fn mentioned(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !source.contains('@') {
        return found;
    }
    let mut place = Place::default();
    for event in events(full(source), source) {
        if let (Event::Text(text), true) = (&event, place.is_prose()) {
            let runs = pieces(text, place.before).into_iter().filter_map(|piece| match piece {
                Piece::Mention(run) => Some(run),
                _ => None,
            });
            for word in runs.flat_map(readings).map(key) {
                if found.len() < WORDS && !found.contains(&word) {
                    found.push(word);
                }
            }
        }
        place.pass(&event);
    }
    found
}

/// A name as user names are compared.
fn key(word: &str) -> String {
    fold_within(word, 2 * USERNAME_MAX)
}

/// What messages may have.
const LIGHT: Options = Options::ENABLE_STRIKETHROUGH.union(Options::ENABLE_TASKLISTS);

/// What any other text may have.
fn full(source: &str) -> Options {
    let mut options = LIGHT;
    options.set(Options::ENABLE_TABLES, limits::may_have_tables(source));
    options
}

fn events(options: Options, source: &str) -> impl Iterator<Item = Event<'_>> {
    TextMergeStream::new(Parser::new_ext(source, options))
}

/// How far a text has been read: what decides whether its next words can be links and mentions.
#[derive(Debug, Default)]
struct Place {
    /// How many code blocks, links, images and pieces of HTML are open.
    literal: usize,
    /// The character before, in the same line.
    before: Option<char>,
}

impl Place {
    /// Whether words here are words: not code, not a link's.
    fn is_prose(&self) -> bool {
        self.literal == 0
    }

    /// Goes past an event.
    fn pass(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock) => {
                self.literal += 1;
                self.before = None;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::Link | TagEnd::Image | TagEnd::HtmlBlock) => {
                self.literal = self.literal.saturating_sub(1);
                self.before = None;
            }
            // `*a*@b` is no more a mention than `a@b`.
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {}
            Event::Text(text) => self.before = text.chars().next_back(),
            _ => self.before = None,
        }
    }
}

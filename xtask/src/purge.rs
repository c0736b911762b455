//! Taking out of Bootstrap's style sheet what the page never uses: four fifths of it, and the login page would load them.
//!
//! A selector stays when each class that it asks for is a word somewhere in the page's sources. A word too many keeps a
//! rule too many, no more; a class put together from pieces of words would be missed, so the page writes its classes whole.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{place::Place, shrink};

/// Bootstrap's rule for whatever follows a legend, which floats nowhere in this page. A rule for whatever follows something has a
/// browser look at all that is in the same parent again whenever something is put in there: at every row of a list, for each
/// one that comes.
const COSTLY: &str = "legend+*";

/// What the page is written in, seen from the checkout.
const SOURCES: [&str; 3] = ["frontend/src", "frontend/index.html", "frontend/boot.js"];

/// Every word in the page's sources that could name a class.
#[derive(Debug, Default)]
pub struct Words(HashSet<String>);

impl Words {
    /// Those of the page as it is now.
    pub fn of_page(place: &Place) -> Result<Self> {
        let mut words = Self::default();
        for source in SOURCES {
            let path = place.root.join(source);
            for file in if path.is_dir() { shrink::files(&path)? } else { vec![path] } {
                if !is_style(&file) {
                    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
                    words.read(&text);
                }
            }
        }
        Ok(words)
    }

    /// Adds those of a text.
    fn read(&mut self, text: &str) {
        let parts = text.split(|c: char| !is_of_name(c)).filter(|word| !word.is_empty());
        self.0.extend(parts.map(str::to_owned));
    }

    /// The style sheet without what asks for a class that is not among the words.
    pub fn purge(&self, styles: &str) -> String {
        self.kept(&without_comments(styles))
    }

    fn kept(&self, styles: &str) -> String {
        let mut kept = String::new();
        for (head, body) in rules(styles) {
            let Some(body) = body else {
                kept.extend([head, ";"]);
                continue;
            };
            if head.starts_with("@media") || head.starts_with("@supports") {
                let inside = self.kept(body);
                if !inside.is_empty() {
                    kept.extend([head, "{", &inside, "}"]);
                }
            } else if head.starts_with('@') {
                kept.extend([head, "{", body, "}"]);
            } else {
                let selectors: Vec<&str> =
                    listed(head).into_iter().filter(|one| *one != COSTLY && self.has_all(one)).collect();
                if !selectors.is_empty() {
                    kept.extend([&selectors.join(","), "{", body, "}"]);
                }
            }
        }
        kept
    }

    /// Whether each class that a selector asks for is there. What it asks to be absent does not count.
    fn has_all(&self, selector: &str) -> bool {
        let mut asked = String::new();
        let mut rest = selector;
        while let Some((before, after)) = rest.split_once(":not(") {
            asked += before;
            rest = after.split_once(')').map_or("", |(_, after)| after);
        }
        asked += rest;
        asked.split('.').skip(1).all(|class| {
            let name: String = class.chars().take_while(|&c| is_of_name(c)).collect();
            self.0.contains(&name)
        })
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_style(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "css")
}

/// A style sheet without what it says to people.
pub fn without_comments(styles: &str) -> String {
    let mut text = String::new();
    let mut rest = styles;
    while let Some((before, after)) = rest.split_once("/*") {
        text += before;
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    text + rest
}

/// What stands at the top of a style sheet: what comes before a brace and what is in it, or a statement without one.
fn rules(styles: &str) -> Vec<(&str, Option<&str>)> {
    let mut found = Vec::new();
    let (mut start, mut open, mut depth, mut quote) = (0, 0, 0_u32, None);
    let part = |from, to| styles.get(from..to).unwrap_or_default().trim();
    for (at, c) in styles.char_indices() {
        match (quote, c) {
            (Some(mark), _) if c == mark => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => {
                if depth == 0 {
                    open = at;
                }
                depth += 1;
            }
            (None, '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    found.push((part(start, open), Some(part(open + 1, at))));
                    start = at + 1;
                }
            }
            (None, ';') if depth == 0 => {
                found.push((part(start, at), None));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The selectors of a list; a comma in parentheses parts none.
fn listed(head: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    head.split(move |c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
    .collect()
}

/// Where Bootstrap's style sheet is among a page's files.
pub fn is_bootstrap(file: &Path) -> bool {
    let name = PathBuf::from(file);
    name.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("bootstrap"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        let mut words = Words::default();
        words.read(text);
        words
    }

    #[test]
    fn what_no_class_of_the_page_asks_for_goes() {
        let words = words(r#"<button class="btn btn-primary">"#);
        let styles = r#"@charset "UTF-8";/* a {b} */:root{--x:url("data:a;{,b")}.btn,.card{a:b}.card-body,.nav .btn{c:d}h1,.h1{e:f}"#;
        assert_eq!(words.purge(styles), r#"@charset "UTF-8";:root{--x:url("data:a;{,b")}.btn{a:b}h1{e:f}"#);
    }

    #[test]
    fn rules_that_hold_at_some_widths_are_looked_into() {
        let words = words("btn");
        let styles = "@media (min-width:1px){.btn{a:b}.row{c:d}}@media print{.row{a:b}}@keyframes x{to{a:b}}";
        assert_eq!(words.purge(styles), "@media (min-width:1px){.btn{a:b}}@keyframes x{to{a:b}}");
    }

    #[test]
    fn no_rule_is_for_whatever_follows_something() {
        assert_eq!(
            words("btn").purge("legend{float:left}legend+*{clear:left}.btn{a:b}"),
            "legend{float:left}.btn{a:b}"
        );
        let frontend = Place::find().unwrap().root.join("frontend");
        let own = ["src", "styles"].map(|folder| shrink::files(&frontend.join(folder)).unwrap()).concat();
        let mut looked_at = 0;
        for file in own.iter().filter(|file| is_style(file) && !is_bootstrap(file)) {
            let styles = without_comments(&fs::read_to_string(file).unwrap());
            for selector in styles.split(['{', '}', ',', ';']).filter(|part| part.contains(['+', '~'])) {
                looked_at += 1;
                assert!(!selector.trim().ends_with('*'), "{}: {selector}", file.display());
            }
        }
        assert!(looked_at > 20, "{looked_at}");
    }

    #[test]
    fn a_class_that_is_to_be_absent_need_not_be_there() {
        let words = words("btn");
        let styles = ":not(.btn-check)+.btn:active,.btn:is(a,b){a:b}";
        assert_eq!(words.purge(styles), styles);
    }
}

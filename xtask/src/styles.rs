//! Few style sheets in place of many: each part of the page keeps its own beside its code. What is needed before the first
//! paint becomes one, which then goes into the page itself (`inline`); for the login page the browser asks once, and once for
//! what lies behind it.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash as _, Hasher as _},
    path::Path,
};

use anyhow::{Context, Result};

use crate::{
    place::Place,
    purge::{Words, is_bootstrap},
    shell::fill,
};

/// What Trunk writes for a style sheet, around its name.
pub const LINK: (&str, &str) = ("<link rel=\"stylesheet\" href=\"/", "\"/>");
/// What the style sheet of the gallery of components is called before its hash: no release has that page.
const GALLERY: &str = "gallery-";
/// What the page says before the styles that only what lies behind the login uses.
const BEHIND: &str = "<!-- Behind the login";

/// Joins the style sheets of the page in a staging folder, in their order.
pub fn join(place: &Place, staging: &Path) -> Result<()> {
    join_with(&Words::of_page(place)?, staging)
}

fn join_with(words: &Words, staging: &Path) -> Result<()> {
    let index = staging.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let Some((head, body)) = html.split_once("<body>") else { return Ok(()) };
    let (first, behind) = body.split_once(BEHIND).unwrap_or((body, ""));
    let (mut head, _) = join_part(words, staging, head, "boot", true)?;
    let (first, _) = join_part(words, staging, first, "styles", true)?;
    let (behind, late) = join_part(words, staging, behind, "desk", false)?;
    if let Some(late) = late {
        head = fill(&head, "desk-styles", &format!("/{late}"))?;
    }
    let body = if behind.is_empty() { first } else { format!("{first}{BEHIND}{behind}") };
    // What is left of their lines.
    let lines: Vec<&str> = body.lines().filter(|line| !line.trim().is_empty()).collect();
    fs::write(&index, format!("{head}<body>{}", lines.join("\n")))?;
    Ok(())
}

/// Joins the style sheets that a part of the page links: the part with one link, or none, in their place, and the name of
/// the joined one.
fn join_part(words: &Words, staging: &Path, html: &str, stem: &str, linked: bool) -> Result<(String, Option<String>)> {
    // A link to what the server answers is a link too, but to no file of the build.
    let names: Vec<&str> = html
        .split(LINK.0)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(LINK.1)?.0))
        .filter(|name| !name.contains('"'))
        .collect();
    if names.is_empty() {
        return Ok((html.to_owned(), None));
    }
    let mut styles = String::new();
    for name in &names {
        let file = staging.join(name);
        if name.starts_with(GALLERY) {
            fs::remove_file(file)?;
            continue;
        }
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        styles += &if is_bootstrap(&file) { words.purge(&text) } else { text };
        styles.push('\n');
        fs::remove_file(file)?;
    }
    let mut hasher = DefaultHasher::new();
    styles.hash(&mut hasher);
    let joined = format!("{stem}-{:016x}.css", hasher.finish());
    fs::write(staging.join(&joined), styles)?;
    let link = |name: &str| format!("{}{name}{}", LINK.0, LINK.1);
    let mut part = html.to_owned();
    for (place, name) in names.iter().enumerate() {
        let by = if place == 0 && linked { link(&joined) } else { String::new() };
        part = part.replacen(&link(name), &by, 1);
    }
    Ok((part, Some(joined)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page in a folder of its own, with these style sheets.
    fn page(name: &str, html: &str, sheets: &[(&str, &str)]) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("turno-styles-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), html).unwrap();
        for (name, text) in sheets {
            fs::write(folder.join(name), text).unwrap();
        }
        folder
    }

    fn link(name: &str) -> String {
        format!("  {}{name}{}\n", LINK.0, LINK.1)
    }

    fn names(html: &str) -> Vec<&str> {
        html.split(LINK.0).skip(1).map(|rest| rest.split_once('"').unwrap().0).collect()
    }

    #[test]
    fn style_sheets_are_joined_in_their_order() {
        let html = format!(
            "<head><meta name=\"turno-desk-styles\" content=\"\">{}{}  <link rel=\"stylesheet\" href=\"/api/theme.css\" \
             data-brand=\"theme\">\n</head><body>\n{}{}{BEHIND}: -->\n{}{}<script></script></body>",
            link("tokens-1.css"),
            link("boot-1.css"),
            link("a-1.css"),
            link("b-2.css"),
            link("c-3.css"),
            link("d-4.css") + &link("gallery-5.css")
        );
        let sheets = [
            ("tokens-1.css", "tokens"),
            ("boot-1.css", "boot"),
            ("a-1.css", "first"),
            ("b-2.css", "second"),
            ("c-3.css", "third"),
            ("d-4.css", "fourth"),
            ("gallery-5.css", "gallery"),
        ];
        let folder = page("order", &html, &sheets);
        join_with(&Words::default(), &folder).unwrap();
        let html = fs::read_to_string(folder.join("index.html")).unwrap();
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let names = names(&html);
        assert_eq!(names.len(), 3, "{html}");
        assert_eq!(read(names[0]), "tokens\nboot\n");
        assert_eq!(names[1], "api/theme.css");
        assert_eq!(read(names[2]), "first\nsecond\n");
        let (_, late) = html.split_once("<meta name=\"turno-desk-styles\" content=\"/").unwrap();
        assert_eq!(read(late.split_once('"').unwrap().0), "third\nfourth\n");
        assert!(sheets.iter().all(|(name, _)| !folder.join(name).exists()));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn only_bootstrap_loses_what_is_not_used() {
        let html = format!("<head></head><body>\n{}{}</body>", link("bootstrap.min-1.css"), link("own-2.css"));
        let folder =
            page("purge", &html, &[("bootstrap.min-1.css", ".card{a:b}p{c:d}"), ("own-2.css", ".card { e: f; }")]);
        join_with(&Words::default(), &folder).unwrap();
        let html = fs::read_to_string(folder.join("index.html")).unwrap();
        assert_eq!(fs::read_to_string(folder.join(names(&html)[0])).unwrap(), "p{c:d}\n.card { e: f; }\n");
        fs::remove_dir_all(&folder).unwrap();
    }
}

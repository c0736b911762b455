//! One style sheet in place of many: each part of the page keeps its own beside its code, and the browser asks once.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash as _, Hasher as _},
    path::Path,
};

use anyhow::{Context, Result};

/// What Trunk writes for a style sheet, around its name.
const LINK: (&str, &str) = ("<link rel=\"stylesheet\" href=\"/", "\"/>");

/// Joins the style sheets that the page in a staging folder links after its preloader, in their order.
pub fn join(staging: &Path) -> Result<()> {
    let index = staging.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let Some((head, body)) = html.split_once("<body>") else { return Ok(()) };
    let names: Vec<&str> = body.split(LINK.0).skip(1).filter_map(|rest| Some(rest.split_once(LINK.1)?.0)).collect();
    let Some((first, others)) = names.split_first() else { return Ok(()) };
    let mut styles = String::new();
    for name in &names {
        let file = staging.join(name);
        styles += &fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        styles.push('\n');
        fs::remove_file(file)?;
    }
    let mut hasher = DefaultHasher::new();
    styles.hash(&mut hasher);
    let joined = format!("styles-{:016x}.css", hasher.finish());
    fs::write(staging.join(&joined), styles)?;
    let mut body = body.replace(first, &joined);
    for name in others {
        body = body.replace(&format!("{}{name}{}", LINK.0, LINK.1), "");
    }
    // What is left of their lines.
    let lines: Vec<&str> = body.lines().filter(|line| !line.trim().is_empty()).collect();
    fs::write(&index, format!("{head}<body>{}", lines.join("\n")))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_are_joined_in_their_order() {
        let folder = std::env::temp_dir().join(format!("turno-styles-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let link = |name: &str| format!("  {}{name}{}\n", LINK.0, LINK.1);
        let page = format!("<head>{}</head><body>\n{}{}</body>", link("boot-1.css"), link("a-1.css"), link("b-2.css"));
        fs::write(folder.join("index.html"), page).unwrap();
        for (name, text) in [("boot-1.css", "boot"), ("a-1.css", "first"), ("b-2.css", "second")] {
            fs::write(folder.join(name), text).unwrap();
        }
        join(&folder).unwrap();
        let html = fs::read_to_string(folder.join("index.html")).unwrap();
        let names: Vec<&str> = html.split(LINK.0).skip(1).map(|rest| rest.split_once(LINK.1).unwrap().0).collect();
        assert_eq!(names.len(), 2);
        assert_eq!(names[0], "boot-1.css");
        assert_eq!(fs::read_to_string(folder.join(names[1])).unwrap(), "first\nsecond\n");
        assert!(!folder.join("a-1.css").exists() && !folder.join("b-2.css").exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}

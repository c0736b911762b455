//! What the first picture needs, in the page itself: the script that knows light from dark, and the styles of the preloader
//! with the tokens that they are made of. Asked for one by one, each of them keeps a slow machine from painting anything.
//!
//! The server allows them by what they are, to the byte (`policy` in `backend/src/assets.rs`).

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{purge, styles};

/// What Trunk writes for a script that is waited for, around its name.
const SCRIPT: (&str, &str) = ("<script src=\"/", "\"></script>");
/// What no script or style in a page may have in it: the browser would take it for the page's own.
const MARKUP: [&str; 2] = ["</", "<!--"];

/// Puts what the head of the page in a staging folder asks for in the place where it asks for it.
pub fn write(staging: &Path) -> Result<()> {
    let index = staging.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let (head, body) = html.split_once("<body>").context("the page has no body")?;
    let head = inline(staging, head, SCRIPT, "script", packed)?;
    let head = inline(staging, &head, styles::LINK, "style", |text| packed(&purge::without_comments(text)))?;
    Ok(fs::write(&index, format!("{head}<body>{body}"))?)
}

/// Puts each file that a part of the page names in this way in the place of its name. It is no file any more.
fn inline(
    staging: &Path,
    html: &str,
    named: (&str, &str),
    element: &str,
    pack: impl Fn(&str) -> String,
) -> Result<String> {
    let mut parts = html.split(named.0);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // What is written in another way is no file of the build.
        let Some((name, after)) = part.split_once(named.1).filter(|(name, _)| !name.contains('"')) else {
            whole.extend([named.0, part]);
            continue;
        };
        let file = staging.join(name);
        let text = pack(&fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?);
        ensure!(!MARKUP.iter().any(|mark| text.contains(mark)), "{name} has markup in it");
        whole.extend(["<", element, ">", &text, "</", element, ">", after]);
        fs::remove_file(file)?;
    }
    Ok(whole)
}

/// A text without what stands before its lines, without empty lines, and without those that are a script's comments.
fn packed(text: &str) -> String {
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts a script and a style sheet in a page, in a folder of its own, and gives the page and what is left beside it.
    fn written(name: &str, script: &str, style: &str) -> Result<(String, Vec<String>)> {
        let folder = std::env::temp_dir().join(format!("turno-inline-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let page = "<head><script src=\"/theme-1.js\"></script>\n<link rel=\"stylesheet\" href=\"/boot-2.css\"/>\
                    <link rel=\"stylesheet\" href=\"/api/a.css\" data-a></head>\
                    <body><link rel=\"stylesheet\" href=\"/styles-3.css\"/><script src=\"/boot-4.js\" type=\"module\"></script>";
        let files = [("theme-1.js", script), ("boot-2.css", style), ("styles-3.css", ""), ("boot-4.js", "")];
        for (name, text) in files.into_iter().chain([("index.html", page)]) {
            fs::write(folder.join(name), text).unwrap();
        }
        let done = write(&folder);
        let html = fs::read_to_string(folder.join("index.html")).unwrap();
        let left = files.iter().map(|(name, _)| (*name).to_owned()).filter(|name| folder.join(name).exists()).collect();
        fs::remove_dir_all(&folder).unwrap();
        done.map(|()| (html, left))
    }

    #[test]
    fn what_the_head_asks_for_stands_in_the_page() {
        let script = "// Why.\n(function () {\n\n  var a = \"// b\";\n})();\n";
        let (html, left) =
            written("head", script, "/* What. */\n:root {\n  --a: b,\n    c;\n}\np { d: e; }\n").unwrap();
        assert_eq!(
            html,
            "<head><script>(function () {\nvar a = \"// b\";\n})();</script>\n<style>:root {\n--a: b,\nc;\n}\np { d: e; }</style>\
             <link rel=\"stylesheet\" href=\"/api/a.css\" data-a></head><body><link rel=\"stylesheet\" href=\"/styles-3.css\"/><script src=\"/boot-4.js\" type=\"module\"></script>"
        );
        assert_eq!(left, ["styles-3.css", "boot-4.js"]);
    }

    #[test]
    fn what_would_end_it_is_refused() {
        assert!(written("script", "a = \"</script>\";", "").is_err());
        assert!(written("style", "", "a::before { content: \"<!--\"; }").is_err());
    }
}

//! What lets a browser keep the page: the service worker, written for the files of one build, and what the page must know
//! of that build, in its `meta` elements.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash as _, Hasher as _},
    path::Path,
};

use anyhow::{Context, Result, anyhow};

use crate::{place::Place, shrink};

/// The page itself.
const INDEX: &str = "index.html";
/// The service worker, before and after it is written.
const WORKER: &str = "sw.js";
/// Icons for installing: the system asks for them once, the page never.
const ICONS: &str = "icons/";

/// Writes the service worker into a staging folder and completes the page there. Last of all that changes a file's bytes.
pub fn write(place: &Place, staging: &Path) -> Result<()> {
    let source = place.root.join("frontend").join(WORKER);
    let worker = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    complete(staging, &worker)
}

fn complete(staging: &Path, worker: &str) -> Result<()> {
    let index = staging.join(INDEX);
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let names = names(staging)?;
    let mut sizes = Vec::new();
    let mut hasher = DefaultHasher::new();
    for name in &names {
        let bytes = fs::read(staging.join(name))?;
        name.hash(&mut hasher);
        bytes.hash(&mut hasher);
        if Path::new(name).extension().is_some_and(|extension| extension == "wasm") {
            sizes.push(format!("/{name}={}", bytes.len()));
        }
    }
    let html = fill(&html, "sizes", &sizes.join(" "))?;
    html.hash(&mut hasher);
    worker.hash(&mut hasher);
    let build = format!("{:016x}", hasher.finish());
    fs::write(&index, fill(&html, "build", &build)?)?;
    let files: Vec<String> = names.iter().map(|name| format!("/{name}")).collect();
    let files = serde_json::to_string(&files)?;
    fs::write(
        staging.join(WORKER),
        worker.replace("\"BUILD\"", &format!("\"{build}\"")).replace("[\"FILES\"]", &files),
    )?;
    Ok(())
}

/// The names of the files that the page is made of besides itself, in a fixed order.
fn names(staging: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in shrink::files(staging)? {
        let name = file.strip_prefix(staging)?.to_str().context("a file's name is no text")?.replace('\\', "/");
        if name != INDEX && name != WORKER && !name.starts_with(ICONS) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Writes a value into an empty `meta` element of the page.
pub fn fill(html: &str, name: &str, value: &str) -> Result<String> {
    let before = format!("<meta name=\"turno-{name}\" content=\"");
    let (start, end) = html
        .split_once(&format!("{before}\""))
        .ok_or_else(|| anyhow!("the page has no empty `meta` element `turno-{name}`"))?;
    Ok(format!("{start}{before}{value}\"{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<meta name=\"turno-build\" content=\"\"><meta name=\"turno-sizes\" content=\"\">";

    fn built(name: &str, program: &str) -> (String, String) {
        let folder = std::env::temp_dir().join(format!("turno-shell-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("icons")).unwrap();
        for (name, text) in [(INDEX, PAGE), ("desk-1.wasm", program), ("icons/a.png", "icon"), ("a-1.css", "styles")] {
            fs::write(folder.join(name), text).unwrap();
        }
        complete(&folder, "const BUILD = \"BUILD\"; const FILES = [\"FILES\"];").unwrap();
        let read = |name| fs::read_to_string(folder.join(name)).unwrap();
        let written = (read(INDEX), read(WORKER));
        fs::remove_dir_all(&folder).unwrap();
        written
    }

    #[test]
    fn the_worker_knows_the_files_of_its_build_and_the_page_which_it_is() {
        let (html, worker) = built("one", "program");
        assert!(html.contains("turno-sizes\" content=\"/desk-1.wasm=7\""), "{html}");
        let build = html.split_once("turno-build\" content=\"").unwrap().1.split_once('"').unwrap().0;
        assert_eq!(worker, format!("const BUILD = \"{build}\"; const FILES = [\"/a-1.css\",\"/desk-1.wasm\"];"));
    }

    #[test]
    fn any_other_byte_is_another_build() {
        assert_ne!(built("two", "program"), built("three", "programs"));
    }
}

//! That the gallery (`frontend/src/gallery`) shows every component there is.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Components that are there once, at the root of the page, and what fills them.
const AT_THE_ROOT: [(&str, &str); 1] = [("ToastStack", "use_toasts()")];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("frontend/src").join(name)
}

/// All that is written in the files of a folder and of those in it, but for tests.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &sources(&path);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            all += &fs::read_to_string(&path).unwrap();
        }
    }
    all
}

/// The names of what others may use: `pub fn Name` under `#[component]`.
fn components(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in source.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("pub fn ").filter(|_| marked) {
            names.push(rest.chars().take_while(|letter| letter.is_alphanumeric()).collect());
        }
        marked = line == "#[component]" || (marked && line.starts_with("#["));
    }
    names
}

/// Whether a view has a component in it.
fn has(source: &str, name: &str) -> bool {
    let tag = format!("<{name}");
    source.split(&tag).skip(1).any(|rest| rest.starts_with([' ', '/', '>', '\n']))
}

#[test]
fn components_are_found_by_their_mark() {
    let source =
        "#[component]\npub fn One(\n#[component]\n#[allow(x)]\npub fn Two<R>(\n#[component]\nfn Three(\npub fn four(";
    assert_eq!(components(source), ["One", "Two"]);
    assert!(has("<One/>", "One") && !has("<OneMore/>", "One"));
}

#[test]
fn every_component_is_shown() {
    let (all, shown) = (components(&sources(&folder("ui"))), sources(&folder("gallery")));
    assert!(all.len() > 30, "the components were not found: {all:?}");
    let missing = |name: &&String| {
        let at_the_root = AT_THE_ROOT.iter().find(|(root, _)| root == name);
        !has(&shown, name) && at_the_root.is_none_or(|(_, filled)| !shown.contains(filled))
    };
    assert_eq!(
        all.iter().filter(missing).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "nobody sees these in the gallery"
    );
}

#[test]
fn every_kind_of_message_can_be_seen() {
    let source = sources(&folder("ui/toasts"));
    let kinds: Vec<&str> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub fn ")?.split_once("(self, text:"))
        .map(|(name, _)| name)
        .collect();
    assert!(kinds.len() > 3, "the messages were not found: {kinds:?}");
    let shown = sources(&folder("gallery"));
    for kind in kinds {
        assert!(shown.contains(&format!("toasts.{kind}(")), "nobody sees {kind}");
    }
}

#[test]
fn every_folder_is_named_where_it_is_shown() {
    let shown = sources(&folder("gallery"));
    let mut folders = 0;
    for entry in fs::read_dir(folder("ui")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            folders += 1;
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            assert!(shown.contains(&format!("data-ui=\"{name}\"")), "the gallery shows nothing of {name}");
        }
    }
    assert!(folders > 15, "the components were not found");
}

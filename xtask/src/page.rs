//! The page: built by Trunk, and only when something it is made of changed.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    lint,
    place::Place,
    run::{ask, run, step},
    split, tools,
};

/// What the page is made of, seen from the checkout.
const INPUTS: [&str; 12] = [
    "frontend",
    "shared",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
    "xtask/src/inline.rs",
    "xtask/src/purge.rs",
    "xtask/src/shell.rs",
    "xtask/src/shrink.rs",
    "xtask/src/split.rs",
    "xtask/src/styles.rs",
];
/// What lies among the inputs without being one.
const OUTPUTS: [&str; 4] = ["dist", "end2end", "node_modules", "target"];

/// Builds the page unless it is already there, made of the same files.
pub fn ensure(place: &Place) -> Result<()> {
    let stamp = Stamp::of(place)?;
    if stamp.matches(place)? {
        return Ok(());
    }
    if stamp.restore(place)? {
        eprintln!("==> The page: taken from an earlier build of the same files");
        return Ok(());
    }
    step("Building the page (release)", || {
        let mut trunk = place.command("trunk");
        // Into a folder of its own: `trunk serve` in the same checkout works in frontend/dist.
        // Trunk reads NO_COLOR as true or false only.
        let copy = Stamp::copy(place)?;
        // Until the build is done, nobody takes what is there for a page of some files.
        let _ = fs::remove_file(copy.join("inputs"));
        trunk
            .args(["build", "--release", "--features", split::FEATURE, "--dist"])
            .arg(copy.join("dist"))
            .env_remove("NO_COLOR");
        // What people get is made by the compiler that they have.
        lint::end(&mut trunk);
        run(&mut trunk)?;
        stamp.keep(place)
    })
}

/// Builds the page as it is while one works on it, with the gallery of components that no release has, unless that is
/// already there, made of the same files. Most of it is what the page's own tests were compiled from.
pub fn ensure_gallery(place: &Place) -> Result<()> {
    let stamp = Stamp::of(place)?;
    let folder = gallery(place)?;
    if stamp.kept(&folder) {
        return Ok(());
    }
    step("Building the page with its gallery (development)", || {
        // Until the build is done, nobody takes what is there for a page of some files.
        let _ = fs::remove_file(folder.join("inputs"));
        let mut trunk = place.command("trunk");
        trunk.args(["build", "--dist"]).arg(folder.join("dist")).env_remove("NO_COLOR");
        // Linted it is already, which takes three minutes of the four that clippy compiles it for (measured).
        lint::end(&mut trunk);
        run(&mut trunk)?;
        Ok(fs::write(folder.join("inputs"), stamp.inputs.to_string())?)
    })
}

/// Where that page is built; its files are in `dist`.
pub fn gallery(place: &Place) -> Result<PathBuf> {
    let folder = place.own("page")?.join("gallery");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// What a build of the page is known by.
struct Stamp {
    inputs: u64,
}

impl Stamp {
    /// The stamp of the files as they are now.
    fn of(place: &Place) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for input in INPUTS {
            hash_all(&place.root.join(input), &mut hasher)?;
        }
        ask(place.command("rustc").arg("--version")).hash(&mut hasher);
        tools::wasm_opt(place).is_some().hash(&mut hasher);
        Ok(Self { inputs: hasher.finish() })
    }

    /// Whether the page in `frontend/dist` is the one built from these files, and not a development build.
    fn matches(&self, place: &Place) -> Result<bool> {
        let Ok(index) = fs::read_to_string(place.dist().join("index.html")) else { return Ok(false) };
        let written = fs::read_to_string(place.own("page")?.join("stamp")).unwrap_or_default();
        Ok(written == self.text(place, &index))
    }

    /// Where pages are built, and the last one kept, for a checkout of the same files elsewhere.
    fn copy(place: &Place) -> Result<PathBuf> {
        let copy = place.own("page")?.join("copy");
        fs::create_dir_all(&copy)?;
        Ok(copy)
    }

    /// Notes that the page was built from these files, and puts it where the server looks.
    fn keep(&self, place: &Place) -> Result<()> {
        fs::write(Self::copy(place)?.join("inputs"), self.inputs.to_string())?;
        self.restore(place)?;
        Ok(())
    }

    /// Whether the kept page was made of these files.
    fn kept(&self, copy: &Path) -> bool {
        fs::read_to_string(copy.join("inputs")).unwrap_or_default() == self.inputs.to_string()
    }

    /// Puts the kept page back when it was made of the same files.
    fn restore(&self, place: &Place) -> Result<bool> {
        let copy = Self::copy(place)?;
        if !self.kept(&copy) {
            return Ok(false);
        }
        if place.dist().exists() {
            fs::remove_dir_all(place.dist())?;
        }
        copy_all(&copy.join("dist"), &place.dist())?;
        self.write(place)?;
        Ok(true)
    }

    /// Notes that the page was built from these files.
    fn write(&self, place: &Place) -> Result<()> {
        let index = fs::read_to_string(place.dist().join("index.html")).context("Trunk wrote no frontend/dist")?;
        Ok(fs::write(place.own("page")?.join("stamp"), self.text(place, &index))?)
    }

    /// The names of the page's files carry their hashes, so its first file says which build it is.
    fn text(&self, place: &Place, index: &str) -> String {
        format!("{}\n{}\n{index}", place.root.display(), self.inputs)
    }
}

/// The newest change among some files and folders, for a watcher.
pub fn newest(paths: &[PathBuf]) -> Option<std::time::SystemTime> {
    let mut files = Vec::new();
    for path in paths {
        let _ = collect(path, &mut files);
    }
    files.iter().filter_map(|file| fs::metadata(file).and_then(|data| data.modified()).ok()).max()
}

/// Adds the names and contents of a file, or of all files in a folder.
fn hash_all(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let mut files = Vec::new();
    collect(path, &mut files)?;
    let base = path.parent().unwrap_or(path);
    for file in files {
        file.strip_prefix(base).unwrap_or(&file).hash(hasher);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(hasher);
    }
    Ok(())
}

/// All files of a folder in a fixed order, without what is built from them.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let mut entries =
        fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>().context("cannot list files")?;
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        if !OUTPUTS.contains(&name.as_ref()) && !name.starts_with('.') {
            collect(&entry, files)?;
        }
    }
    Ok(())
}

/// Copies a folder with what is in it.
fn copy_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkout with a page in it, in a folder of its own.
    fn checkout(name: &str) -> Place {
        let root = std::env::temp_dir().join(format!("turno-xtask-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("frontend/src")).unwrap();
        fs::write(root.join("frontend/src/main.rs"), "fn main() {}").unwrap();
        let place = Place {
            target: root.join("target"),
            tools: root.join("tools"),
            root: root.clone(),
            ..Place::find().unwrap()
        };
        let built = Stamp::copy(&place).unwrap().join("dist");
        fs::create_dir_all(&built).unwrap();
        fs::write(built.join("index.html"), "built").unwrap();
        place
    }

    #[test]
    fn a_changed_file_makes_the_page_stale() {
        let place = checkout("stale");
        Stamp::of(&place).unwrap().keep(&place).unwrap();
        assert!(Stamp::of(&place).unwrap().matches(&place).unwrap());
        fs::write(place.root.join("frontend/src/main.rs"), "fn main() { other::start() }").unwrap();
        assert!(!Stamp::of(&place).unwrap().matches(&place).unwrap());
        fs::remove_dir_all(&place.root).unwrap();
    }

    #[test]
    fn a_development_build_is_not_taken_for_the_page() {
        let place = checkout("development");
        Stamp::of(&place).unwrap().keep(&place).unwrap();
        fs::write(place.dist().join("index.html"), "another build").unwrap();
        let stamp = Stamp::of(&place).unwrap();
        assert!(!stamp.matches(&place).unwrap());
        assert!(stamp.restore(&place).unwrap());
        assert_eq!(fs::read_to_string(place.dist().join("index.html")).unwrap(), "built");
        assert!(stamp.matches(&place).unwrap());
        fs::remove_dir_all(&place.root).unwrap();
    }
}

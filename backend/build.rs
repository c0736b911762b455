//! The page is a separate build; the server compiles without it, and then says so when asked for it. And the program is kept
//! small. What the server says itself is read from where the page's texts are.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

/// Where each language has its file.
const LOCALES: &str = "../frontend/locales";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={LOCALES}");
    println!("cargo::rerun-if-changed=../migrations");
    if is("PROFILE", "release") {
        // Only there is the page carried inside. Development builds read it from its folder: a new one is no reason to compile.
        println!("cargo::rerun-if-changed=../frontend/dist");
    }
    fold_what_is_the_same();
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("words.rs"), words()?)?;
    fs::create_dir_all("../frontend/dist")?;
    Ok(())
}

/// Lets the linker keep one copy of functions that came out alike, as those of one generic for many types do.
///
/// The linker that Rust brings for this target can do it; that of another may not know the word.
fn fold_what_is_the_same() {
    if is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
    {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
}

fn is(key: &str, value: &str) -> bool {
    env::var(key).is_ok_and(|found| found == value)
}

/// The code of `src/words.rs` that the languages' files make: the types, a value for each language, and which is whose.
///
/// A language without a variant of `Locale`, or a variant without a file, does not compile.
fn words() -> Result<String, Box<dyn Error>> {
    let files = fs::read_dir(LOCALES)?.map(|file| file.map(|file| file.path()));
    let mut files: Vec<PathBuf> = files.collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    let mut code = "use super::Counted;\nuse shared::accounts::Locale;\n".to_owned();
    let (mut values, mut arms) = (String::new(), String::new());
    for (place, file) in files.iter().enumerate() {
        let said = said(file).map_err(|error| format!("{}: {error}", file.display()))?;
        if place == 0 {
            declare("Words", "/// The language.\npub locale: Locale,\n", &said, &mut code)?;
        }
        let tag = file.file_stem().unwrap_or_default().to_string_lossy();
        let (variant, name) = (pascal(&tag), tag.to_uppercase().replace('-', "_"));
        let fields = fields("Words", &said)?;
        writeln!(values, "static {name}: Words = Words {{ locale: Locale::{variant}, {fields} }};")?;
        writeln!(arms, "Locale::{variant} => &{name},")?;
    }
    writeln!(code, "{values}impl Words {{\n/// What is said in a language.")?;
    writeln!(code, "pub fn of(locale: Locale) -> &'static Self {{\nmatch locale {{\n{arms}}}\n}}\n}}")?;
    Ok(code)
}

/// What the server says in a language: its own part of the file, and what the page calls states and priorities.
fn said(file: &Path) -> Result<Map<String, Value>, Box<dyn Error>> {
    let whole: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let part = |place: &str| whole.pointer(place).and_then(Value::as_object).ok_or_else(|| format!("no {place}"));
    let mut said = part("/server")?.clone();
    for name in ["status", "priority"] {
        said.insert(name.to_owned(), Value::Object(part(&format!("/common/{name}"))?.clone()));
    }
    Ok(said)
}

/// The type of a group of texts, with a field for each, and the types of the groups in it.
fn declare(name: &str, first: &str, texts: &Map<String, Value>, code: &mut String) -> Result<(), Box<dyn Error>> {
    let mut fields = first.to_owned();
    for (key, value) in texts {
        let kind = match value {
            Value::Object(group) if is_counted(group) => "Counted".to_owned(),
            Value::Object(group) => {
                let kind = format!("{name}{}", pascal(key));
                declare(&kind, "", group, code)?;
                kind
            }
            _ => "&'static str".to_owned(),
        };
        writeln!(fields, "pub {key}: {kind},")?;
    }
    writeln!(code, "pub struct {name} {{\n{fields}}}")?;
    Ok(())
}

/// The values of a group's fields.
fn fields(name: &str, texts: &Map<String, Value>) -> Result<String, Box<dyn Error>> {
    let mut code = String::new();
    for (key, value) in texts {
        match value {
            Value::String(text) => write!(code, "{key}: {text:?}, ")?,
            Value::Object(group) if is_counted(group) => {
                let form = |name: &str| group.get(name).and_then(Value::as_str);
                let (one, other) = (form("one").unwrap_or_default(), form("other").unwrap_or_default());
                let (few, many) = (form("few"), form("many"));
                write!(code, "{key}: Counted {{ one: {one:?}, few: {few:?}, many: {many:?}, other: {other:?} }}, ")?;
            }
            Value::Object(group) => {
                let kind = format!("{name}{}", pascal(key));
                let inner = fields(&kind, group)?;
                write!(code, "{key}: {kind} {{ {inner} }}, ")?;
            }
            other => return Err(format!("{key} is no text: {other}").into()),
        }
    }
    Ok(code)
}

/// Whether a group is the forms of what is said of a number.
fn is_counted(group: &Map<String, Value>) -> bool {
    group.contains_key("one") && group.contains_key("other")
}

/// `waiting_for` as `WaitingFor`.
fn pascal(key: &str) -> String {
    let words = key.split(['_', '-']).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    });
    words.collect()
}

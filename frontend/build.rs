//! Turns the files in `locales/`, one for each language, into the `i18n` module, so that a key that does not exist, or exists
//! in one language only, does not compile.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use serde_json::Value;

/// The language that the others are compared with, and that of whoever has not chosen one.
const FIRST: &str = "es";

/// What the server says is in the same files (`backend/build.rs`).
const SERVER: &str = "server";

/// The other languages: there is a file for each.
fn others() -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for file in fs::read_dir("locales")? {
        let path = file?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension().is_some_and(|ending| ending == "json") && name != FIRST {
            names.push(name.into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The forms of what is said of a number that a language may do without.
const MORE_FORMS: [&str; 2] = ["few", "many"];

/// Gives what is said of a number (`one` and `other`) the forms that its language does not have: they say what `other` says.
fn add_forms(texts: &mut Value) {
    let Value::Object(texts) = texts else { return };
    if let (true, Some(other)) = (texts.contains_key("one"), texts.get("other").cloned()) {
        for form in MORE_FORMS {
            texts.entry(form).or_insert_with(|| other.clone());
        }
    }
    texts.values_mut().for_each(add_forms);
}

/// Writes a language's texts, with all forms, to where they are read from, and gives the names of their parts.
///
/// A file for each part, although they come in one: the texts of a file stay together in the program, and with all of them in
/// one the login page would bring what is said behind it.
fn complete(language: &str, out: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let file = Path::new("locales").join(language).with_extension("json");
    let wrong = |error: &dyn Error| format!("{}: {error}", file.display());
    let text = fs::read_to_string(&file).map_err(|error| wrong(&error))?;
    let whole: BTreeMap<String, Value> = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    let to = out.join("locales").join(language);
    fs::create_dir_all(&to)?;
    let mut parts = BTreeSet::new();
    for (part, mut texts) in whole.into_iter().filter(|(part, _)| part != SERVER) {
        add_forms(&mut texts);
        fs::write(to.join(&part).with_extension("json"), texts.to_string())?;
        parts.insert(part);
    }
    Ok(parts)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // What cuts the program in pieces has to know what refers to what.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let others = others()?;
    let parts = complete(FIRST, &out)?;
    for language in &others {
        // An earlier build's file would stand in for a part that is gone.
        if complete(language, &out)? != parts {
            return Err(format!("locales/{language}.json has other parts than locales/{FIRST}.json").into());
        }
    }
    let config = Config::new(FIRST)?
        .add_locales(others)?
        .add_namespaces(parts)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let locales = parse_locales(Some(out.clone()), config)?;
    // A key that one language lacks is only a warning to the parser, which then shows the other language. Not here.
    for complaint in locales.diag.warnings().iter() {
        println!("cargo::error={complaint}");
    }
    for complaint in locales.diag.errors().iter() {
        println!("cargo::error={complaint}");
    }
    let code = gen_code(&locales, None, false, None, false)?;
    fs::write(out.join("i18n.rs"), code.to_string())?;
    Ok(())
}

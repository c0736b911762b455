//! Turns `locales/` into the `i18n` module, so that a key that does not exist, or exists in one language only, does not
//! compile.

use std::{env, error::Error, fs, path::PathBuf};

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};

/// One file for each part of the page.
const NAMESPACES: [&str; 23] = [
    "common",
    "session",
    "profile",
    "tickets",
    "people",
    "categories",
    "audit",
    "settings",
    "about",
    "mail",
    "notifications",
    "attachments",
    "conversation",
    "exports",
    "moves",
    "search",
    "live",
    "chat",
    "commands",
    "dashboard",
    "views",
    "replies",
    "start",
];

/// The language that the others are compared with, and that of whoever has not chosen one.
const FIRST: &str = "es";

/// The other languages: there is a folder for each.
fn others() -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for folder in fs::read_dir("locales")? {
        let folder = folder?;
        let name = folder.file_name().to_string_lossy().into_owned();
        if folder.file_type()?.is_dir() && name != FIRST {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // What cuts the program in pieces has to know what refers to what.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    let config = Config::new(FIRST)?
        .add_locales(others()?)?
        .add_namespaces(NAMESPACES)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let locales = parse_locales(None, config)?;
    // A key that one language lacks is only a warning to the parser, which then shows the other language. Not here.
    for complaint in locales.diag.warnings().iter() {
        println!("cargo::error={complaint}");
    }
    for complaint in locales.diag.errors().iter() {
        println!("cargo::error={complaint}");
    }
    let code = gen_code(&locales, None, false, None, false)?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("i18n.rs"), code.to_string())?;
    Ok(())
}

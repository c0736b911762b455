//! Cutting the page's program in pieces, so that the login page loads only what it shows.
//!
//! The page marks its split points with `wasm_split` (`frontend/src/desk.rs`). What Trunk has put into the staging folder
//! is the whole program; here the same program, as rustc's linker left it, is cut by `wasm_split_cli_support` before
//! `wasm-bindgen` sees it, and the pieces take the whole one's place:
//!
//! - `frontend-HASH.js` and `frontend-HASH_bg.wasm`: the program, under the names Trunk gave them;
//! - `split-HASH.js`: fetches the other pieces;
//! - `desk-HASH.wasm`, `aside-HASH.wasm`, `vortex-HASH.wasm` and, for what pieces share, `chunk-N-HASH.wasm`.
//!
//! The hash is the whole program's, so that a browser may keep every file for ever.

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use crate::{place::Place, run::run as run_program, tools::WASM};

/// The feature of the page that marks the split points.
pub const FEATURE: &str = "split";
/// What a program with split points asks the browser for, until it is cut.
const MARK: &str = "__wasm_split";
/// How the loader asks for a piece, and how it is to ask: by what counts the bytes as they come (`frontend/boot.js`).
const ASK: (&str, &str) = ("= fetch(new URL(", "= (globalThis.turnoFetch ?? fetch)(new URL(");
/// What the program's files are called before their hash.
const PROGRAM: &str = "frontend-";

/// Cuts the program in a staging folder; one that was built whole (`trunk build` by itself) stays whole.
pub fn run(place: &Place, staging: &Path) -> Result<()> {
    let whole = program(staging)?;
    let script = staging.join(format!("{whole}.js"));
    if !fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))?.contains(MARK) {
        return Ok(());
    }
    let hash = whole.strip_prefix(PROGRAM).unwrap_or_default();
    let pieces = place.own("pieces")?;
    fs::remove_dir_all(&pieces)?;
    fs::create_dir_all(&pieces)?;
    let link = format!("./split-{hash}.js");
    let main = pieces.join("main.wasm");
    let linked = place.target.join(WASM).join("page/frontend.wasm");
    let input = fs::read(&linked).with_context(|| format!("cannot read {}", linked.display()))?;
    let module = format!("./{whole}.js");
    let mut options = Options::new(&input);
    options.output_dir = &pieces;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &module;
    let cut = transform(options).map_err(|error| anyhow!("cannot cut {}: {error:#}", linked.display()))?;
    if cut.split_modules.is_empty() {
        return Err(anyhow!("the program has no split points: was it built with the feature `{FEATURE}`?"));
    }
    let mut bindgen = place.command("wasm-bindgen");
    // The pieces use what the linker exports: the memory's end, the table of functions.
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", &whole, "--out-dir"]);
    run_program(bindgen.arg(staging).arg(&main))?;

    let link_file = pieces.join(format!("split-{hash}.js"));
    let mut loader = fs::read_to_string(&link_file).with_context(|| format!("cannot read {}", link_file.display()))?;
    if !loader.contains(ASK.0) {
        return Err(anyhow!("the loader of the pieces asks for them in another way than `{}`", ASK.0));
    }
    loader = loader.replace(ASK.0, ASK.1);
    for piece in cut.split_modules {
        let name = file_name(&piece)?;
        let named = named(name, hash);
        loader = loader.replace(&format!("\"./{name}\""), &format!("\"./{named}\""));
        fs::copy(&piece, staging.join(&named))?;
        eprintln!("split: {named}");
    }
    fs::write(staging.join(format!("split-{hash}.js")), loader)?;
    Ok(())
}

/// What the program in a staging folder is called: `frontend-HASH`.
fn program(staging: &Path) -> Result<String> {
    let entries = fs::read_dir(staging).with_context(|| format!("cannot list {}", staging.display()))?;
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find_map(|name| Some(name.strip_suffix("_bg.wasm")?.to_owned()).filter(|name| name.starts_with(PROGRAM)))
        .with_context(|| format!("there is no {PROGRAM}*_bg.wasm in {}", staging.display()))
}

/// What a piece is called in the page: `split_desk.wasm` becomes `desk-HASH.wasm`.
fn named(piece: &str, hash: &str) -> String {
    let stem = piece.strip_suffix(".wasm").unwrap_or(piece);
    let stem = stem.strip_prefix("split_").unwrap_or(stem).replace('_', "-");
    format!("{stem}-{hash}.wasm")
}

fn file_name(file: &Path) -> Result<&str> {
    file.file_name().and_then(|name| name.to_str()).with_context(|| format!("{} has no name", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_carry_the_programs_hash() {
        assert_eq!(named("split_desk.wasm", "80937a97f74acd9b"), "desk-80937a97f74acd9b.wasm");
        assert_eq!(named("chunk_1.wasm", "80937a97f74acd9b"), "chunk-1-80937a97f74acd9b.wasm");
    }
}

//! `cargo xtask shrink-page`: what Trunk calls after each build. In a release build it cuts the program in pieces, joins
//! the style sheets, puts what the first picture needs into the page, runs `wasm-opt`, writes the service worker and a brotli file beside each file that compresses; in a
//! development build it does nothing.

use std::{
    env,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{inline, place::Place, run::run as run_program, shell, split, styles, tools};

/// What rustc's output uses: without these `wasm-opt` would refuse it.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];
/// What compresses.
const COMPRESSIBLE: [&str; 9] = ["wasm", "js", "mjs", "css", "html", "svg", "json", "txt", "webmanifest"];

/// Makes the page in Trunk's staging folder smaller.
pub fn run(place: &Place) -> Result<()> {
    if env::var("TRUNK_PROFILE").is_ok_and(|profile| profile != "release") {
        return Ok(());
    }
    let staging = env::var_os("TRUNK_STAGING_DIR").map_or_else(|| place.dist(), PathBuf::from);
    split::run(place, &staging)?;
    styles::join(place, &staging)?;
    inline::write(&staging)?;
    let files = files(&staging)?;
    if tools::wasm_opt(place).is_some() {
        for file in files.iter().filter(|file| extension(file) == "wasm") {
            optimise(place, file)?;
        }
    } else {
        eprintln!("wasm-opt is not on this machine: the page works, and is about 40 % larger than it could be");
    }
    shell::write(place, &staging)?;
    for file in self::files(&staging)?.iter().filter(|file| COMPRESSIBLE.contains(&extension(file))) {
        compress(file)?;
    }
    Ok(())
}

/// Runs `wasm-opt` on a file in its place.
fn optimise(place: &Place, file: &Path) -> Result<()> {
    let before = fs::metadata(file)?.len();
    let smaller = file.with_extension("smaller");
    let mut command = place.command("wasm-opt");
    // Not "-Oz": this joins functions that have one caller, and a browser compiles each by itself when it is called first. A third
    // fewer of them, and packed they are as small.
    command.arg("-O3").args(FEATURES).arg(file).arg("-o").arg(&smaller);
    run_program(&mut command)?;
    fs::rename(&smaller, file)?;
    let after = fs::metadata(file)?.len();
    eprintln!("wasm-opt: {} kB -> {} kB", before / 1000, after / 1000);
    Ok(())
}

/// Writes the brotli file of a file beside it, when it is smaller.
fn compress(file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let packed = brotli(&bytes)?;
    if packed.len() < bytes.len() {
        let mut name = file.as_os_str().to_owned();
        name.push(".br");
        File::create(&name)?.write_all(&packed)?;
    }
    Ok(())
}

/// Compresses as well as brotli can.
fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
    Ok(packed)
}

/// All files of a folder.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// What a file's name ends with.
fn extension(file: &Path) -> &str {
    file.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_gives_back_what_it_got() {
        let text = "a help desk that is one program ".repeat(100).into_bytes();
        let packed = brotli(&text).unwrap();
        assert!(packed.len() < text.len() / 10);
        let mut again = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut again).unwrap();
        assert_eq!(again, text);
    }
}

//! What Turno's page is built with, installed once to a cache that outlives the checkout.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    lint, npm,
    place::Place,
    run::{ask, run, step},
};

/// What the page compiles to.
pub const WASM: &str = "wasm32-unknown-unknown";
/// The last Trunk that builds with the toolchain we ask for.
const TRUNK_VERSION: &str = "0.21.14";
/// The package that brings `wasm-opt`. The one in distributions is often too old for what rustc writes today.
const BINARYEN: &str = "132.0.0";

/// A program that is built from crates.io.
struct Tool {
    /// The package's name.
    package: &'static str,
    /// The program of it that we run.
    program: &'static str,
    /// What its build needs said beside its version.
    options: &'static [&'static str],
    /// How far it is optimised.
    opt_level: &'static str,
}

/// It only starts others and names files: nothing of it is worth optimising. Without its features it cannot look for newer
/// versions of itself, download tools or serve over TLS, none of which is asked of it, and needs a quarter less to be built.
const TRUNK: Tool = Tool { package: "trunk", program: "trunk", options: &["--no-default-features"], opt_level: "0" };
/// Reads and writes the whole page: a little optimised, that takes seconds.
const BINDGEN: Tool = Tool { package: "wasm-bindgen-cli", program: "wasm-bindgen", options: &[], opt_level: "1" };
/// Another program of the same package.
const BINDGEN_TESTS: Tool = Tool { program: "wasm-bindgen-test-runner", ..BINDGEN };

/// Installs what the page needs and is not there.
pub fn ensure(place: &Place) -> Result<()> {
    ensure_target(place)?;
    ensure_crate(place, &TRUNK, TRUNK_VERSION)?;
    ensure_crate(place, &BINDGEN, &locked_version(place, "wasm-bindgen")?)?;
    ensure_wasm_opt(place);
    Ok(())
}

/// Installs what the page's tests need and is not there.
pub fn ensure_for_tests(place: &Place) -> Result<()> {
    ensure_target(place)?;
    ensure_crate(place, &BINDGEN_TESTS, &locked_version(place, "wasm-bindgen")?)
}

/// The standard library for WASM.
pub fn ensure_target(place: &Place) -> Result<()> {
    let installed = |sysroot: String| Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).join("lib").is_dir();
    if ask(place.command("rustc").args(["--print", "sysroot"])).is_some_and(installed) {
        return Ok(());
    }
    step(&format!("Installing Rust's {WASM} library"), || {
        run(place.command("rustup").args(["target", "add", WASM]))
            .with_context(|| format!("the page needs Rust's {WASM} library, and rustup could not install it"))
    })
}

/// A program from crates.io, in exactly this version.
fn ensure_crate(place: &Place, tool: &Tool, version: &str) -> Result<()> {
    let Tool { package, program, .. } = tool;
    let right = || {
        place.which(program).is_some_and(|file| {
            ask(Command::new(file).arg("--version")).is_some_and(|said| said.split_whitespace().any(|w| w == version))
        })
    };
    if right() {
        return Ok(());
    }
    step(&format!("Installing {package} {version} (once, into {})", place.tools.display()), || {
        fs::create_dir_all(&place.tools).with_context(|| format!("cannot make {}", place.tools.display()))?;
        if binstall(place, package, version) && right() {
            return Ok(());
        }
        eprintln!("    built from source: some minutes the first time");
        // Some releases name, in the lock file that they bring, a crate that was not to be had: then without it.
        if run(&mut install(place, tool, version, true)).is_err() {
            eprintln!("    again, without the lock file that came with it");
            run(&mut install(place, tool, version, false))?;
        }
        // What it was built from is of no more use.
        let _ = fs::remove_dir_all(place.tools.join("build"));
        if right() { Ok(()) } else { bail!("{program} {version} was installed, but is not what runs") }
    })
}

/// Takes a built program where `cargo binstall` is on the machine.
fn binstall(place: &Place, package: &str, version: &str) -> bool {
    if place.which("cargo-binstall").is_none() {
        return false;
    }
    let mut command = place.command("cargo");
    command.args(["binstall", "--no-confirm", "--root"]).arg(&place.tools).arg(format!("{package}@{version}"));
    lint::end(&mut command);
    run(&mut command).is_ok()
}

/// The command that builds a program from crates.io.
fn install(place: &Place, tool: &Tool, version: &str, locked: bool) -> Command {
    let mut command = place.command("cargo");
    command.args(["install", tool.package, "--version", version, "--force", "--root"]).arg(&place.tools);
    command.args(tool.options);
    if locked {
        command.arg("--locked");
    }
    command.env("CARGO_TARGET_DIR", place.tools.join("build")).current_dir(&place.tools);
    // What is not ours is not linted.
    lint::end(&mut command);
    // Built in a hurry: they run for seconds, and optimising them well takes minutes.
    for (key, value) in [("LTO", "off"), ("OPT_LEVEL", tool.opt_level), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")] {
        command.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
    }
    command
}

/// `wasm-opt` halves the page, and a page without it works: its absence is never a failure.
fn ensure_wasm_opt(place: &Place) {
    if wasm_opt(place).is_some() {
        return;
    }
    if place.which("node").is_none() || place.which("npm").is_none() {
        eprintln!("==> wasm-opt is not on this machine, nor node with npm to install it: the page will be larger");
        return;
    }
    let package = format!("binaryen@{BINARYEN}");
    let installed = step(&format!("Installing wasm-opt ({package}, once)"), || {
        let folder = place.tools.join("npm");
        fs::create_dir_all(&folder)?;
        run(npm::npm(place).args(["install", "--no-save", "--ignore-scripts", "--prefix"]).arg(&folder).arg(&package))
    });
    if let Err(error) = installed {
        eprintln!("==> wasm-opt could not be installed ({error:#}): the page will be larger");
    }
}

/// A `wasm-opt` that knows what rustc writes today, when there is one.
pub fn wasm_opt(place: &Place) -> Option<std::path::PathBuf> {
    let file = place.which("wasm-opt")?;
    let said = ask(place.command("wasm-opt").arg("--version"))?;
    let version: u32 = said.split_whitespace().find_map(|word| word.trim_start_matches("version_").parse().ok())?;
    (version >= 120).then_some(file)
}

/// The version of a crate in `Cargo.lock`.
fn locked_version(place: &Place, package: &str) -> Result<String> {
    let file = place.root.join("Cargo.lock");
    let lock = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    version_in(&lock, package).with_context(|| format!("{package} is not in Cargo.lock"))
}

/// The version that a lock file gives a package.
fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.9\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}

//! Clippy as the compiler of what is ours: what is tested is linted as it is compiled. `cargo clippy` beside the tests would
//! compile all of it, and what it is made of, a second time.
//!
//! Cargo calls this program in place of the compiler, and it hands on to clippy or to rustc. A library is compiled twice, for its
//! own tests and for all others: clippy reads it the first time, with the tests in it, and the second time rustc does, which
//! misses what only its tests call. So clippy's time, four fifths of what it compiles the page in, is spent once; it does not see
//! what is in a library only without its tests.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result};

use crate::place::Place;

/// Says to this program that cargo calls it as the compiler.
const SAYS_SO: &str = "TURNO_LINTS";

/// What all compilers but this one know by their names: who is called for what is ours, and what clippy makes of warnings.
const COMPILER: &str = "RUSTC_WORKSPACE_WRAPPER";
const CLIPPY_ARGS: &str = "CLIPPY_ARGS";

/// This program, for cargo to call: a copy at a place that stays, for the one that runs is built anew meanwhile.
pub fn compiler(place: &Place) -> Result<PathBuf> {
    let this = env::current_exe().context("this program does not know where it is")?;
    let folder = place.own("lint")?;
    let (fresh, kept) = (folder.join("fresh"), folder.join(format!("compiler{}", env::consts::EXE_SUFFIX)));
    fs::copy(this, &fresh).and_then(|_| fs::rename(&fresh, &kept)).context("cannot copy this program")?;
    Ok(kept)
}

/// Lets what cargo compiles for a command be linted.
pub fn begin(command: &mut Command, compiler: &Path) {
    let strictly = "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";
    command.env(COMPILER, compiler).env(SAYS_SO, "1").env(CLIPPY_ARGS, strictly);
}

/// Lets the ordinary compiler make what a command makes.
pub fn end(command: &mut Command) {
    for name in [COMPILER, SAYS_SO, CLIPPY_ARGS] {
        command.env_remove(name);
    }
}

/// What became of it, where cargo called this program as the compiler.
pub fn as_compiler() -> Option<Result<ExitCode>> {
    env::var_os(SAYS_SO)?;
    let mut said = env::args_os().skip(1);
    let rustc = said.next()?;
    Some(compile(&rustc, &said.collect::<Vec<_>>()))
}

fn compile(rustc: &OsStr, said: &[OsString]) -> Result<ExitCode> {
    let mut compiler = if is_library(said) {
        let mut plain = Command::new(rustc);
        plain.args(said).arg("-Dwarnings");
        plain
    } else {
        let mut clippy = Command::new("clippy-driver");
        clippy.arg(rustc).args(said);
        clippy
    };
    let status = compiler.status().with_context(|| format!("cannot run {}", compiler.get_program().display()))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Whether a library is compiled, for others and not for its own tests.
fn is_library(said: &[OsString]) -> bool {
    let has = |pair: [&str; 2]| said.windows(2).any(|two| two.iter().eq(pair.iter()));
    has(["--crate-type", "lib"]) && !has(["--crate-type", "bin"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_library_is_left_to_rustc_unless_its_tests_are_in_it() {
        assert!(is_library(&said("--crate-name backend src/lib.rs --crate-type lib --emit=link -C opt-level=0")));
        assert!(!is_library(&said("--crate-name backend src/lib.rs --emit=link --test")));
        assert!(!is_library(&said("--crate-name turno src/main.rs --crate-type bin")));
        // What cargo asks first of all: of which kinds there are.
        assert!(!is_library(&said("- --crate-name ___ --print=file-names --crate-type bin --crate-type lib")));
    }
}

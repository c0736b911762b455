//! The layers, from the quickest to the one that starts everything.

use std::{fmt, fs};

use anyhow::{Context, Result};

use crate::{
    npm, page,
    place::Place,
    run::ask,
    test::{
        Work,
        machine::{self, Missing},
    },
    tools,
};

/// What `--only` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Name {
    /// The code is formatted.
    Format,
    /// Clippy has nothing to say, about the server or about the page.
    Lint,
    /// The tests beside the code: shared, the server, xtask.
    Unit,
    /// The server over HTTP, on each database.
    Http,
    /// The page's own tests, as WASM.
    Page,
    /// openapi.yaml is true, and a client generated from it works.
    Contract,
    /// Journeys through the real program with a real browser, on each database.
    Browser,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "format",
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Http => "http",
            Self::Page => "page",
            Self::Contract => "contract",
            Self::Browser => "browser",
        })
    }
}

/// A layer of tests.
pub struct Layer {
    /// Its name.
    pub name: Name,
    /// What it needs and the machine has not.
    pub missing: fn(&Place) -> Vec<Missing>,
    /// Long steps that show their own progress, before the layer's line begins.
    pub prepare: Option<fn(&Place) -> Result<()>>,
    /// Runs it; tells whether it passed.
    pub run: fn(&mut Work<'_>) -> Result<bool>,
}

/// All of them, in the order they run.
pub const LAYERS: [Layer; 7] = [
    Layer { name: Name::Format, missing: machine::rustfmt, prepare: None, run: format },
    Layer { name: Name::Lint, missing: machine::clippy, prepare: Some(tools::ensure_target), run: lint },
    Layer { name: Name::Unit, missing: machine::nothing, prepare: None, run: unit },
    Layer { name: Name::Http, missing: machine::nothing, prepare: None, run: http },
    Layer {
        name: Name::Page,
        missing: machine::node_and_chromium_driven,
        prepare: Some(tools::ensure_for_tests),
        run: page,
    },
    Layer { name: Name::Contract, missing: machine::node, prepare: None, run: contract },
    Layer { name: Name::Browser, missing: machine::node_and_chromium, prepare: Some(build_page), run: browser },
];

/// The task runner, which is compiled by itself, as `cargo xtask` does: beside the server the same crates would have other
/// features, and be compiled a second time.
const TASKS: [&str; 2] = ["--package", "xtask"];

/// The page as it is released: what the browser tests look at; and one with the gallery of components, which no release has.
fn build_page(place: &Place) -> Result<()> {
    tools::ensure(place)?;
    page::ensure(place)?;
    page::ensure_gallery(place)
}

fn format(work: &mut Work<'_>) -> Result<bool> {
    work.run(work.cargo(&["fmt", "--all", "--check"]))
}

fn lint(work: &mut Work<'_>) -> Result<bool> {
    let page = ["--package", "frontend", "--target", tools::WASM];
    let mut clean = true;
    if work.ci {
        // What the next layers run is compiled and linted here at once ([`crate::lint`]).
        let compile = ["test", "--no-run", "--no-fail-fast", "--all-targets"];
        for package in [&[], &TASKS[..], &page] {
            clean &= work.run(work.cargo(&[&compile[..], package].concat()))?;
        }
        // Of a program by itself a test knows nothing: what only its tests call would not be missed. Beside a test, so that
        // what both are made of is the same.
        clean &= work.run(work.cargo(&["build", "--bin", "turno", "--test", "it"]))?;
        clean &= work.run(work.cargo(&[&["build", "--bin", "xtask"], &TASKS[..]].concat()))?;
        return Ok(clean);
    }
    let (clippy, strictly) = (["clippy", "--all-targets"], ["--", "-D", "warnings"]);
    for package in [&[], &TASKS[..], &page] {
        clean &= work.run(work.cargo(&[&clippy[..], package, &strictly].concat()))?;
    }
    Ok(clean)
}

fn unit(work: &mut Work<'_>) -> Result<bool> {
    // No `-p` for each: the same choice of packages every time means that nothing is compiled twice. The page's are run as what
    // the page is, a layer later.
    let beside = work.run(work.cargo(&["test", "--no-fail-fast", "--lib", "--bins"]))?;
    let documented = work.run(work.cargo(&["test", "--no-fail-fast", "--doc"]))?;
    let tasks = work.run(work.cargo(&[&["test", "--no-fail-fast"], &TASKS[..]].concat()))?;
    Ok(beside && documented && tasks)
}

fn http(work: &mut Work<'_>) -> Result<bool> {
    let databases = work.databases();
    let mut command = work.cargo(&["test", "--no-fail-fast", "--test", "it"]);
    command.env("TURNO_TEST_DATABASES", databases);
    // Three for each core: most of the time each of them waits for a database, or for time to pass. Not more than the
    // database servers have connections for: sixteen for each, and some beside.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    command.env("RUST_TEST_THREADS", (3 * cores).min(12).to_string());
    work.run(command)
}

fn page(work: &mut Work<'_>) -> Result<bool> {
    let mut command = work.cargo(&["test", "--no-fail-fast", "--package", "frontend", "--target", tools::WASM]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    command.env("CHROMEDRIVER", work.place.which("chromedriver").context("chromedriver is not on this machine")?);
    work.run(command)
}

/// The server in its debug build, as the HTTP tests built it, and the packages of the browser tests.
fn program_and_packages(work: &Work<'_>) -> Result<bool> {
    Ok(work.run(work.cargo(&["build", "--bin", "turno", "--test", "it"]))? && npm::ensure(work.place, work.log())?)
}

fn contract(work: &mut Work<'_>) -> Result<bool> {
    if !program_and_packages(work)? {
        return Ok(false);
    }
    let mut turno = work.place.command(&work.place.turno("debug").to_string_lossy());
    let generated = ask(turno.arg("openapi")).context("`turno openapi` failed")?;
    let written = fs::read_to_string(work.place.root.join("openapi.yaml")).unwrap_or_default();
    let fresh = generated == written;
    if !fresh {
        work.note("openapi.yaml is not what the code says; write it again with: cargo run -- openapi > openapi.yaml")?;
    }
    let mut client = work.node("node_modules/openapi-typescript/bin/cli.js");
    client.args(["../../openapi.yaml", "--output", "contract/schema.d.ts"]);
    let mut compile = work.node("node_modules/typescript/bin/tsc");
    compile.args(["--project", "tsconfig.json"]);
    let mut drive = work.node("--test");
    drive.args(["--test-reporter=tap", "build/contract/"]);
    Ok(work.run(client)? && work.run(compile)? && work.run(drive)? && fresh)
}

fn browser(work: &mut Work<'_>) -> Result<bool> {
    if !program_and_packages(work)? {
        return Ok(false);
    }
    let databases = work.databases();
    let mut command = work.node("node_modules/@playwright/test/cli.js");
    command.arg("test").args(databases.split(',').map(|name| format!("--project={name}")));
    command.arg("--project=alone");
    command.env("TURNO_TEST_DATABASES", &databases);
    command.env("TURNO_GALLERY", page::gallery(work.place)?.join("dist"));
    work.run(command)
}

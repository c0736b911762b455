//! Turno's tasks: `cargo xtask serve`, `dev`, `build`, `test`, `bench`. One module for each command; what they share is
//! in `place` (where things are), `run` (other programs), `tools` (what is installed when it is missing) and `page`.

mod bench;
mod build;
mod dev;
#[cfg(test)]
mod gallery;
mod inline;
mod lint;
mod npm;
mod page;
mod place;
mod purge;
mod run;
mod serve;
mod shell;
mod shrink;
mod split;
mod styles;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::place::Place;

/// Turno's tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

/// What to do.
#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build the page and the server, and start Turno on 127.0.0.1:8080.
    Serve(serve::Options),
    /// For daily work: the server and the page, both built again and reloaded when a file changes.
    Dev,
    /// Build the page and the release program that carries it.
    Build,
    /// Run every test, one line for each layer.
    Test(test::Options),
    /// Measure the release program on a small and a large desk, and say whether it is fast enough.
    Bench(bench::Options),
    /// Install what the page needs and build it. `test` calls this beside its first layers.
    #[command(hide = true)]
    Page,
    /// Make the built page smaller. Trunk calls this after each build.
    #[command(hide = true)]
    ShrinkPage,
}

fn main() -> ExitCode {
    if let Some(compiled) = lint::as_compiler() {
        return told(compiled);
    }
    let cli = Cli::parse();
    let outcome = Place::find().and_then(|place| match cli.task {
        Task::Serve(options) => serve::run(&place, &options).map(done),
        Task::Dev => dev::run(&place).map(done),
        Task::Build => build::run(&place).map(done),
        Task::Test(options) => test::run(place, &options),
        Task::Bench(options) => bench::run(&place, &options).map(done),
        Task::Page => tools::ensure(&place).and_then(|()| page::ensure(&place)).map(done),
        Task::ShrinkPage => shrink::run(&place).map(done),
    });
    told(outcome)
}

/// What the shell is told: the outcome's code, or that it failed, and why.
fn told(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        eprintln!("cargo xtask: {error:#}");
        ExitCode::FAILURE
    })
}

/// A task that went well.
fn done((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

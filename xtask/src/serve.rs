//! `cargo xtask serve`: from nothing to a help desk on <http://127.0.0.1:8080>.

use std::ffi::OsString;

use anyhow::Result;

use crate::{build, place::Place};

/// How to serve.
#[derive(clap::Args)]
pub struct Options {
    /// Fill an empty database with demo data and print three logins.
    #[arg(long)]
    demo: bool,
    /// Passed on to `turno serve`, as in `-- --listen 127.0.0.1:9000`.
    #[arg(last = true)]
    arguments: Vec<OsString>,
}

/// Installs, builds and starts.
pub fn run(place: &Place, options: &Options) -> Result<()> {
    build::all(place)?;
    let mut command = place.command(&place.turno("release").to_string_lossy());
    command.arg("serve");
    if options.demo {
        command.arg("--demo");
    }
    command.args(&options.arguments);
    eprintln!("==> {}", crate::run::line(&command));
    become_it(&mut command)
}

/// The server takes this process's place: signals reach it, and its exit code is ours.
#[cfg(unix)]
fn become_it(command: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;

    Err(command.exec().into())
}

/// Runs the server and waits for its end.
#[cfg(not(unix))]
fn become_it(command: &mut std::process::Command) -> Result<()> {
    crate::run::run(command)
}

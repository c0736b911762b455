//! `cargo xtask test`: every layer of tests, one line for each, and at the end what was skipped and why.

mod ahead;
mod counts;
mod layers;
pub mod machine;
mod scratch;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::Result;

use crate::{
    lint,
    place::Place,
    run::{run_logged, seconds},
    test::{
        ahead::{Ahead, needs_page},
        counts::Counts,
        layers::{LAYERS, Layer, Name},
        machine::{Database, Missing},
        scratch::Scratch,
    },
};

/// What to run.
#[derive(clap::Args)]
pub struct Options {
    /// Skip nothing: what is missing on the machine is a failure.
    #[arg(long)]
    ci: bool,
    /// Only this layer; may be given several times.
    #[arg(long, value_name = "LAYER")]
    only: Vec<Name>,
}

/// Runs the layers and says how it went.
pub fn run(mut place: Place, options: &Options) -> Result<ExitCode> {
    if options.ci {
        place.prefer_cached_target();
        // Where there is none, the layer says so, and the others still test.
        place.linting = machine::clippy(&place).is_empty().then(|| lint::compiler(&place)).transpose()?;
    }
    let start = Instant::now();
    let mut total = Counts::default();
    let mut skipped = Vec::new();
    let wanted = |layer: &&Layer| options.only.is_empty() || options.only.contains(&layer.name);
    let layers: Vec<&Layer> = LAYERS.iter().filter(wanted).collect();
    let scratch = Scratch::new(&place);
    let mut ahead = Ahead::begin(&place, &layers)?;
    for layer in layers {
        if needs_page(layer)
            && let Some(build) = ahead.take()
        {
            build.wait();
        }
        let outcome = run_layer(&place, scratch.as_ref(), options.ci, layer)?;
        total = total + outcome.counts;
        skipped.extend(outcome.skipped);
    }
    if !skipped.is_empty() {
        println!("\n{}", if options.ci { "missing:" } else { "skipped:" });
        for line in skipped {
            println!("  {line}");
        }
    }
    println!("\nin {}", seconds(start.elapsed()));
    println!("{total}");
    Ok(if total.passes(options.ci) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How a layer went.
struct Outcome {
    counts: Counts,
    skipped: Vec<String>,
}

/// Runs one layer and prints its line.
fn run_layer(place: &Place, scratch: Option<&Scratch>, ci: bool, layer: &Layer) -> Result<Outcome> {
    let missing = (layer.missing)(place);
    if !missing.is_empty() {
        return Ok(without(layer, ci, &missing));
    }
    let log = place.own("logs")?.join(format!("{}.log", layer.name));
    let _ = fs::remove_file(&log);
    let start = Instant::now();
    let mut work = Work { place, scratch, ci, log, skipped: Vec::new(), layer: layer.name };
    let prepared = layer.prepare.map_or(Ok(()), |prepare| prepare(place));
    print!("{:<9}", layer.name.to_string());
    std::io::stdout().flush()?;
    let went = prepared.and_then(|()| (layer.run)(&mut work));
    let text = fs::read_to_string(&work.log).unwrap_or_default();
    let counts = Counts::read(&text);
    // A test that skips itself is as absent as a layer that does not run.
    let ok = matches!(went, Ok(true)) && counts.passes(ci);
    let counts = counts.settle(ok);
    println!(" {}  {:>12}  {counts}", if ok { "ok    " } else { "FAILED" }, seconds(start.elapsed()));
    if !ok {
        println!("\n---- {} ----\n{text}", layer.name);
        if let Err(error) = went {
            println!("{error:#}");
        }
        println!("---- end of {} ----\n", layer.name);
    }
    Ok(Outcome { counts, skipped: work.skipped })
}

/// A layer that cannot run on this machine.
fn without(layer: &Layer, ci: bool, missing: &[Missing]) -> Outcome {
    let skipped: Vec<_> = missing.iter().map(|missing| format!("{}: {missing}", layer.name)).collect();
    println!("{:<9} {}  {:>12}", layer.name.to_string(), if ci { "FAILED" } else { "skipped" }, "");
    let counts =
        if ci { Counts { failed: 1, ..Counts::default() } } else { Counts { skipped: 1, ..Counts::default() } };
    Outcome { counts, skipped }
}

/// What a running layer has at hand.
struct Work<'a> {
    place: &'a Place,
    scratch: Option<&'a Scratch>,
    ci: bool,
    log: PathBuf,
    skipped: Vec<String>,
    layer: Name,
}

impl Work<'_> {
    /// Cargo with these arguments.
    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.place.command("cargo");
        command.args(arguments).env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never");
        command
    }

    /// Node with this script of the browser tests' packages, in their folder.
    fn node(&self, script: &str) -> Command {
        let mut command = self.place.command("node");
        command
            .arg(script)
            .current_dir(self.place.end2end())
            .env("TURNO_BIN", self.place.turno("debug"))
            .env("FORCE_COLOR", "0")
            .env_remove("NODE_OPTIONS");
        if self.ci {
            command.env("CI", "true");
        }
        command
    }

    /// Runs a command; what it prints goes to the layer's log.
    fn run(&self, mut command: Command) -> Result<bool> {
        if let Some(scratch) = self.scratch {
            scratch.set(&mut command);
        }
        run_logged(&mut command, &self.log)
    }

    /// Adds a line to the layer's log.
    fn note(&self, text: &str) -> Result<()> {
        let mut log = fs::File::options().create(true).append(true).open(&self.log)?;
        Ok(writeln!(log, "{text}")?)
    }

    /// The databases whose servers are on this machine. On CI all of them, so that a missing one fails its tests.
    fn databases(&mut self) -> String {
        let (here, missing): (Vec<_>, Vec<_>) =
            Database::ALL.into_iter().partition(|database| self.ci || database.is_here(self.place));
        let layer = self.layer;
        self.skipped.extend(missing.iter().map(|database| format!("{layer} on {}", database.missing())));
        here.iter().map(|database| database.name()).collect::<Vec<_>>().join(",")
    }

    /// The log's place, for packages that are installed before a layer runs.
    fn log(&self) -> &Path {
        &self.log
    }
}

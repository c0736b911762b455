//! The load: [oha](https://crates.io/crates/oha), installed once among the tools.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::server::Session;
use crate::{
    place::Place,
    run::{ask, run, step},
};

const OHA: &str = "1.16.0";

/// The load generator; installed when it is not there.
pub fn ensure(place: &Place) -> Result<PathBuf> {
    let found = || {
        place.which("oha").filter(|file| {
            ask(Command::new(file).arg("--version")).is_some_and(|said| said.split_whitespace().any(|word| word == OHA))
        })
    };
    if let Some(file) = found() {
        return Ok(file);
    }
    step(&format!("Installing oha {OHA} (once, into {})", place.tools.display()), || {
        fs::create_dir_all(&place.tools).with_context(|| format!("cannot make {}", place.tools.display()))?;
        let mut cargo = place.command("cargo");
        cargo.args(["install", "oha", "--locked", "--version", OHA, "--root"]);
        cargo.arg(&place.tools).env("CARGO_TARGET_DIR", place.tools.join("build")).current_dir(&place.tools);
        for (key, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")] {
            cargo.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
        }
        run(&mut cargo)?;
        let _ = fs::remove_dir_all(place.tools.join("build"));
        found().context("oha was installed, but does not run")
    })
}

/// What is asked for, again and again.
#[derive(Clone)]
pub struct Request {
    arguments: Vec<String>,
    url: String,
    compressed: bool,
}

impl Request {
    /// One address.
    pub fn get(url: &str) -> Self {
        Self { arguments: Vec::new(), url: url.to_owned(), compressed: false }
    }

    /// Addresses whose paths match an expression, drawn anew for each request. The generator takes the host as it stands.
    pub fn matching(expression: &str) -> Self {
        let mut request = Self::get(expression);
        request.arguments.push("--rand-regex-url".to_owned());
        request
    }

    /// JSON bodies, one for each line of a file, drawn anew for each request.
    pub fn post(url: &str, bodies: &Path) -> Self {
        let mut request = Self::get(url);
        let bodies = bodies.to_string_lossy();
        request.arguments.extend(["-m", "POST", "-T", "application/json", "-Z", &bodies].map(str::to_owned));
        request
    }

    /// By somebody who is logged in.
    pub fn session(mut self, session: &Session) -> Self {
        for header in [format!("Cookie: {}", session.cookie), format!("X-CSRF-Token: {}", session.csrf_token)] {
            self.arguments.extend(["-H".to_owned(), header]);
        }
        self
    }

    /// With answers compressed, as browsers ask for them.
    pub fn compressed(mut self) -> Self {
        self.compressed = true;
        self
    }
}

/// How requests are sent.
pub struct Load {
    pub program: PathBuf,
    /// For how long.
    pub time: Duration,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub requests: u64,
    pub failed: u64,
    pub per_second: f64,
    /// In milliseconds.
    pub p50: f64,
    /// In milliseconds.
    pub p99: f64,
    /// How many answers of each kind.
    pub answers: String,
}

impl Load {
    /// Sends the request over so many connections.
    pub fn run(&self, request: &Request, connections: u32) -> Result<Measured> {
        // What the first requests wake up is not measured.
        self.start(request, connections, Duration::from_millis(500))?.finish()?;
        self.start(request, connections, self.time)?.finish()
    }

    /// The same, while other things are measured.
    pub fn background(&self, request: &Request, connections: u32) -> Result<Running> {
        // As long as the warming up and the measurement that go on meanwhile.
        let running = self.start(request, connections, self.time + Duration::from_millis(1500))?;
        std::thread::sleep(Duration::from_millis(300));
        Ok(running)
    }

    fn start(&self, request: &Request, connections: u32, time: Duration) -> Result<Running> {
        let mut command = Command::new(&self.program);
        command.args(["--no-tui", "--output-format", "json", "--wait-ongoing-requests-after-deadline", "-t", "30s"]);
        command.args(["-z", &format!("{}ms", time.as_millis()), "-c", &connections.to_string()]);
        if !request.compressed {
            command.arg("--disable-compression");
        }
        command.args(&request.arguments).arg(&request.url);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        Ok(Running { child: command.spawn().context("cannot start oha")? })
    }
}

/// A load that is on its way.
pub struct Running {
    child: Child,
}

impl Running {
    /// Waits for its end.
    pub fn finish(self) -> Result<Measured> {
        let output = self.child.wait_with_output()?;
        if !output.status.success() {
            bail!("oha failed ({})", output.status);
        }
        measured(&serde_json::from_slice(&output.stdout).context("oha's output is not JSON")?)
    }
}

fn measured(said: &Value) -> Result<Measured> {
    let number = |pointer: &str| said.pointer(pointer).and_then(Value::as_f64).with_context(|| format!("no {pointer}"));
    let counts = |name: &str| -> Vec<(String, u64)> {
        let counts = said.get(name).and_then(Value::as_object).into_iter().flatten();
        counts.map(|(key, count)| (key.clone(), count.as_u64().unwrap_or(0))).collect()
    };
    let (statuses, errors) = (counts("statusCodeDistribution"), counts("errorDistribution"));
    let good = |status: &str| status.starts_with('2');
    let failed = statuses.iter().filter(|(status, _)| !good(status)).chain(&errors).map(|(_, count)| count).sum();
    let requests = statuses.iter().chain(&errors).map(|(_, count)| count).sum();
    let answers = statuses.iter().chain(&errors).map(|(kind, count)| format!("{count} × {kind}"));
    Ok(Measured {
        requests,
        failed,
        per_second: number("/summary/requestsPerSec")?,
        p50: number("/latencyPercentiles/p50")? * 1000.0,
        p99: number("/latencyPercentiles/p99")? * 1000.0,
        answers: answers.collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_oha_says_is_understood() {
        let said = serde_json::json!({
            "summary": { "requestsPerSec": 5000.5 },
            "latencyPercentiles": { "p50": 0.0015, "p99": 0.004 },
            "statusCodeDistribution": { "200": 90, "503": 8 },
            "errorDistribution": { "connection closed": 2 },
        });
        let measured = measured(&said).unwrap();
        assert_eq!((measured.requests, measured.failed), (100, 10));
        assert_eq!(measured.answers, "90 × 200, 8 × 503, 2 × connection closed");
        assert!((measured.p50 - 1.5).abs() < 1e-9);
    }
}

//! `cargo xtask dev`: the server and the page, both built again when a file changes. Trunk serves the page, reloads it
//! in the browser and passes `/api` on; the server starts again when its build succeeds. Both end together.

use std::{
    path::PathBuf,
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result, bail};

use crate::{
    page,
    place::Place,
    run::{end, run as run_program},
    tools,
};

/// Where the server listens: where `Trunk.toml` passes `/api` on to.
const SERVER: &str = "127.0.0.1:8080";
/// Where Trunk listens: the address to open, and `[serve]` in `Trunk.toml`.
const PAGE: &str = "http://127.0.0.1:8081";

/// Runs both until one of them ends or Ctrl-C.
pub fn run(place: &Place) -> Result<()> {
    tools::ensure(place)?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("cannot listen for Ctrl-C")?;

    let mut server = Server::new(place);
    server.build_and_start()?;
    let mut trunk = Running(trunk(place)?);
    println!("==> Turno for development: {PAGE} (Ctrl-C ends it)");
    while !stop.load(Ordering::Relaxed) {
        if let Some(status) = trunk.0.try_wait()? {
            bail!("trunk ended ({status})");
        }
        server.look(&stop)?;
        thread::sleep(Duration::from_millis(400));
    }
    Ok(())
}

/// Trunk, serving the page and passing the API on.
fn trunk(place: &Place) -> Result<Child> {
    let mut command = place.command("trunk");
    command
        // A folder of its own, so that a development build is never taken for the page.
        .args(["serve", "--dist"])
        .arg(place.own("page-for-development")?)
        .env_remove("NO_COLOR");
    command.spawn().context("cannot start trunk")
}

/// A process that ends when this value does.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.0);
    }
}

/// The server, and the files that it is built from.
struct Server<'a> {
    place: &'a Place,
    sources: Vec<PathBuf>,
    seen: Option<SystemTime>,
    child: Option<Running>,
}

impl<'a> Server<'a> {
    /// A server that was not built yet.
    fn new(place: &'a Place) -> Self {
        let sources = ["backend/src", "backend/Cargo.toml", "shared", "migrations", "Cargo.toml", "Cargo.lock", ".env"]
            .map(|name| place.root.join(name))
            .to_vec();
        Self { place, sources, seen: None, child: None }
    }

    /// Builds, and starts what was built in place of what runs.
    fn build_and_start(&mut self) -> Result<()> {
        self.seen = page::newest(&self.sources);
        run_program(self.place.command("cargo").args(["build", "--package", "backend", "--bin", "turno"]))?;
        self.child = None;
        let mut command = self.place.command(&self.place.turno("debug").to_string_lossy());
        command
            .args(["serve", "--listen", SERVER])
            // The page comes from Trunk: what the browser names as its origin is Trunk's address.
            .env("PUBLIC_URL", PAGE);
        self.child = Some(Running(command.spawn().context("cannot start the server")?));
        Ok(())
    }

    /// Builds again when a file changed; says when the server ended by itself.
    fn look(&mut self, stop: &AtomicBool) -> Result<()> {
        if page::newest(&self.sources) > self.seen {
            if let Err(error) = self.build_and_start() {
                eprintln!("==> {error:#}: the server goes on as it was until the next change");
            }
            return Ok(());
        }
        let ended = match &mut self.child {
            Some(Running(child)) => child.try_wait()?,
            None => None,
        };
        match ended {
            Some(status) if !stop.load(Ordering::Relaxed) => {
                self.child = None;
                if status.code() == Some(0) {
                    stop.store(true, Ordering::Relaxed);
                } else {
                    eprintln!("==> the server ended ({status}): it starts again at the next change");
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use toml::{Table, Value};

    use super::*;

    fn read(name: &str) -> String {
        fs::read_to_string(Place::find().unwrap().root.join(name)).unwrap()
    }

    fn trunk_settings() -> Table {
        read("Trunk.toml").parse().unwrap()
    }

    #[test]
    fn trunk_listens_at_the_address_to_open() {
        let settings = trunk_settings();
        let serve = &settings["serve"];
        let (address, port) = (serve["address"].as_str().unwrap(), serve["port"].as_integer().unwrap());
        assert_eq!(format!("http://{address}:{port}"), PAGE);
    }

    #[test]
    fn trunk_passes_the_api_and_the_live_stream_on_to_the_server() {
        let contract = read("openapi.yaml");
        let path = |line: &str| line.strip_prefix("  /")?.strip_suffix(':').map(|path| format!("/{path}"));
        let paths: Vec<String> = contract.lines().filter_map(path).collect();
        assert!(paths.len() > 50 && paths.iter().all(|path| path.starts_with("/api/")), "{paths:?}");
        let (before, _) = contract.split_once("operationId: open_socket").unwrap();
        let socket = before.lines().rev().find_map(path).unwrap();

        let settings = trunk_settings();
        let passed = settings["proxy"].as_array().unwrap().iter().map(|proxy| {
            let is_socket = proxy.get("ws").and_then(Value::as_bool).unwrap_or_default();
            (proxy["backend"].as_str().unwrap().to_owned(), is_socket)
        });
        let expected = [(format!("http://{SERVER}/api"), false), (format!("ws://{SERVER}{socket}"), true)];
        assert_eq!(passed.collect::<Vec<_>>(), expected);
    }
}

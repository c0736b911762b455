//! What this machine has, and the command that would let a skipped test run.

use std::{fmt, fs, path::Path};

use crate::{place::Place, run::ask};

/// Something that a layer needs and that is not here.
#[derive(Debug)]
pub struct Missing {
    what: &'static str,
    command: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not on this machine; install it with: {}", self.what, self.command)
    }
}

/// The databases that Turno runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Embedded: always here.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
}

impl Database {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    /// How the tests name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// Whether its server's program is here.
    pub fn is_here(self, place: &Place) -> bool {
        match self {
            Self::Sqlite => true,
            Self::Postgres => place.which("initdb").is_some() || debian_has_initdb(Path::new("/usr/lib/postgresql")),
            Self::Mysql => place.which("mariadbd").is_some() || place.which("mysqld").is_some(),
        }
    }

    /// What to say when it is not.
    pub fn missing(self) -> Missing {
        match self {
            Self::Sqlite => Missing { what: "SQLite", command: "nothing: it is embedded" },
            Self::Postgres => Missing { what: "PostgreSQL's server", command: "apt-get install postgresql" },
            Self::Mysql => Missing { what: "MariaDB's server", command: "apt-get install mariadb-server" },
        }
    }
}

/// Debian keeps PostgreSQL's programs off the PATH, in a folder for each version.
fn debian_has_initdb(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut versions| {
        versions.any(|version| version.is_ok_and(|version| version.path().join("bin/initdb").is_file()))
    })
}

/// For layers that need nothing but cargo.
pub fn nothing(_: &Place) -> Vec<Missing> {
    Vec::new()
}

/// rustfmt, for the form of the code.
pub fn rustfmt(place: &Place) -> Vec<Missing> {
    component(place, "fmt", Missing { what: "rustfmt", command: "rustup component add rustfmt" })
}

/// Clippy.
pub fn clippy(place: &Place) -> Vec<Missing> {
    component(place, "clippy", Missing { what: "clippy", command: "rustup component add clippy" })
}

/// A part of the toolchain that cargo runs under this name. rustup's minimal profile leaves it out, but puts a program of that
/// name on the PATH all the same, so it has to answer.
fn component(place: &Place, name: &str, missing: Missing) -> Vec<Missing> {
    let answers = ask(place.command("cargo").args([name, "--version"])).is_some();
    if answers { Vec::new() } else { vec![missing] }
}

/// Node, and Chromium with its driver, for the page's own tests.
pub fn node_and_chromium_driven(place: &Place) -> Vec<Missing> {
    let mut missing = node_and_chromium(place);
    if place.which("chromedriver").is_none() {
        missing.push(Missing { what: "chromedriver", command: "apt-get install chromium-driver" });
    }
    missing
}

/// Node, for the generated client and whatever needs no browser.
pub fn node(place: &Place) -> Vec<Missing> {
    let version = ask(place.command("node").arg("--version"));
    let major = version.and_then(|text| text.trim().trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    if major.is_some_and(|major| major >= 20) && place.which("npm").is_some() {
        Vec::new()
    } else {
        vec![Missing { what: "Node.js 20 or newer with npm", command: "apt-get install nodejs npm" }]
    }
}

/// Node and Chromium, for the journeys.
pub fn node_and_chromium(place: &Place) -> Vec<Missing> {
    let mut missing = node(place);
    missing.extend(chromium(place));
    missing
}

/// Chromium.
fn chromium(place: &Place) -> Vec<Missing> {
    if place.which("chromium").is_some() {
        Vec::new()
    } else {
        vec![Missing { what: "Chromium", command: "apt-get install chromium" }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_toolchain_that_is_not_there_is_named_with_the_command_that_brings_it() {
        let place = Place::find().unwrap();
        let missing = Missing { what: "nothing", command: "rustup component add nothing" };
        let said: Vec<String> = component(&place, "no-such-part", missing).iter().map(ToString::to_string).collect();
        assert_eq!(said, ["nothing is not on this machine; install it with: rustup component add nothing"]);
    }

    /// rustup puts a program for each part on the PATH, which fails where the part was not installed.
    #[cfg(unix)]
    #[test]
    fn a_part_of_the_toolchain_is_there_when_it_answers() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = std::env::temp_dir().join(format!("turno-parts-{}", std::process::id()));
        let place = Place { tools: folder.clone(), ..Place::find().unwrap() };
        fs::create_dir_all(place.tools_bin()).unwrap();
        for (name, script) in [("there", "#!/bin/sh\necho 1.0\n"), ("proxy", "#!/bin/sh\nexit 1\n")] {
            let program = place.tools_bin().join(format!("cargo-turno-{name}"));
            fs::write(&program, script).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let is_there = |name| {
            let missing = Missing { what: "a part", command: "rustup component add part" };
            component(&place, name, missing).is_empty()
        };
        assert!(is_there("turno-there"));
        assert!(!is_there("turno-proxy"));
        fs::remove_dir_all(folder).unwrap();
    }
}

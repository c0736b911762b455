//! npm's part: the packages of the browser tests, installed when their lock file changed.

use std::{fs, process::Command};

use anyhow::Result;

use crate::{place::Place, run::run_logged};

/// npm, quiet about everything but what it is asked.
pub fn npm(place: &Place) -> Command {
    let mut command = place.command("npm");
    command
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .env("npm_config_audit", "false")
        .env("npm_config_fund", "false")
        .env("npm_config_update_notifier", "false");
    command
}

/// Installs the packages of `frontend/end2end` unless those of its lock file are there; tells whether it went well.
pub fn ensure(place: &Place, log: &std::path::Path) -> Result<bool> {
    let folder = place.end2end();
    let lock = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.turno-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(true);
    }
    if !run_logged(npm(place).arg("ci").current_dir(&folder), log)? {
        return Ok(false);
    }
    fs::write(&stamp, &lock)?;
    Ok(true)
}

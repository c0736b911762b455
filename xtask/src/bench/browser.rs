//! How quick the page feels, and what it weighs: the journeys that measure it (`frontend/end2end/journeys/{budget,speed}.spec.ts`),
//! with the release program and nothing beside them. `cargo xtask test` runs them too, and judges what they count, not what they
//! time.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::report::Report;
use crate::{
    npm,
    place::Place,
    run::{run, step},
    test::machine,
};

/// What is measured of the page, as long as nothing is.
pub const PAGE: &str = "the page in a browser";

/// Goes through them and takes over what they wrote. Without a browser the times are missed.
pub fn measure(place: &Place, report: &mut Report) -> Result<()> {
    if let Some(missing) = machine::node_and_chromium(place).first() {
        report.note(&format!("The page was not measured: {missing}"));
        return Ok(());
    }
    let own = place.own("bench")?;
    let file = own.join("page.jsonl");
    fs::write(&file, "").with_context(|| format!("cannot write {}", file.display()))?;
    let went = step("Going through the page in a browser", || {
        let log = own.join("npm.log");
        if !npm::ensure(place, &log)? {
            bail!("the browser tests' packages could not be installed: {}", log.display());
        }
        let mut journeys = place.command("node");
        journeys
            .args(["node_modules/@playwright/test/cli.js", "test", "--project=alone", "--no-deps"])
            .current_dir(place.end2end())
            .env("TURNO_BIN", place.turno("release"))
            .env("TURNO_TEST_DATABASES", "sqlite")
            .env("TURNO_MEASURED", &file)
            .env("FORCE_COLOR", "0")
            .env_remove("NODE_OPTIONS");
        run(&mut journeys)
    });
    // What was measured before is not lost with it.
    if let Err(error) = went {
        report.note(&format!("Not all of the page was measured: {error:#}"));
    }
    let written = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    for line in written.lines() {
        let measured: Value = serde_json::from_str(line).with_context(|| format!("{line} is no JSON"))?;
        let number =
            |key: &str| measured.get(key).and_then(Value::as_f64).with_context(|| format!("{line} has no {key}"));
        let word =
            |key: &str| measured.get(key).and_then(Value::as_str).with_context(|| format!("{line} has no {key}"));
        report.page(&format!("{}, {}", word("name")?, word("unit")?), number("value")?, number("at_most")?);
    }
    Ok(())
}

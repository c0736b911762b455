//! What a browser loads to show the login page.

use std::fs;

use anyhow::Result;

use super::report::Report;
use crate::place::Place;

/// Adds up the page's files as they are sent: with brotli. The first file names the others.
pub fn weigh(place: &Place, report: &mut Report) -> Result<()> {
    let Ok(index) = fs::read_to_string(place.dist().join("index.html")) else {
        report.note("The page is not built (cargo xtask build), so it was not weighed.");
        return Ok(());
    };
    let mut bytes = 0;
    for entry in fs::read_dir(place.dist())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_loaded = name == "index.html.br" || name.strip_suffix(".br").is_some_and(|file| index.contains(file));
        if is_loaded {
            bytes += entry.metadata()?.len();
        }
    }
    if bytes == 0 {
        report.note("The page was built for development, without compressed files, so it was not weighed.");
        return Ok(());
    }
    report.number("login page with brotli", f64::from(u32::try_from(bytes)?) / 1000.0, "kB");
    Ok(())
}

//! `cargo xtask build`: the page, and the release program that carries it.

use anyhow::Result;

use crate::{page, place::Place, run::step, tools};

/// Builds both and says where they are.
pub fn run(place: &Place) -> Result<()> {
    all(place)?;
    println!("page:    {}", place.dist().display());
    println!("program: {}", place.turno("release").display());
    Ok(())
}

/// The page first: the program carries it.
pub fn all(place: &Place) -> Result<()> {
    tools::ensure(place)?;
    page::ensure(place)?;
    step("Building the server (release)", || {
        cargo(place, &["build", "--release", "--package", "backend", "--bin", "turno"])
    })
}

/// Runs cargo in the checkout.
fn cargo(place: &Place, arguments: &[&str]) -> Result<()> {
    crate::run::run(place.command("cargo").args(arguments))
}

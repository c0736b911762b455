//! What the program logs, to stderr: what `RUST_LOG` says.

use std::{
    env::{self, VarError},
    io::IsTerminal as _,
};

use tracing_subscriber::EnvFilter;

use crate::config::set;

/// What is logged when it says nothing.
///
/// actix's dispatcher writes an error for each connection that sends something other than a request, or a head that is too
/// large, so that anybody could fill the log. Of what else it says, files that break off on their way out are told where
/// they are read.
const UNLESS_TOLD: &str = "warn,backend=info,actix_http::h1::dispatcher=off";

/// Begins to log. Fails, with a line for a person, when what is to be logged is not understood: whoever looks for something
/// in the log should know that it cannot be there.
pub fn begin() -> Result<(), String> {
    let filter = match env::var("RUST_LOG") {
        Ok(text) => understand(&text)?,
        Err(VarError::NotPresent) => understand(UNLESS_TOLD)?,
        Err(VarError::NotUnicode(_)) => return Err("RUST_LOG: is not text".to_owned()),
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    Ok(())
}

fn understand(text: &str) -> Result<EnvFilter, String> {
    // With a space before it, half of a module's name would be taken for the whole.
    let parts: Vec<&str> = set(text).unwrap_or(UNLESS_TOLD).split(',').map(str::trim).collect();
    EnvFilter::builder().parse(parts.join(",")).map_err(|error| format!("RUST_LOG: `{text}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_the_default_and_spaces_mean_nothing() {
        let understood = |text| understand(text).unwrap().to_string();
        for text in ["", "  "] {
            assert_eq!(understood(text), understood(UNLESS_TOLD));
        }
        assert_eq!(understood(" warn , backend=debug "), understood("warn,backend=debug"));
        assert_ne!(understood("warn"), understood(UNLESS_TOLD));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for text in ["backend=loud", "warn,[", "warn,backend=info=debug"] {
            let error = understand(text).unwrap_err();
            assert!(error.starts_with("RUST_LOG: ") && error.contains(text), "{error}");
        }
    }
}

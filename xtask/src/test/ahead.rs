//! The released page takes minutes of one core, and is looked at last: it is built while the first layers compile and test.

use std::{
    env, fs,
    process::{Child, Command, Stdio},
};

use anyhow::Result;

use crate::{
    place::Place,
    run::end,
    test::layers::{Layer, Name},
    tools,
};

/// A build of the page that goes on beside the layers. Whoever drops it ends it.
pub struct Ahead {
    build: Child,
}

impl Ahead {
    /// Begins the build where the page will be looked at, after other layers. `None` where it would gain nothing.
    pub fn begin(place: &Place, layers: &[&Layer]) -> Result<Option<Self>> {
        let gains = layers.first().is_some_and(|first| !needs_page(first))
            && layers.iter().any(|layer| layer.name == Name::Browser && (layer.missing)(place).is_empty());
        if !gains {
            return Ok(None);
        }
        // Once, before both: rustup does not install for two at a time.
        tools::ensure_target(place)?;
        let log = fs::File::create(place.own("logs")?.join("ahead.log"))?;
        let build = Command::new(env::current_exe()?)
            .arg("page")
            .env("CARGO_MANIFEST_DIR", place.root.join("xtask"))
            .env("CARGO_TARGET_DIR", &place.target)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        Ok(Some(Self { build }))
    }

    /// Waits until it is done. Whether it went well is told by the layer that finds the page there, or builds it and shows why
    /// it can't.
    pub fn wait(mut self) {
        let _ = self.build.wait();
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        if matches!(self.build.try_wait(), Ok(None)) {
            end(&mut self.build);
        }
    }
}

/// Whether a layer uses the tools or the page that are made here. Over HTTP the server is asked for the page as well: there may be
/// none, but none may come while it runs, for a program that began without one says so to its end.
pub fn needs_page(layer: &Layer) -> bool {
    matches!(layer.name, Name::Http | Name::Page | Name::Browser)
}

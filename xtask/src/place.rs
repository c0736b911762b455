//! Where things are: the checkout, the folder that cargo builds in, the tools.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::lint;

/// The folders that the tasks work with.
#[derive(Debug, Clone)]
pub struct Place {
    /// The checkout.
    pub root: PathBuf,
    /// Where cargo builds.
    pub target: PathBuf,
    /// Where tools are installed; it outlives the checkout.
    pub tools: PathBuf,
    /// What compiles what is ours where that is linted as it is compiled ([`lint`]).
    pub linting: Option<PathBuf>,
}

impl Place {
    /// Reads the folders from the environment.
    pub fn find() -> Result<Self> {
        // At run time first: two checkouts that build in one folder also share the program.
        let root = folder_from("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")))
            .parent()
            .context("xtask is not inside a checkout")?
            .to_path_buf();
        let target = match folder_from("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        let tools = folder_from("TURNO_TOOLS_DIR")
            .or_else(|| cache().map(|cache| cache.join("tools")))
            .unwrap_or_else(|| target.join("tools"));
        Ok(Self { root: root.clone(), target, tools: root.join(tools), linting: None })
    }

    /// Builds in a cache that outlives the checkout when nothing else was asked for and one can be written.
    pub fn prefer_cached_target(&mut self) {
        if folder_from("CARGO_TARGET_DIR").is_none()
            && let Some(target) = cache().map(|cache| cache.join("target"))
            && fs::create_dir_all(&target).is_ok()
        {
            self.target = target;
        }
    }

    /// The programs among the tools.
    pub fn tools_bin(&self) -> PathBuf {
        self.tools.join("bin")
    }

    /// The programs that npm put among the tools.
    pub fn npm_bin(&self) -> PathBuf {
        self.tools.join("npm/node_modules/.bin")
    }

    /// The page as it was built.
    pub fn dist(&self) -> PathBuf {
        self.root.join("frontend/dist")
    }

    /// The browser tests.
    pub fn end2end(&self) -> PathBuf {
        self.root.join("frontend/end2end")
    }

    /// A folder of our own in the target folder.
    pub fn own(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join("xtask").join(name);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// The server, built in this profile.
    pub fn turno(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join(format!("turno{}", env::consts::EXE_SUFFIX))
    }

    /// A command that runs in the checkout, finds the tools first and builds where the other tasks build.
    pub fn command(&self, program: &str) -> Command {
        let found = self.which(program);
        let mut command = Command::new(found.as_deref().unwrap_or(Path::new(program)));
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        let mut folders = vec![self.tools_bin(), self.npm_bin()];
        if let Some(path) = env::var_os("PATH") {
            folders.extend(env::split_paths(&path));
        }
        if let Ok(path) = env::join_paths(folders) {
            command.env("PATH", path);
        }
        if let Some(compiler) = &self.linting {
            lint::begin(&mut command, compiler);
        }
        // Set by the cargo that runs this task: it would make every crate that reads it build again.
        for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
            command.env_remove(name);
        }
        command
    }

    /// Where a program is: among the tools, or on the PATH.
    pub fn which(&self, program: &str) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        [self.tools_bin(), self.npm_bin()]
            .into_iter()
            .chain(env::split_paths(&path))
            // Debian keeps servers where only root's PATH looks.
            .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
            .map(|folder| folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
            .find(|file| file.is_file())
    }
}

/// A folder named by the environment.
fn folder_from(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The person's cache, where there is one.
fn cache() -> Option<PathBuf> {
    folder_from("XDG_CACHE_HOME")
        .or_else(|| folder_from("HOME").map(|home| home.join(".cache")))
        .map(|c| c.join("turno"))
}

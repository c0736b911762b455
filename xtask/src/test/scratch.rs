//! Where the tests put their databases: in memory, where the system has room for it. On a disk a test waits for that most of
//! its time: MariaDB makes the tables of a desk in 0.3 s in memory and in 2 to 9 s on a busy disk (measured).

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Command},
};

use crate::{place::Place, run::ask};

/// A file system in memory, on Linux.
const MEMORY: &str = "/dev/shm";
/// What the tests use at most is a fifth of this. In bytes.
const ROOM: u64 = 10 * 1024 * 1024 * 1024;
/// What the folder's name begins with; the number of the process follows.
const NAME: &str = "turno-test-";

/// A folder for this run, gone with it.
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// Makes it. `None` where there is too little room in memory: then the tests use the system's temporary folder.
    pub fn new(place: &Place) -> Option<Self> {
        let room = ask(place.command("df").args(["--output=avail", "--block-size=1", MEMORY]))?;
        let room: u64 = room.lines().last()?.trim().parse().ok()?;
        if room < ROOM {
            return None;
        }
        remove_left_behind(Path::new(MEMORY));
        let folder = Path::new(MEMORY).join(format!("{NAME}{}", process::id()));
        fs::create_dir(&folder).ok()?;
        let scratch = Self { folder };
        scratch.runs().then_some(scratch)
    }

    /// Whether what is written there may be run: some systems forbid it, and the tests of examples in the documentation are.
    fn runs(&self) -> bool {
        let program = self.folder.join("runs");
        let copied = fs::copy("/bin/true", &program).is_ok();
        let runs = copied && Command::new(&program).status().is_ok_and(|status| status.success());
        let _ = fs::remove_file(&program);
        runs
    }

    /// Lets a command and what it starts make their temporary files there.
    pub fn set(&self, command: &mut Command) {
        command.env("TMPDIR", &self.folder);
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes the folders of runs that were broken off.
fn remove_left_behind(memory: &Path) {
    for entry in fs::read_dir(memory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(NAME)?.parse::<u32>().ok());
        if process.is_some_and(|process| !Path::new("/proc").join(process.to_string()).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_run_that_is_over_left_is_removed() {
        let memory = std::env::temp_dir().join(format!("turno-scratch-{}", process::id()));
        // No process has this number: it is more than Linux gives.
        let over = memory.join(format!("{NAME}4294967294"));
        let (ours, another) = (memory.join(format!("{NAME}{}", process::id())), memory.join("another-4294967294"));
        for folder in [&over, &ours, &another] {
            fs::create_dir_all(folder).unwrap();
        }
        remove_left_behind(&memory);
        assert_eq!([&over, &ours, &another].map(|folder| folder.exists()), [false, true, true]);
        fs::remove_dir_all(&memory).unwrap();
    }
}

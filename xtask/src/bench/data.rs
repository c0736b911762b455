//! The desks that are measured: kept until the schema or the demo data changes. One is made anew each time, since how long
//! that takes is measured too.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash as _, Hasher as _},
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{place::Place, run::step};

/// The administrator that is added for measuring.
pub const ADMIN: &str = "bench-admin";
/// The password of those who measure. The desks hold nothing but demo data.
pub const PASSWORD: &str = "Cronometro-47-sin-pausa";

/// A desk in a folder.
pub struct Data {
    pub folder: PathBuf,
    pub tickets: u64,
    /// A technician's user name.
    pub technician: String,
}

/// What the time is called that the demo data of so many tickets take in a new database.
pub fn demo_of(tickets: u64) -> String {
    format!("demo of {tickets} tickets in a new database")
}

/// The desk of so many tickets, made if it is not there.
pub fn ensure(place: &Place, tickets: u64) -> Result<Data> {
    let folder = folder(place, tickets)?;
    if !folder.join("technician").is_file() {
        make(place, &folder, tickets)?;
    }
    read(folder, tickets)
}

/// The desk of so many tickets, made anew; and how long its demo data took.
pub fn anew(place: &Place, tickets: u64) -> Result<(Data, Duration)> {
    let folder = folder(place, tickets)?;
    let took = make(place, &folder, tickets)?;
    Ok((read(folder, tickets)?, took))
}

/// Where a desk is, or will be.
fn folder(place: &Place, tickets: u64) -> Result<PathBuf> {
    let all = place.tools.parent().unwrap_or(&place.target).join("bench");
    let key = key(place)?;
    forget_others(&all, &key);
    Ok(all.join(format!("{key}-{tickets}")))
}

fn read(folder: PathBuf, tickets: u64) -> Result<Data> {
    let technician = fs::read_to_string(folder.join("technician"))?;
    Ok(Data { folder, tickets, technician })
}

impl Data {
    /// The same desk in another folder, to be changed there.
    pub fn copy(&self, folder: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
        Ok(Self { folder: folder.to_path_buf(), tickets: self.tickets, technician: self.technician.clone() })
    }
}

/// What the desks are made of: the schema and what fills it.
fn key(place: &Place) -> Result<String> {
    let mut files = Vec::new();
    for folder in ["migrations/sqlite", "backend/src/demo"] {
        collect(&place.root.join(folder), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// Removes desks made of something else: a large one takes gigabytes.
fn forget_others(all: &Path, key: &str) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(key) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Makes a desk; tells how long its demo data took, with the database that they are put into.
fn make(place: &Place, folder: &Path, tickets: u64) -> Result<Duration> {
    step(&format!("Making a desk of {tickets} tickets in {}", folder.display()), || {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let began = Instant::now();
        turno(place, folder, &["demo", "--tickets", &tickets.to_string(), "--seed", "1"], "")?;
        let took = began.elapsed();
        add_admin(place, folder, ADMIN)?;
        let people = turno(place, folder, &["user", "list"], "")?;
        let technician = first_technician(&people).context("the demo desk has no technician")?;
        turno(place, folder, &["user", "reset-password", technician], PASSWORD)?;
        // Written last: a desk without it was not finished.
        fs::write(folder.join("technician"), technician)?;
        Ok(took)
    })
}

/// Adds an administrator who measures.
pub fn add_admin(place: &Place, folder: &Path, username: &str) -> Result<()> {
    let email = format!("{username}@turno.example");
    let admin = ["--username", username, "--name", "Banco de pruebas", "--email", &email, "--role", "admin"];
    turno(place, folder, &[&["user", "create"], &admin[..], &["--password-stdin"]].concat(), PASSWORD).map(drop)
}

/// The user name of the technician with the smallest number, from lines of number, role, user name, name.
fn first_technician(people: &str) -> Option<&str> {
    let technicians = people.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (number, role, username) = (words.next()?.parse::<u64>().ok()?, words.next()?, words.next()?);
        (role == "technician").then_some((number, username))
    });
    technicians.min().map(|(_, username)| username)
}

fn turno(place: &Place, folder: &Path, arguments: &[&str], input: &str) -> Result<String> {
    let mut command = super::turno(place);
    command.args(arguments).arg("--data-dir").arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start turno")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("turno {} failed ({})", arguments.first().copied().unwrap_or_default(), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_technician_is_the_one_with_the_smallest_number() {
        let people = "    14  user        ana.sanz  Ana Sanz  <a@x>\n     4  technician  leo.gil  Leo  <l@x>\n     3  technician  eva.ruiz  Eva  <e@x>\n";
        assert_eq!(first_technician(people), Some("eva.ruiz"));
    }
}

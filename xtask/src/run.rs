//! Running other programs: a line for each step, its time, and an error that names what failed.

use std::{
    fs::File,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// Says what is being done, does it, and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("==> {what}");
    let start = Instant::now();
    let outcome = work()?;
    eprintln!("    {what}: {}", seconds(start.elapsed()));
    Ok(outcome)
}

/// Runs a program and lets its output through.
pub fn run(command: &mut Command) -> Result<()> {
    let name = name(command);
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// Runs a program and gives what it printed on its standard output; `None` when it cannot run or fails.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()
}

/// Runs a program with all that it prints going to a file; tells whether it succeeded.
pub fn run_logged(command: &mut Command, log: &Path) -> Result<bool> {
    use std::io::Write as _;

    let name = name(command);
    let mut out = File::options()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write {}", log.display()))?;
    writeln!(out, "$ {}", line(command))?;
    let err = out.try_clone()?;
    let status = command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .status()
        .with_context(|| format!("cannot start {name}"))?;
    Ok(status.success())
}

/// Asks a process to end as Ctrl-C does, and makes it end when it does not.
pub fn end(child: &mut Child) {
    if cfg!(unix) {
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        if asked.is_ok_and(|status| status.success()) {
            let deadline = Instant::now() + Duration::from_secs(10);
            while Instant::now() < deadline {
                if !matches!(child.try_wait(), Ok(None)) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A time as a person reads it.
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole >= 60 { format!("{} min {:02} s", whole / 60, whole % 60) } else { format!("{:.1} s", time.as_secs_f64()) }
}

/// A command as a person would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The name of a command's program.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(seconds(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn a_failure_names_the_program() {
        let error = run(&mut Command::new("/no/such/program")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start program");
    }

    #[test]
    fn output_goes_to_the_log() {
        let log = std::env::temp_dir().join(format!("turno-xtask-{}.log", std::process::id()));
        let ok = run_logged(Command::new("rustc").arg("--version"), &log).unwrap();
        let text = std::fs::read_to_string(&log).unwrap();
        std::fs::remove_file(&log).unwrap();
        assert!(ok);
        assert!(text.starts_with("$ rustc --version\nrustc 1."), "{text}");
    }
}

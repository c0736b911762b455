//! What the system lets the program have.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::cli::{Serving, folder};

/// Many systems begin with few open files and allow more to whoever asks.
#[test]
fn it_opens_as_many_files_as_the_system_allows() {
    let folder = folder();
    let mut command = Command::new("sh");
    let script = "ulimit -Sn 100; exec \"$0\" serve --listen 127.0.0.1:0";
    command.args(["-c", script, env!("CARGO_BIN_EXE_turno")]);
    let serving = Serving::start(command.current_dir(folder.path()).env_clear().stdin(Stdio::null()));
    let limits = fs::read_to_string(format!("/proc/{}/limits", serving.child.id())).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let [soft, hard] = [3, 4].map(|column| files.split_whitespace().nth(column).unwrap());
    assert_eq!(soft, hard, "{files}");
    assert_ne!(soft, "100");
}

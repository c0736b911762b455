//! Private database servers: in a temporary folder, on a socket of their own, gone when this process ends.

use std::{
    env, fs,
    io::Write,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use diesel_async::{AsyncConnection, AsyncMysqlConnection, AsyncPgConnection};
use rustix::process::{Pid, Signal, kill_process};

use super::Kind;

/// Runs a server and ends it, and removes its folder, as soon as nobody holds the other end of its standard input: also
/// when the tests were killed, and when it is frozen. The word `keep` ends the server and leaves the folder.
const WATCHER: &str = r#"
folder=$1; signal=$2; shift 2
"$@" >>"$folder/log" 2>&1 </dev/null &
server=$!
order=
read -r order
kill -"$signal" "$server"
kill -CONT "$server"
wait "$server"
[ "$order" = keep ] || rm -rf "$folder"
"#;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server of PostgreSQL, MariaDB or MySQL.
pub struct Server {
    kind: Kind,
    folder: PathBuf,
    watcher: Option<Child>,
}

impl Server {
    /// A new server on an empty data folder; it answers when this returns.
    pub fn start(kind: Kind) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("turno-it-").tempdir().map_err(|e| e.to_string())?.keep();
        let mut server = Self { kind, folder, watcher: None };
        server.make_data()?;
        server.start_again()?;
        Ok(server)
    }

    /// Where a database of this server is.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.to_string_lossy().replace('/', "%2F");
        match self.kind {
            Kind::Sqlite => unreachable!("SQLite has no server"),
            Kind::Postgres => format!("postgres://postgres@{folder}/{database}"),
            Kind::Mysql => format!("mysql://root@localhost/{database}?socket={folder}%2Fs"),
        }
    }

    /// Breaks the server off, as when its machine loses power; what it has acknowledged stays on its disk.
    pub fn stop(&mut self) {
        if let Some(mut watcher) = self.watcher.take() {
            watcher.stdin.take().unwrap().write_all(b"keep\n").unwrap();
            watcher.wait().unwrap();
        }
    }

    /// Starts it on the data it had.
    pub fn start_again(&mut self) -> Result<(), String> {
        let (signal, program) = match self.kind {
            Kind::Sqlite => unreachable!("SQLite has no server"),
            Kind::Postgres => ("QUIT", self.postgres()?),
            Kind::Mysql => ("KILL", self.mysql()?),
        };
        let watcher = Command::new("sh")
            .args(["-c", WATCHER, "watcher"])
            .arg(&self.folder)
            .arg(signal)
            .args(&program)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // So that Ctrl-C reaches the tests and not the watcher, which then cleans up.
            .process_group(0)
            .spawn()
            .map_err(|error| error.to_string())?;
        self.watcher = Some(watcher);
        self.wait_until_it_answers()
    }

    /// Stops the server in the middle of whatever it does, until what this answers with is dropped: its connections stay, its
    /// system takes new ones, and nobody answers.
    pub fn freeze(&self) -> Frozen {
        let file = self.folder.join(if self.kind == Kind::Postgres { "data/postmaster.pid" } else { "pid" });
        let first = fs::read_to_string(file).unwrap().lines().next().unwrap().trim().parse().unwrap();
        let mut frozen = Frozen { processes: vec![Pid::from_raw(first).unwrap()] };
        frozen.tell(Signal::STOP);
        // PostgreSQL has one for each connection; stopped, it makes no more.
        frozen.processes.extend(children(first));
        frozen.tell(Signal::STOP);
        frozen
    }

    fn make_data(&self) -> Result<(), String> {
        let data = self.folder.join("data");
        let mut command = match self.kind {
            Kind::Sqlite => unreachable!("SQLite has no server"),
            Kind::Postgres => {
                if is_root() {
                    finish(Command::new("chown").arg("postgres:postgres").arg(&self.folder))?;
                }
                let initdb = postgres_program("initdb").ok_or("initdb is not on this machine")?;
                let words = as_postgres(&initdb);
                let mut command = Command::new(&words[0]);
                command.args(&words[1..]).arg("-D").arg(&data);
                command.args(["-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]);
                command
            }
            Kind::Mysql => {
                if let Some(install) = program("mariadb-install-db") {
                    let mut command = Command::new(install);
                    command.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
                    command.args(is_root().then_some("--user=root")).arg(datadir(&data));
                    command
                } else {
                    let mysqld = program("mysqld").ok_or("neither MariaDB nor MySQL is on this machine")?;
                    let mut command = Command::new(mysqld);
                    command.args(["--no-defaults", "--initialize-insecure"]);
                    command.args(is_root().then_some("--user=root")).arg(datadir(&data));
                    command
                }
            }
        };
        finish(command.current_dir(&self.folder))
    }

    fn postgres(&self) -> Result<Vec<String>, String> {
        let mut words = as_postgres(&postgres_program("postgres").ok_or("postgres is not on this machine")?);
        words.extend(["-D".to_owned(), self.folder.join("data").to_string_lossy().into_owned()]);
        let settings = [
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", self.folder.display()),
            "fsync=off".to_owned(),
            "full_page_writes=off".to_owned(),
            "max_connections=300".to_owned(),
        ];
        words.extend(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]));
        Ok(words)
    }

    fn mysql(&self) -> Result<Vec<String>, String> {
        let server = program("mariadbd").or_else(|| program("mysqld")).ok_or("mariadbd is not on this machine")?;
        let mut words = vec![server.to_string_lossy().into_owned(), "--no-defaults".to_owned()];
        words.extend(is_root().then(|| "--user=root".to_owned()));
        words.push(datadir(&self.folder.join("data")));
        words.extend([
            format!("--socket={}", self.folder.join("s").display()),
            format!("--pid-file={}", self.folder.join("pid").display()),
            // One that starts removes what it takes for its own, left behind in that folder: the tables of another, too.
            format!("--tmpdir={}", self.folder.display()),
            "--skip-networking".to_owned(),
            "--max-connections=500".to_owned(),
            "--innodb-buffer-pool-size=64M".to_owned(),
            // At each commit to the system, which outlives the server's process, not to the disk.
            "--innodb-flush-log-at-trx-commit=2".to_owned(),
            "--innodb-flush-method=nosync".to_owned(),
        ]);
        Ok(words)
    }

    /// Tries until it answers; on a thread of its own, since the caller may be a runtime.
    fn wait_until_it_answers(&self) -> Result<(), String> {
        let (kind, log) = (self.kind, self.folder.join("log"));
        let url = self.url(if kind == Kind::Postgres { "postgres" } else { "mysql" });
        on_its_own_runtime(async move {
            let started = Instant::now();
            loop {
                let tried = match kind {
                    Kind::Postgres => AsyncPgConnection::establish(&url).await.map(drop),
                    _ => AsyncMysqlConnection::establish(&url).await.map(drop),
                };
                match tried {
                    Ok(()) => return Ok(()),
                    Err(error) if started.elapsed() > PATIENCE => {
                        let log = fs::read_to_string(&log).unwrap_or_default();
                        return Err(format!("{kind:?} does not start: {error}\n{log}"));
                    }
                    Err(_) => tokio::time::sleep(Duration::from_millis(30)).await,
                }
            }
        })
    }
}

impl Drop for Server {
    /// The servers that all tests share are never dropped; their watcher sees the process end.
    fn drop(&mut self) {
        match self.watcher.take() {
            Some(mut watcher) => {
                drop(watcher.stdin.take());
                let _ = watcher.wait();
            }
            None => drop(fs::remove_dir_all(&self.folder)),
        }
    }
}

/// A server that is frozen for as long as this lives.
pub struct Frozen {
    processes: Vec<Pid>,
}

impl Frozen {
    fn tell(&self, what: Signal) {
        for process in &self.processes {
            // One that has ended meanwhile needs no telling.
            let _ = kill_process(*process, what);
        }
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.tell(Signal::CONT);
    }
}

/// The processes that a process has begun.
fn children(parent: i32) -> Vec<Pid> {
    let numbers = fs::read_dir("/proc").unwrap().flatten();
    let numbers = numbers.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    numbers.filter(|&number| parent_of(number) == Some(parent)).filter_map(Pid::from_raw).collect()
}

/// Who has begun a process, unless it has ended: the second field behind its name, which may hold anything but ends with the
/// last bracket.
fn parent_of(process: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Runs something to its end on a thread and a runtime of its own.
pub fn on_its_own_runtime<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let thread = std::thread::spawn(|| {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    });
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Whether the programs of a server are on this machine.
pub fn is_installed(kind: Kind) -> bool {
    match kind {
        Kind::Sqlite => true,
        Kind::Postgres => postgres_program("initdb").is_some(),
        Kind::Mysql => program("mariadbd").or_else(|| program("mysqld")).is_some(),
    }
}

fn finish(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("{command:?}: {}\n{out}{err}", output.status))
}

fn datadir(folder: &Path) -> String {
    format!("--datadir={}", folder.display())
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// PostgreSQL refuses to run as root.
fn as_postgres(program: &Path) -> Vec<String> {
    let drop: &[&str] =
        if is_root() { &["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] } else { &[] };
    drop.iter().map(|&word| word.to_owned()).chain([program.to_string_lossy().into_owned()]).collect()
}

/// A program of PostgreSQL: Debian keeps them out of PATH, by version.
fn postgres_program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<u32> = versions.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable();
    let debian =
        versions.iter().rev().map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin/{name}")));
    debian.into_iter().find(|path| path.exists()).or_else(|| program(name))
}

/// A program in PATH, or in the folders that only root's PATH has.
fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    folders.map(|folder: PathBuf| folder.join(name)).find(|file| file.exists())
}

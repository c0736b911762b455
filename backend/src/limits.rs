//! What the system lets the process have: each socket and each request's connection is an open file.

/// The most sockets of one process, however many files it may open.
const SOCKETS: usize = 20_000;

/// Lets the process open as many files as the system allows it. Many systems begin with 1,024, for programs of another
/// time, and allow far more to whoever asks.
pub fn raise() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
            tracing::warn!(%error, "the number of files that may be open could not be raised");
        }
    }
}

/// Says what that makes.
pub fn report() {
    let (files, sockets) = (files(), sockets());
    if sockets < SOCKETS {
        tracing::warn!(files, sockets, "the system allows few open files, and so few sockets");
    } else {
        tracing::info!(files, sockets, "open files and sockets at most");
    }
}

/// How many files the process may open; none when there is no bound, or none that is known.
fn files() -> Option<u64> {
    #[cfg(target_os = "linux")]
    {
        rustix::process::getrlimit(rustix::process::Resource::Nofile).current
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// How many sockets the process may hold at once: what is left for requests and the database is a quarter of the files.
pub fn sockets() -> usize {
    of_files(files())
}

fn of_files(files: Option<u64>) -> usize {
    files.map_or(SOCKETS, |files| usize::try_from(files / 4 * 3).unwrap_or(SOCKETS).min(SOCKETS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_leave_room_for_everything_else() {
        assert_eq!(of_files(Some(1_024)), 768);
        assert_eq!(of_files(Some(524_288)), SOCKETS);
        assert_eq!(of_files(None), SOCKETS);
    }
}

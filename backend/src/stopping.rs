//! How the program ends: told to by the system (SIGTERM), or by whoever started it (Ctrl-C, SIGQUIT), it answers what was asked
//! and closes what is open. Told again it ends at once.

use std::{io, time::Duration};

use actix_web::rt;
use tokio::time::timeout;

use crate::{Running, db::now, realtime::seen};

/// How long the other processes may take to be told, and the database to note who was there.
const FAREWELL: Duration = Duration::from_secs(2);

/// Serves until the program is told to stop.
pub async fn serve(running: Running) -> io::Result<()> {
    let Running { state, server, .. } = running;
    let mut told = Told::listen()?;
    let (handle, mut serving) = (server.handle(), rt::spawn(server));
    tokio::select! {
        ended = &mut serving => return ended.map_err(io::Error::other)?,
        () = told.wait() => {}
    }
    // Their time of grace is not over by the time that there is nobody left to note it. A task of its own, which is not broken
    // off half-way.
    let (noting, connected) = (state.clone(), state.live.hub.at_hand());
    let noted = rt::spawn(async move { seen::note(&noting, &connected, now()).await });
    // The server waits for its connections to end, and sockets do not end by themselves.
    state.live.hub.close_all();
    let ending = async {
        let _ = tokio::join!(handle.stop(true), timeout(FAREWELL, noted));
        let _ = timeout(FAREWELL, state.live.parted()).await;
    };
    tokio::select! {
        () = ending => {}
        () = told.wait() => {}
    }
    Ok(())
}

/// What tells the program to stop.
#[cfg(unix)]
struct Told([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Told {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::quit())?]))
    }

    async fn wait(&mut self) {
        let [terminate, interrupt, quit] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = quit.recv() => {}
        }
    }
}

/// What tells the program to stop.
#[cfg(not(unix))]
struct Told;

#[cfg(not(unix))]
impl Told {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

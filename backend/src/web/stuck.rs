//! A client that neither reads nor leaves.
//!
//! What is written to it stays in the system's buffers, and no connection ends that still has something to write. So the
//! system is told how long that may take, and ends such connections by itself (`TCP_USER_TIMEOUT`; Linux). A download that
//! was paused for longer goes on by asking for the rest.

use std::any::Any;

use actix_web::dev::Extensions;

/// How long what was written may wait to be taken, in milliseconds.
#[cfg(target_os = "linux")]
const MILLIS: u32 = 120_000;

/// Bounds how long the client of a connection that was just made may not read.
pub fn limit(connection: &dyn Any, _: &mut Extensions) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, MILLIS)
    {
        tracing::debug!(%error, "a connection has no bound on how long its client may not read");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = connection;
}

//! Many who attach large files at the same time: how much memory that takes on top of what the server holds anyway.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use super::{
    data::{self, Data},
    report::Report,
    server::{Session, Turno},
};
use crate::place::Place;

/// People who each send one at the same time: of one person most would wait for their turn.
const CLIENTS: usize = 50;
/// What each sends, in megabytes.
const MEGABYTES: usize = 25;
/// What the memory that it takes is called.
pub const MEMORY: &str = "memory of 50 uploads of 25 MB";

const MEGABYTE: usize = 1024 * 1024;
const BOUNDARY: &str = "----turno-bench";

/// Sends them all, on a copy of a desk.
pub fn measure(place: &Place, data: &Data, report: &mut Report) -> Result<()> {
    let copy = data.copy(&place.own("bench")?.join("uploads"))?;
    let names: Vec<String> = (0..CLIENTS).map(|n| format!("bench-sends-{n}")).collect();
    names.iter().try_for_each(|name| data::add_admin(place, &copy.folder, name))?;
    let turno = Turno::start(place, &copy.folder)?;
    let people = names.iter().map(|name| turno.log_in(name, data::PASSWORD)).collect::<Result<Vec<_>>>()?;
    let idle = turno.idle_asked_for()?;
    let watch = turno.watch();
    let began = Instant::now();
    thread::scope(|scope| {
        let address = turno.address;
        let send = |(n, person)| scope.spawn(move || send(address, person, n));
        let clients: Vec<_> = people.iter().enumerate().map(send).collect();
        clients.into_iter().try_for_each(|client| client.join().unwrap_or_else(|_| bail!("a client broke off")))
    })?;
    let took = began.elapsed();
    report.number(MEMORY, watch.end()? - idle, "MB");
    report.number("50 uploads of 25 MB", took.as_secs_f64(), "s");
    Ok(())
}

/// One upload, a megabyte at a time; no two have the same content.
fn send(address: SocketAddr, person: &Session, n: usize) -> Result<()> {
    let head =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{n}.log\"\r\n\r\n{n:08}\n");
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    // The first nine bytes of the file are its number.
    let content = MEGABYTES * MEGABYTE - 9;
    let length = head.len() + content + end.len();
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_mins(2)))?;
    write!(
        stream,
        "POST /api/v1/tickets/{}/attachments HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\nX-CSRF-Token: {}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{head}",
        n + 1,
        person.cookie,
        person.csrf_token
    )?;
    let piece = vec![b'x'; MEGABYTE];
    let mut left = content;
    while left > 0 {
        let now = left.min(MEGABYTE);
        stream.write_all(piece.get(..now).unwrap_or_default())?;
        left -= now;
    }
    stream.write_all(end.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let first = answer.lines().next().context("the server broke off")?;
    if first.contains(" 201 ") { Ok(()) } else { bail!("an upload was answered {first}") }
}

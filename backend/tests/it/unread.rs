//! Bodies in chunks that never end: nobody holds a connection with one.

use std::{future::pending, time::Duration};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// A form without the file that it is to have, as one chunk; what ends the body is missing.
const NO_FILE: &str = "45\r\n--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nnothing\r\n--x--\r\n\r\n";

/// Begins a request whose body comes in chunks.
async fn begin(origin: &str, asked: &str, headers: &str) -> TcpStream {
    let mut socket = TcpStream::connect(origin.trim_start_matches("http://")).await.unwrap();
    let head = format!("{asked} HTTP/1.1\r\nHost: localhost\r\n{headers}Transfer-Encoding: chunked\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

/// What comes until the server ends the connection, and whether it does so. Meanwhile more of the body is sent, or nothing.
async fn until_closed(socket: TcpStream, drips: bool) -> (String, bool) {
    let (mut answers, mut body) = socket.into_split();
    let mut answer = Vec::new();
    let dripping = async {
        while drips && body.write_all(b"1\r\nx\r\n").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
        pending::<()>().await;
    };
    // How a connection ends with something unread is the system's choice.
    let reading = timeout(Duration::from_secs(20), answers.read_to_end(&mut answer));
    let closed = tokio::select! {
        ended = reading => ended.is_ok(),
        () = dripping => false,
    };
    (String::from_utf8_lossy(&answer).into_owned(), closed)
}

on_each_database! {
    async fn a_body_that_never_ends_is_answered_and_its_connection_ends(app: TestApp) {
        let ana = app.user().await;
        let (cookie, csrf) = (ana.cookie.as_deref().unwrap(), ana.csrf.as_deref().unwrap());
        let as_ana = format!("Cookie: turno_session={cookie}\r\nX-CSRF-Token: {csrf}\r\n");
        let with_form = format!("{as_ana}Content-Type: multipart/form-data; boundary=x\r\n");
        let asked = [
            ("GET /healthz", "", "", 200),
            ("HEAD /healthz", "", "", 200),
            ("GET /api/v1/openapi.json", "Accept-Encoding: br\r\n", "", 200),
            ("GET /api/v1/tickets", "", "", 401),
            ("GET /api/v1/tickets", as_ana.as_str(), "", 200),
            ("DELETE /api/v1/me/avatar", as_ana.as_str(), "", 204),
            ("POST /api/v1/nothing", "", "", 404),
            ("POST /api/v1/session", "Content-Type: text/plain\r\n", "", 415),
            ("POST /api/v1/session", "Content-Type: application/json\r\nContent-Encoding: br\r\n", "", 415),
            ("PUT /api/v1/me/avatar", with_form.as_str(), NO_FILE, 422),
        ];
        let each = asked.into_iter().flat_map(|row| [(row, true), (row, false)]);
        let origin = &app.origin;
        let faults = join_all(each.map(|((asked, headers, chunk, status), drips)| async move {
            let mut socket = begin(origin, asked, headers).await;
            socket.write_all(chunk.as_bytes()).await.unwrap();
            let (answer, closed) = until_closed(socket, drips).await;
            let good = closed && answer.starts_with(&format!("HTTP/1.1 {status} "));
            (!good).then(|| format!("{asked} ({drips}), closed: {closed}, answered: {answer}"))
        }));
        let faults: Vec<String> = faults.await.into_iter().flatten().collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    async fn a_connection_whose_body_has_ended_goes_on(app: TestApp) {
        let mut socket = TcpStream::connect(app.origin.trim_start_matches("http://")).await.unwrap();
        for _ in 0..3 {
            let whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
            socket.write_all(whole).await.unwrap();
            let mut answer = [0; 4096];
            let length = timeout(Duration::from_secs(20), socket.read(&mut answer)).await.unwrap().unwrap();
            let answer = String::from_utf8_lossy(&answer[..length]).to_ascii_lowercase();
            assert!(answer.starts_with("http/1.1 200 ") && !answer.contains("connection: close"), "{answer}");
        }
    }
}

//! Uploads that go wrong: too much, broken, broken off, nowhere to put them.

use std::{fs, time::Duration};

use actix_web::rt;
use reqwest::Method;
use shared::ids::UserId;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::samples;
use crate::support::{Client, Form, until};

/// Sends the beginning of an upload and keeps the connection.
async fn begin(person: &Client, ticket: i64, length: usize, body: &[u8]) -> TcpStream {
    let mut socket = TcpStream::connect(person.origin.trim_start_matches("http://")).await.unwrap();
    let (cookie, csrf) = (person.cookie.as_deref().unwrap(), person.csrf.as_deref().unwrap());
    let kind = Form::default().content_type();
    let head = format!(
        "POST /api/v1/tickets/{ticket}/attachments HTTP/1.1\r\nHost: localhost\r\nCookie: turno_session={cookie}\r\n\
         X-CSRF-Token: {csrf}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(body).await.unwrap();
    socket
}

on_each_database! {
    settings(|config| config.max_upload = 1 << 20)
    async fn what_is_too_large_is_refused_while_it_comes(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let (stored, files) = (app.stored().await, app.files());
        for size in [(1 << 20) + 1, 3 << 20, 20 << 20] {
            let reply = ana.attach(ticket, &[("a.txt", &vec![b'x'; size])]).await.expect(413).problem("too_large");
            assert!(reply["detail"].as_str().unwrap().contains("1 MB"), "{}", reply.text);
            assert_eq!(reply["fields"]["file"][0], "file_too_large", "{}", reply.text);
        }
        ana.attach(ticket, &[("a.txt", b"x"), ("b.txt", &vec![b'x'; 2 << 20])]).await.expect(413).problem("too_large");
        assert_eq!((app.stored().await, app.files()), (stored, files));
        ana.attach(ticket, &[("a.txt", &vec![b'x'; 1 << 20])]).await.expect(201);
    }

    async fn a_client_that_hangs_up_leaves_nothing(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let (stored, files) = (app.stored().await, app.files());
        let half = Form::default().file("a.txt", &vec![b'x'; 900_000]).unfinished();
        let socket = begin(&ana, ticket, 5_000_000, &half).await;
        until("it has begun to arrive", Duration::from_secs(20), async || app.files() != files).await;
        drop(socket);
        until("it is gone again", Duration::from_secs(20), async || app.files() == files).await;
        // So does one that says that it is at its end and is not.
        let reply = ana.request(Method::POST, &format!("/tickets/{ticket}/attachments"));
        let reply = reply.header("Content-Type", Form::default().content_type()).body(half).send().await;
        reply.expect(400).problem("malformed_body");
        assert_eq!((app.stored().await, app.files()), (stored, files));
    }

    async fn what_is_no_upload_is_refused(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let path = format!("/tickets/{ticket}/attachments");
        let (stored, files) = (app.stored().await, app.files());
        for kind in [Some("application/json"), Some("application/octet-stream"), Some("rubbish"), None] {
            let mut request = ana.request(Method::POST, &path);
            if let Some(kind) = kind {
                request = request.header("Content-Type", kind);
            }
            request.body("{}").send().await.expect(415).problem("unsupported_media_type");
        }
        // Several things together, one of which says that it is a form's.
        let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--b--\r\n";
        for kind in ["multipart/mixed; boundary=b", "multipart/related; boundary=b", "multipart/form-dataX; boundary=b"] {
            let request = ana.request(Method::POST, &path).header("Content-Type", kind);
            request.body(part).send().await.expect(415).problem("unsupported_media_type");
        }
        for coding in ["br", "gzip", "deflate"] {
            let request = ana.request(Method::POST, &path).form(Form::default().file("a.txt", b"x"));
            let reply = request.header("Content-Encoding", coding).send().await;
            reply.expect(415).problem("unsupported_media_type");
        }
        for (kind, body) in [
            ("multipart/form-data", "x"),
            ("multipart/form-data; boundary=b", ""),
            ("multipart/form-data; boundary=b", "rubbish"),
            ("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--\r\n"),
            ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
        ] {
            let request = ana.request(Method::POST, &path).header("Content-Type", kind);
            request.body(body).send().await.expect(400).problem("malformed_body");
        }
        ana.upload(ticket, Form::default().field("file", "no name")).await.refuses("file", "required");
        ana.upload(ticket, Form::default()).await.refuses("file", "required");
        ana.upload(ticket, Form::default().field("other", 1)).await.expect(400).problem("malformed_body");
        let long = Form::default().field("comment_id", "9".repeat(1000)).file("a.txt", b"x");
        ana.upload(ticket, long).await.expect(400).problem("malformed_body");
        let mut forged = ana.clone();
        forged.csrf = None;
        forged.attach(ticket, &[("a.txt", b"x")]).await.expect(403).problem("csrf_rejected");
        assert_eq!((app.stored().await, app.files()), (stored, files));
    }

    async fn without_a_place_to_put_it_nothing_is_entered(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let stored = app.stored().await;
        // Where files are kept there is something else.
        let place = app.storage().join("files/files");
        fs::write(&place, "in the way").unwrap();
        for name in ["a.txt", "b.txt"] {
            ana.attach(ticket, &[(name, b"hola")]).await.expect(503).problem("unavailable");
        }
        assert_eq!(app.files(), ["files/files"]);
        fs::remove_file(&place).unwrap();
        // There is nowhere to arrive.
        let spool = app.storage().join("files/arriving");
        fs::remove_dir(&spool).unwrap();
        ana.attach(ticket, &[("a.txt", b"hola")]).await.expect(503).problem("unavailable");
        assert_eq!(app.stored().await, stored);
        fs::create_dir(&spool).unwrap();
        let id = ana.attach(ticket, &[("a.txt", b"hola")]).await.expect(201).id();
        // What is lost is a fault, and said to be one.
        for file in app.files() {
            fs::remove_file(app.storage().join(file)).unwrap();
        }
        ana.delete(&format!("/attachments/{id}")).await.expect(204);
    }

    async fn a_picture_whose_place_is_taken_leaves_nothing(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let stored = app.stored().await;
        fs::write(app.storage().join("files/thumbnails"), "in the way").unwrap();
        ana.attach(ticket, &[("a.png", &samples::png(9, 9))]).await.expect(503).problem("unavailable");
        assert_eq!((app.stored().await, app.files()), (stored, vec!["files/thumbnails".to_owned()]));
    }

    async fn a_lost_file_is_said_to_be_lost_and_comes_back_with_its_content(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let picture = samples::png(40, 30);
        let first = ana.attach(ticket, &[("a.png", &picture)]).await.expect(201).id();
        for file in app.files() {
            fs::remove_file(app.storage().join(file)).unwrap();
        }
        // By another client: ours takes no fault of the server for an answer.
        let url = format!("{}/api/v1/attachments/{first}", app.origin);
        let cookie = format!("turno_session={}", ana.cookie.as_deref().unwrap());
        let reply = reqwest::Client::new().get(url).header("Cookie", cookie).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 500);
        let problem: serde_json::Value = reply.json().await.unwrap();
        assert_eq!(problem["code"], "internal");
        assert!(problem["instance"].as_str().unwrap().starts_with("urn:uuid:"), "{problem}");
        ana.get(&format!("/attachments/{first}/thumbnail")).await.expect(404);
        // The same content again, twice: it is kept, once, and is what the first one was.
        let again = ana.attach(ticket, &[("b.png", &picture), ("c.png", &picture)]).await.expect(201).ids();
        assert_eq!(app.files().len(), 2, "{:?}", app.files());
        for id in [first, again[0], again[1]] {
            assert_eq!(ana.get(&format!("/attachments/{id}")).await.expect(200).bytes, picture);
            ana.get(&format!("/attachments/{id}/thumbnail")).await.expect(200);
        }
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM blobs").await, 1);
    }

    async fn who_has_lost_the_right_meanwhile_attaches_nothing(app: TestApp) {
        let whole = Form::default().file("a.txt", &vec![b'x'; 900_000]).finish();
        let (beginning, end) = whole.split_at(700_000);
        for (change, status) in [
            ("UPDATE users SET active = FALSE WHERE id = ?", 401),
            ("DELETE FROM sessions WHERE user_id = ?", 401),
            // Of the queue a technician sees what nobody has; anybody else does not.
            ("UPDATE users SET role = 0 WHERE id = ?", 404),
        ] {
            let (ana, tech) = (app.user().await, app.technician().await);
            let ticket = app.ticket(&ana, "Ratón").await;
            let (stored, files) = (app.number("SELECT COUNT(*) AS n FROM attachments").await, app.files());
            let mut socket = begin(&tech, ticket, whole.len(), beginning).await;
            until("it has begun to arrive", Duration::from_secs(20), async || app.files() != files).await;
            app.sql(&change.replace('?', &tech.id.to_string())).await;
            socket.write_all(end).await.unwrap();
            let mut answer = [0; 12];
            socket.read_exact(&mut answer).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&answer), format!("HTTP/1.1 {status}"), "{change}");
            until("it is gone again", Duration::from_secs(20), async || app.files() == files).await;
            assert_eq!(app.number("SELECT COUNT(*) AS n FROM attachments").await, stored);
        }
    }

    async fn one_person_sends_so_many_at_a_time(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let (hers, his) = (app.ticket(&ana, "Ratón").await, app.ticket(&luis, "Ratón").await);
        let of_ana = || app.state.uploads.of(UserId(ana.id));
        let half = Form::default().file("a.txt", &vec![b'x'; 300_000]).unfinished();
        let mut sockets = Vec::new();
        for _ in 0..8 {
            sockets.push(begin(&ana, hers, 5_000_000, &half).await);
        }
        until("all have begun to arrive", Duration::from_secs(20), async || app.files().len() == 8).await;
        // More of hers wait, and nothing is read of them; nobody else is held up.
        let mut waiting: Vec<_> = (0..52)
            .map(|_| {
                let ana = ana.clone();
                rt::spawn(async move { ana.attach(hers, &[("b.txt", b"hola")]).await })
            })
            .collect();
        // More than the server takes with the head, and less than the system holds beside it.
        let much = Form::default().file("a.txt", &vec![b'x'; 100_000]).unfinished();
        let large = begin(&ana, hers, 5_000_000, &much).await;
        until("they wait", Duration::from_secs(20), async || of_ana() == 61).await;
        luis.attach(his, &[("b.txt", b"hola")]).await.expect(201);
        assert_eq!(app.files().len(), 9);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM attachments").await, 1);
        // Who hangs up waits no more.
        waiting.pop().unwrap().abort();
        until("one has left", Duration::from_secs(20), async || of_ana() == 60).await;
        // One turn is enough for all of them, one after another, also past one who had sent much and left.
        drop(large);
        drop(sockets.pop());
        for reply in waiting {
            reply.await.unwrap().expect(201);
        }
        until("the others still come", Duration::from_secs(20), async || of_ana() == 7).await;
        drop(sockets);
        until("they are gone again", Duration::from_secs(20), async || app.files().len() == 1 && of_ana() == 0).await;
    }

    async fn who_sends_too_many_at_a_time_is_told_to_come_back(app: TestApp) {
        let (ana, luis) = (app.technician().await, app.user().await);
        let ticket = app.ticket(&luis, "Ratón").await;
        let of_ana = || app.state.uploads.of(UserId(ana.id));
        let beginning = Form::default().file("a.txt", b"hola").unfinished();
        let mut sockets = Vec::new();
        for _ in 0..108 {
            sockets.push(begin(&ana, ticket, 5_000_000, &beginning).await);
        }
        until("a hundred wait", Duration::from_secs(20), async || of_ana() == 108).await;
        // In chat they are counted with the others.
        let chat = format!("/conversations/{}/files", luis.id);
        for path in [format!("/tickets/{ticket}/attachments"), chat] {
            let form = Form::default().file("b.txt", b"hola");
            let refused = ana.request(Method::POST, &path).form(form).send().await.expect(429);
            let refused = refused.problem("too_many_requests");
            assert_eq!(refused.header("retry-after"), Some("10"), "{path}");
        }
        luis.attach(ticket, &[("b.txt", b"hola")]).await.expect(201);
        // So is who has waited for too long.
        sockets.truncate(50);
        until("some have left", Duration::from_secs(20), async || of_ana() < 108).await;
        app.state.uploads.wait_at_most(Duration::from_millis(10));
        ana.attach(ticket, &[("b.txt", b"hola")]).await.expect(429).problem("too_many_requests");
        drop(sockets);
        until("they are gone", Duration::from_secs(20), async || of_ana() == 0).await;
        ana.attach(ticket, &[("b.txt", b"hola")]).await.expect(201);
    }
}

//! Frames that nobody should send, and readers that do not read: whoever does so bears it alone.

use std::{
    convert::Infallible,
    future::pending,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{SinkExt, StreamExt, future::join_all};
use serde_json::{Value, json};
use shared::{ids::UserId, live::PresenceState};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::support::{Socket, TestApp, until};

/// Larger than what the system holds for a reader that does not read.
const MUCH: usize = 60_000;

/// How long nothing may be heard of anybody, where a test waits for that.
const SILENCE: Duration = Duration::from_millis(900);

/// How long somebody may take to read a frame, where a test waits for that.
const PATIENCE: Duration = Duration::from_millis(300);

/// So long nobody takes to read a frame in a test that is about something else.
const MUCH_PATIENCE: Duration = Duration::from_secs(120);

/// How long the server may take to close what it will not hear.
const SOON: Duration = Duration::from_secs(5);

/// The header of a frame of text of so many bytes; its mask changes nothing.
fn header(length: u64) -> Vec<u8> {
    [&[0x81, 0xff][..], &length.to_be_bytes(), &[0; 4]].concat()
}

/// Asks for far more than the system holds for who reads none of it, and then waits: whoever watches what becomes of it ends
/// this. How long a frame takes to go out says nothing, as a busy server takes its time, too. It is less than what closes a
/// connection for too many frames.
async fn ask_for_more_than_is_read(socket: &mut Socket) -> Infallible {
    let ask = json!({ "type": "message", "to": 1, "body": "x", "client_id": "ñ".repeat(MUCH) }).to_string();
    for _ in 0..64 {
        socket.write(Message::text(&ask)).await;
    }
    pending().await
}

async fn error(socket: &mut Socket) -> Value {
    socket.frame("error").await["code"].clone()
}

/// The code with which a socket is closed that sends all this, and reads meanwhile: who reads only afterwards may find the
/// connection broken off by what it went on to send.
async fn flood(socket: Socket, messages: impl IntoIterator<Item = Message>) -> u16 {
    let (mut sends, mut reads) = socket.stream.split();
    let send = async {
        for message in messages {
            if sends.feed(message).await.is_err() {
                return;
            }
        }
        let _ = sends.flush().await;
    };
    let read = async {
        loop {
            match reads.next().await {
                Some(Ok(Message::Close(reason))) => return reason.map_or(0, |reason| reason.code.into()),
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("broken off without a reason: {error}"),
                None => return 0,
            }
        }
    };
    tokio::join!(send, read).1
}

/// Nobody else noticed: this socket is told what happens, and in time.
async fn is_served(app: &TestApp, socket: &mut Socket) {
    let ana = app.user().await;
    let began = Instant::now();
    let ticket = app.ticket(&ana, "Aviso").await;
    assert_eq!(socket.event("ticket_created").await["ticket_id"], ticket);
    assert!(began.elapsed() < Duration::from_secs(5), "told after {:?}", began.elapsed());
}

on_each_database! {
    async fn what_is_no_frame_is_answered_and_the_socket_stays(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let mut other = admin.live().await;
        let mut socket = ana.open_socket().await;
        for early in [json!({ "type": "ping" }), json!({ "type": "message", "to": 1, "body": "x" })] {
            socket.send(early).await;
            assert_eq!(error(&mut socket).await, "hello_expected");
        }
        socket.send(json!({ "type": "hello" })).await;
        socket.frame("welcome").await;
        for (text, code) in [
            ("hola", "malformed_frame"),
            ("[]", "malformed_frame"),
            (r#"{"type":"typing"}"#, "malformed_frame"),
            (r#"{"type":"hello"}"#, "malformed_frame"),
            (r#"{"type":"ping","x":1}"#, "malformed_frame"),
            (r#"{"type":"shout"}"#, "unknown_type"),
            (r#"{"type":"viewing","ticket_id":999999}"#, "not_found"),
            (r#"{"type":"typing","to":999999}"#, "not_found"),
        ] {
            socket.write(Message::text(text)).await;
            assert_eq!(error(&mut socket).await, code, "{text}");
        }
        socket.write(Message::binary(vec![0, 159, 146, 150])).await;
        assert_eq!(error(&mut socket).await, "malformed_frame");
        is_served(&app, &mut other).await;
        socket.told().await;
    }

    async fn a_frame_of_a_megabyte_closes_the_socket(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let mut other = admin.live().await;
        for large in [Message::text("x".repeat(1 << 20)), Message::binary(vec![0; 1 << 20])] {
            // The server reads no further than to where the frame says how long it is.
            assert_eq!(flood(ana.live().await, [large]).await, 1009);
        }
        let mut socket = ana.live().await;
        let frame = json!({ "type": "message", "to": 999_999, "body": "x".repeat(100_000), "client_id": "a" });
        socket.send(frame).await;
        let refused = socket.frame("error").await;
        assert_eq!(refused["client_id"], "a", "{refused}");
        is_served(&app, &mut other).await;
    }

    async fn a_frame_that_says_that_it_is_too_large_closes_the_socket_before_it_comes(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let mut other = admin.live().await;
        for length in [1 << 20, u64::MAX] {
            let mut socket = ana.live().await;
            // Nothing of the frame itself is sent: there is nothing to wait for.
            socket.stream.get_mut().write_all(&header(length)).await.unwrap();
            let code = tokio::time::timeout(SOON, socket.closed()).await.expect("closed in time");
            assert_eq!(code, 1009, "{length} bytes");
        }
        is_served(&app, &mut other).await;
    }

    async fn a_frame_may_come_byte_by_byte_unless_it_is_too_large(app: TestApp) {
        let mut socket = app.user().await.live().await;
        let ping = r#"{"type":"ping"}"#;
        let small = [header(u64::try_from(ping.len()).unwrap()), ping.into()].concat();
        for byte in small {
            socket.stream.get_mut().write_all(&[byte]).await.unwrap();
            socket.stream.get_mut().flush().await.unwrap();
            tokio::task::yield_now().await;
        }
        socket.frame("pong").await;
        let large = header(1 << 20);
        // Up to where it says how long it is; the mask never comes.
        for byte in &large[..10] {
            socket.stream.get_mut().write_all(&[*byte]).await.unwrap();
            socket.stream.get_mut().flush().await.unwrap();
            tokio::task::yield_now().await;
        }
        let code = tokio::time::timeout(SOON, socket.closed()).await.expect("closed in time");
        assert_eq!(code, 1009);
    }

    async fn a_thousand_frames_at_once_close_the_socket(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let mut other = admin.live().await;
        let pings = (0..1_000).map(|_| Message::text(r#"{"type":"ping"}"#));
        assert_eq!(flood(ana.live().await, pings).await, 4409);
        is_served(&app, &mut other).await;
        // As many as a busy person needs are none too many.
        let mut socket = ana.live().await;
        for _ in 0..90 {
            socket.send(json!({ "type": "ping" })).await;
        }
        for _ in 0..90 {
            socket.frame("pong").await;
        }
    }

    async fn what_is_told_in_passing_waits_when_it_is_too_much(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let (mut other, mut socket) = (admin.live().await, ana.live().await);
        let began = Instant::now();
        for n in 0..80 {
            socket.send(json!({ "type": "active", "active": n % 2 == 0 })).await;
        }
        socket.send(json!({ "type": "ping" })).await;
        // Nobody else waits for it, and none of it is lost: what was said last holds.
        is_served(&app, &mut other).await;
        socket.frame("pong").await;
        assert!(began.elapsed() >= Duration::from_secs(3), "passed on within {:?}", began.elapsed());
        assert_eq!(app.state.live.hub.presence(UserId(ana.id)), PresenceState::Away);
    }

    settings(|config| config.live_pace.hello = Duration::from_millis(300))
    async fn who_says_no_hello_is_closed(app: TestApp) {
        let ana = app.user().await;
        assert_eq!(ana.open_socket().await.closed().await, 1008);
        ana.live().await.told().await;
    }

    settings(|config| {
        config.live_pace.ping = Duration::from_millis(100);
        config.live_pace.silence = SILENCE;
        // Whoever is silent has no time to come back.
        config.live_pace.grace = Duration::from_secs(120);
    })
    async fn who_is_not_heard_of_is_gone_and_who_answers_pings_stays(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let mut patient = tech.live().await;
        let asked = Instant::now();
        let silent = ana.live().await;
        // To read is to answer pings.
        let id = ana.id;
        let is_gone = move |frame: &Value| frame["user_id"] == id && frame["state"] == "offline";
        let told = patient.find("the silent one is offline", is_gone).await;
        let left: DateTime<Utc> = told["last_seen_at"].as_str().unwrap().parse().unwrap();
        assert!(Utc::now() - left >= TimeDelta::from_std(SILENCE).unwrap(), "{told}");
        until("the silent one is gone", SOON, async || app.state.live.hub.sockets() == 1).await;
        while asked.elapsed() < 2 * SILENCE {
            let _ = tokio::time::timeout(Duration::from_millis(100), patient.stream.next()).await;
        }
        patient.told().await;
        drop(silent);
    }

    settings(|config| {
        config.live_pace.patience = Duration::from_millis(500);
        // So long they may still come to read why; nobody who reads is silent for so long.
        config.live_pace.ping = Duration::from_millis(500);
        config.live_pace.silence = Duration::from_secs(5);
    })
    async fn who_does_not_read_is_closed_and_slows_nobody(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let mut other = admin.live().await;
        let mut lazy = Vec::new();
        for _ in 0..10 {
            lazy.push(ana.live().await);
        }
        // They ask for a lot, and read none of it.
        let began = Instant::now();
        while app.state.live.hub.sockets() > 1 {
            assert!(began.elapsed() < Duration::from_secs(60), "{} are left", app.state.live.hub.sockets());
            for socket in &mut lazy {
                let ask = json!({ "type": "message", "to": 1, "body": "x", "client_id": "ñ".repeat(MUCH) }).to_string();
                let _ = tokio::time::timeout(Duration::from_millis(5), socket.stream.feed(Message::text(ask))).await;
                let _ = tokio::time::timeout(Duration::from_millis(5), socket.stream.flush()).await;
            }
            is_served(&app, &mut other).await;
        }
    }

    settings(|config| {
        config.live_pace.patience = PATIENCE;
        config.live_pace.grace = Duration::ZERO;
    })
    async fn who_comes_to_read_long_after_they_were_too_slow_is_told_why(app: TestApp) {
        let ana = app.user().await;
        let mut lazy = ana.narrow().await;
        let hub = &app.state.live.hub;
        let gone = async || hub.presence(UserId(ana.id)) == PresenceState::Offline;
        tokio::select! {
            never = ask_for_more_than_is_read(&mut lazy) => match never {},
            () = until("the server has had enough", Duration::from_secs(20), gone) => {}
        }
        // Longer than anybody may take to read a frame.
        tokio::time::sleep(3 * PATIENCE).await;
        assert_eq!(lazy.closed().await, 4408);
    }

    settings(|config| {
        config.live_pace.patience = MUCH_PATIENCE;
        config.live_pace.grace = Duration::ZERO;
    })
    async fn whose_line_grows_too_long_is_closed_and_told_why(app: TestApp) {
        let (ana, luis) = (app.user().await, app.technician().await);
        let mut lazy = ana.narrow().await;
        let (hub, path) = (&app.state.live.hub, format!("/conversations/{}/messages", ana.id));
        let began = Instant::now();
        // What is written before an answer is stuck goes out: only from then on the line grows.
        let write_until_gone = async {
            while hub.presence(UserId(ana.id)) != PresenceState::Offline {
                luis.post(&path, json!({ "body": "¿Sigues ahí?" })).await.expect(201);
            }
        };
        tokio::select! {
            never = ask_for_more_than_is_read(&mut lazy) => match never {},
            () = write_until_gone => {}
        }
        // Whoever comes to read at last finds why no more came. It was not the answer that waited for too long.
        assert_eq!(lazy.closed().await, 4408);
        assert!(began.elapsed() < MUCH_PATIENCE, "closed after {:?}", began.elapsed());
    }

    async fn what_is_no_frame_of_a_websocket_closes_the_socket(app: TestApp) {
        let ana = app.user().await;
        // Reserved bits, text without a mask, an opcode that means nothing, a ping in pieces.
        for bytes in [[0xc1, 0x80, 0, 0, 0, 0], [0x81, 0x04, b'h', b'o', b'l', b'a'], [0x83, 0x80, 0, 0, 0, 0], [0x09, 0x80, 0, 0, 0, 0]] {
            let mut socket = ana.live().await;
            socket.stream.get_mut().write_all(&bytes).await.unwrap();
            let code = tokio::time::timeout(SOON, socket.closed()).await.expect("closed in time");
            assert_eq!(code, 1002, "{bytes:x?}");
        }
    }

    async fn text_that_is_not_utf_8_closes_the_socket(app: TestApp) {
        let mut socket = app.user().await.live().await;
        let bytes = vec![b'"', 0xff, b'"'];
        socket.write(Message::Frame(Frame::message(bytes, OpCode::Data(Data::Text), true))).await;
        assert_eq!(socket.closed().await, 1007);
    }

    settings(|config| config.live_pace.hello = Duration::from_secs(60))
    async fn twenty_sockets_are_the_most_in_a_rush_too(app: TestApp) {
        let ana = app.user().await;
        let hub = &app.state.live.hub;
        let mut sockets = join_all((0..60).map(|_| ana.open_socket())).await;
        until("the oldest are closed", Duration::from_secs(10), async || hub.sockets() == 40).await;
        // Those that were closed take none.
        let hello = Message::text(json!({ "type": "hello" }).to_string());
        join_all(sockets.iter_mut().map(|socket| socket.stream.send(hello.clone()))).await;
        until("twenty are left", Duration::from_secs(10), async || hub.sockets() == 20).await;
        let mut left = ana.live().await;
        left.told().await;
    }

    async fn nobody_has_more_than_twenty_sockets(app: TestApp) {
        let ana = app.user().await;
        let mut sockets = Vec::new();
        for _ in 0..21 {
            sockets.push(ana.live().await);
        }
        assert_eq!(sockets[0].closed().await, 1008);
        for socket in &mut sockets[1..] {
            socket.told().await;
        }
    }
}

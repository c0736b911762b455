//! A client at the other end of a WebSocket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use shared::session;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest, http},
};

use super::Client;

/// Nothing on a socket takes longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

/// A socket of somebody's.
pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    /// The request that opens a socket of theirs.
    pub fn socket_request(&self) -> http::Request<()> {
        let url = format!("{}{}/ws", self.origin.replacen("http", "ws", 1), backend::openapi::BASE);
        let mut request = url.into_client_request().unwrap();
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert("Cookie", format!("{}={cookie}", session::COOKIE).parse().unwrap());
        }
        if let Some(token) = &self.bearer {
            request.headers_mut().insert("Authorization", format!("Bearer {token}").parse().unwrap());
        }
        request
    }

    /// Opens a socket, and says nothing yet.
    pub async fn open_socket(&self) -> Socket {
        Socket { stream: connect_async(self.socket_request()).await.expect("a socket").0 }
    }

    /// A socket that is told what comes from now on, for which the system on this side keeps next to nothing unread.
    pub async fn narrow(&self) -> Socket {
        let host = self.origin.strip_prefix("http://").unwrap();
        let tcp = TcpSocket::new_v4().unwrap();
        tcp.set_recv_buffer_size(4096).unwrap();
        let plain = MaybeTlsStream::Plain(tcp.connect(host.parse().unwrap()).await.unwrap());
        let mut socket = Socket { stream: client_async(self.socket_request(), plain).await.expect("a socket").0 };
        socket.send(json!({ "type": "hello" })).await;
        socket.frame("welcome").await;
        socket
    }

    /// The status with which a socket is refused.
    pub async fn refused_socket(request: http::Request<()>) -> u16 {
        match connect_async(request).await {
            Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
            other => panic!("the socket was not refused: {other:?}"),
        }
    }

    /// A socket that is told what comes from now on; its welcome was read.
    pub async fn live(&self) -> Socket {
        let mut socket = self.open_socket().await;
        socket.send(json!({ "type": "hello" })).await;
        socket.frame("welcome").await;
        socket
    }

    /// A socket that is told what came after an event; its welcome comes first.
    pub async fn live_since(&self, event: i64) -> Socket {
        let mut socket = self.open_socket().await;
        socket.send(json!({ "type": "hello", "last_event": event })).await;
        socket
    }
}

impl Socket {
    pub async fn send(&mut self, frame: Value) {
        self.write(Message::text(frame.to_string())).await;
    }

    pub async fn write(&mut self, message: Message) {
        self.stream.send(message).await.expect("the socket takes a frame");
    }

    /// What comes next, besides pings: a frame, or the code with which the socket was closed (0 when it was broken off).
    pub async fn next(&mut self) -> Result<Value, u16> {
        let read = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                    Some(Ok(Message::Close(reason))) => return Err(reason.map_or(0, |reason| reason.code.into())),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(0),
                }
            }
        };
        tokio::time::timeout(PATIENCE, read).await.expect("a frame in time")
    }

    /// The next frame that a test asks for; others are skipped.
    #[track_caller]
    pub fn find(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            loop {
                match self.next().await {
                    Ok(frame) if is_it(&frame) => return frame,
                    Ok(_) => {}
                    Err(code) => panic!("closed with {code} before {what} ({caller})"),
                }
            }
        }
    }

    /// The next frame of a type.
    #[track_caller]
    pub fn frame(&mut self, kind: &str) -> impl Future<Output = Value> {
        self.find(kind, move |frame| frame["type"] == kind)
    }

    /// The next event of a kind.
    #[track_caller]
    pub fn event(&mut self, kind: &str) -> impl Future<Output = Value> {
        self.find(kind, move |frame| frame["type"] == "event" && frame["kind"] == kind)
    }

    /// Everything that was told before a frame that a test waits for: what happened before it, is told in the same order, and is
    /// not among this, was not told.
    #[track_caller]
    pub fn told_before(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> impl Future<Output = Vec<Value>> {
        let caller = std::panic::Location::caller();
        async move {
            let mut told = Vec::new();
            loop {
                match self.next().await {
                    Ok(frame) if is_it(&frame) => return told,
                    Ok(frame) => told.push(frame),
                    Err(code) => panic!("closed with {code} before {what} ({caller})"),
                }
            }
        }
    }

    /// Everything that was told until a ping comes back: what stood in the socket's line by then. What has only just happened
    /// may come later; where it must not come at all, wait for something that comes after it ([`Self::told_before`]).
    pub async fn told(&mut self) -> Vec<Value> {
        self.send(json!({ "type": "ping" })).await;
        let mut told = Vec::new();
        loop {
            let frame = self.next().await.expect("a pong");
            if frame["type"] == "pong" {
                return told;
            }
            told.push(frame);
        }
    }

    /// The code with which it is closed; what comes before is skipped.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

//! The socket itself: opened, heard, and let go with everything that listened to it.

use leptos::prelude::location;
use shared::live::{ClientFrame, ServerFrame};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

/// What comes from a socket.
#[derive(Debug)]
pub enum Came {
    /// It is open.
    Open,
    /// A frame.
    Frame(Box<ServerFrame>),
    /// It is closed, or could not be opened; with its code.
    Closed(u16),
}

/// A socket; dropping it closes it, and nothing comes any more.
pub struct Socket {
    line: WebSocket,
    // The browser calls them for as long as it has them.
    _opened: Closure<dyn FnMut(Event)>,
    _came: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens one; none where the browser refuses at once.
    pub fn open(hear: impl Fn(Came) + Clone + 'static) -> Option<Self> {
        let socket = WebSocket::new(&address()?).ok()?;
        let (on_open, on_message, on_close) = (hear.clone(), hear.clone(), hear);
        let opened = Closure::<dyn FnMut(Event)>::new(move |_| on_open(Came::Open));
        let came = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // What a later version of the program says is left out.
            if let Some(frame) = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok()) {
                on_message(Came::Frame(frame));
            }
        });
        let closed =
            Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| on_close(Came::Closed(event.code())));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(came.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { line: socket, _opened: opened, _came: came, _closed: closed })
    }

    /// Sends a frame; lost when the socket is not open.
    pub fn send(&self, frame: &ClientFrame) {
        if self.line.ready_state() == WebSocket::OPEN
            && let Ok(text) = serde_json::to_string(frame)
        {
            self.line.send_with_str(&text).ok();
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.line.set_onopen(None);
        self.line.set_onmessage(None);
        self.line.set_onclose(None);
        self.line.close().ok();
    }
}

/// Where the stream is. Not every browser takes a path alone.
fn address() -> Option<String> {
    let location = location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    Some(format!("{scheme}://{}/api/v1/ws", location.host().ok()?))
}

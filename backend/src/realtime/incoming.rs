//! What a client says.

use actix_ws::Item;
use serde_json::Value;
use shared::live::{ClientFrame, FRAME_MAX, FrameErrorCode, FrameFault, ServerFrame};

use super::outbox::Closing;

/// Every type of [`ClientFrame`].
const TYPES: [&str; 7] = ["hello", "message", "typing", "read", "viewing", "active", "ping"];

/// A frame that cannot be taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub code: FrameErrorCode,
    /// The message it is about.
    pub client_id: Option<String>,
}

impl Refused {
    /// A frame that is wrong in itself.
    pub fn fault(fault: FrameFault) -> Self {
        Self { code: FrameErrorCode::Frame(fault), client_id: None }
    }
}

impl From<Refused> for ServerFrame {
    fn from(Refused { code, client_id }: Refused) -> Self {
        Self::Error { code, client_id }
    }
}

/// Reads a frame.
pub fn read(text: &str) -> Result<ClientFrame, Refused> {
    let value: Value = serde_json::from_str(text).map_err(|_| Refused::fault(FrameFault::MalformedFrame))?;
    let client_id = value.get("client_id").and_then(Value::as_str).map(str::to_owned);
    let fault = |fault| Refused { client_id: client_id.clone(), ..Refused::fault(fault) };
    let kind = value.get("type").and_then(Value::as_str).ok_or_else(|| fault(FrameFault::MalformedFrame))?;
    if !TYPES.contains(&kind) {
        return Err(fault(FrameFault::UnknownType));
    }
    let is_alone = value.as_object().is_some_and(|fields| fields.len() == 1);
    match serde_json::from_value(value) {
        // Of a type without fields serde would take any.
        Ok(ClientFrame::Ping) if !is_alone => Err(fault(FrameFault::MalformedFrame)),
        read => read.map_err(|_| fault(FrameFault::MalformedFrame)),
    }
}

/// A frame that comes in pieces. Each of them counts as one that was sent, so nothing grows without bound.
#[derive(Debug, Default)]
pub struct Pieces {
    bytes: Vec<u8>,
    binary: bool,
}

impl Pieces {
    /// Takes a piece; the whole when it is the last one, none of which is text in a binary frame.
    pub fn take(&mut self, piece: Item) -> Result<Option<Result<String, Refused>>, Closing> {
        let (bytes, last) = match piece {
            Item::FirstText(bytes) | Item::FirstBinary(bytes) if bytes.len() > FRAME_MAX => {
                return Err(Closing::TooLarge);
            }
            Item::FirstText(bytes) => {
                *self = Self { bytes: bytes.into(), binary: false };
                return Ok(None);
            }
            Item::FirstBinary(_) => {
                *self = Self { bytes: Vec::new(), binary: true };
                return Ok(None);
            }
            Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
        };
        if self.bytes.len() + bytes.len() > FRAME_MAX {
            return Err(Closing::TooLarge);
        }
        if !self.binary {
            self.bytes.extend_from_slice(&bytes);
        }
        if !last {
            return Ok(None);
        }
        let Self { bytes, binary } = std::mem::take(self);
        if binary {
            return Ok(Some(Err(Refused::fault(FrameFault::MalformedFrame))));
        }
        String::from_utf8(bytes).map(|text| Some(Ok(text))).map_err(|_| Closing::NotText)
    }
}

#[cfg(test)]
mod tests {
    use shared::ids::UserId;

    use super::*;

    #[test]
    fn a_frame_may_come_in_pieces_but_not_grow_without_bound() {
        let mut pieces = Pieces::default();
        assert_eq!(pieces.take(Item::FirstText("{\"type\":".into())), Ok(None));
        assert_eq!(pieces.take(Item::Continue("".into())), Ok(None));
        assert_eq!(pieces.take(Item::Last("\"ping\"}".into())), Ok(Some(Ok(r#"{"type":"ping"}"#.to_owned()))));
        assert_eq!(pieces.take(Item::FirstBinary("a".into())), Ok(None));
        assert!(matches!(pieces.take(Item::Last("b".into())), Ok(Some(Err(_)))));
        assert_eq!(pieces.take(Item::FirstText("a".into())), Ok(None));
        assert_eq!(pieces.take(Item::Continue(vec![b'a'; FRAME_MAX].into())), Err(Closing::TooLarge));
        assert_eq!(pieces.take(Item::FirstText(vec![0xff].into())), Ok(None));
        assert_eq!(pieces.take(Item::Last("".into())), Err(Closing::NotText));
    }

    fn fault(text: &str) -> FrameErrorCode {
        read(text).expect_err(text).code
    }

    #[test]
    fn an_unknown_type_is_told_from_a_malformed_frame() {
        for unknown in [r#"{"type":"shout"}"#, r#"{"type":"Ping"}"#] {
            assert_eq!(fault(unknown), FrameErrorCode::Frame(FrameFault::UnknownType), "{unknown}");
        }
        for malformed in [
            "",
            "hola",
            "[]",
            "{}",
            r#"{"type":7}"#,
            r#"{"type":"typing","to":1,"loud":1}"#,
            r#"{"type":"typing"}"#,
            r#"{"type":"ping","x":1}"#,
            r#"{"type":"hello","idle_seconds":-1}"#,
            r#"{"type":"hello","idle_seconds":1.5}"#,
        ] {
            assert_eq!(fault(malformed), FrameErrorCode::Frame(FrameFault::MalformedFrame), "{malformed}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(fault(&deep), FrameErrorCode::Frame(FrameFault::MalformedFrame));
    }

    /// A frame of the type after a frame's: whoever adds one is told to add it here.
    fn after(frame: &ClientFrame) -> Option<ClientFrame> {
        let someone = UserId(1);
        Some(match frame {
            ClientFrame::Hello { .. } => ClientFrame::Message { to: someone, body: "hola".to_owned(), client_id: None },
            ClientFrame::Message { .. } => ClientFrame::Typing { to: someone },
            ClientFrame::Typing { .. } => ClientFrame::Read { from: someone },
            ClientFrame::Read { .. } => ClientFrame::Viewing { ticket_id: None, writing: false },
            ClientFrame::Viewing { .. } => ClientFrame::Active { active: false },
            ClientFrame::Active { .. } => ClientFrame::Ping,
            ClientFrame::Ping => return None,
        })
    }

    #[test]
    fn every_type_is_known() {
        let frames = std::iter::successors(Some(ClientFrame::Hello { last_event: None, idle_seconds: Some(7) }), after);
        let mut types = Vec::new();
        for frame in frames {
            let written = serde_json::to_value(&frame).expect("JSON");
            assert_eq!(read(&written.to_string()), Ok(frame));
            types.push(written["type"].as_str().expect("a type").to_owned());
        }
        assert_eq!(types, TYPES);
    }

    #[test]
    fn a_refused_message_is_named() {
        let refused = read(r#"{"type":"message","client_id":"a","to":"x","body":""}"#).expect_err("refused");
        assert_eq!(refused.client_id.as_deref(), Some("a"));
    }
}

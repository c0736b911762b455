//! A mail as it comes over the wire.

use mail_parser::{MessageParser, MimeHeaders};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader};

/// A mail that arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    pub from: String,
    pub to: String,
    pub subject: String,
    pub message_id: String,
    /// The whole head, as it was sent.
    pub head: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// The token of the link in it.
    #[track_caller]
    pub fn token(&self) -> String {
        let (_, rest) = self.text.split_once("/set-password/").unwrap_or_else(|| panic!("no link in {}", self.text));
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// Reads it to the dot that ends it; none when the other side is gone before.
    pub async fn read<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut BufReader<S>, recipient: &str) -> Option<Self> {
        let mut raw = Vec::new();
        loop {
            let mut line = Vec::new();
            if socket.read_until(b'\n', &mut line).await.ok()? == 0 {
                return None;
            }
            if line == b".\r\n" {
                break;
            }
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        let message = MessageParser::default().parse(&raw).unwrap();
        assert!(message.content_type().is_some_and(|kind| kind.ctype() == "multipart"), "{raw:?}");
        let text = String::from_utf8_lossy(&raw).into_owned();
        let from = message.from().and_then(|from| from.first()).and_then(|from| from.address()).unwrap_or_default();
        Some(Self {
            from: from.to_owned(),
            to: recipient.to_owned(),
            subject: message.subject().unwrap_or_default().to_owned(),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            head: text.split("\r\n\r\n").next().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
        })
    }
}

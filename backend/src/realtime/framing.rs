//! Where frames begin and how long they say that they are (RFC 6455, section 5.2): whoever announces one that is too large is
//! closed then, not when all of it has come and was kept.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    Error, FromRequest, HttpRequest, dev,
    error::PayloadError,
    web::{Bytes, Payload},
};
use actix_ws::ProtocolError;
use futures_util::Stream;
use shared::live::FRAME_MAX;

use super::outbox::Closing;

/// Bits of a frame's first byte that mean something only where both sides agreed on it, and here nobody does.
const RESERVED: u8 = 0b0111_0000;
/// Says in the second byte that four bytes of a mask follow the length.
const MASKED: u8 = 0b1000_0000;
const MASK: usize = 4;
/// Says in place of the length that it follows in two bytes.
const IN_TWO: u8 = 126;
/// The same in eight.
const IN_EIGHT: u8 = 127;

/// What nobody may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// A frame longer than [`FRAME_MAX`].
    TooLarge,
    /// A frame that means something on which nobody agreed.
    Reserved,
}

impl Fault {
    /// As which error of a body it passes through the library; [`closing`] tells it from there.
    fn passed(self) -> PayloadError {
        match self {
            Self::TooLarge => PayloadError::Overflow,
            Self::Reserved => PayloadError::EncodingCorrupted,
        }
    }
}

/// Why a socket is closed on which something went wrong.
pub fn closing(error: &ProtocolError) -> Closing {
    let ProtocolError::Io(error) = error else {
        return if matches!(error, ProtocolError::Overflow) { Closing::TooLarge } else { Closing::Broken };
    };
    match error.get_ref().and_then(|cause| cause.downcast_ref::<PayloadError>()) {
        Some(PayloadError::Overflow) => Closing::TooLarge,
        Some(PayloadError::EncodingCorrupted) => Closing::Broken,
        None if error.kind() == io::ErrorKind::InvalidData => Closing::NotText,
        _ => Closing::Gone,
    }
}

/// What a client sends, up to the header of the first frame that it may not send.
pub async fn guard(request: &HttpRequest, body: Payload) -> Result<Payload, Error> {
    let guarded = Guarded { body: body.into_inner(), framing: Framing::default() };
    let payload: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(guarded);
    Payload::from_request(request, &mut dev::Payload::Stream { payload }).await
}

struct Guarded {
    body: dev::Payload,
    framing: Framing,
}

impl Stream for Guarded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let next = ready!(Pin::new(&mut this.body).poll_next(context));
        Poll::Ready(next.map(|bytes| {
            let bytes = bytes?;
            this.framing.pass(&bytes).map_err(Fault::passed)?;
            Ok(bytes)
        }))
    }
}

/// Follows frames as they pass, and keeps no more of them than a header.
#[derive(Debug, Default)]
struct Framing {
    /// What has come of the header of the frame that begins.
    header: Vec<u8>,
    /// What is still to come of the frame behind its header, in bytes.
    left: usize,
}

impl Framing {
    fn pass(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        loop {
            let skipped = self.left.min(bytes.len());
            self.left -= skipped;
            let Some((&byte, rest)) = bytes.get(skipped..).and_then(<[u8]>::split_first) else { return Ok(()) };
            bytes = rest;
            self.header.push(byte);
            if let Some(length) = length(&self.header)? {
                self.header.clear();
                self.left = length;
            }
        }
    }
}

/// How long a frame is behind its header, once that is whole.
fn length(header: &[u8]) -> Result<Option<usize>, Fault> {
    if header.first().is_some_and(|first| first & RESERVED != 0) {
        return Err(Fault::Reserved);
    }
    let Some((&[_, second], rest)) = header.split_first_chunk::<2>() else { return Ok(None) };
    let (length, rest) = match second & !MASKED {
        IN_TWO => match rest.split_first_chunk() {
            Some((&length, rest)) => (u64::from(u16::from_be_bytes(length)), rest),
            None => return Ok(None),
        },
        IN_EIGHT => match rest.split_first_chunk() {
            Some((&length, rest)) => (u64::from_be_bytes(length), rest),
            None => return Ok(None),
        },
        length => (u64::from(length), rest),
    };
    let length = usize::try_from(length).ok().filter(|&length| length <= FRAME_MAX).ok_or(Fault::TooLarge)?;
    let mask = if second & MASKED == 0 { 0 } else { MASK };
    Ok((rest.len() >= mask).then_some(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A masked frame of text that says that it is so long, without what it says.
    fn header(length: usize) -> Vec<u8> {
        let mut header = vec![0x81];
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(length), _) if length < IN_TWO => header.push(MASKED | length),
            (_, Ok(length)) => {
                header.push(MASKED | IN_TWO);
                header.extend(length.to_be_bytes());
            }
            _ => {
                header.push(MASKED | IN_EIGHT);
                header.extend(u64::try_from(length).expect("a length").to_be_bytes());
            }
        }
        header.extend([1, 2, 3, 4]);
        header
    }

    /// A whole frame. What it says looks like headers of frames that nobody may send.
    fn frame(length: usize) -> Vec<u8> {
        [header(length), vec![0xff; length]].concat()
    }

    #[test]
    fn frames_of_every_length_pass_however_they_are_cut() {
        let lengths = [0, 1, 125, 126, 127, 65_535, 65_536, FRAME_MAX, 0, 3];
        let all: Vec<u8> = lengths.into_iter().flat_map(frame).collect();
        for size in [1, 2, 3, 7, 4_096, all.len()] {
            let mut framing = Framing::default();
            for piece in all.chunks(size) {
                assert_eq!(framing.pass(piece), Ok(()), "pieces of {size}");
                assert!(framing.header.len() < 14);
            }
            assert_eq!((framing.left, framing.header.len()), (0, 0), "pieces of {size}");
        }
    }

    #[test]
    fn a_frame_is_too_large_as_soon_as_it_says_so() {
        for length in [FRAME_MAX + 1, 1 << 20, 1 << 31, usize::MAX] {
            let large = header(length);
            let mut framing = Framing::default();
            assert_eq!(framing.pass(&frame(7)), Ok(()));
            let (before, rest) = large.split_at(9);
            assert_eq!(framing.pass(before), Ok(()), "{length}");
            assert_eq!(framing.pass(&rest[..1]), Err(Fault::TooLarge), "{length}");
        }
    }

    #[test]
    fn reserved_bits_mean_nothing_here() {
        for bit in [0x40, 0x20, 0x10] {
            assert_eq!(Framing::default().pass(&[0x81 | bit]), Err(Fault::Reserved));
        }
    }

    #[test]
    fn an_unmasked_frame_has_no_mask() {
        let mut framing = Framing::default();
        assert_eq!(framing.pass(&[0x81, 1, b'a', 0x81, 0x82]), Ok(()));
        assert_eq!(framing.header, [0x81, 0x82]);
    }
}

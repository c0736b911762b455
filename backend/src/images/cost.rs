//! What a decoder keeps in memory beside the pixels it gives, counted from the header.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// What each kind of decoder keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Next to nothing.
    Rows,
    /// So many bytes for each pixel.
    Each(u64),
    /// The coefficients of a JPEG that is not written block after block, two bytes each.
    Coefficients {
        /// Blocks of all its components in a group.
        blocks: u64,
        /// The width of a group, in blocks.
        across: u64,
        /// The height of a group, in blocks.
        down: u64,
    },
}

impl Beside {
    /// For a picture of that size, in bytes.
    pub fn of(self, width: u32, height: u32) -> u64 {
        let (width, height) = (u64::from(width), u64::from(height));
        match self {
            Self::Rows => 0,
            Self::Each(bytes) => width * height * bytes,
            Self::Coefficients { blocks, across, down } => {
                let groups = width.div_ceil(8 * across.max(1)) * height.div_ceil(8 * down.max(1));
                groups * blocks * 64 * 2
            }
        }
    }
}

/// What the decoder of this picture will keep.
pub fn beside_pixels(source: &mut (impl BufRead + Seek)) -> io::Result<Beside> {
    let start = source.stream_position()?;
    let mut head = Vec::new();
    source.by_ref().take(12).read_to_end(&mut head)?;
    if head.starts_with(b"RIFF") {
        // A canvas and a frame, four bytes each.
        return Ok(Beside::Each(8));
    }
    if !head.starts_with(&[0xFF, 0xD8]) {
        return Ok(Beside::Rows);
    }
    source.seek(SeekFrom::Start(start + 2))?;
    // What cannot be followed is not trusted to be written block after block.
    Ok(jpeg(source).unwrap_or(Beside::Each(8)))
}

/// Reads the segments of a JPEG up to its first scan. None when they make no sense.
fn jpeg(source: &mut (impl BufRead + Seek)) -> Option<Beside> {
    let mut frame: Option<(bool, Vec<u8>)> = None;
    loop {
        let marker = next_marker(source)?;
        let length = u16::from_be_bytes(bytes(source)?).checked_sub(2)?;
        match marker {
            // The frame: by groups of blocks (0 and 1), or in any other way.
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let mut header = vec![0; usize::from(length)];
                source.read_exact(&mut header).ok()?;
                frame = Some((marker <= 0xC1, header));
            }
            // The scan: of all components together, or of one.
            0xDA => {
                let [together] = bytes(source)?;
                let (in_order, header) = frame?;
                let components = *header.get(5)?;
                return if in_order && together == components { Some(Beside::Rows) } else { coefficients(&header) };
            }
            _ => {
                source.seek_relative(i64::from(length)).ok()?;
            }
        }
    }
}

fn coefficients(header: &[u8]) -> Option<Beside> {
    let samplings = header.get(6..)?.chunks_exact(3).map(|component| component.get(1).copied());
    let samplings: Vec<(u64, u64)> =
        samplings.map(|byte| byte.map(|byte| (u64::from(byte >> 4), u64::from(byte & 15)))).collect::<Option<_>>()?;
    Some(Beside::Coefficients {
        blocks: samplings.iter().map(|(across, down)| across * down).sum(),
        across: samplings.iter().map(|(across, _)| *across).max()?,
        down: samplings.iter().map(|(_, down)| *down).max()?,
    })
}

/// The next marker; they may be preceded by any number of 255.
fn next_marker(source: &mut impl Read) -> Option<u8> {
    let [first] = bytes(source)?;
    if first != 0xFF {
        return None;
    }
    loop {
        match bytes(source)? {
            [0xFF] => {}
            [marker] => return Some(marker),
        }
    }
}

fn bytes<const COUNT: usize>(source: &mut impl Read) -> Option<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    source.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A JPEG up to its first scan: of that frame, three components with the first one's sampling, so many in the scan.
    fn beginning(frame: u8, sampling: u8, together: u8) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 9, 9, 0xFF, 0xFF, frame, 0, 17, 8, 0, 100, 0, 200, 3];
        bytes.extend_from_slice(&[1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xDA, 0, 12, together]);
        bytes
    }

    fn found(bytes: &[u8]) -> Beside {
        beside_pixels(&mut Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn a_jpeg_that_is_not_written_block_after_block_is_gathered_first() {
        assert_eq!(found(&beginning(0xC0, 0x22, 3)), Beside::Rows);
        let halved = Beside::Coefficients { blocks: 6, across: 2, down: 2 };
        assert_eq!(found(&beginning(0xC2, 0x22, 3)), halved);
        assert_eq!(found(&beginning(0xC0, 0x22, 1)), halved);
        // One and a half times the pixels, at two bytes; whole groups.
        assert_eq!(halved.of(160, 160), 160 * 160 * 3);
        assert_eq!(halved.of(161, 1), 11 * 16 * 16 * 3);
    }

    #[test]
    fn others_are_counted_as_they_are_decoded() {
        assert_eq!(found(b"\x89PNG\r\n\x1a\n"), Beside::Rows);
        assert_eq!(found(b"RIFF\0\0\0\0WEBP"), Beside::Each(8));
        assert_eq!(found(&[0xFF, 0xD8, 1, 2]), Beside::Each(8));
        assert_eq!(found(b""), Beside::Rows);
    }
}

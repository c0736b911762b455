//! What a decoder keeps in memory beside the pixels it gives, counted from the header.

use std::io::{self, BufRead, Read, Seek};

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

/// What the decoder of this picture will keep; of a JPEG its [`Head`] says it.
pub fn beside_pixels(source: &mut impl Read) -> io::Result<Beside> {
    let mut head = Vec::new();
    source.by_ref().take(12).read_to_end(&mut head)?;
    // A canvas and a frame, four bytes each.
    Ok(if head.starts_with(b"RIFF") { Beside::Each(8) } else { Beside::Rows })
}

/// So much of a JPEG may stand before its first scan that is needed to decode it, in bytes. Tables are some hundreds.
const MOST_HEAD: usize = 256 * 1024;
/// So much may stand there that belongs to nothing, in bytes.
const MOST_JUNK: usize = 64 * 1024;

/// What stands before the first scan of a JPEG, as far as it is needed: tables, the frame, which way is up.
///
/// The decoder sees this in place of what the file has. What cameras and programs add (profiles, previews, descriptions) would
/// be kept by it, some of it compared with all the rest for each piece, and a frame hidden in junk would make it keep more than
/// was counted here.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    /// Its segments, from the beginning to the first scan's own.
    pub bytes: Vec<u8>,
    /// What the decoder will keep.
    pub beside: Beside,
}

impl Head {
    /// Reads it from the beginning of a file; what is read next is the first scan. None when it makes no sense.
    pub fn read(source: &mut (impl BufRead + Seek)) -> Option<Self> {
        let mut head = bytes::<2>(source)?.to_vec();
        let mut frame: Option<(bool, Vec<u8>)> = None;
        let (mut junk, mut has_exif) = (0, false);
        loop {
            let marker = next_marker(source, &mut junk)?;
            let length = bytes(source)?;
            let rest = u16::from_be_bytes(length).checked_sub(2)?;
            let is_needed = match marker {
                // Huffman tables, quantisation tables, the interval of restarts, Adobe's word on colours; any frame, the scan.
                0xC0..=0xC7 | 0xC9..=0xCF | 0xDA | 0xDB | 0xDD | 0xEE => true,
                // Of which the decoder reads which way is up.
                0xE1 => !has_exif,
                _ => false,
            };
            if !is_needed {
                source.seek_relative(i64::from(rest)).ok()?;
                continue;
            }
            let mut segment = vec![0; usize::from(rest)];
            source.read_exact(&mut segment).ok()?;
            if marker == 0xE1 {
                has_exif = segment.starts_with(b"Exif\0\0");
                if !has_exif {
                    continue;
                }
            }
            head.extend_from_slice(&[0xFF, marker]);
            head.extend_from_slice(&length);
            head.extend_from_slice(&segment);
            if head.len() > MOST_HEAD {
                return None;
            }
            match marker {
                // The scan: of all components together, or of one.
                0xDA => {
                    let together = *segment.first()?;
                    let (in_order, header) = frame?;
                    let components = *header.get(5)?;
                    let beside = if in_order && together == components { Beside::Rows } else { coefficients(&header)? };
                    return Some(Self { bytes: head, beside });
                }
                0xC4 | 0xCC | 0xDB | 0xDD | 0xE1 | 0xEE => {}
                // The frame: by groups of blocks (0 and 1), or in any other way. There is one.
                _ if frame.is_none() => frame = Some((marker <= 0xC1, segment)),
                _ => return None,
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

/// The next marker that has a length. Any number of 255 may stand before it, and, in files of careless programs, some junk.
fn next_marker(source: &mut impl Read, junk: &mut usize) -> Option<u8> {
    let mut after_ff = false;
    loop {
        let [byte] = bytes(source)?;
        match byte {
            0xFF => after_ff = true,
            // The beginning, the end, restarts and one that is for temporary use stand alone.
            0x02..=0xCF | 0xDA..=0xFE if after_ff => return Some(byte),
            0xD9 if after_ff => return None,
            _ => {
                after_ff = false;
                *junk += 1;
                if *junk > MOST_JUNK {
                    return None;
                }
            }
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
        bytes.extend_from_slice(&[0; 9]);
        bytes
    }

    fn head(bytes: &[u8]) -> Option<Head> {
        Head::read(&mut Cursor::new(bytes))
    }

    fn found(bytes: &[u8]) -> Beside {
        head(bytes).unwrap().beside
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
    fn a_decoder_sees_what_it_needs_of_a_jpeg_and_nothing_else() {
        let plain = beginning(0xC0, 0x22, 3);
        // Without the segment of its first bytes, which nobody needs.
        let clean = head(&plain).unwrap().bytes;
        assert_eq!(clean, [&plain[..2], &[0xFF], &plain[10..]].concat());
        let exif = [&[0xFF, 0xE1, 0, 10][..], b"Exif\0\0MM"].concat();
        let described = [&[0xFF, 0xE1, 0, 10][..], b"http://x"].concat();
        let profile = [0xFF, 0xE2, 0, 4, 7, 7];
        // A frame in junk, behind what is no marker.
        let hidden = [0, 0xFF, 0, 0xFF, 0, 5];
        let more = [&plain[..2], &described, &exif, &exif, &profile, &hidden, &plain[8..]].concat();
        let seen = head(&more).unwrap();
        assert_eq!(seen.bytes, [&clean[..2], &exif, &clean[2..]].concat());
        assert_eq!(seen.beside, Beside::Rows);
    }

    #[test]
    fn what_makes_no_sense_is_no_head() {
        let plain = beginning(0xC0, 0x22, 3);
        assert_eq!(head(&plain[..30]), None);
        assert_eq!(head(&[0xFF, 0xD8, 1, 2]), None);
        // Two frames, of which a decoder might take the other.
        let frame = &plain[9..28];
        assert_eq!(head(&[&plain[..8], &[0xFF, 0xC2], &frame[2..], &plain[8..]].concat()), None);
        let tables = [&[0xFF, 0xDB, 0xFF, 0xFF][..], &vec![0; 65_533]].concat();
        assert_eq!(head(&[&plain[..8], &tables.repeat(5), &plain[8..]].concat()), None);
        assert_eq!(head(&[&plain[..8], &vec![7; MOST_JUNK + 1], &plain[8..]].concat()), None);
    }

    #[test]
    fn others_are_counted_as_they_are_decoded() {
        let beside = |mut bytes: &[u8]| beside_pixels(&mut bytes).unwrap();
        assert_eq!(beside(b"\x89PNG\r\n\x1a\n"), Beside::Rows);
        assert_eq!(beside(b"RIFF\0\0\0\0WEBP"), Beside::Each(8));
        assert_eq!(beside(b""), Beside::Rows);
    }
}

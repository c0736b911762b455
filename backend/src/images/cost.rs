//! What a decoder keeps in memory beside the pixels it gives, counted from the header.

use std::io::{self, BufRead, Read, Seek};

use super::Size;

/// What each kind of decoder keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Next to nothing.
    Rows,
    /// So many bytes for each pixel, and so many more.
    Each {
        /// For each pixel.
        pixel: u64,
        /// Whatever the size.
        fixed: u64,
    },
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
            Self::Each { pixel, fixed } => (width * height * pixel).saturating_add(fixed),
            Self::Coefficients { blocks, across, down } => {
                let groups = width.div_ceil(8 * across.max(1)) * height.div_ceil(8 * down.max(1));
                groups * blocks * 64 * 2
            }
        }
    }
}

/// What the decoder of a GIF or a WebP will keep; of a JPEG its [`Head`] says it.
pub fn beside_pixels(source: &mut (impl Read + Seek), length: u64) -> io::Result<Beside> {
    let mut head = [0; 12];
    source.read_exact(&mut head)?;
    if !head.starts_with(b"RIFF") {
        return Ok(Beside::Rows);
    }
    Ok(match first_frame(source)? {
        // Its planes, and the file's bytes twice.
        Some(Frame::Lossy) => Beside::Each { pixel: 2, fixed: length.saturating_mul(2) },
        Some(Frame::Lossless) => Beside::Each { pixel: 4, fixed: length.saturating_mul(TABLES) },
        // A canvas, a frame, its planes and what lets through.
        Some(Frame::Other) | None => Beside::Each { pixel: 11, fixed: length.saturating_mul(TABLES) },
    })
}

/// What a lossless WebP may have its decoder make of each of its bytes: a table of 4 kB is written in some 15 of them.
const TABLES: u64 = 300;
/// How many pieces of a WebP are looked at.
const MOST_CHUNKS: usize = 16;

/// How the first frame of a WebP is written.
enum Frame {
    /// As planes.
    Lossy,
    /// Pixel by pixel.
    Lossless,
    /// One of several, or with a plane, which is lossless, of what lets through.
    Other,
}

/// Looks for it behind the file's first 12 bytes, in the chunks of RIFF.
fn first_frame(source: &mut (impl Read + Seek)) -> io::Result<Option<Frame>> {
    for _ in 0..MOST_CHUNKS {
        let mut chunk = [0; 8];
        source.read_exact(&mut chunk)?;
        let [a, b, c, d, size @ ..] = chunk;
        match &[a, b, c, d] {
            b"VP8 " => return Ok(Some(Frame::Lossy)),
            b"VP8L" => return Ok(Some(Frame::Lossless)),
            b"ALPH" | b"ANIM" | b"ANMF" => return Ok(Some(Frame::Other)),
            // They begin at even places.
            _ => {
                let size = i64::from(u32::from_le_bytes(size));
                source.seek_relative(size + size % 2)?;
            }
        }
    }
    Ok(None)
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
    /// What the frame claims.
    pub size: Size,
    /// What its camera noted of it.
    pub exif: Option<Vec<u8>>,
}

impl Head {
    /// Reads it from the beginning of a file; what is read next is the first scan. None when it makes no sense.
    pub fn read(source: &mut (impl BufRead + Seek)) -> Option<Self> {
        let mut head = bytes::<2>(source)?.to_vec();
        let mut frame: Option<(bool, Vec<u8>)> = None;
        let (mut junk, mut exif) = (0, None);
        loop {
            let marker = next_marker(source, &mut junk)?;
            let length = bytes(source)?;
            let rest = u16::from_be_bytes(length).checked_sub(2)?;
            let is_needed = match marker {
                // Huffman tables, quantisation tables, the interval of restarts, Adobe's word on colours; any frame, the scan.
                0xC0..=0xC7 | 0xC9..=0xCF | 0xDA | 0xDB | 0xDD | 0xEE => true,
                // Which way is up.
                0xE1 => exif.is_none(),
                _ => false,
            };
            if !is_needed {
                source.seek_relative(i64::from(rest)).ok()?;
                continue;
            }
            let mut segment = vec![0; usize::from(rest)];
            source.read_exact(&mut segment).ok()?;
            // One component stands block after block, whatever it says of groups: decoders differ.
            if matches!(marker, 0xC0..=0xC2) && segment.get(5) == Some(&1) {
                *segment.get_mut(7)? = 0x11;
            }
            if marker == 0xE1 {
                exif = segment.strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec);
                continue;
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
                    return Some(Self { bytes: head, beside, size: claimed(&header)?, exif });
                }
                0xC4 | 0xCC | 0xDB | 0xDD | 0xEE => {}
                // The frame: by groups of blocks (0 and 1), or in any other way. There is one.
                _ if frame.is_none() => frame = Some((marker <= 0xC1, segment)),
                _ => return None,
            }
        }
    }
}

/// What a frame claims; nothing when it says later how high it is.
fn claimed(header: &[u8]) -> Option<Size> {
    let &[_, high, low, wide, narrow, components, ..] = header else { return None };
    let (height, width) = (u32::from(u16::from_be_bytes([high, low])), u32::from(u16::from_be_bytes([wide, narrow])));
    let colours = if components == 1 { 1 } else { 3 };
    (width > 0 && height > 0).then(|| Size { width, height, bytes: u64::from(width) * u64::from(height) * colours })
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
        let size = Size { width: 200, height: 100, bytes: 60_000 };
        assert_eq!(seen, Head { bytes: clean, beside: Beside::Rows, size, exif: Some(b"MM".to_vec()) });
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
        let beside = |bytes: &[u8]| beside_pixels(&mut Cursor::new(bytes), 1000).unwrap();
        let webp = |chunks: &[&[u8]]| beside(&[b"RIFF\0\0\0\0WEBP", &chunks.concat()[..]].concat());
        assert_eq!(beside(b"GIF89a\0\0\0\0\0\0"), Beside::Rows);
        let lossy = Beside::Each { pixel: 2, fixed: 2_000 };
        assert_eq!(webp(&[b"VP8 \0\0\0\0"]), lossy);
        assert_eq!(lossy.of(10, 20), 2_400);
        assert_eq!(webp(&[b"VP8L\0\0\0\0"]), Beside::Each { pixel: 4, fixed: 300_000 });
        let head = b"VP8X\x0A\0\0\0\0\0\0\0\0\0\0\0\0\0";
        assert_eq!(webp(&[head, b"ICCP\x03\0\0\0abc\0", b"VP8 \0\0\0\0"]), lossy);
        for other in [b"ALPH", b"ANIM", b"ANMF"] {
            assert_eq!(webp(&[head, other, b"\0\0\0\0"]), Beside::Each { pixel: 11, fixed: 300_000 });
        }
        assert_eq!(webp(&[&b"EXIF\0\0\0\0".repeat(20)]), Beside::Each { pixel: 11, fixed: 300_000 });
        assert!(beside_pixels(&mut Cursor::new(b"RIFF\0\0\0\0WEBPVP8X"), 1000).is_err());
    }
}

//! What is in an archive, unpacked to be counted and not kept.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::DeflateDecoder;

use super::archive::{ArchiveError, bytes_at, number};

const LOCAL: &[u8; 4] = b"PK\x03\x04";
/// The length of what stands before an entry's bytes, without its name and what else is of any length.
const LOCAL_LENGTH: u64 = 30;

const STORED: u64 = 0;
const DEFLATED: u64 = 8;

/// What the directory says of a file in the archive.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Where it is.
    pub start: u64,
    /// How large it is in the archive.
    pub packed: u64,
    /// How large it will be.
    pub unpacked: u64,
    /// How it is packed.
    pub method: u64,
    /// Whether that takes a password.
    pub encrypted: bool,
}

/// What is in an entry, unpacked as it is read; nothing of one that takes a password, since nobody can without it. What
/// cannot be unpacked here is not trusted.
pub fn open<'file>(
    file: &'file mut (impl Read + Seek),
    entry: &Entry,
) -> Result<Option<Box<dyn Read + 'file>>, ArchiveError> {
    let header = bytes_at(file, entry.start, LOCAL_LENGTH)?;
    let field = |at| number(&header, at, 2).filter(|_| header.starts_with(LOCAL)).ok_or(ArchiveError::Damaged);
    let before = field(26)? + field(28)?;
    // The local header is what some programs go by.
    if (field(6)? & 1 == 1) != entry.encrypted {
        return Err(ArchiveError::Damaged);
    }
    if entry.encrypted {
        return Ok(None);
    }
    if field(8)? != entry.method {
        return Err(ArchiveError::Damaged);
    }
    file.seek(SeekFrom::Start(entry.start + LOCAL_LENGTH + before))?;
    let packed = file.take(entry.packed);
    match entry.method {
        STORED if entry.packed == entry.unpacked => Ok(Some(Box::new(packed))),
        DEFLATED => Ok(Some(Box::new(DeflateDecoder::new(BufReader::with_capacity(64 * 1024, packed))))),
        STORED => Err(ArchiveError::Bomb),
        _ => Err(ArchiveError::Unmeasurable),
    }
}

/// Whether what was read makes no sense, rather than that it could not be read.
pub fn is_of_data(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof)
}

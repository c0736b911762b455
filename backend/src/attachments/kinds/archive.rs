//! A zip archive, read where it stands, with as little memory for a large one as for a small one.
//!
//! What its directory says is not believed: the directory must be as long and have as many entries as its end says, and
//! each entry is unpacked ([`nest`](super::nest)) and must be as large as the directory says.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use thiserror::Error;

use super::unpack::Entry;

const END: &[u8; 4] = b"PK\x05\x06";
const END_64: &[u8; 4] = b"PK\x06\x06";
const END_64_PLACE: &[u8; 4] = b"PK\x06\x07";
const ENTRY: &[u8; 4] = b"PK\x01\x02";
/// The length of what the directory says of an entry, without its name and what else is of any length.
const ENTRY_LENGTH: u64 = 46;

/// The length of the record that ends an archive, without its comment of up to 65,535 bytes.
const END_LENGTH: u64 = 22;

/// Why an archive is refused.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// It has no directory, or one that makes no sense.
    #[error("a damaged archive")]
    Damaged,
    /// It would unpack to something absurd.
    #[error("an archive that would unpack to something absurd")]
    Bomb,
    /// Something in it cannot be unpacked here, so that nobody knows how large it becomes.
    #[error("an archive with something in it that cannot be unpacked here")]
    Unmeasurable,
    /// It could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Where the directory is, and what its end says of it.
struct Directory {
    start: u64,
    length: u64,
    entries: u64,
}

/// The entries of an archive, as its directory has them, of which it may have `most`. Shows the name of each.
pub fn entries(
    file: &mut (impl Read + Seek),
    size: u64,
    most: u64,
    each: &mut dyn FnMut(&str),
) -> Result<Vec<Entry>, ArchiveError> {
    let directory = find(file, size)?;
    if directory.entries > most {
        return Err(ArchiveError::Bomb);
    }
    file.seek(SeekFrom::Start(directory.start))?;
    let mut reader = BufReader::with_capacity(64 * 1024, file.by_ref().take(directory.length));
    let (mut left, mut entries) = (directory.length, Vec::new());
    while left > 0 {
        if entries.len() as u64 == directory.entries {
            return Err(ArchiveError::Damaged);
        }
        let (name, entry, length) = next_entry(&mut reader)?;
        left = left.checked_sub(length).ok_or(ArchiveError::Damaged)?;
        each(&name);
        entries.push(entry);
    }
    if entries.len() as u64 != directory.entries {
        return Err(ArchiveError::Damaged);
    }
    Ok(entries)
}

/// Looks for the record at the end that says where the directory is.
fn find(file: &mut (impl Read + Seek), size: u64) -> Result<Directory, ArchiveError> {
    let length = size.min(END_LENGTH + u64::from(u16::MAX));
    let tail_start = size - length;
    let tail = bytes_at(file, tail_start, length)?;
    // The comment may contain what looks like the record; the record's comment ends where the file does.
    let is_end = |&place: &usize| {
        let record = tail.get(place..).unwrap_or_default();
        record.starts_with(END)
            && number(record, 20, 2).is_some_and(|comment| END_LENGTH + comment == record.len() as u64)
    };
    let place = (0..tail.len()).rev().find(is_end).ok_or(ArchiveError::Damaged)?;
    let record = tail.get(place..).unwrap_or_default();
    let end = tail_start + place as u64;
    let field = |at, width| number(record, at, width).ok_or(ArchiveError::Damaged);
    let (entries, length, start) = (field(10, 2)?, field(12, 4)?, field(16, 4)?);
    let (directory, end) =
        if entries == u64::from(u16::MAX) || length == u64::from(u32::MAX) || start == u64::from(u32::MAX) {
            find_64(file, end)?
        } else {
            (Directory { start, length, entries }, end)
        };
    if directory.start.checked_add(directory.length).is_none_or(|after| after > end) {
        return Err(ArchiveError::Damaged);
    }
    Ok(directory)
}

/// The same record with wider numbers, which a smaller one right before the end points to.
fn find_64(file: &mut (impl Read + Seek), end: u64) -> Result<(Directory, u64), ArchiveError> {
    let pointer = bytes_at(file, end.checked_sub(20).ok_or(ArchiveError::Damaged)?, 20)?;
    let place = number(&pointer, 8, 8).filter(|_| pointer.starts_with(END_64_PLACE)).ok_or(ArchiveError::Damaged)?;
    if place.checked_add(56).is_none_or(|after| after > end) {
        return Err(ArchiveError::Damaged);
    }
    let record = bytes_at(file, place, 56)?;
    let field = |at| number(&record, at, 8).filter(|_| record.starts_with(END_64)).ok_or(ArchiveError::Damaged);
    Ok((Directory { entries: field(32)?, length: field(40)?, start: field(48)? }, place))
}

/// The next entry of the directory: its name, what is said of it, and how long that is.
fn next_entry(reader: &mut impl Read) -> Result<(String, Entry, u64), ArchiveError> {
    let header = take(reader, ENTRY_LENGTH)?;
    let field =
        |at, width| number(&header, at, width).filter(|_| header.starts_with(ENTRY)).ok_or(ArchiveError::Damaged);
    let (for_name, for_extra, for_comment) = (field(28, 2)?, field(30, 2)?, field(32, 2)?);
    let (mut packed, mut unpacked, mut start) = (field(20, 4)?, field(24, 4)?, field(42, 4)?);
    let (name, extra) = (take(reader, for_name)?, take(reader, for_extra)?);
    take(reader, for_comment)?;
    // What does not fit into 32 bits stands in a field of its own: of these only what did not fit, in this order.
    let wide = wide_numbers(&extra);
    let mut wide = wide.chunks_exact(8).filter_map(|bytes| number(bytes, 0, 8));
    for value in [&mut unpacked, &mut packed, &mut start] {
        if *value == u64::from(u32::MAX) {
            *value = wide.next().ok_or(ArchiveError::Damaged)?;
        }
    }
    let entry = Entry { start, packed, unpacked, method: field(10, 2)?, encrypted: field(8, 2)? & 1 == 1 };
    let length = ENTRY_LENGTH + for_name + for_extra + for_comment;
    Ok((String::from_utf8_lossy(&name).into_owned(), entry, length))
}

/// The field of an entry that holds its wide numbers; empty when it has none.
fn wide_numbers(mut extra: &[u8]) -> &[u8] {
    while let (Some(id), Some(length)) = (number(extra, 0, 2), number(extra, 2, 2)) {
        let end = 4 + usize::try_from(length).unwrap_or(usize::MAX - 4);
        let Some(field) = extra.get(4..end) else { break };
        if id == 1 {
            return field;
        }
        extra = extra.get(end..).unwrap_or_default();
    }
    &[]
}

/// A number of so many bytes, the lowest first.
pub(super) fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + width)?;
    Some(bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
}

pub(super) fn bytes_at(file: &mut (impl Read + Seek), at: u64, length: u64) -> Result<Vec<u8>, ArchiveError> {
    file.seek(SeekFrom::Start(at))?;
    take(file, length)
}

/// So many bytes, at most 64 kB and a little; fewer are a damaged archive.
fn take(reader: &mut impl Read, length: u64) -> Result<Vec<u8>, ArchiveError> {
    let mut bytes = Vec::new();
    let read = reader.take(length).read_to_end(&mut bytes)?;
    if read as u64 == length { Ok(bytes) } else { Err(ArchiveError::Damaged) }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use super::*;
    use crate::attachments::kinds::nest;

    /// An archive whose directory says this; what it holds is not there but for so many bytes.
    fn claiming(entries: &[(&str, u32, u32)], padding: usize) -> Vec<u8> {
        let mut bytes = vec![0; padding];
        let start = u32::try_from(bytes.len()).unwrap();
        for &(name, packed, unpacked) in entries {
            let mut header = [0; 46];
            header[..4].copy_from_slice(ENTRY);
            header[20..24].copy_from_slice(&packed.to_le_bytes());
            header[24..28].copy_from_slice(&unpacked.to_le_bytes());
            header[28..30].copy_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
            bytes.extend_from_slice(&header);
            bytes.extend_from_slice(name.as_bytes());
        }
        let length = u32::try_from(bytes.len()).unwrap() - start;
        let mut end = [0; 22];
        end[..4].copy_from_slice(END);
        end[10..12].copy_from_slice(&u16::try_from(entries.len()).unwrap().to_le_bytes());
        end[12..16].copy_from_slice(&length.to_le_bytes());
        end[16..20].copy_from_slice(&start.to_le_bytes());
        bytes.extend_from_slice(&end);
        bytes
    }

    /// A true archive.
    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            let method = if *name == "fotos/b.zip" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn names(bytes: &[u8]) -> Result<Vec<String>, ArchiveError> {
        let mut names = Vec::new();
        let spool = std::env::temp_dir();
        nest::check(&mut Cursor::new(bytes), bytes.len() as u64, &spool, |name| names.push(name.to_owned()))?;
        Ok(names)
    }

    /// Where the directory's first entry is.
    fn directory(bytes: &[u8]) -> usize {
        bytes.windows(4).position(|four| four == ENTRY).unwrap()
    }

    #[test]
    fn an_ordinary_archive_shows_its_names() {
        let bytes = archive(&[("a.txt", &[b'a'; 4000]), ("fotos/b.zip", &[7; 900]), ("vacio", b"")]);
        assert_eq!(names(&bytes).unwrap(), ["a.txt", "fotos/b.zip", "vacio"]);
        assert!(names(&archive(&[])).unwrap().is_empty());
    }

    #[test]
    fn a_comment_behind_the_end_is_skipped() {
        let comment = b"PK\x05\x06 is how it ends, say I.";
        let mut bytes = archive(&[("a.txt", b"hola")]);
        let length = bytes.len();
        bytes[length - 2..].copy_from_slice(&u16::try_from(comment.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(comment);
        assert_eq!(names(&bytes).unwrap(), ["a.txt"]);
    }

    #[test]
    fn bombs_are_refused() {
        for entries in [
            // One of zeros, packed a thousand times.
            vec![("zeros", 100_000, 100_000_000)],
            // Many that are each bearable.
            vec![("part", 1_000_000, 90_000_000); 15],
            // Entries that share their bytes.
            vec![("same", 1_900_000, 1_900_000); 9],
        ] {
            assert!(matches!(names(&claiming(&entries, 2_000_000)), Err(ArchiveError::Bomb)), "{:?}", entries[0]);
        }
    }

    #[test]
    fn a_directory_that_is_longer_than_its_end_says_is_refused() {
        let whole = archive(&[("a.txt", b"hola"), ("b.txt", b"hola")]);
        for count in [0, 1, 3] {
            let mut lies = whole.clone();
            let end = lies.len() - 22;
            lies[end + 8..end + 12].copy_from_slice(&[count, 0, count, 0]);
            assert!(matches!(names(&lies), Err(ArchiveError::Damaged)), "{count}");
        }
    }

    #[test]
    fn an_entry_that_is_larger_or_smaller_than_it_says_is_refused() {
        let whole = archive(&[("a.txt", &vec![b'a'; 300_000])]);
        let entry = directory(&whole);
        for size in [0_u32, 10, 299_999, 300_001] {
            let mut lies = whole.clone();
            lies[entry + 24..entry + 28].copy_from_slice(&size.to_le_bytes());
            assert!(names(&lies).is_err(), "{size}");
        }
        // Said to be stored as it is.
        let mut lies = whole.clone();
        lies[entry + 10] = 0;
        assert!(names(&lies).is_err());
        // Packed in one way by the directory and in another by itself.
        let mut lies = whole.clone();
        lies[entry + 10] = 12;
        assert!(matches!(names(&lies), Err(ArchiveError::Damaged)));
        // In a way that is not known here, and can not be counted: bzip2, LZMA.
        for method in [12, 14] {
            let mut other = whole.clone();
            (other[8], other[entry + 10]) = (method, method);
            assert!(matches!(names(&other), Err(ArchiveError::Unmeasurable)), "{method}");
        }
        // With a password nobody can unpack it, here or there.
        let mut closed = whole;
        closed[entry + 8] |= 1;
        assert!(names(&closed).is_err());
        closed[6] |= 1;
        assert_eq!(names(&closed).unwrap(), ["a.txt"]);
    }

    #[test]
    fn damage_is_refused() {
        let whole = archive(&[("a.txt", b"hola")]);
        for cut in [0, 10, 21, 30, whole.len() - 1] {
            assert!(matches!(names(&whole[..cut]), Err(ArchiveError::Damaged)), "{cut}");
        }
        let mut lies = whole.clone();
        let length = lies.len();
        lies[length - 12] = 9;
        assert!(matches!(names(&lies), Err(ArchiveError::Damaged)));
        let mut far = whole.clone();
        far[length - 6..length - 2].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(names(&far), Err(ArchiveError::Damaged)));
        // The entry is said to be elsewhere.
        let mut lies = whole;
        let entry = directory(&lies);
        lies[entry + 42] = 3;
        assert!(matches!(names(&lies), Err(ArchiveError::Damaged)));
    }
}

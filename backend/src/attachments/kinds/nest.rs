//! Archives, and the archives within them.
//!
//! Nothing is kept unpacked here, but what is attached will be by whoever downloads it. So an archive is refused that
//! becomes absurdly large, alone or with what it holds, however that is called and packed. One budget is spent by all:
//!
//! - [`MOST_UNPACKED`] bytes, [`MOST_ENTRIES`] entries and [`MOST_TIME`];
//! - [`MOST_RATIO`] times the size of the outermost, and of each its own, from [`RATIO_FROM`] on;
//! - [`DEEPEST`] archives within the outermost: a zip of documents with sheets in them needs two;
//! - an archive larger than [`NESTED_FROM`] shrinks to a fifth at most: what is packed does not shrink again;
//! - not more packed bytes than the file has: entries that share their bytes.
//!
//! An archive is known by how it begins. Zip (so are docx, xlsx, odt and ods) and gzip are unpacked; 7z, rar, xz, bzip2
//! and Zstandard cannot be here, so nobody knows how large they become, and an archive with them is refused. What holds
//! files without packing them (tar, mail, pictures of disks) is not looked into.

use std::{
    io::{self, BufReader, ErrorKind, Read, Seek, Write},
    path::Path,
    time::{Duration, Instant},
};

use flate2::read::MultiGzDecoder;
use tempfile::SpooledTempFile;

use super::{
    archive::{self, ArchiveError},
    unpack::{self, is_of_data},
};

/// The most that an archive may unpack to with all within it, in bytes.
const MOST_UNPACKED: u64 = 1024 * 1024 * 1024;
/// The most entries.
const MOST_ENTRIES: u64 = 50_000;
/// The most times larger than packed.
const MOST_RATIO: u64 = 100;
/// What unpacks to less than this many bytes may be packed as tightly as it likes.
const RATIO_FROM: u64 = 50 * 1024 * 1024;
/// How long all of it may take.
const MOST_TIME: Duration = Duration::from_secs(30);
/// How many archives may be around another within the outermost, itself counted.
const DEEPEST: u32 = 3;
/// How much an archive within an archive may shrink.
const MOST_NESTED_RATIO: u64 = 5;
/// An archive within an archive of up to this many bytes may shrink as much as it likes: more is written to the disk.
const NESTED_FROM: u64 = 16 * 1024 * 1024;
/// How much of an archive within an archive is held in memory, in bytes.
const IN_MEMORY: usize = 64 * 1024;

/// How archives begin that cannot be unpacked here.
const CLOSED: [&[u8]; 5] = [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\0", b"BZh", b"\x28\xb5\x2f\xfd"];

/// Checks an archive with all that is within it, and shows the name of each of its own entries. Archives within it are
/// unpacked into the folder `spool`, one of each depth at a time, into files without a name.
pub fn check(
    file: &mut (impl Read + Seek),
    size: u64,
    spool: &Path,
    mut each: impl FnMut(&str),
) -> Result<(), ArchiveError> {
    let (bytes, entries, until) = (most(size), MOST_ENTRIES, Instant::now() + MOST_TIME);
    Nest { spool, bytes, entries, until }.archive(file, size, 0, &mut each)
}

/// The most bytes that so many may unpack to.
fn most(packed: u64) -> u64 {
    MOST_UNPACKED.min(RATIO_FROM.max(packed.saturating_mul(MOST_RATIO)))
}

/// What is left to all archives that are within one another.
struct Nest<'a> {
    spool: &'a Path,
    bytes: u64,
    entries: u64,
    until: Instant,
}

/// An archive within an archive.
struct Nested {
    file: SpooledTempFile,
    size: u64,
    is_zip: bool,
}

impl Nest<'_> {
    fn archive(
        &mut self,
        file: &mut (impl Read + Seek),
        size: u64,
        depth: u32,
        each: &mut dyn FnMut(&str),
    ) -> Result<(), ArchiveError> {
        let entries = archive::entries(file, size, self.entries, each)?;
        self.entries = self.entries.checked_sub(entries.len() as u64).ok_or(ArchiveError::Bomb)?;
        let packed = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.packed));
        let unpacked = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.unpacked));
        if packed > size || unpacked > most(packed) {
            return Err(ArchiveError::Bomb);
        }
        self.spend(unpacked)?;
        for entry in &entries {
            let Some(mut content) = unpack::open(file, entry)? else { continue };
            // One more, to see whether there is more than is said.
            let mut content = content.by_ref().take(entry.unpacked.saturating_add(1));
            let (found, nested) = self.unpack(&mut content, entry.packed, depth)?;
            if found != entry.unpacked {
                return Err(if found > entry.unpacked { ArchiveError::Bomb } else { ArchiveError::Damaged });
            }
            if let Some(nested) = nested {
                self.nested(nested, depth + 1)?;
            }
        }
        Ok(())
    }

    fn nested(&mut self, mut nested: Nested, depth: u32) -> Result<(), ArchiveError> {
        nested.file.rewind()?;
        if nested.is_zip {
            return self.archive(&mut nested.file, nested.size, depth, &mut |_| ());
        }
        let most = self.bytes.min(most(nested.size)).saturating_add(1);
        let mut content = UntilDamaged(MultiGzDecoder::new(BufReader::new(nested.file))).take(most);
        let (unpacked, inner) = self.unpack(&mut content, nested.size, depth)?;
        if unpacked >= most {
            return Err(ArchiveError::Bomb);
        }
        self.spend(unpacked)?;
        inner.map_or(Ok(()), |inner| self.nested(inner, depth + 1))
    }

    fn spend(&mut self, bytes: u64) -> Result<(), ArchiveError> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or(ArchiveError::Bomb)?;
        Ok(())
    }

    /// Counts what comes, and keeps it if it is an archive.
    fn unpack(&self, content: &mut dyn Read, packed: u64, depth: u32) -> Result<(u64, Option<Nested>), ArchiveError> {
        let mut head = Vec::new();
        Read::take(&mut *content, 8).read_to_end(&mut head).map_err(damage)?;
        let is_zip = head.starts_with(b"PK\x03\x04");
        if CLOSED.iter().any(|sign| head.starts_with(sign)) {
            return Err(ArchiveError::Unmeasurable);
        }
        let mut content = head.as_slice().chain(content);
        if !is_zip && !head.starts_with(b"\x1f\x8b\x08") {
            return Ok((self.copy(&mut content, &mut io::sink())?, None));
        }
        if depth >= DEEPEST {
            return Err(ArchiveError::Bomb);
        }
        let largest = NESTED_FROM.max(packed.saturating_mul(MOST_NESTED_RATIO));
        let mut file = tempfile::spooled_tempfile_in(IN_MEMORY, self.spool);
        let size = self.copy(&mut content.take(largest.saturating_add(1)), &mut file)?;
        if size > largest {
            return Err(ArchiveError::Bomb);
        }
        Ok((size, Some(Nested { file, size, is_zip })))
    }

    /// Copies all of it, as long as there is time.
    fn copy(&self, content: &mut dyn Read, to: &mut dyn Write) -> Result<u64, ArchiveError> {
        let (mut block, mut copied) = (vec![0; 32 * 1024], 0);
        loop {
            if Instant::now() > self.until {
                return Err(ArchiveError::Bomb);
            }
            let length = match content.read(&mut block) {
                Ok(0) => return Ok(copied),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(damage(error)),
            };
            to.write_all(block.get(..length).unwrap_or_default())?;
            copied += length as u64;
        }
    }
}

fn damage(error: io::Error) -> ArchiveError {
    if is_of_data(&error) { ArchiveError::Damaged } else { error.into() }
}

/// Ends where what is packed makes no sense any more, as gzip itself does: logs are cut, tapes are filled up.
struct UntilDamaged<R>(R);

impl<R: Read> Read for UntilDamaged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).or_else(|error| if is_of_data(&error) { Ok(0) } else { Err(error) })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use flate2::{Compression, write::GzEncoder};
    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn zip(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
        zip(files, CompressionMethod::Stored)
    }

    fn deflated(files: &[(&str, &[u8])]) -> Vec<u8> {
        zip(files, CompressionMethod::Deflated)
    }

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut writer = GzEncoder::new(Vec::new(), Compression::default());
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn checked(bytes: &[u8]) -> Result<(), ArchiveError> {
        check(&mut Cursor::new(bytes), bytes.len() as u64, &std::env::temp_dir(), |_| ())
    }

    fn is_bomb(bytes: &[u8]) -> bool {
        matches!(checked(bytes), Err(ArchiveError::Bomb))
    }

    #[test]
    fn a_bomb_is_one_however_it_is_wrapped() {
        let zeros = vec![0; 60 << 20];
        let bomb = deflated(&[("zeros", &zeros)]);
        assert!(is_bomb(&bomb));
        assert!(is_bomb(&stored(&[("bomb.zip", &bomb)])));
        assert!(is_bomb(&deflated(&[("bomb.dat", &bomb)])));
        assert!(is_bomb(&deflated(&[("b.zip", &deflated(&[("a.zip", &bomb)]))])));
        assert!(is_bomb(&stored(&[("zeros.gz", &gzip(&zeros))])));
    }

    #[test]
    fn many_that_are_each_bearable_are_refused() {
        let part = deflated(&[("zeros", &vec![0; 40 << 20])]);
        assert!(checked(&stored(&[("a", &part)])).is_ok());
        assert!(is_bomb(&stored(&[("a", &part), ("b", &part)])));
    }

    #[test]
    fn three_within_one_another_are_enough() {
        let mut bytes = deflated(&[("a.txt", b"hola")]);
        for _ in 0..DEEPEST {
            bytes = deflated(&[("a.zip", &bytes)]);
            assert!(checked(&bytes).is_ok());
        }
        assert!(is_bomb(&deflated(&[("a.zip", &bytes)])));
    }

    #[test]
    fn what_cannot_be_measured_is_refused_and_a_cut_log_is_not() {
        for sign in CLOSED {
            let found = checked(&stored(&[("a.dat", sign)]));
            assert!(matches!(found, Err(ArchiveError::Unmeasurable)), "{sign:?}");
        }
        let log = gzip(&[b'x'; 4000]);
        assert!(checked(&stored(&[("a.gz", &log), ("cut.gz", &log[..log.len() - 9])])).is_ok());
    }

    #[test]
    fn time_is_spent_too() {
        let bytes = stored(&[("a.txt", b"hola")]);
        let (spool, until) = (std::env::temp_dir(), Instant::now().checked_sub(Duration::from_millis(1)).unwrap());
        let mut nest = Nest { spool: &spool, bytes: most(100), entries: 9, until };
        let found = nest.archive(&mut Cursor::new(&bytes), bytes.len() as u64, 0, &mut |_| ());
        assert!(matches!(found, Err(ArchiveError::Bomb)));
    }
}

//! The compound files of older Office programs ([MS-CFB]), as far as telling them apart needs.

use std::io::{self, ErrorKind, Read};

/// How they begin.
pub const SIGN: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// The length of an entry of the directory, and what it stands at a multiple of.
const ENTRY: usize = 128;

/// Whether a compound file has a stream of one of these names. Entries stand at multiples of their length wherever their
/// sector is, so each place is looked at, and no table that a file could lie in is followed.
pub fn has_stream(file: &mut impl Read, names: &[&str]) -> io::Result<bool> {
    let names: Vec<Vec<u8>> =
        names.iter().map(|name| name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()).collect();
    let mut entry = [0; ENTRY];
    loop {
        match file.read_exact(&mut entry) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
            Err(error) => return Err(error),
        }
        // The name, its length with the closing zero, and what the entry is: 2 is a stream.
        let [.., length, more, 2] = entry.first_chunk::<67>().unwrap_or(&[0; 67]) else { continue };
        let length = usize::from(u16::from_le_bytes([*length, *more]));
        if names.iter().any(|name| name.len() == length && entry.starts_with(name)) {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header and one entry of a directory.
    fn file(name: &str, kind: u8) -> Vec<u8> {
        let mut bytes = vec![0; 512 + ENTRY];
        bytes[..8].copy_from_slice(&SIGN);
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        bytes[512..512 + name.len()].copy_from_slice(&name);
        bytes[512 + 64] = u8::try_from(name.len()).unwrap();
        bytes[512 + 66] = kind;
        bytes
    }

    #[test]
    fn a_stream_is_found_by_its_name() {
        let found = |bytes: &[u8], names: &[&str]| has_stream(&mut &*bytes, names).unwrap();
        assert!(found(&file("WordDocument", 2), &["WordDocument"]));
        assert!(found(&file("Book", 2), &["Workbook", "Book"]));
        assert!(!found(&file("WordDocument2", 2), &["WordDocument"]));
        assert!(!found(&file("WordDocument", 1), &["WordDocument"]));
        assert!(!found(&[0; 1000], &["WordDocument"]));
    }
}

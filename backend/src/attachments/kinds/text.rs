//! Text: UTF-8, UTF-16 with its mark, or one of the older sets of 256 characters.

use std::io::{self, Read};

/// How a file that is no text begins, though it may hold no byte that text cannot.
const OTHERS: [&[u8]; 2] = [b"%PDF-", b"{\\rtf"];

/// Whether all of it is text: no NUL and none of the control characters that text does not use.
pub fn is_text(file: &mut impl Read) -> io::Result<bool> {
    let mut block = vec![0; 64 * 1024];
    let mut filled = fill(file, &mut block)?;
    let head = block.get(..filled).unwrap_or_default();
    if OTHERS.iter().any(|sign| head.starts_with(sign)) {
        return Ok(false);
    }
    let wide = match head {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
        _ => None,
    };
    loop {
        let bytes = block.get(..filled).unwrap_or_default();
        let fine = match wide {
            // Blocks are filled, so pairs are only cut where the file ends in the middle of one.
            Some(unit) => {
                let pairs = bytes.chunks_exact(2);
                pairs.remainder().is_empty() && pairs.filter_map(|pair| pair.try_into().ok()).map(unit).all(is_used)
            }
            None => bytes.iter().all(|&byte| is_used(byte.into())),
        };
        if !fine {
            return Ok(false);
        }
        if filled < block.len() {
            return Ok(true);
        }
        filled = fill(file, &mut block)?;
    }
}

/// A control character is used in text when it sets it (tab, line, page, backspace), rings, begins a terminal's colour or
/// ends a file of DOS.
fn is_used(unit: u16) -> bool {
    unit >= 0x20 || matches!(unit, 0x07..=0x0D | 0x1A | 0x1B)
}

/// Reads until the block is full or the file at its end.
fn fill(file: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: impl AsRef<[u8]>) -> bool {
        is_text(&mut bytes.as_ref()).unwrap()
    }

    #[test]
    fn what_people_call_text_is_text() {
        assert!(text("línea\r\n\tuna\u{feff}"));
        assert!(text(b"caf\xe9 de 1998\n"));
        assert!(text("\u{1b}[31mERROR\u{1b}[0m\n"));
        assert!(text("<html><script>alert(1)</script></html>"));
        let wide: Vec<u8> = "\u{feff}Año 😀\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(text(wide));
        assert!(text("x".repeat(200_000)));
    }

    #[test]
    fn what_is_not_is_not() {
        assert!(!text(b"MZ\x90\0\x03"));
        assert!(!text(b"\x7fELF\x02\x01\x01\0"));
        assert!(!text(b"%PDF-1.7\n"));
        assert!(!text(format!("{}\0", "x".repeat(200_000))));
        assert!(!text(b"\xff\xfea\0\0\0"));
        assert!(!text(b"\xff\xfea\0b"));
    }
}

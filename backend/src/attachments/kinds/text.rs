//! Text: UTF-8, UTF-16 with its mark, or one of the older sets of 256 characters.

use std::io::{self, Read};

/// How a file that is no text begins, in small letters, though it may hold no byte that text cannot.
const OTHERS: [&[u8]; 8] =
    [b"%pdf-", b"{\\rtf", b"<svg", b"<!doctype svg", b"<!doctype html", b"<html", b"%!ps", b"#!"];
/// How much of its beginning is looked at for what it is, in characters.
const BEGINNING: usize = 512;

/// Whether all of it is text: no NUL and none of the control characters that text does not use.
pub fn is_text(file: &mut impl Read) -> io::Result<bool> {
    let mut block = vec![0; 64 * 1024];
    let mut filled = fill(file, &mut block)?;
    let head = block.get(..filled).unwrap_or_default();
    let wide = match head {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
        _ => None,
    };
    if is_other(head, wide) {
        return Ok(false);
    }
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

/// Whether it begins, behind its mark and white space, like a page, a drawing, a script or a document.
fn is_other(head: &[u8], wide: Option<fn([u8; 2]) -> u16>) -> bool {
    let narrow: Vec<u8> = match wide {
        Some(unit) => {
            let pairs = head.chunks_exact(2).skip(1).filter_map(|pair| pair.try_into().ok());
            pairs.map(|pair| u8::try_from(unit(pair)).unwrap_or(b'?')).collect()
        }
        None => head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).to_vec(),
    };
    let start: Vec<u8> = narrow.trim_ascii_start().iter().take(BEGINNING).map(u8::to_ascii_lowercase).collect();
    let drawn = start.starts_with(b"<?xml") && start.windows(4).any(|four| four == b"<svg");
    drawn || OTHERS.iter().any(|sign| start.starts_with(sign))
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
        assert!(text("GET / 200\n<html><svg>\n#!/bin/sh\n%!PS\n"));
        assert!(text("<?xml version=\"1.0\"?><nota/>"));
        let wide: Vec<u8> = "\u{feff}Año 😀\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(text(wide));
        assert!(text("x".repeat(200_000)));
    }

    #[test]
    fn what_is_not_is_not() {
        assert!(!text(b"MZ\x90\0\x03"));
        assert!(!text(b"\x7fELF\x02\x01\x01\0"));
        for other in
            ["%PDF-1.7", "<SVG onload=a()>", "<?xml?>\n<svg/>", "<!DOCTYPE html>", "<Html>", "%!PS-Adobe", "#!/bin/sh"]
        {
            assert!(!text(other) && !text(format!("\u{feff}\r\n {other}")), "{other}");
            let wide: Vec<u8> = format!("\u{feff}{other}").encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert!(!text(wide), "{other}");
        }
        assert!(!text(format!("{}\0", "x".repeat(200_000))));
        assert!(!text(b"\xff\xfea\0\0\0"));
        assert!(!text(b"\xff\xfea\0b"));
    }
}

//! Text: UTF-8, UTF-16 with its mark, or one of the older sets of 256 characters.

use std::io::{self, Read};

/// How a file that is no text begins, in small letters, though it may hold no byte that text cannot.
const OTHERS: [&[u8]; 5] = [b"%pdf-", b"{\\rtf", b"%!ps", b"#!", b"<?php"];
/// The first tag of a page or a drawing, in small letters.
const TAGS: [&[u8]; 5] = [b"html", b"head", b"body", b"script", b"svg"];
/// How much of the beginning of what says that it is XML is looked through for a drawing, in characters.
const BEGINNING: usize = 512;
/// The mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// The mark of UTF-16.
const WIDE_MARK: u16 = 0xFEFF;

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

/// Whether it begins, behind marks and white space, like a page, a drawing, a script or a document.
fn is_other(head: &[u8], wide: Option<fn([u8; 2]) -> u16>) -> bool {
    let narrow: Vec<u8> = match wide {
        Some(unit) => {
            let pairs = head.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
            pairs.map(unit).filter(|&unit| unit != WIDE_MARK).map(|unit| u8::try_from(unit).unwrap_or(b'?')).collect()
        }
        None => head.to_vec(),
    };
    let small = narrow.to_ascii_lowercase();
    let start = shown(&small);
    let xml = start.get(..BEGINNING).unwrap_or(start);
    let is_drawn = xml.starts_with(b"<?xml") && xml.windows(4).any(|four| four == b"<svg");
    is_drawn || OTHERS.iter().any(|sign| start.starts_with(sign)) || is_page(start)
}

/// What is behind the marks and white space that a text begins with.
fn shown(mut text: &[u8]) -> &[u8] {
    loop {
        text = text.trim_ascii_start();
        match text.strip_prefix(MARK) {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

/// Whether the first tag is one of a page or a drawing: what a browser reads over before it (comments, instructions, other
/// types, ends of what never began) is read over here. Of such that does not end, or not where it should, nobody knows what
/// it hides.
fn is_page(mut text: &[u8]) -> bool {
    loop {
        let ends: &[&[u8]] = match text {
            [b'<', b'!', b'-', b'-', ..] => &[b"-->", b"--!>"],
            // An instruction ends in HTML with the first `>`, in XML with `?>`: one is only read over when that is the same.
            [b'<', b'?' | b'/', ..] => &[b">"],
            [b'<', b'!', ..] if !says_type(text) => &[b">"],
            _ => return says_type(text),
        };
        let Some(end) = end_of(text, ends) else { return true };
        let (over, rest) = text.split_at(end);
        let ends_early = over.starts_with(b"<?") && !over.ends_with(b"?>");
        let has_more = over.starts_with(b"<!doctype") && over.contains(&b'[');
        if ends_early || has_more {
            return true;
        }
        text = shown(rest);
    }
}

/// Whether a tag, or the type that a text says it has, is one of a page or a drawing.
fn says_type(text: &[u8]) -> bool {
    let name = match text.strip_prefix(b"<!doctype") {
        Some(rest) => rest.trim_ascii_start(),
        None => text.strip_prefix(b"<").unwrap_or_default(),
    };
    // In XML a name may have a prefix of the author's choice.
    let is_of_a_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.');
    let name = name.split(|byte| !is_of_a_name(byte)).next().unwrap_or_default();
    let local = name.rsplit(|&byte| byte == b':').next().unwrap_or_default();
    TAGS.contains(&local)
}

/// Where the first of these is over.
fn end_of(text: &[u8], ends: &[&[u8]]) -> Option<usize> {
    (0..text.len()).find_map(|at| {
        let rest = text.get(at..).unwrap_or_default();
        ends.iter().find(|end| rest.starts_with(end)).map(|end| at + end.len())
    })
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
        assert!(text("2026-01-02 <body> sent\n<script>alert(1)</script>\n"));
        for fine in
            ["<header>\n", "<script-1> ok\n", "<!-- nota -->\nhola <svg>", "< html", "<html-5>", "a <!-- <html>"]
        {
            assert!(text(fine), "{fine}");
        }
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
        for tag in ["<script>", "<Head>", "<body onload=a()>", "<svg:svg xmlns:svg='x'>", "<!DOCTYPE\nhtml>", "<html"] {
            for before in [
                "",
                "<!-- nota -->\n",
                "<!--> <!---> <!-- a --!>",
                "\u{feff} <?xml version='1.0'?>\r\n<!-- <p> -->\u{feff}",
                "<?a?><!DOCTYPE nota></p>",
                // Hidden from whoever reads it as XML, not from whoever reads it as HTML; and the other way around.
                "<?a>",
                "<!DOCTYPE nota [<!ENTITY a \"b\">]>",
                "<!-- without an end ",
            ] {
                assert!(!text(format!("{before}{tag}")), "{before}{tag}");
            }
        }
        assert!(!text(format!("{}\0", "x".repeat(200_000))));
        assert!(!text(b"\xff\xfea\0\0\0"));
        assert!(!text(b"\xff\xfea\0b"));
    }
}

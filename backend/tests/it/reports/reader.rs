//! Reads a document's text as a person's reader does: by what its glyphs are said to mean, and where that is not enough,
//! by what is said to stand there.

use std::collections::HashMap;

use lopdf::{Document, Object, ObjectId, content::Content};

/// The text of each page, a line for each piece that was put somewhere.
pub fn pages(document: &Document) -> Vec<String> {
    document.get_pages().values().map(|page| page_text(document, *page, true)).collect()
}

/// The same, as some readers have it: by what the glyphs are said to mean, and by nothing else.
pub fn by_glyphs(document: &Document) -> Vec<String> {
    document.get_pages().values().map(|page| page_text(document, *page, false)).collect()
}

fn page_text(document: &Document, page: ObjectId, listens: bool) -> String {
    let fonts: HashMap<Vec<u8>, HashMap<u16, String>> = document
        .get_page_fonts(page)
        .unwrap()
        .into_iter()
        .map(|(name, font)| {
            let map = font.get(b"ToUnicode").and_then(|map| document.dereference(map)).unwrap().1;
            (name, meanings(&map.as_stream().unwrap().decompressed_content().unwrap()))
        })
        .collect();
    let content = Content::decode(&document.get_page_content(page)).unwrap();
    let mut text = String::new();
    let mut font = &HashMap::new();
    let mut told = false;
    for operation in &content.operations {
        match operation.operator.as_str() {
            "BT" => text.push('\n'),
            "Tf" => font = &fonts[operation.operands[0].as_name().unwrap()],
            "BDC" if listens => {
                let properties = operation.operands[1].as_dict().unwrap();
                let bytes = properties.get(b"ActualText").and_then(Object::as_str).unwrap();
                text.push_str(&decoded(bytes));
                told = true;
            }
            "EMC" => told = false,
            "Tj" | "TJ" if !told => {
                let shown = match &operation.operands[0] {
                    Object::Array(items) => items.clone(),
                    other => vec![other.clone()],
                };
                for bytes in shown.iter().filter_map(|item| item.as_str().ok()) {
                    for number in bytes.chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]])) {
                        match font.get(&number) {
                            Some(meaning) => text.push_str(meaning),
                            None => assert!(!listens, "glyph {number} means nothing"),
                        }
                    }
                }
            }
            _ => {}
        }
    }
    text
}

/// A text string of a document: UTF-16 with its mark, or ASCII.
fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xFE\xFF") {
        Some(units) => {
            let units = units.chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            char::decode_utf16(units).map(Result::unwrap).collect()
        }
        None => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// Which glyph means what, by a font's own table.
fn meanings(map: &[u8]) -> HashMap<u16, String> {
    let map = String::from_utf8_lossy(map);
    let mut all = HashMap::new();
    for part in map.split("beginbfchar").skip(1) {
        let part = part.split("endbfchar").next().unwrap();
        for line in part.lines().filter(|line| line.contains('<')) {
            let mut codes = line.split(['<', '>']).filter(|code| !code.trim().is_empty());
            let (number, text) = (codes.next().unwrap(), codes.next().unwrap());
            let units = text
                .as_bytes()
                .chunks(4)
                .map(|four| u16::from_str_radix(std::str::from_utf8(four).unwrap(), 16).unwrap());
            let text: String = char::decode_utf16(units).map(Result::unwrap).collect();
            all.insert(u16::from_str_radix(number, 16).unwrap(), text);
        }
    }
    all
}

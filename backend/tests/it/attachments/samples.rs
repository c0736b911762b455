//! Files of every kind, made small.

use std::io::{Cursor, Write};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use zip::{ZipWriter, write::SimpleFileOptions};

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    picture(width, height, ImageFormat::Png)
}

/// A JPEG that says where and how it was taken: a quarter turn, and words of the camera.
pub fn photo(width: u32, height: u32) -> Vec<u8> {
    let plain = picture(width, height, ImageFormat::Jpeg);
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS-SECRET";
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1];
    bytes.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend_from_slice(exif);
    bytes.extend_from_slice(&plain[2..]);
    bytes
}

pub fn gif() -> Vec<u8> {
    picture(9, 5, ImageFormat::Gif)
}

pub fn webp() -> Vec<u8> {
    picture(9, 5, ImageFormat::WebP)
}

/// A PNG of a few bytes that claims a size.
pub fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(1, 1);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// The same, and as long as a file is that holds so many pixels of one colour: in a chunk that readers skip.
pub fn long_png_claiming(width: u32, height: u32, length: u32) -> Vec<u8> {
    let mut chunk = b"juNk".to_vec();
    chunk.resize(4 + length as usize, 0);
    let mut bytes = png_claiming(width, height);
    let sum = crc32(&chunk).to_be_bytes();
    bytes.splice(33..33, [&length.to_be_bytes()[..], &chunk, &sum].concat());
    bytes
}

/// ISO 3309.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

pub fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
      trailer<</Root 1 0 R>>\n%%EOF\n"
        .to_vec()
}

/// A zip archive whose files are not packed.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let sized: Vec<(&str, &[u8], u32)> = files.iter().map(|&(name, bytes)| (name, bytes, bytes.len() as u32)).collect();
    zip_claiming(&sized)
}

/// A zip archive whose directory says that its files unpack to these sizes.
pub fn zip_claiming(files: &[(&str, &[u8], u32)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for &(name, bytes, unpacked) in files {
        let at = archive.len() as u32;
        let mut common = Vec::new();
        common.extend_from_slice(&[0, 0, if bytes.len() as u32 == unpacked { 0 } else { 8 }, 0, 0, 0, 0, 0]);
        common.extend_from_slice(&crc32(bytes).to_le_bytes());
        common.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        common.extend_from_slice(&unpacked.to_le_bytes());
        common.extend_from_slice(&(name.len() as u16).to_le_bytes());
        archive.extend_from_slice(b"PK\x03\x04\x14\0");
        archive.extend_from_slice(&common);
        archive.extend_from_slice(&[0, 0]);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(bytes);
        directory.extend_from_slice(b"PK\x01\x02\x14\0\x14\0");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 12]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (start, length, count) = (archive.len() as u32, directory.len() as u32, files.len() as u16);
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&length.to_le_bytes());
    archive.extend_from_slice(&start.to_le_bytes());
    archive.extend_from_slice(&[0, 0]);
    archive
}

/// A zip archive of one file of zeros, packed as zip programs do.
pub fn zip_of_zeros(size: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("ceros.bin", SimpleFileOptions::default()).unwrap();
    writer.write_all(&vec![0; size]).unwrap();
    writer.finish().unwrap().into_inner()
}

/// The same archive with other bytes some way behind the first place where a sign stands.
pub fn patched(mut archive: Vec<u8>, sign: &[u8], behind: usize, bytes: &[u8]) -> Vec<u8> {
    let at = archive.windows(sign.len()).position(|found| found == sign).unwrap() + behind;
    archive[at..at + bytes.len()].copy_from_slice(bytes);
    archive
}

/// The same archive, whose first file is said to be packed by another method (APPNOTE 4.4.5), by itself and by the directory.
pub fn packed_by(method: u8, archive: &[u8]) -> Vec<u8> {
    let own = patched(archive.to_vec(), b"PK\x03\x04", 8, &[method]);
    patched(own, b"PK\x01\x02", 10, &[method])
}

pub fn docx() -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")])
}

pub fn xlsx() -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")])
}

pub fn odt() -> Vec<u8> {
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<office:document-content/>")])
}

pub fn ods() -> Vec<u8> {
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")])
}

/// A compound file with one stream of this name.
pub fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    let name: Vec<u8> = stream.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    bytes[512..512 + name.len()].copy_from_slice(&name);
    bytes[512 + 64] = name.len() as u8;
    bytes[512 + 66] = 2;
    bytes
}

/// A program of Windows, as far as its beginning tells.
pub fn program() -> Vec<u8> {
    let mut bytes = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8".to_vec();
    bytes.extend_from_slice(&[0; 200]);
    bytes.extend_from_slice(b"PE\0\0L\x01This program cannot be run in DOS mode.");
    bytes
}

pub const SVG: &[u8] =
    b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";

//! Where a picture ends: a file that goes on behind it is also something else.

use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};

use image::ImageFormat;

/// Whether a PNG or GIF goes on behind its end with more than padding. A JPEG may: telephones keep a film behind theirs.
/// One that is cut is left to whoever decodes it.
pub fn goes_on(file: &mut (impl Read + Seek), format: ImageFormat) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(file);
    let ended = match format {
        ImageFormat::Png => end_of_png(&mut reader),
        ImageFormat::Gif => end_of_gif(&mut reader),
        _ => return Ok(false),
    };
    match ended {
        Ok(true) => {}
        Ok(false) => return Ok(false),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
        Err(error) => return Err(error),
    }
    for byte in reader.bytes() {
        if !matches!(byte?, 0 | b'\r' | b'\n') {
            return Ok(true);
        }
    }
    Ok(false)
}

fn bytes<const LENGTH: usize>(reader: &mut impl Read) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn end_of_png<F: Read + Seek>(reader: &mut BufReader<F>) -> io::Result<bool> {
    bytes::<8>(reader)?;
    loop {
        let length = u32::from_be_bytes(bytes(reader)?);
        let name: [u8; 4] = bytes(reader)?;
        reader.seek_relative(i64::from(length) + 4)?;
        if &name == b"IEND" {
            return Ok(true);
        }
    }
}

fn end_of_gif<F: Read + Seek>(reader: &mut BufReader<F>) -> io::Result<bool> {
    let [.., flags, _, _] = bytes::<13>(reader)?;
    skip_colours(reader, flags)?;
    loop {
        match bytes(reader)? {
            [0x3B] => return Ok(true),
            [0x21] => reader.seek_relative(1)?,
            [0x2C] => {
                let [.., flags] = bytes::<9>(reader)?;
                skip_colours(reader, flags)?;
                reader.seek_relative(1)?;
            }
            _ => return Ok(false),
        }
        loop {
            let [length] = bytes(reader)?;
            if length == 0 {
                break;
            }
            reader.seek_relative(i64::from(length))?;
        }
    }
}

fn skip_colours<F: Read + Seek>(reader: &mut BufReader<F>, flags: u8) -> io::Result<()> {
    if flags & 0x80 == 0 { Ok(()) } else { reader.seek_relative(6 << (flags & 7)) }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_stands_behind_the_end_is_seen() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82".as_slice();
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;".as_slice();
        for (whole, format) in [(png, ImageFormat::Png), (gif, ImageFormat::Gif)] {
            let found = |more: &[u8]| goes_on(&mut Cursor::new([whole, more].concat()), format).unwrap();
            assert!(!found(b"") && !found(b"\0\0\n"));
            assert!(found(b"MZ\x90\0"));
            assert!(!goes_on(&mut Cursor::new(&whole[..9]), format).unwrap());
        }
    }
}

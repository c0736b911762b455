//! Pictures to send.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// A PNG whose middle square is green and whose margins are red.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    picture(width, height, ImageFormat::Png)
}

/// The same in another format.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let side = width.min(height);
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let middle = (left..left + side).contains(&x) && (top..top + side).contains(&y);
        if middle { Rgb([0, 180, 0]) } else { Rgb([200, 0, 0]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A whole PNG, all black and transparent, of 16 bits in four channels: a few hundred kilobytes, whatever it unpacks to.
pub fn deep_png(width: u32, height: u32) -> Vec<u8> {
    let mut rows = (u64::from(width) * 8 + 1) * u64::from(height);
    // A megabyte of zeros that ends at a byte can be repeated.
    let piece = |length: usize, flush| {
        let mut packer = flate2::Compress::new(flate2::Compression::best(), false);
        let mut packed = Vec::with_capacity(64 * 1024);
        packer.compress_vec(&vec![0; length], &mut packed, flush).unwrap();
        packed
    };
    let megabyte = piece(1 << 20, flate2::FlushCompress::Sync);
    let mut data = vec![0x78, 0x9C];
    let sum = (u32::try_from(rows % 65_521).unwrap() << 16) | 1;
    while rows > 1 << 20 {
        data.extend_from_slice(&megabyte);
        rows -= 1 << 20;
    }
    data.extend_from_slice(&piece(usize::try_from(rows).unwrap(), flate2::FlushCompress::Finish));
    data.extend_from_slice(&sum.to_be_bytes());
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[16, 6, 0, 0, 0]].concat();
    for (name, content) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        bytes.extend_from_slice(&u32::try_from(content.len()).unwrap().to_be_bytes());
        let named = [&name[..], &content].concat();
        bytes.extend_from_slice(&named);
        let mut crc = flate2::Crc::new();
        crc.update(&named);
        bytes.extend_from_slice(&crc.sum().to_be_bytes());
    }
    bytes
}

/// A whole JPEG of one colour whose blocks are not written one after the other: a progressive one, of its first scan alone.
pub fn progressive_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8];
    bytes.extend_from_slice(&[0xFF, 0xDB, 0, 67, 0]);
    bytes.extend_from_slice(&[8; 64]);
    bytes.extend_from_slice(&[0xFF, 0xC2, 0, 17, 8]);
    bytes.extend_from_slice(&height.to_be_bytes());
    bytes.extend_from_slice(&width.to_be_bytes());
    bytes.extend_from_slice(&[3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    // Two codes: 0 for a block like the one before, 10 for one that differs by a number of six bits.
    bytes.extend_from_slice(&[0xFF, 0xC4, 0, 21, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6]);
    bytes.extend_from_slice(&[0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0]);
    // The first block: 10 100000 of each component. Then nothing but zeros, three for each block.
    bytes.extend_from_slice(&[0b1010_0000; 3]);
    let blocks = usize::from(width.div_ceil(8)) * usize::from(height.div_ceil(8)) - 1;
    bytes.resize(bytes.len() + (blocks * 3).div_ceil(8), 0);
    bytes.extend_from_slice(&[0xFF, 0xD9]);
    bytes
}

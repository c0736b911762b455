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

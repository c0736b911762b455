//! Pictures people send: read within limits, turned upright, written anew without what their cameras added.
//!
//! A few bytes can claim a picture that fills the memory. So the size is read from the header first, and what is larger
//! than [`MAX_PIXELS`] is refused before a pixel is decoded; the decoder's own allocations are limited as well.
//! Everything here computes: call it through [`in_turn`], which keeps the workers free and the memory bounded.

use std::{
    io::Cursor,
    sync::{Arc, LazyLock},
};

use actix_web::web::block;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
    RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::{self, FilterType},
};
use thiserror::Error;
use tokio::sync::Semaphore;

/// The largest picture that is decoded, in pixels: what today's telephones take at their best.
pub const MAX_PIXELS: u64 = 50_000_000;

/// The longest side that is decoded, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// What a decoder may allocate, in bytes: [`MAX_PIXELS`] of eight bits in four channels.
const MAX_DECODED: u64 = MAX_PIXELS * 4;

/// The quality of the JPEGs written here, of 100.
const QUALITY: u8 = 82;

/// Decoding takes up to [`MAX_DECODED`] bytes, so one picture at a time.
static TURN: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

/// Why a picture cannot be used.
#[derive(Debug, Error)]
pub enum PictureError {
    /// Not a PNG, JPEG, GIF or WebP, or a damaged one.
    #[error("not a picture that can be read: {0}")]
    Unreadable(String),
    /// It claims more pixels than are decoded.
    #[error("larger than {MAX_PIXELS} pixels")]
    TooLarge,
    /// The server could not do it now.
    #[error("the picture could not be worked on: {0}")]
    Interrupted(String),
}

impl From<ImageError> for PictureError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            error => Self::Unreadable(error.to_string()),
        }
    }
}

/// A picture written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/png` when it has transparent parts, else `image/jpeg`.
    pub media_type: &'static str,
}

/// Does work on pictures away from the workers, one after another.
pub async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PictureError> + Send + 'static,
) -> Result<T, PictureError> {
    let interrupted = |error: &dyn std::error::Error| PictureError::Interrupted(error.to_string());
    let turn = TURN.clone().acquire_owned().await.map_err(|error| interrupted(&error))?;
    block(move || {
        let _turn = turn;
        work()
    })
    .await
    .map_err(|error| interrupted(&error))?
}

/// The size a picture claims, without decoding it.
pub fn size(bytes: &[u8]) -> Result<(u32, u32), PictureError> {
    let (width, height) = reader(bytes)?.into_dimensions()?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(PictureError::TooLarge);
    }
    Ok((width, height))
}

/// Decodes a picture and turns it as its camera was held.
pub fn decode(bytes: &[u8]) -> Result<DynamicImage, PictureError> {
    size(bytes)?;
    let mut decoder = reader(bytes)?.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// As large as fits into a square of that side; a small picture stays as it is.
pub fn within(picture: &DynamicImage, side: u32) -> Result<Written, PictureError> {
    if picture.width().max(picture.height()) <= side {
        return write(picture);
    }
    write(&picture.resize(side, side, FilterType::CatmullRom))
}

/// The middle of a picture, as a square of that side.
pub fn square(picture: &DynamicImage, side: u32) -> Result<Written, PictureError> {
    write(&picture.resize_to_fill(side, side, FilterType::CatmullRom))
}

/// A picture as PNG, whatever it was, as large as fits into a box.
pub fn png_within(picture: &DynamicImage, width: u32, height: u32) -> Result<Vec<u8>, PictureError> {
    if picture.width() <= width && picture.height() <= height {
        return write_png(picture);
    }
    write_png(&picture.resize(width, height, FilterType::CatmullRom))
}

/// A whole picture in a square of that side, as PNG, with nothing where it does not reach.
pub fn icon(picture: &DynamicImage, side: u32) -> Result<Vec<u8>, PictureError> {
    let fitted = picture.resize(side, side, FilterType::CatmullRom).to_rgba8();
    let mut square = RgbaImage::new(side, side);
    let middle = |length: u32| i64::from(side.saturating_sub(length) / 2);
    imageops::overlay(&mut square, &fitted, middle(fitted.width()), middle(fitted.height()));
    write_png(&square.into())
}

fn reader(bytes: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, PictureError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(ImageError::from)?;
    match reader.format() {
        Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP) => {}
        _ => return Err(PictureError::Unreadable("an unknown kind of picture".to_owned())),
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    Ok(reader)
}

fn write(picture: &DynamicImage) -> Result<Written, PictureError> {
    if picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX) {
        return Ok(Written { bytes: write_png(picture)?, media_type: "image/png" });
    }
    let rgb = picture.to_rgb8();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).write_image(
        rgb.as_raw(),
        rgb.width(),
        rgb.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(Written { bytes, media_type: "image/jpeg" })
}

fn write_png(picture: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let rgba = picture.to_rgba8();
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(rgba.as_raw(), rgba.width(), rgba.height(), ExtendedColorType::Rgba8)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba};

    use super::*;

    fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
        write_png(&picture.into()).unwrap()
    }

    /// A PNG of a few bytes that claims a size.
    fn claiming(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = png(RgbImage::new(1, 1));
        // The header's data starts after the signature, its length and its name.
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        bytes
    }

    /// The sum a PNG chunk ends with (ISO 3309).
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
        })
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        assert!(matches!(decode(&claiming(20_000, 20_000)), Err(PictureError::TooLarge)));
        assert!(matches!(decode(&claiming(8_000, 8_000)), Err(PictureError::TooLarge)));
        assert!(matches!(size(&claiming(7_000, 7_000)), Ok((7_000, 7_000))));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(), b"MZ", b"", b"\x89PNG\r\n\x1a\n"] {
            assert!(matches!(decode(bytes), Err(PictureError::Unreadable(_))));
        }
    }

    #[test]
    fn a_square_is_cut_from_the_middle() {
        let wide =
            RgbImage::from_fn(
                300,
                100,
                |x, _| if (100..200).contains(&x) { Rgb([0, 200, 0]) } else { Rgb([200, 0, 0]) },
            );
        let written = square(&wide.into(), 50).unwrap();
        let read = decode(&written.bytes).unwrap().to_rgb8();
        assert_eq!((read.width(), read.height()), (50, 50));
        assert!(read.get_pixel(25, 25).0[1] > 150);
        assert!(read.get_pixel(5, 25).0[1] > 150);
    }

    #[test]
    fn an_icon_holds_the_whole_picture() {
        let wide = RgbImage::from_pixel(40, 10, Rgb([200, 0, 0]));
        let read = decode(&icon(&wide.into(), 64).unwrap()).unwrap().to_rgba8();
        assert_eq!((read.width(), read.height()), (64, 64));
        assert_eq!(read.get_pixel(32, 2).0[3], 0);
        assert_eq!(read.get_pixel(1, 32).0, [200, 0, 0, 255]);
        assert_eq!(read.get_pixel(62, 32).0, [200, 0, 0, 255]);
    }

    #[test]
    fn transparency_decides_the_kind() {
        assert_eq!(write(&RgbaImage::from_pixel(2, 2, Rgba([1, 2, 3, 255])).into()).unwrap().media_type, "image/jpeg");
        assert_eq!(write(&RgbaImage::from_pixel(2, 2, Rgba([1, 2, 3, 90])).into()).unwrap().media_type, "image/png");
    }

    #[test]
    fn a_picture_stands_as_its_camera_was_held_and_forgets_the_camera() {
        // A JPEG, 2 wide and 1 high, with an EXIF block: orientation 6, a quarter turn.
        let plain = within(
            &RgbImage::from_fn(16, 8, |x, _| if x < 8 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) }).into(),
            16,
        )
        .unwrap()
        .bytes;
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut turned = vec![0xFF, 0xD8, 0xFF, 0xE1];
        turned.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        turned.extend_from_slice(exif);
        turned.extend_from_slice(&plain[2..]);
        let picture = decode(&turned).unwrap();
        assert_eq!((picture.width(), picture.height()), (8, 16));
        let written = within(&picture, 16).unwrap();
        assert!(!written.bytes.windows(4).any(|four| four == b"Exif"));
    }
}

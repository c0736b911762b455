//! Pictures people send: read within limits, turned upright, written anew without what their cameras added.
//!
//! A few bytes can claim a picture that fills the memory. So what decoding one takes is counted from its header first
//! ([`cost`]), and what takes more than [`MAX_DECODED`] is decoded row after row and smaller, where it can be, and else not at
//! all. Of what is decoded no copy is made before it is small: it is cut, shrunk and only then turned.
//! Everything here computes: call it through [`turns`], which keeps the workers free and the memory bounded.

mod cost;
mod jpeg;
mod png_decoder;
pub mod turns;

use std::io::{BufRead, Cursor, Seek, SeekFrom};

use image::{
    DynamicImage, ExtendedColorType, GenericImageView, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, Limits, RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::{self, FilterType},
    metadata::Orientation,
};
use thiserror::Error;

use self::{cost::Beside, jpeg::Jpeg};

/// What decoding a picture may take, in bytes, with all that its decoder keeps beside the pixels: most telephones make 12
/// megapixels, of three bytes. One that takes more is decoded smaller, where its rows come in their order. One is decoded at a
/// time: this is what pictures take beside all that arrives meanwhile.
pub const MAX_DECODED: u64 = 36 * 1024 * 1024;

/// How many pixels are decoded at all: some seconds' work. The largest sensors of telephones have more, and make such pictures
/// only where they are told to.
const MAX_WORK: u64 = 64_000_000;

/// The longest side that a picture may claim, in pixels: the longest that a JPEG can have.
const MAX_SIDE: u32 = 65_535;

/// How many pixels a byte of a file may claim when there are more than are decoded. A real picture of one colour has
/// some hundreds.
const MAX_PIXELS_PER_BYTE: u64 = 1000;

/// How many pixels a picture may claim, whatever its file holds: more than any camera has. A megabyte of one colour can be
/// more.
const MAX_PIXELS: u64 = 250_000_000;

/// The quality of the JPEGs written here, of 100.
const QUALITY: u8 = 82;

/// Why a picture cannot be used.
#[derive(Debug, Error)]
pub enum PictureError {
    /// Not a PNG, JPEG, GIF or WebP, or a damaged one.
    #[error("not a picture that can be read: {0}")]
    Unreadable(String),
    /// It is larger than what is decoded here, and may be a good picture all the same: whoever attaches it attaches it unopened.
    /// So is a PNG of one colour with up to [`MAX_PIXELS`], of which 15,000 × 15,000 are 650 kB. It costs nothing here, and
    /// whoever downloads it opens it at their own risk.
    #[error("decoding it takes more than {MAX_DECODED} bytes")]
    TooLarge,
    /// It claims what no file of its size can hold.
    #[error("it claims an absurd size")]
    Bomb,
    /// The server could not do it now.
    #[error("the picture could not be worked on: {0}")]
    Interrupted(String),
}

impl From<ImageError> for PictureError {
    fn from(error: ImageError) -> Self {
        match error {
            // Its claims are checked before: a frame that needs a place of its own.
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

/// A picture as it was decoded, and how its camera was held.
#[derive(Debug)]
pub struct Picture {
    pixels: DynamicImage,
    orientation: Orientation,
}

impl Picture {
    /// A box that this picture is to fit into once it stands upright, as it is before.
    fn lying(&self, (width, height): (u32, u32)) -> (u32, u32) {
        use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        match self.orientation {
            Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH => (height, width),
            _ => (width, height),
        }
    }

    fn upright(&self, mut small: DynamicImage) -> DynamicImage {
        small.apply_orientation(self.orientation);
        small
    }

    /// Upright, and as large as fits into a box; a small picture keeps its size.
    pub fn fitted(&self, width: u32, height: u32) -> DynamicImage {
        let (most_wide, most_high) = self.lying((width, height));
        let (width, height) = self.pixels.dimensions();
        if width <= most_wide && height <= most_high {
            return self.upright(self.pixels.clone());
        }
        let (width, height) = within_box((width, height), (most_wide, most_high));
        // To twice the size first, which needs no memory; the rest is done well.
        let near = |length: u32, small: u32| length.min(small.saturating_mul(2));
        let near = self.pixels.thumbnail_exact(near(self.pixels.width(), width), near(self.pixels.height(), height));
        self.upright(near.resize_exact(width, height, FilterType::CatmullRom))
    }

    /// The middle, upright, as a square of that side.
    fn squared(&self, side: u32) -> DynamicImage {
        let (width, height) = self.pixels.dimensions();
        let shorter = width.min(height);
        let middle = self.pixels.view((width - shorter) / 2, (height - shorter) / 2, shorter, shorter);
        // Read where it is: a copy of it may be as large as the picture.
        let near = shorter.min(side.saturating_mul(2));
        let small = DynamicImage::from(imageops::thumbnail(&*middle, near, near));
        self.upright(small.resize_exact(side, side, FilterType::CatmullRom))
    }
}

/// The largest size of the same proportions in a box; at least one pixel each way.
fn within_box((width, height): (u32, u32), (most_wide, most_high): (u32, u32)) -> (u32, u32) {
    let (wide, high) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let scaled =
        |length: u64, to: u32, of: u64| u32::try_from((length * u64::from(to) + of / 2) / of).unwrap_or(to).max(1);
    if wide * u64::from(most_high) > high * u64::from(most_wide) {
        (most_wide, scaled(high, most_wide, wide).min(most_high))
    } else {
        (scaled(wide, most_high, high).min(most_wide), most_high)
    }
}

/// Decodes a picture.
pub fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    read(Cursor::new(bytes))
}

/// The same from where it is kept.
pub fn read(mut source: impl BufRead + Seek + Send) -> Result<Picture, PictureError> {
    let broken = |error: std::io::Error| PictureError::Unreadable(error.to_string());
    let length = source.seek(SeekFrom::End(0)).map_err(broken)?;
    source.rewind().map_err(broken)?;
    let format = reader(&mut source)?.format();
    source.rewind().map_err(broken)?;
    match format {
        Some(ImageFormat::Jpeg) => return Jpeg::begin(source)?.decode(length),
        Some(ImageFormat::Png) => return png_decoder::decode(source, length),
        _ => {}
    }
    let beside = cost::beside_pixels(&mut source, length).map_err(broken)?;
    source.rewind().map_err(broken)?;
    let mut decoder = reader(source)?.into_decoder()?;
    let (width, height) = decoder.dimensions();
    let size = Size { width, height, bytes: decoder.total_bytes() };
    size.check(beside, length)?;
    let orientation = decoder.orientation()?;
    // What a frame of its own takes beside the whole.
    decoder.set_limits(limits(MAX_DECODED - size.bytes))?;
    Ok(Picture { pixels: DynamicImage::from_decoder(decoder)?, orientation })
}

/// How large a picture claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    width: u32,
    height: u32,
    /// Of its pixels, once they are decoded.
    bytes: u64,
}

impl Size {
    fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Refuses what nobody makes.
    fn check_claim(self) -> Result<(), PictureError> {
        let absurd = self.width.max(self.height) > MAX_SIDE || self.pixels() > MAX_PIXELS;
        if absurd { Err(PictureError::Bomb) } else { Ok(()) }
    }

    /// Refuses what takes too much, with what its decoder keeps beside the pixels.
    fn check(self, beside: Beside, length: u64) -> Result<(), PictureError> {
        self.check_claim()?;
        let takes = self.bytes.saturating_add(beside.of(self.width, self.height));
        if takes > MAX_DECODED { Err(self.refusal(length)) } else { Ok(()) }
    }

    /// Why one that takes too much is not decoded: that, or that no file of that length can hold it.
    fn refusal(self, length: u64) -> PictureError {
        let absurd = self.pixels() / MAX_PIXELS_PER_BYTE > length;
        if absurd { PictureError::Bomb } else { PictureError::TooLarge }
    }
}

/// As large as fits into a square of that side; a small picture keeps its size.
pub fn within(picture: &Picture, side: u32) -> Result<Written, PictureError> {
    write(&picture.fitted(side, side))
}

/// The middle of a picture, as a square of that side.
pub fn square(picture: &Picture, side: u32) -> Result<Written, PictureError> {
    write(&picture.squared(side))
}

/// A picture as PNG, whatever it was, as large as fits into a box.
pub fn png_within(picture: &Picture, width: u32, height: u32) -> Result<Vec<u8>, PictureError> {
    png(&picture.fitted(width, height))
}

/// A whole picture in a square of that side, as PNG, with nothing where it does not reach.
pub fn icon(picture: &Picture, side: u32) -> Result<Vec<u8>, PictureError> {
    let small = picture.fitted(side, side);
    let (width, height) = within_box(small.dimensions(), (side, side));
    let fitted = small.resize_exact(width, height, FilterType::CatmullRom).to_rgba8();
    let mut square = RgbaImage::new(side, side);
    let middle = |length: u32| i64::from(side.saturating_sub(length) / 2);
    imageops::overlay(&mut square, &fitted, middle(fitted.width()), middle(fitted.height()));
    png(&square.into())
}

fn limits(most: u64) -> Limits {
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (None, None, Some(most));
    limits
}

fn reader<R: BufRead + Seek>(source: R) -> Result<ImageReader<R>, PictureError> {
    let mut reader = ImageReader::new(source).with_guessed_format().map_err(ImageError::from)?;
    match reader.format() {
        Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP) => {}
        _ => return Err(PictureError::Unreadable("an unknown kind of picture".to_owned())),
    }
    reader.limits(limits(MAX_DECODED));
    Ok(reader)
}

fn write(picture: &DynamicImage) -> Result<Written, PictureError> {
    if picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX) {
        return Ok(Written { bytes: png(picture)?, media_type: "image/png" });
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

/// A picture as PNG, as it is.
pub fn png(picture: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let rgba = picture.to_rgba8();
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(rgba.as_raw(), rgba.width(), rgba.height(), ExtendedColorType::Rgba8)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba};

    use super::*;

    fn of(pixels: impl Into<DynamicImage>) -> Picture {
        Picture { pixels: pixels.into(), orientation: Orientation::NoTransforms }
    }

    fn read_again(bytes: &[u8]) -> DynamicImage {
        decode(bytes).unwrap().fitted(u32::MAX, u32::MAX)
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(), b"MZ", b"", b"\x89PNG\r\n\x1a\n"] {
            assert!(matches!(decode(bytes), Err(PictureError::Unreadable(_))));
        }
    }

    #[test]
    fn proportions_are_kept_in_a_box() {
        assert_eq!(within_box((800, 600), (320, 320)), (320, 240));
        assert_eq!(within_box((600, 800), (320, 320)), (240, 320));
        assert_eq!(within_box((16_384, 1), (320, 320)), (320, 1));
        assert_eq!(within_box((1, 16_384), (320, 56)), (1, 56));
    }

    #[test]
    fn a_square_is_cut_from_the_middle() {
        let wide =
            RgbImage::from_fn(
                300,
                100,
                |x, _| if (100..200).contains(&x) { Rgb([0, 200, 0]) } else { Rgb([200, 0, 0]) },
            );
        let read = read_again(&square(&of(wide), 50).unwrap().bytes).to_rgb8();
        assert_eq!((read.width(), read.height()), (50, 50));
        assert!(read.get_pixel(25, 25).0[1] > 150);
        assert!(read.get_pixel(5, 25).0[1] > 150);
    }

    #[test]
    fn an_icon_holds_the_whole_picture() {
        let wide = RgbImage::from_pixel(40, 10, Rgb([200, 0, 0]));
        let read = read_again(&icon(&of(wide), 64).unwrap()).to_rgba8();
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
        let pixels = RgbImage::from_fn(16, 8, |x, _| if x < 8 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
        let plain = within(&of(pixels), 16).unwrap().bytes;
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut turned = vec![0xFF, 0xD8, 0xFF, 0xE1];
        turned.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        turned.extend_from_slice(exif);
        turned.extend_from_slice(&plain[2..]);
        let picture = decode(&turned).unwrap();
        let upright = picture.fitted(16, 16);
        assert_eq!((upright.width(), upright.height()), (8, 16));
        let small = picture.fitted(4, 10);
        assert_eq!((small.width(), small.height()), (4, 8));
        let written = within(&picture, 16).unwrap();
        assert!(!written.bytes.windows(4).any(|four| four == b"Exif"));
    }
}

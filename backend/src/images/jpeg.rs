//! JPEGs, decoded from where they are: `image` reads the whole file into memory first.

use std::io::{BufRead, Seek};

use image::{DynamicImage, GrayImage, RgbImage, metadata::Orientation};
use zune_core::{colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{JpegDecoder, errors::DecodeErrors};

use super::{MAX_SIDE, Picture, PictureError, Size};

/// A JPEG whose headers have been read.
pub struct Jpeg<R: BufRead + Seek>(JpegDecoder<R>);

impl<R: BufRead + Seek> Jpeg<R> {
    /// Reads the headers, from the beginning.
    pub fn begin(source: R) -> Result<Self, PictureError> {
        let most = MAX_SIDE as usize;
        let options = DecoderOptions::default().set_strict_mode(false).set_max_width(most).set_max_height(most);
        let mut decoder = JpegDecoder::new_with_options(source, options);
        decoder.decode_headers().map_err(|error| unreadable(&error))?;
        // Grey stays grey; of all others, colours become red, green and blue.
        let colours = match decoder.input_colorspace() {
            Some(ColorSpace::Luma) => ColorSpace::Luma,
            _ => ColorSpace::RGB,
        };
        decoder.set_options(options.jpeg_set_out_colorspace(colours));
        Ok(Self(decoder))
    }

    /// What it claims.
    pub fn size(&self) -> Result<Size, PictureError> {
        let side = |side: usize| u32::try_from(side).ok();
        let claimed = self.0.dimensions().and_then(|(width, height)| Some((side(width)?, side(height)?)));
        let (width, height) = claimed.ok_or(PictureError::Bomb)?;
        let bytes = self.0.output_buffer_size().ok_or(PictureError::Bomb)?;
        Ok(Size { width, height, bytes: bytes as u64 })
    }

    /// Decodes it.
    pub fn finish(mut self) -> Result<Picture, PictureError> {
        let Size { width, height, bytes } = self.size()?;
        let mut pixels = vec![0; usize::try_from(bytes).map_err(|_| PictureError::TooLarge)?];
        self.0.decode_into(&mut pixels).map_err(|error| unreadable(&error))?;
        let pixels = match self.0.output_colorspace() {
            Some(ColorSpace::Luma) => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
            _ => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
        };
        let pixels = pixels.ok_or_else(|| PictureError::Unreadable("other pixels than it claims".to_owned()))?;
        let orientation = self.0.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
        Ok(Picture { pixels, orientation: orientation.unwrap_or(Orientation::NoTransforms) })
    }
}

fn unreadable(error: &DecodeErrors) -> PictureError {
    match error {
        DecodeErrors::LargeDimensions(_) => PictureError::Bomb,
        error => PictureError::Unreadable(error.to_string()),
    }
}

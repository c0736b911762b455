//! PNGs, decoded row after row, of which some are made one where there are too many.
//!
//! `image` decodes them whole, and keeps up to as much again of what stands beside the pixels: profiles, notes.

use std::io::{BufRead, Seek};

use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage, metadata::Orientation};
use png::{ColorType, Decoder, DecodingError, Limits, Reader, Transformations};

use super::{MAX_DECODED, MAX_WORK, Picture, PictureError, Size, cost::Beside};

/// What its decoder may take beside the pixels, in bytes: a row of the longest there are is half a megabyte.
const BESIDE: usize = 2 * 1024 * 1024;

/// Decodes one, of a file of that length; smaller where it takes too much, if its rows come in their order.
pub fn decode(source: impl BufRead + Seek, length: u64) -> Result<Picture, PictureError> {
    let mut decoder = Decoder::new_with_limits(source, Limits { bytes: BESIDE });
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    // Before anything is made for a row of it.
    let (width, height) = decoder.read_header_info().map_err(failed)?.size();
    let claimed = Size { width, height, bytes: 0 };
    claimed.check_claim()?;
    let mut reader = decoder.read_info().map_err(|error| match failed(error) {
        PictureError::TooLarge => claimed.refusal(length),
        error => error,
    })?;
    let orientation = reader.info().exif_metadata.as_deref().and_then(Orientation::from_exif_chunk);
    let is_interlaced = reader.info().interlaced;
    let channels = reader.output_color_type().0.samples();
    let size = Size { width, height, bytes: u64::from(width) * u64::from(height) * channels as u64 };
    let times = match size.check(Beside::Rows, length) {
        Err(PictureError::TooLarge) if !is_interlaced && size.pixels() <= MAX_WORK => times(size),
        checked => checked.map(|()| 1)?,
    };
    let pixels = if is_interlaced { whole(&mut reader, size)? } else { smaller(&mut reader, size, times)? };
    Ok(Picture { pixels, orientation: orientation.unwrap_or(Orientation::NoTransforms) })
}

/// As it is.
fn whole<R: BufRead + Seek>(reader: &mut Reader<R>, size: Size) -> Result<DynamicImage, PictureError> {
    let bytes =
        reader.output_buffer_size().filter(|&bytes| bytes as u64 <= size.bytes).ok_or(PictureError::TooLarge)?;
    let mut pixels = vec![0; bytes];
    reader.next_frame(&mut pixels).map_err(failed)?;
    picture(reader.output_color_type().0, size.width, size.height, pixels)
}

/// So many times smaller in each direction: each pixel is the mean of a square.
fn smaller<R: BufRead + Seek>(reader: &mut Reader<R>, size: Size, times: u32) -> Result<DynamicImage, PictureError> {
    let colour = reader.output_color_type().0;
    let channels = colour.samples();
    let (width, height) = (size.width.div_ceil(times), size.height.div_ceil(times));
    let mut pixels = Vec::with_capacity(width as usize * height as usize * channels);
    if times == 1 {
        while let Some(row) = reader.next_row().map_err(failed)? {
            pixels.extend_from_slice(row.data());
        }
    } else {
        while let Some(row) = squares(reader, times as usize, width as usize * channels, channels)? {
            pixels.extend(row);
        }
    }
    picture(colour, width, height, pixels)
}

fn picture(colour: ColorType, width: u32, height: u32, pixels: Vec<u8>) -> Result<DynamicImage, PictureError> {
    let picture = match colour {
        ColorType::Grayscale => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
        ColorType::GrayscaleAlpha => GrayAlphaImage::from_raw(width, height, pixels).map(DynamicImage::from),
        ColorType::Rgb => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
        ColorType::Rgba => RgbaImage::from_raw(width, height, pixels).map(DynamicImage::from),
        ColorType::Indexed => None,
    };
    picture.ok_or_else(|| PictureError::Unreadable("other rows than it claims".to_owned()))
}

/// The means of the next rows' squares; none when there are no more rows.
fn squares<R: BufRead + Seek>(
    reader: &mut Reader<R>,
    times: usize,
    length: usize,
    channels: usize,
) -> Result<Option<impl Iterator<Item = u8>>, PictureError> {
    // Of each value of the small row: the sum, and of how many. At its edges squares are cut.
    let mut sums = vec![(0_u32, 0_u32); length];
    for _ in 0..times {
        let Some(row) = reader.next_row().map_err(failed)? else { break };
        for (square, sums) in row.data().chunks(times * channels).zip(sums.chunks_exact_mut(channels)) {
            for pixel in square.chunks_exact(channels) {
                for ((sum, count), value) in sums.iter_mut().zip(pixel) {
                    *sum += u32::from(*value);
                    *count += 1;
                }
            }
        }
    }
    let any = sums.iter().any(|(_, count)| *count > 0);
    let mean = |(sum, count): (u32, u32)| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX);
    Ok(any.then(|| sums.into_iter().map(mean)))
}

fn failed(error: DecodingError) -> PictureError {
    match error {
        DecodingError::LimitsExceeded => PictureError::TooLarge,
        error => PictureError::Unreadable(error.to_string()),
    }
}

/// How many times smaller it has to be to take no more than is decoded: twice, or four times, which is enough for
/// [`MAX_WORK`] pixels of four bytes.
fn times(size: Size) -> u32 {
    if size.bytes / 4 <= MAX_DECODED { 2 } else { 4 }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
    use png::{BitDepth, Encoder};

    use super::*;

    fn encoded(width: u32, height: u32, pixels: &[u8], colour: ExtendedColorType) -> Vec<u8> {
        let mut bytes = Vec::new();
        PngEncoder::new(&mut bytes).write_image(pixels, width, height, colour).unwrap();
        bytes
    }

    fn read(bytes: &[u8]) -> Result<DynamicImage, PictureError> {
        Ok(decode(Cursor::new(bytes), bytes.len() as u64)?.pixels)
    }

    /// So many times smaller, whatever it takes.
    fn made_smaller(bytes: &[u8], times: u32) -> Result<DynamicImage, PictureError> {
        let mut decoder = Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().map_err(failed)?;
        let (width, height) = reader.info().size();
        smaller(&mut reader, Size { width, height, bytes: 0 }, times)
    }

    #[test]
    fn each_pixel_is_the_mean_of_a_square_that_ends_where_the_picture_ends() {
        let grey = encoded(3, 3, &[0, 10, 7, 20, 30, 9, 40, 50, 200], ExtendedColorType::L8);
        assert_eq!(made_smaller(&grey, 2).unwrap().into_luma8().into_raw(), [15, 8, 45, 200]);
        let colours = [[10, 20, 30, 255], [30, 20, 10, 0], [20, 20, 20, 100], [20, 20, 20, 101]].concat();
        let colours = encoded(2, 2, &colours, ExtendedColorType::Rgba8);
        assert_eq!(made_smaller(&colours, 2).unwrap().into_rgba8().into_raw(), [20, 20, 20, 114]);
    }

    #[test]
    fn a_palette_becomes_colours_and_of_sixteen_bits_the_upper_ones_count() {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 5, 1);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Two);
        encoder.set_palette(vec![1, 2, 3, 40, 50, 60, 7, 8, 9]);
        encoder.set_trns(vec![255, 128]);
        encoder.write_header().unwrap().write_image_data(&[0b0001_1000, 0b0100_0000]).unwrap();
        let colours = read(&bytes).unwrap().into_rgba8().into_raw();
        let expected = [[1, 2, 3, 255], [40, 50, 60, 128], [7, 8, 9, 255], [1, 2, 3, 255], [40, 50, 60, 128]];
        assert_eq!(colours, expected.concat());
        let deep = encoded(2, 1, &[1, 2, 3, 4].map(|byte: u8| byte * 16), ExtendedColorType::L16);
        assert_eq!(read(&deep).unwrap().color(), image::ColorType::L8);
    }

    #[test]
    fn what_stands_beside_the_pixels_is_not_kept() {
        let mut bytes = Vec::new();
        let mut info = png::Info::with_size(2, 2);
        info.icc_profile = Some(vec![0; 40 * 1024 * 1024].into());
        let mut writer = Encoder::with_info(&mut bytes, info).unwrap().write_header().unwrap();
        writer.write_image_data(&[1, 2, 3, 4]).unwrap();
        drop(writer);
        assert!(bytes.len() < 200_000);
        assert_eq!(read(&bytes).unwrap().into_luma8().into_raw(), [1, 2, 3, 4]);
    }

    #[test]
    fn one_that_ends_too_soon_is_unreadable() {
        let bytes = encoded(40, 40, &[7; 1600], ExtendedColorType::L8);
        assert!(matches!(read(&bytes[..bytes.len() - 30]), Err(PictureError::Unreadable(_))));
        assert!(matches!(read(b"\x89PNG\r\n\x1a\n"), Err(PictureError::Unreadable(_))));
    }

    #[test]
    fn it_is_made_as_much_smaller_as_it_must_be() {
        let size = |width: u32| Size { width, height: 4_000, bytes: u64::from(width) * 4_000 * 4 };
        assert_eq!([4_000, 9_437, 9_438, 16_000].map(|width| times(size(width))), [2, 2, 4, 4]);
        assert!(size(16_000).bytes / 16 <= MAX_DECODED && size(16_000).pixels() <= MAX_WORK);
    }
}

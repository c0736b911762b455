//! JPEGs, decoded from where they are: `image` reads the whole file into memory first.

use std::{
    fmt,
    io::{self, BufRead, Read, Seek, SeekFrom},
};

use image::{DynamicImage, GrayImage, RgbImage, metadata::Orientation};
use otf_pixels_codec_jpeg::{JpegDecoder as ScalingDecoder, Scale};
use otf_pixels_core::{Decoder, ImageDescriptor, Limits, PixelFormat, PixelsError};
use zune_core::{colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use super::{MAX_DECODED, MAX_SIDE, MAX_WORK, Picture, PictureError, Size, cost::Head};

/// How many scans a JPEG may have.
const MOST_SCANS: usize = 32;
/// What stands where a photograph is damaged.
const GREY: u8 = 128;

/// A JPEG whose head has been read.
///
/// Two decoders, for neither does all: zune-jpeg is the faster one, and holds all pixels, so it is for what is small enough.
/// otf-pixels-codec-jpeg decodes two, four or eight times smaller in each direction, which is large enough for whatever is made
/// of it here, and row after row but for a JPEG that gets sharper as it comes, whose coefficients it holds.
pub struct Jpeg<R: BufRead + Seek> {
    head: Head,
    source: Joined<R>,
}

impl<R: BufRead + Seek + Send> Jpeg<R> {
    /// Reads the head, from the beginning.
    pub fn begin(mut source: R) -> Result<Self, PictureError> {
        let mut head = Head::read(&mut source).ok_or_else(|| unreadable("no JPEG that can be followed"))?;
        let source = Joined::new(std::mem::take(&mut head.bytes), source).map_err(unreadable)?;
        Ok(Self { head, source })
    }

    /// Decodes it, of a file of that length, at most as large as it is.
    pub fn decode(self, length: u64) -> Result<Picture, PictureError> {
        let Size { width, height, bytes } = self.head.size;
        self.head.size.check_claim()?;
        let beside = self.head.beside.of(width, height);
        let orientation = self.head.exif.as_deref().and_then(Orientation::from_exif_chunk);
        let orientation = orientation.unwrap_or(Orientation::NoTransforms);
        if bytes.saturating_add(beside) <= MAX_DECODED {
            return Ok(Picture { pixels: self.whole()?, orientation });
        }
        let colours = bytes / self.head.size.pixels().max(1);
        let smaller = |scale: &Scale| u64::from(scale.apply(width)) * u64::from(scale.apply(height)) * colours;
        let most = MAX_DECODED.saturating_sub(beside);
        let scale = [Scale::Half, Scale::Quarter, Scale::Eighth].into_iter().find(|scale| smaller(scale) <= most);
        let refused = self.head.size.refusal(length);
        match scale {
            Some(scale) if matches!(refused, PictureError::TooLarge) && self.head.size.pixels() <= MAX_WORK => {
                Ok(Picture { pixels: self.smaller(scale)?, orientation })
            }
            _ => Err(refused),
        }
    }

    fn whole(self) -> Result<DynamicImage, PictureError> {
        let Size { width, height, bytes } = self.head.size;
        let most = MAX_SIDE as usize;
        let options = DecoderOptions::default().set_strict_mode(false).set_max_width(most).set_max_height(most);
        let options = options.jpeg_set_max_scans(MOST_SCANS);
        let mut decoder = JpegDecoder::new_with_options(self.source, options);
        decoder.decode_headers().map_err(|error| unreadable(error.to_string()))?;
        // Grey stays grey; of all others, colours become red, green and blue.
        let colours = match decoder.input_colorspace() {
            Some(ColorSpace::Luma) => ColorSpace::Luma,
            _ => ColorSpace::RGB,
        };
        decoder.set_options(options.jpeg_set_out_colorspace(colours));
        let size = decoder.output_buffer_size().filter(|&size| size as u64 <= bytes);
        let mut pixels = vec![0; size.ok_or_else(|| unreadable("more pixels than it claims"))?];
        decoder.decode_into(&mut pixels).map_err(|error| unreadable(error.to_string()))?;
        picture(width, height, colours == ColorSpace::Luma, pixels)
    }

    fn smaller(self, scale: Scale) -> Result<DynamicImage, PictureError> {
        let limits = Limits::default().with_max_pixels(self.head.size.pixels());
        // A picture all the same, that is not opened: of four colours, or in an order that this one does not follow.
        let failed = |_: PixelsError| PictureError::TooLarge;
        let mut decoder = ScalingDecoder::with_scale(Scans::of(self.source), limits, scale).map_err(failed)?;
        let ImageDescriptor { width, height, pixel, .. } = decoder.descriptor();
        let colours = match pixel {
            PixelFormat::Gray8 => 1,
            PixelFormat::Rgb8 => 3,
            _ => return Err(PictureError::TooLarge),
        };
        let row = width as usize * colours;
        let mut pixels = vec![GREY; row * height as usize];
        for (index, row) in pixels.chunks_exact_mut(row).enumerate() {
            match decoder.read_row(row) {
                Ok(()) => {}
                Err(error) if index == 0 => return Err(failed(error)),
                // Damaged or cut off: what came before is shown, as browsers do.
                Err(_) => {
                    row.fill(GREY);
                    break;
                }
            }
        }
        picture(width, height, colours == 1, pixels)
    }
}

fn picture(width: u32, height: u32, is_grey: bool, pixels: Vec<u8>) -> Result<DynamicImage, PictureError> {
    let picture = if is_grey {
        GrayImage::from_raw(width, height, pixels).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::from)
    };
    picture.ok_or_else(|| unreadable("other pixels than it claims"))
}

fn unreadable(why: impl fmt::Display) -> PictureError {
    PictureError::Unreadable(why.to_string())
}

/// The bytes of a JPEG, of which no more than [`MOST_SCANS`] scans are read: some ten make a picture sharp, and each is work for
/// all of it, however few bytes it has.
#[derive(Debug)]
struct Scans<R> {
    source: R,
    count: usize,
    after_ff: bool,
}

impl<R> Scans<R> {
    fn of(source: R) -> Self {
        Self { source, count: 0, after_ff: false }
    }
}

impl<R: Read> Read for Scans<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        for &byte in into.iter().take(read) {
            // Among coefficients no 255 stands before this.
            self.count += usize::from(self.after_ff && byte == 0xDA);
            self.after_ff = byte == 0xFF;
        }
        if self.count > MOST_SCANS { Err(io::Error::other("too many scans")) } else { Ok(read) }
    }
}

/// A head in place of a file's own, and behind it the rest of the file.
///
/// It gives all that is asked for, as long as there is any: the decoder takes half of a number for the whole. And it keeps what
/// was read ahead when the decoder goes back by some bytes, as it does at every 255.
struct Joined<R> {
    head: Vec<u8>,
    rest: R,
    /// Where the rest begins in the file.
    begins: u64,
    /// Where the decoder is, from the beginning of the head.
    at: u64,
}

/// Decoders want it. What was read of a file is for no log.
impl<R> fmt::Debug for Joined<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Joined").field("at", &self.at).finish_non_exhaustive()
    }
}

impl<R: BufRead + Seek> Joined<R> {
    /// `rest` stands where it begins.
    fn new(head: Vec<u8>, mut rest: R) -> io::Result<Self> {
        let begins = rest.stream_position()?;
        Ok(Self { head, rest, begins, at: 0 })
    }

    /// What is left of the head.
    fn left(&self) -> &[u8] {
        usize::try_from(self.at).ok().and_then(|at| self.head.get(at..)).unwrap_or_default()
    }
}

impl<R: BufRead + Seek> BufRead for Joined<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left().is_empty() { self.rest.fill_buf() } else { Ok(self.left()) }
    }

    fn consume(&mut self, amount: usize) {
        if self.left().is_empty() {
            self.rest.consume(amount);
        }
        self.at = self.at.saturating_add(amount as u64);
    }
}

impl<R: BufRead + Seek> Read for Joined<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while let Some(to) = into.get_mut(done..).filter(|to| !to.is_empty()) {
            let from = self.fill_buf()?;
            let some = from.len().min(to.len());
            if some == 0 {
                break;
            }
            if let (Some(to), Some(from)) = (to.get_mut(..some), from.get(..some)) {
                to.copy_from_slice(from);
            }
            self.consume(some);
            done += some;
        }
        Ok(done)
    }
}

impl<R: BufRead + Seek> Seek for Joined<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let head = self.head.len() as u64;
        let before = self.at;
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => before.checked_add_signed(by),
            SeekFrom::End(by) => {
                let end = self.rest.seek(SeekFrom::End(0))?;
                self.rest.seek(SeekFrom::Start(self.begins + before.saturating_sub(head)))?;
                (end - self.begins).saturating_add(head).checked_add_signed(by)
            }
        };
        let target = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        // Where the rest stands, and where it is to stand.
        let (from, to) = (before.saturating_sub(head), target.saturating_sub(head));
        let by = i64::try_from(i128::from(to) - i128::from(from)).map_err(io::Error::other)?;
        if by != 0 {
            self.rest.seek_relative(by)?;
        }
        self.at = target;
        Ok(target)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use image::{ExtendedColorType, ImageEncoder, Rgb, codecs::jpeg::JpegEncoder};
    use otf_pixels_codec_jpeg::{JpegEncoder as ScalingEncoder, Subsampling};
    use otf_pixels_core::Encoder;

    use super::*;

    /// A photograph, in bands from dark to light; with colour or without.
    fn photograph(width: u32, height: u32, colour: ExtendedColorType) -> Vec<u8> {
        let shade = |x: u32| u8::try_from(x * 16 / width * 16).unwrap();
        let row: Vec<u8> = match colour {
            ExtendedColorType::L8 => (0..width).map(shade).collect(),
            _ => (0..width).flat_map(|x| [shade(x), 40, 255 - shade(x)]).collect(),
        };
        let mut bytes = Vec::new();
        let pixels = row.repeat(height as usize);
        JpegEncoder::new_with_quality(&mut bytes, 90).write_image(&pixels, width, height, colour).unwrap();
        bytes
    }

    fn decoded(bytes: &[u8]) -> Result<DynamicImage, PictureError> {
        Ok(Jpeg::begin(Cursor::new(bytes))?.decode(bytes.len() as u64)?.pixels)
    }

    /// In the middle of each band, and not at its edge.
    fn bands(picture: &RgbImage) -> Vec<Rgb<u8>> {
        (0..16).map(|band| *picture.get_pixel((band * 2 + 1) * picture.width() / 32, picture.height() / 2)).collect()
    }

    #[test]
    fn a_photograph_that_takes_too_much_is_decoded_smaller_and_looks_the_same() {
        for (colour, width, height) in [(ExtendedColorType::Rgb8, 4_801, 3_000), (ExtendedColorType::L8, 7_001, 6_100)]
        {
            let small = decoded(&photograph(800, 600, colour)).unwrap();
            assert_eq!((small.width(), small.height()), (800, 600));
            let large = decoded(&photograph(width, height, colour)).unwrap();
            assert_eq!((large.width(), large.height()), (width.div_ceil(2), height.div_ceil(2)));
            assert_eq!(large.color(), small.color());
            for (one, other) in bands(&small.to_rgb8()).iter().zip(bands(&large.to_rgb8())) {
                assert!(one.0.iter().zip(other.0).all(|(one, other)| one.abs_diff(other) < 6), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn one_whose_bytes_cannot_be_so_many_pixels_is_a_bomb_and_one_without_a_head_is_unreadable() {
        let mut bytes = photograph(800, 600, ExtendedColorType::Rgb8);
        let frame = bytes.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
        bytes[frame + 5..frame + 9].copy_from_slice(&[0x3A, 0x98, 0x3A, 0x98]);
        assert!(matches!(decoded(&bytes), Err(PictureError::Bomb)));
        assert!(matches!(decoded(&bytes[..frame + 4]), Err(PictureError::Unreadable(_))));
    }

    #[test]
    fn of_a_large_photograph_that_is_damaged_the_beginning_is_shown() {
        let whole = photograph(4_800, 3_000, ExtendedColorType::Rgb8);
        let middle = whole.len() / 2;
        let mut damaged = whole.clone();
        damaged[middle..middle + 4_000].fill(0xA5);
        for bytes in [&whole[..middle], &damaged] {
            let picture = decoded(bytes).unwrap().to_rgb8();
            assert_eq!(picture.dimensions(), (2_400, 1_500));
            assert!(picture.get_pixel(100, 100).0[2] > 200, "{:?}", picture.get_pixel(100, 100));
        }
    }

    #[test]
    fn one_with_less_colour_than_light_is_decoded_smaller_by_all_its_lines() {
        // Light from the left to the right, and colour from above to below.
        let pixel = |x: u32, y: u32, (width, height): (u32, u32)| {
            [x * 255 / width, y * 255 / height, 255 - y * 255 / height].map(|value| u8::try_from(value).unwrap())
        };
        let encoded = |size: (u32, u32)| {
            let rows = (0..size.1).map(|y| (0..size.0).flat_map(|x| pixel(x, y, size)).collect::<Vec<_>>());
            let descriptor = ImageDescriptor::new(size.0, size.1, PixelFormat::Rgb8).unwrap();
            let mut encoder = ScalingEncoder::with_quality(90).unwrap().with_subsampling(Subsampling::Both);
            let mut bytes = Vec::new();
            encoder.write_header(&descriptor, &mut bytes).unwrap();
            rows.for_each(|row| encoder.write_row(&row, &mut bytes).unwrap());
            encoder.finish(&mut bytes).unwrap();
            bytes
        };
        let sizes = [(401, 301), (4_801, 3_001)];
        let [small, large] = sizes.map(|size| decoded(&encoded(size)).unwrap().to_rgb8());
        assert_eq!(small.dimensions(), (401, 301));
        assert_eq!(large.dimensions(), (2_401, 1_501));
        for (across, down) in (0..20).flat_map(|across| (0..20).map(move |down| (across * 5 + 2, down * 5 + 2))) {
            let at =
                |picture: &RgbImage| *picture.get_pixel(picture.width() * across / 100, picture.height() * down / 100);
            let expected = pixel(across, down, (100, 100));
            for found in [at(&small).0, at(&large).0] {
                let near = expected.iter().zip(found).all(|(one, other)| one.abs_diff(other) < 8);
                assert!(near, "{across}, {down}: {found:?} for {expected:?}");
            }
        }
    }

    #[test]
    fn many_scans_are_no_picture() {
        let scans = |count: usize| {
            let mut bytes = Vec::new();
            Scans::of(Cursor::new([0xFF, 0xDA, 0, 7].repeat(count))).read_to_end(&mut bytes).map(|_| ())
        };
        assert!(scans(MOST_SCANS).is_ok());
        assert!(scans(MOST_SCANS + 1).is_err());
        // In whatever pieces they come.
        let mut one = Scans::of(Cursor::new([0xFF, 0xDA].repeat(MOST_SCANS + 1)));
        assert!((0..=MOST_SCANS * 2 + 1).any(|_| one.read(&mut [0]).is_err()));
    }

    /// Four bytes of a head, and six behind three that it stands for.
    fn joined() -> Joined<BufReader<Cursor<Vec<u8>>>> {
        let mut rest = BufReader::with_capacity(2, Cursor::new(b"xyz456789".to_vec()));
        rest.seek(SeekFrom::Start(3)).unwrap();
        Joined::new(b"0123".to_vec(), rest).unwrap()
    }

    #[test]
    fn a_head_and_the_rest_are_read_as_one_file() {
        let mut all = String::new();
        joined().read_to_string(&mut all).unwrap();
        assert_eq!(all, "0123456789");
        // All that is asked for, whatever lies ready.
        let mut eight = [0; 8];
        assert_eq!(joined().read(&mut eight).unwrap(), 8);
        assert_eq!(&eight, b"01234567");
    }

    #[test]
    fn one_goes_to_and_fro_in_it() {
        let mut file = joined();
        let mut read = |to: SeekFrom, at: u64| {
            assert_eq!(file.seek(to).unwrap(), at);
            let mut two = [0; 2];
            let count = file.read(&mut two).unwrap();
            assert_eq!(file.stream_position().unwrap(), at + count as u64);
            String::from_utf8(two[..count].to_vec()).unwrap()
        };
        assert_eq!(read(SeekFrom::Start(3), 3), "34");
        assert_eq!(read(SeekFrom::Current(-4), 1), "12");
        assert_eq!(read(SeekFrom::Current(4), 7), "78");
        assert_eq!(read(SeekFrom::Current(-2), 7), "78");
        assert_eq!(read(SeekFrom::End(-1), 9), "9");
        assert_eq!(read(SeekFrom::Start(0), 0), "01");
        assert_eq!(read(SeekFrom::End(0), 10), "");
        assert!(file.seek(SeekFrom::Current(-11)).is_err());
    }
}

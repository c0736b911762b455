//! JPEGs, decoded from where they are: `image` reads the whole file into memory first.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use image::{DynamicImage, GrayImage, RgbImage, metadata::Orientation};
use zune_core::{colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{JpegDecoder, errors::DecodeErrors};

use super::{
    MAX_SIDE, Picture, PictureError, Size,
    cost::{Beside, Head},
};

/// A JPEG whose headers have been read.
pub struct Jpeg<R: BufRead + Seek> {
    decoder: JpegDecoder<Joined<R>>,
    /// What it will keep beside the pixels.
    pub beside: Beside,
}

impl<R: BufRead + Seek> Jpeg<R> {
    /// Reads the headers, from the beginning.
    pub fn begin(mut source: R) -> Result<Self, PictureError> {
        let Head { bytes, beside } = Head::read(&mut source)
            .ok_or_else(|| PictureError::Unreadable("no JPEG that can be followed".to_owned()))?;
        let source = Joined::new(bytes, source).map_err(|error| PictureError::Unreadable(error.to_string()))?;
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
        Ok(Self { decoder, beside })
    }

    /// What it claims.
    pub fn size(&self) -> Result<Size, PictureError> {
        let side = |side: usize| u32::try_from(side).ok();
        let claimed = self.decoder.dimensions().and_then(|(width, height)| Some((side(width)?, side(height)?)));
        let (width, height) = claimed.ok_or(PictureError::Bomb)?;
        let bytes = self.decoder.output_buffer_size().ok_or(PictureError::Bomb)?;
        Ok(Size { width, height, bytes: bytes as u64 })
    }

    /// Decodes it.
    pub fn finish(mut self) -> Result<Picture, PictureError> {
        let Size { width, height, bytes } = self.size()?;
        let mut pixels = vec![0; usize::try_from(bytes).map_err(|_| PictureError::TooLarge)?];
        self.decoder.decode_into(&mut pixels).map_err(|error| unreadable(&error))?;
        let pixels = match self.decoder.output_colorspace() {
            Some(ColorSpace::Luma) => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
            _ => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
        };
        let pixels = pixels.ok_or_else(|| PictureError::Unreadable("other pixels than it claims".to_owned()))?;
        let orientation = self.decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
        Ok(Picture { pixels, orientation: orientation.unwrap_or(Orientation::NoTransforms) })
    }
}

fn unreadable(error: &DecodeErrors) -> PictureError {
    PictureError::Unreadable(error.to_string())
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

    use super::*;

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

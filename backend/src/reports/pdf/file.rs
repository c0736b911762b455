//! A document's objects, written as soon as they are ready: what stays in memory of a page is where it stands in the file.

use std::{
    fs::File,
    io::{BufWriter, Seek, Write},
    path::Path,
};

use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{Chunk, Ref, Settings};

use crate::reports::line::WriteError;

/// The file of a document.
pub struct Objects {
    out: BufWriter<File>,
    at: u64,
    /// Where each object stands, by its number less one; 0 until it is written.
    places: Vec<u64>,
}

impl Objects {
    /// A document without objects.
    pub fn begin(spool: &Path) -> Result<Self, WriteError> {
        let mut objects = Self { out: BufWriter::new(tempfile::tempfile_in(spool)?), at: 0, places: Vec::new() };
        // Bytes above 127, so that nobody takes it for a text.
        objects.put(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")?;
        Ok(objects)
    }

    /// A number for an object to come.
    pub fn reserve(&mut self) -> Ref {
        self.places.push(0);
        Ref::new(i32::try_from(self.places.len()).unwrap_or(i32::MAX))
    }

    /// Writes one object, of a number that was reserved.
    pub fn write(&mut self, id: Ref, object: impl FnOnce(&mut Chunk)) -> Result<(), WriteError> {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        object(&mut chunk);
        let place = usize::try_from(id.get()).ok().and_then(|number| self.places.get_mut(number.checked_sub(1)?));
        if let Some(place) = place {
            *place = self.at;
        }
        self.put(chunk.as_bytes())
    }

    /// Ends the document: the table of its objects, and where to begin reading.
    pub fn finish(mut self, catalog: Ref, information: Ref) -> Result<File, WriteError> {
        let (table, count) = (self.at, self.places.len() + 1);
        self.put(format!("xref\n0 {count}\n0000000000 65535 f \n").as_bytes())?;
        for place in std::mem::take(&mut self.places) {
            let entry = match place {
                0 => "0000000000 00000 f \n".to_owned(),
                place => format!("{place:010} 00000 n \n"),
            };
            self.put(entry.as_bytes())?;
        }
        let (root, info) = (catalog.get(), information.get());
        self.put(
            format!("trailer\n<</Size {count}/Root {root} 0 R/Info {info} 0 R>>\nstartxref\n{table}\n%%EOF\n")
                .as_bytes(),
        )?;
        let mut file = self.out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }
}

/// Bytes as a document's streams hold them.
pub fn deflated(bytes: &[u8]) -> Result<Vec<u8>, WriteError> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

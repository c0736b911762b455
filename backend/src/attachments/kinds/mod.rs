//! What a file is: its extension and its content must say the same.
//!
//! The kinds that a desk takes unless it is told otherwise are each examined for what they are. Others that
//! `ALLOWED_EXTENSIONS` names are known by how they begin, and never when they are a program or a page.

mod archive;
mod compound;
mod nest;
mod picture;
mod text;
mod unpack;

use std::{
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use image::ImageFormat;
use infer::MatcherType;
use shared::problem::FieldCode;
use thiserror::Error;

use self::archive::ArchiveError;

/// How much of a file's beginning is looked at to tell what it is, in bytes.
const HEAD: u64 = 8 * 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its media type.
    pub media_type: &'static str,
    /// Whether it is a picture, of which there is a small one.
    pub is_picture: bool,
}

/// Why a file is refused.
#[derive(Debug, Error)]
pub enum Refusal {
    /// What whoever sent it is told.
    #[error("{0:?}")]
    Field(FieldCode),
    /// It could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<ArchiveError> for Refusal {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Io(error) => Self::Io(error),
            ArchiveError::Damaged | ArchiveError::Bomb => Self::Field(FieldCode::ArchiveUnsafe),
            ArchiveError::Unmeasurable => Self::Field(FieldCode::ArchiveUnmeasurable),
        }
    }
}

/// How a kind is known.
#[derive(Debug, Clone, Copy)]
enum Content {
    Pdf,
    Picture(ImageFormat),
    /// A compound file with a stream of one of these names.
    Compound(&'static [&'static str]),
    /// A zip archive of Office Open XML with its text in this folder.
    OpenXml(&'static str),
    /// A zip archive of the OASIS format, which begins with its media type.
    OpenDocument,
    Text,
    Archive,
}

/// The kind that an extension stands for.
fn by_extension(extension: &str) -> Option<(&'static str, Content)> {
    use Content::{Archive, Compound, OpenDocument, OpenXml, Pdf, Picture, Text};
    Some(match extension {
        "pdf" => ("application/pdf", Pdf),
        "png" => ("image/png", Picture(ImageFormat::Png)),
        "jpg" | "jpeg" => ("image/jpeg", Picture(ImageFormat::Jpeg)),
        "gif" => ("image/gif", Picture(ImageFormat::Gif)),
        "webp" => ("image/webp", Picture(ImageFormat::WebP)),
        "doc" => ("application/msword", Compound(&["WordDocument"])),
        "xls" => ("application/vnd.ms-excel", Compound(&["Workbook", "Book"])),
        "docx" => ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", OpenXml("word/")),
        "xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", OpenXml("xl/")),
        "odt" => ("application/vnd.oasis.opendocument.text", OpenDocument),
        "ods" => ("application/vnd.oasis.opendocument.spreadsheet", OpenDocument),
        "txt" | "log" => ("text/plain", Text),
        "csv" => ("text/csv", Text),
        "zip" => ("application/zip", Archive),
        _ => return None,
    })
}

/// Whether files with this extension can be told from others at all.
pub fn is_known(extension: &str) -> bool {
    by_extension(extension).is_some() || infer::is_supported(extension)
}

/// Says what a file with this extension is, or why it is refused. Archives within it are unpacked in the folder
/// `spool`. Works on the disk: call it away from the workers.
pub fn examine(file: &mut (impl Read + Seek), size: u64, extension: &str, spool: &Path) -> Result<Kind, Refusal> {
    if size == 0 {
        return Err(Refusal::Field(FieldCode::FileEmpty));
    }
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    let Some((media_type, content)) = by_extension(extension) else { return other(&head, extension) };
    let agrees = match content {
        Content::Pdf => is_pdf(&head),
        Content::Picture(format) => {
            image::guess_format(&head).is_ok_and(|found| found == format) && !picture::goes_on(file, format)?
        }
        Content::Compound(streams) => head.starts_with(&compound::SIGN) && compound::has_stream(file, streams)?,
        // With a password it is a compound file around what is encrypted.
        Content::OpenXml(_) if head.starts_with(&compound::SIGN) => compound::has_stream(file, &["EncryptedPackage"])?,
        Content::OpenXml(folder) => is_archive(&head) && is_open_xml(file, size, spool, folder)?,
        Content::OpenDocument => is_archive(&head) && says_its_type(&head, media_type) && is_whole(file, size, spool)?,
        Content::Text => text::is_text(file)?,
        Content::Archive => is_archive(&head) && is_whole(file, size, spool)?,
    };
    if !agrees {
        return Err(Refusal::Field(FieldCode::FileContentMismatch));
    }
    Ok(Kind { media_type, is_picture: matches!(content, Content::Picture(_)) })
}

/// A kind that only the desk's settings allow.
fn other(head: &[u8], extension: &str) -> Result<Kind, Refusal> {
    let found = infer::get(head).filter(|found| found.extension() == extension);
    match found {
        Some(found) if !matches!(found.matcher_type(), MatcherType::App | MatcherType::Text) => {
            Ok(Kind { media_type: found.mime_type(), is_picture: false })
        }
        _ => Err(Refusal::Field(FieldCode::FileContentMismatch)),
    }
}

/// Some programs write a byte order mark or an empty line before it.
fn is_pdf(head: &[u8]) -> bool {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().starts_with(b"%PDF-")
}

/// An archive begins with its first file, or, when it is empty, with its end.
fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether the directory of an archive is in order; it is refused when not.
fn is_whole(file: &mut (impl Read + Seek), size: u64, spool: &Path) -> Result<bool, Refusal> {
    nest::check(file, size, spool, |_| ())?;
    Ok(true)
}

/// Whether an archive has what Office looks for, and no macros, which these extensions promise not to have.
fn is_open_xml(file: &mut (impl Read + Seek), size: u64, spool: &Path, folder: &str) -> Result<bool, Refusal> {
    let (mut types, mut text, mut macros) = (false, false, false);
    nest::check(file, size, spool, |name| {
        types |= name == "[Content_Types].xml";
        text |= name.starts_with(folder);
        macros |= name.ends_with("vbaProject.bin");
    })?;
    Ok(types && text && !macros)
}

/// Whether the first file of an archive is its media type, not packed, as the OASIS format has it.
fn says_its_type(head: &[u8], media_type: &str) -> bool {
    let method = head.get(8..10);
    let content = head.get(30..).and_then(|rest| rest.strip_prefix(b"mimetype"));
    method == Some(&[0, 0])
        && head.get(26..30) == Some(&[8, 0, 0, 0])
        && content.is_some_and(|content| {
            content.strip_prefix(media_type.as_bytes()).is_some_and(|rest| rest.starts_with(b"PK"))
        })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use shared::attachments::EXTENSIONS;

    use super::*;

    fn examined(bytes: &[u8], extension: &str) -> Result<&'static str, FieldCode> {
        match examine(&mut Cursor::new(bytes), bytes.len() as u64, extension, &std::env::temp_dir()) {
            Ok(kind) => Ok(kind.media_type),
            Err(Refusal::Field(code)) => Err(code),
            Err(Refusal::Io(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn every_extension_that_is_allowed_is_known() {
        for extension in EXTENSIONS {
            assert!(by_extension(extension).is_some(), "{extension}");
        }
        assert!(is_known("mp4") && !is_known("nada"));
    }

    #[test]
    fn a_program_is_nothing_that_is_allowed() {
        for program in
            [b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".as_slice(), b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"]
        {
            for extension in EXTENSIONS {
                assert_eq!(examined(program, extension), Err(FieldCode::FileContentMismatch), "{extension}");
            }
        }
    }

    #[test]
    fn one_kind_is_not_another() {
        let kinds: [(&[u8], &str); 4] = [
            (b"%PDF-1.7\nx", "pdf"),
            (b"GIF89a\x01\0\x01\0\0\0\0;", "gif"),
            (b"hola\n", "txt"),
            (b"\xff\xd8\xff\xe0\0\0", "jpg"),
        ];
        for (bytes, own) in kinds {
            for extension in EXTENSIONS {
                let same = by_extension(own).unwrap().0 == by_extension(extension).unwrap().0
                    || (own == "txt" && extension == "csv");
                assert_eq!(examined(bytes, extension).is_ok(), same, "{own} as {extension}");
            }
        }
        assert_eq!(examined(b"", "txt"), Err(FieldCode::FileEmpty));
    }

    #[test]
    fn other_kinds_are_known_by_how_they_begin() {
        let film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
        assert_eq!(examined(film, "mp4"), Ok("video/mp4"));
        assert_eq!(examined(b"MZ\x90\0", "mp4"), Err(FieldCode::FileContentMismatch));
        assert_eq!(examined(b"MZ\x90\0\0\0", "exe"), Err(FieldCode::FileContentMismatch));
    }
}

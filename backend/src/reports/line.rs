//! What a file says: its heading and its lines.

use std::{fs::File, path::Path};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use image::DynamicImage;
use shared::{
    reports::ExportFormat,
    tickets::{Priority, Status},
};
use thiserror::Error;
use tokio::sync::mpsc::Receiver;
use url::Url;

use super::{csv::Csv, pdf::Pdf, words::Words, xlsx::Xlsx};
use crate::{
    error::AppError,
    images::{self, PictureError},
    settings::service::Brand,
};

/// What stands over the lines.
pub struct Heading {
    /// Whose file it is.
    pub brand: Brand,
    /// The language.
    pub words: &'static Words,
    /// Where the moments are told.
    pub zone: Tz,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who made it.
    pub made_by: String,
    /// The filters and the order, in words: what, and which.
    pub filters: Vec<(&'static str, String)>,
    /// The address people open, when it is known.
    pub address: Option<Url>,
}

/// The product's own colour, for a desk whose own is none.
const ACCENT: [u8; 3] = [0x34, 0x54, 0xD1];
/// Of what is written on a light accent.
const DARK: [u8; 3] = [0x1C, 0x21, 0x2B];

impl Heading {
    /// The desk's colour, and what can be read on it: red, green and blue.
    pub fn accent(&self) -> ([u8; 3], [u8; 3]) {
        let hex = self.brand.colour.strip_prefix('#').filter(|hex| hex.len() == 6);
        let accent = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).map_or(ACCENT, |number| {
            let [_, red, green, blue] = number.to_be_bytes();
            [red, green, blue]
        });
        let [red, green, blue] = accent.map(u32::from);
        // How light it looks, of 255,000 (ITU-R BT.601).
        let light = red * 299 + green * 587 + blue * 114;
        (accent, if light > 150_000 { DARK } else { [0xFF; 3] })
    }

    /// The logo, as large as fits into a box of pixels. One that cannot be read is no reason not to have the list.
    pub fn logo(&self, width: u32, height: u32) -> Option<DynamicImage> {
        let bytes = self.brand.logo.as_deref()?;
        match images::decode(bytes) {
            Ok(picture) => Some(picture.fitted(width, height)),
            Err(error) => {
                tracing::warn!(%error, "the logo cannot be used");
                None
            }
        }
    }
}

/// One ticket.
#[derive(Debug, Clone)]
pub struct Line {
    /// The number.
    pub id: i64,
    /// As it was written.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// How much it hurts.
    pub priority: Priority,
    /// What it is about.
    pub category: Option<String>,
    /// Who has the problem.
    pub requester: String,
    /// Who has the ticket.
    pub assignee: Option<String>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When something last happened.
    pub updated_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// What the thread that writes is told, in this order: one beginning, lines, the end.
pub enum Step {
    /// The heading.
    Begin(Box<Heading>),
    /// More lines.
    Lines(Vec<Line>),
    /// That was all. Without this word there is no file.
    End,
}

/// Why a file was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The temporary file.
    #[error("the file could not be written: {0}")]
    File(#[from] std::io::Error),
    /// The lines.
    #[error("the lines could not be written: {0}")]
    Csv(#[from] ::csv::Error),
    /// The workbook.
    #[error("the workbook could not be written: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// A font of the program's own.
    #[error("the font {0} cannot be used: {1}")]
    Font(&'static str, String),
    /// The logo.
    #[error("the logo cannot be used: {0}")]
    Logo(#[from] PictureError),
    /// More lines than fit.
    #[error("more than {0} lines")]
    TooLong(u32),
    /// Nobody said that it was all.
    #[error("what was to be written broke off")]
    BrokenOff,
}

impl From<WriteError> for AppError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::TooLong(most) => Self::ExportTooLarge { most },
            // A full disk is somebody's to mend, not the caller's.
            WriteError::File(_) => Self::Unavailable { cause: error.to_string() },
            error => Self::internal(error),
        }
    }
}

/// A kind of file, as it is being written.
pub trait Sheet: Sized {
    /// Adds a line.
    fn line(&mut self, line: &Line) -> Result<(), WriteError>;
    /// Ends the file.
    fn finish(self) -> Result<File, WriteError>;
}

/// Writes a file, in this folder and without a name. It waits for what it is told, so it belongs on a thread that may.
pub fn write(format: ExportFormat, spool: &Path, mut steps: Receiver<Step>) -> Result<File, WriteError> {
    let Some(Step::Begin(heading)) = steps.blocking_recv() else { return Err(WriteError::BrokenOff) };
    match format {
        ExportFormat::Csv => lines(Csv::begin(&heading, spool)?, steps),
        ExportFormat::Xlsx => lines(Xlsx::begin(&heading, spool)?, steps),
        ExportFormat::Pdf => lines(Pdf::begin(*heading, spool)?, steps),
    }
}

fn lines(mut sheet: impl Sheet, mut steps: Receiver<Step>) -> Result<File, WriteError> {
    loop {
        match steps.blocking_recv() {
            Some(Step::Lines(lines)) => lines.iter().try_for_each(|line| sheet.line(line))?,
            Some(Step::End) => return sheet.finish(),
            Some(Step::Begin(_)) | None => return Err(WriteError::BrokenOff),
        }
    }
}

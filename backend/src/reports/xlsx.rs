//! A workbook: numbers and moments as such, texts as texts whatever they begin with, a heading that stays in sight.

use std::{
    fs::File,
    io::{self, Seek},
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDateTime, Utc};
use rust_xlsxwriter::{Color, DocProperties, Format, FormatAlign, Image, Workbook, Worksheet};

use super::{
    line::{Heading, Line, Sheet, WriteError},
    words::{COLUMNS, Words},
};
use crate::images;

/// The rows of a sheet.
const ROWS: u32 = 1_048_576;
/// The most lines: one row is the columns' names, another may be the logo's.
pub const MOST: u32 = ROWS - 2;
/// Rows whose number leads to the ticket. A sheet takes 65,530 links and each of them is kept in memory to the end.
const LINKED: u32 = 20_000;
/// The widths of the columns, in characters.
const WIDTHS: [f64; COLUMNS] = [10.0, 60.0, 14.0, 12.0, 20.0, 26.0, 26.0, 17.0, 17.0, 17.0];
/// The largest logo, in pixels.
const LOGO: (u32, u32) = (320, 56);
/// The height of the row it stands in, in pixels.
const LOGO_ROW: u32 = 64;

/// A workbook as it is being written. Rows go to a temporary file, not to memory.
pub struct Xlsx {
    book: Workbook,
    spool: PathBuf,
    formats: Formats,
    words: &'static Words,
    zone: chrono_tz::Tz,
    address: Option<String>,
    names: u32,
    next: u32,
    most: u32,
}

struct Formats {
    text: Format,
    number: Format,
    link: Format,
    moment: Format,
}

impl Xlsx {
    /// With the logo, if there is one, and the names of the columns.
    pub fn begin(heading: &Heading, spool: &Path) -> Result<Self, WriteError> {
        let mut book = Workbook::new();
        book.set_tempdir(spool).map_err(|error| WriteError::File(io::Error::other(error)))?;
        let properties = DocProperties::new()
            .set_title(heading.words.report.title)
            .set_author(&heading.made_by)
            .set_company(&heading.brand.name)
            .set_creation_datetime(&heading.made_at);
        book.set_properties(&properties);
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(heading.words.report.title)?;
        for (column, width) in (0..).zip(WIDTHS) {
            sheet.set_column_width(column, width)?;
        }
        let names = logo(sheet, heading)?;
        let (accent, on_accent) = heading.accent();
        let bold = Format::new()
            .set_bold()
            .set_font_color(colour(on_accent))
            .set_background_color(colour(accent))
            .set_align(FormatAlign::VerticalCenter);
        for (column, name) in (0..).zip(heading.words.columns()) {
            sheet.write_string_with_format(names, column, name, &bold)?;
        }
        sheet.set_freeze_panes(names + 1, 0)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(names, names)?;
        sheet.set_footer("&C&P / &N");
        let formats = Formats {
            // "@": what begins like a formula stays a text when somebody edits it.
            text: Format::new().set_num_format("@").set_align(FormatAlign::Top).set_text_wrap(),
            number: Format::new().set_num_format("0").set_align(FormatAlign::Top),
            link: Format::new().set_num_format("0").set_align(FormatAlign::Top).set_hyperlink(),
            moment: Format::new().set_num_format(heading.words.report.excel_moment).set_align(FormatAlign::Top),
        };
        let address = heading.address.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        Ok(Self {
            book,
            spool: spool.to_owned(),
            formats,
            words: heading.words,
            zone: heading.zone,
            address,
            names,
            next: names + 1,
            most: MOST,
        })
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }
}

impl Sheet for Xlsx {
    fn line(&mut self, line: &Line) -> Result<(), WriteError> {
        let row = self.next;
        if row - self.names > self.most {
            return Err(WriteError::TooLong(self.most));
        }
        let (created, updated) = (self.local(line.created_at), self.local(line.updated_at));
        let closed = line.closed_at.map(|at| self.local(at));
        let (formats, words) = (&self.formats, self.words);
        let sheet = self.book.worksheet_from_index(0)?;
        // Up to 2^53, which no desk's numbers reach.
        #[allow(clippy::cast_precision_loss, reason = "a cell holds a double, and nothing else")]
        let id = line.id as f64;
        match self.address.as_ref().filter(|_| row - self.names <= LINKED) {
            Some(address) => {
                // The link belongs to the cell; what is written over it is what is read there.
                let url = format!("{address}/tickets/{}", line.id);
                sheet.write_url_with_format(row, 0, url.as_str(), &formats.link)?;
                sheet.write_number_with_format(row, 0, id, &formats.link)?;
            }
            None => drop(sheet.write_number_with_format(row, 0, id, &formats.number)?),
        }
        let texts = [
            line.title.as_str(),
            words.status(line.status),
            words.priority(line.priority),
            line.category.as_deref().unwrap_or_default(),
            &line.requester,
            line.assignee.as_deref().unwrap_or_default(),
        ];
        for (column, text) in (1..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string_with_format(row, column, text, &formats.text)?;
        }
        for (column, at) in (7..).zip([Some(created), Some(updated), closed]) {
            if let Some(at) = at {
                sheet.write_datetime_with_format(row, column, at, &formats.moment)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<File, WriteError> {
        let (first, last) = (self.names, self.next - 1);
        let end = u16::try_from(COLUMNS - 1).unwrap_or_default();
        self.book.worksheet_from_index(0)?.autofilter(first, 0, last, end)?;
        let mut file = tempfile::tempfile_in(&self.spool)?;
        self.book.save_to_writer(&mut file)?;
        file.rewind()?;
        Ok(file)
    }
}

/// Puts the logo on top, and answers in which row the columns' names stand.
fn logo(sheet: &mut Worksheet, heading: &Heading) -> Result<u32, WriteError> {
    let Some(small) = heading.logo(LOGO.0, LOGO.1) else { return Ok(0) };
    let small = images::png(&small)?;
    let picture = Image::new_from_buffer(&small)?.set_alt_text(&heading.brand.name);
    sheet.set_row_height_pixels(0, LOGO_ROW)?;
    sheet.insert_image_with_offset(0, 0, &picture, 4, 4)?;
    Ok(1)
}

fn colour([red, green, blue]: [u8; 3]) -> Color {
    Color::RGB(u32::from_be_bytes([0, red, green, blue]))
}

#[cfg(test)]
mod tests {
    use std::{env::temp_dir, io::Read};

    use chrono_tz::Tz;
    use image::{DynamicImage, RgbaImage};
    use shared::{
        accounts::Locale,
        tickets::{Priority, Status},
    };

    use super::*;
    use crate::settings::service::Brand;

    /// A heading with a logo of that size, unless it is 0.
    fn heading(logo: u32) -> Heading {
        let mut png = io::Cursor::new(Vec::new());
        if logo > 0 {
            DynamicImage::from(RgbaImage::new(logo, logo)).write_to(&mut png, image::ImageFormat::Png).unwrap();
        }
        Heading {
            brand: Brand {
                name: "Soporte".to_owned(),
                colour: "#ffdd00".to_owned(),
                logo: (logo > 0).then(|| png.into_inner()),
            },
            words: Words::of(Locale::Es),
            zone: Tz::UTC,
            made_at: DateTime::UNIX_EPOCH,
            made_by: "Ana".to_owned(),
            filters: Vec::new(),
            address: None,
        }
    }

    fn line() -> Line {
        Line {
            id: 1,
            title: "=1".to_owned(),
            status: Status::Open,
            priority: Priority::Low,
            category: None,
            requester: "Ana".to_owned(),
            assignee: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            closed_at: None,
        }
    }

    #[test]
    fn a_logo_stands_over_the_names() {
        let mut sheet = Xlsx::begin(&heading(400), &temp_dir()).unwrap();
        sheet.line(&line()).unwrap();
        let mut archive = zip::ZipArchive::new(sheet.finish().unwrap()).unwrap();
        assert!(archive.by_name("xl/media/image1.png").is_ok());
        let mut xml = String::new();
        archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
        assert!(xml.contains("<pane ySplit=\"2\"") && xml.contains("<autoFilter ref=\"A2:J3\""), "{xml}");
    }

    #[test]
    fn a_broken_logo_is_left_out() {
        let mut broken = heading(10);
        broken.brand.logo = Some(b"\x89PNG nothing".to_vec());
        let archive = zip::ZipArchive::new(Xlsx::begin(&broken, &temp_dir()).unwrap().finish().unwrap()).unwrap();
        assert!(archive.file_names().all(|name| !name.unwrap().contains("media")));
    }

    #[test]
    fn more_lines_than_fit_are_refused() {
        let mut sheet = Xlsx { most: 2, ..Xlsx::begin(&heading(0), &temp_dir()).unwrap() };
        sheet.line(&line()).unwrap();
        sheet.line(&line()).unwrap();
        assert!(matches!(sheet.line(&line()), Err(WriteError::TooLong(2))));
    }

    #[test]
    fn what_is_written_on_a_light_colour_is_dark() {
        assert_eq!(heading(0).accent(), ([0xFF, 0xDD, 0], [0x1C, 0x21, 0x2B]));
    }
}

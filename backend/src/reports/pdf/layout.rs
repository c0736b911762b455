//! Where everything stands on a page, in points from its lower left corner.

use std::rc::Rc;

use super::{
    ink::{Colour, Ink, Style},
    text::Block,
};
use crate::reports::{
    line::{Heading, WriteError},
    words::{Column, Words},
};

/// A4, across.
pub const PAGE: (f32, f32) = (841.89, 595.28);
/// The largest logo, in pixels: three for a point.
pub const LOGO: (u32, u32) = (480, 108);

const MARGIN: f32 = 36.0;
/// Where the table ends, over the foot.
const BOTTOM: f32 = 50.0;
/// Around the text of a cell.
const PADDING: f32 = 4.0;
/// How far a letter's base stands under the top of its line, in ems.
const ASCENT: f32 = 0.95;

const INK: Colour = [0.11, 0.13, 0.17];
const FAINT: Colour = [0.36, 0.39, 0.45];
const RULE: Colour = [0.86, 0.88, 0.91];
const BAND: Colour = [0.965, 0.97, 0.98];

const TITLE: Style = Style { size: 17.0, leading: 22.0, bold: true, colour: INK };
const NAME: Style = Style { size: 9.5, leading: 13.0, bold: false, colour: FAINT };
const SMALL: Style = Style { size: 8.5, leading: 12.0, bold: false, colour: FAINT };
const TEXT: Style = Style { size: 8.0, leading: 10.8, bold: false, colour: INK };
/// In the colour that can be read on the desk's.
const HEAD: Style = Style { size: 8.0, leading: 10.8, bold: true, colour: INK };
const FOOT: Style = Style { size: 7.5, leading: 10.0, bold: false, colour: FAINT };

/// The columns and their widths; what is closed says so by its state.
const COLUMNS: [(Column, f32); 9] = [
    (Column::Id, 48.0),
    (Column::Title, 228.0),
    (Column::Status, 62.0),
    (Column::Priority, 52.0),
    (Column::Category, 82.0),
    (Column::Requester, 94.0),
    (Column::Assignee, 94.0),
    (Column::Created, 54.9),
    (Column::Updated, 54.9),
];

/// A colour as pages take it.
fn parts(colour: [u8; 3]) -> Colour {
    colour.map(|part| f32::from(part) / 255.0)
}

/// What stands in a cell.
pub struct Cell<'a> {
    /// Where.
    pub column: Column,
    /// What.
    pub text: &'a str,
    /// Whether it comes again and again.
    pub again: bool,
}

/// A row that has been set and not been put anywhere yet.
pub struct Row {
    cells: Vec<(f32, f32, Rc<Block>)>,
    height: f32,
}

/// The table, and where on its page it has got to.
pub struct Table {
    accent: Colour,
    head: Style,
    /// Where the next row's top is.
    top: f32,
    /// Whether the next row is a darker one.
    odd: bool,
    names: Row,
}

impl Table {
    /// On the first page, under the heading.
    pub fn begin(ink: &mut Ink, heading: &Heading) -> Result<Self, WriteError> {
        let names = names(ink, heading.words)?;
        let (accent, on_accent) = heading.accent();
        let head = Style { colour: parts(on_accent), ..HEAD };
        let mut table = Self { accent: parts(accent), head, top: PAGE.1 - MARGIN, odd: false, names };
        table.heading(ink, heading)?;
        table.put_names(ink);
        Ok(table)
    }

    /// On the next page.
    pub fn turn(&mut self, ink: &mut Ink, heading: &Heading) -> Result<(), WriteError> {
        self.top = PAGE.1 - MARGIN;
        self.odd = false;
        let title = format!("{} · {}", heading.brand.name, heading.words.report.title);
        self.paragraph(ink, &title, &SMALL)?;
        self.top -= 3.0;
        self.put_names(ink);
        Ok(())
    }

    fn heading(&mut self, ink: &mut Ink, heading: &Heading) -> Result<(), WriteError> {
        let words = heading.words;
        if let Some(logo) = ink.logo {
            let sides = (logo.pixels.0 / 3.0, logo.pixels.1 / 3.0);
            ink.logo((MARGIN, self.top - sides.1), sides);
            self.top -= sides.1 + 8.0;
        }
        self.paragraph(ink, &heading.brand.name, &NAME)?;
        self.paragraph(ink, words.report.title, &TITLE)?;
        let filters: Vec<String> = heading.filters.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        self.paragraph(ink, &filters.join("  ·  "), &SMALL)?;
        let made = words.made(&words.moment(heading.made_at, heading.zone), &heading.made_by);
        let made = format!("{made}  ·  {} {}", words.report.hours_in, heading.zone.name());
        self.paragraph(ink, &made, &SMALL)?;
        self.top -= 8.0;
        Ok(())
    }

    /// Lines across the whole page.
    fn paragraph(&mut self, ink: &mut Ink, text: &str, style: &Style) -> Result<(), WriteError> {
        let width = PAGE.0 - 2.0 * MARGIN;
        let block = ink.setter.set(text, style.bold, width / style.size)?;
        ink.block(&block, (MARGIN, self.top - style.size * ASCENT), width, style);
        self.top -= height(&block, style);
        Ok(())
    }

    fn put_names(&mut self, ink: &mut Ink) {
        ink.area((MARGIN, self.top - self.names.height), (PAGE.0 - 2.0 * MARGIN, self.names.height), self.accent);
        write(ink, &self.names, self.top, &self.head);
        self.top -= self.names.height;
    }

    /// Whether a row still goes on this page. One that is taller than a page goes on a page of its own.
    pub fn fits(&self, row: &Row) -> bool {
        self.top - row.height >= BOTTOM
    }

    /// Puts a row under the last one.
    pub fn put(&mut self, ink: &mut Ink, row: &Row) {
        let width = PAGE.0 - 2.0 * MARGIN;
        if self.odd {
            ink.area((MARGIN, self.top - row.height), (width, row.height), BAND);
        }
        self.odd = !self.odd;
        write(ink, row, self.top, &TEXT);
        self.top -= row.height;
        ink.area((MARGIN, self.top), (width, 0.5), RULE);
    }

    /// Whether the last words still go on this page.
    pub fn has_room_to_end(&self) -> bool {
        self.top - 6.0 - SMALL.leading >= BOTTOM
    }

    /// The words under the table.
    pub fn end(&mut self, ink: &mut Ink, words: &str) -> Result<(), WriteError> {
        self.top -= 6.0;
        self.paragraph(ink, words, &SMALL)
    }
}

/// What stands at the foot of a page.
pub fn foot(ink: &mut Ink, heading: &Heading, number: usize, of: usize) -> Result<(), WriteError> {
    let base = MARGIN - 6.0;
    let width = PAGE.0 - 2.0 * MARGIN;
    let when = heading.words.moment(heading.made_at, heading.zone);
    let left = ink.setter.set_again(&format!("{} · {when}", heading.brand.name), false, width / 2.0 / FOOT.size)?;
    if let Some(line) = left.lines.first() {
        let first = Block { lines: vec![line.clone()], rtl: false };
        ink.block(&first, (MARGIN, base), width / 2.0, &FOOT);
    }
    let page = ink.setter.set(&heading.words.page(number, of), false, width / 2.0 / FOOT.size)?;
    let long = page.lines.first().map_or(0.0, |line| line.width) * FOOT.size;
    ink.block(&page, (PAGE.0 - MARGIN - long, base), width / 2.0, &FOOT);
    Ok(())
}

fn names(ink: &mut Ink, words: &'static Words) -> Result<Row, WriteError> {
    let cells = COLUMNS.map(|(column, _)| Cell { column, text: words.column(column), again: true });
    set(ink, &cells, &HEAD)
}

/// Sets a row of the table.
pub fn row(ink: &mut Ink, cells: &[Cell<'_>]) -> Result<Row, WriteError> {
    set(ink, cells, &TEXT)
}

fn set(ink: &mut Ink, cells: &[Cell<'_>], style: &Style) -> Result<Row, WriteError> {
    let mut row = Row { cells: Vec::with_capacity(cells.len()), height: 0.0 };
    let mut left = MARGIN;
    for (column, wide) in COLUMNS {
        let width = wide - 2.0 * PADDING;
        if let Some(cell) = cells.iter().find(|cell| cell.column == column) {
            let ems = width / style.size;
            let block = if cell.again {
                ink.setter.set_again(cell.text, style.bold, ems)?
            } else {
                Rc::new(ink.setter.set(cell.text, style.bold, ems)?)
            };
            row.height = row.height.max(height(&block, style) + 2.0 * PADDING);
            row.cells.push((left + PADDING, width, block));
        }
        left += wide;
    }
    Ok(row)
}

/// Whatever a cell's text is made of, none of it shows outside of the cell.
fn write(ink: &mut Ink, row: &Row, top: f32, style: &Style) {
    for (left, width, block) in &row.cells {
        let (corner, sides) = ((*left - PADDING, top - row.height), (*width + 2.0 * PADDING, row.height));
        ink.within(corner, sides, |ink| {
            ink.block(block, (*left, top - PADDING - style.size * ASCENT), *width, style);
        });
    }
}

fn height(block: &Block, style: &Style) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "a text has some dozen lines")]
    let lines = block.lines.len().max(1) as f32;
    lines * style.leading
}

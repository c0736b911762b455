//! A document to print: A4 across, a heading, a table whose names stand on every page, numbered pages.
//!
//! A page is written to the file as soon as it is full. What can only be known at the end (how many pages there are, which
//! glyphs were used) stands in objects of its own, written then.

mod embed;
mod file;
mod fonts;
mod ink;
mod layout;
mod text;

#[cfg(test)]
mod tests;

use std::{fs::File, path::Path};

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use pdf_writer::{Date, Filter, Finish, Name, Rect, Ref, TextStr, types::PageMode};

use self::{
    file::{Objects, deflated},
    ink::Ink,
    layout::{Cell, PAGE, Table},
};
use super::{
    line::{Heading, Line, Sheet, WriteError},
    words::Column,
};

/// Pages under one node of the tree by which readers find a page.
const BRANCH: usize = 64;

/// A document as it is being written.
pub struct Pdf {
    heading: Heading,
    objects: Objects,
    ink: Ink,
    table: Table,
    resources: Ref,
    tree: Ref,
    /// The nodes of the tree.
    branches: Vec<Branch>,
    /// What stands at the foot of each page.
    feet: Vec<Ref>,
    count: usize,
}

struct Branch {
    id: Ref,
    pages: Vec<Ref>,
}

impl Pdf {
    /// With its heading.
    pub fn begin(heading: Heading, spool: &Path) -> Result<Self, WriteError> {
        let mut objects = Objects::begin(spool)?;
        let [resources, tree] = std::array::from_fn(|_| objects.reserve());
        let logo = match heading.logo(layout::LOGO.0, layout::LOGO.1) {
            Some(picture) => Some(ink::picture(&mut objects, &picture)?),
            None => None,
        };
        let mut ink = Ink::new(logo);
        let table = Table::begin(&mut ink, &heading)?;
        Ok(Self { heading, objects, ink, table, resources, tree, branches: Vec::new(), feet: Vec::new(), count: 0 })
    }

    /// Writes the page that is full, or the last one.
    fn end_page(&mut self) -> Result<(), WriteError> {
        let [page, body, foot] = std::array::from_fn(|_| self.objects.reserve());
        if self.branches.last().is_none_or(|branch| branch.pages.len() >= BRANCH) {
            let id = self.objects.reserve();
            self.branches.push(Branch { id, pages: Vec::new() });
        }
        let Some(branch) = self.branches.last_mut() else { return Err(WriteError::BrokenOff) };
        branch.pages.push(page);
        let parent = branch.id;
        let bytes = deflated(&self.ink.take_page())?;
        self.objects.write(body, |chunk| {
            chunk.stream(body, &bytes).filter(Filter::FlateDecode).finish();
        })?;
        self.feet.push(foot);
        let resources = self.resources;
        self.objects.write(page, |chunk| {
            let mut dictionary = chunk.page(page);
            dictionary.parent(parent).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents_array([body, foot]);
            dictionary.pair(Name(b"Resources"), resources);
        })
    }

    fn feet(&mut self) -> Result<(), WriteError> {
        let of = self.feet.len();
        for (place, foot) in std::mem::take(&mut self.feet).into_iter().enumerate() {
            layout::foot(&mut self.ink, &self.heading, place + 1, of)?;
            let bytes = deflated(&self.ink.take_page())?;
            self.objects.write(foot, |chunk| {
                chunk.stream(foot, &bytes).filter(Filter::FlateDecode).finish();
            })?;
        }
        Ok(())
    }

    fn tree(&mut self) -> Result<(), WriteError> {
        let tree = self.tree;
        let length = |pages: usize| i32::try_from(pages).unwrap_or(i32::MAX);
        for branch in &self.branches {
            self.objects.write(branch.id, |chunk| {
                chunk
                    .pages(branch.id)
                    .parent(tree)
                    .kids(branch.pages.iter().copied())
                    .count(length(branch.pages.len()));
            })?;
        }
        let all = length(self.branches.iter().map(|branch| branch.pages.len()).sum());
        self.objects.write(tree, |chunk| {
            chunk.pages(tree).kids(self.branches.iter().map(|branch| branch.id)).count(all);
        })
    }
}

impl Sheet for Pdf {
    fn line(&mut self, line: &Line) -> Result<(), WriteError> {
        self.count += 1;
        let (words, zone) = (self.heading.words, self.heading.zone);
        let (created, updated) = (words.moment(line.created_at, zone), words.moment(line.updated_at, zone));
        let id = format!("#{}", line.id);
        let none = "—";
        let cells = [
            Cell { column: Column::Id, text: &id, again: false },
            Cell { column: Column::Title, text: &line.title, again: false },
            Cell { column: Column::Status, text: words.status(line.status), again: true },
            Cell { column: Column::Priority, text: words.priority(line.priority), again: true },
            Cell { column: Column::Category, text: line.category.as_deref().unwrap_or(none), again: true },
            Cell { column: Column::Requester, text: &line.requester, again: true },
            Cell { column: Column::Assignee, text: line.assignee.as_deref().unwrap_or(none), again: true },
            Cell { column: Column::Created, text: &created, again: false },
            Cell { column: Column::Updated, text: &updated, again: false },
        ];
        let row = layout::row(&mut self.ink, &cells)?;
        if !self.table.fits(&row) {
            self.end_page()?;
            self.table.turn(&mut self.ink, &self.heading)?;
        }
        self.table.put(&mut self.ink, &row);
        Ok(())
    }

    fn finish(mut self) -> Result<File, WriteError> {
        let (words, count) = (self.heading.words, self.count);
        let last = if count == 0 { words.report.empty.to_owned() } else { words.count(count) };
        if !self.table.has_room_to_end() {
            self.end_page()?;
            self.table.turn(&mut self.ink, &self.heading)?;
        }
        self.table.end(&mut self.ink, &last)?;
        self.end_page()?;
        self.feet()?;
        self.tree()?;
        let Self { heading, mut objects, ink, resources, tree, .. } = self;
        ink.finish(&mut objects, resources)?;
        let [catalog, information] = std::array::from_fn(|_| objects.reserve());
        objects.write(catalog, |chunk| {
            let mut dictionary: pdf_writer::writers::Catalog<'_> = chunk.indirect(catalog).start();
            dictionary.pages(tree).page_mode(PageMode::UseNone).lang(TextStr(heading.words.locale.as_str()));
            dictionary.viewer_preferences().display_doc_title(true);
        })?;
        objects.write(information, |chunk| {
            let title = format!("{} · {}", heading.words.report.title, heading.brand.name);
            let mut dictionary: pdf_writer::writers::DocumentInfo<'_> = chunk.indirect(information).start();
            dictionary
                .title(TextStr(&title))
                .author(TextStr(&heading.made_by))
                .creator(TextStr("Turno"))
                .creation_date(date(heading.made_at.with_timezone(&heading.zone)));
        })?;
        objects.finish(catalog, information)
    }
}

/// A moment as documents write it.
fn date(at: chrono::DateTime<Tz>) -> Date {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let minutes = chrono::Offset::fix(at.offset()).local_minus_utc() / 60;
    Date::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(i8::try_from(minutes / 60).unwrap_or_default())
        .utc_offset_minute(u8::try_from(minutes.abs() % 60).unwrap_or_default())
}

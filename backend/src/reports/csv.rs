//! Comma-separated values (RFC 4180), in UTF-8 with the mark that spreadsheets know it by.
//!
//! Moments are in UTC, as RFC 3339 writes them: a file that a program reads must not depend on who took it.

use std::{
    borrow::Cow,
    fs::File,
    io::{Seek, Write},
    path::Path,
};

use chrono::{DateTime, SecondsFormat, Utc};
use csv::{Terminator, Writer, WriterBuilder};

use super::{
    line::{Heading, Line, Sheet, WriteError},
    words::Words,
};

/// The byte order mark: without it Excel takes the file for one in the system's old encoding.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file of comma-separated values.
pub struct Csv {
    writer: Writer<File>,
    words: &'static Words,
}

impl Csv {
    /// With the names of the columns.
    pub fn begin(heading: &Heading, spool: &Path) -> Result<Self, WriteError> {
        let mut file = tempfile::tempfile_in(spool)?;
        file.write_all(MARK)?;
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file);
        writer.write_record(heading.words.columns())?;
        Ok(Self { writer, words: heading.words })
    }
}

impl Sheet for Csv {
    fn line(&mut self, line: &Line) -> Result<(), WriteError> {
        let id = line.id.to_string();
        let closed = line.closed_at.map(moment).unwrap_or_default();
        self.writer.write_record([
            id.as_str(),
            &harmless(&line.title),
            self.words.status(line.status),
            self.words.priority(line.priority),
            &harmless(line.category.as_deref().unwrap_or_default()),
            &harmless(&line.requester),
            &harmless(line.assignee.as_deref().unwrap_or_default()),
            &moment(line.created_at),
            &moment(line.updated_at),
            &closed,
        ])?;
        Ok(())
    }

    fn finish(self) -> Result<File, WriteError> {
        let mut file = self.writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What a spreadsheet takes for the beginning of a formula, with the wide forms that some fold into these.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Where a spreadsheet may begin a new cell, whatever the quotes say: where the comma is the decimal mark, the semicolon
/// separates, and a quote inside a cell is then only a character.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// A text that no spreadsheet takes for a formula: an apostrophe makes it text, as OWASP advises.
fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(FORMULA) && !text.starts_with(SEPARATORS) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 2);
    if text.starts_with(SEPARATORS) || begins_formula(text) {
        safe.push('\'');
    }
    let mut rest = text;
    while let Some((cell, after)) = rest.split_once(SEPARATORS) {
        let separator = rest.strip_prefix(cell).and_then(|rest| rest.chars().next());
        safe.push_str(cell);
        safe.extend(separator);
        if begins_formula(after) {
            safe.push('\'');
        }
        rest = after;
    }
    safe.push_str(rest);
    Cow::Owned(safe)
}

/// Whether the first thing to be seen begins a formula. Quotes are not seen: behind a separator they enclose the cell.
fn begins_formula(text: &str) -> bool {
    let unseen = |c: char| c.is_whitespace() || c.is_control() || ['\u{FEFF}', '"', '\''].contains(&c);
    text.trim_start_matches(unseen).starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text() {
        for text in ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "  =1", "\u{FEFF}=1"]
        {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn a_formula_behind_a_separator_becomes_text_too() {
        assert_eq!(harmless("a;=cmd()"), "a;'=cmd()");
        assert_eq!(harmless("x\";=1\n@y"), "x\";'=1\n'@y");
        assert_eq!(harmless(";-1"), "';'-1");
        assert_eq!(harmless("\t=1"), "'\t'=1");
        assert_eq!(harmless("x;\"=1+1;y"), "x;'\"=1+1;y");
        assert_eq!(harmless("x; \"\"'=1"), "x;' \"\"'=1");
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in
            ["", "Impresora", "a=b", "1-2", "ana@example.org", "a, =b", "50 % + IVA", "a; b", "a; \"b\"", "\"x\""]
        {
            assert_eq!(harmless(text), text);
        }
    }
}

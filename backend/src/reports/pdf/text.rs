//! From a text to glyphs on lines: which font writes what, in which direction, where a line may end.
//!
//! Directions follow the Unicode bidirectional algorithm, shapes `HarfBuzz`, line ends UAX 14 with its dictionaries for
//! scripts that do not space their words. Everything is measured in ems: the size is the caller's.

use std::{borrow::Cow, collections::HashMap, ops::Range, rc::Rc};

use harfrust::{Buffer, Direction, Script, ShapeOptions, ShapePlan, ShaperFont, Tag, shape};
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed, options::LineBreakOptions};
use unicode_bidi::{BidiInfo, Level};
use unicode_normalization::char::is_combining_mark;
use unicode_script::UnicodeScript;
use unicode_segmentation::UnicodeSegmentation;

use super::fonts::{Face, FaceId, candidates};
use crate::reports::line::WriteError;

/// The most lines of a text: what is longer ends there.
const MOST_LINES: usize = 40;
/// The most marks on one letter: what people spell has hardly more than five (Burmese has), and of a tower nothing is read.
const MOST_MARKS: usize = 8;
/// How many short texts are kept as they were set.
const KEPT: usize = 2_000;

/// A glyph and where it goes, in ems.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    /// Its number in its font.
    pub id: u16,
    /// How far the next one is.
    pub advance: f32,
    /// How far it would be by the font alone, as a document's readers know it.
    pub own: f32,
    /// How far it stands from its place.
    pub shift: (f32, f32),
    /// Where its characters begin in the text of its run.
    pub cluster: usize,
    /// The character that it is by itself, when it is one.
    pub character: Option<char>,
}

impl Glyph {
    /// Whether it stands where the one before it ends.
    pub fn is_in_place(&self) -> bool {
        self.shift == (0.0, 0.0)
    }
}

/// Glyphs of one font in one direction, from left to right.
#[derive(Debug, Clone)]
pub struct Run {
    /// The font.
    pub face: FaceId,
    /// What is written, in reading order.
    pub text: String,
    /// Whether it is read from right to left.
    pub rtl: bool,
    /// How it looks.
    pub glyphs: Vec<Glyph>,
}

/// One line, from left to right.
#[derive(Debug, Clone, Default)]
pub struct TextLine {
    /// Its parts.
    pub runs: Vec<Run>,
    /// How long it is, in ems.
    pub width: f32,
}

/// A text, set.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Its lines.
    pub lines: Vec<TextLine>,
    /// Whether it is read from right to left, and so begins at the right.
    pub rtl: bool,
}

/// A part of a text that one font writes in one script and direction.
#[derive(Debug, Clone, PartialEq)]
struct Item {
    range: Range<usize>,
    face: FaceId,
    script: unicode_script::Script,
    level: Level,
}

type PlanKey = (FaceId, bool, unicode_script::Script);
type Kept = HashMap<(String, bool, u32), Rc<Block>>;

/// Sets texts.
pub struct Typesetter {
    faces: HashMap<FaceId, Face>,
    plans: HashMap<PlanKey, ShapePlan>,
    breaks: LineSegmenterBorrowed<'static>,
    buffer: Buffer,
    kept: Kept,
}

impl Typesetter {
    /// With every font still packed.
    pub fn new() -> Self {
        Self {
            faces: HashMap::new(),
            plans: HashMap::new(),
            breaks: LineSegmenter::new_auto(LineBreakOptions::default()),
            buffer: Buffer::new(),
            kept: HashMap::new(),
        }
    }

    /// A font that was used.
    pub fn face(&mut self, id: FaceId) -> Result<&Face, WriteError> {
        use std::collections::hash_map::Entry;
        Ok(match self.faces.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Face::unpack(id)?),
        })
    }

    /// A text that comes again and again, like a state or a name.
    pub fn set_again(&mut self, text: &str, bold: bool, width: f32) -> Result<Rc<Block>, WriteError> {
        let key = (text.to_owned(), bold, width.to_bits());
        if let Some(block) = self.kept.get(&key) {
            return Ok(block.clone());
        }
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        let block = Rc::new(self.set(text, bold, width)?);
        self.kept.insert(key, block.clone());
        Ok(block)
    }

    /// A text on lines of this width.
    pub fn set(&mut self, text: &str, bold: bool, width: f32) -> Result<Block, WriteError> {
        let text = self.writable(text, bold)?;
        if text.is_empty() {
            return Ok(Block::default());
        }
        let bidi = BidiInfo::new(&text, None);
        let Some(paragraph) = bidi.paragraphs.first() else { return Ok(Block::default()) };
        let items = self.items(&text, bold, &bidi.levels)?;
        let rtl = paragraph.level.is_rtl();
        let mut ends = vec![text.len()];
        let only_ltr = items.iter().all(|item| item.level.is_ltr());
        let runs = items.iter().map(|item| self.shape(&text, item)).collect::<Result<Vec<_>, _>>()?;
        let whole: f32 = runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.advance).sum();
        if whole <= width && only_ltr {
            return Ok(Block { lines: vec![TextLine { runs, width: whole }], rtl });
        }
        if whole > width {
            ends = self.line_ends(&text, &advances(&text, &items, &runs), width);
        }
        let mut lines = Vec::with_capacity(ends.len());
        let mut start = 0;
        for end in ends.into_iter().take(MOST_LINES) {
            // What separates two lines is not written.
            let written = start..start + text.get(start..end).unwrap_or_default().trim_end().len();
            if !written.is_empty() {
                lines.push(self.line(&text, &bidi, paragraph, &items, written)?);
            }
            start = end;
        }
        Ok(Block { lines, rtl })
    }

    /// The text without what cannot be written: line ends and controls become spaces, characters that no font has the sign
    /// for such, and of many marks on one letter only the first stay.
    fn writable(&mut self, text: &str, bold: bool) -> Result<String, WriteError> {
        let mut writable = String::with_capacity(text.len());
        for cluster in text.graphemes(true) {
            let cluster = &*with_few_marks(cluster);
            if cluster.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
                writable.push(' ');
            } else if self.face_of(cluster, bold)?.is_some() {
                writable.push_str(cluster);
            } else {
                // A part of it may do: a letter whose mark is unknown.
                for c in cluster.chars() {
                    let known = self.face_of(c.encode_utf8(&mut [0; 4]), bold)?.is_some();
                    writable.push(if known { c } else { char::REPLACEMENT_CHARACTER });
                }
            }
        }
        Ok(writable)
    }

    fn face_of(&mut self, cluster: &str, bold: bool) -> Result<Option<FaceId>, WriteError> {
        for id in candidates(cluster, bold) {
            if self.face(id)?.has(cluster) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn items(&mut self, text: &str, bold: bool, levels: &[Level]) -> Result<Vec<Item>, WriteError> {
        let mut items: Vec<Item> = Vec::new();
        for (at, cluster) in text.grapheme_indices(true) {
            let mut face = self.face_of(cluster, bold)?.unwrap_or(FaceId::TEXT);
            let level = levels.get(at).copied().unwrap_or_else(Level::ltr);
            let mut script = cluster.chars().next().map_or(unicode_script::Script::Common, |c| c.script());
            let range = at..at + cluster.len();
            if let Some(last) = items.last_mut() {
                use unicode_script::Script::{Common, Inherited};
                let shared = matches!(script, Common | Inherited);
                // A space or a comma between two words of one script is written as they are.
                if shared && last.face != face && last.face.is_of_scripts() && self.face(last.face)?.has(cluster) {
                    face = last.face;
                }
                if shared {
                    script = last.script;
                } else if matches!(last.script, Common | Inherited) && last.face == face {
                    last.script = script;
                }
                if last.face == face && last.script == script && last.level == level {
                    last.range.end = range.end;
                    continue;
                }
            }
            items.push(Item { range, face, script, level });
        }
        Ok(items)
    }

    /// One item, shaped. Its glyphs stand from left to right.
    fn shape(&mut self, text: &str, item: &Item) -> Result<Run, WriteError> {
        let content = text.get(item.range.clone()).unwrap_or_default();
        let rtl = item.level.is_rtl();
        self.face(item.face)?;
        let Some(face) = self.faces.get(&item.face) else { return Err(WriteError::BrokenOff) };
        let direction = if rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let tag = item.script.short_name().as_bytes().first_chunk::<4>().map(Tag::new);
        let script = tag.and_then(Script::from_iso15924_tag);
        let plan = self
            .plans
            .entry((item.face, rtl, item.script))
            .or_insert_with(|| ShapePlan::new(&face.font, direction, script, None, &[]));
        let buffer = &mut self.buffer;
        buffer.reset();
        buffer.push_str(content);
        buffer.set_direction(direction);
        buffer.set_script(script);
        shape(&ShaperFont::new(&face.font), buffer, ShapeOptions::new().plan(Some(plan)))
            .map_err(|error| WriteError::Font(face.name, format!("{error:?}")))?;
        let first_of = |cluster: usize| content.get(cluster..).and_then(|rest| rest.chars().next());
        let ems = |units: i32| face.thousandths(f32::from(i16::try_from(units).unwrap_or_default())) / 1000.0;
        let glyphs = buffer.glyph_infos().iter().zip(buffer.glyph_positions()).map(|(info, position)| Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or_default(),
            advance: ems(position.x_advance),
            own: face.width_of(info.glyph_id) / 1000.0,
            shift: (ems(position.x_offset), ems(position.y_offset)),
            cluster: info.cluster as usize,
            character: face.character_of(info.glyph_id, first_of(info.cluster as usize)),
        });
        Ok(Run { face: item.face, text: content.to_owned(), rtl, glyphs: glyphs.collect() })
    }

    /// Where lines end: at the last chance before they are too long; a word that is too long by itself between two of its
    /// characters.
    fn line_ends(&self, text: &str, advances: &[(usize, f32)], width: f32) -> Vec<usize> {
        let reach = |from: usize, to: usize| -> f32 {
            let (first, last) =
                (advances.partition_point(|(at, _)| *at < from), advances.partition_point(|(at, _)| *at < to));
            advances.get(first..last).unwrap_or_default().iter().map(|(_, advance)| advance).sum()
        };
        let visible = |from: usize, to: usize| {
            let line = text.get(from..to).unwrap_or_default();
            reach(from, from + line.trim_end().len())
        };
        let mut ends = Vec::new();
        let (mut start, mut chance) = (0, 0);
        for end in self.breaks.segment_str(text).filter(|&end| end > 0) {
            if visible(start, end) > width {
                if chance > start {
                    ends.push(chance);
                    start = chance;
                }
                let mut at = start;
                for cluster in text.get(start..end).unwrap_or_default().graphemes(true) {
                    let next = at + cluster.len();
                    if at > start && visible(start, next) > width {
                        ends.push(at);
                        start = at;
                    }
                    at = next;
                }
            }
            chance = end;
        }
        if start < text.len() {
            ends.push(text.len());
        }
        ends
    }

    /// One line, its parts in the order they are seen.
    fn line(
        &mut self,
        text: &str,
        bidi: &BidiInfo<'_>,
        paragraph: &unicode_bidi::ParagraphInfo,
        items: &[Item],
        range: Range<usize>,
    ) -> Result<TextLine, WriteError> {
        let (levels, seen) = bidi.visual_runs(paragraph, range);
        let mut line = TextLine::default();
        for part in seen {
            let level = levels.get(part.start).copied().unwrap_or(paragraph.level);
            let within = items.iter().filter_map(|item| {
                let range = item.range.start.max(part.start)..item.range.end.min(part.end);
                (range.start < range.end).then(|| Item { range, level, ..item.clone() })
            });
            let mut within: Vec<Item> = within.collect();
            if level.is_rtl() {
                within.reverse();
            }
            for item in within {
                let run = self.shape(text, &item)?;
                line.width += run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>();
                line.runs.push(run);
            }
        }
        Ok(line)
    }
}

/// A cluster of characters with no more than [`MOST_MARKS`] on each of its letters. What joins two signs does not begin a
/// letter.
fn with_few_marks(cluster: &str) -> Cow<'_, str> {
    if cluster.chars().filter(|&c| is_combining_mark(c)).count() <= MOST_MARKS {
        return Cow::Borrowed(cluster);
    }
    let mut marks = 0;
    let stays = |c: &char| {
        if is_combining_mark(*c) {
            marks += 1;
        } else if c.is_alphabetic() {
            marks = 0;
        }
        marks <= MOST_MARKS || !is_combining_mark(*c)
    };
    Cow::Owned(cluster.chars().filter(stays).collect())
}

/// How far each part of a text reaches, by where its characters begin.
fn advances(text: &str, items: &[Item], runs: &[Run]) -> Vec<(usize, f32)> {
    let mut all: Vec<(usize, f32)> = Vec::with_capacity(text.len());
    for (item, run) in items.iter().zip(runs) {
        all.extend(run.glyphs.iter().map(|glyph| (item.range.start + glyph.cluster, glyph.advance)));
    }
    all.sort_by_key(|(at, _)| *at);
    all
}

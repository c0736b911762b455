//! The fonts of a document: only the glyphs that were used, and what they mean, so that text can be searched and copied.

use std::collections::HashMap;

use pdf_writer::{
    Filter, Finish, Name, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;
use unicode_normalization::UnicodeNormalization;

use super::{
    file::{Objects, deflated},
    fonts::Face,
    text::Run,
};
use crate::reports::line::WriteError;

const IDENTITY: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// What was used of a font.
#[derive(Default)]
pub struct Used {
    numbers: GlyphRemapper,
    meanings: HashMap<u16, String>,
}

impl Used {
    /// The numbers of a run's glyphs in the document, and whether they alone tell what is written.
    pub fn run(&mut self, run: &Run) -> (Vec<u16>, bool) {
        let mut tell = !run.rtl;
        let mut numbers = Vec::with_capacity(run.glyphs.len());
        let mut starts: Vec<usize> = run.glyphs.iter().map(|glyph| glyph.cluster).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut before = None;
        for glyph in &run.glyphs {
            let number = self.numbers.remap(glyph.id);
            numbers.push(number);
            // The second glyph of the same characters says nothing of its own.
            if before == Some(glyph.cluster) {
                tell = false;
                continue;
            }
            before = Some(glyph.cluster);
            let end = starts.get(starts.partition_point(|&start| start <= glyph.cluster));
            let meaning = run.text.get(glyph.cluster..end.copied().unwrap_or(run.text.len())).unwrap_or_default();
            if !may_mean(glyph.character, meaning) {
                tell = false;
                continue;
            }
            match self.meanings.get(&number) {
                Some(known) => tell &= known == meaning,
                None => drop(self.meanings.insert(number, meaning.to_owned())),
            }
        }
        (numbers, tell)
    }

    /// Writes the font.
    pub fn write(self, objects: &mut Objects, id: Ref, face: &Face) -> Result<(), WriteError> {
        let failed = |error: &dyn std::fmt::Display| WriteError::Font(face.name, error.to_string());
        let subset = subsetter::subset(&face.bytes, 0, &self.numbers).map_err(|error| failed(&error))?;
        let name = format!("TURNOX+{}", face.name);
        let [descendant, descriptor, program, unicode] = std::array::from_fn(|_| objects.reserve());
        objects.write(id, |chunk| {
            chunk
                .type0_font(id)
                .base_font(Name(name.as_bytes()))
                .encoding_predefined(Name(b"Identity-H"))
                .descendant_font(descendant)
                .to_unicode(unicode);
        })?;
        objects.write(descendant, |chunk| {
            let mut font = chunk.cid_font(descendant);
            font.subtype(CidFontType::Type2)
                .base_font(Name(name.as_bytes()))
                .system_info(IDENTITY)
                .font_descriptor(descriptor)
                .default_width(0.0)
                .cid_to_gid_map_predefined(Name(b"Identity"));
            let advances = self.numbers.remapped_gids().map(|glyph| face.width_of(glyph.into()));
            font.widths().consecutive(0, advances);
        })?;
        objects.write(descriptor, |chunk| {
            let metrics = face.font.metrics();
            let (bounds, line) = (metrics.bounds, metrics.h_line().unwrap_or_default());
            let capitals = metrics.cap_height.unwrap_or(line.ascender);
            let measures =
                [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max, line.ascender, line.descender, capitals];
            let [left, bottom, right, top, ascent, descent, capitals] =
                measures.map(|units| face.thousandths(units.to_f32()).round());
            chunk
                .font_descriptor(descriptor)
                .name(Name(name.as_bytes()))
                .flags(FontFlags::SYMBOLIC)
                .bbox(Rect::new(left, bottom, right, top))
                .italic_angle(0.0)
                .ascent(ascent)
                .descent(descent)
                .cap_height(capitals)
                .stem_v(80.0)
                .font_file2(program);
        })?;
        let bytes = deflated(&subset)?;
        let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
        objects.write(program, |chunk| {
            let mut stream = chunk.stream(program, &bytes);
            stream.filter(Filter::FlateDecode);
            stream.pair(Name(b"Length1"), length);
        })?;
        let bytes = deflated(&self.meaning(face))?;
        objects.write(unicode, |chunk| {
            chunk.stream(unicode, &bytes).filter(Filter::FlateDecode).finish();
        })
    }

    /// What each glyph means.
    fn meaning(&self, face: &Face) -> Vec<u8> {
        let mut map = UnicodeCmap::new(Name(b"Turno"), IDENTITY);
        for (number, glyph) in (0..=u16::MAX).zip(self.numbers.remapped_gids()).skip(1) {
            // A glyph that only ever came second, or with marks, still stands for a character of its own.
            match (self.meanings.get(&number), face.character_of(glyph.into(), None)) {
                (Some(text), _) if !text.is_empty() => map.pair_with_multiple(number, text.chars()),
                (_, Some(c)) => map.pair(number, c),
                _ => {}
            }
        }
        map.finish().into_vec()
    }
}

/// Whether a glyph may be said to mean this wherever it stands in the document. One that is a character by itself means that
/// character, or what it is a form of, as ligatures are and the letters of Arabic: whoever writes a letter with a row of marks
/// on it first must not change what the same letter means in every other text.
fn may_mean(character: Option<char>, meaning: &str) -> bool {
    character.is_none_or(|c| {
        let is_form = c.nfd().eq([c]) && c.nfkd().eq(meaning.chars());
        is_form || meaning.chars().eq([c])
    })
}

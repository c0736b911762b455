//! The fonts the program carries, and which of them writes what.
//!
//! Together they have a glyph for every character of Unicode 14 but hieroglyphs, cuneiform, Tangut and the ideographs beyond
//! the first plane: Noto Sans for most living scripts, Droid Sans Fallback for Chinese and Japanese, Nanum Gothic for Korean,
//! Noto Emoji, and GNU Unifont for the rest. They are compressed in the program (4 MB, see `backend/fonts`), and one is only unpacked when
//! a text needs it.

use std::{cell::OnceCell, collections::HashMap, io::Read, sync::Arc};

use brotli_decompressor::Decompressor;
use harfrust::font::Font;
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

use crate::reports::line::WriteError;

/// What a font is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The first to be asked.
    Text,
    /// The first to be asked for what should stand out.
    Bold,
    /// These scripts.
    Scripts(&'static [Script]),
    /// Whatever the others have not, in the order of the list.
    Rest,
}

/// A font in the program.
struct Packed {
    /// Its name in a document.
    name: &'static str,
    bytes: &'static [u8],
    part: Part,
}

macro_rules! fonts {
    ($($file:literal $name:literal $part:expr;)+) => {
        [$(Packed { name: $name, bytes: include_bytes!(concat!("../../../fonts/", $file, ".ttf.br")), part: $part }),+]
    };
}

const COUNT: usize = 30;

static FONTS: [Packed; COUNT] = {
    use Part::{Bold, Rest, Scripts, Text};
    fonts! {
        "sans" "NotoSans-Regular" Text;
        "sans-bold" "NotoSans-Bold" Bold;
        "arabic" "NotoSansArabic-Regular" Scripts(&[Script::Arabic]);
        "armenian" "NotoSansArmenian-Regular" Scripts(&[Script::Armenian]);
        "bengali" "NotoSansBengali-Regular" Scripts(&[Script::Bengali]);
        "canadianaboriginal" "NotoSansCanadianAboriginal-Regular" Scripts(&[Script::Canadian_Aboriginal]);
        "cherokee" "NotoSansCherokee-Regular" Scripts(&[Script::Cherokee]);
        "devanagari" "NotoSansDevanagari-Regular" Scripts(&[Script::Devanagari]);
        "ethiopic" "NotoSansEthiopic-Regular" Scripts(&[Script::Ethiopic]);
        "georgian" "NotoSansGeorgian-Regular" Scripts(&[Script::Georgian]);
        "gujarati" "NotoSansGujarati-Regular" Scripts(&[Script::Gujarati]);
        "gurmukhi" "NotoSansGurmukhi-Regular" Scripts(&[Script::Gurmukhi]);
        "hebrew" "NotoSansHebrew-Regular" Scripts(&[Script::Hebrew]);
        "kannada" "NotoSansKannada-Regular" Scripts(&[Script::Kannada]);
        "khmer" "NotoSansKhmer-Regular" Scripts(&[Script::Khmer]);
        "lao" "NotoSansLao-Regular" Scripts(&[Script::Lao]);
        "malayalam" "NotoSansMalayalam-Regular" Scripts(&[Script::Malayalam]);
        "myanmar" "NotoSansMyanmar-Regular" Scripts(&[Script::Myanmar]);
        "oriya" "NotoSansOriya-Regular" Scripts(&[Script::Oriya]);
        "sinhala" "NotoSansSinhala-Regular" Scripts(&[Script::Sinhala]);
        "tamil" "NotoSansTamil-Regular" Scripts(&[Script::Tamil]);
        "telugu" "NotoSansTelugu-Regular" Scripts(&[Script::Telugu]);
        "thaana" "NotoSansThaana-Regular" Scripts(&[Script::Thaana]);
        "thai" "NotoSansThai-Regular" Scripts(&[Script::Thai]);
        "symbols" "NotoSansSymbols-Regular" Rest;
        "emoji" "NotoEmoji-Regular" Rest;
        "cjk" "DroidSansFallback" Scripts(&[Script::Han, Script::Hiragana, Script::Katakana, Script::Bopomofo]);
        "unifont" "Unifont" Rest;
        "unifont-upper" "UnifontUpper" Rest;
        "hangul" "TurnoHangul" Scripts(&[Script::Hangul]);
    }
};

/// Which font, by its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u8);

impl FaceId {
    /// What writes when no font has the character.
    pub const TEXT: Self = Self(0);
    /// What writes in bold.
    pub const BOLD: Self = Self(1);
    const EMOJI: Self = Self(25);
    const CJK: Self = Self(26);

    /// Whether it is of certain scripts, and so has their spaces and commas too.
    pub fn is_of_scripts(self) -> bool {
        FONTS.get(usize::from(self.0)).is_some_and(|font| matches!(font.part, Part::Scripts(_)))
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).take(COUNT).map(Self)
    }
}

/// A font, unpacked.
pub struct Face {
    /// Its name in a document.
    pub name: &'static str,
    /// The file.
    pub bytes: Arc<Vec<u8>>,
    /// The same, as the shaper reads it.
    pub font: Font,
    /// How wide each glyph is, in whole thousandths of the font's size: what a document tells its readers.
    widths: Vec<f32>,
    /// Which character each glyph is that is one, once it was asked.
    characters: OnceCell<HashMap<u32, char>>,
}

impl Face {
    /// Unpacks a font.
    pub fn unpack(id: FaceId) -> Result<Self, WriteError> {
        let place = usize::from(id.0);
        let Some(packed) = FONTS.get(place) else { return Err(WriteError::Font("of this number", place.to_string())) };
        let mut bytes = Vec::new();
        Decompressor::new(packed.bytes, 4096)
            .read_to_end(&mut bytes)
            .map_err(|error| WriteError::Font(packed.name, error.to_string()))?;
        let bytes = Arc::new(bytes);
        let source: Arc<dyn AsRef<[u8]> + Send + Sync> = bytes.clone();
        let font = Font::new(source, 0).ok_or_else(|| WriteError::Font(packed.name, "not a font".to_owned()))?;
        let mut face = Self { name: packed.name, bytes, widths: Vec::new(), font, characters: OnceCell::new() };
        let advances = face.font.glyph_metrics();
        let width = |glyph: u32| face.thousandths(advances.h_advance(glyph.into())).round();
        face.widths = (0..face.font.num_glyphs()).map(width).collect();
        Ok(face)
    }

    /// Whether it has a glyph for every character that is to be seen.
    pub fn has(&self, cluster: &str) -> bool {
        let characters = self.font.charmap();
        cluster.chars().all(|c| is_ignorable(c) || characters.map_unicode(c).is_some_and(|glyph| glyph.to_u32() != 0))
    }

    /// How wide a glyph is, in whole thousandths of the font's size.
    pub fn width_of(&self, glyph: u32) -> f32 {
        usize::try_from(glyph).ok().and_then(|glyph| self.widths.get(glyph)).copied().unwrap_or_default()
    }

    /// The character that a glyph is by itself: of several that look the same the one that was written, else the first. None
    /// for what only comes about when characters meet.
    pub fn character_of(&self, glyph: u32, written: Option<char>) -> Option<char> {
        let is_glyph = |c: char| self.font.charmap().map_unicode(c).is_some_and(|found| found.to_u32() == glyph);
        written.filter(|&c| is_plain(c) && is_glyph(c)).or_else(|| self.first_character_of(glyph))
    }

    fn first_character_of(&self, glyph: u32) -> Option<char> {
        let characters = self.characters.get_or_init(|| {
            let mut characters = HashMap::new();
            for (code, glyph) in self.font.charmap().unicodes() {
                let Some(c) = char::from_u32(code) else { continue };
                let first = characters.entry(glyph.to_u32()).or_insert(c);
                if !is_plain(*first) && is_plain(c) {
                    *first = c;
                }
            }
            characters
        });
        characters.get(&glyph).copied()
    }

    /// A measure of the font in thousandths of its size, as documents count.
    pub fn thousandths(&self, units: f32) -> f32 {
        units * 1000.0 / f32::from(self.font.units_per_em().max(1))
    }
}

/// Which fonts may have a cluster of characters that go together, best first.
pub fn candidates(cluster: &str, bold: bool) -> impl Iterator<Item = FaceId> {
    let scripts = cluster.chars().next().map(|c| c.script_extension());
    let emoji = cluster.contains(['\u{FE0F}', '\u{20E3}']).then_some(FaceId::EMOJI);
    let ours = move |part: Part| match part {
        Part::Scripts(parts) => scripts
            .is_some_and(|scripts| !scripts.is_common() && parts.iter().any(|&part| scripts.contains_script(part))),
        _ => false,
    };
    let by_script = FaceId::all().zip(&FONTS).filter(move |(_, font)| ours(font.part)).map(|(id, _)| id);
    let rest = FaceId::all().zip(&FONTS).filter(|(_, font)| font.part == Part::Rest).map(|(id, _)| id);
    emoji
        .into_iter()
        .chain(bold.then_some(FaceId::BOLD))
        .chain([FaceId::TEXT])
        .chain(by_script)
        // Signs that several scripts share are where one would look for them in a text of any.
        .chain(rest.flat_map(|id| if id == FaceId::EMOJI { vec![id, FaceId::CJK] } else { vec![id] }))
        // A sign that nobody expects there.
        .chain(FaceId::all())
}

/// Whether a character is no other spelling of one, as the sign for kelvin is of a letter.
fn is_plain(c: char) -> bool {
    c.nfkc().eq([c])
}

/// What is not to be seen: joiners, directions, variants.
pub fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_font_has_is_found() {
        let faces: Vec<Face> = FaceId::all().map(|id| Face::unpack(id).unwrap()).collect();
        let mut lost = Vec::new();
        let mut count = 0;
        for face in &faces {
            for (code, _) in face.font.charmap().unicodes() {
                let Some(c) = char::from_u32(code).filter(|c| !c.is_control()) else { continue };
                count += 1;
                let text = c.to_string();
                if !candidates(&text, false).any(|id| faces[usize::from(id.0)].has(&text)) {
                    lost.push((face.name, c));
                }
            }
        }
        assert!(count > 60_000);
        assert!(lost.is_empty(), "{} lost, as {:?}", lost.len(), &lost[..lost.len().min(40)]);
    }
}

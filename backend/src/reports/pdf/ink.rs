//! What draws on a page: text, areas, the logo; and keeps account of the glyphs.

use std::collections::BTreeMap;

use image::DynamicImage;
use pdf_writer::{Content, Filter, Finish, Name, Ref, Str, TextStr, types::TextRenderingMode};

use super::{
    embed::Used,
    file::{Objects, deflated},
    fonts::FaceId,
    text::{Block, Run, TextLine, Typesetter},
};
use crate::reports::line::WriteError;

/// A colour, as parts of one.
pub type Colour = [f32; 3];

/// How texts look.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// In points.
    pub size: f32,
    /// From one line to the next, in points.
    pub leading: f32,
    /// Whether it stands out.
    pub bold: bool,
    /// Its colour.
    pub colour: Colour,
}

/// A picture in the document.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    id: Ref,
    /// Its sides, in pixels.
    pub pixels: (f32, f32),
}

/// The pen, the fonts and the page of the moment.
pub struct Ink {
    /// What turns texts into glyphs.
    pub setter: Typesetter,
    /// The logo.
    pub logo: Option<Picture>,
    content: Content,
    used: BTreeMap<FaceId, Used>,
}

impl Ink {
    /// With nothing drawn yet.
    pub fn new(logo: Option<Picture>) -> Self {
        Self { setter: Typesetter::new(), logo, content: Content::new(), used: BTreeMap::new() }
    }

    /// What was drawn since the last page.
    pub fn take_page(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.content, Content::new()).finish().into_vec()
    }

    /// Fills an area: its lower left corner, its sides.
    pub fn area(&mut self, at: (f32, f32), sides: (f32, f32), colour: Colour) {
        let [red, green, blue] = colour;
        self.content.set_fill_rgb(red, green, blue).rect(at.0, at.1, sides.0, sides.1).fill_nonzero();
    }

    /// Draws nothing outside of an area: its lower left corner, its sides.
    pub fn within(&mut self, at: (f32, f32), sides: (f32, f32), draw: impl FnOnce(&mut Self)) {
        self.content.save_state().rect(at.0, at.1, sides.0, sides.1).clip_nonzero().end_path();
        draw(self);
        self.content.restore_state();
    }

    /// Draws the logo with its lower left corner there.
    pub fn logo(&mut self, at: (f32, f32), sides: (f32, f32)) {
        self.content.save_state().transform([sides.0, 0.0, 0.0, sides.1, at.0, at.1]);
        self.content.x_object(Name(b"Logo")).restore_state();
    }

    /// Writes a block with the base of its first line there, within a width.
    pub fn block(&mut self, block: &Block, at: (f32, f32), width: f32, style: &Style) {
        let mut base = at.1;
        for line in &block.lines {
            let rest = width - line.width * style.size;
            let left = if block.rtl { at.0 + rest.max(0.0) } else { at.0 };
            self.line(line, (left, base), style);
            base -= style.leading;
        }
    }

    fn line(&mut self, line: &TextLine, at: (f32, f32), style: &Style) {
        let [red, green, blue] = style.colour;
        self.content.set_fill_rgb(red, green, blue).begin_text();
        let mut left = at.0;
        for run in &line.runs {
            self.run(run, (left, at.1), style);
            left += run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * style.size;
        }
        self.content.end_text();
    }

    fn run(&mut self, run: &Run, at: (f32, f32), style: &Style) {
        let used = self.used.entry(run.face).or_default();
        let (numbers, tell) = used.run(run);
        let content = &mut self.content;
        if !tell {
            content
                .begin_marked_content_with_properties(Name(b"Span"))
                .properties()
                .actual_text(TextStr(&run.text))
                .finish();
        }
        // Where there is no bold, the outline makes one.
        let outlined = style.bold && run.face != FaceId::BOLD;
        if outlined {
            let [red, green, blue] = style.colour;
            content.set_stroke_rgb(red, green, blue).set_line_width(style.size * 0.03);
            content.set_text_rendering_mode(TextRenderingMode::FillStroke);
        }
        content.set_font(Name(font_name(run.face).as_bytes()), style.size);
        let mut pen = at.0;
        let mut rest = run.glyphs.as_slice();
        let mut numbers = numbers.iter();
        // Glyphs on their line go in one piece, with the space between them mended; a shifted one goes where it belongs.
        while let Some(first) = rest.first() {
            let others = rest.iter().skip(1).take_while(|glyph| first.is_in_place() && glyph.is_in_place()).count();
            let (piece, after) = rest.split_at(others + 1);
            rest = after;
            let (right, up) = (first.shift.0 * style.size, first.shift.1 * style.size);
            content.set_text_matrix([1.0, 0.0, 0.0, 1.0, pen + right, at.1 + up]);
            let mut positioned = content.show_positioned();
            let mut items = positioned.items();
            let mut shown = Vec::with_capacity(piece.len() * 2);
            for (glyph, number) in piece.iter().zip(numbers.by_ref()) {
                shown.extend(number.to_be_bytes());
                let mended = ((glyph.own - glyph.advance) * 1000.0).round();
                if mended != 0.0 {
                    items.show(Str(&shown)).adjust(mended);
                    shown.clear();
                }
                pen += glyph.advance * style.size;
            }
            if !shown.is_empty() {
                items.show(Str(&shown));
            }
        }
        if outlined {
            content.set_text_rendering_mode(TextRenderingMode::Fill);
        }
        if !tell {
            content.end_marked_content();
        }
    }

    /// Writes the fonts, and what the pages draw with.
    pub fn finish(mut self, objects: &mut Objects, resources: Ref) -> Result<(), WriteError> {
        let used: Vec<(FaceId, Used, Ref)> =
            std::mem::take(&mut self.used).into_iter().map(|(id, used)| (id, used, objects.reserve())).collect();
        let logo = self.logo;
        objects.write(resources, |chunk| {
            let mut dictionary = chunk.indirect(resources).start::<pdf_writer::writers::Resources<'_>>();
            let mut names = dictionary.fonts();
            for (id, _, reference) in &used {
                names.pair(Name(font_name(*id).as_bytes()), *reference);
            }
            names.finish();
            if let Some(logo) = logo {
                dictionary.x_objects().pair(Name(b"Logo"), logo.id);
            }
        })?;
        for (id, used, reference) in used {
            used.write(objects, reference, self.setter.face(id)?)?;
        }
        Ok(())
    }
}

fn font_name(id: FaceId) -> String {
    format!("F{}", id.0)
}

/// Puts a picture into the document.
pub fn picture(objects: &mut Objects, picture: &DynamicImage) -> Result<Picture, WriteError> {
    let (width, height) = (picture.width(), picture.height());
    let size = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
    let [id, veil] = std::array::from_fn(|_| objects.reserve());
    let rgba = picture.to_rgba8();
    let colours: Vec<u8> = rgba.pixels().flat_map(|pixel| pixel.0.into_iter().take(3)).collect();
    let opacity: Vec<u8> = rgba.pixels().filter_map(|pixel| pixel.0.last().copied()).collect();
    let (colours, opacity) = (deflated(&colours)?, deflated(&opacity)?);
    objects.write(id, |chunk| {
        let mut image = chunk.image_xobject(id, &colours);
        image.filter(Filter::FlateDecode);
        image.width(size(width)).height(size(height)).bits_per_component(8).s_mask(veil);
        image.color_space().device_rgb();
    })?;
    objects.write(veil, |chunk| {
        let mut image = chunk.image_xobject(veil, &opacity);
        image.filter(Filter::FlateDecode);
        image.width(size(width)).height(size(height)).bits_per_component(8);
        image.color_space().device_gray();
    })?;
    #[allow(clippy::cast_precision_loss, reason = "a logo has some hundred pixels")]
    Ok(Picture { id, pixels: (width as f32, height as f32) })
}

//! What a file is called: as it was sent, but for what a name must not have in it.

use actix_web::http::header::{
    Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderValue, TryIntoHeaderValue,
};
use shared::{attachments::FILE_NAME_MAX, fields::is_unseen};
use unicode_normalization::UnicodeNormalization;

/// What a file without a name is called.
const NAMELESS: &str = "file";

/// A name without its folders, without characters that control something or turn the direction of what follows, in
/// Unicode's composed form, no longer than [`FILE_NAME_MAX`] bytes and never empty.
pub fn clean(sent: &str) -> String {
    // Browsers write these three so in a form (HTML standard, multipart/form-data encoding).
    let sent = sent.replace("%22", "\"").replace("%0D", "").replace("%0A", "");
    // What ends with a folder's sign is called as what stands before it.
    let last = sent.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|&c| !is_hidden(c)).nfc().collect();
    // Windows takes neither a dot nor a space at the end; a name is shown without the spaces around it.
    let name = visible.trim().trim_end_matches(['.', ' ']);
    if name.chars().all(|c| c == '.' || c.is_whitespace()) {
        return NAMELESS.to_owned();
    }
    bounded(name)
}

/// Controls, ends of lines and paragraphs, the marks that set or turn direction, and what shows nothing. What joins emoji and
/// letters stays.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || is_unseen(c)
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// The name within its bound; what is cut is the middle, before the extension.
fn bounded(name: &str) -> String {
    if name.len() <= FILE_NAME_MAX {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() < 32 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let room = FILE_NAME_MAX - extension.len();
    let end = (0..=room.min(stem.len())).rev().find(|&end| stem.is_char_boundary(end)).unwrap_or_default();
    format!("{}{extension}", stem.get(..end).unwrap_or_default())
}

/// `Content-Disposition: attachment` with the name (RFC 6266): in full for whoever reads RFC 8187, in plain letters for
/// whoever does not.
pub fn disposition(name: &str) -> Option<HeaderValue> {
    let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '_' };
    // An accent falls away, other scripts become lines. A percent sign would be read as an escape by some.
    let unaccented = name.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    let fallback = unaccented.map(plain).map(|c| if matches!(c, '"' | '\\' | '%') { '_' } else { c }).collect();
    let whole = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(fallback), DispositionParam::FilenameExt(whole)],
    }
    .try_into_value()
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_dropped() {
        for sent in
            ["../../etc/informe.pdf", "C:\\Users\\ana\\informe.pdf", "/informe.pdf", "..\\informe.pdf", "informe.pdf\\"]
        {
            assert_eq!(clean(sent), "informe.pdf", "{sent}");
        }
        for sent in ["", "..", "/", "a/..", "\u{202e}", " . ", "\0"] {
            assert_eq!(clean(sent), NAMELESS, "{sent:?}");
        }
    }

    #[test]
    fn what_turns_the_direction_or_controls_is_dropped_and_every_script_stays() {
        assert_eq!(clean("factura\u{202e}fdp.exe"), "facturafdp.exe");
        assert_eq!(clean("a\r\nSet-Cookie: x\0.txt"), "aSet-Cookie: x.txt");
        for hidden in ["\u{200b}", "\u{3164}", "\u{e0041}", "\u{ad}", "\u{2063}"] {
            assert_eq!(clean(&format!("a{hidden}b.txt{hidden}")), "ab.txt", "{hidden:?}");
            assert_eq!(clean(hidden), NAMELESS);
        }
        for name in ["👨\u{200d}👩\u{200d}👧 🖨️.png", "تقرير الطابعة.pdf", "報告書.docx", "Ñandú (1).txt"]
        {
            assert_eq!(clean(name), name);
        }
        // As a Mac writes it.
        assert_eq!(clean("informacio\u{301}n.pdf"), "información.pdf");
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = clean(&format!("{}.docx", "ñ".repeat(300)));
        assert!(name.len() <= FILE_NAME_MAX && name.ends_with("ñ.docx"), "{name}");
        assert_eq!(clean(&"x".repeat(300)).len(), FILE_NAME_MAX);
    }

    #[test]
    fn a_download_says_the_name_in_both_ways() {
        let header = |name: &str| disposition(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("a.txt"), "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt");
        assert_eq!(
            header("informe de ñu \"100%\".pdf"),
            "attachment; filename=\"informe de nu _100__.pdf\"; filename*=UTF-8''informe%20de%20%C3%B1u%20%22100%25%22.pdf"
        );
        assert!(header("🖨.png").starts_with("attachment; filename=\"_.png\"; filename*=UTF-8''%F0%9F%96%A8.png"));
    }
}

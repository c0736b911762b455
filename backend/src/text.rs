//! Text as it is compared and searched, and Markdown as it is shown.

use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, html};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::MixedScript;

/// Lower case without accents: `Impresión` and `IMPRESION` fold to `impresion`. For comparing and searching only.
pub fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}

/// The same, cut to what a column keeps: one character may fold to eighteen.
pub fn fold_within(text: &str, max: usize) -> String {
    let mut folded = fold(text);
    if let Some((end, _)) = folded.char_indices().nth(max) {
        folded.truncate(end);
    }
    folded
}

/// Whether all letters are of one writing system, as Unicode sees it (UTS 39 §5.1): Japanese mixes three and is one. An `а`
/// of Cyrillic in a Latin word is not.
pub fn is_single_script(text: &str) -> bool {
    MixedScript::is_single_script(text)
}

/// A pattern for LIKE that finds the text anywhere, whatever wildcards it holds. Goes with `ESCAPE '!'`.
pub fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// What of HTML may reach a page. `style` is never allowed.
static SANITIZER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .rm_tags(["img", "area", "map", "figure", "figcaption", "center"])
        .link_rel(Some("noopener nofollow ugc"))
        .url_schemes(["http", "https", "mailto", "tel"].into());
    builder
});

/// Markdown as safe HTML. HTML in the source is shown as the text it is; a single line end breaks the line, as people
/// who write messages expect.
pub fn markdown(source: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let events = Parser::new_ext(source, options).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::SoftBreak => Event::HardBreak,
        other => other,
    });
    let mut rendered = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut rendered, events);
    SANITIZER.clean(&rendered).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_ignores_case_and_accents() {
        assert_eq!(fold("  Impresión Ñandú  "), "impresion nandu");
        assert_eq!(fold("ＣＡＦÉ"), "cafe");
    }

    #[test]
    fn what_grows_when_folded_is_cut() {
        assert_eq!(fold("ﷺ").chars().count(), 18);
        assert_eq!(fold_within(&"ﷺ".repeat(200), 400).chars().count(), 400);
        assert_eq!(fold_within("Ñandú", 10), "nandu");
    }

    #[test]
    fn letters_of_two_writing_systems_are_noticed() {
        for fine in ["ana.ruiz-1", "José", "ｊｏｓｅ", "анна_2", "山田たろう", "ελένη", "김민준", "محمد", "1.2"]
        {
            assert!(is_single_script(fine), "{fine}");
        }
        for mixed in ["\u{430}dmin", "pаypal", "αlpha", "ana김"] {
            assert!(!is_single_script(mixed), "{mixed}");
        }
    }

    #[test]
    fn wildcards_are_only_characters() {
        assert_eq!(like_pattern("50%_a!"), "%50!%!_a!!%");
    }

    #[test]
    fn markdown_is_rendered_and_harmless() {
        assert_eq!(markdown("**hola**\nqué tal"), "<p><strong>hola</strong><br>\nqué tal</p>\n");
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "<a href=\"x\" style=\"position:fixed\">x</a>",
        ] {
            let html = markdown(attack);
            assert!(
                !html.contains("<script") && !html.contains("<img") && !html.contains("href=\"javascript"),
                "{html}"
            );
            assert!(!html.contains("<a href=\"x\""), "{html}");
        }
    }
}

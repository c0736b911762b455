//! The document, read again.

use lopdf::{Document, Object, content::Content};
use serde_json::json;

use super::{export, many, reader};
use crate::support::Reply;

fn open(file: &Reply) -> Document {
    Document::load_mem(&file.bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// Its text, page by page.
pub fn text(file: &Reply) -> String {
    reader::pages(&open(file)).join("\n\u{C}")
}

/// The numbers of its tickets, in its order.
pub fn ids(file: &Reply) -> Vec<i64> {
    text(file).lines().filter_map(|line| line.strip_prefix('#')?.parse().ok()).collect()
}

/// Titles in the scripts people write, and what else may be in one.
const TITLES: [&str; 18] = [
    "La impresora del pasillo no imprime, ¿por qué?",
    "Ёлка: принтер не печатает",
    "Ο εκτυπωτής δεν λειτουργεί",
    "الطابعة لا تعمل في الطابق 3",
    "המדפסת בקומה 3 לא עובדת",
    "打印机无法打印",
    "プリンターが動きません",
    "프린터가 작동하지 않습니다",
    "प्रिंटर काम नहीं कर रहा है",
    "เครื่องพิมพ์ไม่ทำงาน",
    "প্রিন্টার কাজ করছে না",
    "அச்சுப்பொறி வேலை செய்யவில்லை",
    "პრინტერი არ მუშაობს",
    "Տպիչը չի աշխատում",
    "የማተሚያ ማሽን አይሰራም",
    "Avería 🖨️🔥 urgente ⚡",
    "ᚠᚢᚦ ꯃꯤꯇꯩ ⌘ ﷺ",
    "=cmd() (a) «b» [c] \\ <d>",
];

on_each_database! {
    async fn titles_are_there_in_any_script(app: TestApp) {
        let ana = app.user().await;
        for title in TITLES {
            app.ticket(&ana, title).await;
        }
        let file = export(&ana, "pdf", &[]).await;
        let text = text(&file).replace(char::is_whitespace, "");
        for title in TITLES {
            let title = title.replace(char::is_whitespace, "");
            assert!(text.contains(&title) || in_parts(&text, &title), "{title} is not in\n{text}");
        }
        assert!(!text.contains('\u{FFFD}'));
    }

    async fn pages_are_numbered_and_name_the_columns(app: TestApp) {
        let ana = app.user().await;
        let title = many(&app, &ana, 90).await;
        let file = export(&ana, "pdf", &[("q", title), ("status", "open"), ("time_zone", "Europe/Madrid")]).await;
        let pages = reader::pages(&open(&file));
        assert!(pages.len() > 1);
        for (place, page) in pages.iter().enumerate() {
            let lines: Vec<&str> = page.lines().collect();
            let foot = format!("Página {} de {}", place + 1, pages.len());
            assert!(lines.contains(&foot.as_str()), "{foot}: {page}");
            for name in ["Número", "Título", "Estado", "Prioridad", "Solicita", "Técnico", "Creado"] {
                assert!(lines.contains(&name), "{name}: {page}");
            }
        }
        let first = &pages[0];
        for part in ["Estado: Abierto", &format!("Palabras: {title}"), "Actividad reciente", &ana.name, "Europe/Madrid", "Turno"] {
            assert!(first.contains(part), "{part}: {first}");
        }
        assert!(pages.last().unwrap().contains("90 tickets"));
    }

    async fn a_long_title_is_whole_and_stays_in_its_column(app: TestApp) {
        let ana = app.user().await;
        let words = "Palabra ".repeat(24).trim().to_owned();
        let word = "Supercalifragilistico".repeat(9);
        let signs = "打印机无法打印".repeat(20);
        for title in [&words, &word, &signs] {
            app.ticket(&ana, title).await;
        }
        let text = text(&export(&ana, "pdf", &[]).await);
        for title in [&words, &word, &signs] {
            let mut rest = title.as_str();
            let mut parts = 0;
            for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                if let Some(after) = rest.strip_prefix(line) {
                    rest = after.trim_start();
                    parts += 1;
                }
            }
            assert!(rest.is_empty() && parts > 2, "{title} is not in\n{text}");
        }
    }

    async fn no_title_draws_over_what_is_around_it(app: TestApp) {
        let ana = app.user().await;
        // The newest is the first in the document.
        for title in ["Página de Ñandú", &format!("a{}b", "\u{301}".repeat(190))] {
            app.ticket(&ana, title).await;
        }
        let file = export(&ana, "pdf", &[]).await;
        let document = open(&file);
        let page = *document.get_pages().values().next().unwrap();
        let content = Content::decode(&document.get_page_content(page)).unwrap();
        let operators: Vec<&str> = content.operations.iter().map(|operation| operation.operator.as_str()).collect();
        // The columns' names and two rows: each cell's text stands in an area that it does not leave.
        let clipped = operators.windows(3).filter(|three| **three == ["re", "W", "n"]).count();
        assert_eq!(clipped, 3 * 9, "{operators:?}");
        assert_eq!(operators.iter().filter(|&&name| name == "Q").count(), clipped);
        let text = text(&file);
        assert_eq!(text.matches('\u{301}').count(), 8, "{text}");
        // Each glyph still means its own letter, for readers that go by nothing else.
        let glyphs = reader::by_glyphs(&document).join("\n");
        for whole in ["Página 1 de 1", "Página de Ñandú"] {
            assert!(glyphs.contains(whole), "{whole}: {glyphs}");
        }
    }

    async fn it_says_what_it_is(app: TestApp) {
        let ana = app.user().await;
        app.ticket_like(&ana, json!({ "title": "Uno" })).await;
        for (locale, page, none) in [("es", "Página 1 de 1", "Ningún ticket coincide."), ("en", "Page 1 of 1", "No ticket matches.")] {
            let file = export(&ana, "pdf", &[("locale", locale)]).await;
            assert!(file.bytes.starts_with(b"%PDF-1.7") && file.bytes.trim_ascii_end().ends_with(b"%%EOF"));
            let document = open(&file);
            assert_eq!(document.catalog().unwrap().get(b"Lang").and_then(Object::as_str).unwrap(), locale.as_bytes());
            let information = document.trailer.get(b"Info").and_then(|info| document.dereference(info)).unwrap().1;
            let information = information.as_dict().unwrap();
            for name in [b"Title".as_slice(), b"Author", b"CreationDate"] {
                assert!(!information.get(name).and_then(Object::as_str).unwrap().is_empty());
            }
            assert!(text(&file).contains(page));
            let empty = text(&export(&ana, "pdf", &[("locale", locale), ("status", "closed")]).await);
            assert!(empty.contains(none) && empty.contains(page), "{empty}");
        }
    }
}

/// Whether a title is there, though its parts were put down one after the other: directions mixed in one line, or a line's
/// end in between.
fn in_parts(text: &str, title: &str) -> bool {
    title.split_inclusive(|c: char| c.is_ascii_digit()).all(|part| {
        part.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).all(|part| text.contains(part))
    })
}

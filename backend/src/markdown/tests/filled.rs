//! What is filled into a saved reply is shown as it is, whatever it looks like: names and titles are anybody's to choose.

use proptest::prelude::*;
use shared::replies::escaped;

use super::{super::mentioned, html};

/// The words of some HTML, when nothing but paragraphs and links is around them.
fn words(html: &str) -> Option<String> {
    let mut words = String::new();
    let mut rest = html.trim_end();
    while let Some(open) = rest.find('<') {
        words.push_str(&rest[..open]);
        let end = open + rest[open..].find('>')?;
        let element = &rest[open + 1..end];
        let known = matches!(element, "p" | "/p" | "/a") || element.starts_with("a href=");
        if !known {
            return None;
        }
        rest = &rest[end + 1..];
    }
    words.push_str(rest);
    Some(
        words
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&nbsp;", "\u{a0}")
            // It is there, and nobody sees it.
            .replace('\u{2060}', "")
            .replace("&amp;", "&"),
    )
}

#[test]
fn a_name_is_no_markdown() {
    for name in [
        "# Ana",
        "- Ana",
        "1. Ana",
        "*Ana*",
        "__Ana__",
        "<b>Ana</b>",
        "[Ana](x)",
        "Ana | Luis",
        "&amp;",
        "> Ana",
        "```",
        "---",
        "~~Ana~~",
        "@ana",
        "#12",
    ] {
        assert_eq!(words(&html(&escaped(name))).as_deref(), Some(name));
        assert_eq!(words(&html(&format!("Hola {}:", escaped(name)))), Some(format!("Hola {name}:")));
    }
}

#[test]
fn a_name_names_nobody_and_is_no_number() {
    for name in ["@ana", "¿@ana.ruiz?", "Ana @luis", "#12", "Ver #1042"] {
        for text in [escaped(name), format!("Hola {}:", escaped(name)), format!("**{}**", escaped(name))] {
            assert!(mentioned(&text).is_empty(), "{text}");
            assert!(!html(&text).contains("<a "), "{text}");
        }
    }
}

proptest! {
    #[test]
    fn what_is_filled_in_is_shown_as_it_is(name in r"[!-~áñü¿€]([ -~áñü¿€]{0,30}[!-~áñü¿€])?") {
        prop_assert_eq!(words(&html(&escaped(&name))), Some(name.clone()));
        prop_assert_eq!(words(&html(&format!("Hola {}, adiós", escaped(&name)))), Some(format!("Hola {name}, adiós")));
    }
}

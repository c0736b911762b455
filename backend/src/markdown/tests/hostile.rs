//! What no text gets past.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use shared::fields::BODY_MAX;

use super::{super::mentioned, html, with};

#[test]
fn html_in_the_source_is_text() {
    assert_eq!(html("<script>alert(1)</script>"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
    assert_eq!(html("a <b onclick=\"x\">b</b>"), "<p>a &lt;b onclick=\"x\"&gt;b&lt;/b&gt;</p>\n");
    assert_eq!(html("<div>\n**a**\n</div>"), "<p>&lt;div&gt;<br>\n**a**<br>\n&lt;/div&gt;</p>\n");
}

/// Every element and attribute of what was rendered must be one of those that are meant.
fn check(rendered: &str) -> Result<(), String> {
    let mut rest = rendered;
    while let Some(at) = rest.find('<') {
        let tag_end = rest[at..].find('>').ok_or("a tag that does not end")?;
        check_tag(&rest[at + 1..at + tag_end])?;
        rest = &rest[at + tag_end + 1..];
    }
    Ok(())
}

fn check_tag(tag: &str) -> Result<(), String> {
    const PLAIN: [&str; 24] = [
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "del",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
    ];
    let name = tag.trim_start_matches('/');
    if PLAIN.contains(&name) || matches!(name, "a" | "span") && tag.starts_with('/') {
        return Ok(());
    }
    let fixed = [
        "div class=\"scroll\" tabindex=\"0\"",
        "pre tabindex=\"0\"",
        "span class=\"mention\"",
        "span class=\"task\"",
        "th class=\"center\"",
        "th class=\"right\"",
        "td class=\"center\"",
        "td class=\"right\"",
    ];
    if fixed.contains(&tag) {
        return Ok(());
    }
    if let Some(number) = tag.strip_prefix("ol start=\"").and_then(|rest| rest.strip_suffix('"')) {
        return number.parse::<u64>().map(drop).map_err(|error| format!("{tag}: {error}"));
    }
    let link = tag.strip_prefix("a href=\"").and_then(|rest| rest.strip_suffix(" rel=\"noopener nofollow\""));
    let address = link.map(|link| link.strip_suffix(" target=\"_blank\"").unwrap_or(link));
    let address = address.and_then(|address| address.strip_suffix('"')).ok_or_else(|| tag.to_owned())?;
    let lower = address.to_lowercase();
    let known =
        ["http://", "https://", "http:", "https:", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme));
    let path = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    if (known || path) && !address.contains('"') { Ok(()) } else { Err(tag.to_owned()) }
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>@import 'https://evil.example'</style>",
    "<p style=\"background:url(https://evil.example)\">x</p>",
    "<form action=https://evil.example><input name=password>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php <img src=x onerror=alert(1)> ?>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](https://example.org/\"onmouseover=alert(1))",
    "[x](https://example.org 'title\" onmouseover=alert(1)')",
    "![x](https://evil.example/x.png)",
    "![x](javascript:alert(1))",
    "![\"onerror=alert(1)](x)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<https://example.org/\"onclick=alert(1)>",
    "https://example.org/\"onclick=\"alert(1)",
    "https://example.org/<script>alert(1)</script>",
    "www.example.org/'onclick='alert(1)",
    "```\"><script>alert(1)</script>\nx\n```",
    "# <img src=x onerror=alert(1)> {#x onclick=alert(1)}",
    "| <script>alert(1)</script> |\n|:-:|\n| [x](javascript:alert(1)) |",
    "- [x] <input onfocus=alert(1) autofocus>",
    "@<script>alert(1)</script>",
    "@ana\"onclick=alert(1)",
    "#1042\"onclick=alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u{0}<script>alert(1)</script>",
    "<scr\u{0}ipt>alert(1)</scr\u{0}ipt>",
    "<a\u{a0}href=javascript:alert(1)>x</a>",
    "$x<script>alert(1)</script>$ [^1]\n\n[^1]: <script>alert(1)</script>",
];

#[test]
fn nothing_hostile_gets_through() {
    let people = [("ana", "<img src=x onerror=alert(1)>\"")];
    for text in HOSTILE {
        for around in [(*text).to_owned(), format!("> {text}"), format!("- {text}"), format!("**{text}** @ana {text}")]
        {
            let rendered = with(&around, &people);
            if let Err(found) = check(&rendered) {
                panic!("{around:?} becomes {rendered} with {found}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_an_element_that_is_not_meant(text in "\\PC{0,200}") {
        check(&with(&text, &[("ana", "\"><script>")])).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn nor_do_the_pieces_of_attacks_in_any_order(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "<", ">", "\"", "'", "&", "[", "]", "(", ")", "!", "`", "*", "_", "~~", "#", "@", "|", "\n", "\n\n", "- ", "> ",
                "    ", "\t", "\\", "javascript:", "data:", "https://", "www.", "//", "/", "a", "@ana", "#12", "script", "img src=x ",
                "onerror=alert(1) ", "style=x ", "<!--", "-->", "<![CDATA[", "|-|\n", "&#106;", "&quot;", "\u{202e}", "é", "[x]: ",
            ]),
            0..60,
        ),
    ) {
        let text = parts.concat();
        let names = [("ana", "<b onclick=x>")];
        check(&with(&text, &names)).map_err(TestCaseError::fail)?;
        // Whoever is shown is among those who are asked for.
        if with(&text, &names).contains("class=\"mention\"") {
            prop_assert!(mentioned(&text).contains(&"ana".to_owned()));
        }
    }
}

#[test]
fn a_text_of_anything_is_rendered_soon_however_long() {
    let hostile = [
        "[",
        "](",
        "[[[](",
        "![",
        "> ",
        "* ",
        "- ",
        "1. ",
        "*a",
        "**a",
        "*a **a ",
        "_a_",
        "`",
        "``a",
        "~",
        "~~a ",
        "<",
        "<a",
        "<!--",
        "<![CDATA[",
        "<?",
        "&",
        "&#",
        "\\",
        "|",
        "|-",
        "#",
        "@a",
        "@ana ",
        "#1 ",
        "a.",
        "a@",
        "a@a.",
        "a:",
        "://",
        "http://",
        "www.",
        "www.a.",
        "https://a.b/(",
        "- [x] ",
        "\t",
        " - ",
        "\n>",
        "\n- ",
        "\n\n",
        "é",
        "e\u{301}",
        "x",
        "😀",
        "[a]: b\n",
        "[a]\n",
        "[a](b)",
        "> - ",
        "a\n",
        "a  \n",
        "| a ",
        "***",
        "--",
        "=",
        "a--b@",
        "(((",
        "http://a@",
        "mailto:",
        "@@@@a",
    ];
    let names = [("ana", "Ana")];
    let mut slow = Vec::new();
    for part in hostile {
        let text = part.repeat(BODY_MAX / part.chars().count());
        let begun = Instant::now();
        let rendered = with(&text, &names);
        mentioned(&text);
        let took = begun.elapsed();
        // An optimised build takes a tenth; what grows with the square of the length would take minutes.
        if took > Duration::from_secs(15) || rendered.len() > 40 * text.len() {
            slow.push(format!("{part:?}: {took:?}, {} bytes", rendered.len()));
        }
    }
    let columns = format!("{}\n{}\n{}", "|a".repeat(10_000), "|-".repeat(10_000), "|b\n".repeat(10_000));
    let reference = format!("[a]: https://example.org/{}\n\n{}", "x".repeat(40_000), "[a] ".repeat(10_000));
    let nested = format!("{}a{}", "*a ".repeat(15_000), " a*".repeat(15_000));
    for text in [columns, reference, nested] {
        let begun = Instant::now();
        let rendered = with(&text, &names);
        if begun.elapsed() > Duration::from_secs(30) || rendered.len() > 60 * text.len() {
            slow.push(format!("{}…: {:?}, {} bytes", &text[..10], begun.elapsed(), rendered.len()));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

#[test]
fn many_wide_tables_do_not_exhaust_memory() {
    // Each head is 250 wide, and each row below it one word: 75 tables of 160 rows would have three million cells.
    let table = format!("{}\n{}\n{}\n", "|a".repeat(250), "|-".repeat(250), "b\n".repeat(160));
    let text = table.repeat(75);
    assert!(text.len() <= 100_000, "{}", text.len());
    let rendered = html(&text);
    assert!(!rendered.contains("<table>"));
    assert!(rendered.len() < 10 * text.len(), "{}", rendered.len());
    // As many tables as anybody needs are tables.
    let one = "|a|b|c|\n|-|:-:|-|\n|1|2|3|\n\n";
    assert_eq!(html(&one.repeat(1_000)).matches("<table>").count(), 1_000);
    let long = format!("|a|b|c|\n|-|-|-|\n{}", "|1|2|3|\n".repeat(3_000));
    assert_eq!(html(&long).matches("<tr>").count(), 3_001);
}

#[test]
fn what_becomes_too_large_is_shown_as_it_was_written() {
    let text = format!("[a]: /\n\n{}<b>", "[a] ".repeat(27_000));
    let rendered = html(&text);
    assert!(rendered.starts_with("<p>[a]: /<br>\n<br>\n[a] [a] "), "{}", &rendered[..60]);
    assert!(rendered.ends_with("[a] &lt;b&gt;</p>\n"));
    check(&rendered).unwrap();
}

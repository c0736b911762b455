//! What is rendered.

mod filled;
mod hostile;

use super::{Names, mentioned, to_html};
use crate::text::fold;

fn html(source: &str) -> String {
    to_html(source, &Names::new())
}

fn with(source: &str, people: &[(&str, &str)]) -> String {
    let names = people.iter().map(|&(word, name)| (fold(word), name.to_owned())).collect();
    to_html(source, &names)
}

/// A link as it is written.
fn outside(address: &str, text: &str) -> String {
    format!("<a href=\"{address}\" target=\"_blank\" rel=\"noopener nofollow\">{text}</a>")
}

fn here(address: &str, text: &str) -> String {
    format!("<a href=\"{address}\" rel=\"noopener nofollow\">{text}</a>")
}

#[test]
fn what_people_write_is_shown_as_they_mean_it() {
    assert_eq!(html("**hola**\nqué *tal*"), "<p><strong>hola</strong><br>\nqué <em>tal</em></p>\n");
    assert_eq!(html("~~no~~ `sí <b>`"), "<p><del>no</del> <code>sí &lt;b&gt;</code></p>\n");
    assert_eq!(html("> cita"), "<blockquote>\n<p>cita</p>\n</blockquote>\n");
    assert_eq!(html("3. tres\n4. cuatro"), "<ol start=\"3\">\n<li>tres</li>\n<li>cuatro</li>\n</ol>\n");
    assert_eq!(html("```rust\nlet x = 1 < 2;\n```"), "<pre><code>let x = 1 &lt; 2;\n</code></pre>\n");
    assert_eq!(
        html("- [x] hecho\n- [ ] por hacer"),
        "<ul>\n<li><span class=\"task\">☑</span> hecho</li>\n<li><span class=\"task\">☐</span> por hacer</li>\n</ul>\n"
    );
    assert_eq!(html("# Uno\n\n###### Seis"), "<h2>Uno</h2>\n<h6>Seis</h6>\n");
    assert_eq!(html("***"), "<hr>\n");
}

#[test]
fn tables_and_long_lines_scroll_by_themselves() {
    assert_eq!(
        html("| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |"),
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>a</th><th class=\"center\">b</th>\
         <th class=\"right\">c</th></tr></thead><tbody>\n<tr><td>1</td><td class=\"center\">2</td>\
         <td class=\"right\">3</td></tr>\n</tbody></table></div>\n"
    );
    let long = "x".repeat(33);
    assert_eq!(
        html(&format!("```\n{long}\n```\n\ny")),
        format!("<pre tabindex=\"0\"><code>{long}\n</code></pre>\n<p>y</p>\n")
    );
}

#[test]
fn addresses_become_links_and_pictures_too() {
    let page = outside("https://example.org/a?b=1&amp;c=2", "https://example.org/a?b=1&amp;c=2");
    assert_eq!(html("Ver https://example.org/a?b=1&c=2."), format!("<p>Ver {page}.</p>\n"));
    assert_eq!(html("www.example.org"), format!("<p>{}</p>\n", outside("https://www.example.org", "www.example.org")));
    assert_eq!(html("[aquí](https://example.org)"), format!("<p>{}</p>\n", outside("https://example.org", "aquí")));
    assert_eq!(html("<ana@example.org>"), format!("<p>{}</p>\n", here("mailto:ana@example.org", "ana@example.org")));
    assert_eq!(html("ana@example.org"), format!("<p>{}</p>\n", here("mailto:ana@example.org", "ana@example.org")));
    assert_eq!(html("[otro](/tickets/7)"), format!("<p>{}</p>\n", here("/tickets/7", "otro")));
    let picture = outside("https://example.org/x.png", "plano");
    assert_eq!(html("![plano](https://example.org/x.png)"), format!("<p>{picture}</p>\n"));
    let bare = outside("https://example.org/x.png", "https://example.org/x.png");
    assert_eq!(html("![](https://example.org/x.png)"), format!("<p>{bare}</p>\n"));
    assert_eq!(
        html("[![plano](https://a.example/x.png)](https://b.example)"),
        format!("<p>{}</p>\n", outside("https://b.example", "plano"))
    );
    // What leads nowhere is text.
    for text in ["[x](javascript:alert(1))", "[x](//evil.example)", "[x](/\\evil.example)", "[x](data:text/html,x)"] {
        assert_eq!(html(text), "<p>x</p>\n", "{text}");
    }
    // Not in code.
    assert_eq!(html("`https://example.org #7 @ana`"), "<p><code>https://example.org #7 @ana</code></p>\n");
}

#[test]
fn numbers_of_tickets_become_links() {
    assert_eq!(html("Como #1042."), format!("<p>Como {}.</p>\n", here("/tickets/1042", "#1042")));
    assert_eq!(html("(#7)"), format!("<p>({})</p>\n", here("/tickets/7", "#7")));
    for text in ["a#7", "#0", "#7a", "&amp;#7"] {
        assert!(!html(text).contains("<a"), "{text}");
    }
    assert_eq!(html("[#7](https://example.org)"), format!("<p>{}</p>\n", outside("https://example.org", "#7")));
}

#[test]
fn names_are_shown_where_somebody_is_meant() {
    let lucia = [("lucia.p", "Lucía <Prado>")];
    let shown = "<span class=\"mention\">@Lucía &lt;Prado&gt;</span>";
    assert_eq!(with("Hola @lucia.p, y @nadie", &lucia), format!("<p>Hola {shown}, y @nadie</p>\n"));
    assert_eq!(with("@LUCÍA.P.", &lucia), format!("<p>{shown}.</p>\n"));
    assert_eq!(with("**@lucia.p**", &lucia), format!("<p><strong>{shown}</strong></p>\n"));
    assert_eq!(with("|@lucia.p|\n|-|", &lucia).matches(shown).count(), 1);
    for text in [
        "`@lucia.p`",
        "    @lucia.p",
        "```\n@lucia.p\n```",
        "a@lucia.p",
        "[@lucia.p](/x)",
        "<b title=\"@lucia.p\">x</b>",
        "*a*@lucia.p",
    ] {
        assert!(!with(text, &lucia).contains("mention"), "{text}");
        assert!(mentioned(text).is_empty(), "{text}: {:?}", mentioned(text));
    }
    assert_eq!(mentioned("@Lucía.P @lucia.p, @ana."), ["lucia.p", "ana.", "ana"]);
}

#[test]
fn what_is_mentioned_is_what_is_shown() {
    for text in [
        "@ana",
        "> @ana",
        "- @ana",
        "# @ana",
        "*@ana*",
        "<b>@ana</b>",
        "(@ana)",
        "@ana's",
        "¡@ana!",
        "a\n@ana",
        "@ana@ana",
    ] {
        assert_eq!(mentioned(text), ["ana"], "{text}");
        assert!(with(text, &[("ana", "Ana")]).contains("<span class=\"mention\">@Ana</span>"), "{text}");
    }
}

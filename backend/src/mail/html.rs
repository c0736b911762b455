//! What the HTML of a mail is made of.
//!
//! It is one column with inline styles, since mail programs drop most others, and two colour schemes: the light one stands
//! inline, and the dark one in the only styles that the document has.

use std::fmt::Write as _;

use shared::{
    accounts::Locale,
    colour::{Palette, Rgb},
};

use crate::markdown::{self, Names};

/// How what is said by the way looks.
pub const QUIET: &str = "font-size:13px;color:#5f5d59;";
/// A line between two parts.
pub const RULE: &str = "<hr class=\"rule\" style=\"border:0;border-top:1px solid #c9c7c2;margin:24px 0 16px\">";

/// What somebody wrote.
pub fn quote(text: &str, desk: &str, brand: Rgb) -> String {
    // Only elements read like this: in words a `<` is written as `&lt;`, and in an address as `%3C`.
    let written = markdown::to_html_elsewhere(text, &Names::default(), desk)
        .replace("<a href=\"", &format!("<a {} href=\"", in_colour(brand)))
        .replace("<hr>", RULE);
    format!(
        "<div class=\"quote\" style=\"margin:0 0 16px;padding:4px 16px;border-left:3px solid #c9c7c2;\
         overflow-wrap:anywhere\">{written}</div>"
    )
}

/// What to press, and the same address for those who rather copy it.
pub fn button(link: &str, words: &str, brand: Rgb) -> String {
    let (shown, link, words) = (address(link, brand), escape(link), escape(words));
    format!(
        "<p style=\"margin:24px 0\"><a href=\"{link}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;\
         background:{brand};color:#ffffff;font-weight:600;text-decoration:none\">{words}</a></p>\
         <p class=\"quiet\" style=\"{QUIET}margin:0 0 16px;overflow-wrap:anywhere\">{shown}</p>"
    )
}

/// A link that shows where it leads. As bare text a mail program makes one of it too, in a colour of its own.
pub fn address(to: &str, brand: Rgb) -> String {
    let to = escape(to);
    format!("<a {} href=\"{to}\">{to}</a>", in_colour(brand))
}

/// What makes a link one of the desk's: its colour stands in the link, and the dark one in the document's styles.
fn in_colour(brand: Rgb) -> String {
    format!("class=\"link\" style=\"color:{brand}\"")
}

/// Words as a paragraph; with a style, one that is said by the way.
pub fn paragraph(style: &str, text: &str) -> String {
    framed(style, &escape(text))
}

/// HTML as such a paragraph.
pub fn framed(style: &str, html: &str) -> String {
    let class = if style.is_empty() { "" } else { " class=\"quiet\"" };
    format!("<p{class} style=\"{style}margin:0 0 16px\">{html}</p>")
}

/// The whole document, for a desk of this colour.
pub fn document(locale: Locale, brand: Rgb, body: &str, foot: &str) -> String {
    // The card is darker than what such text is made to read on.
    let (lang, link) = (locale.as_str(), Palette::dark(brand).text);
    let mut html = String::new();
    // Writing to a String does not fail.
    let _ = write!(
        html,
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"supported-color-schemes\" content=\"light dark\"><style>:root{{color-scheme:light dark}}\
         @media (prefers-color-scheme:dark){{.page{{background:#161514!important}}.card{{background:#211f1e!important;\
         color:#ebe9e6!important;border-color:#3a3836!important}}.quiet{{color:#b5b1ab!important}}\
         .quote{{border-color:#5a5753!important}}.rule{{border-color:#3a3836!important}}\
         .link{{color:{link}!important}}}}</style></head>\
         <body class=\"page\" style=\"margin:0;padding:24px 12px;background:#f4f3f0\">\
         <div class=\"card\" style=\"max-width:560px;margin:0 auto;padding:28px;border:1px solid #e2e0dc;border-radius:14px;\
         background:#ffffff;color:#1c1b1a;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif\">{body}\
         {RULE}{foot}</div></body></html>"
    );
    html
}

/// Text as HTML that shows it.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

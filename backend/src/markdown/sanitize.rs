//! What of HTML may reach a page: a list of what is allowed, and nothing else. No `style`, no script, no picture: one from
//! another host would tell that host who reads.

use std::{borrow::Cow, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

use super::target::is_path;

static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(
            [
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
                "a",
                "code",
                "pre",
                "ul",
                "ol",
                "li",
                "blockquote",
                "div",
                "span",
                "table",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
            ]
            .into(),
        )
        .clean_content_tags(["script", "style"].into())
        .generic_attributes([].into())
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into())].into())
        .tag_attribute_values(
            [
                ("a", [("target", ["_blank"].into())].into()),
                ("div", [("tabindex", ["0"].into())].into()),
                ("pre", [("tabindex", ["0"].into())].into()),
            ]
            .into(),
        )
        .allowed_classes(
            [
                ("div", ["scroll"].into()),
                ("span", ["mention", "task"].into()),
                ("th", ["center", "right"].into()),
                ("td", ["center", "right"].into()),
            ]
            .into(),
        )
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .url_relative(UrlRelative::Custom(Box::new(within)))
        .link_rel(Some("noopener nofollow"));
    builder
});

/// Of addresses without a scheme only the desk's own paths stay.
fn within(address: &str) -> Option<Cow<'_, str>> {
    is_path(address).then_some(Cow::Borrowed(address))
}

/// HTML with nothing in it but what is allowed.
pub fn clean(html: &str) -> String {
    ALLOWED.clean(html).to_string()
}

//! Searching the whole desk.

use shared::{
    page::Page,
    search::{SearchHit, SearchQuery},
};

use super::{ClientError, get, get_background, with_query};

/// What escaped characters stand for; the server escapes no others.
const ENTITIES: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\'')];

/// Searches; the best match comes first. Typing puts off no session's end, so neither does this.
pub async fn search(query: &SearchQuery) -> Result<Page<SearchHit>, ClientError> {
    get_background(&with_query("/search", query)).await
}

/// The same for whoever asks for all of it.
pub async fn search_deliberately(query: &SearchQuery) -> Result<Page<SearchHit>, ClientError> {
    get(&with_query("/search", query)).await
}

/// The text that a hit's HTML shows: without `<mark>`, with every escaped character as itself. Anything else stays as it
/// is, so the result is text, never HTML.
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    // One pass, so that what comes out of one entity is never read as the beginning of another.
    while let Some(place) = rest.find(['<', '&']) {
        let (before, found) = rest.split_at(place);
        text.push_str(before);
        rest = if let Some((character, after)) = piece(found) {
            text.extend(character);
            after
        } else {
            let mut characters = found.chars();
            text.extend(characters.next());
            characters.as_str()
        };
    }
    text + rest
}

/// What a mark or an entity at the start of `html` stands for, and what follows it.
fn piece(html: &str) -> Option<(Option<char>, &str)> {
    let mark = html.strip_prefix("<mark>").or_else(|| html.strip_prefix("</mark>"));
    mark.map(|after| (None, after)).or_else(|| {
        ENTITIES.iter().find_map(|&(entity, character)| Some((Some(character), html.strip_prefix(entity)?)))
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::plain_text;

    #[wasm_bindgen_test(unsupported = test)]
    fn marks_are_dropped_and_entities_become_what_they_stand_for() {
        assert_eq!(plain_text("<mark>Lucía</mark> Prado"), "Lucía Prado");
        assert_eq!(plain_text("A &amp; B &lt;c&gt; &quot;d&quot; &#39;e&#39;"), "A & B <c> \"d\" 'e'");
        assert_eq!(plain_text(""), "");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn nothing_is_undone_twice() {
        assert_eq!(plain_text("&amp;lt;b&amp;gt;"), "&lt;b&gt;");
        assert_eq!(plain_text("&lt;mark&gt;x&lt;/mark&gt;"), "<mark>x</mark>");
        assert_eq!(plain_text("&<mark>amp;</mark>"), "&amp;");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_the_server_never_writes_stays_text() {
        assert_eq!(plain_text("<b>ñ</b> & &nbsp; <"), "<b>ñ</b> & &nbsp; <");
    }
}

//! The saved replies that a person has.

use leptos::{prelude::*, task::spawn_local};
use shared::replies::{CreateReply, SavedReply, UpdateReply};

use crate::{
    api::{ClientError, replies as api},
    session::use_session,
};

/// So much of a reply is put into one line: more than the two rows that it has anywhere.
const LINE: usize = 240;

/// The saved replies, once they are here. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Replies {
    /// All of them, by title.
    pub items: RwSignal<Option<Vec<SavedReply>>>,
    /// Why they did not come.
    pub error: RwSignal<Option<ClientError>>,
}

impl Replies {
    /// None yet.
    pub fn new() -> Self {
        Self { items: RwSignal::new(None), error: RwSignal::new(None) }
    }

    /// Reads them.
    pub fn load(self) {
        self.error.set(None);
        spawn_local(async move {
            match api::list().await {
                Ok(items) => {
                    let _ = self.items.try_set(Some(items));
                }
                Err(error) => {
                    let _ = self.error.try_set(Some(error));
                }
            }
        });
    }

    /// Keeps a new one.
    pub async fn add(self, request: &CreateReply) -> Result<SavedReply, ClientError> {
        let reply = api::create(request).await?;
        self.put(reply.clone());
        Ok(reply)
    }

    /// Changes one.
    pub async fn change(self, before: &SavedReply, request: &UpdateReply) -> Result<SavedReply, ClientError> {
        let reply = api::update(before.id, request).await?;
        self.put(reply.clone());
        Ok(reply)
    }

    /// Deletes one.
    pub async fn remove(self, reply: &SavedReply) -> Result<(), ClientError> {
        api::remove(reply.id).await?;
        self.items.try_update(|items| {
            if let Some(items) = items {
                items.retain(|other| other.id != reply.id);
            }
        });
        Ok(())
    }

    /// Takes one in at its place, instead of what it was.
    fn put(self, reply: SavedReply) {
        let own = use_session().user_untracked().is_some_and(|user| user.id == reply.author.id);
        self.items.try_update(|items| {
            let items = items.get_or_insert_default();
            items.retain(|other| other.id != reply.id);
            // What an administrator leaves to its author alone is no longer theirs to see.
            if reply.shared || own {
                items.push(reply);
            }
            items.sort_by_cached_key(|reply| (folded(&reply.title), reply.id));
        });
    }
}

impl Default for Replies {
    fn default() -> Self {
        Self::new()
    }
}

/// As texts are compared: without case and accents.
fn folded(text: &str) -> String {
    let plain = String::from(js_sys::JsString::from(text).normalize("NFD"));
    plain.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase).collect()
}

/// Those that hold all the words, in title or text; those whose title does come first.
pub fn matching<'r>(replies: impl Iterator<Item = &'r SavedReply>, words: &str) -> Vec<SavedReply> {
    let words: Vec<String> = folded(words).split_whitespace().map(str::to_owned).collect();
    let holds = |text: &str| {
        let text = folded(text);
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let (titles, rest): (Vec<&SavedReply>, Vec<&SavedReply>) = replies.partition(|reply| holds(&reply.title));
    let texts = rest.into_iter().filter(|reply| holds(&format!("{} {}", reply.title, reply.body)));
    titles.into_iter().chain(texts).cloned().collect()
}

/// The beginning of a text, in one line, without the marks of its Markdown.
pub fn one_line(text: &str) -> String {
    let plain = text.lines().map(unmarked).collect::<Vec<_>>().join(" ");
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LINE) {
        Some((end, _)) => {
            let start = line.get(..end).unwrap_or_default();
            // It does not end within a word.
            let words = start.rsplit_once(' ').map_or(start, |(words, _)| words);
            format!("{words}…")
        }
        None => line,
    }
}

/// A line of Markdown without what only says how it looks.
fn unmarked(line: &str) -> String {
    let line = line.trim();
    let rest = line.trim_start_matches(['#', '>']);
    let line = if rest.starts_with(' ') { rest } else { line };
    let line = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).unwrap_or(line);
    let mut plain = String::with_capacity(line.len());
    let (mut letters, mut before) = (line.chars().peekable(), ' ');
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        // A star that stands alone is one.
        let is_mark = letter == '`' || (letter == '*' && !(before == ' ' && next == ' '));
        if letter == '\\' && next.is_ascii_punctuation() {
            plain.extend(letters.next());
        } else if !is_mark {
            plain.push(letter);
        }
        before = letter;
    }
    plain
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_line_is_without_the_marks_of_its_markdown() {
        assert_eq!(one_line("Hola:\n\n**responde aquí** o en `/chat`"), "Hola: responde aquí o en /chat");
        assert_eq!(one_line("## Pasos\n> 2 * 3\n#12 \\*Gil\\*"), "Pasos 2 * 3 #12 *Gil*");
        assert_eq!(one_line("```\nlp -d cola_1\n```"), "lp -d cola_1");
        assert_eq!(one_line("Dime:\n- el número\n* la hora - si la sabes"), "Dime: el número la hora - si la sabes");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_long_line_ends_with_a_whole_word() {
        assert!(one_line(&"reinicia ".repeat(LINE)).ends_with(" reinicia…"));
        assert_eq!(one_line(&"a".repeat(LINE + 1)), format!("{}…", "a".repeat(LINE)));
    }
}

//! Words as the three full-text indexes are asked for them.
//!
//! A text of a person's own is bound, never written into a statement, and reaches no database but as folded words of
//! letters and digits: none reads an operator into them.

use super::Conn;
use crate::text::fold;

/// InnoDB keeps no shorter words, and finds nothing when one is asked for.
const MYSQL_SHORTEST: usize = 3;

/// More words than this narrow nothing any more.
const WORDS_MAX: usize = 12;

/// The folded words of a text, each once, as many as narrow.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if words.len() < WORDS_MAX && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// What all of the words are asked for with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is bound; empty when the index keeps none of the words.
    pub bound: String,
    /// The words the index does not keep.
    pub left_out: Vec<String>,
}

impl Asked {
    /// In the language of the connection's database; the last word counts as a beginning.
    pub fn of(conn: &Conn, words: &[String]) -> Self {
        match conn {
            Conn::Sqlite(_) => Self { bound: fts5(words), left_out: Vec::new() },
            Conn::Postgres(_) => Self { bound: tsquery(words), left_out: Vec::new() },
            Conn::MySql(_) => {
                let is_kept = |word: &&String| word.chars().count() >= MYSQL_SHORTEST;
                let (kept, left_out): (Vec<_>, Vec<_>) = words.iter().partition(is_kept);
                Self { bound: fulltext(&kept), left_out: left_out.into_iter().cloned().collect() }
            }
        }
    }
}

/// A condition on `tickets`: what stands before the bound words, and after.
pub fn tickets_condition(conn: &Conn) -> (&'static str, &'static str) {
    match conn {
        Conn::Sqlite(_) => ("tickets.id IN (SELECT rowid FROM tickets_search WHERE tickets_search MATCH ", ")"),
        Conn::Postgres(_) => ("tickets.search @@ to_tsquery('simple', ", ")"),
        Conn::MySql(_) => ("MATCH (tickets.title_words, tickets.description_words) AGAINST (", " IN BOOLEAN MODE)"),
    }
}

/// All words, the last one as a beginning: `"la" "impre"*`.
fn fts5(words: &[String]) -> String {
    joined(words, " ", |word, last| format!("\"{word}\"{}", if last { "*" } else { "" }))
}

/// `la & impre:*`
fn tsquery(words: &[String]) -> String {
    joined(words, " & ", |word, last| format!("{word}{}", if last { ":*" } else { "" }))
}

/// `+sale +impre*`
fn fulltext(words: &[&String]) -> String {
    joined(words, " ", |word, last| format!("+{word}{}", if last { "*" } else { "" }))
}

fn joined<W: AsRef<str>>(words: &[W], between: &str, one: impl Fn(&str, bool) -> String) -> String {
    let last = words.len();
    let terms: Vec<String> = words.iter().enumerate().map(|(nth, word)| one(word.as_ref(), nth + 1 == last)).collect();
    terms.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_is_asked_in_its_language() {
        let words = ["la".to_owned(), "impresion".to_owned()];
        assert_eq!(fts5(&words), r#""la" "impresion"*"#);
        assert_eq!(tsquery(&words), "la & impresion:*");
        assert_eq!(fulltext(&[&"sale".to_owned(), &words[1]]), "+sale +impresion*");
        assert_eq!(fulltext(&[]), "");
    }

    #[test]
    fn no_operator_is_a_word() {
        assert_eq!(words(r#""NEAR(a b, 3)" * % _ -x +y a"#), ["near", "a", "b", "3", "x", "y"]);
        assert!(words(" \"'%* ").is_empty());
        assert_eq!(words("Impresión HP/M479"), ["impresion", "hp", "m479"]);
        let many: Vec<String> = (0..40).map(|n| format!("w{n}")).collect();
        assert_eq!(words(&many.join(" ")).len(), WORDS_MAX);
    }
}

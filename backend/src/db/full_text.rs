//! Words as the three full-text indexes are asked for them.
//!
//! A text of a person's own is bound, never written into a statement, and reaches no database but as words of letters and
//! digits: none reads an operator into them.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::Conn;
use crate::text::fold;

/// InnoDB keeps no shorter words, and finds nothing when one is asked for.
const MYSQL_SHORTEST: usize = 3;

/// More words than this narrow nothing any more.
const WORDS_MAX: usize = 12;

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded: letters and digits, nothing else.
    pub folded: String,
    /// The word of the text it comes from, in lower case, when folding did more to that than take accents away: `nº`,
    /// `conﬁg`, `m²`. Not every index folds what it keeps as far.
    pub written: Option<String>,
}

impl Word {
    /// Whether it also counts as a beginning, as the last word of a text: not a single letter, with which a tenth of all
    /// words begin. A character of a script that has thousands is a word.
    pub fn may_begin(&self) -> bool {
        let mut characters = self.folded.chars();
        characters.next().is_some_and(|first| first >= '\u{2E80}') || characters.next().is_some()
    }
}

/// The words of a text, each once, as many as narrow.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for written in text.split(|c: char| !is_of_a_word(c)).filter(|written| !written.is_empty()) {
        let folded = fold(written);
        let plain: String = written.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
        let other = (plain != folded).then(|| written.to_lowercase());
        for part in parts(&folded) {
            if words.len() < WORDS_MAX && !words.iter().any(|known| known.folded == part) {
                words.push(Word { folded: part.to_owned(), written: other.clone() });
            }
        }
    }
    words
}

/// The words in a folded one: `½` folds to `1⁄2`.
pub fn parts(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// Whether a character is part of a word: a letter or a digit, what stands for some (`№`), or a mark on one.
pub fn is_of_a_word(c: char) -> bool {
    let stands_for = |c: char| !c.is_ascii() && std::iter::once(c).nfkd().any(char::is_alphanumeric);
    c.is_alphanumeric() || is_combining_mark(c) || stands_for(c)
}

/// What all of the words are asked for with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is bound; empty when the index keeps none of the words.
    pub bound: String,
    /// The words the index does not keep.
    pub left_out: Vec<Word>,
}

impl Asked {
    /// In the language of the connection's database; the last word counts as a beginning.
    pub fn of(conn: &Conn, words: &[Word]) -> Self {
        match conn {
            Conn::Sqlite(_) => Self { bound: fts5(words), left_out: Vec::new() },
            Conn::Postgres(_) => Self { bound: tsquery(words), left_out: Vec::new() },
            Conn::MySql(_) => {
                let left_out = words.iter().filter(|word| !is_kept_by_mysql(word)).cloned().collect();
                Self { bound: fulltext(words), left_out }
            }
        }
    }
}

/// What words of one family begin with, as far as letters tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stem {
    beginning: String,
    /// Whether it was cut: what was not is a word.
    cut: bool,
    /// Other words of the family, whole: what is too short to be cut differs by its plural alone.
    forms: Vec<String>,
}

/// The forms of a word of four or five letters, besides itself: its plurals, and what it may be the plural of.
fn plurals(word: &str) -> Vec<String> {
    let singular = |ending: &str| word.strip_suffix(ending).filter(|rest| rest.chars().count() >= 3);
    let mut forms: Vec<String> = ["s", "es"].map(|ending| format!("{word}{ending}")).to_vec();
    forms.extend(["s", "es"].into_iter().filter_map(singular).map(str::to_owned));
    forms
}

impl Stem {
    /// Of a folded word: what ends it in its forms is cut from a long one, about a third. What has digits has no forms.
    pub fn of(word: &str) -> Self {
        let length = word.chars().count();
        let whole = word.chars().any(char::is_numeric);
        let kept = if whole { length } else { length.min((length * 2 / 3).max(5)) };
        let forms = if whole || !(4..=5).contains(&length) { Vec::new() } else { plurals(word) };
        Self { beginning: word.chars().take(kept).collect(), cut: kept < length, forms }
    }

    /// Whether a folded word is of the family.
    pub fn begins(&self, word: &str) -> bool {
        if self.cut {
            word.starts_with(&self.beginning)
        } else {
            word == self.beginning || self.forms.iter().any(|form| form == word)
        }
    }

    /// All that is looked for: what begins so, or words.
    fn terms(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.beginning).chain(&self.forms)
    }
}

/// Any of the families, in the language of the connection's database; empty when its index keeps none of them.
pub fn any_of(conn: &Conn, stems: &[Stem]) -> String {
    let terms = stems.iter().flat_map(|stem| stem.terms().map(move |term| (term, stem.cut)));
    match conn {
        Conn::Sqlite(_) => {
            let terms = terms.map(|(term, cut)| format!("\"{term}\"{}", if cut { "*" } else { "" }));
            terms.collect::<Vec<_>>().join(" OR ")
        }
        Conn::Postgres(_) => {
            let terms = terms.map(|(term, cut)| format!("{term}{}", if cut { ":*" } else { "" }));
            terms.collect::<Vec<_>>().join(" | ")
        }
        Conn::MySql(_) => {
            let kept = terms.filter(|(term, _)| term.chars().count() >= MYSQL_SHORTEST);
            let terms = kept.map(|(term, cut)| format!("{term}{}", if cut { "*" } else { "" }));
            terms.collect::<Vec<_>>().join(" ")
        }
    }
}

fn is_kept_by_mysql(word: &Word) -> bool {
    let forms = [Some(&word.folded), word.written.as_ref()];
    forms.into_iter().flatten().all(|form| form.chars().count() >= MYSQL_SHORTEST)
}

/// A condition on `tickets`: what stands before the bound words, and after.
pub fn tickets_condition(conn: &Conn) -> (&'static str, &'static str) {
    match conn {
        Conn::Sqlite(_) => ("tickets.id IN (SELECT rowid FROM tickets_search WHERE tickets_search MATCH ", ")"),
        Conn::Postgres(_) => ("tickets.search @@ to_tsquery('simple', ", ")"),
        Conn::MySql(_) => ("MATCH (tickets.title_words, tickets.description_words) AGAINST (", " IN BOOLEAN MODE)"),
    }
}

/// All words, the last one as a beginning: `"la" "impre"*`. The index takes accents away and no more, so a word that is
/// written in another way than it folds may be there in either: `"1234"* AND ("no" OR "nº")`.
fn fts5(words: &[Word]) -> String {
    let is_sign = |word: &Word| word.written.as_ref().is_some_and(|written| !written.contains(char::is_alphanumeric));
    let signs_alone = words.iter().all(is_sign);
    let (mut plain, mut either) = (Vec::new(), Vec::new());
    for (word, star) in with_stars(words) {
        match &word.written {
            None => plain.push(format!("\"{}\"{star}", word.folded)),
            // A sign is no letter to the index, which knows it in neither form: what stands beside it is looked for.
            Some(_) if !signs_alone && is_sign(word) => {}
            Some(written) => either.push(format!("(\"{}\"{star} OR \"{written}\"{star})", word.folded)),
        }
    }
    // Only what stands without brackets may stand without AND.
    either.splice(0..0, (!plain.is_empty()).then(|| plain.join(" ")));
    either.join(" AND ")
}

/// `la & impre:*`; the index folds as far as we do.
fn tsquery(words: &[Word]) -> String {
    let terms = with_stars(words).map(|(word, star)| {
        let star = if star.is_empty() { "" } else { ":*" };
        format!("{}{star}", word.folded)
    });
    terms.collect::<Vec<_>>().join(" & ")
}

/// `+sale +impre*`, and `+(config conﬁg)`.
fn fulltext(words: &[Word]) -> String {
    let kept = with_stars(words).filter(|(word, _)| is_kept_by_mysql(word));
    let terms = kept.map(|(word, star)| match &word.written {
        None => format!("+{}{star}", word.folded),
        Some(written) => format!("+({}{star} {written}{star})", word.folded),
    });
    terms.collect::<Vec<_>>().join(" ")
}

/// The words, and a star behind the last one when it counts as a beginning.
fn with_stars(words: &[Word]) -> impl Iterator<Item = (&Word, &'static str)> {
    let last = words.len();
    words.iter().enumerate().map(move |(nth, word)| (word, if nth + 1 == last && word.may_begin() { "*" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn each_database_is_asked_in_its_language() {
        assert_eq!(fts5(&words("la Impresión")), r#""la" "impresion"*"#);
        assert_eq!(tsquery(&words("la Impresión")), "la & impresion:*");
        assert_eq!(fulltext(&words("sale la Impresión")), "+sale +impresion*");
        assert_eq!(fulltext(&words("la hp")), "");
        // Only the last word is a beginning, also when the index does not keep it.
        assert_eq!(fulltext(&words("toner hp")), "+toner");
    }

    #[test]
    fn a_single_letter_is_no_beginning() {
        assert_eq!(fts5(&words("planta b")), r#""planta" "b""#);
        assert_eq!(tsquery(&words("b")), "b");
        assert_eq!(tsquery(&words("日")), "日:*");
    }

    #[test]
    fn what_folds_to_other_letters_is_asked_for_in_either_form() {
        assert_eq!(fts5(&words("Nº 1234")), r#""1234"* AND ("no" OR "nº")"#);
        assert_eq!(fts5(&words("2ª")), r#"("2a"* OR "2ª"*)"#);
        assert_eq!(fts5(&words("№ 7")), r#""7""#);
        // With nothing else to look for they are, though nothing be found: asked for nothing, everything would be.
        assert_eq!(fts5(&words("№ ™")), r#"("no" OR "№") AND ("tm"* OR "™"*)"#);
        assert_eq!(tsquery(&words("Nº 1234")), "no & 1234:*");
        assert_eq!(fulltext(&words("conﬁg Nº")), "+(config conﬁg)");
        assert_eq!(folded("№7 ½"), ["no7", "1", "2"]);
        assert_eq!(words("impresio\u{301}n").first().and_then(|word| word.written.clone()), None);
    }

    #[test]
    fn forms_of_a_word_are_of_one_family() {
        let printer = Stem::of("impresora");
        for word in ["impresora", "impresoras", "impresion", "impresor"] {
            assert!(printer.begins(word), "{word}");
        }
        assert!(!printer.begins("imprenta"));
        assert!(Stem::of("raton").begins("raton") && Stem::of("raton").begins("ratones"));
        assert!(Stem::of("cable").begins("cables") && !Stem::of("cable").begins("cableado"));
        assert!(Stem::of("mesas").begins("mesa") && Stem::of("redes").begins("red"));
        // What is shorter has too many others that look like it.
        assert!(!Stem::of("mes").begins("me") && !Stem::of("red").begins("reds"));
        assert!(Stem::of("m404dn").begins("m404dn") && !Stem::of("m404dn").begins("m404d"));
        assert!(Stem::of("monitor").begins("monitores"));
    }

    #[test]
    fn no_operator_is_a_word() {
        assert_eq!(folded(r#""NEAR(a b, 3)" * % _ -x +y a"#), ["near", "a", "b", "3", "x", "y"]);
        assert!(words(" \"'%* ").is_empty());
        assert_eq!(folded("Impresión HP/M479"), ["impresion", "hp", "m479"]);
        let many: Vec<String> = (0..40).map(|n| format!("w{n}")).collect();
        assert_eq!(words(&many.join(" ")).len(), WORDS_MAX);
    }
}

//! How each database's full-text index is asked, and what is looked through besides.

use crate::{
    db::{
        Conn,
        full_text::{Asked, Word},
    },
    text::like_pattern,
    tickets::LATEST,
};

/// What is asked of an index: `?` or `$1` is what the words became.
pub struct Index {
    /// Whether a row matches.
    matches: &'static str,
    /// How well.
    score: &'static str,
    /// The rows, and what holds their words, folded and as they are.
    rows: (&'static str, &'static str),
    folded: Option<&'static str>,
    written: &'static str,
}

/// Tickets in SQLite.
pub const FTS5_TICKETS: Index = Index {
    matches: "tickets_search MATCH ?",
    score: "-bm25(tickets_search, 4.0, 1.0)",
    rows: ("tickets", "t.id"),
    folded: Some("t.title_folded"),
    written: "t.description",
};

/// Comments in SQLite.
pub const FTS5_COMMENTS: Index = Index {
    matches: "comments_search MATCH ?",
    score: "-bm25(comments_search)",
    rows: ("comments", "c.id"),
    folded: None,
    written: "c.body",
};

/// Tickets in PostgreSQL.
pub const GIN_TICKETS: Index = Index {
    matches: "t.search @@ to_tsquery('simple', $1)",
    score: "ts_rank(t.search, to_tsquery('simple', $1))::float8",
    ..FTS5_TICKETS
};

/// Comments in PostgreSQL.
pub const GIN_COMMENTS: Index = Index {
    matches: "c.search @@ to_tsquery('simple', $1)",
    score: "ts_rank(c.search, to_tsquery('simple', $1))::float8",
    ..FTS5_COMMENTS
};

/// Tickets in MySQL and MariaDB.
pub const FULLTEXT_TICKETS: Index = Index {
    matches: "MATCH (t.title_words, t.description_words) AGAINST (? IN BOOLEAN MODE)",
    score: "CAST(MATCH (t.title_words, t.description_words) AGAINST (? IN BOOLEAN MODE) AS DOUBLE)",
    ..FTS5_TICKETS
};

/// Comments in MySQL and MariaDB.
pub const FULLTEXT_COMMENTS: Index = Index {
    matches: "MATCH (c.body_words) AGAINST (? IN BOOLEAN MODE)",
    score: "CAST(MATCH (c.body_words) AGAINST (? IN BOOLEAN MODE) AS DOUBLE)",
    ..FTS5_COMMENTS
};

/// What stands in a statement, and the texts that are bound to it, in their order.
pub struct Matching {
    /// Which rows match.
    pub condition: String,
    /// How well.
    pub score: &'static str,
    /// What is bound.
    pub texts: Vec<String>,
}

impl Index {
    /// Rows that hold all the words.
    pub fn matching(&self, asked: &Asked, conn: &Conn) -> Matching {
        let (mut condition, score, mut texts) = if asked.bound.is_empty() {
            let (table, id) = self.rows;
            let score = if matches!(conn, Conn::Postgres(_)) { "0::float8" } else { "0e0" };
            (format!("{id} > (SELECT COALESCE(MAX(id), 0) - {LATEST} FROM {table})"), score, Vec::new())
        } else {
            // MySQL's question marks are each bound by itself; first that of the score.
            let times = if matches!(conn, Conn::MySql(_)) { 2 } else { 1 };
            (self.matches.to_owned(), self.score, vec![asked.bound.clone(); times])
        };
        for word in &asked.left_out {
            condition += &self.anywhere(word, &mut texts);
        }
        Matching { condition, score, texts }
    }

    /// Rows that match a text in the database's language, among the latest: what is old helps nobody, and there may be very
    /// many that share a word.
    pub fn latest(&self, bound: &str, conn: &Conn) -> Matching {
        let (table, id) = self.rows;
        // SQLite narrows its index by its own name of the number.
        let id = if matches!(conn, Conn::Sqlite(_)) { "tickets_search.rowid" } else { id };
        let times = if matches!(conn, Conn::MySql(_)) { 2 } else { 1 };
        Matching {
            condition: format!("{} AND {id} > (SELECT COALESCE(MAX(id), 0) - {LATEST} FROM {table})", self.matches),
            score: self.score,
            texts: vec![bound.to_owned(); times],
        }
    }

    /// A word that the index does not keep, anywhere in the text.
    fn anywhere(&self, word: &Word, texts: &mut Vec<String>) -> String {
        let mut either: Vec<String> = Vec::new();
        let mut ask = |column: &str, form: &str| {
            either.push(format!("{column} LIKE ? ESCAPE '!'"));
            texts.push(like_pattern(form));
        };
        if let Some(folded) = self.folded {
            ask(folded, &word.folded);
        }
        ask(self.written, &word.folded);
        if let Some(written) = &word.written {
            ask(self.written, written);
        }
        format!(" AND ({})", either.join(" OR "))
    }
}

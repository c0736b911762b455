//! What a title resembles: any of its words, in any of their forms, where a search wants all of them.
//!
//! The index finds those that share a word, ranked; of the best of them this takes those that share enough. Words are
//! compared by their beginnings, so that `impresora` is like `impresoras` and `impresión`, in whichever language.

use std::cmp::Reverse;

use shared::{
    ids::TicketId,
    tickets::{SIMILAR_DEFAULT, SIMILAR_MAX, SimilarQuery, SimilarTicket},
};

use super::{
    asked::Asked,
    store::{self, Alike, Within},
};
use crate::{
    auth::caller::Caller,
    db::{
        Db, from_micros,
        full_text::{self, Stem},
    },
    error::AppError,
    text::fold,
    tickets::{list::reasons, rows::status_of},
    web::paging,
};

/// So many of the best that share a word are looked at.
const CANDIDATES: i64 = 40;
/// What a word in the title counts.
const IN_TITLE: usize = 10;
/// What a word in the description alone does.
const IN_DESCRIPTION: usize = 4;

/// Words that say nothing of what a ticket is about, folded.
const EMPTY_WORDS: &[&str] = &[
    "about",
    "algo",
    "algun",
    "alguna",
    "and",
    "ante",
    "any",
    "are",
    "because",
    "been",
    "buenas",
    "buenos",
    "but",
    "can",
    "cannot",
    "cant",
    "como",
    "con",
    "cuando",
    "del",
    "desde",
    "dias",
    "does",
    "doesn",
    "donde",
    "dont",
    "ella",
    "ellos",
    "eso",
    "esta",
    "estan",
    "estas",
    "este",
    "estos",
    "for",
    "from",
    "funciona",
    "gracias",
    "hace",
    "hacer",
    "has",
    "hasta",
    "have",
    "hay",
    "hello",
    "help",
    "hola",
    "las",
    "los",
    "mas",
    "mis",
    "muy",
    "nada",
    "ningun",
    "ninguna",
    "nos",
    "not",
    "nuestra",
    "nuestro",
    "otra",
    "otro",
    "para",
    "pero",
    "please",
    "por",
    "porque",
    "problem",
    "problema",
    "problemas",
    "puede",
    "pueden",
    "puedo",
    "que",
    "quiere",
    "quiero",
    "sale",
    "sin",
    "sobre",
    "some",
    "somos",
    "son",
    "sus",
    "tardes",
    "tengo",
    "thanks",
    "that",
    "the",
    "there",
    "this",
    "tiene",
    "tienen",
    "una",
    "uno",
    "unos",
    "when",
    "where",
    "will",
    "with",
    "won",
    "work",
    "working",
    "works",
    "you",
    "your",
];

/// Tickets that the caller may see and that a title resembles, most alike first.
pub async fn similar(db: &Db, caller: &Caller, query: &SimilarQuery) -> Result<Vec<SimilarTicket>, AppError> {
    let limit = match query.limit.unwrap_or(SIMILAR_DEFAULT) {
        limit @ 1..=SIMILAR_MAX => limit as usize,
        _ => return Err(AppError::MalformedParameter(format!("limit must be between 1 and {SIMILAR_MAX}"))),
    };
    let Some(title) = paging::text_of("title", query.title.as_deref())? else { return Ok(Vec::new()) };
    let stems = stems(&title);
    if stems.is_empty() {
        return Ok(Vec::new());
    }
    let within = Within::new(&reasons(caller.role(), caller.scope, caller.id()), &Asked::default(), caller.id());
    let mut conn = db.read().await?;
    let found = store::alike(&mut conn, &stems, &within, query.except, CANDIDATES).await?;
    drop(conn);
    Ok(best(found, &stems, limit))
}

/// What of a title is looked for.
fn stems(title: &str) -> Vec<Stem> {
    let says_something = |folded: &str| {
        let long = folded.chars().count() >= 3 || folded.chars().any(|c| c.is_ascii_digit() || c >= '\u{2E80}');
        long && EMPTY_WORDS.binary_search(&folded).is_err()
    };
    let words = full_text::words(title).into_iter().map(|word| word.folded);
    let mut stems: Vec<Stem> = Vec::new();
    for stem in words.filter(|word| says_something(word)).map(|word| Stem::of(&word)) {
        if !stems.contains(&stem) {
            stems.push(stem);
        }
    }
    stems
}

/// Those that share enough, most alike first; of two that share as much, the one that the index found the better.
fn best(found: Vec<Alike>, stems: &[Stem], limit: usize) -> Vec<SimilarTicket> {
    let whole = stems.len() * IN_TITLE;
    let mut ranked: Vec<(usize, Alike)> = found
        .into_iter()
        .map(|ticket| (shared_by(&ticket, stems), ticket))
        .filter(|(shared, _)| shared * 2 > whole)
        .collect();
    ranked.sort_by_key(|(shared, _)| Reverse(*shared));
    ranked.into_iter().take(limit).map(|(_, ticket)| present(ticket)).collect()
}

/// How much of what is asked for a ticket has.
fn shared_by(ticket: &Alike, stems: &[Stem]) -> usize {
    let (title, body) = (fold(&ticket.title), fold(&ticket.body));
    let has = |text: &str, stem: &Stem| full_text::parts(text).any(|word| stem.begins(word));
    let share = |stem: &Stem| match (has(&title, stem), has(&body, stem)) {
        (true, _) => IN_TITLE,
        (false, true) => IN_DESCRIPTION,
        (false, false) => 0,
    };
    stems.iter().map(share).sum()
}

fn present(ticket: Alike) -> SimilarTicket {
    SimilarTicket {
        id: TicketId(ticket.id),
        title: ticket.title,
        status: status_of(ticket.status),
        updated_at: from_micros(ticket.updated_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(id: i64, title: &str, body: &str) -> Alike {
        Alike { id, title: title.to_owned(), body: body.to_owned(), status: 0, updated_at: 0 }
    }

    fn ids(asked: &str, found: Vec<Alike>) -> Vec<i64> {
        best(found, &stems(asked), 3).iter().map(|ticket| ticket.id.0).collect()
    }

    #[test]
    fn words_that_say_nothing_are_in_their_order() {
        assert!(EMPTY_WORDS.is_sorted());
    }

    #[test]
    fn what_says_nothing_is_not_looked_for() {
        assert!(stems("¡Hola! No funciona, ¿qué hago?").len() <= 1);
        assert!(stems("  la el un a ").is_empty());
        assert_eq!(stems("impresora impresoras").len(), 1);
        assert_eq!(stems("HP M479").len(), 1);
    }

    #[test]
    fn more_than_half_of_what_is_asked_for_must_be_there() {
        let found = || {
            vec![
                alike(1, "La impresora del segundo piso parpadea", ""),
                alike(2, "Impresión lenta", "Parpadea en rojo desde ayer, en el segundo piso"),
                alike(3, "El monitor del segundo parpadea", ""),
                alike(4, "Teclado", "Va lento"),
            ]
        };
        assert_eq!(ids("Impresora parpadea en rojo", found()), [1, 2]);
        assert_eq!(ids("Monitores", found()), [3]);
        assert!(ids("Sin red en la sala", found()).is_empty());
    }
}

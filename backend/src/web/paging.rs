//! Keyset paging: a cursor holds the sort keys of the last item, so that the next page is a range of an index.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use shared::{
    fields::SEARCH_MAX,
    page::{DEFAULT_LIMIT, MAX_LIMIT, Page},
};

use crate::error::AppError;

/// How much text, in bytes, a page of long ones holds before it ends, whatever its limit.
const HEAVY: usize = 2_000_000;

/// The limit asked for, or 25.
pub fn limit(asked: Option<u32>) -> Result<usize, AppError> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(limit as usize),
        _ => Err(AppError::MalformedParameter(format!("limit must be between 1 and {MAX_LIMIT}"))),
    }
}

/// How many rows to read to know whether there is a next page.
pub fn one_more(limit: usize) -> i64 {
    i64::try_from(limit + 1).unwrap_or(i64::MAX)
}

/// Text to search for, trimmed; none when blank.
pub fn search_text(text: Option<&str>) -> Result<Option<String>, AppError> {
    text_of("q", text)
}

/// The text of a parameter, trimmed; none when blank.
pub fn text_of(name: &str, text: Option<&str>) -> Result<Option<String>, AppError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().any(char::is_control) {
        return Err(AppError::MalformedParameter(format!("{name} holds a control character")));
    }
    if text.chars().count() > SEARCH_MAX {
        return Err(AppError::MalformedParameter(format!("{name} is longer than {SEARCH_MAX} characters")));
    }
    Ok(Some(text.to_owned()))
}

/// What a cursor is good for: a list and its filters, as a short digest.
pub fn scope(list: &str, filters: &impl Serialize) -> Result<String, AppError> {
    let filters = serde_json::to_vec(filters).map_err(AppError::internal)?;
    let digest = Sha256::new().chain_update(list).chain_update([0]).chain_update(filters).finalize();
    Ok(BASE64_URL_SAFE_NO_PAD.encode(digest.get(..9).unwrap_or_default()))
}

/// The keys a cursor holds, when it is one of this scope.
pub fn decode<K: DeserializeOwned>(scope: &str, cursor: Option<&str>) -> Result<Option<K>, AppError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| AppError::InvalidCursor)?;
    let (found, keys): (String, K) = serde_json::from_slice(&bytes).map_err(|_| AppError::InvalidCursor)?;
    if found == scope { Ok(Some(keys)) } else { Err(AppError::InvalidCursor) }
}

/// How many of some texts of so many bytes go on one page, up to a limit: the first one whatever it is, and no more than
/// [`HEAVY`] together.
pub fn fitting(sizes: &[i64], limit: usize) -> usize {
    let mut together = 0_usize;
    let light = sizes.iter().take(limit).take_while(|&&size| {
        together = together.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
        together <= HEAVY
    });
    light.count().max(1)
}

/// A page from rows of which there may be one more than asked for.
pub fn page<R, K: Serialize, T>(
    scope: &str,
    rows: Vec<R>,
    limit: usize,
    keys: impl Fn(&R) -> K,
    item: impl FnMut(R) -> T,
) -> Result<Page<T>, AppError> {
    page_by_weight(scope, rows, limit, keys, item, |_| 0)
}

/// The same, ended by the item with which those on it become heavier than [`HEAVY`].
pub fn page_by_weight<R, K: Serialize, T>(
    scope: &str,
    rows: Vec<R>,
    limit: usize,
    keys: impl Fn(&R) -> K,
    mut item: impl FnMut(R) -> T,
    weight: impl Fn(&T) -> usize,
) -> Result<Page<T>, AppError> {
    let mut rows = rows.into_iter();
    let mut items = Vec::with_capacity(rows.len().min(limit));
    let (mut last, mut together) = (None, 0_usize);
    for row in rows.by_ref().take(limit) {
        last = Some(keys(&row));
        let one = item(row);
        together = together.saturating_add(weight(&one));
        items.push(one);
        if together > HEAVY {
            break;
        }
    }
    let next_cursor = match last.filter(|_| rows.next().is_some()) {
        Some(last) => {
            let bytes = serde_json::to_vec(&(scope, last)).map_err(AppError::internal)?;
            Some(BASE64_URL_SAFE_NO_PAD.encode(bytes))
        }
        None => None,
    };
    Ok(Page { items, next_cursor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_own_list_only() {
        let here = scope("tickets", &"open").unwrap();
        let page = page(&here, vec![1, 2, 3], 2, |&n| n, |n| n).unwrap();
        assert_eq!(page.items, [1, 2]);
        let cursor = page.next_cursor.unwrap();
        assert_eq!(decode::<i32>(&here, Some(&cursor)).unwrap(), Some(2));
        let elsewhere = scope("tickets", &"closed").unwrap();
        assert!(matches!(decode::<i32>(&elsewhere, Some(&cursor)), Err(AppError::InvalidCursor)));
        assert!(matches!(decode::<i32>(&here, Some("rubbish")), Err(AppError::InvalidCursor)));
    }

    #[test]
    fn a_page_of_long_texts_ends_early() {
        let here = scope("comments", &1).unwrap();
        let by_weight = |rows: Vec<usize>, limit| page_by_weight(&here, rows, limit, |&n| n, |n| n, |&n| n).unwrap();
        let half = HEAVY / 2;
        let ended = by_weight(vec![half, half, 1, 2], 10);
        assert_eq!(ended.items, [half, half, 1]);
        assert_eq!(decode::<usize>(&here, ended.next_cursor.as_deref()).unwrap(), Some(1));
        // The first one is there whatever it is, and the last page is the last.
        assert_eq!(by_weight(vec![HEAVY + 1, 1], 10).items, [HEAVY + 1]);
        assert_eq!(by_weight(vec![1, HEAVY + 1], 10).next_cursor, None);
        assert_eq!(by_weight(vec![1, 2, 3], 2).items, [1, 2]);

        let half = i64::try_from(half).unwrap();
        assert_eq!(fitting(&[half, half, 1, 2], 10), 2);
        assert_eq!((fitting(&[3 * half, 1], 10), fitting(&[], 10)), (1, 1));
        assert_eq!((fitting(&[1, 2, 3], 2), fitting(&[1, 2, 3], 3)), (2, 3));
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let scope = scope("tickets", &"open").unwrap();
        assert_eq!(page(&scope, vec![1, 2], 2, |&n| n, |n| n).unwrap().next_cursor, None);
    }
}

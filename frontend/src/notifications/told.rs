//! What the tabs of a browser have told the person, kept for all of them so that it is told once.

use shared::notifications::Notification;

use crate::browser;

/// So many are kept, the last that were told. More than ever wait to be told.
const KEPT: usize = 64;

/// Those that are not kept under a key.
pub fn untold(key: &str, news: &[Notification]) -> Vec<Notification> {
    beside(&browser::local_get(key).unwrap_or_default(), news)
}

/// Keeps them under a key, too.
pub fn keep(key: &str, news: &[Notification]) {
    browser::local_set(key, &with(&browser::local_get(key).unwrap_or_default(), news));
}

/// What one is called. A desk that was put back from a copy gives its numbers once more, at another time.
fn name(notice: &Notification) -> String {
    format!("{}.{}", notice.id, notice.created_at.timestamp_micros())
}

fn beside(kept: &str, news: &[Notification]) -> Vec<Notification> {
    let is_kept = |notice: &Notification| kept.split_whitespace().any(|one| one == name(notice));
    news.iter().filter(|notice| !is_kept(notice)).cloned().collect()
}

fn with(kept: &str, news: &[Notification]) -> String {
    let new: Vec<String> = beside(kept, news).iter().map(name).collect();
    let all: Vec<&str> = kept.split_whitespace().chain(new.iter().map(String::as_str)).collect();
    let first = all.len().saturating_sub(KEPT);
    all.into_iter().skip(first).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::notifications::known::tests::notice;

    #[wasm_bindgen_test(unsupported = test)]
    fn each_is_told_once_whatever_was_told_before() {
        let kept = with("", &[notice(11, false)]);
        assert_eq!(beside(&kept, &[notice(11, false), notice(10, false)]), [notice(10, false)]);
        let kept = with(&kept, &[notice(11, false), notice(10, false)]);
        assert!(beside(&kept, &[notice(11, false), notice(10, false)]).is_empty());
        assert_eq!(kept, "11.0 10.0");
        // The number of another one, and what an earlier version of the page kept.
        let again = Notification { created_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(1), ..notice(11, false) };
        assert_eq!(beside(&kept, std::slice::from_ref(&again)), [again]);
        assert_eq!(beside("11", &[notice(11, false)]).len(), 1);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_the_last_are_kept() {
        let kept = (0..200).fold(String::new(), |kept, id| with(&kept, &[notice(id, false)]));
        assert_eq!(kept.split_whitespace().count(), KEPT);
        assert!(beside(&kept, &[notice(199, false)]).is_empty());
    }
}

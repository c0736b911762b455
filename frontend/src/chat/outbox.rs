//! What was written and has not yet been acknowledged: kept in this browser, one key for each message, until the server
//! has it. Whoever writes while there is no connection loses nothing by it, not by a reload either, nor by the end of the
//! session; and nobody else who uses this browser meets it: whoever logs out leaves nothing behind.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{
    ids::UserId,
    problem::{FieldCode, ProblemCode},
};

use crate::{api::ClientError, browser, drafts::unsent_prefix};

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// So many answers that make no sense, or failures of the server, are tried again by themselves; then the person is asked.
const ATTEMPTS: u32 = 5;

/// A message that waits for its being sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// What this page calls it, and the server too: it is stored once, however often it is sent.
    pub client_id: String,
    /// To whom.
    pub to: UserId,
    /// What it says.
    pub body: String,
    /// When it was written, in milliseconds since 1970 by this machine's clock; of two messages never the same.
    pub written: f64,
    /// Why it was not sent, and will not be until the person says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
    /// Whether this browser keeps it. Where it may not, the message is in this tab only.
    #[serde(skip)]
    pub kept: bool,
}

/// Why a message was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The server said why.
    Problem(ProblemCode),
    /// The text is wrong.
    Text(FieldCode),
    /// Its answer made no sense.
    Unknown,
}

/// What becomes of a message that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is tried again after this time.
    Again(Duration),
    /// It waits until the person has logged in again.
    Waits,
    /// The person decides.
    Refused(Refusal),
}

/// How often the first in the row has been tried in vain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// In all: the pauses grow with it.
    all: u32,
    /// How often somebody answered and it failed: without a line nothing was found out about it.
    failures: u32,
}

impl Tries {
    /// One more, which ended so.
    #[must_use]
    pub fn after(self, error: &ClientError) -> Self {
        let answered = matches!(error, ClientError::Problem(_) | ClientError::Unreadable);
        Self { all: self.all.saturating_add(1), failures: self.failures + u32::from(answered) }
    }

    /// What becomes of what has fared so, the last time with this.
    pub fn fate(self, error: &ClientError) -> Fate {
        decide(error, self.all, self.failures)
    }
}

/// What becomes of what has failed so often in a row, the last time so.
pub fn fate(error: &ClientError, failures: u32) -> Fate {
    decide(error, failures, failures)
}

fn decide(error: &ClientError, attempts: u32, failures: u32) -> Fate {
    let pause = Duration::from_secs(1_u64 << attempts.clamp(1, 5)).min(LONGEST_PAUSE);
    match error {
        ClientError::Offline => Fate::Again(pause),
        ClientError::SessionEnded => Fate::Waits,
        ClientError::Busy { seconds, .. } => Fate::Again(Duration::from_secs((*seconds).into()).max(pause)),
        ClientError::Unreadable if failures < ATTEMPTS => Fate::Again(pause),
        ClientError::Unreadable => Fate::Refused(Refusal::Unknown),
        ClientError::Problem(problem) => match (problem.code, problem.fields.as_ref()) {
            // When the token was rejected, another tab has logged in anew; the next attempt has its token.
            (
                ProblemCode::Internal
                | ProblemCode::RequestTimeout
                | ProblemCode::Unavailable
                | ProblemCode::TooManyRequests
                | ProblemCode::CsrfRejected,
                _,
            ) if failures < ATTEMPTS => Fate::Again(pause),
            (_, Some(fields)) if !fields.is_empty() => {
                let code = fields.values().flatten().next();
                Fate::Refused(code.map_or(Refusal::Unknown, |&code| Refusal::Text(code)))
            }
            (code, _) => Fate::Refused(Refusal::Problem(code)),
        },
    }
}

/// The start of the keys of one person's messages.
pub fn prefix(me: UserId) -> String {
    unsent_prefix(me)
}

fn key(me: UserId, client_id: &str) -> String {
    format!("{}{client_id}", prefix(me))
}

/// Keeps a message; whether the browser let us.
pub fn keep(me: UserId, waiting: &Waiting) -> bool {
    serde_json::to_string(waiting).is_ok_and(|text| browser::local_keep(&key(me, &waiting.client_id), &text))
}

/// Forgets a message: it was sent, or discarded.
pub fn forget(me: UserId, client_id: &str) {
    browser::local_remove(&key(me, client_id));
}

/// Whether a message is kept still: no longer once a tab has sent or discarded it.
pub fn is_kept(me: UserId, client_id: &str) -> bool {
    browser::local_get(&key(me, client_id)).is_some()
}

/// All that one person has kept, in the order it was written.
pub fn all(me: UserId) -> Vec<Waiting> {
    let mut all: Vec<Waiting> = browser::local_keys(&prefix(me))
        .iter()
        .filter_map(|key| browser::local_get(key).and_then(|text| parse(&text)))
        .collect();
    in_order(&mut all);
    all
}

/// What a kept text says; what another version of this page left and this one cannot read is not sent.
pub fn parse(text: &str) -> Option<Waiting> {
    serde_json::from_str(text).ok().map(|waiting| Waiting { kept: true, ..waiting })
}

/// The order in which they were written.
pub fn in_order(all: &mut [Waiting]) {
    all.sort_by(|one, other| one.written.total_cmp(&other.written).then_with(|| one.client_id.cmp(&other.client_id)));
}

/// Takes a message in, or as it is now; in its place.
pub fn upsert(all: &mut Vec<Waiting>, waiting: Waiting) {
    all.retain(|other| other.client_id != waiting.client_id);
    all.push(waiting);
    in_order(all);
}

/// A moment for the next message: now, but after all that wait. A clock that was set back changes no order.
pub fn next_moment(all: &[Waiting], now: f64) -> f64 {
    all.iter().fold(now, |moment, waiting| if waiting.written >= moment { waiting.written + 1.0 } else { moment })
}

/// The next that is to be sent: the first that nothing was found wrong with.
pub fn next(all: &[Waiting]) -> Option<&Waiting> {
    all.iter().find(|waiting| waiting.refused.is_none())
}

/// Whether something that is to be sent is in this tab only: this browser would not keep it.
pub fn is_only_here(all: &[Waiting]) -> bool {
    all.iter().any(|waiting| !waiting.kept && waiting.refused.is_none())
}

#[cfg(test)]
mod tests {
    use shared::problem::Problem;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn waiting(name: &str, written: f64) -> Waiting {
        Waiting { client_id: name.to_owned(), to: UserId(2), body: name.to_owned(), written, refused: None, kept: true }
    }

    fn names(all: &[Waiting]) -> Vec<&str> {
        all.iter().map(|waiting| waiting.client_id.as_str()).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn they_go_in_the_order_they_were_written_and_each_is_there_once() {
        let mut all = Vec::new();
        for (name, written) in [("b", 2.0), ("a", 1.0), ("c", 3.0), ("a", 1.0)] {
            upsert(&mut all, waiting(name, written));
        }
        assert_eq!(names(&all), ["a", "b", "c"]);
        assert_eq!(next(&all).map(|waiting| waiting.client_id.as_str()), Some("a"));
        let refused = Some(Refusal::Problem(ProblemCode::NotFound));
        upsert(&mut all, Waiting { refused, ..waiting("a", 1.0) });
        assert_eq!(next(&all).map(|waiting| waiting.client_id.as_str()), Some("b"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_clock_that_was_set_back_changes_no_order() {
        let mut all = vec![waiting("first", 1_000.0)];
        let written = next_moment(&all, 400.0);
        upsert(&mut all, waiting("second", written));
        let written = next_moment(&all, 400.0);
        upsert(&mut all, waiting("a third", written));
        assert_eq!(names(&all), ["first", "second", "a third"]);
        assert_eq!(next_moment(&all, 5_000.0).to_bits(), 5_000.0_f64.to_bits());
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_what_is_still_to_be_sent_and_kept_nowhere_is_lost_with_its_tab() {
        let refused = Some(Refusal::Unknown);
        let (kept, away) = (waiting("a", 1.0), Waiting { refused, kept: false, ..waiting("b", 2.0) });
        assert!(!is_only_here(&[kept.clone(), away.clone()]));
        assert!(is_only_here(&[kept, away, Waiting { kept: false, ..waiting("c", 3.0) }]));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_kept_is_read_again() {
        let refused = Waiting { refused: Some(Refusal::Text(FieldCode::TooLong)), ..waiting("a", 1.5) };
        for one in [waiting("b", 2.0), refused] {
            assert_eq!(parse(&serde_json::to_string(&one).expect("JSON")), Some(one));
        }
        assert_eq!(parse("{\"client_id\":\"a\"}"), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_what_will_never_pass_is_left_to_the_person() {
        let said = |code| {
            let json =
                serde_json::json!({"type": "", "title": "", "status": 500, "code": code, "detail": "", "instance": ""});
            Box::new(serde_json::from_value::<Problem>(json).expect("a problem"))
        };
        let problem = |code| ClientError::Problem(said(code));
        assert_eq!(fate(&ClientError::Offline, 1), Fate::Again(Duration::from_secs(2)));
        assert_eq!(fate(&ClientError::Offline, 60), Fate::Again(LONGEST_PAUSE));
        assert_eq!(fate(&ClientError::SessionEnded, 1), Fate::Waits);
        let busy = ClientError::Busy { problem: said(ProblemCode::TooManyRequests), seconds: 45 };
        assert_eq!(fate(&busy, 1), Fate::Again(Duration::from_secs(45)));
        assert_eq!(fate(&problem(ProblemCode::Internal), 1), Fate::Again(Duration::from_secs(2)));
        assert_eq!(fate(&problem(ProblemCode::RequestTimeout), 1), Fate::Again(Duration::from_secs(2)));
        let internal = Fate::Refused(Refusal::Problem(ProblemCode::Internal));
        assert_eq!(fate(&problem(ProblemCode::Internal), ATTEMPTS), internal);
        let gone = Fate::Refused(Refusal::Problem(ProblemCode::NotFound));
        assert_eq!(fate(&problem(ProblemCode::NotFound), 1), gone);
        assert_eq!(fate(&ClientError::Unreadable, ATTEMPTS), Fate::Refused(Refusal::Unknown));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn having_been_without_a_line_is_no_failure() {
        let mut tries = Tries::default();
        for _ in 0..2 * ATTEMPTS {
            tries = tries.after(&ClientError::Offline);
        }
        let failing = |tries: Tries| tries.after(&ClientError::Unreadable);
        tries = failing(tries);
        assert_eq!(tries.fate(&ClientError::Unreadable), Fate::Again(LONGEST_PAUSE));
        tries = (1..ATTEMPTS).fold(tries, |tries, _| failing(tries));
        assert_eq!(tries.fate(&ClientError::Unreadable), Fate::Refused(Refusal::Unknown));
    }
}

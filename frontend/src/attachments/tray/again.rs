//! Files that are tried again without anybody asking for it.

use std::time::Duration;

use leptos::prelude::*;
use shared::problem::ProblemCode;

use super::{Item, ROOT, Stage, Tray};
use crate::{
    api::ClientError,
    live::{Line, use_live},
    session::use_session,
};

/// So long after it was lost a file is tried again while the line is there.
const LITTLE: Duration = Duration::from_secs(10);
/// So often a file waits until the server takes more.
const REFUSALS: u8 = 3;
/// So long it waits for that, in seconds; when it is longer the person is told.
const MOST: u32 = 120;

/// Tries the files again that did not get there for want of a line, each once: the line is back. What the server refused is
/// not tried: it would say the same.
pub(super) fn retry_lost() {
    let Some(user) = use_session().user_untracked() else { return };
    let trays: Vec<Tray> = ROOT.with(|root| {
        root.trays.borrow().iter().filter(|((owner, _), _)| *owner == user.id).map(|(_, tray)| *tray).collect()
    });
    for tray in trays {
        let lost = |item: &&Item| item.is_lost();
        let ids: Vec<u32> = tray.items.with_untracked(|items| items.iter().filter(lost).map(|item| item.id).collect());
        for id in ids {
            tray.send_again(id, true);
        }
    }
}

/// The line was not there for a file, though it is for all else: it is tried once more by itself, a little later.
pub(super) fn retry_soon(tray: Tray, id: u32) {
    if use_live().line().get_untracked() != Line::Online {
        return;
    }
    let first = tray.items.try_update(|items| {
        let item = items.iter_mut().find(|item| item.id == id)?;
        Some(!std::mem::replace(&mut item.tries.retried, true))
    });
    if first.flatten() == Some(true) {
        let again = move || {
            let lost = |items: &Vec<Item>| items.iter().any(|item| item.id == id && item.is_lost());
            if tray.items.try_with_untracked(lost) == Some(true) {
                tray.send_again(id, true);
            }
        };
        set_timeout(again, LITTLE);
    }
}

/// The server takes no more from this person just now, and has kept nothing of the file: it waits and is tried again when the
/// server said, a few times. Whether it is.
pub(super) fn retry_when_told(tray: Tray, id: u32, error: &ClientError) -> bool {
    let pause = tray.items.try_update(|items| {
        let item = items.iter_mut().find(|item| item.id == id)?;
        let pause = pause(error, item.tries.refusals)?;
        item.tries.refusals += 1;
        Some(pause)
    });
    let Some(pause) = pause.flatten() else { return false };
    tray.set_stage(id, Stage::Waiting);
    let again = move || {
        let waits = |items: &Vec<Item>| items.iter().any(|item| item.id == id && item.stage == Stage::Waiting);
        if tray.items.try_with_untracked(waits) == Some(true) {
            tray.send_again(id, true);
        }
    };
    set_timeout(again, pause);
    true
}

/// How long a file waits after it was refused with this, having been so often before; nothing when it is not tried again.
fn pause(error: &ClientError, refusals: u8) -> Option<Duration> {
    match error {
        ClientError::Busy { problem, seconds }
            if problem.code == ProblemCode::TooManyRequests && *seconds <= MOST && refusals < REFUSALS =>
        {
            Some(Duration::from_secs((*seconds).max(1).into()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use shared::problem::Problem;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn busy(code: ProblemCode, seconds: u32) -> ClientError {
        let problem = Problem {
            kind: String::new(),
            title: String::new(),
            status: 429,
            code,
            detail: String::new(),
            instance: String::new(),
            fields: None,
            current: None,
        };
        ClientError::Busy { problem: Box::new(problem), seconds }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_file_waits_as_long_as_it_was_told_and_a_few_times() {
        let many = busy(ProblemCode::TooManyRequests, 10);
        assert_eq!(pause(&many, 0), Some(Duration::from_secs(10)));
        assert_eq!(pause(&many, REFUSALS - 1), Some(Duration::from_secs(10)));
        assert_eq!(pause(&many, REFUSALS), None);
        assert_eq!(pause(&busy(ProblemCode::TooManyRequests, 0), 0), Some(Duration::from_secs(1)));
        assert_eq!(pause(&busy(ProblemCode::TooManyRequests, MOST + 1), 0), None);
        assert_eq!(pause(&busy(ProblemCode::Unavailable, 2), 0), None);
        assert_eq!(pause(&ClientError::Offline, 0), None);
    }
}

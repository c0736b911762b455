//! One reading for a burst of reasons.

use std::{pin::Pin, rc::Rc, time::Duration};

use leptos::{prelude::*, task::spawn_local};

use super::is_seen;

/// What happens within so much time is read at once.
const BURST: Duration = Duration::from_millis(300);

/// How long is waited after each time that it did not come, before it is tried again.
const AGAIN: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(4), Duration::from_secs(10), Duration::from_secs(30)];

/// What is done about it.
type Work = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = Outcome>>>>;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What there was to be read has been, or is no longer wanted.
    Done,
    /// It did not come, or something else came before it: it may be the last reason for long, so it is tried again.
    Failed,
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::Done
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// There is no reason.
    Rests,
    /// There is one, and there may be more in a moment.
    Waits,
    /// There is one, and nobody looks.
    Unseen,
    /// It is being done.
    Works,
    /// It is being done, and there is another reason by now.
    Outrun,
    /// It failed, and is tried again later.
    Failed,
}

/// Does something once for a burst of reasons, never twice at the same time, and only when the tab is seen: what nobody
/// looks at is read when somebody does. A handle; it ends with the owner that made it.
#[derive(Debug, Clone, Copy)]
pub struct Gather {
    phase: StoredValue<Phase>,
    /// Counts what was planned: only the last plan counts.
    plan: StoredValue<u32>,
    /// How often it failed since it last did not.
    failed: StoredValue<usize>,
    burst: Duration,
    work: StoredValue<Work, LocalStorage>,
}

impl Gather {
    /// Does this whenever it is stirred.
    pub fn new<F>(work: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output: Into<Outcome>> + 'static,
    {
        Self::of_bursts(BURST, work)
    }

    /// The same for what happens within so much time.
    pub fn of_bursts<F>(burst: Duration, work: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output: Into<Outcome>> + 'static,
    {
        let work: Work = Rc::new(move || {
            let work = work();
            Box::pin(async move { Into::<Outcome>::into(work.await) })
        });
        let gather = Self {
            phase: StoredValue::new(Phase::Rests),
            plan: StoredValue::new(0),
            failed: StoredValue::new(0),
            burst,
            work: StoredValue::new_local(work),
        };
        let seen = window_event_listener_untyped("visibilitychange", move |_| {
            if is_seen() && gather.phase.try_get_value() == Some(Phase::Unseen) {
                gather.go();
            }
        });
        on_cleanup(move || seen.remove());
        gather
    }

    /// There is a reason.
    pub fn stir(self) {
        match self.phase.try_get_value() {
            Some(Phase::Rests | Phase::Failed) => self.plan(Phase::Waits, self.burst),
            Some(Phase::Works) => self.turn(Phase::Outrun),
            Some(Phase::Waits | Phase::Unseen | Phase::Outrun) | None => {}
        }
    }

    fn turn(self, phase: Phase) {
        let _ = self.phase.try_set_value(phase);
    }

    /// Does it after a while, in place of what was planned before.
    fn plan(self, phase: Phase, pause: Duration) {
        let Some(number) = self.plan.try_get_value().map(|number| number.wrapping_add(1)) else { return };
        let _ = self.plan.try_set_value(number);
        self.turn(phase);
        let go = move || {
            if self.plan.try_get_value() == Some(number) {
                self.go();
            }
        };
        set_timeout(go, pause);
    }

    fn go(self) {
        if !is_seen() {
            return self.turn(Phase::Unseen);
        }
        let Some(work) = self.work.try_get_value() else { return };
        self.turn(Phase::Works);
        spawn_local(async move {
            let outcome = work().await;
            let outrun = self.phase.try_get_value() == Some(Phase::Outrun);
            let failed = self.failed.try_get_value().unwrap_or_default();
            let (failed, pause) = after(outcome, failed);
            let _ = self.failed.try_set_value(failed);
            self.turn(Phase::Rests);
            if outrun {
                self.stir();
            } else if let Some(pause) = pause {
                self.plan(Phase::Failed, pause);
            }
        });
    }
}

/// How often it has failed by now, and when it is tried again. After the last time it comes with the next reason.
fn after(outcome: Outcome, failed: usize) -> (usize, Option<Duration>) {
    match (outcome, AGAIN.get(failed)) {
        (Outcome::Failed, Some(pause)) => (failed + 1, Some(*pause)),
        (Outcome::Failed, None) | (Outcome::Done, _) => (0, None),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_failed_is_tried_again_ever_later_and_not_for_ever() {
        let mut failed = 0;
        for expected in AGAIN {
            let (now, pause) = after(Outcome::Failed, failed);
            assert_eq!(pause, Some(expected));
            failed = now;
        }
        assert_eq!(after(Outcome::Failed, failed), (0, None));
        assert_eq!(after(Outcome::Done, 2), (0, None));
    }
}

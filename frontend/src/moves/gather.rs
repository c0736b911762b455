//! One reading for a burst of reasons.

use std::{pin::Pin, rc::Rc, time::Duration};

use leptos::{prelude::*, task::spawn_local};

use super::is_seen;

/// What happens within so much time is read at once.
const BURST: Duration = Duration::from_millis(300);

/// What is done about it.
type Work = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = ()>>>>;

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
}

/// Does something once for a burst of reasons, never twice at the same time, and only when the tab is seen: what nobody
/// looks at is read when somebody does. A handle; it ends with the owner that made it.
#[derive(Debug, Clone, Copy)]
pub struct Gather {
    phase: StoredValue<Phase>,
    burst: Duration,
    work: StoredValue<Work, LocalStorage>,
}

impl Gather {
    /// Does this whenever it is stirred.
    pub fn new<F>(work: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = ()> + 'static,
    {
        Self::of_bursts(BURST, work)
    }

    /// The same for what happens within so much time.
    pub fn of_bursts<F>(burst: Duration, work: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = ()> + 'static,
    {
        let work: Work = Rc::new(move || Box::pin(work()));
        let gather = Self { phase: StoredValue::new(Phase::Rests), burst, work: StoredValue::new_local(work) };
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
            Some(Phase::Rests) => {
                self.turn(Phase::Waits);
                set_timeout(move || self.go(), self.burst);
            }
            Some(Phase::Works) => self.turn(Phase::Outrun),
            Some(Phase::Waits | Phase::Unseen | Phase::Outrun) | None => {}
        }
    }

    fn turn(self, phase: Phase) {
        let _ = self.phase.try_set_value(phase);
    }

    fn go(self) {
        if !is_seen() {
            return self.turn(Phase::Unseen);
        }
        let Some(work) = self.work.try_get_value() else { return };
        self.turn(Phase::Works);
        spawn_local(async move {
            work().await;
            let outrun = self.phase.try_get_value() == Some(Phase::Outrun);
            self.turn(Phase::Rests);
            if outrun {
                self.stir();
            }
        });
    }
}

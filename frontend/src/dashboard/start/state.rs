//! What the list of first steps knows, and how it stays fresh.

use std::time::Duration;

use futures_util::future::join;
use gloo_timers::future::sleep;
use leptos::{prelude::*, task::spawn_local};
use shared::demo::{DemoPhase, DemoState, FirstSteps};

use super::super::state::BoardState;
use crate::{
    api::start as api,
    i18n::{I18n, tu_string, use_i18n},
    moves::{Gather, on_ticket_event, stir_when_resynced},
    ui::use_toasts,
};

/// The least time between two readings, also while the demo is loaded or removed.
const APART: Duration = Duration::from_millis(700);

/// How long to wait after an answer that did not come, while the demo is loaded or removed.
const AGAIN: Duration = Duration::from_secs(3);

/// What is shown of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Nothing, or not yet.
    Nothing,
    /// The list of steps.
    Card,
    /// The list was put away; the demo is there still.
    Demo,
}

/// What was read. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Read {
    /// The steps; none until they come.
    pub steps: RwSignal<Option<FirstSteps>>,
    /// The demo; none until it comes.
    pub demo: RwSignal<Option<DemoState>>,
    /// Whether it came, or did not, so that nobody needs to wait for it.
    pub settled: RwSignal<bool>,
    board: BoardState,
    i18n: I18n,
}

/// The first steps and the demo. A handle.
#[derive(Debug, Clone, Copy)]
pub struct StartState {
    /// What was read.
    pub read: Read,
    /// Something that somebody pressed is under way.
    pub busy: RwSignal<bool>,
    gather: Gather,
}

impl StartState {
    /// Reads it, and follows what happens on the desk.
    pub fn new(board: BoardState) -> Self {
        let read = Read {
            steps: RwSignal::new(None),
            demo: RwSignal::new(None),
            settled: RwSignal::new(false),
            board,
            i18n: use_i18n(),
        };
        let gather = Gather::new(move || read.look());
        on_ticket_event(move |_| gather.stir());
        stir_when_resynced(gather);
        spawn_local(read.look());
        Self { read, busy: RwSignal::new(false), gather }
    }

    /// What is shown.
    pub fn face(self) -> Face {
        match (self.read.steps.get(), self.read.demo.get()) {
            (Some(steps), Some(_)) if !steps.put_away => Face::Card,
            (Some(_), Some(demo)) if demo.phase != DemoPhase::Idle => Face::Demo,
            _ => Face::Nothing,
        }
    }

    /// Puts the list away.
    pub fn put_away(self) {
        let i18n = self.read.i18n;
        self.act(async move {
            api::put_away().await.map_err(|error| error.message(i18n))?;
            let _ = self.read.steps.try_update(|steps| {
                if let Some(steps) = steps {
                    steps.put_away = true;
                }
            });
            Ok(())
        });
    }

    /// Loads the demo.
    pub fn load(self) {
        let i18n = self.read.i18n;
        self.act(async move {
            let begun = api::load_demo().await.map_err(|error| error.message(i18n))?;
            let _ = self.read.demo.try_set(Some(begun));
            self.gather.stir();
            Ok(())
        });
    }

    /// Removes the demo.
    pub fn remove(self) {
        let i18n = self.read.i18n;
        self.act(async move {
            let begun = api::remove_demo().await.map_err(|error| error.message(i18n))?;
            let _ = self.read.demo.try_set(Some(begun));
            self.gather.stir();
            Ok(())
        });
    }

    fn act(self, what: impl Future<Output = Result<(), String>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let done = what.await;
            let _ = self.busy.try_set(false);
            if let Err(why) = done {
                use_toasts().error(why);
                // Somebody else was quicker: show what is the case.
                self.read.look().await;
            }
        });
    }
}

impl Read {
    /// Reads it in the background, and again until nothing is under way. A desk that has put the list away and has no demo
    /// is asked once.
    async fn look(self) {
        let away = self.steps.try_with_untracked(|steps| steps.is_some_and(|steps| steps.put_away));
        let idle = self.demo.try_with_untracked(|demo| demo.is_some_and(|demo| demo.phase == DemoPhase::Idle));
        if away == Some(true) && idle == Some(true) {
            return;
        }
        loop {
            let read = self.once().await;
            // None when the page is gone.
            let is = self.demo.try_get_untracked().flatten();
            if is.is_some_and(|demo| demo.phase.is_under_way()) {
                // One answer that did not come must not leave a bar that stands still.
                sleep(if read.is_some() { APART } else { AGAIN }).await;
                continue;
            }
            if read.flatten().is_some_and(|before| before.phase.is_under_way()) {
                if let Some(demo) = is {
                    self.tell(demo.phase);
                }
                self.board.look().await;
            }
            break;
        }
        sleep(APART).await;
    }

    /// Says what loading or removing the demo has come to.
    fn tell(self, phase: DemoPhase) {
        let i18n = self.i18n;
        match phase {
            DemoPhase::Loaded => use_toasts().success(tu_string!(i18n, start.demo.loaded_told)),
            DemoPhase::Idle => use_toasts().success(tu_string!(i18n, start.demo.removed_told)),
            DemoPhase::Interrupted => use_toasts().error(tu_string!(i18n, start.demo.interrupted)),
            DemoPhase::Loading | DemoPhase::Removing => {}
        }
    }

    /// Reads it once; answers with the demo as it was before. None when it does not come: then it comes with the next
    /// reason.
    async fn once(self) -> Option<Option<DemoState>> {
        let (steps, demo) = join(api::first_steps(), api::demo()).await;
        let before = self.demo.try_get_untracked()?;
        let read = if let (Ok(steps), Ok(demo)) = (steps, demo) {
            let _ = self.steps.try_set(Some(steps));
            let _ = self.demo.try_set(Some(demo));
            Some(before)
        } else {
            None
        };
        let _ = self.settled.try_set(true);
        read
    }
}

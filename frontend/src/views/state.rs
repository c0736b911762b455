//! What the page knows about views: which there are, which one is shown, and how many tickets are in them.

use std::{collections::HashMap, time::Duration};

use gloo_timers::future::TimeoutFuture;
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{hooks::use_location, params::ParamsMap};
use shared::{
    ids::ViewId,
    live::ServerFrame,
    views::{BuiltInView, View, ViewCounts},
};

use crate::{
    api::{ClientError, views as api},
    lasting::lasting,
    live::use_live,
    moves::{Gather, Outcome, on_ticket_event, stir_when_resynced},
    tickets::Filters,
};

/// What happens within so much time is counted at once.
const BURST: Duration = Duration::from_secs(2);
/// How long is waited after each time that it could not be counted, in milliseconds.
const AGAIN: [u32; 4] = [1_000, 4_000, 10_000, 30_000];

/// What has a number of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// A view that everybody has.
    BuiltIn(BuiltInView),
    /// One that somebody keeps.
    Kept(ViewId),
}

/// The views of the person at the screen. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Views {
    kept: RwSignal<Vec<View>>,
    counts: RwSignal<HashMap<Counted, u32>>,
    /// What the list shows; none elsewhere.
    here: RwSignal<Option<Filters>>,
    /// How often was counted: only the last answer counts.
    asked: StoredValue<u32>,
}

thread_local! {
    /// The rail and the list of tickets both show them.
    static ROOT: (Owner, Views) = lasting(|| Views {
        kept: RwSignal::new(Vec::new()),
        counts: RwSignal::new(HashMap::new()),
        here: RwSignal::new(None),
        asked: StoredValue::new(0),
    });
}

/// The views of the person at the screen; from anywhere.
pub fn use_views() -> Views {
    ROOT.with(|(_, views)| *views)
}

impl Views {
    /// Those that somebody keeps; tracked.
    pub fn kept(self) -> Vec<View> {
        self.kept.get()
    }

    /// How many tickets are in one; none while it is not known.
    pub fn count(self, of: Counted) -> Signal<Option<u32>> {
        Memo::new(move |_| self.counts.with(|counts| counts.get(&of).copied())).into()
    }

    /// The view that the list shows, if it shows one of the rail's; tracked.
    pub fn shown(self) -> Option<Counted> {
        let here = self.here.get()?;
        let built_in = BuiltInView::ALL.into_iter().filter(|view| *view != BuiltInView::Unfinished);
        let same = |view: &BuiltInView| Filters::of_view(&view.filters()) == here;
        built_in
            .into_iter()
            .find(same)
            .map(Counted::BuiltIn)
            .or_else(|| self.matching(&here).map(|view| Counted::Kept(view.id)))
    }

    /// The kept view that lists this; tracked.
    pub fn matching(self, filters: &Filters) -> Option<View> {
        self.kept.with(|kept| kept.iter().find(|view| Filters::of_view(&view.filters) == *filters).cloned())
    }

    /// One of them; tracked.
    pub fn by_id(self, id: ViewId) -> Option<View> {
        self.kept.with(|kept| kept.iter().find(|view| view.id == id).cloned())
    }

    /// Shows one that was just made or changed.
    pub fn put(self, view: View) {
        self.kept.update(|kept| {
            if let Some(place) = kept.iter_mut().find(|other| other.id == view.id) {
                *place = view;
            } else {
                // One's own come before those of others.
                let own = kept.iter().filter(|other| other.owner.id == view.owner.id).count();
                kept.insert(own.min(kept.len()), view);
            }
        });
        spawn_local(self.recount());
    }

    /// Shows one no more.
    pub fn forget(self, id: ViewId) {
        self.kept.update(|kept| kept.retain(|view| view.id != id));
    }

    /// Reads them, and follows what happens for as long as the owner that calls this is there.
    pub fn watch(self) {
        self.kept.set(Vec::new());
        self.counts.set(HashMap::new());
        let location = use_location();
        Effect::new(move || {
            let on_list = location.pathname.with(|path| path == "/tickets");
            let query = location.query;
            self.here.set(on_list.then(|| query.with(|params: &ParamsMap| Filters::from_params(params))));
        });
        let reading = Gather::new(move || self.read());
        let counting = Gather::of_bursts(BURST, move || self.recount());
        spawn_local(async move {
            if self.read().await == Outcome::Failed {
                reading.stir();
            }
            self.recount().await;
        });
        on_ticket_event(move |_| counting.stir());
        stir_when_resynced(counting);
        stir_when_resynced(reading);
        // Of what colleagues share nothing is told: whoever comes back to the page finds it.
        let focus = window_event_listener(ev::focus, move |_| reading.stir());
        on_cleanup(move || focus.remove());
        use_live().on_frame(move |frame| {
            if let ServerFrame::Event(event) = frame
                && event.kind.starts_with("view_")
            {
                reading.stir();
                counting.stir();
            }
        });
    }

    /// What does not come is tried again, and not told: the rail is no place for errors.
    async fn read(self) -> Outcome {
        match api::list().await {
            Ok(page) => {
                if self.kept.with_untracked(|kept| *kept != page.items) {
                    self.kept.set(page.items);
                }
                Outcome::Done
            }
            Err(ClientError::SessionEnded) => Outcome::Done,
            Err(_) => Outcome::Failed,
        }
    }

    /// A count that does not come is asked for again a few times: it may be of the last thing that happens for long.
    async fn recount(self) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        for pause in AGAIN {
            let read = api::counts().await;
            if self.asked.get_value() != number {
                return;
            }
            match read {
                Ok(counts) => return self.show_counts(&counts),
                Err(ClientError::SessionEnded) => return,
                Err(_) => TimeoutFuture::new(pause).await,
            }
        }
    }

    fn show_counts(self, counts: &ViewCounts) {
        let built_in = counts.built_in.iter().map(|one| (Counted::BuiltIn(one.view), one.count));
        let kept = counts.views.iter().map(|one| (Counted::Kept(one.id), one.count));
        self.counts.set(built_in.chain(kept).collect());
    }
}

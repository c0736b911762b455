//! Who else looks at the ticket, and who is writing an answer.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use shared::{
    ids::TicketId,
    live::{ServerFrame, Viewer},
};

use crate::{
    i18n::{I18n, t_count, t_string, use_i18n},
    live::{Line, use_live},
    moves::is_seen,
    ui::Avatar,
    words::takes_e,
};

/// Whoever has not typed for so long is not writing.
const BREATH: Duration = Duration::from_secs(5);
/// So many pictures are shown.
const SHOWN: usize = 3;

/// Tells the desk that the person looks at a ticket, for as long as they do. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Looking {
    ticket: TicketId,
    writing: RwSignal<bool>,
    /// Who else looks at it.
    others: RwSignal<Vec<Viewer>>,
    /// How many more do.
    more: RwSignal<u32>,
    pause: StoredValue<Option<TimeoutHandle>>,
}

impl Looking {
    /// They look at it, for as long as the owner that calls this is there.
    pub fn at(ticket: TicketId) -> Self {
        let looking = Self {
            ticket,
            writing: RwSignal::new(false),
            others: RwSignal::new(Vec::new()),
            more: RwSignal::new(0),
            pause: StoredValue::new(None),
        };
        looking.hear();
        Effect::new(move || {
            looking.writing.track();
            looking.tell();
        });
        let seen = window_event_listener_untyped("visibilitychange", move |_| looking.tell());
        on_cleanup(move || {
            seen.remove();
            use_live().look_at(None, false);
        });
        looking
    }

    /// Keeps who else looks at it.
    fn hear(self) {
        let live = use_live();
        live.on_frame(move |frame| {
            if let ServerFrame::Viewers { ticket_id, users, more } = frame
                && *ticket_id == self.ticket
            {
                let _ = self.others.try_set(users.clone());
                let _ = self.more.try_set(*more);
            }
        });
        // Without a line nobody knows.
        let line = live.line();
        Effect::new(move || {
            if line.get() != Line::Online {
                self.others.set(Vec::new());
                self.more.set(0);
            }
        });
    }

    fn tell(self) {
        let Some(writing) = self.writing.try_get_untracked() else { return };
        if is_seen() {
            use_live().look_at(Some(self.ticket), writing);
        } else {
            use_live().look_at(None, false);
        }
    }

    /// They have typed.
    pub fn typed(self) {
        let rest = set_timeout_with_handle(move || self.rests(), BREATH).ok();
        if let Some(before) = self.pause.try_get_value().flatten() {
            before.clear();
        }
        let _ = self.pause.try_set_value(rest);
        if !self.writing.get_untracked() {
            self.writing.set(true);
        }
    }

    /// They are done, or threw it away.
    pub fn rests(self) {
        if self.writing.try_get_untracked() == Some(true) {
            let _ = self.writing.try_set(false);
        }
    }
}

/// The others who look at the ticket.
#[component]
pub fn Viewers(
    /// The ticket's.
    looking: Looking,
) -> impl IntoView {
    let i18n = use_i18n();
    let (users, more) = (looking.others, looking.more);
    let words = Memo::new(move |_| users.with(|users| words(i18n, users, more.get())));
    // The words say how many there are.
    let rest = move || match unseen(users.with(Vec::len), more.get()) {
        0 => None,
        rest => Some(view! { <span class="viewers-more" aria-hidden="true">{format!("+{rest}")}</span> }),
    };
    let pictures = move || {
        let shown = users.with(|users| users.iter().take(SHOWN).cloned().collect::<Vec<_>>());
        shown
            .into_iter()
            .map(|Viewer { user, .. }| view! { <Avatar name=user.name url=user.avatar_url/> })
            .collect_view()
    };
    view! {
        // It is there while nobody is in it: of what comes with its words a screen reader may say nothing.
        <p class="viewers" role="status">
            <span class="viewers-faces">{pictures}{rest}</span>
            <span>{move || words.get()}</span>
        </p>
    }
    .into_any()
}

/// How many have no picture: of those who are named, and of those who are not.
fn unseen(named: usize, more: u32) -> usize {
    let more = usize::try_from(more).unwrap_or(usize::MAX);
    named.saturating_sub(SHOWN).saturating_add(more)
}

/// Whoever writes first: that is what keeps two from writing the same. Those who are not named look.
fn words(i18n: I18n, users: &[Viewer], more: u32) -> String {
    let more = usize::try_from(more).unwrap_or(usize::MAX);
    let names = |writing: bool| -> Vec<String> {
        users.iter().filter(|viewer| viewer.writing == writing).map(|viewer| viewer.user.name.clone()).collect()
    };
    let (write, look) = (names(true), names(false));
    let write = match write.as_slice() {
        [] => None,
        [name] => Some(t_string!(i18n, moves.viewers.writes, name = name.clone())),
        several => Some(t_string!(i18n, moves.viewers.write, names = joined(i18n, several))),
    };
    let look = match look.as_slice() {
        some if more > 0 => {
            let count = some.len().saturating_add(more);
            let people = t_count!(i18n, count, moves.viewers.people, count = count);
            match count {
                1 => Some(t_string!(i18n, moves.viewers.looks, name = people)),
                _ => Some(t_string!(i18n, moves.viewers.look, names = people)),
            }
        }
        [] => None,
        [name] => Some(t_string!(i18n, moves.viewers.looks, name = name.clone())),
        several => Some(t_string!(i18n, moves.viewers.look, names = joined(i18n, several))),
    };
    [write, look].into_iter().flatten().collect::<Vec<_>>().join("\u{a0}· ")
}

/// Two names, or how many they are.
fn joined(i18n: I18n, names: &[String]) -> String {
    match names {
        [first, second] if takes_e(second) => {
            t_string!(i18n, moves.viewers.and_e, first = first.clone(), second = second.clone())
        }
        [first, second] => t_string!(i18n, moves.viewers.and, first = first.clone(), second = second.clone()),
        several => t_count!(i18n, several.len(), moves.viewers.people, count = several.len()),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn whoever_has_no_picture_is_counted() {
        assert_eq!([unseen(0, 0), unseen(SHOWN, 0), unseen(5, 0), unseen(12, 3)], [0, 0, 2, 12]);
    }
}

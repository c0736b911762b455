//! The ticket while others work on it: what they write and change appears, and nothing that is being read or written
//! moves for it.

use std::collections::HashSet;

use leptos::{prelude::*, task::tick};
use shared::{
    accounts::UserRef,
    ids::CommentId,
    tickets::{Comment, Ticket},
};
use web_sys::Element;

use super::{
    place,
    run::Run,
    state::{State, says_lost},
    writing::draft_key,
};
use crate::{
    api::{Purpose, tickets as api},
    browser,
    drafts::use_draft,
    i18n::{t, t_count, t_string},
    live::use_live,
    moves::{Gather, Outcome, on_ticket_event, stir_when_resynced},
    session::use_session,
    ui::{Icon, Symbol},
};

/// What covers the end of the screen: a message that shows less than this is still to be seen.
const COVERED: f64 = 72.0;
/// What shows which messages have just come.
const CAME: &str = "came";

/// What others wrote while the ticket was shown. A handle.
#[derive(Debug, Clone, Copy)]
pub struct News {
    state: State,
    /// What is below the end of the screen.
    below: RwSignal<Vec<CommentId>>,
    /// What came last, for those who hear the page: up to which message, and the words.
    told: RwSignal<Option<(CommentId, String)>>,
    /// Which messages were edited since the conversation was last read.
    edited: StoredValue<Edited>,
}

/// Which messages were edited.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Edited {
    /// These.
    Known(Vec<i64>),
    /// So much was missed that it may be any.
    Any,
}

impl Edited {
    /// The others too.
    fn add(&mut self, others: Self) {
        match (&mut *self, others) {
            (Self::Known(known), Self::Known(others)) => known.extend(others),
            (edited, Self::Any) => *edited = Self::Any,
            (Self::Any, _) => {}
        }
    }
}

impl News {
    /// Follows what happens to the ticket for as long as it is shown.
    pub fn follow(state: State) -> Self {
        let news = Self {
            state,
            below: RwSignal::new(Vec::new()),
            told: RwSignal::new(None),
            edited: StoredValue::new(Edited::Known(Vec::new())),
        };
        let gather = Gather::new(move || news.look());
        on_ticket_event(move |event| {
            if event.ticket_id.is_none_or(|ticket| ticket == state.id) {
                if event.lost {
                    lose(state);
                }
                if event.kind == "comment_edited" {
                    news.note_edit(event.comment_id);
                }
                gather.stir();
            }
        });
        let resynced = use_live().resynced();
        Effect::new(move |before: Option<u32>| {
            let now = resynced.get();
            if before.is_some_and(|before| before != now) {
                news.note_edit(None);
            }
            now
        });
        stir_when_resynced(gather);
        let scrolled = window_event_listener(leptos::ev::scroll, move |_| news.seen());
        on_cleanup(move || scrolled.remove());
        news
    }

    /// A message was edited; none stands for any.
    fn note_edit(self, comment: Option<CommentId>) {
        let edited = comment.map_or(Edited::Any, |comment| Edited::Known(vec![comment.0]));
        self.edited.try_update_value(|known| known.add(edited));
    }

    /// Reads again what was edited before the last page; none when it does not come.
    async fn read_edited(self) -> Option<Vec<Comment>> {
        let nothing = Edited::Known(Vec::new());
        let edited = self.edited.try_update_value(|edited| std::mem::replace(edited, nothing))?;
        let read = match &edited {
            Edited::Known(known) => self.state.read_again(Some(known)).await,
            Edited::Any => self.state.read_again(None).await,
        };
        if read.is_err() {
            self.edited.try_update_value(|now| now.add(edited));
        }
        read.ok()
    }

    /// Reads all of it in the background, and then shows it at once.
    async fn look(self) -> Outcome {
        let state = self.state;
        let ticket = match api::read(state.id, Purpose::Background).await {
            Ok(ticket) => ticket,
            Err(error) if says_lost(&error) => {
                lose(state);
                return Outcome::Done;
            }
            Err(_) => return Outcome::Failed,
        };
        let edited = self.read_edited().await;
        let rest = state.read_on().await;
        let Some(known) = state.comments.try_with_untracked(ids) else { return Outcome::Done };
        // A change that is under way shows what it leaves, and when it fails, what was before.
        let is_overtaken = state.busy.try_get_untracked() != Some(false);
        let is_whole = edited.is_some() && rest.is_some() && !is_overtaken;
        let anchor = Anchor::hold();
        let _ = state.lost.try_set(false);
        state.show(ticket);
        if let Some((comments, history)) = rest {
            state.take_over(comments, history);
        }
        if let Some(edited) = edited.filter(|edited| !edited.is_empty()) {
            state.comments.try_update(|run| run.put(edited));
        }
        // What was read is on the page when this returns.
        tick().await;
        if let Some(anchor) = anchor {
            anchor.keep();
        }
        self.tell(&known);
        if is_whole { Outcome::Done } else { Outcome::Failed }
    }

    /// Says what came.
    fn tell(self, known: &HashSet<CommentId>) {
        let me = use_session().user_untracked().map(|user| user.id);
        let came = self.state.comments.try_with_untracked(|run| {
            let news = |comment: &&Comment| !known.contains(&comment.id) && Some(comment.author.id) != me;
            run.items.iter().filter(news).map(|comment| (comment.id, comment.author.clone())).collect::<Vec<_>>()
        });
        let Some(came) = came.filter(|came| !came.is_empty()) else { return };
        let _ = self.told.try_set(came.last().map(|&(id, _)| (id, self.words(&came))));
        let elements = came.iter().filter_map(|&(id, _)| Some((id, element_of(id)?)));
        let mut below: Vec<CommentId> = Vec::new();
        for (id, element) in elements {
            element.class_list().add_1(CAME).ok();
            if is_below(&element) {
                below.push(id);
            }
        }
        self.below.try_update(|shown| shown.extend(below));
    }

    fn words(self, came: &[(CommentId, UserRef)]) -> String {
        let i18n = self.state.i18n;
        match came {
            [(_, author)] => t_string!(i18n, moves.ticket.came_from, name = author.name.clone()),
            several => t_count!(i18n, several.len(), moves.ticket.came, count = several.len()),
        }
    }

    /// Forgets what can be seen by now.
    fn seen(self) {
        if self.below.with_untracked(Vec::is_empty) {
            return;
        }
        let still = |id: &CommentId| element_of(*id).is_some_and(|element| is_below(&element));
        if self.below.with_untracked(|below| !below.iter().all(still)) {
            self.below.update(|below| below.retain(still));
        }
    }
}

fn ids(run: &Run<Comment>) -> HashSet<CommentId> {
    run.items.iter().map(|comment| comment.id).collect()
}

fn element_of(id: CommentId) -> Option<Element> {
    document().get_element_by_id(&place::name(id))
}

fn is_below(element: &Element) -> bool {
    element.get_bounding_client_rect().top() > height() - COVERED
}

fn height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default()
}

/// From here on the ticket can only be read, and be left.
fn lose(state: State) {
    let _ = state.lost.try_set(true);
    state.ticket.try_update(|ticket: &mut Ticket| ticket.actions.clear());
}

/// What must not move on the screen: the field that is being written in, or else the first message that shows.
struct Anchor {
    element: Element,
    top: f64,
}

impl Anchor {
    fn hold() -> Option<Self> {
        let field = browser::focused()
            .map(Element::from)
            .filter(|element| matches!(element.tag_name().as_str(), "TEXTAREA" | "INPUT") && shows(element));
        let element = field.or_else(first_that_shows)?;
        let top = element.get_bounding_client_rect().top();
        Some(Self { element, top })
    }

    fn keep(self) {
        if self.element.is_connected() {
            let moved = self.element.get_bounding_client_rect().top() - self.top;
            if moved.abs() >= 1.0 {
                window().scroll_by_with_x_and_y(0.0, moved);
            }
        }
    }
}

fn shows(element: &Element) -> bool {
    let place = element.get_bounding_client_rect();
    place.bottom() > 0.0 && place.top() < height()
}

fn first_that_shows() -> Option<Element> {
    use wasm_bindgen::JsCast;
    let entries = document().query_selector_all(".talk-list > li").ok()?;
    (0..entries.length()).filter_map(|index| entries.get(index)?.dyn_into::<Element>().ok()).find(shows)
}

/// The way to what came below the end of the screen.
#[component]
pub fn Below(
    /// What came.
    news: News,
) -> impl IntoView {
    let i18n = news.state.i18n;
    let News { below, told, .. } = news;
    let count = Memo::new(move |_| below.with(Vec::len));
    let words = move || {
        let count = count.get();
        t_count!(i18n, count, moves.ticket.below, count = count)
    };
    let lead = move |_| {
        let first = below.with_untracked(|below| below.first().copied());
        below.set(Vec::new());
        if let Some(first) = first {
            place::show(first);
        }
    };
    view! {
        // Each anew: of words that stay as they are nothing is told, and one person may write twice.
        <div class="visually-hidden" role="status">
            <For each=move || told.get() key=|(id, _): &(CommentId, String)| *id let:said>
                <span>{said.1}</span>
            </For>
        </div>
        <div class="news-below">
            <Show when=move || count.get() != 0>
                <button type="button" class="btn btn-primary arrivals-act" on:click=lead>
                    {words} " " <span aria-hidden="true">"↓"</span>
                </button>
            </Show>
        </div>
    }
    .into_any()
}

/// Says that the ticket went out of sight, and gives back what was being written.
#[component]
pub fn Lost(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let lost = Memo::new(move |_| state.lost.get());
    move || {
        lost.get().then(|| {
            let drafts = [false, true].map(|note| use_draft(draft_key(state.id, note)).get_untracked());
            let written = drafts.into_iter().filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
            let words = (!written.is_empty()).then(|| view! {
                <label class="lost-words">
                    <span>{t!(i18n, moves.ticket.lost_draft)}</span>
                    <textarea class="plain" readonly rows="4">{written}</textarea>
                </label>
            });
            view! {
                <div class="lost" role="alert">
                    <Icon symbol=Symbol::Lock/>
                    <div>
                        <p><strong>{t!(i18n, moves.ticket.lost_title)}</strong> " " {t!(i18n, moves.ticket.lost_text)}</p>
                        {words}
                    </div>
                    <leptos_router::components::A href="/tickets" attr:class="btn btn-secondary">
                        {t!(i18n, moves.ticket.back)}
                    </leptos_router::components::A>
                </div>
            }
        })
    }
}

//! One conversation on the screen: its messages, and where one writes. The same on the page and in a window of the dock.

use std::{collections::BTreeSet, time::Duration};

use leptos::{html, prelude::*, task::spawn_local};
use shared::{chat::Message, ids::MessageId};

use super::{
    attention::attentive,
    bubble::Bubble,
    compose::Composer,
    find::Find,
    group::{Entry, Key, entries},
    queue::Queue,
    state::use_chat,
    thread::{Come, Thread},
    ticket::ChosenBar,
    to_end::ToEnd,
    words::{in_a_line, name_of},
};
use crate::{
    browser,
    i18n::{I18n, t, t_string, tu_string, use_i18n},
    time,
    ui::{EmptyState, LoadError, SkeletonRows, use_toasts},
};

/// So near to an end of what is shown counts as being there, in pixels.
const NEAR: i32 = 48;
/// Older messages are read when so little of what is here is left above, in pixels.
const AHEAD: i32 = 320;
/// For so long a message that was looked for stands out.
const FLASH: Duration = Duration::from_secs(3);

/// What a conversation on the screen knows. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Pane {
    /// The conversation.
    pub thread: Thread,
    /// The language.
    pub i18n: I18n,
    /// Which messages are chosen, while the person chooses.
    pub chosen: RwSignal<Option<BTreeSet<MessageId>>>,
    /// Whether the person looks for words.
    pub finding: RwSignal<bool>,
    /// The message that is being edited. Not known to its bubble alone: that is drawn anew when the message changes.
    pub editing: RwSignal<Option<MessageId>>,
    /// The message that was found and is shown for a moment.
    pub found: RwSignal<Option<MessageId>>,
    /// Where one writes.
    pub field: NodeRef<html::Textarea>,
    /// All of it: files that are dropped here are meant for it. Marked with [`OWN`](crate::attachments::OWN).
    pub part: NodeRef<html::Section>,
    /// Whether there is room for it on the screen: a window of the dock may have none for a while.
    shown: Signal<bool>,
    /// The first of the messages that were unread when the person came.
    unread: RwSignal<Option<MessageId>>,
    /// Whether the last message is in sight.
    pub at_end: RwSignal<bool>,
    /// Whether the beginning of what is here is near, where older messages come.
    at_top: RwSignal<bool>,
    /// Whether it is settled what is in sight at first.
    settled: RwSignal<bool>,
    scroller: NodeRef<html::Div>,
}

impl Pane {
    /// A view of a conversation, for as long as what calls it is there. What nobody can see, while it is not `shown`, is not read.
    pub fn new(thread: Thread, shown: Signal<bool>) -> Self {
        let pane = Self {
            thread,
            i18n: use_i18n(),
            chosen: RwSignal::new(None),
            finding: RwSignal::new(false),
            editing: RwSignal::new(None),
            found: RwSignal::new(None),
            field: NodeRef::new(),
            part: NodeRef::new(),
            shown,
            unread: RwSignal::new(None),
            at_end: RwSignal::new(true),
            at_top: RwSignal::new(true),
            settled: RwSignal::new(false),
            scroller: NodeRef::new(),
        };
        Effect::new(move || {
            if shown.get() {
                thread.show();
            }
        });
        pane.follow_reading();
        pane
    }

    /// What is on the screen of an attentive person is read: down to the last message, once that is in sight. Where the unread ones began stays marked.
    fn follow_reading(self) {
        let (thread, seen) = (self.thread, StoredValue::new(false));
        Effect::new(move || {
            thread.unmarked.track();
            let first = thread.run.with(|run| run.first_unread(thread.peer));
            let shown = self.shown.get();
            let looks = shown && attentive().get();
            let in_sight = self.settled.get() && self.at_end.get() && !self.finding.get();
            if thread.come.get() != Come::Here {
                return;
            }
            let is_first = !seen.get_value();
            if let Some(first) = first.filter(|_| is_first || !looks) {
                self.unread.set(Some(first));
            }
            if is_first && shown {
                seen.set_value(true);
                request_animation_frame(move || {
                    self.show_unread();
                    let _ = self.settled.try_set(true);
                });
            }
            if looks && in_sight {
                thread.mark_read();
            }
        });
    }

    /// Scrolls up to where the unread ones begin, when that is out of sight.
    fn show_unread(self) {
        let Some(scroller) = self.scroller.try_get_untracked().flatten() else { return };
        let Some(line) = scroller.query_selector(".unread-line").ok().flatten() else { return };
        if line.get_bounding_client_rect().top() < scroller.get_bounding_client_rect().top() {
            line.scroll_into_view();
            self.scrolled();
        }
    }

    /// The person has scrolled.
    fn scrolled(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        // The list hangs from its end: there the offset is nothing, and upwards it is negative.
        let from_end = -scroller.scroll_top();
        let at_end = from_end < NEAR;
        if self.at_end.get_untracked() != at_end {
            self.at_end.set(at_end);
        }
        let above = scroller.scroll_height() - scroller.client_height() - from_end;
        let at_top = above < AHEAD;
        if self.at_top.get_untracked() != at_top {
            self.at_top.set(at_top);
        }
        if at_top && self.thread.back_error.with_untracked(Option::is_none) {
            self.thread.look_back();
        }
    }

    /// Shows the last message.
    pub fn to_end(self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    }

    /// Shows a message, however far back it lies.
    pub fn go_to(self, id: MessageId) {
        self.finding.set(false);
        spawn_local(async move {
            if !self.thread.reach(id).await {
                return use_toasts().error(tu_string!(self.i18n, chat.not_reached));
            }
            if self.found.try_set(Some(id)).is_some() {
                return;
            }
            request_animation_frame(move || {
                let Some(element) = document().get_element_by_id(&place_of(id)) else { return };
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Center);
                element.scroll_into_view_with_scroll_into_view_options(&options);
                browser::focus_id(&place_of(id));
            });
            set_timeout(
                move || {
                    self.found.try_update(|found| {
                        if *found == Some(id) {
                            *found = None;
                        }
                    });
                },
                FLASH,
            );
        });
    }

    /// Begins to choose messages, or leaves it.
    pub fn choose(self, choosing: bool) {
        self.chosen.set(choosing.then(BTreeSet::new));
    }

    /// Moves the cursor to where one writes; where nothing is written now, to the messages.
    pub fn focus(self) {
        request_animation_frame(move || {
            if let Some(field) = self.field.try_get_untracked().flatten() {
                field.focus().ok();
            } else if let Some(scroller) = self.scroller.try_get_untracked().flatten() {
                scroller.focus().ok();
            }
        });
    }

    /// Leaves what the person does beside reading and writing; whether there was something to leave.
    pub fn leave_side(self) -> bool {
        if self.finding.get_untracked() {
            self.finding.set(false);
        } else if self.chosen.with_untracked(Option::is_some) {
            self.chosen.set(None);
        } else {
            return false;
        }
        self.focus();
        true
    }
}

/// The id of a message's element.
pub fn place_of(id: MessageId) -> String {
    format!("message-{id}")
}

/// All of it below the head.
#[component]
pub fn PaneBody(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let i18n = pane.i18n;
    let peer = pane.thread.peer;
    let comes = Memo::new(move |_| {
        let empty = pane.thread.run.with(|run| run.items().is_empty());
        empty && pane.thread.come.get() == Come::Loading && use_chat().waiting_for(peer).is_empty()
    });
    view! {
        <Show when=move || pane.finding.get()>
            <Find pane/>
        </Show>
        <div class="chat-middle" hidden=move || pane.finding.get()>
            <div
                class="chat-scroll"
                class:at-top=move || pane.at_top.get()
                tabindex="0"
                role="region"
                aria-label=move || t_string!(i18n, chat.region, name = name_of(i18n, peer))
                node_ref=pane.scroller
                on:scroll=move |_| pane.scrolled()
            >
                <Show when=move || comes.get()>
                    <div class="chat-coming"><SkeletonRows rows=4/></div>
                </Show>
                // What hangs from its end would jump from where the lines of the skeleton were.
                <div class="chat-lines" hidden=move || comes.get()>
                    <Older pane/>
                    <Lines pane/>
                    <Queue pane/>
                    <Typing pane/>
                </div>
            </div>
            <ToEnd pane/>
        </div>
        // Each anew: of words that stay as they are nothing is told, and the same may be said twice.
        <p class="visually-hidden" aria-live="polite">
            <For each=move || pane.thread.news.get() key=|message| message.id let:message>
                <span>
                    {move || t_string!(i18n, chat.said, name = name_of(i18n, peer), text = in_a_line(i18n, &message))}
                </span>
            </For>
        </p>
        <Show when=move || pane.chosen.with(Option::is_some) fallback=move || view! { <Composer pane/> }>
            <ChosenBar pane/>
        </Show>
    }
    .into_any()
}

/// The messages, or what there is instead.
#[component]
fn Lines(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let i18n = pane.i18n;
    let thread = pane.thread;
    let empty = Memo::new(move |_| thread.run.with(|run| run.items().is_empty()));
    let waits = Memo::new(move |_| !use_chat().waiting_for(thread.peer).is_empty());
    let lines = Memo::new(move |_| {
        let unread = pane.unread.get();
        thread.run.with(|run| entries(run.items(), unread, time::local_day))
    });
    let instead = move || match (empty.get(), thread.come.get()) {
        (true, Come::Failed(error)) => view! { <LoadError error retry=move || thread.refresh()/> }.into_any(),
        (true, Come::Here) if !waits.get() => view! {
            <EmptyState
                title=move || t_string!(i18n, chat.write_first)
                text=move || t_string!(i18n, chat.write_first_hint)
            />
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        {instead}
        <Show when=move || !empty.get()>
            <ol class="bubbles">
                <For each=move || lines.get() key=|(key, _): &(Key, Entry)| key.clone() let:line>
                    <Line line=line.1 pane/>
                </For>
            </ol>
        </Show>
    }
    .into_any()
}

#[component]
fn Line(line: Entry, pane: Pane) -> impl IntoView {
    let i18n = pane.i18n;
    match line {
        Entry::Day(at) => {
            let words = move || time::day(i18n.get_locale(), at, browser::now());
            view! { <li class="day-line"><span>{words}</span></li> }.into_any()
        }
        Entry::Unread => view! { <li class="unread-line"><span>{t!(i18n, chat.unread_line)}</span></li> }.into_any(),
        Entry::Message { message, first } => view! { <Bubble message first pane/> }.into_any(),
    }
}

/// The way to what is older.
#[component]
fn Older(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let (i18n, thread) = (pane.i18n, pane.thread);
    let has_more = Memo::new(move |_| thread.run.with(|run| run.next().is_some()));
    let words = move || {
        if thread.looking_back.get() { t_string!(i18n, chat.older_loading) } else { t_string!(i18n, chat.older) }
    };
    view! {
        {move || thread.back_error.get().map(|error| view! {
            <p class="chat-trouble" role="alert">{error.message(i18n)}</p>
        })}
        <Show when=move || has_more.get()>
            <p class="chat-older">
                <button
                    type="button"
                    class="quiet-link"
                    aria-disabled=move || thread.looking_back.get().then_some("true")
                    on:click=move |_| thread.look_back()
                >
                    {words}
                </button>
            </p>
        </Show>
    }
    .into_any()
}

/// That the other is writing.
#[component]
fn Typing(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let i18n = pane.i18n;
    let words = move || t_string!(i18n, chat.typing, name = name_of(i18n, pane.thread.peer));
    view! {
        <p class="typing-line" aria-live="polite">
            <Show when=move || pane.thread.typing.get()>
                <span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>
                <span>{words}</span>
            </Show>
        </p>
    }
    .into_any()
}

/// Whether a message can be chosen for a ticket.
pub fn can_be_chosen(message: &Message) -> bool {
    message.deleted_at.is_none()
}

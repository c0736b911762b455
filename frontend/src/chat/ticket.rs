//! A ticket made of messages.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::components::A;
use shared::{
    chat::{TICKET_MESSAGES_MAX, TicketFromMessages},
    fields::{self, TITLE_MAX},
    ids::{MessageId, TicketId},
    problem::FieldErrors,
    tickets::Priority,
};

use super::pane::Pane;
use crate::{
    api::chat as api,
    browser,
    i18n::{t, t_count, t_string, tu_string},
    tickets::{Categories, Once, is_from_before},
    ui::{Button, ButtonKind, Dialog, Icon, Select, Symbol, TextField, errors_of, focus_first_invalid, priority_label},
};

/// How many messages are chosen, and what becomes of them. It stands where one writes otherwise.
#[component]
pub fn ChosenBar(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let i18n = pane.i18n;
    let open = RwSignal::new(false);
    let count =
        Memo::new(move |_| pane.chosen.with(|chosen| chosen.as_ref().map_or(0, std::collections::BTreeSet::len)));
    let words = move || match count.get() {
        0 => t_string!(i18n, chat.ticket.none).to_owned(),
        count if count > TICKET_MESSAGES_MAX => {
            t_string!(i18n, chat.ticket.too_many, count = TICKET_MESSAGES_MAX.to_string())
        }
        count => t_count!(i18n, count, chat.ticket.chosen, count = count),
    };
    let wrong = Signal::derive(move || count.get() == 0 || count.get() > TICKET_MESSAGES_MAX);
    view! {
        <div class="chosen-bar">
            <span role="status">{words}</span>
            <Button kind=ButtonKind::Quiet on_click=move |_| _ = pane.leave_side()>{t!(i18n, common.cancel)}</Button>
            <Button kind=ButtonKind::Primary disabled=wrong on_click=move |_| open.set(true)>
                {t!(i18n, chat.ticket.make)}
            </Button>
        </div>
        <Dialog open title=move || t_string!(i18n, chat.ticket.heading) on_close=move |()| open.set(false)>
            <TicketForm pane open/>
        </Dialog>
    }
    .into_any()
}

/// What the form knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Form {
    pane: Pane,
    title: RwSignal<String>,
    once: Once,
    priority: RwSignal<String>,
    category: RwSignal<String>,
    errors: RwSignal<FieldErrors>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// The ticket that there is now, and whether it was opened before with something else chosen.
    done: RwSignal<Option<(TicketId, bool)>>,
}

impl Form {
    fn send(self) {
        if self.busy.get_untracked() {
            return;
        }
        let message_ids = self.pane.chosen.get_untracked().unwrap_or_default().into_iter().collect();
        let request = TicketFromMessages {
            message_ids,
            title: self.title.get_untracked().trim().to_owned(),
            priority: self.priority.with_untracked(|word| word_of(word)),
            category_id: self.category.get_untracked().parse().ok(),
            client_id: None,
        };
        let client_id = self.once.name(&(&request.title, &request.message_ids));
        let request = TicketFromMessages { client_id, ..request };
        if let Err(errors) = fields::check(&request) {
            return self.refuse(errors, tu_string!(self.pane.i18n, tickets.new.check).to_owned());
        }
        self.busy.set(true);
        spawn_local(async move {
            let made = api::make_ticket(self.pane.thread.peer, &request).await;
            let _ = self.busy.try_set(false);
            match made {
                Ok(ticket) => {
                    self.once.settle(once_key(self.pane));
                    let before = is_from_before(&ticket, request.priority, request.category_id);
                    let _ = self.done.try_set(Some((ticket.id, before)));
                }
                Err(error) => self.refuse(error.field_errors(), error.message(self.pane.i18n)),
            }
        });
    }

    fn refuse(self, errors: FieldErrors, trouble: String) {
        let _ = self.errors.try_set(errors);
        let _ = self.trouble.try_set(Some(trouble));
        focus_first_invalid();
    }
}

/// Where it is kept what a ticket was called that was made of what was said with somebody.
fn once_key(pane: Pane) -> String {
    format!("chat.{}.ticket.sent", pane.thread.peer)
}

fn word_of(word: &str) -> Option<Priority> {
    Priority::ALL.iter().copied().find(|priority| priority.as_str() == word)
}

/// The first words of the first message that is chosen: often the title.
fn proposed(pane: Pane) -> String {
    let first: Option<MessageId> = pane.chosen.with_untracked(|chosen| chosen.as_ref()?.first().copied());
    let text = pane.thread.run.with_untracked(|run| {
        let message = run.items().iter().find(|message| Some(message.id) == first);
        message.map(|message| browser::text_of(&message.body_html)).unwrap_or_default()
    });
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().chars().take(TITLE_MAX).collect()
}

#[component]
fn TicketForm(pane: Pane, open: RwSignal<bool>) -> impl IntoView {
    let i18n = pane.i18n;
    let form = Form {
        pane,
        title: RwSignal::new(proposed(pane)),
        once: Once::of(once_key(pane)),
        priority: RwSignal::new(Priority::Medium.as_str().to_owned()),
        category: RwSignal::new(String::new()),
        errors: RwSignal::new(FieldErrors::new()),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
        done: RwSignal::new(None),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.send();
    };
    let fields = move || {
        view! {
            <form class="chat-form" novalidate on:submit=submit>
                <p class="muted">{t!(i18n, chat.ticket.lead)}</p>
                <TextField label=move || t_string!(i18n, chat.ticket.title) value=form.title
                    errors=errors_of(form.errors, "title") name="title" autofocus=true/>
                <Choices form/>
                {move || form.trouble.get().map(|trouble| view! { <p class="chat-trouble" role="alert">{trouble}</p> })}
                <div class="dialog-foot">
                    <Button on_click=move |_| open.set(false)>{t!(i18n, common.cancel)}</Button>
                    <Button kind=ButtonKind::Primary busy=form.busy>{t!(i18n, chat.ticket.create)}</Button>
                </div>
            </form>
        }
        .into_any()
    };
    move || match form.done.get() {
        None => fields(),
        Some((id, before)) => view! { <Done id before pane open/> }.into_any(),
    }
}

#[component]
fn Choices(form: Form) -> impl IntoView {
    let i18n = form.pane.i18n;
    let categories = Categories::load();
    let priorities = Signal::derive(move || {
        Priority::ALL.iter().map(|&one| (one.as_str().to_owned(), priority_label(i18n, one).to_owned())).collect()
    });
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), t_string!(i18n, tickets.side.no_category).to_owned())];
        options.extend(categories.all().into_iter().map(|category| (category.id.to_string(), category.name)));
        options
    });
    view! {
        <Select label=move || t_string!(i18n, chat.ticket.priority) value=form.priority options=priorities
            errors=errors_of(form.errors, "priority") name="priority"/>
        <Select label=move || t_string!(i18n, chat.ticket.category) value=form.category options
            errors=errors_of(form.errors, "category_id") name="category" optional=true/>
    }
    .into_any()
}

/// It is there: the way to it.
#[component]
fn Done(id: TicketId, before: bool, pane: Pane, open: RwSignal<bool>) -> impl IntoView {
    let i18n = pane.i18n;
    let words = move || {
        if before {
            t_string!(i18n, tickets.new.opened_before, id = id.to_string())
        } else {
            t_string!(i18n, chat.ticket.done, id = id.to_string())
        }
    };
    // Whoever closes the dialog by its cross is done as well. The bar that opened it goes with that, so the focus goes to where
    // one writes; not when it follows the link.
    let follows = Arc::new(AtomicBool::new(false));
    let followed = Arc::clone(&follows);
    on_cleanup(move || {
        let _ = pane.chosen.try_set(None);
        if !followed.load(Ordering::Relaxed) {
            pane.focus();
        }
    });
    let place = format!("made-{id}");
    let focus = place.clone();
    request_animation_frame(move || browser::focus_id(&focus));
    view! {
        <div role="status">
            <p class="chat-done"><Icon symbol=Symbol::Check/> <b>{words}</b></p>
            <p class="muted">{t!(i18n, chat.ticket.done_text)}</p>
        </div>
        <div class="dialog-foot">
            <Button on_click=move |_| open.set(false)>{t!(i18n, common.close)}</Button>
            <A href=format!("/tickets/{id}") attr:id=place attr:class="btn btn-primary" on:click=move |_| {
                follows.store(true, Ordering::Relaxed);
                open.set(false);
            }>
                {t!(i18n, chat.ticket.open)}
            </A>
        </div>
    }
    .into_any()
}

//! `/tickets/new`: the form.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use shared::{
    accounts::UserRef,
    fields::{self, BODY_MAX, TITLE_MAX},
    ids::TicketId,
    permissions::DeskAction,
    problem::FieldErrors,
    tickets::{CreateTicket, Priority},
};

use super::{
    count::Count,
    once::{Once, is_from_before},
    pick::PersonPick,
    similar::Similar,
    words::{self, Categories},
};
use crate::{
    api::{Purpose, tickets as api},
    attachments::{AttachBox, Tray, new_ticket_tray},
    drafts::{forget_draft, use_draft, use_draft_choice},
    i18n::{I18n, t, t_string, tu_string, use_i18n},
    session::use_session,
    ui::{Button, ButtonKind, PriorityMark, Select, TextArea, TextField, errors_of, focus_first_invalid, use_toasts},
};

/// Where the parts of the draft are kept.
mod key {
    pub const TITLE: &str = "ticket.new.title";
    pub const DESCRIPTION: &str = "ticket.new.description";
    pub const CATEGORY: &str = "ticket.new.category";
    pub const PRIORITY: &str = "ticket.new.priority";
    pub const REQUESTER: &str = "ticket.new.requester";
    /// What was sent and not acknowledged.
    pub const SENT: &str = "ticket.new.sent";
    pub const ALL: [&str; 5] = [TITLE, DESCRIPTION, CATEGORY, PRIORITY, REQUESTER];
}

/// What the form knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Form {
    title: RwSignal<String>,
    description: RwSignal<String>,
    category: RwSignal<String>,
    /// Medium until another is chosen.
    priority: RwSignal<Option<Priority>>,
    /// Nobody stands for the person at the screen.
    requester: RwSignal<Option<UserRef>>,
    /// Whether it may be somebody else.
    for_others: bool,
    once: Once,
    files: Tray,
    errors: RwSignal<FieldErrors>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    i18n: I18n,
}

impl Form {
    fn new(i18n: I18n) -> Self {
        Self {
            title: use_draft(key::TITLE),
            description: use_draft(key::DESCRIPTION),
            category: use_draft(key::CATEGORY),
            priority: use_draft_choice(key::PRIORITY),
            requester: use_draft_choice(key::REQUESTER),
            for_others: use_session()
                .user_untracked()
                .is_some_and(|user| shared::permissions::can(user.role, DeskAction::CreateTicketForOthers)),
            once: Once::of(key::SENT),
            files: new_ticket_tray(),
            errors: RwSignal::new(FieldErrors::new()),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            i18n,
        }
    }

    fn request(self) -> CreateTicket {
        let request = CreateTicket {
            title: self.title.get_untracked().trim().to_owned(),
            description: self.description.get_untracked(),
            priority: Some(self.priority.get_untracked().unwrap_or(Priority::Medium)),
            category_id: self.category.get_untracked().parse().ok(),
            // A draft may be older than the person's role.
            requester_id: self.requester.get_untracked().filter(|_| self.for_others).map(|person| person.id),
            client_id: None,
        };
        let client_id = self.once.name(&(&request.title, &request.description, request.requester_id));
        CreateTicket { client_id, ..request }
    }

    fn forget(self) {
        let _ = self.title.try_set(String::new());
        let _ = self.description.try_set(String::new());
        let _ = self.category.try_set(String::new());
        let _ = self.priority.try_set(None);
        let _ = self.requester.try_set(None);
        self.once.settle(key::SENT);
        self.files.clear();
        // At once: the form may be gone before it follows.
        key::ALL.into_iter().for_each(forget_draft);
        let _ = self.errors.try_set(FieldErrors::new());
        let _ = self.trouble.try_set(None);
    }

    fn refuse(self, errors: FieldErrors, trouble: String) {
        let _ = self.errors.try_set(errors);
        let _ = self.trouble.try_set(Some(trouble));
        focus_first_invalid();
    }

    fn send(self, done: impl Fn(TicketId) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        let (request, i18n) = (self.request(), self.i18n);
        if let Err(errors) = fields::check(&request) {
            return self.refuse(errors, tu_string!(i18n, tickets.new.check).to_owned());
        }
        self.errors.set(FieldErrors::new());
        self.trouble.set(None);
        self.busy.set(true);
        spawn_local(async move {
            let created = api::create(&request).await;
            let _ = self.busy.try_set(false);
            match created {
                Ok(ticket) => {
                    // They go on by themselves, and the ticket's page shows how.
                    self.files.hand_over(ticket.id, None, Purpose::Deliberate);
                    self.forget();
                    let id = ticket.id.to_string();
                    if is_from_before(&ticket, request.priority, request.category_id) {
                        use_toasts().error(tu_string!(i18n, tickets.new.opened_before, id = id));
                    } else {
                        use_toasts().success(tu_string!(i18n, tickets.new.created, id = id));
                    }
                    done(ticket.id);
                }
                Err(error) => self.refuse(error.field_errors(), error.message(i18n)),
            }
        });
    }
}

/// `/tickets/new`: the form.
#[component]
pub fn NewTicketPage() -> impl IntoView {
    let i18n = use_i18n();
    let form = Form::new(i18n);
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let navigate = navigate.clone();
        form.send(move |id| {
            navigate(&format!("/tickets/{id}"), NavigateOptions { replace: true, ..Default::default() });
        });
    };
    view! {
        <Title text=move || t_string!(i18n, tickets.new.heading)/>
        <div class="tickets-new">
            <h1>{t!(i18n, tickets.new.heading)}</h1>
            <p class="lead">{t!(i18n, tickets.new.lead)}</p>
            <form novalidate on:submit=submit>
                <Texts form/>
                <AttachBox tray=form.files/>
                <CategoryChoice form/>
                <Priorities form/>
                {form.for_others.then(|| view! { <PersonPick chosen=form.requester optional=true/> })}
                {move || form.trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
                <Foot form/>
            </form>
        </div>
    }
    .into_any()
}

/// What happens.
#[component]
fn Texts(
    /// The form.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let description = NodeRef::<html::Textarea>::new();
    // A title alone is half a ticket: Enter leads to what comes next.
    let go_on = move |()| {
        if let Some(area) = description.get_untracked() {
            area.focus().ok();
        }
    };
    view! {
        <div class="titled">
            <TextField
                label=move || t_string!(i18n, tickets.new.title)
                hint=move || t_string!(i18n, tickets.new.title_hint)
                value=form.title
                errors=errors_of(form.errors, "title")
                name="title"
                autofocus=true
                on_enter=go_on
            />
            <Count text=form.title max=TITLE_MAX/>
            <Similar title=form.title/>
        </div>
        <div>
            <TextArea
                label=move || t_string!(i18n, tickets.new.description)
                hint=move || t_string!(i18n, tickets.new.description_hint)
                value=form.description
                errors=errors_of(form.errors, "description")
                name="description"
                rows=7
                node_ref=description
            />
            <Count text=form.description max=BODY_MAX/>
        </div>
    }
    .into_any()
}

/// What it is about.
#[component]
fn CategoryChoice(
    /// The form.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let categories = Categories::load();
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), t_string!(i18n, tickets.side.no_category).to_owned())];
        options.extend(categories.all().into_iter().map(|category| (category.id.to_string(), category.name)));
        options
    });
    view! {
        <Select
            label=move || t_string!(i18n, tickets.new.category)
            value=form.category
            options
            errors=errors_of(form.errors, "category_id")
            name="category"
            optional=true
        />
    }
    .into_any()
}

/// How soon, by shape.
#[component]
fn Priorities(
    /// The form.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let choice = move |priority: Priority| {
        view! {
            <label>
                <input
                    type="radio"
                    name="priority"
                    value=priority.as_str()
                    prop:checked=move || form.priority.get().unwrap_or(Priority::Medium) == priority
                    on:change=move |_| form.priority.set(Some(priority))
                />
                <span aria-hidden="true"><PriorityMark priority/></span>
                <span>{move || words::priority(i18n, priority)}</span>
                <small>{move || priority_hint(i18n, priority)}</small>
            </label>
        }
    };
    view! {
        <fieldset class="shapes">
            <legend>{t!(i18n, tickets.new.priority)}</legend>
            <div class="set">{Priority::ALL.iter().copied().map(choice).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn priority_hint(i18n: I18n, priority: Priority) -> &'static str {
    match priority {
        Priority::Low => t_string!(i18n, tickets.new.low_hint),
        Priority::Medium => t_string!(i18n, tickets.new.medium_hint),
        Priority::High => t_string!(i18n, tickets.new.high_hint),
        Priority::Urgent => t_string!(i18n, tickets.new.urgent_hint),
    }
}

/// The draft's state and the buttons.
#[component]
fn Foot(
    /// The form.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let has_draft = move || {
        [form.title, form.description, form.category].iter().any(|text| text.with(|text| !text.is_empty()))
            || form.priority.with(Option::is_some)
            || form.requester.with(Option::is_some)
            || !form.files.is_empty()
    };
    view! {
        <div class="foot">
            <Show when=has_draft>
                <span class="hint">
                    {t!(i18n, tickets.new.draft)}
                    <button type="button" class="quiet-link" on:click=move |_| form.forget()>
                        {t!(i18n, tickets.new.discard)}
                    </button>
                </span>
            </Show>
            <A href="/tickets" attr:class="btn btn-quiet">{t!(i18n, tickets.new.cancel)}</A>
            <Button kind=ButtonKind::Primary busy=form.busy>{t!(i18n, tickets.new.create)}</Button>
        </div>
    }
    .into_any()
}

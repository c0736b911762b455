//! What narrows the audit log.

use std::net::IpAddr;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use shared::accounts::UserRef;

use super::{
    state::{Filters, Log},
    words::{GROUPS, group_name, kind_words},
};
use crate::{
    api::audit,
    browser,
    i18n::{t, t_string, use_i18n},
    tickets::pick::PersonPick,
    ui::{Button, ButtonKind, Select, TextField, filter::Caret, focus_first_invalid},
};

/// What is in the fields. A handle.
#[derive(Debug, Clone, Copy)]
struct Form {
    person: RwSignal<Option<UserRef>>,
    action: RwSignal<String>,
    ticket: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    address: RwSignal<String>,
    bad_ticket: RwSignal<bool>,
    bad_address: RwSignal<bool>,
}

impl Form {
    fn new() -> Self {
        Self {
            person: RwSignal::new(None),
            action: RwSignal::default(),
            ticket: RwSignal::default(),
            from: RwSignal::default(),
            to: RwSignal::default(),
            address: RwSignal::default(),
            bad_ticket: RwSignal::new(false),
            bad_address: RwSignal::new(false),
        }
    }

    /// Shows what the address bar says.
    fn show(self, filters: &Filters) {
        self.action.set(filters.action.clone());
        self.ticket.set(filters.ticket.map(|id| id.to_string()).unwrap_or_default());
        self.from.set(filters.from.clone());
        self.to.set(filters.to.clone());
        self.address.set(filters.address.clone());
        self.bad_ticket.set(false);
        self.bad_address.set(false);
        let shown = self.person.with_untracked(|person| person.as_ref().map(|person| person.id));
        if shown == filters.person {
            return;
        }
        self.person.set(None);
        let Some(id) = filters.person else { return };
        spawn_local(async move {
            // Somebody who is not there any more is shown by their number.
            let found = audit::person(id).await.ok();
            let person = found.map_or_else(
                || UserRef { id, name: format!("#{id}"), avatar_url: None },
                |user| UserRef { id, name: user.name, avatar_url: user.avatar_url },
            );
            self.person.try_set(Some(person));
        });
    }

    /// What the fields say; none when one of them says nothing that can be asked for.
    fn read(self) -> Option<Filters> {
        let number = self.ticket.with_untracked(|text| text.trim().trim_start_matches('#').to_owned());
        let address = self.address.with_untracked(|text| text.trim().to_owned());
        let ticket = number.parse().ok();
        self.bad_ticket.set(!number.is_empty() && ticket.is_none());
        self.bad_address.set(!address.is_empty() && address.parse::<IpAddr>().is_err());
        if self.bad_ticket.get_untracked() || self.bad_address.get_untracked() {
            focus_first_invalid();
            return None;
        }
        Some(Filters {
            person: self.person.with_untracked(|person| person.as_ref().map(|person| person.id)),
            action: self.action.get_untracked(),
            ticket,
            from: self.from.get_untracked(),
            to: self.to.get_untracked(),
            address,
        })
    }
}

/// The fields, and what takes them away again. On a phone they wait behind a button.
#[component]
pub fn Bar(
    /// The list.
    log: Log,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let form = Form::new();
    let filters = log.filters;
    Effect::new(move || filters.with(|filters| form.show(filters)));
    let narrowed = move || filters.with(|filters| *filters != Filters::default());
    let open = RwSignal::new(filters.with_untracked(|filters| *filters != Filters::default()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(next) = form.read() {
            navigate(&next.to_path(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    view! {
        <button
            type="button"
            class="pill audit-switch"
            class:on=narrowed
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {t!(i18n, audit.filters)}
            <Caret/>
        </button>
        <form class="audit-bar" class:open=move || open.get() novalidate on:submit=submit>
            <Fields form/>
            <div class="foot">
                <Button kind=ButtonKind::Primary>{t!(i18n, audit.apply)}</Button>
                <Show when=narrowed>
                    <A href="/audit" scroll=false attr:class="btn btn-quiet" on:click=|_| browser::refocus_on_heading()>
                        {t!(i18n, audit.clear)}
                    </A>
                </Show>
            </div>
        </form>
    }
    .into_any()
}

/// The fields.
#[component]
fn Fields(
    /// What is in them.
    form: Form,
) -> impl IntoView {
    let i18n = use_i18n();
    let actions = Signal::derive(move || {
        let mut options = vec![(String::new(), t_string!(i18n, audit.any_action).to_owned())];
        options.extend(GROUPS.map(|(group, kinds)| (kinds.to_owned(), group_name(i18n, group).to_owned())));
        // What the address bar asks for may be no group.
        let asked = form.action.get();
        if !options.iter().any(|(kinds, _)| *kinds == asked) {
            let words: Vec<String> = asked.split(',').map(|kind| kind_words(i18n, kind)).collect();
            options.push((asked, words.join(", ")));
        }
        options
    });
    let bad_ticket =
        Signal::derive(move || form.bad_ticket.get().then(|| t_string!(i18n, audit.bad_ticket).to_owned()));
    let bad_address =
        Signal::derive(move || form.bad_address.get().then(|| t_string!(i18n, audit.bad_address).to_owned()));
    view! {
        <PersonPick
            chosen=form.person
            label=Signal::derive(move || t_string!(i18n, audit.person).to_owned())
            hint=Signal::derive(move || t_string!(i18n, audit.person_hint).to_owned())
        />
        <Select label=move || t_string!(i18n, audit.action) value=form.action options=actions name="action"/>
        <TextField label=move || t_string!(i18n, audit.ticket) value=form.ticket error=bad_ticket name="ticket" optional=true/>
        <TextField label=move || t_string!(i18n, audit.address) value=form.address error=bad_address name="address" optional=true/>
        <TextField label=move || t_string!(i18n, audit.from) value=form.from kind="date" name="from" optional=true/>
        <TextField label=move || t_string!(i18n, audit.to) value=form.to kind="date" name="to" optional=true/>
    }
    .into_any()
}

//! The audit log, for administrators.

mod bar;
mod state;
mod words;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};
use shared::{
    audit::{AuditEntry, AuditSubject, SubjectKind},
    ids::UserId,
    tickets::Change,
};

use bar::Bar;
use state::{Filters, Log};
use words::Said;

use crate::{
    browser,
    i18n::{I18n, t, t_string, use_i18n},
    replies::{named, state::one_line},
    ui::{Avatar, Button, EmptyState, Icon, LoadError, RelativeTime, SkeletonRows, Symbol},
};

/// From how many characters on a value shows only its beginning.
const LONG: usize = 240;
/// The same for its lines.
const LINES: usize = 4;
/// What checks the log from a shell, as the lead names it.
const COMMAND: &str = "turno verify-audit";

/// `/audit`: what happened, newest first, and what narrows it.
#[component]
pub fn AuditPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_query_map();
    let log = Log::new(Memo::new(move |_| params.with(Filters::from_params)));
    view! {
        <Title text=move || t_string!(i18n, audit.title)/>
        <div class="audit">
            <h1>{t!(i18n, audit.title)}</h1>
            <p class="lead"><Lead/></p>
            <Bar log/>
            <Body log/>
        </div>
    }
    .into_any()
}

/// What the page is about. The command in it stays on one line.
#[component]
fn Lead() -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let words = t_string!(i18n, audit.lead);
        match words.split_once(COMMAND) {
            Some((before, after)) => view! { {before} <span>{COMMAND}</span> {after} }.into_any(),
            None => words.into_any(),
        }
    }
}

/// The entries, or what there is instead.
#[component]
fn Body(
    /// The list.
    log: Log,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| log.pages.items.with(|items| items.as_ref().map(Vec::len)));
    let narrowed = move || log.filters.with(|filters| *filters != Filters::default());
    move || {
        match (count.get(), log.pages.error.get()) {
        (None | Some(0), Some(error)) => view! { <LoadError error retry=move || log.reload()/> }.into_any(),
        (None, None) => view! { <SkeletonRows rows=8/> }.into_any(),
        (Some(0), None) if narrowed() => view! {
            <EmptyState title=move || t_string!(i18n, audit.no_match) text=move || t_string!(i18n, audit.no_match_hint)>
                <A href="/audit" attr:class="btn btn-secondary" on:click=|_| browser::refocus_on_heading()>
                    {t!(i18n, audit.clear)}
                </A>
            </EmptyState>
        }
        .into_any(),
        (Some(0), None) => view! {
            <EmptyState title=move || t_string!(i18n, audit.none_yet) text=move || t_string!(i18n, audit.none_yet_hint)/>
        }
        .into_any(),
        (Some(_), _) => view! { <Rows log/> }.into_any(),
    }
    }
}

/// The entries, and the way to more.
#[component]
fn Rows(
    /// The list.
    log: Log,
) -> impl IntoView {
    let i18n = use_i18n();
    let items = move || log.pages.items.get().unwrap_or_default();
    view! {
        {move || log.pages.error.get().map(|error| view! { <LoadError error retry=move || log.reload()/> })}
        <ol
            class="audit-rows"
            class:stale=move || log.pages.loading.get()
            aria-label=move || t_string!(i18n, audit.region)
            aria-busy=move || log.pages.loading.get().to_string()
        >
            <For each=items key=|entry| entry.id let:entry>
                <Row entry log/>
            </For>
        </ol>
        <Show when=move || log.pages.next.with(Option::is_some)>
            <p class="tickets-more">
                <Button busy=log.pages.loading on_click=move |_| log.load_more()>{t!(i18n, audit.more)}</Button>
            </p>
        </Show>
    }
    .into_any()
}

/// One entry: who did what to whom, from where, and what changed.
#[component]
fn Row(
    /// The entry.
    entry: AuditEntry,
    /// The list.
    log: Log,
) -> impl IntoView {
    let i18n = use_i18n();
    let AuditEntry { id, at, actor, kind, address, ticket_id, subject, changes, hash, .. } = entry;
    let own = actor.as_ref().map(|actor| actor.id.0);
    let failed = kind == "login_failed";
    let impersonal =
        own.is_none() && subject.is_some() && words::impersonal_words(i18n.get_locale_untracked(), &kind).is_some();
    let face = match &actor {
        Some(actor) => view! { <Avatar name=actor.name.clone() url=actor.avatar_url.clone()/> }.into_any(),
        // Nobody: who was at the door, and what Turno did by itself.
        None if failed || impersonal => {
            view! { <span class="face-none"><Icon symbol=Symbol::Person/></span> }.into_any()
        }
        None => view! { <span class="face-none"><Icon symbol=Symbol::Ticket/></span> }.into_any(),
    };
    let who = match actor {
        Some(actor) => view! { <PersonLink id=actor.id name=actor.name log/> " " }.into_any(),
        None if impersonal => ().into_any(),
        None => view! { <b>{move || nobody(i18n, failed)}</b> " " }.into_any(),
    };
    let of_reply = kind.starts_with("reply_");
    // Whoever comes and goes needs no name again; followers are named by what changed.
    let needs_subject = kind.starts_with("user_") || kind.starts_with("password_");
    let is_told = kind.starts_with("watcher_");
    let to_self =
        subject.as_ref().is_some_and(|subject| subject.kind == SubjectKind::Person && Some(subject.id) == own);
    let has_own_words = to_self && words::own_words(i18n.get_locale_untracked(), &kind).is_some();
    let subject = subject.filter(|subject| match subject.kind {
        _ if is_told || has_own_words => false,
        SubjectKind::Session => false,
        SubjectKind::Person => needs_subject || Some(subject.id) != own,
        SubjectKind::Category | SubjectKind::Other => true,
    });
    let title = move || t_string!(i18n, audit.hash, id = id.0);
    let done = move || {
        let locale = i18n.get_locale();
        let said = if to_self {
            words::own_words(locale, &kind)
        } else if impersonal {
            words::impersonal_words(locale, &kind)
        } else {
            None
        };
        said.map_or_else(|| words::kind_words(i18n, &kind), str::to_owned)
    };
    view! {
        <li class:alarm=failed>
            <span class="face" aria-hidden="true">{face}</span>
            <div class="what">
                <p>
                    {who} {done}
                    {ticket_id.map(|ticket| view! { "\u{a0}" <A href=format!("/tickets/{ticket}") attr:class="link">"#" {ticket.0}</A> })}
                    {subject.map(|subject| view! { " " <Subject subject log/> })}
                </p>
                <Changes changes of_reply/>
            </div>
            {address.map(|address| view! { <span class="from"><AddressLink address log/></span> })}
            <span class="when"><RelativeTime at/></span>
            <code class="hash" title=title>{hash.get(..8).unwrap_or_default().to_owned()}</code>
        </li>
    }
    .into_any()
}

/// Who did it when nobody was logged in.
fn nobody(i18n: I18n, failed: bool) -> &'static str {
    if failed { t_string!(i18n, audit.somebody) } else { t_string!(i18n, audit.program) }
}

/// A person, by whom the list can be narrowed.
#[component]
fn PersonLink(
    /// The number.
    id: UserId,
    /// The name.
    name: String,
    /// The list.
    log: Log,
) -> impl IntoView {
    let i18n = use_i18n();
    let kept = name.clone();
    let title = move || t_string!(i18n, audit.only_person, name = kept.clone());
    let href = move || Filters { person: Some(id), ..log.filters.get() }.to_path();
    view! { <A href=href scroll=false attr:title=title attr:class="who">{name}</A> }
}

/// An address, by which the list can be narrowed.
#[component]
fn AddressLink(
    /// The address.
    address: String,
    /// The list.
    log: Log,
) -> impl IntoView {
    let i18n = use_i18n();
    let (kept, own) = (address.clone(), address.clone());
    let title = move || t_string!(i18n, audit.only_address, address = kept.clone());
    let href = move || Filters { address: own.clone(), ..log.filters.get() }.to_path();
    view! {
        <span class="visually-hidden">{t!(i18n, audit.from_address)} " "</span>
        <A href=href scroll=false attr:title=title>{address}</A>
    }
}

/// What it was done to.
#[component]
fn Subject(
    /// What.
    subject: AuditSubject,
    /// The list.
    log: Log,
) -> impl IntoView {
    let i18n = use_i18n();
    let AuditSubject { kind, id, name } = subject;
    match (kind, name) {
        (SubjectKind::Person, Some(name)) => view! { <PersonLink id=UserId(id) name log/> }.into_any(),
        (_, Some(name)) => view! { <b>{name}</b> }.into_any(),
        (_, None) => view! { <b>{move || t_string!(i18n, audit.nameless, id = id)}</b> }.into_any(),
    }
}

/// What changed, field by field.
#[component]
fn Changes(
    /// The changes.
    changes: Vec<Change>,
    /// Whether a saved reply's.
    of_reply: bool,
) -> impl IntoView {
    let row = |change: Change| view! { <ChangeWords change of_reply/> };
    (!changes.is_empty()).then(|| view! { <dl class="changes">{changes.into_iter().map(row).collect_view()}</dl> })
}

/// One field's change.
#[component]
fn ChangeWords(
    /// The change.
    change: Change,
    /// Whether a saved reply's.
    of_reply: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let field = change.field.clone();
    let is_text = of_reply && field == "body";
    let plain = is_text && words::shows_in_plain(&change);
    let said = move |text: String| if is_text { named(i18n, &text) } else { text };
    let values = move || match words::change_words(i18n, &change) {
        Said::Whole(word) => view! { <span>{word}</span> }.into_any(),
        Said::Became(None, to) => view! { <Value text=said(to.unwrap_or_default()) plain/> }.into_any(),
        Said::Became(Some(from), to) => view! {
            <Value text=said(from) plain/> <span aria-hidden="true">" → "</span>
            <span class="visually-hidden">" " {t_string!(i18n, audit.becomes)} " "</span>
            <Value text=to.map_or_else(|| t_string!(i18n, audit.nothing).to_owned(), said) plain/>
        }
        .into_any(),
    };
    view! {
        <div>
            <dt>{move || words::field_words(i18n, &field)}</dt>
            <dd>{values}</dd>
        </div>
    }
    .into_any()
}

/// A value. A long one shows its beginning and opens.
#[component]
fn Value(
    /// In words.
    text: String,
    /// Whether it shows as one line without its Markdown until it is opened.
    plain: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = plain.then(|| one_line(&text));
    // What a line leaves out can be read, too.
    let is_long =
        text.chars().count() > LONG || text.lines().count() > LINES || line.as_ref().is_some_and(|line| *line != text);
    let open = RwSignal::new(false);
    let shown = move || match &line {
        Some(line) if !open.get() => line.clone(),
        _ => text.clone(),
    };
    let words = move || if open.get() { t_string!(i18n, audit.show_less) } else { t_string!(i18n, audit.show_all) };
    view! {
        <span class:long=is_long class:open=move || open.get()>{shown}</span>
        {is_long.then(|| view! {
            " "
            <button
                type="button"
                class="quiet-link"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {words}
            </button>
        })}
    }
    .into_any()
}

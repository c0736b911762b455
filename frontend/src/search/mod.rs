//! What a search found, all of it, on a page.

pub(crate) mod state;
mod understood;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::{
    accounts::UserRef,
    ids::{CommentId, TicketId},
    permissions::DeskAction,
    search::{Narrowing, SearchHit, SearchKind},
    tickets::Status,
};

use state::{BEST, Face, Results, listen, row_id};
use understood::{not_understood, understood};

use crate::{
    i18n::{t, t_count, t_string, use_i18n},
    session::use_session,
    tickets::{KeysHint, place},
    ui::{EmptyState, Icon, LoadError, RelativeTime, SkeletonRows, StatusMark, Stub, Symbol},
};

/// The place of a hit. A person is shown to those who run the desk's people; others on staff see what they opened.
pub fn address(hit: &SearchHit) -> String {
    match hit.kind {
        SearchKind::Person if use_session().can(DeskAction::ManageUsers) => format!("/people?person={}", hit.id),
        SearchKind::Person => format!("/tickets?status=all&requester_id={}", hit.id),
        SearchKind::Ticket | SearchKind::Comment => {
            let comment = (hit.kind == SearchKind::Comment).then_some(CommentId(hit.id));
            place::address(hit.ticket_id.unwrap_or(TicketId(hit.id)), comment)
        }
    }
}

/// What stands before a hit.
pub fn symbol(kind: SearchKind) -> Symbol {
    match kind {
        SearchKind::Ticket => Symbol::Ticket,
        SearchKind::Comment => Symbol::Comment,
        SearchKind::Person => Symbol::Person,
    }
}

/// `/search?q=`.
#[component]
pub fn SearchPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_query_map();
    let words = Memo::new(move |_| params.with(|params| params.get("q")).unwrap_or_default().trim().to_owned());
    let results = Results::new(words);
    listen(results);
    // The filters are said below, in words.
    let heading = move || match words.with(|text| (text.is_empty(), Narrowing::read(text).1)) {
        (true, _) => t_string!(i18n, search.title).to_owned(),
        (false, words) if words.is_empty() => t_string!(i18n, search.region).to_owned(),
        (false, words) => t_string!(i18n, search.heading, words = words),
    };
    // What looks like a filter and is none is a long word: it breaks where its parts do.
    let parts = move || {
        let part = |part: &str| view! { {part.to_owned()} <wbr/> };
        heading().split_inclusive([',', ':', '_']).map(part).collect_view()
    };
    view! {
        <Title text=move || t_string!(i18n, search.title)/>
        <div class="search-head">
            <h1>{parts}</h1>
            {move || words.with(|words| understood(i18n, words)).map(|text| view! { <p class="search-narrowed">{text}</p> })}
            {move || words.with(|words| not_understood(i18n, words)).map(|text| view! { <p class="search-odd">{text}</p> })}
        </div>
        <Body results/>
    }
    .into_any()
}

/// The hits, or what there is instead.
#[component]
fn Body(
    /// What was found.
    results: Results,
) -> impl IntoView {
    let i18n = use_i18n();
    move || match results.face.get() {
        Face::Loading => view! { <SkeletonRows/> }.into_any(),
        Face::Failed(error) => view! { <LoadError error retry=move || results.load()/> }.into_any(),
        Face::Nothing => {
            let text = move || t_string!(i18n, search.none_hint);
            view! {
                <EmptyState title=move || t_string!(i18n, search.none) text=text/>
                <p class="search-hint">{t!(i18n, common.nav.search_where)}</p>
            }
            .into_any()
        }
        Face::NotAsked => {
            let text = move || t_string!(i18n, search.empty_hint);
            view! {
                <EmptyState title=move || t_string!(i18n, search.empty) text=text/>
                <p class="search-hint">{t!(i18n, search.filters_hint)}</p>
            }
            .into_any()
        }
        Face::Here(hits) => view! { <Rows results hits/> }.into_any(),
    }
}

/// The hits: those of one ticket that come one after the other under its title.
#[component]
fn Rows(
    /// What was found.
    results: Results,
    /// In their order.
    hits: Vec<SearchHit>,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = hits.len();
    let told = move || {
        if count < BEST {
            t_count!(i18n, count, search.found, count = count)
        } else {
            t_count!(i18n, count, search.best, count = count)
        }
    };
    let mut before: Option<TicketId> = None;
    let row = |(at, hit): (usize, SearchHit)| {
        let goes_on = hit.ticket_id.is_some() && hit.ticket_id == before;
        before = hit.ticket_id;
        view! { <li class:goes-on=goes_on><Row results at hit goes_on/></li> }
    };
    let rows = hits.into_iter().enumerate().map(row).collect_view();
    view! {
        <p class="search-count" role="status">{told}</p>
        <ul class="search-rows" aria-label=move || t_string!(i18n, search.region)>{rows}</ul>
        <p class="search-hint">{t!(i18n, search.filters_hint)}</p>
        <KeysHint/>
    }
    .into_any()
}

/// One hit.
#[component]
fn Row(
    /// What was found.
    results: Results,
    /// Its place.
    at: usize,
    /// The hit.
    hit: SearchHit,
    /// Whether the row above is of the same ticket: then that says which it is and how it stands.
    goes_on: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let ticket = (hit.kind != SearchKind::Person).then(|| hit.ticket_id.unwrap_or(TicketId(hit.id)));
    let (kind, target) = (hit.kind, address(&hit));
    let facts = hit
        .status
        .zip(hit.requester)
        .zip(hit.updated_at)
        .map(|((status, requester), updated_at)| view! { <Facts status requester updated_at/> });
    // Below the first row of a ticket its number is for the ear alone.
    let ticket = ticket.map(|id| {
        if goes_on {
            view! { <span class="visually-hidden">{format!("#{id}: ")}</span> }.into_any()
        } else {
            view! { <Stub id/> }.into_any()
        }
    });
    let head = (!goes_on).then(|| {
        view! {
            // The server has escaped everything but its own marks.
            <span class="search-title" inner_html=hit.title></span>
            {facts}
        }
    });
    let author = hit.author.map(|author| view! { <span class="search-by">{author.name} ": "</span> });
    let said = (author.is_some() || !hit.snippet.is_empty()).then(|| {
        view! { <span class="search-snippet">{author}<span inner_html=hit.snippet></span></span> }
    });
    let name = move || match kind {
        SearchKind::Ticket => t_string!(i18n, search.ticket),
        SearchKind::Comment => t_string!(i18n, search.comment),
        SearchKind::Person => t_string!(i18n, search.person),
    };
    view! {
        <a
            id=row_id(at)
            class="search-row"
            href=target
            tabindex=move || if results.at.get() == at { "0" } else { "-1" }
            on:focus=move |_| results.at.set(at)
        >
            <Icon symbol=symbol(kind)/>
            <span class="search-which"><span class="visually-hidden">{name} " "</span>{ticket}</span>
            {head}
            {said}
        </a>
    }
    .into_any()
}

/// How a ticket stands, whose it is and when something last happened to it. Who is not on staff finds their own, most of the
/// time: whose a ticket is says nothing to them.
#[component]
fn Facts(
    /// Where it stands.
    status: Status,
    /// Who has the problem.
    requester: UserRef,
    /// The last change.
    updated_at: DateTime<Utc>,
) -> impl IntoView {
    let i18n = use_i18n();
    let staff = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    let who = staff.then(|| {
        view! {
            <span class="search-who">
                <span class="visually-hidden">{t!(i18n, tickets.side.requester)} ": "</span>
                {requester.name}
            </span>
        }
    });
    view! {
        <span class="search-facts">
            <StatusMark status label=true/>
            {who}
            <span class="search-when">
                <span>{t!(i18n, tickets.side.updated)} ": "</span>
                <RelativeTime at=updated_at/>
            </span>
        </span>
    }
}

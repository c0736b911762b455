//! `/tickets/:id`: the conversation.

mod alike;
mod attempt;
mod caution;
mod changes;
mod conflict;
mod edit;
mod edit_message;
mod facts;
mod help;
mod later;
mod left;
mod mention;
mod message;
mod moves;
mod offers;
mod outcome;
pub mod place;
mod preview;
mod prose;
mod quote;
mod room;
mod run;
mod saved;
mod sending;
mod shelf;
mod side;
mod state;
mod talk;
pub mod timeline;
mod unread;
mod viewers;
mod waiting;
mod waits;
mod watchers;
mod wish;
mod write;
mod writing;

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use shared::{ids::TicketId, permissions::TicketAction, problem::ProblemCode, tickets::Ticket};

use conflict::ConflictDialog;
pub use later::{count_only_here, start as send_waiting};
pub use left::CopyByHand;
use left::Left;
use moves::{Lost, News};
use offers::Offers;
use side::Side;
use state::{State, Talk as Come};
use talk::{Head, Talk};
use unread::Unread;
use write::Write;

use crate::{
    api::{ClientError, Purpose, tickets as api},
    attachments::{Outgoing, TicketFiles, arrived_since, count_of_arrived},
    browser,
    i18n::{t, t_string, use_i18n},
    turn::InTurn,
    ui::{EmptyState, LoadError, SkeletonRows},
};

/// `/tickets/:id`: the conversation.
#[component]
pub fn TicketPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|word| word.parse::<TicketId>().ok()));
    move || match id.get() {
        Some(id) => view! { <Loading id/> }.into_any(),
        None => view! { <Missing/> }.into_any(),
    }
}

/// Reads the ticket and shows it.
#[component]
fn Loading(
    /// The ticket's number.
    id: TicketId,
) -> impl IntoView {
    let i18n = use_i18n();
    let read = RwSignal::new(None::<Result<Ticket, ClientError>>);
    let load = move || {
        read.set(None);
        spawn_local(async move {
            let answer = api::read(id, Purpose::Deliberate).await;
            let _ = read.try_set(Some(answer));
        });
    };
    load();
    move || match read.get() {
        None => view! { <Skeleton id/> }.into_any(),
        Some(Ok(ticket)) => view! { <Conversation ticket/> }.into_any(),
        Some(Err(error)) if error.code() == Some(ProblemCode::NotFound) => view! { <Missing left=id/> }.into_any(),
        Some(Err(error)) => view! {
            <Title text=id.to_string()/>
            <h1 class="visually-hidden">{t!(i18n, tickets.list.title)}</h1>
            <LoadError error retry=load/>
        }
        .into_any(),
    }
}

/// The ticket, once it is here.
#[component]
fn Conversation(
    /// The ticket.
    ticket: Ticket,
) -> impl IntoView {
    let state = State::new(ticket, use_i18n());
    let gone = Memo::new(move |_| state.talk.with(|talk| *talk == Come::Gone));
    move || {
        if gone.get() {
            return view! { <Missing gone=true left=state.id/> }.into_any();
        }
        let done = Memo::new(move |_| state.history.with(|history| timeline::count_of_files(&history.items)));
        TicketFiles::provide(state.id, done);
        let news = News::follow(state);
        let unread = Unread::follow(state);
        // The history tells of a file that arrived from this page.
        let before = count_of_arrived();
        Effect::new(move || {
            if !arrived_since(before, state.id).is_empty() {
                spawn_local(state.refresh());
            }
        });
        // A text that was being edited when the session ended is still there.
        let may_edit = state.ticket.with_untracked(|ticket| ticket.actions.contains(&TicketAction::EditText));
        let editing = RwSignal::new(may_edit && edit::is_begun(state.id));
        // What stands below the conversation waits for it, once: it would be pushed away by it.
        let come = Memo::new(move |before| before == Some(&true) || state.talk.with(|talk| *talk != Come::Loading));
        view! {
            <Title text=move || talk::window_title(state)/>
            <div class="talk" class:coming=move || !come.get()>
                <div>
                    <Head state editing unread/>
                    <Talk state editing unread/>
                    <Outgoing ticket=state.id/>
                    <Show when=move || come.get() && state.may(TicketAction::Comment)>
                        <Write state/>
                    </Show>
                    <moves::Below news/>
                    <Lost state/>
                </div>
                <InTurn name="side"><Side state/></InTurn>
            </div>
            <ConflictDialog state/>
            <InTurn name="offers"><Offers state/></InTurn>
        }
        .into_any()
    }
}

/// What stands there until the ticket comes, whose heading takes the focus over.
#[component]
fn Skeleton(
    /// The ticket's number.
    id: TicketId,
) -> impl IntoView {
    let i18n = use_i18n();
    on_cleanup(|| {
        if browser::focused().is_some_and(|focused| focused.id() == COMING) {
            browser::refocus_on_heading();
        }
    });
    view! {
        <Title text=id.to_string()/>
        <h1 class="visually-hidden" id=COMING>{t!(i18n, common.loading)}</h1>
        <SkeletonRows/>
    }
    .into_any()
}

/// There is no such ticket, or the caller may not know of it.
#[component]
fn Missing(
    /// It was there until a moment ago.
    #[prop(optional)]
    gone: bool,
    /// The number of the ticket on which something may have been begun.
    #[prop(optional)]
    left: Option<TicketId>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        if gone { t_string!(i18n, tickets.ticket.gone) } else { t_string!(i18n, tickets.ticket.missing) }
    };
    let hint = move || {
        if gone { t_string!(i18n, tickets.ticket.gone_hint) } else { t_string!(i18n, tickets.ticket.missing_hint) }
    };
    if gone {
        // The button that was pressed is no longer there to have the focus.
        request_animation_frame(|| browser::focus_id(BACK));
    }
    view! {
        <Title text=title/>
        <h1 class="visually-hidden">{t!(i18n, tickets.list.title)}</h1>
        <div role=gone.then_some("alert")>
            <EmptyState title text=hint>
                <A href="/tickets" attr:id=BACK attr:class="btn btn-primary">{t!(i18n, tickets.ticket.back)}</A>
            </EmptyState>
        </div>
        {left.map(|ticket| view! { <Left ticket/> })}
    }
    .into_any()
}

/// The heading until the ticket's own is here.
const COMING: &str = "ticket-coming";

/// The link from a ticket that is not there to the list.
const BACK: &str = "ticket-back";

//! Who follows the ticket: one's own choice, and for staff the invitations.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use shared::{
    accounts::UserRef,
    ids::UserId,
    page::{MAX_LIMIT, Page},
    permissions::TicketAction,
    tickets::{PageQuery, Watcher},
};

use super::state::State;
use crate::{
    api::{ClientError, tickets as api},
    browser,
    commands::{Command, Offered, offer},
    i18n::{t, t_string, tu_string},
    moves::{Gather, Outcome, on_ticket_event, stir_when_resynced},
    session::use_session,
    tickets::pick::{PERSON_PICK, PersonPick},
    ui::{Avatar, Button, ButtonKind, Dialog, Icon, Symbol, use_toasts},
};

/// What the section knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Following {
    state: State,
    people: RwSignal<Option<Result<Page<Watcher>, ClientError>>>,
    busy: RwSignal<bool>,
    /// Whether the person is asked if they really want to lose sight of it.
    leaving: RwSignal<bool>,
    /// Whether there is a field to invite somebody with.
    inviting: RwSignal<bool>,
}

impl Following {
    fn new(state: State) -> Self {
        let following = Self {
            state,
            people: RwSignal::new(None),
            busy: RwSignal::new(false),
            leaving: RwSignal::new(false),
            inviting: RwSignal::new(false),
        };
        spawn_local(async move { _ = following.load().await });
        let gather = Gather::new(move || following.load());
        on_ticket_event(move |event| {
            if event.ticket_id == Some(state.id) && event.kind.starts_with("watcher_") {
                gather.stir();
            }
        });
        stir_when_resynced(gather);
        following
    }

    async fn load(self) -> Outcome {
        let query = PageQuery { limit: Some(MAX_LIMIT), cursor: None };
        let mut read = api::watchers(self.state.id, &query).await;
        // What cannot be read by now is still worth reading as it was.
        if read.is_err() && self.people.try_with_untracked(|people| matches!(people, Some(Ok(_)))) == Some(true) {
            return Outcome::Failed;
        }
        if let Ok(page) = &mut read {
            page.items.sort_by_key(|person| person.name.to_lowercase());
        }
        let outcome = if read.is_ok() { Outcome::Done } else { Outcome::Failed };
        let _ = self.people.try_set(Some(read));
        outcome
    }

    /// Does something and shows what became of it; what is said then is given once it is done.
    fn act<F>(self, change: F, said: Option<String>)
    where
        F: Future<Output = Result<(), ClientError>> + 'static,
    {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let done = change.await;
            let _ = self.busy.try_set(false);
            match done {
                Ok(()) => {
                    if let Some(said) = said {
                        use_toasts().success(said);
                    }
                    self.state.refresh().await;
                    self.load().await;
                    // Whoever was taken from the list took what was pressed along.
                    request_animation_frame(|| browser::refocus(".watchers button"));
                }
                Err(error) if self.state.is_lost(&error) => {}
                Err(error) => use_toasts().error(error.message(self.state.i18n)),
            }
        });
    }

    fn invite(self, person: UserRef) {
        let said = tu_string!(self.state.i18n, conversation.watchers.invited, name = person.name);
        self.act(async move { api::invite(self.state.id, person.id).await }, Some(said));
    }

    fn dismiss(self, id: UserId, name: String) {
        let said = tu_string!(self.state.i18n, conversation.watchers.removed, name = name);
        self.act(async move { api::dismiss(self.state.id, id).await }, Some(said));
    }
}

/// The section of the panel.
#[component]
pub fn Watchers(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let following = Following::new(state);
    view! {
        <section class="watchers" aria-labelledby="watchers-title">
            <div class="watchers-head">
                <h2 id="watchers-title">{t!(i18n, conversation.watchers.title)}</h2>
                <Turn following/>
            </div>
            <People following/>
            <Show when=move || state.may(TicketAction::Invite)>
                <Invite following/>
            </Show>
            <Leave following/>
        </section>
    }
    .into_any()
}

/// Follows, or stops.
#[component]
fn Turn(
    /// The section.
    following: Following,
) -> impl IntoView {
    let Following { state, busy, leaving, .. } = following;
    let i18n = state.i18n;
    let watching = Memo::new(move |_| state.ticket.with(|ticket| ticket.watching));
    let me = use_session().user_untracked().map(|user| user.id);
    let own = move || state.ticket.with(|ticket| Some(ticket.requester.id) == me);
    let stop = move || {
        if state.ticket.with_untracked(|ticket| ticket.sees_by_watching) {
            leaving.set(true);
        } else {
            following.act(async move { api::unwatch(state.id).await }, None);
        }
    };
    let turn = move || {
        if watching.get_untracked() {
            stop();
        } else {
            following.act(async move { api::watch(state.id).await }, None);
        }
    };
    view! {
        // Whoever has the problem is told anyway.
        <Show when=move || watching.get() || !own()>
            <Button busy on_click=move |_| turn()>
                {move || {
                    if watching.get() {
                        t_string!(i18n, conversation.watchers.unfollow)
                    } else {
                        t_string!(i18n, conversation.watchers.follow)
                    }
                }}
            </Button>
        </Show>
        <Show when=move || watching.get()>
            <Offered command=Command::Unfollow run=move |()| turn()/>
        </Show>
        <Show when=move || !watching.get() && !own()>
            <Offered command=Command::Follow run=move |()| turn()/>
        </Show>
        <Show when=move || own() && !watching.get()>
            <p class="faint">{t!(i18n, conversation.watchers.requester)}</p>
        </Show>
    }
    .into_any()
}

/// Those who follow.
#[component]
fn People(
    /// The section.
    following: Following,
) -> impl IntoView {
    let i18n = following.state.i18n;
    move || {
        match following.people.get() {
        None => view! { <p class="faint" role="status">{t!(i18n, common.loading)}</p> }.into_any(),
        Some(Err(_)) => view! {
            <p class="faint">
                {t!(i18n, conversation.watchers.failed)} " "
                <button type="button" class="quiet-link" on:click=move |_| spawn_local(async move { _ = following.load().await })>
                    {t!(i18n, common.retry)}
                </button>
            </p>
        }
        .into_any(),
        Some(Ok(page)) if page.items.is_empty() => {
            view! { <p class="faint">{t!(i18n, conversation.watchers.nobody)}</p> }.into_any()
        }
        Some(Ok(page)) => view! {
            <ul>
                {page.items.into_iter().map(|person| view! { <Follower person following/> }).collect_view()}
                {page.next_cursor.map(|_| view! { <li class="faint">{t!(i18n, conversation.watchers.more)}</li> })}
            </ul>
        }
        .into_any(),
    }
    }
}

/// One of them.
#[component]
fn Follower(
    /// Who.
    person: Watcher,
    /// The section.
    following: Following,
) -> impl IntoView {
    let state = following.state;
    let Watcher { id, name, avatar_url, .. } = person;
    let shown = name.clone();
    let label = {
        let name = name.clone();
        move || t_string!(state.i18n, conversation.watchers.remove, name = name.clone())
    };
    let me = use_session().user_untracked().map(|user| user.id);
    // One's own following ends with the button above, which warns.
    let may_dismiss = move || state.may(TicketAction::Invite) && Some(id) != me;
    let remove = Callback::new(move |()| following.dismiss(id, name.clone()));
    view! {
        <li>
            <span class="person"><Avatar name=shown.clone() url=avatar_url/> <span>{shown}</span></span>
            <Show when=may_dismiss>
                <button type="button" class="quiet-link" aria-label=label.clone() title=label.clone() on:click=move |_| remove.run(())>
                    <Icon symbol=Symbol::Cross/>
                </button>
            </Show>
        </li>
    }
    .into_any()
}

/// Lets staff invite somebody.
#[component]
fn Invite(
    /// The section.
    following: Following,
) -> impl IntoView {
    let i18n = following.state.i18n;
    let inviting = following.inviting;
    let chosen = RwSignal::new(None::<UserRef>);
    offer(Command::Invite, move || {
        inviting.set(true);
        // The field is there a moment later.
        request_animation_frame(|| browser::focus_id(PERSON_PICK));
    });
    Effect::new(move || {
        if let Some(person) = chosen.get() {
            chosen.set(None);
            inviting.set(false);
            following.invite(person);
        }
    });
    view! {
        <button
            type="button"
            class="quiet-link"
            aria-expanded=move || inviting.get().to_string()
            on:click=move |_| inviting.update(|inviting| *inviting = !*inviting)
        >
            <Icon symbol=Symbol::Plus/> {t!(i18n, conversation.watchers.invite)}
        </button>
        <Show when=move || inviting.get()>
            <PersonPick
                chosen
                label=move || t_string!(i18n, conversation.watchers.invite_label)
                hint=move || t_string!(i18n, conversation.watchers.invite_hint)
            />
        </Show>
    }
    .into_any()
}

/// Asks whoever would lose sight of the ticket.
#[component]
fn Leave(
    /// The section.
    following: Following,
) -> impl IntoView {
    let Following { state, busy, leaving, .. } = following;
    let i18n = state.i18n;
    let navigate = use_navigate();
    let leave = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        let said = tu_string!(i18n, conversation.watchers.left, id = state.id.to_string());
        spawn_local(async move {
            let left = api::unwatch(state.id).await;
            let _ = busy.try_set(false);
            let _ = leaving.try_set(false);
            match left {
                Ok(()) => {
                    use_toasts().success(said);
                    navigate("/tickets", leptos_router::NavigateOptions::default());
                }
                Err(error) if state.is_lost(&error) => {}
                Err(error) => use_toasts().error(error.message(i18n)),
            }
        });
    });
    view! {
        <Dialog
            open=leaving
            title=move || t_string!(i18n, conversation.watchers.leave_heading)
            alert=true
            on_close=move |()| leaving.set(false)
        >
            <p>{t!(i18n, conversation.watchers.leave_explain)}</p>
            <div class="dialog-foot">
                <Button autofocus=true on_click=move |_| leaving.set(false)>
                    {t!(i18n, conversation.watchers.leave_stay)}
                </Button>
                <Button kind=ButtonKind::Danger busy on_click=move |_| leave.run(())>
                    {t!(i18n, conversation.watchers.unfollow)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}

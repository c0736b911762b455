//! How to start: what a new desk needs, what of it is done, and a demo to try it with.

mod demo;
mod state;

use leptos::prelude::*;
use leptos_router::components::A;
use shared::{demo::FirstSteps, permissions::DeskAction};

use demo::Demo;
use state::{Face, StartState};

use super::state::BoardState;
use crate::{
    i18n::{I18n, t, t_string, use_i18n},
    session::use_session,
    ui::{Button, ButtonKind, Icon, Symbol},
};

/// The list of first steps, for whoever runs the desk, until one of them puts it away; then the demo alone, as long as there
/// is one. It comes together with the numbers, so that neither pushes the other down the page.
#[component]
pub fn Start(
    /// The dashboard that it stands on.
    board: BoardState,
    /// Set to whether the list of steps is shown, once that is known.
    guides: RwSignal<Option<bool>>,
) -> impl IntoView {
    let session = use_session();
    if !session.can(DeskAction::ManageSettings) || !session.can(DeskAction::ManageDemo) {
        guides.set(Some(false));
        return ().into_any();
    }
    let state = StartState::new(board);
    let face = Memo::new(move |_| state.face());
    Effect::new(move || {
        if state.read.settled.get() {
            guides.set(Some(face.get() == Face::Card));
        }
    });
    let shown = Memo::new(move |_| if board.has_answered() { face.get() } else { Face::Nothing });
    (move || match shown.get() {
        Face::Nothing => ().into_any(),
        Face::Card => view! { <Card state/> }.into_any(),
        Face::Demo => view! { <DemoAlone state/> }.into_any(),
    })
    .into_any()
}

/// One of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    People,
    Categories,
    Appearance,
    Ticket,
}

impl Step {
    /// In the order in which one takes them.
    const ALL: [Self; 4] = [Self::People, Self::Categories, Self::Appearance, Self::Ticket];

    fn is_done(self, steps: &FirstSteps) -> bool {
        match self {
            Self::People => steps.people,
            Self::Categories => steps.categories,
            Self::Appearance => steps.appearance,
            Self::Ticket => steps.ticket,
        }
    }

    /// Where it is taken.
    fn path(self) -> &'static str {
        match self {
            Self::People => "/people",
            Self::Categories => "/categories",
            Self::Appearance => "/settings",
            Self::Ticket => "/tickets/new",
        }
    }

    fn title(self, i18n: I18n) -> &'static str {
        match self {
            Self::People => t_string!(i18n, start.people),
            Self::Categories => t_string!(i18n, start.categories),
            Self::Appearance => t_string!(i18n, start.appearance),
            Self::Ticket => t_string!(i18n, start.ticket),
        }
    }

    fn text(self, i18n: I18n) -> &'static str {
        match self {
            Self::People => t_string!(i18n, start.people_text),
            Self::Categories => t_string!(i18n, start.categories_text),
            Self::Appearance => t_string!(i18n, start.appearance_text),
            Self::Ticket => t_string!(i18n, start.ticket_text),
        }
    }
}

/// The list.
#[component]
fn Card(
    /// What is known.
    state: StartState,
) -> impl IntoView {
    let i18n = use_i18n();
    let done = Memo::new(move |_| {
        let steps = state.read.steps.get();
        steps.map_or(0, |steps| Step::ALL.into_iter().filter(|step| step.is_done(&steps)).count())
    });
    let count = move || {
        if done.get() == Step::ALL.len() {
            t_string!(i18n, start.complete).to_owned()
        } else {
            t_string!(i18n, start.count, done = done.get(), all = Step::ALL.len())
        }
    };
    view! {
        <section class="start panel" aria-labelledby="start-title">
            <header>
                <div>
                    <h2 id="start-title">{t!(i18n, start.title)}</h2>
                    <p class="start-count">{count}</p>
                </div>
                <Button kind=ButtonKind::Quiet busy=state.busy on_click=move |_| state.put_away()>
                    {t!(i18n, start.put_away)}
                </Button>
            </header>
            <ol class="start-steps">
                {Step::ALL.into_iter().map(|step| view! { <Line step state/> }).collect_view()}
            </ol>
            <Demo state/>
        </section>
    }
    .into_any()
}

/// One step: what it is, whether it is done, and the way there.
#[component]
fn Line(
    /// Which.
    step: Step,
    /// What is known.
    state: StartState,
) -> impl IntoView {
    let i18n = use_i18n();
    let done = Memo::new(move |_| state.read.steps.with(|steps| steps.is_some_and(|steps| step.is_done(&steps))));
    let mark = move || {
        if done.get() {
            view! { <Icon symbol=Symbol::Check/> }
        } else {
            view! { <Icon symbol=Symbol::Circle/> }
        }
    };
    let said = move || if done.get() { t_string!(i18n, start.done) } else { t_string!(i18n, start.open) };
    view! {
        <li class:done=move || done.get()>
            <A href=step.path() attr:class="start-step">
                <span class="start-mark">{mark}</span>
                <span class="start-words">
                    <span class="start-name">{move || step.title(i18n)}</span>
                    <span class="start-text">{move || step.text(i18n)}</span>
                </span>
                <span class="visually-hidden">{said}</span>
            </A>
        </li>
    }
    .into_any()
}

/// What is left when the list was put away and the demo was not.
#[component]
fn DemoAlone(
    /// What is known.
    state: StartState,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="start panel" aria-label=move || t_string!(i18n, start.demo.region)>
            <Demo state/>
        </section>
    }
    .into_any()
}

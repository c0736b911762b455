//! The demo: loads it, shows how far it is, and removes it after saying what goes with it.

use leptos::prelude::*;
use shared::demo::{DemoPhase, DemoState};

use super::state::StartState;
use crate::{
    i18n::{I18n, t, t_string, use_i18n},
    time,
    ui::{Button, ButtonKind, Dialog},
};

/// One line: what is the case, how far it is, and what can be done. The same button does both, so that the focus stays while
/// it is loaded or removed.
#[component]
pub fn Demo(
    /// What is known.
    state: StartState,
) -> impl IntoView {
    let i18n = use_i18n();
    let asking = RwSignal::new(false);
    let demo = move || state.read.demo.get();
    // A desk with tickets of its own and without a demo is offered none.
    let shown = Memo::new(move |_| demo().is_some_and(|demo| demo.may_load || demo.phase != DemoPhase::Idle));
    let offers = Memo::new(move |_| demo().is_some_and(|demo| demo.phase == DemoPhase::Idle));
    let under_way = Memo::new(move |_| demo().is_some_and(|demo| demo.phase.is_under_way()));
    let words = move || demo().map(|demo| words(i18n, &demo)).unwrap_or_default();
    let press = move || {
        if under_way.get_untracked() {
        } else if offers.get_untracked() {
            state.load();
        } else {
            asking.set(true);
        }
    };
    let loads =
        Memo::new(move |_| demo().is_some_and(|demo| matches!(demo.phase, DemoPhase::Idle | DemoPhase::Loading)));
    let label = move || {
        if loads.get() { t_string!(i18n, start.demo.load) } else { t_string!(i18n, start.demo.remove) }
    };
    let busy = Signal::derive(move || state.busy.get() || under_way.get());
    view! {
        <Show when=move || shown.get()>
            <div class="start-demo">
                <p role="status">{words}</p>
                <Show when=move || under_way.get()><Bar state/></Show>
                <Button busy on_click=move |_| press()>{label}</Button>
            </div>
        </Show>
        <Ask state open=asking/>
    }
    .into_any()
}

/// What is the case.
fn words(i18n: I18n, demo: &DemoState) -> String {
    match demo.phase {
        DemoPhase::Idle => t_string!(i18n, start.demo.offer).to_owned(),
        DemoPhase::Loading => t_string!(i18n, start.demo.loading).to_owned(),
        DemoPhase::Removing => t_string!(i18n, start.demo.removing).to_owned(),
        DemoPhase::Loaded => t_string!(i18n, start.demo.loaded, tickets = demo.tickets, people = demo.people),
        DemoPhase::Interrupted => t_string!(i18n, start.demo.interrupted).to_owned(),
    }
}

/// How far it is.
#[component]
fn Bar(
    /// What is known.
    state: StartState,
) -> impl IntoView {
    let i18n = use_i18n();
    let (done, total) = (
        move || state.read.demo.get().map_or(0, |demo| demo.done),
        move || state.read.demo.get().map_or(1, |demo| demo.total.max(1)),
    );
    let whole = move |count: i64| time::whole(i18n.get_locale(), count);
    view! {
        <div class="start-bar">
            <progress max=move || total().to_string() value=move || done().to_string()
                aria-label=move || t_string!(i18n, start.demo.progress)></progress>
            <span>{move || t_string!(i18n, start.demo.done, done = whole(done()), total = whole(total()))}</span>
        </div>
    }
    .into_any()
}

/// Whether to remove it, and what of the desk's own goes with it.
#[component]
fn Ask(
    /// What is known.
    state: StartState,
    /// Whether it is asked.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = move |of: fn(&DemoState) -> i64| state.read.demo.get().map_or(0, |demo| of(&demo));
    let comments = move || count(|demo| demo.own_comments);
    let files = move || count(|demo| demo.own_files);
    let messages = move || count(|demo| demo.own_messages);
    let replies = move || count(|demo| demo.own_replies);
    let views = move || count(|demo| demo.own_views);
    let whole = move |count: i64| time::whole(i18n.get_locale(), count);
    let go = move || {
        open.set(false);
        state.remove();
    };
    view! {
        <Dialog open title=move || t_string!(i18n, start.demo.ask) on_close=move |()| open.set(false)>
                <p>{t!(i18n, start.demo.explain)}</p>
                <Show when=move || { comments() > 0 }>
                    <p><strong>{move || t_string!(i18n, start.demo.own_comments, count = whole(comments()))}</strong></p>
                </Show>
                <Show when=move || { files() > 0 }>
                    <p><strong>{move || t_string!(i18n, start.demo.own_files, count = whole(files()))}</strong></p>
                </Show>
                <Show when=move || { messages() > 0 }>
                    <p><strong>{move || t_string!(i18n, start.demo.own_messages, count = whole(messages()))}</strong></p>
                </Show>
                <Show when=move || { replies() > 0 }>
                    <p><strong>{move || t_string!(i18n, start.demo.own_replies, count = whole(replies()))}</strong></p>
                </Show>
                <Show when=move || { views() > 0 }>
                    <p><strong>{move || t_string!(i18n, start.demo.own_views, count = whole(views()))}</strong></p>
                </Show>
                <div class="dialog-foot">
                    <Button kind=ButtonKind::Quiet on_click=move |_| open.set(false)>{t!(i18n, start.demo.keep)}</Button>
                    <Button kind=ButtonKind::Danger on_click=move |_| go()>{t!(i18n, start.demo.confirm)}</Button>
                </div>
        </Dialog>
    }
    .into_any()
}

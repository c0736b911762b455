//! Two people wanted something else: both values side by side, and a choice.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ids::CategoryId,
    tickets::{Status, Ticket},
};

use super::{
    state::State,
    wish::{Conflict, Row, Wish},
};
use crate::{
    i18n::{t, t_string, tu_string},
    tickets::words,
    ui::{Button, ButtonKind, Dialog, use_toasts},
};

/// The question, while there is one.
#[component]
pub fn ConflictDialog(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let open = Signal::derive(move || state.conflict.with(Option::is_some));
    let title = move || t_string!(i18n, tickets.conflict.heading);
    // Escape and the cross choose nothing: what is there stays, and a text that was typed stays in its form.
    view! {
        <Dialog open title alert=true wide=true on_close=move |()| state.conflict.set(None)>
            <p>{t!(i18n, tickets.conflict.explain)}</p>
            {move || state.conflict.get().map(|conflict| view! { <Both conflict state/> })}
            <div class="edit-text"><Choices state/></div>
        </Dialog>
    }
    .into_any()
}

/// What can be chosen. The focus starts where nothing is lost.
#[component]
fn Choices(
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let text =
        state.conflict.with_untracked(|conflict| conflict.as_ref().is_some_and(|conflict| conflict.wish.is_text()));
    view! {
        <div class="foot">
            {text.then(|| view! {
                <Button kind=ButtonKind::Quiet autofocus=true on_click=move |_| state.conflict.set(None)>
                    {t!(i18n, tickets.conflict.back)}
                </Button>
            })}
            <Button autofocus=!text on_click=move |_| theirs(state)>{t!(i18n, tickets.conflict.keep_theirs)}</Button>
            <Button kind=ButtonKind::Primary on_click=move |_| mine(state)>{t!(i18n, tickets.conflict.keep_mine)}</Button>
        </div>
    }
    .into_any()
}

fn theirs(state: State) {
    let conflict = state.conflict.get_untracked();
    state.conflict.set(None);
    if conflict.is_some_and(|conflict| conflict.wish.is_text()) {
        state.text_choice.set(Some(Ok(())));
    }
}

/// Makes the wish again, knowing what the others made of it: the ticket as the question showed it, not as it may be by now.
fn mine(state: State) {
    let Some(Conflict { wish, current, .. }) = state.conflict.get_untracked() else { return };
    state.conflict.set(None);
    let i18n = state.i18n;
    spawn_local(async move {
        let text = wish.is_text();
        match state.fulfil_from(current, wish).await {
            Ok(true) if text => {
                let _ = state.text_choice.try_set(Some(Ok(())));
                use_toasts().success(tu_string!(i18n, tickets.edit.saved));
            }
            // Somebody was quicker once more: the question is on the page again.
            Ok(_) => {}
            Err(error) if text => {
                let _ = state.text_choice.try_set(Some(Err(error)));
            }
            Err(error) => use_toasts().error(state.unchanged(&error)),
        }
    });
}

/// Both values of each field.
#[component]
fn Both(
    /// The conflict.
    conflict: Conflict,
    /// The page.
    state: State,
) -> impl IntoView {
    let i18n = state.i18n;
    let conflict = StoredValue::new(conflict);
    let rows = conflict.with_value(|conflict| conflict.rows.clone()).into_iter().map(|row| {
        let theirs = move || conflict.with_value(|conflict| value(state, row, &conflict.current, None));
        let mine = move || conflict.with_value(|conflict| value(state, row, &conflict.current, Some(&conflict.wish)));
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{move || name(state, row)}</th>
                <td role="cell"><div tabindex="0">{theirs}</div></td>
                <td role="cell"><div tabindex="0">{mine}</div></td>
            </tr>
        }
    });
    view! {
        // On a phone its rows are laid out anew, which takes from some browsers that they are rows.
        <table class="both" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">{t!(i18n, tickets.conflict.field)}</th>
                    <th scope="col" role="columnheader">{t!(i18n, tickets.conflict.theirs)}</th>
                    <th scope="col" role="columnheader">{t!(i18n, tickets.conflict.mine)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn name(state: State, row: Row) -> &'static str {
    let i18n = state.i18n;
    match row {
        Row::Title => t_string!(i18n, tickets.edit.title),
        Row::Description => t_string!(i18n, tickets.edit.description),
        Row::Status => t_string!(i18n, tickets.side.state),
        Row::Priority => t_string!(i18n, tickets.side.priority),
        Row::Category => t_string!(i18n, tickets.side.category),
        Row::Assignee => t_string!(i18n, tickets.side.assignee),
    }
}

/// The value of a field as it is, or as it is wished.
fn value(state: State, row: Row, now: &Ticket, wish: Option<&Wish>) -> String {
    let i18n = state.i18n;
    let mut ticket = now.clone();
    if let Some(wish) = wish {
        wish.show_in(&mut ticket);
        if let Wish::Update(update) = wish
            && let Some(description) = &update.description
        {
            ticket.description.clone_from(description);
        }
    }
    match row {
        Row::Title => ticket.title,
        Row::Description => ticket.description,
        Row::Status => status(state, ticket.status),
        Row::Priority => words::priority(i18n, ticket.priority).to_owned(),
        Row::Category => category(state, ticket.category_id),
        Row::Assignee => match ticket.assignee {
            Some(person) => person.name,
            None => t_string!(i18n, tickets.side.nobody).to_owned(),
        },
    }
}

fn status(state: State, status: Status) -> String {
    words::status(state.i18n, status).to_owned()
}

fn category(state: State, id: Option<CategoryId>) -> String {
    id.and_then(|id| state.categories.name(id))
        .unwrap_or_else(|| t_string!(state.i18n, tickets.side.no_category).to_owned())
}

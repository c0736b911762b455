//! The name of the view that the list shows, with what can be done with it.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use shared::{
    ids::ViewId,
    permissions::{DeskAction, can},
    views::{BuiltInView, UpdateView, View},
};

use super::{save::Rename, state::use_views};
use crate::{
    api::views as api,
    browser,
    i18n::{I18n, t, t_string, tu_string, use_i18n},
    session::use_session,
    tickets::Filters,
    ui::{Button, ButtonKind, Dialog, Icon, Menu, MenuAction, Symbol, use_toasts},
};

/// The name of the view, beside the page's heading. While the list is narrowed from one, it is still that one, changed.
#[component]
pub fn ViewHead(
    /// What the address bar asks for.
    filters: Memo<Filters>,
) -> impl IntoView {
    let opened = Memo::new(move |before: Option<&Option<ViewId>>| {
        filters.with(|filters| match use_views().matching(filters) {
            Some(view) => Some(view.id),
            None if is_elsewhere(filters) => None,
            None => before.copied().flatten(),
        })
    });
    let shown = Memo::new(move |_| opened.get().and_then(|id| use_views().by_id(id)));
    let changed = Memo::new(move |_| {
        shown.with(|view| {
            view.as_ref().is_some_and(|view| filters.with(|filters| Filters::of_view(&view.filters) != *filters))
        })
    });
    move || shown.get().map(|view| view! { <Head view filters changed/> })
}

/// Whether the list shows what everybody has, and so no view of anybody any more.
fn is_elsewhere(filters: &Filters) -> bool {
    !filters.narrowed() || BuiltInView::ALL.iter().any(|view| Filters::of_view(&view.filters()) == *filters)
}

/// The view's name and its menu.
#[component]
fn Head(
    /// Which.
    view: View,
    /// What the address bar asks for.
    filters: Memo<Filters>,
    /// Whether that is something else than the view lists.
    changed: Memo<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (renaming, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let (id, name, shared, editable) = (view.id, view.name.clone(), view.shared, view.editable);
    let kept = StoredValue::new(view);
    let on_name = Callback::new(move |name: String| {
        let change = UpdateView { name: Some(name.clone()), ..UpdateView::default() };
        send(i18n, id, change, tu_string!(i18n, views.renamed, name = name));
    });
    let keep = move |_| {
        let change = UpdateView { filters: Some(filters.with_untracked(Filters::to_view)), ..UpdateView::default() };
        let name = kept.with_value(|view| view.name.clone());
        send(i18n, id, change, tu_string!(i18n, views.changes_saved, name = name));
    };
    view! {
        <div class="view-head">
            <span class="view-name">{name}</span>
            {shared.then(|| view! { <span class="cat-tag">{t!(i18n, views.shared_mark)}</span> })}
            <Show when=move || changed.get()>
                <span class="faint">{t!(i18n, views.changed)}</span>
                {editable.then(|| view! {
                    <button type="button" class="pill plain" on:click=keep>{t!(i18n, views.save_changes)}</button>
                })}
            </Show>
            {editable.then(|| view! { <Options view=kept.get_value() renaming deleting/> })}
        </div>
        <Dialog open=renaming title=move || t_string!(i18n, views.rename_heading) on_close=move |()| renaming.set(false)>
            <Rename view=kept.get_value() open=renaming on_name/>
        </Dialog>
        <Remove view=kept.get_value() open=deleting/>
    }
    .into_any()
}

/// What can be done with it.
#[component]
fn Options(
    /// Which.
    view: View,
    /// Whether its name is being changed.
    renaming: RwSignal<bool>,
    /// Whether it is about to be deleted.
    deleting: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let may_share = use_session().user_untracked().is_some_and(|user| can(user.role, DeskAction::ShareViews));
    let (label, shared) = (view.name.clone(), view.shared);
    let kept = StoredValue::new(view);
    let share = move |()| {
        let view = kept.get_value();
        let words = if shared {
            tu_string!(i18n, views.unshared, name = view.name.clone())
        } else {
            tu_string!(i18n, views.shared_now, name = view.name.clone())
        };
        send(i18n, view.id, UpdateView { shared: Some(!shared), ..UpdateView::default() }, words);
    };
    view! {
        <Menu
            label=move || t_string!(i18n, views.options, name = label.clone())
            class="btn btn-quiet btn-icon"
            trigger=|| view! { <Icon symbol=Symbol::Down/> }
        >
            <MenuAction on_click=move |()| renaming.set(true)>{t!(i18n, views.rename)}</MenuAction>
            {(may_share || shared).then(|| view! {
                <MenuAction on_click=share>
                    {move || if shared { t_string!(i18n, views.unshare) } else { t_string!(i18n, views.share_now) }}
                </MenuAction>
            })}
            <MenuAction on_click=move |()| deleting.set(true)>{t!(i18n, views.delete)}</MenuAction>
        </Menu>
    }
    .into_any()
}

/// Deletes it, after asking.
#[component]
fn Remove(
    /// Which.
    view: View,
    /// Whether it is asked.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let (id, name, shared) = (view.id, view.name.clone(), view.shared);
    let busy = RwSignal::new(false);
    let go = Callback::new(move |()| {
        let (navigate, name) = (navigate.clone(), view.name.clone());
        busy.set(true);
        spawn_local(async move {
            let answer = api::remove(id).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    use_toasts().success(tu_string!(i18n, views.deleted, name = name));
                    navigate("/tickets", leptos_router::NavigateOptions::default());
                    use_views().forget(id);
                }
                Err(error) => use_toasts().error(error.message(i18n)),
            }
        });
    });
    view! {
        <Dialog
            open
            title=move || t_string!(i18n, views.delete_heading, name = name.clone())
            on_close=move |()| open.set(false)
        >
            <p>{move || if shared { t_string!(i18n, views.delete_shared) } else { t_string!(i18n, views.delete_text) }}</p>
            <div class="dialog-foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| open.set(false)>{t!(i18n, common.cancel)}</Button>
                <Button kind=ButtonKind::Danger busy on_click=move |_| go.run(())>{t!(i18n, views.delete_now)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Changes a view and says so.
fn send(i18n: I18n, id: ViewId, change: UpdateView, words: String) {
    spawn_local(async move {
        match api::update(id, &change).await {
            Ok(changed) => {
                use_toasts().success(words);
                use_views().put(changed);
                // What was pressed may be gone with what it did.
                request_animation_frame(|| browser::refocus(".view-head button"));
            }
            Err(error) => use_toasts().error(error.said(i18n)),
        }
    });
}

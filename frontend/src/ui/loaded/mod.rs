//! What comes from the server: its loading, its failure and its arrival.

use leptos::prelude::*;

use super::{Button, Icon, Symbol};
use crate::{
    api::ClientError,
    browser,
    i18n::{t, t_string, use_i18n},
};

/// Shows what a resource brings. A skeleton until it comes; an error with "try again" when it fails. Once something
/// has come the content is built, once, over a signal: a new answer changes the signal, so that the cursor and the
/// place on the page stay, and a failed refresh leaves what was there with a word above it.
#[component]
pub fn Loaded<T, F, V>(
    /// Where it comes from.
    resource: LocalResource<Result<T, ClientError>>,
    /// The lines of the skeleton.
    #[prop(default = 5)]
    lines: usize,
    /// The content, given what came.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(Signal<T>) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let content = RwSignal::new(None::<RwSignal<T>>);
    let error = RwSignal::new(None::<ClientError>);
    let owner = Owner::current();
    Effect::new(move || match resource.get() {
        None => {}
        Some(Ok(value)) => {
            error.set(None);
            if let Some(signal) = content.get_untracked() {
                signal.set(value);
            } else {
                // The content outlives this run of the effect.
                let signal = match &owner {
                    Some(owner) => owner.with(|| RwSignal::new(value)),
                    None => RwSignal::new(value),
                };
                content.set(Some(signal));
            }
        }
        Some(Err(failure)) => error.set(Some(failure)),
    });
    let retry = move || {
        error.set(None);
        resource.refetch();
    };
    let has_content = Memo::new(move |_| content.with(Option::is_some));
    view! {
        {move || error.get().filter(|_| has_content.get()).map(|error| view! { <Stale error retry/> })}
        {move || match (content.get(), error.get().filter(|_| !has_content.get())) {
            (Some(signal), _) => children(signal.into()).into_any(),
            (None, Some(error)) => view! { <LoadError error retry/> }.into_any(),
            (None, None) => view! { <SkeletonRows rows=lines/> }.into_any(),
        }}
    }
}

/// What did not come, and the way to ask again.
#[component]
pub fn LoadError<R: Fn() + Send + Sync + 'static>(
    /// Why.
    error: ClientError,
    /// Asks again.
    retry: R,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="trouble-box" role="alert">
            <Icon symbol=Symbol::Warning/>
            <div>
                <p class="trouble-title">{t!(i18n, common.error_title)}</p>
                <p>{move || error.message(i18n)}</p>
            </div>
            <Button on_click=again(retry)>{t!(i18n, common.retry)}</Button>
        </div>
    }
}

/// What is shown is no longer fresh.
#[component]
fn Stale<R: Fn() + Send + Sync + 'static>(
    /// Why.
    error: ClientError,
    /// Asks again.
    retry: R,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="trouble-box" role="alert">
            <Icon symbol=Symbol::Warning/>
            <div>
                <p class="trouble-title">{t!(i18n, common.stale_title)}</p>
                <p>{move || error.message(i18n)}</p>
            </div>
            <Button on_click=again(retry)>{t!(i18n, common.retry)}</Button>
        </div>
    }
}

/// What the button does: it asks again, and when it goes with what it stands in, the focus goes to the page's heading.
fn again(retry: impl Fn() + Send + Sync + 'static) -> impl Fn(web_sys::MouseEvent) + Send + Sync + 'static {
    let pressed = StoredValue::new(false);
    on_cleanup(move || {
        if pressed.try_get_value() == Some(true) {
            browser::refocus_on_heading();
        }
    });
    move |_| {
        pressed.set_value(true);
        retry();
    }
}

/// Grey lines where something will be.
#[component]
pub fn SkeletonRows(
    /// How many.
    #[prop(default = 6)]
    rows: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="skeleton" role="status" aria-label=move || t_string!(i18n, common.loading)>
            {(0..rows).map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}

//! Lets somebody set another password: with a link that is mailed to them, or told to the administrator once.

use leptos::{html, prelude::*, task::spawn_local};
use shared::{accounts::User, ids::UserId, password_links::PasswordLink};

use crate::{
    api::password_links,
    browser,
    i18n::{t, t_string, tu_string, use_i18n},
    time,
    ui::{Button, ButtonKind, Dialog, use_toasts},
};

/// The dialog.
#[component]
pub fn ResetDialog(
    /// Whom it is about, while it is open.
    resetting: RwSignal<Option<User>>,
) -> impl IntoView {
    let i18n = use_i18n();
    // The words stay while the dialog closes.
    let name = Memo::new(move |before: Option<&String>| {
        resetting
            .with(|person| person.as_ref().map(|person| person.name.clone()))
            .or(before.cloned())
            .unwrap_or_default()
    });
    let title = move || t_string!(i18n, people.reset_heading, name = name.get());
    // Whose it is, so that nobody else's name ever stands above it.
    let link = RwSignal::new(None::<(UserId, PasswordLink)>);
    let close = move || {
        resetting.set(None);
        link.set(None);
    };
    view! {
        <Dialog open=Signal::derive(move || resetting.with(Option::is_some)) title on_close=move |()| close()>
            {move || match (resetting.get(), link.get()) {
                (Some(person), Some((of, link))) if of == person.id => {
                    view! { <Told link close=Callback::new(move |()| close())/> }.into_any()
                }
                (Some(person), _) => view! { <Choose person resetting link/> }.into_any(),
                (None, _) => ().into_any(),
            }}
        </Dialog>
    }
    .into_any()
}

/// By mail, or here.
#[component]
fn Choose(
    person: User,
    resetting: RwSignal<Option<User>>,
    link: RwSignal<Option<(UserId, PasswordLink)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    let (id, email) = (person.id, StoredValue::new(person.email));
    let go = move |send: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        let address = email.get_value();
        spawn_local(async move {
            let made = password_links::create(id, send).await;
            // Meanwhile the dialog may have been closed, or be about somebody else.
            let is_open = resetting.try_with_untracked(|now| now.as_ref().is_some_and(|now| now.id == id));
            match made {
                Ok(_) if send => {
                    use_toasts().success(tu_string!(i18n, people.reset_sent, email = address));
                    if is_open == Some(true) {
                        let _ = resetting.try_set(None);
                    }
                }
                Ok(made) if is_open == Some(true) => drop(link.try_set(Some((id, made)))),
                Ok(_) => {}
                Err(error) => drop(trouble.try_set(Some(error.message(i18n)))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="ask">
            <p>{t!(i18n, people.reset_explain)}</p>
            {move || trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            <div class="foot">
                <Button busy on_click=move |_| go(false)>{t!(i18n, people.reset_show)}</Button>
                <Button kind=ButtonKind::Primary busy on_click=move |_| go(true)>
                    {move || t_string!(i18n, people.reset_send, email = email.get_value())}
                </Button>
            </div>
        </div>
    }
    .into_any()
}

/// The link, this once.
#[component]
fn Told(link: PasswordLink, close: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let url = StoredValue::new(browser::whole_address(link.url.unwrap_or_default()));
    let until = move || t_string!(i18n, people.reset_until, date = time::full(i18n.get_locale(), link.expires_at));
    let copy = move |_| {
        spawn_local(async move {
            if browser::copy(&url.get_value()).await {
                use_toasts().success(tu_string!(i18n, people.copied));
            } else {
                use_toasts().error(tu_string!(i18n, people.copy_failed));
                if let Some(field) = field.get_untracked() {
                    field.select();
                }
            }
        });
    };
    view! {
        <div class="ask">
            <p>{t!(i18n, people.reset_once)} " " {until}</p>
            <input class="field-input" type="text" readonly name="link" node_ref=field
                aria-label=move || t_string!(i18n, people.reset_link)
                prop:value=url.get_value()
                on:focus:target=move |event| event.target().select()/>
            <div class="foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| close.run(())>{t!(i18n, people.done)}</Button>
                <Button kind=ButtonKind::Primary autofocus=true on_click=copy>{t!(i18n, people.copy)}</Button>
            </div>
        </div>
    }
    .into_any()
}

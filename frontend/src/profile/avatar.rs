//! One's own picture: chosen, cropped here, kept by the server.

use leptos::{prelude::*, task::spawn_local};
use shared::accounts::User;
use web_sys::{Blob, File, HtmlInputElement, Url};

use super::crop::Cropper;
use crate::{
    api::account,
    i18n::{t, t_string, tu_string, use_i18n},
    session::use_session,
    ui::{Avatar, Button, ButtonKind, Dialog, use_toasts},
};

/// What browsers and the server both read.
const KINDS: &str = "image/png,image/jpeg,image/gif,image/webp";

/// The picture, and the ways to change it.
#[component]
pub fn Picture() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    // Where the browser keeps the picture that is being cropped.
    let cropping = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let url = Memo::new(move |_| session.user().and_then(|user| user.avatar_url));
    let name = move || session.user().map(|user| user.name).unwrap_or_default();
    let forget = move || {
        if let Some(url) = cropping.try_get_untracked().flatten() {
            Url::revoke_object_url(&url).ok();
            cropping.set(None);
        }
    };
    on_cleanup(forget);
    let save = move |picture: Blob| {
        busy.set(true);
        spawn_local(async move {
            match account::set_avatar(&picture).await {
                Ok(user) => {
                    session.set_user(user);
                    use_toasts().success(tu_string!(i18n, profile.avatar.saved));
                    forget();
                }
                Err(error) => use_toasts().error(error.said(i18n)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="picture">
            {move || view! { <span class="picture-now"><Avatar name=name() url=url.get()/></span> }}
            <div>
                <div class="picture-tools">
                    <Chooser cropping has=Signal::derive(move || url.with(Option::is_some))/>
                    <Show when=move || url.with(Option::is_some)><Remove/></Show>
                </div>
                <p class="field-hint">{t!(i18n, profile.avatar.hint)}</p>
            </div>
        </div>
        <Dialog
            open=Signal::derive(move || cropping.with(Option::is_some))
            title=move || t_string!(i18n, profile.avatar.crop)
            on_close=move |()| forget()
        >
            {move || cropping.get().map(|url| view! { <Cropper url busy on_done=save on_fail=move |()| {
                use_toasts().error(tu_string!(i18n, profile.avatar.unreadable));
                forget();
            }/> })}
        </Dialog>
    }
    .into_any()
}

/// Chooses a file.
#[component]
fn Chooser(
    /// Where the chosen one goes.
    cropping: RwSignal<Option<String>>,
    /// Whether there is a picture already.
    has: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<leptos::html::Input>::new();
    let choose = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = chosen(&input)
            && let Ok(url) = Url::create_object_url_with_blob(&file)
        {
            cropping.set(Some(url));
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    let open = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <input node_ref=input type="file" name="avatar" accept=KINDS hidden on:change=choose/>
        <Button on_click=open>
            {move || if has.get() { t_string!(i18n, profile.avatar.change) } else { t_string!(i18n, profile.avatar.choose) }}
        </Button>
    }
    .into_any()
}

fn chosen(input: &HtmlInputElement) -> Option<File> {
    input.files().and_then(|files| files.get(0))
}

/// Takes the picture away.
#[component]
fn Remove() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let busy = RwSignal::new(false);
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            match account::delete_avatar().await {
                Ok(()) => {
                    if let Some(user) = session.user_untracked() {
                        session.set_user(User { avatar_url: None, ..user });
                    }
                    use_toasts().success(tu_string!(i18n, profile.avatar.removed));
                }
                Err(error) => use_toasts().error(error.message(i18n)),
            }
            busy.try_set(false);
        });
    };
    view! { <Button kind=ButtonKind::Quiet busy on_click=remove>{t!(i18n, profile.avatar.remove)}</Button> }.into_any()
}

//! Personal tokens: made, shown once, revoked.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    fields,
    page::Page,
    problem::FieldErrors,
    tokens::{CreateToken, CreatedToken, Token, TokenScope},
};

use super::{Part, fresh::Fresh};
use crate::{
    api::{ClientError, account},
    i18n::{t, t_count, t_string, tu_string, use_i18n},
    time,
    ui::{
        Button, ButtonKind, Dialog, Loaded, RelativeTime, Select, TextField, errors_of, focus_first_invalid, use_toasts,
    },
};

/// What comes from the server.
type Tokens = LocalResource<Result<Page<Token>, ClientError>>;

/// What the form says when it should read and change.
const WRITE: &str = "write";
/// How long a token lives unless the person chooses otherwise, in days.
const DAYS: &str = "90";

/// The tokens, and a form for another one.
#[component]
pub fn PersonalTokens() -> impl IntoView {
    let i18n = use_i18n();
    let tokens: Tokens = LocalResource::new(account::tokens);
    let fresh = RwSignal::new(None::<CreatedToken>);
    let revoking = RwSignal::new(None::<Token>);
    let none = move || view! { <p class="muted">{t!(i18n, profile.tokens.none)}</p> };
    view! {
        <Part title=move || t_string!(i18n, profile.tokens.title) hint=move || t_string!(i18n, profile.tokens.hint)>
            <Loaded resource=tokens lines=1 let:page>
                {move || page.with(|page| page.items.is_empty()).then(none)}
                <ul class="devices tokens">
                    <For each=move || page.get().items key=|token| (token.id, token.last_used_at) let:token>
                        <Row token revoking/>
                    </For>
                </ul>
            </Loaded>
            {move || match fresh.get() {
                Some(token) => view! { <Fresh token fresh/> }.into_any(),
                None => view! { <Create fresh tokens/> }.into_any(),
            }}
        </Part>
        <Revoke revoking tokens/>
    }
    .into_any()
}

/// One token.
#[component]
fn Row(
    /// The token.
    token: Token,
    /// Which one is about to be revoked.
    revoking: RwSignal<Option<Token>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kept = StoredValue::new(token.clone());
    let writes = token.scopes.contains(&TokenScope::Write);
    let over = token.expires_at.is_some_and(|at| at <= now());
    let may = move || {
        if writes { t_string!(i18n, profile.tokens.write) } else { t_string!(i18n, profile.tokens.read) }
    };
    let ends = move || match token.expires_at {
        None => t_string!(i18n, profile.tokens.eternal).to_owned(),
        Some(_) if over => t_string!(i18n, profile.tokens.expired).to_owned(),
        Some(at) => t_string!(i18n, profile.tokens.expires, date = time::full(i18n.get_locale(), at)),
    };
    let address = token.last_used_address;
    let used = move || match token.last_used_at {
        Some(at) => {
            let from = address.clone().map(|address| t_string!(i18n, profile.tokens.from, address = address));
            view! { {t!(i18n, profile.tokens.used)} " " <RelativeTime at/> " " {from} }.into_any()
        }
        None => view! { {t!(i18n, profile.tokens.unused)} }.into_any(),
    };
    let name = token.name.clone();
    let label = move || t_string!(i18n, profile.tokens.revoke_label, name = name.clone());
    view! {
        <li class="device" class:off=over>
            <div>
                <b>{token.name}</b> <span class="device-here">{may}</span>
                <p>{used} "\u{a0}· " {ends}</p>
            </div>
            <Button kind=ButtonKind::Secondary label on_click=move |_| revoking.set(Some(kept.get_value()))>
                {t!(i18n, profile.tokens.revoke)}
            </Button>
        </li>
    }
    .into_any()
}

/// Now, by this machine's clock.
fn now() -> DateTime<Utc> {
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds of this era fit")]
    DateTime::from_timestamp_millis(crate::browser::now() as i64).unwrap_or_default()
}

/// A form for another one.
#[component]
fn Create(
    /// Where the new one is shown.
    fresh: RwSignal<Option<CreatedToken>>,
    /// The list.
    tokens: Tokens,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let scope = RwSignal::new(TokenScope::Read.as_str().to_owned());
    let days = RwSignal::new(DAYS.to_owned());
    let errors = RwSignal::new(FieldErrors::new());
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let writes = scope.with_untracked(|scope| scope == WRITE);
        let days = days.with_untracked(|days| days.parse().ok());
        let request = CreateToken {
            name: name.get_untracked().trim().to_owned(),
            scopes: if writes { TokenScope::ALL.to_vec() } else { vec![TokenScope::Read] },
            expires_at: days.and_then(TimeDelta::try_days).map(|time| now() + time),
        };
        if let Err(found) = fields::check(&request) {
            errors.set(found);
            return focus_first_invalid();
        }
        errors.set(FieldErrors::new());
        busy.set(true);
        spawn_local(async move {
            match account::create_token(&request).await {
                Ok(token) => {
                    let _ = fresh.try_set(Some(token));
                    tokens.refetch();
                }
                Err(error) => {
                    let _ = errors.try_set(error.field_errors());
                    use_toasts().error(error.said(i18n));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="profile-form token-form" novalidate on:submit=submit>
            <TextField
                label=move || t_string!(i18n, profile.tokens.name)
                hint=move || t_string!(i18n, profile.tokens.name_hint)
                value=name
                errors=errors_of(errors, "name")
                name="token_name"
            />
            <Choices scope days errors=errors.into()/>
            <Button kind=ButtonKind::Secondary busy>{t!(i18n, profile.tokens.create)}</Button>
        </form>
    }
    .into_any()
}

/// What it may, and for how long.
#[component]
fn Choices(
    /// What it may.
    scope: RwSignal<String>,
    /// How many days it lives; no number is forever.
    days: RwSignal<String>,
    /// What is wrong with the form.
    errors: Signal<FieldErrors>,
) -> impl IntoView {
    let i18n = use_i18n();
    let scopes = Signal::derive(move || {
        vec![
            (TokenScope::Read.as_str().to_owned(), t_string!(i18n, profile.tokens.read).to_owned()),
            (WRITE.to_owned(), t_string!(i18n, profile.tokens.write).to_owned()),
        ]
    });
    let lives = Signal::derive(move || {
        let after = |days: u32| (days.to_string(), t_count!(i18n, days, profile.tokens.days, count = days));
        vec![
            after(30),
            after(90),
            ("365".to_owned(), t_string!(i18n, profile.tokens.year).to_owned()),
            ("never".to_owned(), t_string!(i18n, profile.tokens.never).to_owned()),
        ]
    });
    view! {
        <div class="pair">
            <Select label=move || t_string!(i18n, profile.tokens.scopes) value=scope options=scopes name="token_scope"/>
            <Select
                label=move || t_string!(i18n, profile.tokens.expiry)
                value=days
                options=lives
                errors=errors_of(errors, "expires_at")
                name="token_days"
            />
        </div>
    }
    .into_any()
}

/// Revokes one, after asking.
#[component]
fn Revoke(
    /// Which one, while it is asked.
    revoking: RwSignal<Option<Token>>,
    /// The list.
    tokens: Tokens,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    // The words stay while the dialog closes.
    let name = RwSignal::new(String::new());
    Effect::new(move || {
        if let Some(token) = revoking.get() {
            name.set(token.name);
        }
    });
    let go = move |_| {
        let Some(token) = revoking.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            match account::revoke_token(token.id).await {
                Ok(()) => use_toasts().success(tu_string!(i18n, profile.tokens.revoked)),
                Err(error) => use_toasts().error(error.message(i18n)),
            }
            let _ = revoking.try_set(None);
            tokens.refetch();
            busy.try_set(false);
        });
    };
    view! {
        <Dialog
            open=Signal::derive(move || revoking.with(Option::is_some))
            title=move || t_string!(i18n, profile.tokens.revoke_heading, name = name.get())
            on_close=move |()| revoking.set(None)
        >
            <p>{t!(i18n, profile.tokens.revoke_explain)}</p>
            <div class="dialog-foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| revoking.set(None)>{t!(i18n, common.cancel)}</Button>
                <Button kind=ButtonKind::Danger busy on_click=go>{t!(i18n, profile.tokens.revoke)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

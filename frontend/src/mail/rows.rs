//! The list of mails.

use leptos::prelude::*;
use shared::mail::{Mail, MailState};

use super::{
    kind_note,
    state::{Mails, Wish},
    state_label, trouble_words,
};
use crate::{
    browser,
    hand_on::HandOn,
    i18n::{t, t_string, use_i18n},
    time,
    ui::{Button, LoadError, RelativeTime},
};

/// The mails, and the way to more.
#[component]
pub fn Rows(
    /// The page.
    mails: Mails,
) -> impl IntoView {
    let i18n = use_i18n();
    let items = move || mails.pages.items.get().unwrap_or_default();
    // Every field that a row shows, so that a change shows.
    let key = |mail: &Mail| (mail.id, mail.state, mail.attempts, mail.next_attempt_at, mail.last_error.clone());
    view! {
        {move || mails.pages.error.get().map(|error| view! { <LoadError error retry=move || mails.reload()/> })}
        <ul
            class="mails-rows"
            class:stale=move || mails.pages.loading.get()
            aria-label=move || t_string!(i18n, mail.region)
            aria-busy=move || mails.pages.loading.get().to_string()
        >
            <For each=items key=key let:mail>
                <Row mail mails/>
            </For>
        </ul>
        <Show when=move || mails.pages.next.with(Option::is_some)>
            <HandOn within=".tickets-more" to=".mails-rows > :last-child button"/>
            <p class="tickets-more">
                <Button busy=mails.pages.loading on_click=move |_| mails.load_more()>{t!(i18n, mail.more)}</Button>
            </p>
        </Show>
    }
    .into_any()
}

/// One mail.
#[component]
fn Row(
    /// The mail.
    mail: Mail,
    /// The page.
    mails: Mails,
) -> impl IntoView {
    let i18n = use_i18n();
    let (state, kind, attempts) = (mail.state, mail.kind, mail.attempts);
    let (name, address) = (mail.to.name.clone(), mail.address.clone());
    let to = move || t_string!(i18n, mail.to, name = name.clone(), address = address.clone());
    let note = move || kind_note(i18n, kind).map(|note| view! { " " <span class="kind">{note}</span> });
    let at = mail.sent_at.unwrap_or(mail.created_at);
    let next = mail.next_attempt_at.filter(|_| attempts > 0);
    let subject = mail.subject.clone();
    view! {
        <li>
            <span class=format!("state {}", state.as_str())>{move || state_label(i18n, state)}</span>
            <span class="what">
                <b>{subject}</b>
                <span>{to} {note}</span>
                {mail.last_error.clone().map(|told| view! { <span class="cause">{move || trouble_words(i18n, &told)}</span> })}
            </span>
            <span class="when">
                <RelativeTime at/>
                {(attempts > 1).then(|| view! { <span>{move || t_string!(i18n, mail.attempts, count = attempts)}</span> })}
                {next.map(|at| view! { <span>{t!(i18n, mail.next)} " " {move || time::full(i18n.get_locale(), at)}</span> })}
            </span>
            <Tools mail mails/>
        </li>
    }
    .into_any()
}

/// What can be done with a mail.
#[component]
fn Tools(mail: Mail, mails: Mails) -> impl IntoView {
    let i18n = use_i18n();
    let (id, state) = (mail.id, mail.state);
    let kept = StoredValue::new((mail.subject, mail.to.name));
    let subject = move || kept.with_value(|(subject, _)| subject.clone());
    let name = move || kept.with_value(|(_, name)| name.clone());
    let open = move || t_string!(i18n, mail.open, subject = subject());
    let retry = move || t_string!(i18n, mail.retry_name, name = name());
    let cancel = move || t_string!(i18n, mail.cancel_name, name = name());
    let wish = move |what: Wish| {
        mails.wish(id, what);
        // The row is drawn anew when it is done, with what can be done then.
        browser::refocus_on_heading();
    };
    view! {
        <span class="tools">
            <button type="button" class="quiet-link" aria-label=open on:click=move |_| mails.read(id)>{t!(i18n, mail.read)}</button>
            {(state != MailState::Sent).then(|| view! {
                <button type="button" class="quiet-link" aria-label=retry on:click=move |_| wish(Wish::Retry)>
                    {t!(i18n, mail.retry)}
                </button>
            })}
            {(state == MailState::Queued).then(|| view! {
                <button type="button" class="quiet-link" aria-label=cancel on:click=move |_| wish(Wish::Cancel)>
                    {t!(i18n, mail.cancel)}
                </button>
            })}
        </span>
    }
    .into_any()
}

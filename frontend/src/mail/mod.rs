//! Mails, for administrators.

mod rows;
mod state;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::mail::{MailKind, MailState, MailStatus, MailTrouble};

use rows::Rows;
use state::Mails;

use crate::{
    browser,
    i18n::{I18n, t, t_string, use_i18n},
    ui::{
        Button, Dialog, EmptyState, Icon, LoadError, RelativeTime, SkeletonRows, Symbol,
        filter::{PillOption, PillSelect},
    },
};

/// `/mail`: how the sending stands, and what becomes of each mail.
#[component]
pub fn MailPage() -> impl IntoView {
    let i18n = use_i18n();
    let mails = Mails::new(i18n);
    let testing = RwSignal::new(false);
    let standing = Memo::new(move |_| mails.status.with(Option::is_some) || mails.status_error.with(Option::is_some));
    // Where none are sent they are not kept for as long, which is said below.
    let kept = move || mails.status.with(|status| status.as_ref().is_some_and(|status| status.configured));
    // Where the list did not come either, it says so, and asks for both again.
    let trouble = move || mails.status_error.get().filter(|_| mails.pages.error.with(Option::is_none));
    view! {
        <Title text=move || t_string!(i18n, mail.title)/>
        <div class="mails-head">
            <h1>{t!(i18n, mail.title)}</h1>
            <span class="push">
                <Button busy=testing on_click=move |_| mails.test(testing)>{t!(i18n, mail.test)}</Button>
            </span>
        </div>
        <p class="mails-lead">{t!(i18n, mail.lead)} {move || kept().then(|| view! { " " {t!(i18n, mail.kept)} })}</p>
        {move || trouble().map(|error| view! { <LoadError error retry=move || mails.reload()/> })}
        {move || mails.status.get().map(|status| view! { <Standing status/> })}
        // What stands below how the sending stands comes with it, or it would jump.
        <Show when=move || standing.get() fallback=|| view! { <SkeletonRows/> }>
            <Bar mails/>
            <Body mails/>
        </Show>
        <Reading mails/>
    }
    .into_any()
}

/// A mail's state in words.
fn state_label(i18n: I18n, state: MailState) -> &'static str {
    match state {
        MailState::Queued => t_string!(i18n, mail.queued),
        MailState::Sent => t_string!(i18n, mail.sent),
        MailState::Failed => t_string!(i18n, mail.failed),
        MailState::Cancelled => t_string!(i18n, mail.cancelled),
    }
}

/// How a mail came about, where its subject does not say so: the two ways to another password have the same.
fn kind_note(i18n: I18n, kind: MailKind) -> Option<&'static str> {
    match kind {
        MailKind::PasswordReset => Some(t_string!(i18n, mail.kind.password_reset)),
        MailKind::PasswordLink => Some(t_string!(i18n, mail.kind.password_link)),
        MailKind::Welcome | MailKind::Ticket | MailKind::Chat | MailKind::Test => None,
    }
}

/// What went wrong, in words, and what the mail server said.
fn trouble_words(i18n: I18n, told: &str) -> String {
    let Some((trouble, detail)) = MailTrouble::read(told) else { return told.to_owned() };
    let words = match trouble {
        MailTrouble::NoServer => t_string!(i18n, mail.trouble.no_server),
        MailTrouble::Unreachable => t_string!(i18n, mail.trouble.unreachable),
        MailTrouble::Silent => t_string!(i18n, mail.trouble.silent),
        MailTrouble::Unwelcome => t_string!(i18n, mail.trouble.unwelcome),
        MailTrouble::SenderRefused => t_string!(i18n, mail.trouble.sender_refused),
        MailTrouble::Refused => t_string!(i18n, mail.trouble.refused),
        MailTrouble::NotNow => t_string!(i18n, mail.trouble.not_now),
        MailTrouble::Unwritable => t_string!(i18n, mail.trouble.unwritable),
        MailTrouble::AccountInactive => t_string!(i18n, mail.trouble.account_inactive),
        MailTrouble::TextGone => t_string!(i18n, mail.trouble.text_gone),
        MailTrouble::LinkOver => t_string!(i18n, mail.trouble.link_over),
        MailTrouble::OutOfSight => t_string!(i18n, mail.trouble.out_of_sight),
        MailTrouble::Unwanted => t_string!(i18n, mail.trouble.unwanted),
    };
    if detail.is_empty() { words.to_owned() } else { format!("{words} ({detail})") }
}

/// How the sending stands.
#[component]
fn Standing(status: MailStatus) -> impl IntoView {
    let i18n = use_i18n();
    let last_sent = status.last_sent_at;
    view! {
        {(!status.configured).then(|| view! {
            <div class="mails-off" role="note">
                <Icon symbol=Symbol::Warning/>
                <div><b>{t!(i18n, mail.off_title)}</b><p>{t!(i18n, mail.off_text)}</p></div>
            </div>
        })}
        {(!status.address_known).then(|| view! {
            <div class="mails-off" role="note">
                <Icon symbol=Symbol::Warning/>
                <div><b>{t!(i18n, mail.astray_title)}</b><p>{t!(i18n, mail.astray_text)}</p></div>
            </div>
        })}
        <dl class="mails-status">
            {status.server.map(|server| view! { <div><dt>{t!(i18n, mail.server)}</dt><dd>{server}</dd></div> })}
            {status.sender.map(|sender| view! { <div><dt>{t!(i18n, mail.sender)}</dt><dd>{sender}</dd></div> })}
            <div><dt>{t!(i18n, mail.queued_count)}</dt><dd>{status.queued}</dd></div>
            <div><dt>{t!(i18n, mail.failed_count)}</dt><dd>{status.failed}</dd></div>
            <div>
                <dt>{t!(i18n, mail.last_sent)}</dt>
                <dd>{match last_sent {
                    Some(at) => view! { <RelativeTime at/> }.into_any(),
                    None => view! { {t!(i18n, mail.never)} }.into_any(),
                }}</dd>
            </div>
            {status.last_error.map(|told| view! {
                <div class="wide"><dt>{t!(i18n, mail.last_error)}</dt><dd>{move || trouble_words(i18n, &told)}</dd></div>
            })}
        </dl>
    }
    .into_any()
}

/// What narrows the list.
#[component]
fn Bar(
    /// The page.
    mails: Mails,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = Signal::derive(move || {
        let mut options = vec![PillOption::new("", t_string!(i18n, mail.any_state))];
        options.extend(MailState::ALL.map(|state| PillOption::new(state.as_str(), state_label(i18n, state))));
        options
    });
    let value = Signal::derive(move || mails.state.get().map(|state| state.as_str().to_owned()));
    let change =
        move |word: String| mails.state.set(MailState::ALL.into_iter().find(|state| state.as_str() == word.as_str()));
    view! {
        <div class="tickets-bar">
            <PillSelect label=Signal::derive(move || t_string!(i18n, mail.state).to_owned()) options value on_change=change/>
        </div>
    }
    .into_any()
}

/// The mails, or what there is instead.
#[component]
fn Body(
    /// The page.
    mails: Mails,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| mails.pages.items.with(|items| items.as_ref().map(Vec::len)));
    move || match (count.get(), mails.pages.error.get()) {
        (None | Some(0), Some(error)) => view! { <LoadError error retry=move || mails.reload()/> }.into_any(),
        (None, None) => view! { <SkeletonRows/> }.into_any(),
        (Some(0), None) if mails.state.get().is_some() => view! {
            <EmptyState title=move || t_string!(i18n, mail.no_match)>
                <Button on_click=move |_| {
                    mails.state.set(None);
                    browser::refocus_on_heading();
                }>{t!(i18n, mail.clear)}</Button>
            </EmptyState>
        }
        .into_any(),
        (Some(0), None) => {
            let text = move || t_string!(i18n, mail.none_hint);
            view! { <EmptyState title=move || t_string!(i18n, mail.none) text=text/> }.into_any()
        }
        (Some(_), _) => view! { <Rows mails/> }.into_any(),
    }
}

/// The text of a mail.
#[component]
fn Reading(
    /// The page.
    mails: Mails,
) -> impl IntoView {
    let i18n = use_i18n();
    // The words stay while the dialog closes.
    let subject = Memo::new(move |before: Option<&String>| {
        let subject = mails.reading.with(|mail| mail.as_ref().map(|mail| mail.mail.subject.clone()));
        subject.or(before.cloned()).unwrap_or_default()
    });
    view! {
        <Dialog open=Signal::derive(move || mails.reading.with(Option::is_some)) title=move || subject.get() wide=true
            on_close=move |()| mails.reading.set(None)>
            {move || match mails.reading.get().map(|mail| mail.text) {
                Some(Some(text)) => view! {
                    <pre class="mails-text" role="group" tabindex="0" aria-label=move || t_string!(i18n, mail.text)>{text}</pre>
                }
                .into_any(),
                Some(None) => view! { <p>{t!(i18n, mail.gone)}</p> }.into_any(),
                None => ().into_any(),
            }}
        </Dialog>
    }
    .into_any()
}

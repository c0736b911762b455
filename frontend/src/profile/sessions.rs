//! The browsers a person is logged in with.

use leptos::{prelude::*, task::spawn_local};
use shared::{page::Page, session::DeviceSession};

use super::{Part, device};
use crate::{
    api::{ClientError, account},
    browser,
    i18n::{I18n, t, t_string, tu_string, use_i18n},
    session::{EndReason, use_session},
    ui::{Button, ButtonKind, Loaded, RelativeTime, use_toasts},
};

/// The list, with a way to end each.
#[component]
pub fn Sessions() -> impl IntoView {
    let i18n = use_i18n();
    let resource = LocalResource::new(account::sessions);
    view! {
        <Part title=move || t_string!(i18n, profile.sessions) hint=move || t_string!(i18n, profile.sessions_hint)>
            <Loaded resource lines=2 let:page>
                <ul class="devices">
                    <For each=move || page.get().items key=|session| session.id.0 let:session>
                        <Device session resource/>
                    </For>
                </ul>
                {move || page.with(|page| page.items.len() > 1).then(|| view! { <EndOthers resource/> })}
            </Loaded>
        </Part>
    }
}

/// `Firefox en Linux`. Of what says nothing of itself, once that it is unknown.
fn name(i18n: I18n, user_agent: &str) -> String {
    let (browser, system) = (device::browser(user_agent), device::system(user_agent));
    if browser.is_none() && system.is_none() {
        return t_string!(i18n, profile.unknown_browser).to_owned();
    }
    let browser = browser.unwrap_or_else(|| t_string!(i18n, profile.unknown_browser));
    let system = system.unwrap_or_else(|| t_string!(i18n, profile.unknown_system));
    t_string!(i18n, profile.device, browser = browser, system = system)
}

/// One browser.
#[component]
fn Device(session: DeviceSession, resource: LocalResource<Result<Page<DeviceSession>, ClientError>>) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let (id, current) = (session.id, session.current);
    let agent = StoredValue::new(session.user_agent.clone());
    let words = move || agent.with_value(|agent| name(i18n, agent));
    let label = move || t_string!(i18n, profile.revoke_label, device = words());
    let revoke = move |_| {
        busy.set(true);
        spawn_local(async move {
            match account::revoke_session(id).await {
                Ok(()) if current => use_session().end(EndReason::LoggedOut),
                Ok(()) | Err(ClientError::SessionEnded) => {
                    use_toasts().success(t_string!(i18n, profile.revoked));
                    resource.refetch();
                    // What was pressed goes with its browser.
                    browser::refocus_on_heading();
                }
                Err(error) => use_toasts().error(error.message(i18n)),
            }
            busy.try_set(false);
        });
    };
    let address = session.address;
    view! {
        <li class="device">
            <div>
                <b title=session.user_agent>{words}</b>
                {current.then(|| view! { <span class="device-here">{t!(i18n, profile.this_one)}</span> })}
                <p>
                    {move || t_string!(i18n, profile.from, address = address.clone())} "\u{a0}· "
                    <span class="device-used">
                        {t!(i18n, profile.used)} " " <RelativeTime at=session.last_used_at/>
                    </span>
                </p>
            </div>
            {(!current).then(|| view! {
                <Button kind=ButtonKind::Secondary busy label on_click=revoke>{t!(i18n, profile.revoke)}</Button>
            })}
        </li>
    }
}

/// Ends every session but this one.
#[component]
fn EndOthers(resource: LocalResource<Result<Page<DeviceSession>, ClientError>>) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let end = move |_| {
        busy.set(true);
        spawn_local(async move {
            match account::revoke_other_sessions().await {
                Ok(()) => {
                    use_toasts().success(tu_string!(i18n, profile.ended_others));
                    resource.refetch();
                    browser::refocus_on_heading();
                }
                Err(error) => use_toasts().error(error.message(i18n)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <p class="devices-foot">
            <Button kind=ButtonKind::Secondary busy on_click=end>{t!(i18n, profile.end_others)}</Button>
        </p>
    }
}

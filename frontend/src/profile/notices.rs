//! What reaches the person how.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    accounts::UpdateMe,
    notifications::{NotificationChoices, NotificationKind, UpdateChannels, UpdateChoices},
};

use super::Part;
use crate::{
    api::{ClientError, account, notifications as api},
    i18n::{I18n, t, t_string, use_i18n},
    ui::{Loaded, use_toasts},
};

/// How somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    InApp,
    Mail,
}

fn kind_label(i18n: I18n, kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Assigned => t_string!(i18n, notifications.choice.assigned),
        NotificationKind::Answered => t_string!(i18n, notifications.choice.answered),
        NotificationKind::Mentioned => t_string!(i18n, notifications.choice.mentioned),
        NotificationKind::StateChanged => t_string!(i18n, notifications.choice.state_changed),
        NotificationKind::Chat => t_string!(i18n, notifications.choice.chat),
        NotificationKind::Invited => t_string!(i18n, notifications.choice.invited),
    }
}

fn channel_label(i18n: I18n, channel: Channel) -> &'static str {
    match channel {
        Channel::InApp => t_string!(i18n, notifications.choice.in_app),
        Channel::Mail => t_string!(i18n, notifications.choice.mail),
    }
}

/// The choices, saved as they are made.
#[component]
pub fn Notices() -> impl IntoView {
    let i18n = use_i18n();
    let resource = LocalResource::new(|| async {
        let me: Result<_, ClientError> = api::me().await;
        me.map(|me| me.notifications)
    });
    view! {
        <Part title=move || t_string!(i18n, notifications.title) hint=move || t_string!(i18n, notifications.choice.hint)>
            <Loaded resource lines=5 let:choices>
                <Choices choices=choices.get_untracked()/>
            </Loaded>
        </Part>
    }
}

#[component]
fn Choices(choices: NotificationChoices) -> impl IntoView {
    let i18n = use_i18n();
    let choices = RwSignal::new(choices);
    let row = move |kind: NotificationKind| {
        view! {
            <tr>
                <th scope="row">{move || kind_label(i18n, kind)}</th>
                <td><Tick choices kind channel=Channel::InApp/></td>
                <td><Tick choices kind channel=Channel::Mail/></td>
            </tr>
        }
    };
    view! {
        <table class="notice-choices">
            <thead>
                <tr>
                    <th scope="col">{t!(i18n, notifications.choice.what)}</th>
                    <th scope="col">{move || channel_label(i18n, Channel::InApp)}</th>
                    <th scope="col">{move || channel_label(i18n, Channel::Mail)}</th>
                </tr>
            </thead>
            <tbody>{NotificationKind::ALL.map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// One choice. It shows at once; what the server refuses is taken back.
#[component]
fn Tick(choices: RwSignal<NotificationChoices>, kind: NotificationKind, channel: Channel) -> impl IntoView {
    let i18n = use_i18n();
    let of = move |choices: &NotificationChoices| match channel {
        Channel::InApp => choices.of(kind).in_app,
        Channel::Mail => choices.of(kind).mail,
    };
    let show = move |on: bool| {
        choices.try_update(|choices| match channel {
            Channel::InApp => choices.of_mut(kind).in_app = on,
            Channel::Mail => choices.of_mut(kind).mail = on,
        });
    };
    let choose = move |on: bool| {
        show(on);
        let change = match channel {
            Channel::InApp => UpdateChannels { in_app: Some(on), mail: None },
            Channel::Mail => UpdateChannels { in_app: None, mail: Some(on) },
        };
        let request = UpdateMe { notifications: Some(UpdateChoices::one(kind, change)), ..UpdateMe::default() };
        spawn_local(async move {
            if let Err(error) = account::update_me(&request).await {
                show(!on);
                use_toasts().error(error.message(i18n));
            }
        });
    };
    let label = move || format!("{}: {}", kind_label(i18n, kind), channel_label(i18n, channel));
    view! {
        <label>
            <input type="checkbox" aria-label=label prop:checked=move || choices.with(of)
                on:change:target=move |event| choose(event.target().checked())/>
        </label>
    }
}

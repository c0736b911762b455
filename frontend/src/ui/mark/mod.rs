//! State and priority by shape first, colour second.

use leptos::prelude::*;
use shared::{
    accounts::Role,
    tickets::{Priority, Status},
};

use crate::i18n::{I18n, t_string, use_i18n};

/// The name of a state.
pub fn status_label(i18n: I18n, status: Status) -> &'static str {
    match status {
        Status::Open => t_string!(i18n, common.status.open),
        Status::InProgress => t_string!(i18n, common.status.in_progress),
        Status::Waiting => t_string!(i18n, common.status.waiting),
        Status::Closed => t_string!(i18n, common.status.closed),
    }
}

/// The name of a priority.
pub fn priority_label(i18n: I18n, priority: Priority) -> &'static str {
    match priority {
        Priority::Low => t_string!(i18n, common.priority.low),
        Priority::Medium => t_string!(i18n, common.priority.medium),
        Priority::High => t_string!(i18n, common.priority.high),
        Priority::Urgent => t_string!(i18n, common.priority.urgent),
    }
}

/// The name of a role.
pub fn role_label(i18n: I18n, role: Role) -> &'static str {
    match role {
        Role::User => t_string!(i18n, common.role.user),
        Role::Technician => t_string!(i18n, common.role.technician),
        Role::Admin => t_string!(i18n, common.role.admin),
    }
}

/// A state: a ring, half full, dashed with a pause, checked. With its name beside it when `label`; as its
/// alternative text when not.
#[component]
pub fn StatusMark(
    /// The state.
    status: Status,
    /// Whether the name stands beside it.
    #[prop(optional)]
    label: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let class = match status {
        Status::Open => "sign mark-open",
        Status::InProgress => "sign mark-progress",
        Status::Waiting => "sign mark-waiting",
        Status::Closed => "sign mark-closed",
    };
    let shape = match status {
        Status::Open => view! { <circle cx="8" cy="8" r="5.5"></circle> }.into_any(),
        Status::InProgress => view! {
            <circle cx="8" cy="8" r="5.5"></circle>
            <path class="solid" d="M8 4.800a3.200 3.200 0 0 1 0 6.400z"></path>
        }
        .into_any(),
        Status::Waiting => view! {
            <circle cx="8" cy="8" r="5.5" stroke-dasharray="2.6 2"></circle>
            <path d="M6.600 6v4M9.400 6v4" stroke-width="1.6"></path>
        }
        .into_any(),
        Status::Closed => view! {
            <circle class="solid" cx="8" cy="8" r="6.5"></circle>
            <path class="cut" d="M5 8.200l2.100 2.100L11 6.200" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"></path>
        }
        .into_any(),
    };
    let name = move || status_label(i18n, status);
    view! { <Mark class shape name=name.into() label/> }
}

/// A priority: one to three bars, a filled square for urgent.
#[component]
pub fn PriorityMark(
    /// The priority.
    priority: Priority,
    /// Whether the name stands beside it.
    #[prop(optional)]
    label: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let bars = match priority {
        Priority::Low => 1,
        Priority::Medium => 2,
        Priority::High | Priority::Urgent => 3,
    };
    let class = if priority == Priority::Urgent { "sign mark-urgent" } else { "sign mark-priority" };
    let shape = if priority == Priority::Urgent {
        view! {
            <rect class="solid" x="1.5" y="1.5" width="13" height="13" rx="3.5"></rect>
            <path class="cut" d="M8 4.400v4.400M8 11v.6" stroke-width="2"></path>
        }
        .into_any()
    } else {
        view! {
            <rect class="solid" x="2" y="10" width="3" height="4" rx="1"></rect>
            <rect class="solid" class:pale=bars < 2 x="6.4" y="6.5" width="3" height="7.5" rx="1"></rect>
            <rect class="solid" class:pale=bars < 3 x="10.8" y="3" width="3" height="11" rx="1"></rect>
        }
        .into_any()
    };
    let name = move || priority_label(i18n, priority);
    view! { <Mark class shape name=name.into() label/> }
}

#[component]
fn Mark(class: &'static str, shape: AnyView, name: TextProp, label: bool) -> impl IntoView {
    let (title, words) = (name.clone(), name);
    view! {
        <span class=class title=move || (!label).then(|| title.get())>
            <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
                {shape}
            </svg>
            <span class=if label { "mark-name" } else { "visually-hidden" }>{move || words.get()}</span>
        </span>
    }
}

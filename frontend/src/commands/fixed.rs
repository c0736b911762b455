//! The keys that cannot be changed: they do what the same keys do everywhere, or have to work while one types.

use leptos::prelude::*;
use shared::accounts::Role;

use super::{Command, keys::name, use_commands};
use crate::i18n::{I18n, t, t_string, use_i18n};

/// Keys that are always the same.
struct Fixed {
    /// As they stand on an English keyboard.
    keys: &'static [&'static str],
    /// Whether only staff has any use for them.
    staff: bool,
    /// What they do.
    words: fn(I18n) -> &'static str,
}

/// All that are always the same.
static FIXED: [Fixed; 12] = [
    Fixed { keys: &["↑", "↓"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.step) },
    Fixed { keys: &["Home", "End"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.ends) },
    Fixed { keys: &["Enter"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.open) },
    Fixed { keys: &["Esc"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.leave) },
    Fixed { keys: &["Shift", "↑", "↓"], staff: true, words: |i18n| t_string!(i18n, commands.fixed.several) },
    Fixed { keys: &["Ctrl", "Z"], staff: true, words: |i18n| t_string!(i18n, commands.fixed.undo) },
    Fixed { keys: &["Ctrl", "Enter"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.send) },
    Fixed { keys: &["Ctrl", "Shift", "Enter"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.send_close) },
    Fixed { keys: &["/"], staff: true, words: |i18n| t_string!(i18n, commands.fixed.reply) },
    Fixed { keys: &["Enter"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.chat_send) },
    Fixed { keys: &["Shift", "Enter"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.chat_line) },
    Fixed { keys: &["↑"], staff: false, words: |i18n| t_string!(i18n, commands.fixed.chat_edit) },
];

/// The part of the list of keys with those that cannot be changed.
#[component]
pub fn FixedKeys(
    /// Whose keys.
    role: Option<Role>,
) -> impl IntoView {
    let i18n = use_i18n();
    let staff = role.is_some_and(Role::is_staff);
    let of = move |fixed: &'static Fixed| {
        let shown = move |key: &&'static str| {
            let key = *key;
            view! { <kbd>{move || on_keyboard(i18n, key)}</kbd> }.into_any()
        };
        let keys: Vec<AnyView> = fixed.keys.iter().map(shown).collect();
        view! { <Row words=fixed.words keys/> }
    };
    view! {
        <section>
            <h3>{t!(i18n, commands.group.fixed)}</h3>
            <ul class="keys-list" aria-label=move || t_string!(i18n, commands.group.fixed)>
                {FIXED.iter().filter(|fixed| staff || !fixed.staff).map(of).collect_view()}
                {staff.then(|| view! { <UpTo/> })}
            </ul>
        </section>
    }
    .into_any()
}

/// Shift with the key that chooses a row, which can be another one.
#[component]
fn UpTo() -> impl IntoView {
    let i18n = use_i18n();
    let commands = use_commands();
    move || {
        let keys = commands.keys(Command::ChooseRow)?;
        let mut shown = vec![view! { <kbd>{t_string!(i18n, commands.key.shift)}</kbd> }.into_any()];
        shown.extend(keys.into_each().map(|key| view! { <kbd>{name(i18n, &key)}</kbd> }.into_any()));
        Some(view! { <Row words=up_to keys=shown/> })
    }
}

/// A key as it stands on a keyboard of the person's language.
fn on_keyboard(i18n: I18n, key: &'static str) -> &'static str {
    match key {
        "Home" => t_string!(i18n, commands.key.home),
        "End" => t_string!(i18n, commands.key.end),
        "Shift" => t_string!(i18n, commands.key.shift),
        key => key,
    }
}

fn up_to(i18n: I18n) -> &'static str {
    t_string!(i18n, commands.fixed.up_to)
}

#[component]
fn Row(
    /// What the keys do.
    words: fn(I18n) -> &'static str,
    /// How they are shown.
    keys: Vec<AnyView>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <li>
            <span class="keys-name">{move || words(i18n)}</span>
            <span class="keys-fixed">{keys}</span>
        </li>
    }
    .into_any()
}

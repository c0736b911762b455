//! The list of keys, where they can be changed too.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::{
    Command, Commands,
    fixed::FixedKeys,
    group::Group,
    keys::{Keys, and_then, key, name, with_ctrl},
    use_commands,
};
use crate::{
    browser,
    i18n::{I18n, t, t_string, use_i18n},
    session::use_session,
    tickets::KeysHint,
    ui::{Button, Dialog},
};

/// What is being changed.
#[derive(Debug, Clone, Copy)]
struct Change {
    /// Whose keys; none while nothing is.
    command: RwSignal<Option<Command>>,
    /// What was pressed so far.
    pressed: RwSignal<String>,
    /// Who has those keys already.
    taken: RwSignal<Option<Command>>,
}

impl Change {
    fn new() -> Self {
        Self { command: RwSignal::new(None), pressed: RwSignal::new(String::new()), taken: RwSignal::new(None) }
    }

    fn begin(self, command: Command) {
        self.command.set(Some(command));
        self.pressed.set(String::new());
        self.taken.set(None);
    }

    fn end(self, command: Command) {
        self.command.set(None);
        request_animation_frame(move || browser::focus_id(&place(command)));
    }

    /// A key was pressed while the keys of a command are being chosen.
    fn press(self, event: &KeyboardEvent, command: Command, commands: Commands) {
        match event.key().as_str() {
            "Tab" => return,
            "Escape" => self.end(command),
            "Backspace" | "Delete" => {
                self.pressed.set(String::new());
                self.taken.set(None);
            }
            "Enter" => self.finish(command, commands),
            pressed => {
                let held = event.ctrl_key() || event.meta_key();
                let pressed = if held { with_ctrl(pressed).filter(|_| is_held(command)) } else { key(pressed) };
                let Some(pressed) = pressed else { return };
                self.taken.set(None);
                self.pressed.update(|so_far| *so_far = and_then(so_far, pressed));
            }
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn finish(self, command: Command, commands: Commands) {
        match commands.choose(command, Keys::parse(&self.pressed.get_untracked())) {
            Ok(()) => self.end(command),
            Err(other) => self.taken.set(Some(other)),
        }
    }
}

/// Whether its keys may be Ctrl with a letter: it is done while one types, too.
fn is_held(command: Command) -> bool {
    command == Command::Palette
}

/// The button that changes the keys of a command.
fn place(command: Command) -> String {
    format!("keys-{command:?}")
}

/// All keys, by what they belong to; each can be changed.
#[component]
pub fn KeysDialog() -> impl IntoView {
    let i18n = use_i18n();
    let commands = use_commands();
    let listed = commands.listed;
    view! {
        <Dialog open=listed title=move || t_string!(i18n, commands.keys) on_close=move |()| listed.set(false) wide=true>
            <Keyboard/>
        </Dialog>
    }
}

#[component]
fn Keyboard() -> impl IntoView {
    let i18n = use_i18n();
    let commands = use_commands();
    let change = Change::new();
    let role = use_session().role();
    let group = move |group: Group| {
        let of_group = |command: &Command| command.group() == group && role.is_some_and(|role| command.is_for(role));
        let own: Vec<Command> = Command::all().filter(of_group).collect();
        // What is for staff only leaves nothing of its group.
        (!own.is_empty()).then(|| {
            let rows = own.into_iter().map(move |command| view! { <Row command change/> }).collect_view();
            view! {
                <section>
                    <h3>{move || group.words(i18n)}</h3>
                    <ul class="keys-list" aria-label=move || group.words(i18n)>{rows}</ul>
                </section>
            }
        })
    };
    view! {
        <p class="muted">{t!(i18n, commands.keys_intro)}</p>
        <div class="keys-groups">{Group::ALL.map(group)}<FixedKeys role/></div>
        <div class="dialog-foot">
            <KeysHint/>
            <Show when=move || commands.is_changed()>
                <Button on_click=move |_| {
                    commands.reset();
                    // The button is gone with what it did.
                    request_animation_frame(|| browser::refocus(".keys-now"));
                }>{t!(i18n, commands.keys_reset)}</Button>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn Row(command: Command, change: Change) -> impl IntoView {
    let i18n = use_i18n();
    let commands = use_commands();
    let changing = Memo::new(move |_| change.command.get() == Some(command));
    let shown = move || match commands.keys(command) {
        Some(keys) => view! { <Shown keys/> }.into_any(),
        None => view! { <span class="faint">{t!(i18n, commands.no_keys)}</span> }.into_any(),
    };
    let label = move || t_string!(i18n, commands.change_keys, name = command.words(i18n));
    view! {
        <li>
            <span class="keys-name">{move || command.words(i18n)}</span>
            {move || {
                if changing.get() {
                    view! { <Catch command change/> }.into_any()
                } else {
                    view! {
                        <button type="button" class="keys-now" id=place(command) title=label
                            on:click=move |_| change.begin(command)>
                            <span class="visually-hidden">{label} " "</span>
                            {shown}
                        </button>
                    }
                    .into_any()
                }
            }}
        </li>
    }
    .into_any()
}

/// Keys as they stand on a keyboard.
#[component]
pub fn Shown(
    /// Which.
    keys: Keys,
) -> impl IntoView {
    let i18n = use_i18n();
    keys.into_each().map(|key| view! { <kbd>{move || name(i18n, &key)}</kbd> }).collect_view()
}

/// Where the new keys are pressed.
#[component]
fn Catch(command: Command, change: Change) -> impl IntoView {
    let i18n = use_i18n();
    let commands = use_commands();
    let field = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            field.focus().ok();
        }
    });
    let hint = move || match change.taken.get() {
        Some(other) => t_string!(i18n, commands.taken, name = other.words(i18n)),
        None if is_held(command) => t_string!(i18n, commands.press_held).to_owned(),
        None => t_string!(i18n, commands.press).to_owned(),
    };
    view! {
        <span class="keys-catch">
            <input
                node_ref=field
                type="text"
                readonly
                class="keys-field"
                class:is-wrong=move || change.taken.get().is_some()
                aria-label=move || named(i18n, command)
                aria-describedby="keys-hint"
                prop:value=move || shown(i18n, &change.pressed.get())
                on:keydown=move |event| change.press(&event, command, commands)
                on:blur=move |_| if change.command.get_untracked() == Some(command) { change.command.set(None) }
            />
            <span id="keys-hint" class="keys-hint" role="status">{hint}</span>
        </span>
    }
    .into_any()
}

fn named(i18n: I18n, command: Command) -> String {
    t_string!(i18n, commands.new_keys, name = command.words(i18n))
}

/// What was pressed, as it stands on a keyboard.
fn shown(i18n: I18n, pressed: &str) -> String {
    Keys::parse(pressed).map(|keys| keys.words(i18n)).unwrap_or_default()
}

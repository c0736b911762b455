//! What can be done right now.

use std::{cell::Cell, collections::BTreeMap};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::accounts::{Locale as Language, Theme};

use super::{
    Command,
    kept::{self, Chosen, keys_of},
    keys::Keys,
};
use crate::{
    api::ClientError,
    i18n::use_i18n,
    prefs::{from_language, use_prefs},
    session::use_session,
    ui::use_toasts,
};

/// What is offered, and how it is done. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Commands {
    /// How each is done that can be done: by a number, so that who stops offering takes back only their own.
    offered: RwSignal<BTreeMap<Command, (u32, Callback<()>)>>,
    chosen: RwSignal<Chosen>,
    /// Whether the list of keys is open.
    pub listed: RwSignal<bool>,
}

/// The commands of the page.
pub fn use_commands() -> Commands {
    expect_context()
}

/// Offers a command for as long as what calls this is shown.
pub fn offer(command: Command, run: impl Fn() + Send + Sync + 'static) {
    use_commands().add(command, run);
}

impl Commands {
    /// Made once for everything behind the login, with what can be done anywhere.
    pub fn provide() -> Self {
        let commands = Self {
            offered: RwSignal::new(BTreeMap::new()),
            chosen: RwSignal::new(kept::chosen()),
            listed: RwSignal::new(false),
        };
        provide_context(commands);
        commands.add_places();
        commands.add_rest();
        commands
    }

    fn add(self, command: Command, run: impl Fn() + Send + Sync + 'static) {
        thread_local!(static NEXT: Cell<u32> = const { Cell::new(0) });
        let number = NEXT.with(|next| next.replace(next.get().wrapping_add(1)));
        self.offered.update(|offered| _ = offered.insert(command, (number, Callback::new(move |()| run()))));
        on_cleanup(move || {
            self.offered.try_update(|offered| {
                if offered.get(&command).is_some_and(|(of, _)| *of == number) {
                    offered.remove(&command);
                }
            });
        });
    }

    fn add_places(self) {
        let navigate = use_navigate();
        for command in Command::all() {
            if let Some(place) = command.place() {
                let navigate = navigate.clone();
                self.add(command, move || navigate(place, NavigateOptions::default()));
            }
        }
    }

    fn add_rest(self) {
        let (prefs, session, i18n) = (use_prefs(), use_session(), use_i18n());
        for (command, theme) in
            [(Command::Light, Theme::Light), (Command::Dark, Theme::Dark), (Command::System, Theme::System)]
        {
            self.add(command, move || prefs.choose_theme(theme));
        }
        for language in Language::ALL {
            self.add(Command::Language(language), move || prefs.choose_locale(from_language(language)));
        }
        self.add(Command::Keys, move || self.listed.set(true));
        let told = move |done: Result<(), ClientError>| {
            if let Err(error) = done {
                use_toasts().error(error.message(i18n));
            }
        };
        self.add(Command::StayLonger, move || spawn_local(async move { told(session.extend().await) }));
        self.add(Command::LogOut, move || spawn_local(async move { told(session.log_out().await) }));
    }

    /// What the person can do right now, in order; tracked.
    pub fn available(self) -> Vec<Command> {
        let Some(role) = use_session().role() else { return Vec::new() };
        self.offered.with(|offered| {
            Command::all().filter(|command| offered.contains_key(command) && command.is_for(role)).collect()
        })
    }

    /// What somebody probably wants who has not said anything yet: what the page is about, then what was done last; tracked.
    pub fn likely(self) -> Vec<Command> {
        let available = self.available();
        let mut likely: Vec<Command> = available.iter().copied().filter(|command| command.is_of_ticket()).collect();
        likely.extend(kept::recent().into_iter().filter(|command| available.contains(command)));
        likely.extend([Command::NewTicket, Command::Mine, Command::Chat, Command::Keys]);
        let mut seen = Vec::new();
        for command in likely {
            if available.contains(&command) && !seen.contains(&command) {
                seen.push(command);
            }
        }
        seen
    }

    /// Does it, if it can be done.
    pub fn run(self, command: Command) {
        let run = self.offered.with_untracked(|offered| offered.get(&command).map(|(_, run)| *run));
        if let Some(run) = run {
            if !command.is_of_ticket() {
                kept::remember(command);
            }
            run.run(());
        }
    }

    /// The keys of a command; tracked.
    pub fn keys(self, command: Command) -> Option<Keys> {
        self.chosen.with(|chosen| keys_of(chosen, command))
    }

    /// The same, untracked.
    pub fn keys_untracked(self, command: Command) -> Option<Keys> {
        self.chosen.with_untracked(|chosen| keys_of(chosen, command))
    }

    /// Chooses other keys for a command, or none. Answers with the command that has them already, and changes nothing then.
    pub fn choose(self, command: Command, keys: Option<Keys>) -> Result<(), Command> {
        if let Some(keys) = &keys {
            let others = Command::all().filter(|&other| other != command);
            let taken = |&other: &Command| self.keys_untracked(other).is_some_and(|theirs| theirs.collides_with(keys));
            if let Some(other) = others.into_iter().find(taken) {
                return Err(other);
            }
        }
        self.chosen.update(|chosen| {
            if keys == Keys::parse(command.usual_keys()) {
                chosen.remove(&command);
            } else {
                chosen.insert(command, keys);
            }
        });
        self.chosen.with_untracked(kept::keep);
        Ok(())
    }

    /// Whether any keys are not the usual ones; tracked.
    pub fn is_changed(self) -> bool {
        self.chosen.with(|chosen| !chosen.is_empty())
    }

    /// Goes back to the usual keys.
    pub fn reset(self) {
        self.chosen.set(Chosen::new());
        kept::keep(&Chosen::new());
    }
}

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
    leaving::use_leaving,
    prefs::{from_language, use_prefs},
    session::use_session,
    ui::{filter::PillOption, use_toasts},
};

/// What a command asks before it is done. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Choices {
    /// Which command.
    pub command: Command,
    /// What can be chosen.
    pub options: Signal<Vec<PillOption>>,
    /// What is chosen now, as in a pill to choose with; none where that is nothing in particular.
    value: Option<Signal<Option<String>>>,
    /// Takes the choice: the value of an option.
    pub take: Callback<String>,
}

impl Choices {
    /// The value of the option that is chosen now; none where that is none in particular, or whoever asks is gone. Untracked.
    pub fn now(self) -> Option<String> {
        self.value?.try_get_untracked().map(Option::unwrap_or_default)
    }
}

/// How a command is done.
#[derive(Debug, Clone, Copy)]
enum How {
    /// At once.
    Now(Callback<()>),
    /// After something was chosen.
    Chosen(Choices),
}

/// A command that can be done.
#[derive(Debug, Clone, Copy)]
struct Offer {
    /// Who stops offering takes back only their own.
    number: u32,
    how: How,
    /// Whether its keys do it anywhere on the page: a list listens to its own.
    by_key: bool,
}

/// What is offered, and how it is done. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Commands {
    offered: RwSignal<BTreeMap<Command, Offer>>,
    chosen: RwSignal<Chosen>,
    /// Whether the list of keys is open.
    pub listed: RwSignal<bool>,
    /// What is being chosen for a command in the search box; none while nothing is.
    pub asking: RwSignal<Option<Choices>>,
}

/// The commands of the page.
pub fn use_commands() -> Commands {
    expect_context()
}

/// Offers a command for as long as what calls this is shown.
pub fn offer(command: Command, run: impl Fn() + Send + Sync + 'static) {
    use_commands().add(command, How::Now(Callback::new(move |()| run())), true);
}

/// The same, but by its name only: whoever offers it listens to its keys.
pub fn offer_by_name(command: Command, run: Callback<()>) {
    use_commands().add(command, How::Now(run), false);
}

/// Offers a command that asks what to choose.
pub fn offer_choices(command: Command, options: Signal<Vec<PillOption>>, take: Callback<String>) {
    use_commands().add(command, How::Chosen(Choices { command, options, value: None, take }), true);
}

/// Offers a command that asks what to choose instead of what is chosen now.
pub fn offer_change(
    command: Command,
    options: Signal<Vec<PillOption>>,
    value: Signal<Option<String>>,
    take: Callback<String>,
) {
    use_commands().add(command, How::Chosen(Choices { command, options, value: Some(value), take }), true);
}

/// Offers one command while it is there; shows nothing.
#[component]
pub fn Offered(
    /// Which.
    command: Command,
    /// How it is done.
    #[prop(into)]
    run: Callback<()>,
) -> impl IntoView {
    use_commands().add(command, How::Now(run), true);
}

impl Commands {
    /// Made once for everything behind the login, with what can be done anywhere.
    pub fn provide() -> Self {
        let commands = Self {
            offered: RwSignal::new(BTreeMap::new()),
            chosen: RwSignal::new(kept::chosen()),
            listed: RwSignal::new(false),
            asking: RwSignal::new(None),
        };
        provide_context(commands);
        commands.add_places();
        commands.add_rest();
        commands
    }

    fn add(self, command: Command, how: How, by_key: bool) {
        thread_local!(static NEXT: Cell<u32> = const { Cell::new(0) });
        let number = NEXT.with(|next| next.replace(next.get().wrapping_add(1)));
        self.offered.update(|offered| _ = offered.insert(command, Offer { number, how, by_key }));
        on_cleanup(move || {
            self.offered.try_update(|offered| {
                if offered.get(&command).is_some_and(|offer| offer.number == number) {
                    offered.remove(&command);
                }
            });
            if matches!(how, How::Chosen(_)) {
                request_animation_frame(move || self.ask_no_more(command));
            }
        });
    }

    /// What was to be chosen for somebody who is gone is not asked any more. Whoever is only drawn anew offers it again by then.
    fn ask_no_more(self, command: Command) {
        let asked = self.asking.try_get_untracked().flatten().is_some_and(|choices| choices.command == command);
        let offered = self.offered.try_with_untracked(|offered| offered.contains_key(&command));
        if asked && offered == Some(false) {
            self.asking.set(None);
        }
    }

    /// Offers what is done at once.
    fn add_now(self, command: Command, run: impl Fn() + Send + Sync + 'static) {
        self.add(command, How::Now(Callback::new(move |()| run())), true);
    }

    fn add_places(self) {
        let navigate = use_navigate();
        for command in Command::all() {
            if let Some(place) = command.place() {
                let navigate = navigate.clone();
                self.add_now(command, move || navigate(place, NavigateOptions::default()));
            }
        }
    }

    fn add_rest(self) {
        let (prefs, session, i18n) = (use_prefs(), use_session(), use_i18n());
        for (command, theme) in
            [(Command::Light, Theme::Light), (Command::Dark, Theme::Dark), (Command::System, Theme::System)]
        {
            self.add_now(command, move || prefs.choose_theme(theme));
        }
        for language in Language::ALL {
            self.add_now(Command::Language(language), move || prefs.choose_locale(from_language(language)));
        }
        self.add_now(Command::Keys, move || self.listed.set(true));
        let told = move |done: Result<(), ClientError>| {
            if let Err(error) = done {
                use_toasts().error(error.message(i18n));
            }
        };
        self.add_now(Command::StayLonger, move || spawn_local(async move { told(session.extend().await) }));
        let leaving = use_leaving();
        self.add_now(Command::LogOut, move || leaving.leave());
    }

    /// What the person can do right now by its name, in order; tracked.
    pub fn available(self) -> Vec<Command> {
        // Whoever reads its name is there already.
        self.those(|command, _| command != Command::Palette)
    }

    /// What keys do right now wherever they are pressed; tracked.
    pub fn pressable(self) -> Vec<Command> {
        self.those(|_, offer| offer.by_key)
    }

    fn those(self, wanted: fn(Command, &Offer) -> bool) -> Vec<Command> {
        let Some(role) = use_session().role() else { return Vec::new() };
        let is_offered = |offered: &BTreeMap<Command, Offer>, command: Command| {
            command.is_for(role) && offered.get(&command).is_some_and(|offer| wanted(command, offer))
        };
        self.offered.with(|offered| Command::all().filter(|&command| is_offered(offered, command)).collect())
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

    /// Does it, if it can be done, or asks what to choose for it.
    pub fn run(self, command: Command) {
        let Some(how) = self.offered.with_untracked(|offered| offered.get(&command).map(|offer| offer.how)) else {
            return;
        };
        if !command.is_of_ticket() && command != Command::Palette {
            kept::remember(command);
        }
        match how {
            How::Now(run) => run.run(()),
            How::Chosen(choices) => self.asking.set(Some(choices)),
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

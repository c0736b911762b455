//! A field for a new password, with its rules ticked off as it is typed.

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local};
use shared::{
    password::{PasswordCheck, broken_rules},
    problem::FieldCode,
};

use super::field::{FieldLabel, FieldNote, focus_at_start, is_wrong};
use super::{Icon, Symbol, fresh_id};
use crate::{
    api::{account, password_links},
    browser,
    i18n::{I18n, t, t_string, use_i18n},
};

/// How long a person pauses before the server is asked.
const PAUSE: Duration = Duration::from_millis(350);

/// What the server thinks of the password as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Nothing typed, or the server could not be asked.
    Unknown,
    Checking,
    Good,
    Guessable,
}

/// A password: covered, with a button to uncover it. With `rules`, the rules of a new one are ticked off as it is typed;
/// whether it is easy to guess is asked of the server.
#[component]
pub fn PasswordField(
    /// The words over it.
    #[prop(into)]
    label: TextProp,
    /// What is in it.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    errors: Signal<Vec<FieldCode>>,
    /// What else is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What to know before writing.
    #[prop(optional, into)]
    hint: TextProp,
    /// What an attacker would try first: user name, name, address.
    #[prop(optional, into)]
    about: Signal<Vec<String>>,
    /// Whether this is a new password, with rules to show.
    #[prop(default = true)]
    rules: bool,
    /// The token of the link that sets it, where nobody is logged in.
    #[prop(optional, into)]
    token: Option<String>,
    /// Whether it may be left empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// The name, for password managers and tests.
    #[prop(default = "password")]
    name: &'static str,
    /// Whether the cursor is put here when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// The element.
    #[prop(optional)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let i18n = use_i18n();
    let errors = if rules { with_length(errors, value) } else { errors };
    let id = fresh_id("field");
    let note = format!("{id}-note");
    let rule_list = format!("{id}-rules");
    let shown = RwSignal::new(false);
    let described_by = if rules { format!("{note} {rule_list}") } else { note.clone() };
    focus_at_start(node_ref, autofocus);
    view! {
        <div class="field">
            <FieldLabel field=id.clone() label optional/>
            <div class="password-box">
                <input
                    class="field-input"
                    id=id
                    node_ref=node_ref
                    type=move || if shown.get() { "text" } else { "password" }
                    name=name
                    autocomplete=if rules { "new-password" } else { "current-password" }
                    autocapitalize="none"
                    spellcheck="false"
                    aria-required=(!optional).then_some("true")
                    aria-invalid=move || is_wrong(errors, error).then_some("true")
                    aria-describedby=described_by
                    prop:value=value
                    on:input:target=move |event| value.set(event.target().value())
                />
                <button type="button" class="password-eye" aria-pressed=move || shown.get().to_string()
                    aria-label=move || t_string!(i18n, common.show_password)
                    title=move || if shown.get() { t_string!(i18n, common.hide_password) } else { t_string!(i18n, common.show_password) }
                    on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    {move || view! { <Icon symbol=if shown.get() { Symbol::EyeOff } else { Symbol::Eye }/> }}
                </button>
            </div>
            <FieldNote id=note hint errors error/>
            {rules.then(|| view! { <Rules id=rule_list value about token optional/> })}
        </div>
    }
}

/// What is wrong with a new password, and that it is too long: the one rule that nobody needs to be told of before.
fn with_length(errors: Signal<Vec<FieldCode>>, value: RwSignal<String>) -> Signal<Vec<FieldCode>> {
    let is_too_long = Memo::new(move |_| value.with(|value| broken_rules(value).contains(&FieldCode::TooLong)));
    Signal::derive(move || {
        let mut errors = errors.get();
        if is_too_long.get() && !errors.contains(&FieldCode::TooLong) {
            errors.push(FieldCode::TooLong);
        }
        errors
    })
}

/// The rules, each with what has become of it.
#[component]
fn Rules(
    id: String,
    value: RwSignal<String>,
    about: Signal<Vec<String>>,
    token: Option<String>,
    optional: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let verdict = ask_server(value, about, token);
    let broken = Memo::new(move |_| value.with(|value| broken_rules(value)));
    let keeps = move |code: FieldCode| broken.with(|broken| !broken.contains(&code));
    let guess = move || match verdict.get() {
        Verdict::Checking => Mark::Checking,
        Verdict::Good => Mark::Met,
        Verdict::Unknown | Verdict::Guessable => Mark::Unmet,
    };
    // An empty field that may stay empty needs no list of things to do.
    let silent = Memo::new(move |_| optional && value.with(String::is_empty));
    let list = NodeRef::<html::Div>::new();
    // They come below the field, which may be the last thing in view.
    Effect::new(move |was: Option<bool>| {
        let is = silent.get();
        if was == Some(true) && !is {
            request_animation_frame(move || {
                if let Some(list) = list.try_get_untracked().flatten() {
                    browser::reveal(&list);
                }
            });
        }
        is
    });
    view! {
        <div class="password-rules" id=id node_ref=list hidden=move || silent.get()>
            <p>{t!(i18n, common.password_rules.title)}</p>
            <ul>
                <Rule mark=move || Mark::of(keeps(FieldCode::PasswordTooShort))>{t!(i18n, common.password_rules.length)}</Rule>
                <Rule mark=move || Mark::of(keeps(FieldCode::PasswordNeedsUppercase))>{t!(i18n, common.password_rules.uppercase)}</Rule>
                <Rule mark=move || Mark::of(keeps(FieldCode::PasswordNeedsDigit))>{t!(i18n, common.password_rules.digit)}</Rule>
                <Rule mark=guess>{t!(i18n, common.password_rules.guess)}</Rule>
            </ul>
        </div>
    }
}

/// What has become of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Met,
    Unmet,
    Checking,
}

impl Mark {
    fn of(met: bool) -> Self {
        if met { Self::Met } else { Self::Unmet }
    }

    /// A check or a hollow circle: the colour is not all that tells.
    fn symbol(self) -> Symbol {
        match self {
            Self::Met => Symbol::Check,
            Self::Unmet | Self::Checking => Symbol::Circle,
        }
    }

    fn words(self, i18n: I18n) -> &'static str {
        match self {
            Self::Met => t_string!(i18n, common.password_rules.met),
            Self::Unmet => t_string!(i18n, common.password_rules.unmet),
            Self::Checking => t_string!(i18n, common.password_rules.checking),
        }
    }
}

#[component]
fn Rule<M: Fn() -> Mark + Copy + Send + Sync + 'static>(mark: M, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <li class:met=move || mark() == Mark::Met class:checking=move || mark() == Mark::Checking>
            {move || view! { <Icon symbol=mark().symbol()/> }}
            <span>{children()}<span class="visually-hidden">": " {move || mark().words(i18n)}</span></span>
        </li>
    }
}

/// Asks the server whether the password is easy to guess, once the person pauses. An answer that comes after the next
/// letter is thrown away.
fn ask_server(value: RwSignal<String>, about: Signal<Vec<String>>, token: Option<String>) -> RwSignal<Verdict> {
    let token = StoredValue::new(token);
    let verdict = RwSignal::new(Verdict::Unknown);
    let round = StoredValue::new(0_u32);
    Effect::new(move || {
        let (password, about) = (value.get(), about.get());
        let this = round.with_value(|round| round.wrapping_add(1));
        round.set_value(this);
        // Not worth asking about what breaks the simple rules anyway.
        if !broken_rules(&password).is_empty() {
            return verdict.set(Verdict::Unknown);
        }
        verdict.set(Verdict::Checking);
        set_timeout(move || ask(PasswordCheck { password, about }, token, this, round, verdict), PAUSE);
    });
    verdict
}

fn ask(
    check: PasswordCheck,
    token: StoredValue<Option<String>>,
    this: u32,
    round: StoredValue<u32>,
    verdict: RwSignal<Verdict>,
) {
    let is_current = move || round.try_get_value() == Some(this);
    if !is_current() {
        return;
    }
    let token = token.try_get_value().flatten();
    spawn_local(async move {
        let answer = match token {
            Some(token) => password_links::check(&token, check.password).await,
            None => account::check_password(&check).await,
        };
        if is_current() {
            verdict.try_set(match answer {
                Ok(answer) if answer.broken.contains(&FieldCode::PasswordGuessable) => Verdict::Guessable,
                Ok(_) => Verdict::Good,
                Err(_) => Verdict::Unknown,
            });
        }
    });
}

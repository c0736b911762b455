//! Who leads next: the next in line when a leader goes, and whoever asks when one is there and says nothing.
//!
//! A browser may put any tab to sleep. While the one with the lead sleeps it still has the lock, and all others would hear
//! nothing and not know: so they ask it now and then, and take the lead of one that does not answer.

use std::{cmp::Ordering, time::Duration};

use leptos::prelude::*;
use shared::ids::UserId;

use super::{
    Live,
    leader::Candidacy,
    run::{hear_word, lead, with},
    tabs::{self, Lead, Tabs, Word},
};
use crate::{browser, session::use_session};

/// A leader of which nothing was heard for so long is asked, in milliseconds.
const UNHEARD: f64 = 10_000.0;
/// So long it has to answer.
const ANSWER: Duration = Duration::from_secs(3);

/// What one that follows knows of its leader.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Following {
    /// When anything was last heard of it.
    heard: f64,
    /// The question that it has not answered yet.
    open: Option<u32>,
    /// How many it was asked.
    asked: u32,
}

/// What is made of a question when its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It was answered.
    Answered,
    /// This tab slept itself: the answer may be about to be heard.
    Unclear,
    /// Nobody is there.
    Mute,
}

impl Following {
    /// It was heard of just now.
    pub fn new(now: f64) -> Self {
        Self { heard: now, open: None, asked: 0 }
    }

    /// It said something.
    pub fn hears(&mut self, now: f64) {
        (self.heard, self.open) = (now, None);
    }

    /// The number of a new question, unless one is open.
    fn ask(&mut self) -> Option<u32> {
        if self.open.is_some() {
            return None;
        }
        self.asked = self.asked.wrapping_add(1);
        self.open = Some(self.asked);
        self.open
    }

    /// What became of a question, so many milliseconds after it was asked.
    fn judge(&mut self, question: u32, passed: f64) -> Verdict {
        if self.open != Some(question) {
            return Verdict::Answered;
        }
        self.open = None;
        let late = 2.0 * ANSWER.as_secs_f64() * 1_000.0;
        if passed > late { Verdict::Unclear } else { Verdict::Mute }
    }
}

/// Stands in line for the lead and asks whoever has it how things stand.
pub fn stand(live: Live, person: UserId) {
    let others = Tabs::of(person, move |lead, word| hear_word(live, lead, word));
    // Alone, whoever does not lead would hear nothing.
    let candidacy = others.as_ref().and_then(|_| in_line(live, person));
    let alone = candidacy.is_none();
    with(|engine| {
        engine.alive = Candidacy::stand(&tabs::name_of(person, &engine.tab), || {}, || {});
        engine.tabs = others.filter(|_| !alone);
        engine.candidacy = candidacy;
        engine.tell(&Word::Asked);
    });
    if alone {
        lead(live, person);
    }
}

fn in_line(live: Live, person: UserId) -> Option<Candidacy> {
    Candidacy::stand(&tabs::name(person), move || lead(live, person), move || step_down(live))
}

/// Asks a leader of which nothing was heard for long.
pub fn look(live: Live) {
    if with(|engine| browser::now() - engine.following.heard > UNHEARD) == Some(true) {
        ask(live);
    }
}

/// As one that follows: asks the leader how things stand, and takes its lead when it does not say.
pub fn ask(live: Live) {
    let question = with(|engine| {
        if engine.leads || engine.tabs.is_none() {
            return None;
        }
        let question = engine.following.ask()?;
        engine.tell(&Word::Asked);
        Some(question)
    });
    let Some(question) = question.flatten() else { return };
    let asked = browser::now();
    set_timeout(
        move || match with(|engine| engine.following.judge(question, browser::now() - asked)) {
            Some(Verdict::Unclear) => ask(live),
            Some(Verdict::Mute) => seize(live),
            Some(Verdict::Answered) | None => {}
        },
        ANSWER,
    );
}

/// Takes the lead from whoever has it.
fn seize(live: Live) {
    let Some(person) = use_session().user_untracked().map(|user| user.id) else { return };
    if with(|engine| engine.leads) != Some(false) {
        return;
    }
    // The place in the line is given up first.
    with(|engine| engine.candidacy = None);
    let candidacy = Candidacy::seize(&tabs::name(person), move || lead(live, person), move || step_down(live));
    with(|engine| engine.candidacy = candidacy);
}

/// A leader said something; whether it is heeded. One that slept, and does not know yet that another leads, says what is old.
/// By a word of the next a leader learns that it leads no more, and hears already that word as one that follows.
pub fn heeds(live: Live, lead: Lead) -> bool {
    let said = with(|engine| {
        let order = lead.cmp(&engine.lead);
        if order != Ordering::Less {
            engine.lead = lead;
            engine.following.hears(browser::now());
        }
        (order, engine.leads)
    });
    if said == Some((Ordering::Greater, true)) {
        step_down(live);
    }
    said.is_some_and(|(order, _)| order != Ordering::Less)
}

/// Another took the lead while this tab slept: it follows from here on, and stands in line again.
fn step_down(live: Live) {
    let Some(person) = use_session().user_untracked().map(|user| user.id) else { return };
    let led = with(|engine| {
        let led = std::mem::replace(&mut engine.leads, false);
        engine.nth = engine.nth.wrapping_add(1);
        engine.let_go();
        engine.following.hears(browser::now());
        led
    });
    if led != Some(true) {
        return;
    }
    let candidacy = in_line(live, person);
    with(|engine| {
        engine.candidacy = candidacy;
        engine.tell(&Word::Asked);
        engine.look();
    });
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_leader_that_answers_keeps_the_lead() {
        let mut following = Following::new(0.0);
        let question = following.ask().unwrap();
        assert_eq!(following.ask(), None);
        following.hears(1_000.0);
        assert_eq!(following.judge(question, 3_000.0), Verdict::Answered);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn one_that_says_nothing_loses_it_unless_the_other_slept_too() {
        let mut following = Following::new(0.0);
        let question = following.ask().unwrap();
        assert_eq!(following.judge(question, 60_000.0), Verdict::Unclear);
        let again = following.ask().unwrap();
        assert_eq!(following.judge(question, 3_000.0), Verdict::Answered);
        assert_eq!(following.judge(again, 3_100.0), Verdict::Mute);
    }
}

//! The numbers that matter most, each on a card.

use leptos::prelude::*;
use shared::{
    dashboard::{Dashboard, Lengths, Times},
    tickets::{AssigneeFilter, Status},
};

use crate::{
    i18n::{I18n, t_count, t_string, use_i18n},
    session::use_session,
    tickets::Filters,
    time,
    ui::chart::Moving,
};

/// How good or bad a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Plain,
    Better,
    Worse,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "stat-note",
            Self::Better => "stat-note better",
            Self::Worse => "stat-note worse",
        }
    }
}

/// What is on a card.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    label: String,
    value: String,
    /// There is no number: the value is words instead.
    none: bool,
    note: (Tone, String),
    more: Option<String>,
    href: Option<String>,
}

/// The cards: for each role its own.
#[component]
pub fn Cards(
    /// The numbers.
    numbers: Signal<Dashboard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let role = use_session().user_untracked().map(|user| user.role);
    let staff = role.is_some_and(shared::accounts::Role::is_staff);
    // A technician is told of their own times; whoever runs the desk, and whoever has a problem, of the desk's.
    let own = role == Some(shared::accounts::Role::Technician);
    let first = move |numbers: &Dashboard| if staff { unassigned(i18n, numbers) } else { unfinished(i18n, numbers) };
    let second = move |numbers: &Dashboard| if staff { mine(i18n, numbers) } else { asked(i18n, numbers) };
    let third = move |numbers: &Dashboard| {
        let times = first_response(numbers, own);
        let label = if own {
            t_string!(i18n, dashboard.cards.my_first_response)
        } else {
            t_string!(i18n, dashboard.cards.first_response)
        };
        took(i18n, label, times)
    };
    let fourth = move |numbers: &Dashboard| {
        let times = resolution(numbers, own);
        let label = if own {
            t_string!(i18n, dashboard.cards.my_resolution)
        } else {
            t_string!(i18n, dashboard.cards.resolution)
        };
        took(i18n, label, times)
    };
    view! {
        <section class="stats" aria-label=move || t_string!(i18n, dashboard.cards.region)>
            <Card said=Memo::new(move |_| numbers.with(first))/>
            <Card said=Memo::new(move |_| numbers.with(second))/>
            <Card said=Memo::new(move |_| numbers.with(third))/>
            <Card said=Memo::new(move |_| numbers.with(fourth))/>
        </section>
    }
    .into_any()
}

/// One card.
#[component]
fn Card(
    /// What is on it.
    said: Memo<Said>,
) -> impl IntoView {
    let inside = move || {
        view! {
            <span class="stat-label">{move || said.with(|said| said.label.clone())}</span>
            " "
            <b class="stat-value" class:none=move || said.with(|said| said.none)><Moving text=Signal::derive(move || said.with(|said| said.value.clone()))/></b>
            " "
            <span class=move || said.with(|said| said.note.0.class())>{move || said.with(|said| said.note.1.clone())}</span>
            {move || said.with(|said| said.more.clone()).map(|more| view! { " " <span class="stat-more">{more}</span> })}
        }
    };
    let leads = Memo::new(move |_| said.with(|said| said.href.is_some()));
    move || {
        if leads.get() {
            view! { <a class="stat" href=move || said.with(|said| said.href.clone())>{inside()}</a> }.into_any()
        } else {
            view! { <div class="stat">{inside()}</div> }.into_any()
        }
    }
}

fn unassigned(i18n: I18n, numbers: &Dashboard) -> Said {
    let (count, urgent) = numbers.unassigned.map_or((0, 0), |pile| (pile.count, pile.urgent));
    let filters = Filters { assignee: Some(AssigneeFilter::Nobody), ..Filters::default() };
    let note = if urgent == 0 {
        (Tone::Plain, t_string!(i18n, dashboard.cards.no_urgent).to_owned())
    } else {
        (Tone::Worse, t_count!(i18n, urgent, dashboard.cards.urgent, count = urgent))
    };
    Said {
        label: t_string!(i18n, dashboard.cards.unassigned).to_owned(),
        value: time::whole(i18n.get_locale(), count),
        none: false,
        note,
        more: None,
        href: Some(filters.to_path()),
    }
}

fn mine(i18n: I18n, numbers: &Dashboard) -> Said {
    let filters = Filters { assignee: Some(AssigneeFilter::Me), ..Filters::default() };
    let waiting = numbers.waiting_for_me.count;
    let note = if waiting == 0 {
        t_string!(i18n, dashboard.cards.none_waiting).to_owned()
    } else {
        t_count!(i18n, waiting, dashboard.cards.waiting_count, count = waiting)
    };
    Said {
        label: t_string!(i18n, dashboard.cards.mine).to_owned(),
        value: time::whole(i18n.get_locale(), numbers.mine.as_ref().map_or(0, |mine| mine.count)),
        none: false,
        note: (Tone::Plain, note),
        more: None,
        href: Some(filters.to_path()),
    }
}

fn unfinished(i18n: I18n, numbers: &Dashboard) -> Said {
    let in_hand =
        numbers.by_status.iter().find(|group| group.status == Status::InProgress).map_or(0, |group| group.count);
    let note = t_count!(i18n, in_hand, dashboard.cards.in_hand, count = in_hand);
    Said {
        label: t_string!(i18n, dashboard.cards.unfinished).to_owned(),
        value: time::whole(i18n.get_locale(), numbers.unfinished),
        none: false,
        note: (Tone::Plain, note),
        more: None,
        href: Some(Filters::default().to_path()),
    }
}

fn asked(i18n: I18n, numbers: &Dashboard) -> Said {
    let count = numbers.waiting_for_me.count;
    // Of the tickets that wait for somebody, a user may see those of others too: by state there would be more.
    let filters = Filters { waiting: true, ..Filters::default() };
    let note = if count > 0 {
        t_string!(i18n, dashboard.cards.waiting_hint)
    } else {
        t_string!(i18n, dashboard.cards.nothing_asked)
    };
    Said {
        label: t_string!(i18n, dashboard.cards.waiting).to_owned(),
        value: time::whole(i18n.get_locale(), count),
        none: false,
        note: (Tone::Plain, note.to_owned()),
        more: None,
        href: Some(filters.to_path()),
    }
}

/// How long first answers took: the person's own, or all that they see.
pub fn first_response(numbers: &Dashboard, own: bool) -> &Times {
    numbers.mine.as_ref().filter(|_| own).map_or(&numbers.first_response, |mine| &mine.first_response)
}

/// How long it took to close tickets: the person's own, or all that they see.
pub fn resolution(numbers: &Dashboard, own: bool) -> &Times {
    numbers.mine.as_ref().filter(|_| own).map_or(&numbers.resolution, |mine| &mine.resolution)
}

/// How long something took: half of it, how that has changed, and nine in ten.
fn took(i18n: I18n, label: &str, Times { recent, before }: &Times) -> Said {
    let length = |minutes| time::length(i18n.get_locale(), minutes);
    let (value, note) = match recent.median_minutes {
        None => (
            t_string!(i18n, dashboard.cards.never).to_owned(),
            (Tone::Plain, t_string!(i18n, dashboard.cards.never_note).to_owned()),
        ),
        Some(median) => (length(median), trend(i18n, median, before)),
    };
    let more = recent.p90_minutes.map(|minutes| t_string!(i18n, dashboard.cards.p90, length = length(minutes)));
    Said { label: label.to_owned(), value, none: recent.median_minutes.is_none(), note, more, href: None }
}

fn trend(i18n: I18n, median: i64, before: &Lengths) -> (Tone, String) {
    let Some(earlier) = before.median_minutes else {
        return (Tone::Plain, t_string!(i18n, dashboard.cards.no_before).to_owned());
    };
    let length = time::length(i18n.get_locale(), (median - earlier).abs());
    match median.cmp(&earlier) {
        std::cmp::Ordering::Less => (Tone::Better, t_string!(i18n, dashboard.cards.less, length = length)),
        std::cmp::Ordering::Equal => (Tone::Plain, t_string!(i18n, dashboard.cards.same).to_owned()),
        std::cmp::Ordering::Greater => (Tone::Worse, t_string!(i18n, dashboard.cards.more, length = length)),
    }
}

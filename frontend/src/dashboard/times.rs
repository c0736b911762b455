//! How long first answers and closing took: how many lie in each band of lengths, beside the period before.

use leptos::prelude::*;
use leptos_router::components::A;
use shared::{
    accounts::Role,
    dashboard::{Dashboard, LengthCount, Lengths, Times},
    tickets::{AssigneeFilter, Status},
};

use super::{
    cards::{first_response, resolution},
    tables::{as_table, share, words},
};
use crate::{
    i18n::{I18n, t_count, t_string, use_i18n},
    session::use_session,
    tickets::{Filters, States},
    time,
    ui::chart::{Bars, ChartCard, Sign, Slice, Table},
};

/// Both, of the same tickets as the cards above: a technician's own, or the desk's.
#[component]
pub fn TimesCharts(
    /// The numbers.
    numbers: Signal<Dashboard>,
) -> impl IntoView {
    let own = use_session().user_untracked().is_some_and(|user| user.role == Role::Technician);
    view! {
        <div class="board-grid two">
            <FirstResponse numbers own/>
            <Resolution numbers own/>
        </div>
    }
    .into_any()
}

/// How long it took until somebody first answered. No list tells which those tickets are.
#[component]
fn FirstResponse(
    /// The numbers.
    numbers: Signal<Dashboard>,
    /// Whether they are the person's own.
    own: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let times = Memo::new(move |_| numbers.with(|numbers| first_response(numbers, own).clone()));
    let title = words(move || {
        if own {
            t_string!(i18n, dashboard.times.my_first_response)
        } else {
            t_string!(i18n, dashboard.times.first_response)
        }
    });
    let answered = move || {
        let count = times.with(|times| times.recent.count);
        t_count!(i18n, count, dashboard.times.answered, count = count)
    };
    view! {
        <Spread id="chart-first-response" title times
            legend=move || view! { <span class="chart-sum">{answered}</span> }/>
    }
    .into_any()
}

/// How long it took to close what is closed; all of those together are a list.
#[component]
fn Resolution(
    /// The numbers.
    numbers: Signal<Dashboard>,
    /// Whether they are the person's own.
    own: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let times = Memo::new(move |_| numbers.with(|numbers| resolution(numbers, own).clone()));
    let title = words(move || {
        if own { t_string!(i18n, dashboard.times.my_resolution) } else { t_string!(i18n, dashboard.times.resolution) }
    });
    let closed = move || {
        let count = times.with(|times| times.recent.count);
        t_count!(i18n, count, dashboard.times.closed, count = count)
    };
    let list = Memo::new(move |_| {
        let filters = Filters {
            states: States::Only(vec![Status::Closed]),
            assignee: own.then_some(AssigneeFilter::Me),
            closed_after: Some(numbers.with(|numbers| numbers.from)),
            ..Filters::default()
        };
        filters.to_path()
    });
    view! {
        <Spread id="chart-resolution" title times
            legend=move || view! { <A href=move || list.get() attr:class="link chart-sum">{closed}</A> }/>
    }
    .into_any()
}

/// One bar for each band.
#[component]
fn Spread(
    /// What names the card.
    id: &'static str,
    /// What it is called.
    title: Signal<String>,
    /// The lengths.
    times: Memo<Times>,
    /// How many they are, in words.
    #[prop(into)]
    legend: ViewFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let slices = Signal::derive(move || times.with(|times| slices(i18n, &times.recent)));
    let table = Signal::derive(move || times.with(|times| table(i18n, times)));
    let more = Callback::new(move |key: String| times.with(|times| told(i18n, times, &key)));
    view! { <ChartCard id title table legend><Bars label=title slices more/></ChartCard> }.into_any()
}

/// What a band is called: by its bounds, as the server draws them.
fn name(i18n: I18n, band: &LengthCount) -> String {
    let length = |minutes| time::length(i18n.get_locale(), minutes);
    match (band.from_minutes, band.to_minutes) {
        (least, None) => t_string!(i18n, dashboard.times.over, least = length(least)),
        (0, Some(most)) => t_string!(i18n, dashboard.times.under, most = length(most)),
        (least, Some(most)) => t_string!(i18n, dashboard.times.between, least = length(least), most = length(most)),
    }
}

/// What tells a band from the others.
fn key(band: &LengthCount) -> String {
    band.from_minutes.to_string()
}

fn slices(i18n: I18n, lengths: &Lengths) -> Vec<Slice> {
    let slice = |band: &LengthCount| Slice {
        key: key(band),
        name: name(i18n, band),
        value: band.count,
        class: "tint",
        sign: Sign::Nothing,
        href: None,
    };
    lengths.bands.iter().map(slice).collect()
}

/// The numbers of both periods.
fn table(i18n: I18n, times: &Times) -> Table {
    let mut table = as_table(i18n, t_string!(i18n, dashboard.times.band), &slices(i18n, &times.recent), true);
    table.head.push(t_string!(i18n, dashboard.times.before).to_owned());
    for (row, band) in table.rows.iter_mut().zip(&times.before.bands) {
        row.cells.push(time::whole(i18n.get_locale(), band.count).into());
    }
    table
}

/// What is told of a band that is pointed at: how many, how many took no longer than it, and how it was before.
fn told(i18n: I18n, times: &Times, this: &str) -> Vec<(String, String)> {
    let locale = i18n.get_locale();
    let bands = &times.recent.bands;
    let Some(place) = bands.iter().position(|band| key(band) == this) else { return Vec::new() };
    let mut told: Vec<(String, String)> =
        bands.get(place).map(|band| (name(i18n, band), time::whole(locale, band.count))).into_iter().collect();
    if let Some(most) = bands.get(place).and_then(|band| band.to_minutes) {
        let within = up_to(bands, place);
        let words = t_string!(i18n, dashboard.times.within, most = time::length(locale, most));
        told.push((words, share(locale, within, times.recent.count)));
    }
    if let Some(before) = times.before.bands.get(place) {
        told.push((t_string!(i18n, dashboard.times.before).to_owned(), time::whole(locale, before.count)));
    }
    told
}

/// How many lie in a band or in a shorter one.
fn up_to(bands: &[LengthCount], place: usize) -> i64 {
    bands.iter().take(place + 1).map(|band| band.count).sum()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_took_no_longer_is_counted_too() {
        let band = |(from_minutes, count)| LengthCount { from_minutes, to_minutes: None, count };
        let bands = [(0, 5), (60, 0), (240, 2)].map(band);
        assert_eq!([0, 1, 2, 9].map(|place| up_to(&bands, place)), [5, 5, 7, 7]);
        assert_eq!(bands.each_ref().map(key), ["0", "60", "240"]);
    }
}

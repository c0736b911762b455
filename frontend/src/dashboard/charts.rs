//! The charts, and the same numbers as tables.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::{
    dashboard::{Dashboard, DayCount, Period},
    tickets::{AssigneeFilter, CategoryFilter, Priority, Status},
};

use super::tables::{as_table, words};
use crate::{
    i18n::{I18n, t_count, t_string, use_i18n},
    tickets::{Categories, Filters, States},
    time,
    ui::{
        chart::{
            Bars, ChartCard, Donut, LineChart, LineLegend, LinePoint, Series, Sign, Slice, Table, TableCell, TableRow,
        },
        colour_class, priority_label, status_label,
    },
};

/// People whose load is shown before somebody asks for the others.
const PEOPLE: usize = 10;

/// What everybody sees: what came and went, and how things stand.
#[component]
pub fn Charts(
    /// The numbers.
    numbers: Signal<Dashboard>,
) -> impl IntoView {
    view! {
        <div class="board-grid">
            <Activity numbers/>
            <ByStatus numbers/>
        </div>
    }
    .into_any()
}

/// What only whoever answers sees: what the open ones are like, and who has them.
#[component]
pub fn StaffCharts(
    /// The numbers.
    numbers: Signal<Dashboard>,
    /// The names of the categories.
    categories: Categories,
) -> impl IntoView {
    view! {
        <div class="board-grid three">
            <ByPriority numbers/>
            <ByCategory numbers categories/>
            <ByAge numbers/>
        </div>
        <Load numbers/>
    }
    .into_any()
}

/// What was opened and closed, day by day; over a quarter or a year, week by week.
#[component]
fn Activity(
    /// The numbers.
    numbers: Signal<Dashboard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let weekly = Memo::new(move |_| numbers.with(|numbers| is_weekly(numbers.period)));
    let points = Memo::new(move |_| numbers.with(|numbers| points(i18n, numbers)));
    let title = Signal::derive(move || {
        let title =
            if weekly.get() { t_string!(i18n, dashboard.chart.weeks) } else { t_string!(i18n, dashboard.chart.days) };
        title.to_owned()
    });
    let created = Signal::derive(move || t_string!(i18n, dashboard.chart.created).to_owned());
    let closed = Signal::derive(move || t_string!(i18n, dashboard.chart.closed).to_owned());
    // The dotted line over the tinted one; named the other way round, in the order of the title and the table.
    let series = vec![
        Series { name: closed, class: "line-closed", area: true },
        Series { name: created, class: "line-created", area: false },
    ];
    let table = Signal::derive(move || {
        let first =
            if weekly.get() { t_string!(i18n, dashboard.chart.week) } else { t_string!(i18n, dashboard.chart.day) };
        let row = |point: LinePoint| {
            let numbers = point.values.iter().zip(point.hrefs).rev();
            // A number leads to what it counts: none to nothing.
            let cell = |(&value, href): (&i64, Option<String>)| TableCell {
                words: time::whole(i18n.get_locale(), value),
                href: href.filter(|_| value != 0),
            };
            let cells = numbers.map(cell).collect();
            TableRow { name: point.name, href: None, cells }
        };
        Table {
            head: vec![first.to_owned(), created.get(), closed.get()],
            rows: points.get().into_iter().rev().map(row).collect(),
        }
    });
    let lines = series.clone();
    view! {
        <ChartCard id="chart-days" title table class="chart-card wide"
            legend=move || view! { <LineLegend series=lines.clone()/> }
        >
            <LineChart label=title series=series.clone() points
                nothing=Signal::derive(move || t_string!(i18n, dashboard.chart.no_days).to_owned())/>
        </ChartCard>
    }
    .into_any()
}

/// Whether a period is counted by weeks: of so many days each would be a spike of one or two.
fn is_weekly(period: Period) -> bool {
    matches!(period, Period::Quarter | Period::Year)
}

/// The days, or the weeks of a longer period, the last of which ends today.
fn points(i18n: I18n, numbers: &Dashboard) -> Vec<LinePoint> {
    let each = if is_weekly(numbers.period) { 7 } else { 1 };
    let locale = i18n.get_locale();
    let first = numbers.days.len() % each;
    let (short, whole) = numbers.days.split_at(first);
    let groups: Vec<&[DayCount]> =
        [short].into_iter().filter(|group| !group.is_empty()).chain(whole.chunks(each)).collect();
    let ends = groups.iter().skip(1).map(|group| group.first().map(|day| day.from)).chain([None]);
    let point = |(group, end): (&&[DayCount], Option<DateTime<Utc>>)| {
        let day = group.first()?;
        let name = if each > 1 {
            t_string!(i18n, dashboard.chart.week_of, day = time::date_short(locale, day.date))
        } else {
            time::date_long(locale, day.date)
        };
        let created =
            Filters { states: States::All, created_after: Some(day.from), created_before: end, ..Filters::default() };
        let closed = Filters {
            states: States::Only(vec![Status::Closed]),
            closed_after: Some(day.from),
            closed_before: end,
            ..Filters::default()
        };
        Some(LinePoint {
            tick: time::date_short(locale, day.date),
            name,
            values: vec![group.iter().map(|day| day.closed).sum(), group.iter().map(|day| day.created).sum()],
            hrefs: vec![Some(closed.to_path()), Some(created.to_path())],
        })
    };
    groups.iter().zip(ends).filter_map(point).collect()
}

/// Where the unfinished tickets stand, and how many are done.
#[component]
fn ByStatus(
    /// The numbers.
    numbers: Signal<Dashboard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let all = Memo::new(move |_| numbers.with(|numbers| by_status(i18n, numbers)));
    let unfinished = Signal::derive(move || {
        all.with(|all| all.iter().filter(|slice| slice.key != Status::Closed.as_str()).cloned().collect::<Vec<_>>())
    });
    let closed =
        Signal::derive(move || all.with(|all| all.iter().find(|slice| slice.key == Status::Closed.as_str()).cloned()));
    let closed = Signal::derive(move || closed.get().unwrap_or_else(|| status_slice(i18n, Status::Closed, 0)));
    let title = words(move || t_string!(i18n, dashboard.chart.status));
    let table =
        Signal::derive(move || all.with(|all| as_table(i18n, t_string!(i18n, dashboard.chart.state), all, false)));
    view! {
        <ChartCard id="chart-status" title table>
            <Donut label=title slices=unfinished unit=words(move || t_string!(i18n, dashboard.chart.unfinished)) beside=closed/>
        </ChartCard>
    }
    .into_any()
}

/// The unfinished by priority, the most urgent first.
#[component]
fn ByPriority(
    /// The numbers.
    numbers: Signal<Dashboard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let slices = Signal::derive(move || numbers.with(|numbers| by_priority(i18n, numbers)));
    let title = words(move || t_string!(i18n, dashboard.chart.priority));
    let table =
        Signal::derive(move || as_table(i18n, t_string!(i18n, dashboard.chart.of_priority), &slices.get(), true));
    view! { <ChartCard id="chart-priority" title table><Bars label=title slices/></ChartCard> }.into_any()
}

/// The unfinished by category.
#[component]
fn ByCategory(
    /// The numbers.
    numbers: Signal<Dashboard>,
    /// Their names.
    categories: Categories,
) -> impl IntoView {
    let i18n = use_i18n();
    let slices = Signal::derive(move || numbers.with(|numbers| by_category(i18n, numbers, categories)));
    let title = words(move || t_string!(i18n, dashboard.chart.category));
    let table =
        Signal::derive(move || as_table(i18n, t_string!(i18n, dashboard.chart.of_category), &slices.get(), true));
    view! { <ChartCard id="chart-category" title table><Bars label=title slices/></ChartCard> }.into_any()
}

/// The unfinished by age.
#[component]
fn ByAge(
    /// The numbers.
    numbers: Signal<Dashboard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let slices = Signal::derive(move || numbers.with(|numbers| by_age(i18n, numbers)));
    let title = words(move || t_string!(i18n, dashboard.chart.age));
    let table = Signal::derive(move || as_table(i18n, t_string!(i18n, dashboard.chart.of_age), &slices.get(), true));
    view! { <ChartCard id="chart-age" title table><Bars label=title slices/></ChartCard> }.into_any()
}

/// Who has how many: for whoever sees more than their own.
#[component]
fn Load(
    /// The numbers.
    numbers: Signal<Dashboard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let slices = Signal::derive(move || numbers.with(|numbers| by_assignee(i18n, numbers)));
    let several =
        Memo::new(move |_| slices.with(|slices| slices.iter().filter(|slice| slice.key != NOBODY).count() > 1));
    let whole = RwSignal::new(false);
    let shown = Signal::derive(move || {
        let mut slices = slices.get();
        if !whole.get() {
            slices.truncate(PEOPLE);
        }
        slices
    });
    let title = words(move || t_string!(i18n, dashboard.chart.load));
    let table = Signal::derive(move || numbers.with(|numbers| load_table(i18n, numbers)));
    let many = move || slices.with(Vec::len);
    let turn = move || {
        if whole.get() {
            t_string!(i18n, dashboard.chart.fewer).to_owned()
        } else {
            t_count!(i18n, many(), dashboard.chart.more, count = many())
        }
    };
    view! {
        <Show when=move || several.get()>
            <div class="board-grid one">
                <ChartCard id="chart-load" title table class="chart-card load">
                    <Bars label=title slices=shown/>
                    <Show when=move || { many() > PEOPLE }>
                        <button type="button" class="quiet-link" aria-expanded=move || whole.get().to_string()
                            on:click=move |_| whole.update(|whole| *whole = !*whole)>{turn}</button>
                    </Show>
                </ChartCard>
            </div>
        </Show>
    }
    .into_any()
}

fn status_slice(i18n: I18n, status: Status, count: i64) -> Slice {
    Slice {
        key: status.as_str().to_owned(),
        name: status_label(i18n, status).to_owned(),
        value: count,
        class: match status {
            Status::Open => "mark-open",
            Status::InProgress => "mark-progress",
            Status::Waiting => "mark-waiting",
            Status::Closed => "mark-closed",
        },
        sign: Sign::Status(status),
        href: Some(Filters { states: States::Only(vec![status]), ..Filters::default() }.to_path()),
    }
}

fn by_status(i18n: I18n, numbers: &Dashboard) -> Vec<Slice> {
    numbers.by_status.iter().map(|group| status_slice(i18n, group.status, group.count)).collect()
}

fn by_priority(i18n: I18n, numbers: &Dashboard) -> Vec<Slice> {
    let slice = |group: &shared::dashboard::PriorityCount| Slice {
        key: group.priority.as_str().to_owned(),
        name: priority_label(i18n, group.priority).to_owned(),
        value: group.count,
        class: if group.priority == Priority::Urgent { "mark-urgent" } else { "tint" },
        sign: Sign::Priority(group.priority),
        href: Some(Filters { priority: Some(group.priority), ..Filters::default() }.to_path()),
    };
    numbers.by_priority.iter().rev().map(slice).collect()
}

fn by_category(i18n: I18n, numbers: &Dashboard, categories: Categories) -> Vec<Slice> {
    let of = |category| Filters { category: Some(category), ..Filters::default() }.to_path();
    let slice = |group: &shared::dashboard::CategoryCount| {
        let category = categories.of(group.category_id);
        Slice {
            key: group.category_id.to_string(),
            class: category.as_ref().map_or("tint", |category| colour_class(category.colour)),
            name: category.map_or_else(|| format!("#{}", group.category_id), |category| category.name),
            value: group.count,
            sign: Sign::Dot,
            href: Some(of(CategoryFilter::Id(group.category_id))),
        }
    };
    let mut slices: Vec<Slice> = numbers.by_category.iter().map(slice).collect();
    let without = numbers.unfinished - slices.iter().map(|slice| slice.value).sum::<i64>();
    if without > 0 {
        slices.push(Slice {
            key: String::new(),
            name: t_string!(i18n, dashboard.chart.no_category).to_owned(),
            value: without,
            class: "tint-none",
            sign: Sign::Dot,
            href: Some(of(CategoryFilter::NONE)),
        });
    }
    slices
}

fn by_age(i18n: I18n, numbers: &Dashboard) -> Vec<Slice> {
    let slice = |(place, group): (usize, &shared::dashboard::AgeCount)| {
        let (name, class) = match place {
            0 => (t_string!(i18n, dashboard.chart.age_0), "tint"),
            1 => (t_string!(i18n, dashboard.chart.age_1), "tint"),
            2 => (t_string!(i18n, dashboard.chart.age_2), "tint"),
            3 => (t_string!(i18n, dashboard.chart.age_3), "mark-progress"),
            _ => (t_string!(i18n, dashboard.chart.age_4), "mark-urgent"),
        };
        let filters =
            Filters { created_after: group.created_after, created_before: group.created_before, ..Filters::default() };
        Slice {
            key: place.to_string(),
            name: name.to_owned(),
            value: group.count,
            class,
            sign: Sign::Nothing,
            href: Some(filters.to_path()),
        }
    };
    numbers.by_age.iter().enumerate().map(slice).collect()
}

/// The key of those whom nobody has.
const NOBODY: &str = "none";

fn by_assignee(i18n: I18n, numbers: &Dashboard) -> Vec<Slice> {
    let slice = |load: &shared::dashboard::AssigneeCount| {
        let assignee = load.assignee.as_ref();
        let filter = assignee.map_or(AssigneeFilter::Nobody, |person| AssigneeFilter::Id(person.id));
        Slice {
            key: filter.to_word(),
            name: assignee
                .map_or_else(|| t_string!(i18n, dashboard.chart.nobody).to_owned(), |person| person.name.clone()),
            value: load.count,
            class: if assignee.is_some() { "tint" } else { "tint-none" },
            sign: assignee.map_or(Sign::Dot, |person| Sign::Person(person.clone())),
            href: Some(Filters { assignee: Some(filter), ..Filters::default() }.to_path()),
        }
    };
    numbers.by_assignee.iter().flatten().map(slice).collect()
}

fn load_table(i18n: I18n, numbers: &Dashboard) -> Table {
    let locale = i18n.get_locale();
    let loads = numbers.by_assignee.iter().flatten();
    let row = |(slice, load): (Slice, &shared::dashboard::AssigneeCount)| TableRow {
        name: slice.name,
        href: slice.href,
        cells: vec![time::whole(locale, load.count).into(), time::whole(locale, load.urgent).into()],
    };
    let head = [
        t_string!(i18n, dashboard.chart.person),
        t_string!(i18n, dashboard.chart.count),
        t_string!(i18n, dashboard.chart.urgent),
    ];
    Table {
        head: head.map(str::to_owned).to_vec(),
        rows: by_assignee(i18n, numbers).into_iter().zip(loads).map(row).collect(),
    }
}

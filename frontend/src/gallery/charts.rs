//! The charts, each on its card, with made-up numbers.

use leptos::prelude::*;
use shared::tickets::{Priority, Status};

use crate::ui::chart::{
    Bars, ChartCard, Donut, LineChart, LineLegend, LinePoint, Series, Sign, Slice, Table, TableRow,
};

/// All of them. What names a card is there once in each theme.
#[component]
pub fn Charts(
    /// `light` or `dark`.
    theme: &'static str,
) -> impl IntoView {
    let [ring, bars, lines, nothing] = match theme {
        "dark" => ["ring-dark", "bars-dark", "lines-dark", "nothing-dark"],
        _ => ["ring-light", "bars-light", "lines-light", "nothing-light"],
    };
    view! {
        <Ring id=ring theme/>
        <Lying id=bars theme/>
        <Lines id=lines name=format!("Lines, {theme}") points=days(true)/>
        <Lines id=nothing name=format!("Lines of nothing, {theme}") points=days(false)/>
    }
    .into_any()
}

fn stored(text: &str) -> Signal<String> {
    Signal::stored(text.to_owned())
}

fn slice(name: &str, value: i64, class: &'static str, sign: Sign, href: Option<&str>) -> Slice {
    Slice { key: name.to_owned(), name: name.to_owned(), value, class, sign, href: href.map(str::to_owned) }
}

fn table(slices: &[Slice]) -> Signal<Table> {
    let row = |slice: &Slice| TableRow {
        name: slice.name.clone(),
        href: slice.href.clone(),
        cells: vec![slice.value.to_string().into()],
    };
    let head = ["What", "Tickets"].map(str::to_owned).to_vec();
    Signal::stored(Table { head, rows: slices.iter().map(row).collect() })
}

#[component]
fn Ring(
    /// What names the card.
    id: &'static str,
    /// The theme it is shown in.
    theme: &'static str,
) -> impl IntoView {
    let state = |name, value, class, status| slice(name, value, class, Sign::Status(status), Some("/tickets"));
    let slices = vec![
        state("Open", 12, "mark-open", Status::Open),
        state("In progress", 7, "mark-progress", Status::InProgress),
        state("Waiting", 0, "mark-waiting", Status::Waiting),
    ];
    let closed = Signal::stored(state("Closed", 140, "mark-closed", Status::Closed));
    let title = Signal::stored(format!("A ring, {theme}"));
    let table = table(&slices);
    let slices = Signal::stored(slices);
    let unit = stored("unfinished");
    view! { <ChartCard id title table><Donut label=title slices unit beside=closed/></ChartCard> }.into_any()
}

#[component]
fn Lying(
    /// What names the card.
    id: &'static str,
    /// The theme it is shown in.
    theme: &'static str,
) -> impl IntoView {
    let slices = vec![
        slice("Urgent", 1200, "mark-urgent", Sign::Priority(Priority::Urgent), Some("/tickets")),
        slice("A category with a name that is longer than there is room for", 340, "hue hue-teal", Sign::Dot, None),
        slice("Nothing before it", 7, "tint", Sign::Nothing, Some("/tickets")),
        slice("None at all", 0, "tint-none", Sign::Dot, None),
    ];
    let title = Signal::stored(format!("Bars, {theme}"));
    let table = table(&slices);
    let slices = Signal::stored(slices);
    view! { <ChartCard id title table><Bars label=title slices/></ChartCard> }.into_any()
}

#[component]
fn Lines(
    /// What names the card.
    id: &'static str,
    /// What it is called.
    name: String,
    /// The places.
    points: Vec<LinePoint>,
) -> impl IntoView {
    let title = Signal::stored(name);
    let series = vec![
        Series { name: stored("Closed"), class: "line-closed", area: true },
        Series { name: stored("Opened"), class: "line-created", area: false },
    ];
    let row = |point: &LinePoint| TableRow {
        name: point.name.clone(),
        href: None,
        cells: point.values.iter().map(|value| value.to_string().into()).collect(),
    };
    let head = ["Day", "Closed", "Opened"].map(str::to_owned).to_vec();
    let table = Signal::stored(Table { head, rows: points.iter().map(row).collect() });
    let points = Signal::stored(points);
    let lines = series.clone();
    view! {
        <ChartCard id title table legend=move || view! { <LineLegend series=lines.clone()/> }>
            <LineChart label=title series=series.clone() points nothing=stored("Nothing was opened or closed.")/>
        </ChartCard>
    }
    .into_any()
}

/// Two weeks, in which something happened or not.
fn days(busy: bool) -> Vec<LinePoint> {
    let point = |day: i64| LinePoint {
        tick: format!("{day} Mar"),
        name: format!("{day} March"),
        values: if busy { vec![day * 5 % 9 + 2, day * 7 % 11 + 3] } else { vec![0, 0] },
        hrefs: vec![Some("/tickets".to_owned()); 2],
    };
    (1..=14).map(point).collect()
}

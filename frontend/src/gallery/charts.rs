//! The charts, each on its card, with made-up numbers.

use leptos::prelude::*;
use shared::{
    accounts::UserRef,
    ids::UserId,
    tickets::{Priority, Status},
};

use crate::ui::{
    Button,
    chart::{Bars, ChartCard, Donut, LineChart, LineLegend, LinePoint, Moving, Series, Sign, Slice, Table, TableRow},
};

/// All of them. What names a card is there once in each theme.
#[component]
pub fn Charts(
    /// `light` or `dark`.
    theme: &'static str,
) -> impl IntoView {
    let [ring, one, empty, bars, told, none, lines, nothing] = match theme {
        "dark" => [
            "ring-dark",
            "ring-one-dark",
            "ring-none-dark",
            "bars-dark",
            "bars-told-dark",
            "bars-none-dark",
            "lines-dark",
            "nothing-dark",
        ],
        _ => [
            "ring-light",
            "ring-one-light",
            "ring-none-light",
            "bars-light",
            "bars-told-light",
            "bars-none-light",
            "lines-light",
            "nothing-light",
        ],
    };
    view! {
        <div class="gallery-group" data-ui="chart">
            <Ring id=ring theme name="A ring" counts=[12, 7, 0] beside=true/>
            <Ring id=one theme name="A ring of one" counts=[0, 7, 0]/>
            <Ring id=empty theme name="A ring of nothing" counts=[0, 0, 0]/>
            <Lying id=bars name=format!("Bars, {theme}") slices=several()/>
            <Told id=told theme/>
            <Lying id=none name=format!("Bars of nothing, {theme}") slices=vec![slice("None", 0, "tint", Sign::Dot, None)]/>
            <Lines id=lines name=format!("Lines, {theme}") points=days(true)/>
            <Lines id=nothing name=format!("Lines of nothing, {theme}") points=days(false)/>
            <Number/>
        </div>
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
    /// What it is called.
    name: &'static str,
    /// How large each slice is.
    counts: [i64; 3],
    /// Whether something belongs to it that is not on the ring.
    #[prop(optional)]
    beside: bool,
) -> impl IntoView {
    let state = |name, value, class, status| slice(name, value, class, Sign::Status(status), Some("/tickets"));
    let [open, progress, waiting] = counts;
    let slices = vec![
        state("Open", open, "mark-open", Status::Open),
        state("In progress", progress, "mark-progress", Status::InProgress),
        state("Waiting", waiting, "mark-waiting", Status::Waiting),
    ];
    let closed = Signal::stored(state("Closed", 140, "mark-closed", Status::Closed));
    let title = Signal::stored(format!("{name}, {theme}"));
    let table = table(&slices);
    let slices = Signal::stored(slices);
    let unit = stored("unfinished");
    view! {
        <ChartCard id title table>
            {if beside {
                view! { <Donut label=title slices unit beside=closed/> }.into_any()
            } else {
                view! { <Donut label=title slices unit/> }.into_any()
            }}
        </ChartCard>
    }
    .into_any()
}

/// One with each sign, one that leads nowhere, one too long, one of nothing.
fn several() -> Vec<Slice> {
    let person = UserRef { id: UserId(1), name: "Ana Ruiz".to_owned(), avatar_url: None };
    vec![
        slice("Urgent", 1200, "mark-urgent", Sign::Priority(Priority::Urgent), Some("/tickets")),
        slice("A category with a name that is longer than there is room for", 340, "hue hue-teal", Sign::Dot, None),
        slice("In progress", 90, "mark-progress", Sign::Status(Status::InProgress), Some("/tickets")),
        slice("Ana Ruiz", 12, "tint", Sign::Person(person), Some("/tickets")),
        slice("Nothing before it", 7, "tint", Sign::Nothing, Some("/tickets")),
        slice("None at all", 0, "tint-none", Sign::Dot, None),
    ]
}

#[component]
fn Lying(
    /// What names the card.
    id: &'static str,
    /// What it is called.
    name: String,
    /// What it compares.
    slices: Vec<Slice>,
) -> impl IntoView {
    let title = Signal::stored(name);
    let table = table(&slices);
    let slices = Signal::stored(slices);
    view! { <ChartCard id title table><Bars label=title slices/></ChartCard> }.into_any()
}

/// Bars that tell more when they are pointed at: one leads somewhere, the others nowhere.
#[component]
fn Told(
    /// What names the card.
    id: &'static str,
    /// The theme it is shown in.
    theme: &'static str,
) -> impl IntoView {
    let title = Signal::stored(format!("Bars that tell more, {theme}"));
    let slices = vec![
        slice("Under 1 h", 12, "tint", Sign::Nothing, None),
        slice("1 h to 4 h", 5, "tint", Sign::Nothing, Some("/tickets")),
        slice("4 h or more", 0, "tint", Sign::Nothing, None),
    ];
    let table = table(&slices);
    let slices = Signal::stored(slices);
    let more = Callback::new(|key: String| vec![(key, "12".to_owned()), ("Before".to_owned(), "9".to_owned())]);
    view! { <ChartCard id title table><Bars label=title slices more/></ChartCard> }.into_any()
}

/// A number that changes when it is told to.
#[component]
fn Number() -> impl IntoView {
    let count = RwSignal::new(41);
    view! {
        <div class="gallery-row">
            <b class="stat-value"><Moving text=Signal::derive(move || count.get().to_string())/></b>
            <Button on_click=move |_| count.update(|count| *count += 1)>"One more"</Button>
        </div>
    }
    .into_any()
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

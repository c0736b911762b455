//! The card a chart is on, which shows its numbers as a table when asked to.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{
    i18n::{t_string, use_i18n},
    ui::{Icon, Symbol},
};

/// The numbers of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The words over the columns.
    pub head: Vec<String>,
    /// The rows, in order.
    pub rows: Vec<TableRow>,
}

/// A row of such a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// What it is about.
    pub name: String,
    /// Where that leads.
    pub href: Option<String>,
    /// The numbers.
    pub cells: Vec<TableCell>,
}

/// A number of such a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCell {
    /// As it is written.
    pub words: String,
    /// Where it leads.
    pub href: Option<String>,
}

impl From<String> for TableCell {
    fn from(words: String) -> Self {
        Self { words, href: None }
    }
}

/// A chart on its card, under its name.
#[component]
pub fn ChartCard(
    /// What names it.
    id: &'static str,
    /// Its name.
    #[prop(into)]
    title: Signal<String>,
    /// The same numbers.
    #[prop(into)]
    table: Signal<Table>,
    /// More classes.
    #[prop(default = "chart-card")]
    class: &'static str,
    /// What stands beside the name.
    #[prop(optional, into)]
    legend: Option<ViewFn>,
    /// The chart.
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let as_table = RwSignal::new(false);
    let switch = move || t_string!(i18n, dashboard.chart.as_table, title = title.get());
    view! {
        <section class=class aria-labelledby=id>
            <header class="chart-head">
                <h2 id=id>{title}</h2>
                {legend.map(|legend| legend.run())}
                <button type="button" class="btn btn-quiet btn-icon chart-switch" aria-pressed=move || as_table.get().to_string()
                    aria-label=switch title=switch on:click=move |_| as_table.update(|on| *on = !*on)
                >
                    <Icon symbol=Symbol::Table/>
                </button>
            </header>
            {move || if as_table.get() { view! { <Numbers title table/> }.into_any() } else { children().into_any() }}
        </section>
    }
    .into_any()
}

/// Words that lead somewhere, or not.
fn linked(words: String, href: Option<String>) -> AnyView {
    match href {
        Some(href) => view! { <A href=href attr:class="link">{words}</A> }.into_any(),
        None => words.into_any(),
    }
}

/// The table.
#[component]
fn Numbers(
    /// Its name.
    title: Signal<String>,
    /// What is in it.
    table: Signal<Table>,
) -> impl IntoView {
    let head = move || table.with(|table| table.head.clone());
    let heading = |(nth, words): (usize, String)| {
        view! { <th scope="col" class:number=move || { nth > 0 }>{words}</th> }
    };
    let line = |TableRow { name, href, cells }: TableRow| {
        let cell = |cell: TableCell| view! { <td class="number">{linked(cell.words, cell.href)}</td> };
        view! {
            <tr>
                <th scope="row">{linked(name, href)}</th>
                {cells.into_iter().map(cell).collect_view()}
            </tr>
        }
    };
    view! {
        // Whoever scrolls with the keyboard has to reach it. The card around it is the landmark of that name.
        <div class="chart-table" role="group" tabindex="0" aria-label=title>
            <table>
                <thead><tr>{move || head().into_iter().enumerate().map(heading).collect_view()}</tr></thead>
                <tbody>{move || table.with(|table| table.rows.clone()).into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

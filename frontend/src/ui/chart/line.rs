//! Lines over time.

use std::fmt::Write as _;

use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;

use super::scale::{named, scale};
use crate::{i18n::use_i18n, time};

/// The side of the square that lines are drawn in, which is then drawn out to the room there is.
const SIDE: f64 = 1000.0;
/// So many places are named below at most: the most that there is room for, by the width of the chart. The style sheet chooses.
const NAMES: [usize; 3] = [5, 4, 2];

/// One place on the line of time.
#[derive(Debug, Clone, PartialEq)]
pub struct LinePoint {
    /// What it is called below the lines.
    pub tick: String,
    /// What it is called in full.
    pub name: String,
    /// How many, for each line.
    pub values: Vec<i64>,
    /// Where each of them leads.
    pub hrefs: Vec<Option<String>>,
}

/// One line.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    /// What it shows.
    pub name: Signal<String>,
    /// The class that gives it its colour and its form.
    pub class: &'static str,
    /// Whether what lies below it is tinted.
    pub area: bool,
}

/// What each line is, the one drawn last first.
#[component]
pub fn LineLegend(
    /// The lines.
    series: Vec<Series>,
) -> impl IntoView {
    let entry = |series: Series| {
        view! {
            <span class=format!("plot-legend {}", series.class)>
                <svg viewBox="0 0 18 8" width="18" height="8" aria-hidden="true"><path class="plot-line" d="M1 4H17"></path></svg>
                {series.name}
            </span>
        }
    };
    view! { <span class="plot-legends">{series.into_iter().rev().map(entry).collect_view()}</span> }.into_any()
}

/// Lines over time, read place by place: by pointing, or with the arrows, as on a slider.
#[component]
pub fn LineChart(
    /// What it shows.
    #[prop(into)]
    label: Signal<String>,
    /// The lines.
    series: Vec<Series>,
    /// The places, in order.
    #[prop(into)]
    points: Signal<Vec<LinePoint>>,
    /// What is said when there is nothing to show.
    #[prop(into)]
    nothing: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let at = RwSignal::new(None::<usize>);
    let count = Memo::new(move |_| points.with(Vec::len));
    let most = Memo::new(move |_| {
        points.with(|points| points.iter().flat_map(|point| &point.values).copied().max().unwrap_or(0))
    });
    let (step, top) = (Memo::new(move |_| scale(most.get()).0), Memo::new(move |_| scale(most.get()).1));
    let steps = move || (0..=top.get() / step.get()).map(|nth| nth * step.get()).collect::<Vec<i64>>();
    let line = move |nth: usize| points.with(|points| path(points, nth, top.get()));
    let drawn = series.clone().into_iter().enumerate().map(move |(nth, Series { class, area, .. })| {
        view! {
            <g class=class>
                {area.then(|| view! { <path class="plot-area" d=move || closed(&line(nth))></path> })}
                <path class="plot-line" d=move || line(nth)></path>
            </g>
        }
    });
    let tick = move |place: usize| {
        let text = points.with(|points| points.get(place).map(|point| point.tick.clone()));
        let class = if place == 0 {
            "first"
        } else if place + 1 == count.get() {
            "last"
        } else {
            ""
        };
        view! { <span class=class style:left=share(place, count.get())>{text}</span> }
    };
    view! {
        <div class="plot">
            <div class="plot-scale" aria-hidden="true">
                {move || steps().into_iter().map(|number| view! {
                    <span style:bottom=height(number, top.get())>{time::whole(i18n.get_locale(), number)}</span>
                }).collect_view()}
            </div>
            <Field label series points at count top>
                <svg class="plot-lines" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
                    <path class="plot-grid" d=move || grid(&steps(), top.get())></path>
                    {drawn.collect_view()}
                </svg>
                <Show when=move || most.get() == 0><p class="plot-nothing">{nothing}</p></Show>
            </Field>
            <div class="plot-ticks" aria-hidden="true">
                {NAMES.into_iter().map(|room| view! {
                    <div class=format!("plot-names of-{room}")>
                        {move || named(count.get(), room).into_iter().map(tick).collect_view()}
                    </div>
                }).collect_view()}
            </div>
        </div>
    }
    .into_any()
}

/// Where the lines are, and what is pointed at.
#[component]
fn Field(
    /// What it shows.
    label: Signal<String>,
    /// The lines.
    series: Vec<Series>,
    /// The places, in order.
    points: Signal<Vec<LinePoint>>,
    /// The place that is pointed at.
    at: RwSignal<Option<usize>>,
    /// How many there are.
    count: Memo<usize>,
    /// The number at the top.
    top: Memo<i64>,
    /// The lines, drawn.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = StoredValue::new_local(use_navigate());
    let field = NodeRef::<html::Div>::new();
    // The line that is pointed at. Without a pointer it is the last one; those of all are in the table.
    let line = RwSignal::new(series.len().saturating_sub(1));
    let last = move || count.get().saturating_sub(1);
    let point = move |event: ev::PointerEvent| {
        let Some(field) = field.get_untracked() else { return };
        let room = field.get_bounding_client_rect();
        let place = nearest((f64::from(event.client_x()) - room.left()) / room.width().max(1.0), count.get_untracked());
        let height = (room.bottom() - f64::from(event.client_y())) / room.height().max(1.0);
        let values =
            points.with_untracked(|points| place.and_then(|place| points.get(place)).map(|point| point.values.clone()));
        at.set(place);
        if let Some(nth) = values.and_then(|values| beside(&values, height, top.get_untracked())) {
            line.set(nth);
        }
    };
    let go = move || {
        let href = points.with_untracked(|points| {
            points.get(at.get_untracked()?)?.hrefs.get(line.get_untracked()).cloned().flatten()
        });
        if let Some(href) = href {
            navigate.with_value(|navigate| navigate(&href, NavigateOptions::default()));
        }
    };
    // A finger reads first: where it leads is in the table.
    let click = move |event: ev::MouseEvent| {
        if event.dyn_ref::<web_sys::PointerEvent>().is_none_or(|event| event.pointer_type() != "touch") {
            go();
        }
    };
    let lines = series.len();
    let key = move |event: ev::KeyboardEvent| {
        let (now, last) = (at.get_untracked().unwrap_or(usize::MAX), count.get_untracked().saturating_sub(1));
        let now = now.min(last);
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => now + 1,
            "PageDown" => now.saturating_sub(7),
            "PageUp" => now + 7,
            "Home" => 0,
            "End" => last,
            "Enter" => {
                event.prevent_default();
                line.set(lines.saturating_sub(1));
                return go();
            }
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next.min(last)));
    };
    let named = series.clone();
    let words = move || {
        let place = at.get().unwrap_or(usize::MAX).min(last());
        points.with(|points| points.get(place).map(|point| read(i18n.get_locale(), point, &named)))
    };
    view! {
        <div
            class="plot-field"
            node_ref=field
            role="slider"
            tabindex="0"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax=move || last().to_string()
            aria-valuenow=move || at.get().unwrap_or(usize::MAX).min(last()).to_string()
            aria-valuetext=words
            on:pointermove=point
            on:pointerdown=point
            on:pointerleave=move |_| at.set(None)
            on:focus=move |_| at.update(|at| { at.get_or_insert(count.get_untracked().saturating_sub(1)); })
            on:blur=move |_| at.set(None)
            on:keydown=key
            on:click=click
        >
            {children()}
            {move || at.get().map(|place| view! { <Pointed series=series.clone() points place line count top/> })}
        </div>
    }
    .into_any()
}

/// The place that is pointed at: a line through it, a dot on each line, and the numbers in the order of the legend.
#[component]
fn Pointed(
    /// The lines.
    series: Vec<Series>,
    /// The places, in order.
    points: Signal<Vec<LinePoint>>,
    /// Which.
    place: usize,
    /// The line that is pointed at.
    line: RwSignal<usize>,
    /// How many there are.
    count: Memo<usize>,
    /// The number at the top.
    top: Memo<i64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let left = move || share(place, count.get());
    let value = move |nth: usize| {
        points.with(|points| points.get(place).and_then(|point| point.values.get(nth)).copied().unwrap_or(0))
    };
    let dot = move |(nth, series): (usize, Series)| {
        view! {
            <i class=format!("plot-dot {}", series.class) style:left=left style:bottom=move || height(value(nth), top.get())></i>
        }
    };
    let entry = move |(nth, series): (usize, Series)| {
        view! {
            <span class=format!("plot-legend {}", series.class) class:on=move || line.get() == nth>
                <svg viewBox="0 0 18 8" width="18" height="8"><path class="plot-line" d="M1 4H17"></path></svg>
                {series.name}
                <b>{move || time::whole(i18n.get_locale(), value(nth))}</b>
            </span>
        }
    };
    let name = move || points.with(|points| points.get(place).map(|point| point.name.clone()));
    view! {
        <span aria-hidden="true">
            <i class="plot-cursor" style:left=left></i>
            {series.clone().into_iter().enumerate().map(dot).collect_view()}
            <span class="plot-tip" class:before=move || { place * 2 >= count.get() } style:left=left>
                <span>{name}</span>
                {series.into_iter().enumerate().rev().map(entry).collect_view()}
            </span>
        </span>
    }
    .into_any()
}

/// A place and its numbers, as one says them.
fn read(locale: crate::i18n::Locale, point: &LinePoint, series: &[Series]) -> String {
    let value = |(series, value): (&Series, &i64)| format!("{}: {}", series.name.get(), time::whole(locale, *value));
    let values: Vec<String> = series.iter().zip(&point.values).map(value).collect();
    format!("{}. {}", point.name, values.join(", "))
}

#[allow(clippy::cast_precision_loss, reason = "places of a chart")]
fn across(place: usize, count: usize) -> f64 {
    if count < 2 { 0.5 } else { place as f64 / (count - 1) as f64 }
}

/// How far to the right a place is.
fn share(place: usize, count: usize) -> String {
    format!("{}%", across(place, count) * 100.0)
}

#[allow(clippy::cast_precision_loss, reason = "nothing is counted beyond what a double holds")]
fn up(number: i64, top: i64) -> f64 {
    number as f64 / top.max(1) as f64
}

/// How far up a number is.
fn height(number: i64, top: i64) -> String {
    format!("{}%", up(number, top) * 100.0)
}

/// The place nearest to a share of the room.
fn nearest(share: f64, count: usize) -> Option<usize> {
    (0..count)
        .min_by(|&one, &other| (across(one, count) - share).abs().total_cmp(&(across(other, count) - share).abs()))
}

/// The line nearest to a share of the height; of two that meet, the one drawn last.
fn beside(values: &[i64], height: f64, top: i64) -> Option<usize> {
    let away = |value: &i64| (up(*value, top) - height).abs();
    let nearer = |one: &(usize, &i64), other: &(usize, &i64)| away(one.1).total_cmp(&away(other.1));
    values.iter().enumerate().rev().min_by(nearer).map(|(nth, _)| nth)
}

/// One line.
fn path(points: &[LinePoint], nth: usize, top: i64) -> String {
    let mut path = String::new();
    for (place, point) in points.iter().enumerate() {
        let (x, value) = (across(place, points.len()) * SIDE, point.values.get(nth).copied().unwrap_or(0));
        let y = SIDE - up(value, top) * SIDE;
        // Writing to a String does not fail.
        let _ = write!(path, "{}{x:.1} {y:.1}", if place == 0 { 'M' } else { 'L' });
    }
    path
}

/// What lies below a line.
fn closed(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("{line}L{SIDE} {SIDE}L0 {SIDE}Z") }
}

fn grid(steps: &[i64], top: i64) -> String {
    steps.iter().fold(String::new(), |mut grid, &number| {
        let _ = write!(grid, "M0 {:.1}H{SIDE}", SIDE - up(number, top) * SIDE);
        grid
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn points(values: &[i64]) -> Vec<LinePoint> {
        let point =
            |&value: &i64| LinePoint { tick: String::new(), name: String::new(), values: vec![value], hrefs: vec![] };
        values.iter().map(point).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_line_goes_from_edge_to_edge() {
        assert_eq!(path(&points(&[0, 5, 10]), 0, 10), "M0.0 1000.0L500.0 500.0L1000.0 0.0");
        assert_eq!(closed(&path(&points(&[1, 1]), 0, 1)), "M0.0 0.0L1000.0 0.0L1000 1000L0 1000Z");
        assert_eq!(closed(&path(&[], 0, 1)), "");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_nearest_place_is_pointed_at() {
        assert_eq!(nearest(0.0, 3), Some(0));
        assert_eq!(nearest(0.3, 3), Some(1));
        assert_eq!(nearest(2.0, 3), Some(2));
        assert_eq!(nearest(0.5, 0), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_nearest_line_is_pointed_at() {
        assert_eq!(beside(&[2, 8], 0.3, 10), Some(0));
        assert_eq!(beside(&[2, 8], 0.6, 10), Some(1));
        assert_eq!(beside(&[8, 2], 1.0, 10), Some(0));
        assert_eq!(beside(&[5, 5], 0.0, 10), Some(1));
        assert_eq!(beside(&[], 0.5, 10), None);
    }
}

//! A ring of slices.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{Moving, Slice, mark, percent, settled, step, sum};
use crate::{
    i18n::{I18n, use_i18n},
    time,
};

/// What is left free between two slices, in percent of the ring.
const GAP: f64 = 0.9;

/// Where each slice begins on the ring, and how long it is, in percent of the ring.
fn arcs(slices: &[Slice]) -> Vec<(f64, f64)> {
    let whole = sum(slices);
    let several = slices.iter().filter(|slice| slice.value > 0).count() > 1;
    let mut start = 0.0;
    let arc = |slice: &Slice| {
        let length = percent(slice.value, whole);
        let from = start;
        start += length;
        if several && length > 0.0 { (from + GAP / 2.0, (length - GAP).max(0.2)) } else { (from, length) }
    };
    slices.iter().map(arc).collect()
}

/// A ring, with what it is made of beside it. What is pointed at, on the ring or beside it, is told in its middle.
#[component]
pub fn Donut(
    /// What it compares.
    #[prop(into)]
    label: Signal<String>,
    /// The slices, in their order.
    #[prop(into)]
    slices: Signal<Vec<Slice>>,
    /// What all of them together are.
    #[prop(into)]
    unit: Signal<String>,
    /// What belongs to it and is not on the ring.
    #[prop(optional, into)]
    beside: Option<Signal<Slice>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let at = RwSignal::new(None::<String>);
    let keys = Memo::new(move |before: Option<&Vec<String>>| slices.with(|slices| settled(before, slices)));
    let whole = Memo::new(move |_| slices.with(|slices| sum(slices)));
    let pointed = move || {
        let at = at.get()?;
        slices.with(|slices| slices.iter().find(|slice| slice.key == at).cloned())
    };
    let number = Signal::derive(move || {
        let value = pointed().map_or_else(|| whole.get(), |slice| slice.value);
        time::whole(i18n.get_locale(), value)
    });
    let words = move || match pointed() {
        Some(slice) => {
            format!("{} · {}", slice.name, time::percent(i18n.get_locale(), percent(slice.value, whole.get())))
        }
        None => unit.get(),
    };
    view! {
        <div class="donut">
            <div class="donut-ring">
                <svg viewBox="0 0 140 140" aria-hidden="true">
                    <circle class="donut-track" cx="70" cy="70" r="57"></circle>
                    <For each=move || keys.get() key=Clone::clone let:key>{ring(key, slices, at)}</For>
                </svg>
                <div class="donut-middle" aria-hidden="true"><b><Moving text=number/></b><span>{words}</span></div>
            </div>
            <ul class="legend" aria-label=move || label.get() on:keydown=move |event| step(&event)>
                <For each=move || keys.get() key=Clone::clone let:key><li>{row(i18n, key, slices, whole, at)}</li></For>
                {beside.map(|slice| view! { <li class="legend-beside">{plain(i18n, slice)}</li> })}
            </ul>
        </div>
    }
    .into_any()
}

/// One slice of the ring. The list beside it is what the keyboard reaches.
fn ring(key: String, slices: Signal<Vec<Slice>>, at: RwSignal<Option<String>>) -> AnyView {
    let navigate = use_navigate();
    let place = {
        let key = key.clone();
        Memo::new(move |_| slices.with(|slices| slices.iter().position(|slice| slice.key == key)))
    };
    let arc = Memo::new(move |_| {
        let nth = place.get().unwrap_or(usize::MAX);
        slices.with(|slices| arcs(slices).get(nth).copied()).unwrap_or_default()
    });
    let slice = move || place.get().and_then(|nth| slices.with(|slices| slices.get(nth).cloned()));
    let class = move || slice().map_or("", |slice| slice.class);
    let (own, this) = (key.clone(), key);
    let go = move |_| {
        if let Some(href) = slice().and_then(|slice| slice.href) {
            navigate(&href, NavigateOptions::default());
        }
    };
    view! {
        <g class=class>
            <circle
                class="donut-slice"
                class:at=move || at.with(|at| at.as_ref() == Some(&own))
                cx="70" cy="70" r="57" pathLength="100" transform="rotate(-90 70 70)"
                style:stroke-dasharray=move || { let (_, length) = arc.get(); format!("{length} {}", 100.0 - length) }
                style:stroke-dashoffset=move || format!("{}", -arc.get().0)
                on:pointerenter=move |_| at.set(Some(this.clone()))
                on:pointerleave=move |_| at.set(None)
                on:click=go
            ></circle>
        </g>
    }
    .into_any()
}

fn row(i18n: I18n, key: String, slices: Signal<Vec<Slice>>, whole: Memo<i64>, at: RwSignal<Option<String>>) -> AnyView {
    let this = key.clone();
    let point = move |on: bool| at.set(on.then(|| this.clone()));
    let (over, focus) = (point.clone(), point);
    let slice = Memo::new(move |_| slices.with(|slices| slices.iter().find(|slice| slice.key == key).cloned()));
    let of = move |read: fn(&Slice) -> String| slice.with(|slice| slice.as_ref().map(read).unwrap_or_default());
    let value = Memo::new(move |_| slice.with(|slice| slice.as_ref().map_or(0, |slice| slice.value)));
    let sign = Memo::new(move |_| slice.with(|slice| slice.as_ref().map(|slice| (slice.sign.clone(), slice.class))));
    let share = move || time::percent(i18n.get_locale(), percent(value.get(), whole.get()));
    view! {
        <a class="legend-row" href=move || of(|slice| slice.href.clone().unwrap_or_default())
            on:pointerenter={ let over = over.clone(); move |_| over(true) } on:pointerleave=move |_| over(false)
            on:focus={ let focus = focus.clone(); move |_| focus(true) } on:blur=move |_| focus(false)
        >
            {move || sign.get().map(|(sign, class)| mark::draw(sign, class))}
            <span class="legend-name">{move || of(|slice| slice.name.clone())}</span>
            " "
            <span class="legend-value"><Moving text=Signal::derive(move || time::whole(i18n.get_locale(), value.get()))/></span>
            // The ring shows it to whoever sees the ring.
            <span class="visually-hidden">" (" {share} ")"</span>
        </a>
    }
    .into_any()
}

fn plain(i18n: I18n, slice: Signal<Slice>) -> AnyView {
    let number = Signal::derive(move || time::whole(i18n.get_locale(), slice.with(|slice| slice.value)));
    view! {
        <a class="legend-row" href=move || slice.with(|slice| slice.href.clone().unwrap_or_default())>
            {move || slice.with(|slice| mark::draw(slice.sign.clone(), slice.class))}
            <span class="legend-name">{move || slice.with(|slice| slice.name.clone())}</span>
            " "
            <span class="legend-value"><Moving text=number/></span>
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::ui::chart::Sign;

    fn slices(values: &[i64]) -> Vec<Slice> {
        let slice = |(nth, &value): (usize, &i64)| Slice {
            key: nth.to_string(),
            name: String::new(),
            value,
            class: "",
            sign: Sign::Nothing,
            href: None,
        };
        values.iter().enumerate().map(slice).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn slices_follow_each_other_with_a_gap_between_them() {
        let arcs = arcs(&slices(&[1, 0, 3]));
        assert!((arcs[0].0 - GAP / 2.0).abs() < 1e-9 && (arcs[0].1 - (25.0 - GAP)).abs() < 1e-9);
        assert!(arcs[1].1.abs() < f64::EPSILON);
        assert!((arcs[2].0 - (25.0 + GAP / 2.0)).abs() < 1e-9);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_single_slice_is_the_whole_ring() {
        assert_eq!(arcs(&slices(&[5, 0]))[0], (0.0, 100.0));
        assert_eq!(arcs(&slices(&[0, 0]))[0], (0.0, 0.0));
    }
}

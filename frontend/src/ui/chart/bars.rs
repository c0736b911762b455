//! Bars that lie.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::{Moving, Slice, mark, percent, settled, step, sum};
use crate::{i18n::use_i18n, time, ui::fresh_id};

/// What is told of the bar that is pointed at.
#[derive(Debug, Clone, Copy)]
struct Tips {
    /// The one under the pointer.
    over: RwSignal<Option<String>>,
    /// The one that has the focus, or was pressed.
    held: RwSignal<Option<String>>,
    /// The one under the pointer that is no longer to be told of.
    sent_away: StoredValue<Option<String>>,
    /// What there is to tell of it: words, and the number behind them.
    more: Callback<String, Vec<(String, String)>>,
}

impl Tips {
    /// Whether a bar is the one that is pointed at; tracked.
    fn tell(self, key: &str) -> bool {
        let at = if self.over.with(Option::is_some) { self.over } else { self.held };
        at.with(|at| at.as_deref() == Some(key))
    }

    /// Tells of the one that got the focus or was pressed, though the pointer rests on another: what was done last counts.
    fn hold(self, key: Option<String>) {
        if key.is_some() {
            self.over.set(None);
        }
        self.held.set(key);
    }

    /// Tells of the one that the pointer moves over, unless that was sent away; `None` when the pointer leaves it.
    fn point(self, key: Option<&str>) {
        if key.is_none() {
            self.sent_away.set_value(None);
        }
        if key.is_none() || self.sent_away.with_value(|away| away.as_deref() != key) {
            self.over.maybe_update(|over| {
                let is_other = over.as_deref() != key;
                if is_other {
                    *over = key.map(str::to_owned);
                }
                is_other
            });
        }
    }

    /// Tells nothing, of what is pointed at neither until it is pointed at anew (WCAG 2.2, 1.4.13).
    fn hide(self) {
        if let Some(over) = self.over.get_untracked() {
            self.sent_away.set_value(Some(over));
            self.over.set(None);
        }
        self.held.set(None);
    }
}

/// One bar for each slice, as long as its share of them all; its name before it and its number behind.
#[component]
pub fn Bars(
    /// What it compares.
    #[prop(into)]
    label: Signal<String>,
    /// The slices, in their order.
    #[prop(into)]
    slices: Signal<Vec<Slice>>,
    /// What else is told of a slice, by its key, when it is pointed at: words, and the number behind them. The keyboard
    /// reaches those that lead nowhere then, too.
    #[prop(optional)]
    more: Option<Callback<String, Vec<(String, String)>>>,
) -> impl IntoView {
    let tips = more.map(|more| Tips {
        over: RwSignal::new(None),
        held: RwSignal::new(None),
        sent_away: StoredValue::new(None),
        more,
    });
    let keys = Memo::new(move |before: Option<&Vec<String>>| slices.with(|slices| settled(before, slices)));
    let whole = Memo::new(move |_| slices.with(|slices| sum(slices)));
    if let Some(tips) = tips {
        // What is told under the pointer goes, too, wherever the focus is.
        let escape = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" {
                tips.hide();
            }
        });
        // Where a button that is pressed does not get the focus, nothing but another press says that one is done with it.
        let pressed = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            if target.is_none_or(|target| target.closest(".bar-told").ok().flatten().is_none()) {
                tips.hide();
            }
        });
        on_cleanup(move || {
            escape.remove();
            pressed.remove();
        });
    }
    view! {
        <ul class="bars" aria-label=move || label.get() on:keydown=move |event| step(&event)>
            <For each=move || keys.get() key=Clone::clone let:key>
                {match tips {
                    Some(tips) => told(key, slices, whole, tips),
                    None => view! { <li>{bar(key, slices, whole, None)}</li> }.into_any(),
                }}
            </For>
        </ul>
    }
    .into_any()
}

/// A bar that tells more when it is pointed at, has the focus or is pressed, until Escape.
fn told(key: String, slices: Signal<Vec<Slice>>, whole: Memo<i64>, tips: Tips) -> AnyView {
    let id = fresh_id("bar");
    let this = key.clone();
    let point = move |on: bool| tips.point(on.then_some(&this));
    let this = key.clone();
    let hold = move |on: bool| tips.hold(on.then(|| this.clone()));
    // A pointer that moves points. One that rests while the page goes past under it, as the focus goes on, does not.
    let (over, out) = (point.clone(), point);
    let (focus, press, blur) = (hold.clone(), hold.clone(), hold);
    view! {
        <li
            class="bar-told"
            on:pointermove=move |_| over(true)
            on:pointerleave=move |_| out(false)
            on:focusin=move |_| focus(true)
            on:focusout=move |_| blur(false)
            on:click=move |_| press(true)
        >
            {bar(key.clone(), slices, whole, Some(id.clone()))}
            {tip(key, id, tips)}
        </li>
    }
    .into_any()
}

/// What is told of a bar.
fn tip(key: String, id: String, tips: Tips) -> AnyView {
    let this = key.clone();
    let lines = move || tips.more.run(this.clone());
    let line = |(what, value): (String, String)| view! { <span>{what} " " <b>{value}</b></span> " " };
    view! {
        <span class="bar-tip" role="tooltip" id=id hidden=move || !tips.tell(&key)>
            {move || lines().into_iter().map(line).collect_view()}
        </span>
    }
    .into_any()
}

fn bar(key: String, slices: Signal<Vec<Slice>>, whole: Memo<i64>, described_by: Option<String>) -> AnyView {
    let i18n = use_i18n();
    let slice = Memo::new(move |_| slices.with(|slices| slices.iter().find(|slice| slice.key == key).cloned()));
    let of = move |read: fn(&Slice) -> String| slice.with(|slice| slice.as_ref().map(read).unwrap_or_default());
    let value = Memo::new(move |_| slice.with(|slice| slice.as_ref().map_or(0, |slice| slice.value)));
    let sign = Memo::new(move |_| slice.with(|slice| slice.as_ref().map(|slice| (slice.sign.clone(), slice.class))));
    let href = Memo::new(move |_| slice.with(|slice| slice.as_ref().and_then(|slice| slice.href.clone())));
    let share = move || time::percent(i18n.get_locale(), percent(value.get(), whole.get()));
    let inside = move || {
        view! {
            <span class="bar-name">
                {move || sign.get().map(|(sign, class)| mark::draw(sign, class))}
                <span class="bar-words">{move || of(|slice| slice.name.clone())}</span>
            </span>
            // Apart for whoever hears them; a grid leaves it out.
            " "
            <svg aria-hidden="true" class=move || {
                slice.with(|slice| format!("bar-track {}", slice.as_ref().map_or("", |slice| slice.class)))
            }>
                <rect width="100%" height="100%" rx="4"></rect>
                // The track is the whole: what fills it is the share that stands beside it.
                <rect class="bar-fill" height="100%" rx="4" style:width=move || format!("{}%", percent(value.get(), whole.get()))></rect>
            </svg>
            " "
            <span class="bar-value">
                <Moving text=Signal::derive(move || time::whole(i18n.get_locale(), value.get()))/>
                " "
                <span class="bar-share">{share}</span>
            </span>
        }
    };
    (move || match (href.with(Option::is_some), described_by.clone()) {
        (true, described_by) => {
            view! { <a class="bar-row" href=move || href.get() aria-describedby=described_by>{inside()}</a> }.into_any()
        }
        (false, None) => view! { <span class="bar-row">{inside()}</span> }.into_any(),
        // It does nothing but tell: so a finger and the keyboard reach what the pointer does.
        (false, Some(described_by)) => {
            view! { <button type="button" class="bar-row" aria-describedby=described_by>{inside()}</button> }.into_any()
        }
    })
    .into_any()
}

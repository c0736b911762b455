//! What stands over a page at its right edge for a while (the look into a ticket), so that what floats there stands beside it.

use leptos::{ev, html, prelude::*};

use crate::browser;

/// How many pixels of the screen's width it takes. A handle.
#[derive(Debug, Clone, Copy)]
struct Beside(RwSignal<f64>);

/// Makes it known to all that is drawn within: nothing stands there.
pub fn provide() {
    provide_context(Beside(RwSignal::new(0.0)));
}

/// How many pixels at the right edge are taken just now.
pub fn taken() -> Signal<f64> {
    use_context::<Beside>().map_or_else(|| Signal::stored(0.0), |Beside(width)| width.into())
}

/// Says that this stands there, for as long as it is drawn.
pub fn stand(part: NodeRef<html::Aside>) {
    let Some(Beside(taken)) = use_context::<Beside>() else { return };
    let measure = move || {
        let width = part.get_untracked().map_or(0.0, |part| f64::from(part.offset_width()));
        // One that is wider lies below, and takes height instead.
        taken.set(if width * 2.0 < browser::window_size().0 { width } else { 0.0 });
    };
    Effect::new(move || {
        if part.get().is_some() {
            measure();
        }
    });
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || {
        resized.remove();
        let _ = taken.try_set(0.0);
    });
}

//! What stands over a page for a while (the look into a ticket), at its right edge or at its foot, so that what floats there
//! stands beside it or above it.

use leptos::{ev, html, prelude::*};

use crate::browser;

/// How much of the screen it takes, in pixels: of its width at the right edge, of its height at the foot.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Taken {
    /// How wide it is, at the right edge.
    pub width: f64,
    /// How high it is, at the foot.
    pub height: f64,
}

impl Taken {
    /// By how wide and high it is: one that is wider than half of the screen lies at its foot.
    fn of((width, height): (f64, f64), screen: f64) -> Self {
        if width * 2.0 < screen { Self { width, height: 0.0 } } else { Self { width: 0.0, height } }
    }
}

/// What stands there. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    taken: RwSignal<Taken>,
    /// What says whether it is shown, while it stands there.
    open: StoredValue<Option<RwSignal<bool>>>,
}

impl Beside {
    /// How much it takes just now; tracked.
    pub fn taken(self) -> Taken {
        self.taken.get()
    }

    /// Has it make room.
    pub fn leave(self) {
        if let Some(open) = self.open.get_value() {
            open.set(false);
        }
        self.taken.set(Taken::default());
    }
}

/// Makes it known to all that is drawn within: nothing stands there.
pub fn provide() {
    provide_context(Beside { taken: RwSignal::new(Taken::default()), open: StoredValue::new(None) });
}

/// What stands there.
pub fn use_beside() -> Option<Beside> {
    use_context()
}

/// Says that this stands there, for as long as it is drawn; it goes when `open` is false.
pub fn stand(part: NodeRef<html::Aside>, open: RwSignal<bool>) {
    let Some(beside) = use_beside() else { return };
    beside.open.set_value(Some(open));
    let measure = move || {
        let size = part.get_untracked().map(|part| (f64::from(part.offset_width()), f64::from(part.offset_height())));
        let screen = browser::window_size().0;
        beside.taken.set(size.map(|size| Taken::of(size, screen)).unwrap_or_default());
    };
    Effect::new(move || {
        if part.get().is_some() {
            measure();
        }
    });
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || {
        resized.remove();
        let _ = beside.open.try_update_value(|open| *open = None);
        let _ = beside.taken.try_set(Taken::default());
    });
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn it_takes_of_the_width_or_of_the_height() {
        assert_eq!(Taken::of((384.0, 748.0), 1_280.0), Taken { width: 384.0, height: 0.0 });
        assert_eq!(Taken::of((360.0, 748.0), 1_200.0), Taken { width: 360.0, height: 0.0 });
        assert_eq!(Taken::of((971.0, 400.0), 1_199.0), Taken { width: 0.0, height: 400.0 });
        // The narrowest beside the words of the rail.
        assert_eq!(Taken::of((493.0, 400.0), 721.0), Taken { width: 0.0, height: 400.0 });
    }
}

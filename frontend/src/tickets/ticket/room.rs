//! Where a list that belongs to the answer box stands: over the box or under it, where there is room, and never under the
//! bars of the page nor beyond what shows of it.

use leptos::{ev, html, prelude::*};
use web_sys::{DomRect, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::browser;

/// What stays free between a list and the box, in pixels.
const GAP: f64 = 4.0;
/// What stays free between a list and the edge of what shows, in pixels.
const MARGIN: f64 = 8.0;

/// How high a list wants to be, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// With all that it shows at once.
    pub whole: f64,
    /// With so much that one can choose. Where there is not even this, it stands over a part of the box.
    pub least: f64,
}

/// A stretch of the screen from its upper to its lower end, in pixels.
#[derive(Debug, Clone, Copy)]
struct Span {
    top: f64,
    bottom: f64,
}

/// Where a list stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    /// Under the box; else over it.
    under: bool,
    /// How high it may be.
    room: f64,
    /// How far it reaches over the box.
    lap: f64,
}

/// Finds the place of a list that belongs to a box, in what shows of the page. It stands over the box, unless it would be cut
/// there and has more room under it.
fn place(anchor: Span, sight: Span, need: Need) -> Place {
    let (over, under) = (anchor.top - GAP, anchor.bottom + GAP);
    let (room_over, room_under) = (over - sight.top, sight.bottom - under);
    let least = need.least.min(sight.bottom - sight.top).max(0.0);
    if room_over < need.whole && room_under > room_over {
        let edge = under.min(sight.bottom - least).max(sight.top);
        return Place { under: true, room: sight.bottom - edge, lap: under - edge };
    }
    let edge = over.max(sight.top + least).min(sight.bottom);
    Place { under: false, room: edge - sight.top, lap: edge - over }
}

/// Puts a list where it has room when it opens, and again when the window gets another size.
pub fn keep_in_sight(panel: NodeRef<html::Div>, need: Need) {
    Effect::new(move || {
        if let Some(panel) = panel.get() {
            put(&panel, need);
        }
    });
    let resized = window_event_listener(ev::resize, move |_| {
        if let Some(panel) = panel.get_untracked() {
            put(&panel, need);
        }
    });
    on_cleanup(move || resized.remove());
}

fn put(panel: &HtmlElement, need: Need) {
    // What is a sheet at the foot of the screen stands beside no box, and what is gone beside nothing.
    let Some(anchor) = panel.offset_parent() else { return };
    let anchor = anchor.get_bounding_client_rect();
    let place = place(Span { top: anchor.top(), bottom: anchor.bottom() }, sight(), need);
    panel.class_list().toggle_with_force("under", place.under).ok();
    let style = HtmlElement::style(panel);
    style.set_property("--room", &format!("{}px", place.room)).ok();
    style.set_property("--lap", &format!("{}px", place.lap)).ok();
}

/// What shows of the page: between the bars over it and the bar under it.
fn sight() -> Span {
    let (_, height) = browser::window_size();
    let shown = shown().unwrap_or(Span { top: 0.0, bottom: height });
    let bars = ["header.top", ".offline-banner.is-shown"].into_iter().filter_map(place_of);
    let top = bars.map(|bar| bar.bottom()).fold(shown.top, f64::max);
    // On a phone the way around is at the foot of the screen, and beside the page elsewhere.
    let foot = place_of(".rail").map(|bar| bar.top()).filter(|top| *top > height / 2.0);
    let bottom = foot.unwrap_or(height).min(shown.bottom);
    Span { top: top + MARGIN, bottom: bottom - MARGIN }
}

fn place_of(selector: &str) -> Option<DomRect> {
    document().query_selector(selector).ok().flatten().map(|element| element.get_bounding_client_rect())
}

/// What shows of the window: the keys of a screen that is touched come up over it.
fn shown() -> Option<Span> {
    let view = js_sys::Reflect::get(&window(), &"visualViewport".into()).ok()?;
    let number = |name: &str| js_sys::Reflect::get(&view, &name.into()).ok()?.as_f64();
    let top = number("offsetTop")?;
    Some(Span { top, bottom: top + number("height")? })
}

/// Brings what can be chosen into sight in its list, once it is there.
pub fn reveal(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Need, Place, Span, place};

    const NEED: Need = Need { whole: 380.0, least: 220.0 };

    fn beside(top: f64, bottom: f64) -> Place {
        place(Span { top, bottom }, Span { top: 60.0, bottom: 712.0 }, NEED)
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_list_stands_over_its_box_as_high_as_there_is_room() {
        assert_eq!(beside(464.0, 680.0), Place { under: false, room: 400.0, lap: 0.0 });
        assert_eq!(beside(348.0, 564.0), Place { under: false, room: 284.0, lap: 0.0 });
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_list_stands_under_its_box_where_there_is_more_room() {
        assert_eq!(beside(100.0, 316.0), Place { under: true, room: 392.0, lap: 0.0 });
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_list_reaches_over_a_box_that_leaves_no_room_and_not_beyond_what_shows() {
        assert_eq!(beside(104.0, 700.0), Place { under: false, room: 220.0, lap: 180.0 });
        assert_eq!(beside(-200.0, 608.0), Place { under: true, room: 220.0, lap: 120.0 });
        // A box that begins below what shows, and one that ends above it.
        assert_eq!(beside(800.0, 900.0), Place { under: false, room: 652.0, lap: -84.0 });
        assert_eq!(beside(-300.0, -40.0), Place { under: true, room: 652.0, lap: -96.0 });
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_list_is_no_higher_than_what_shows() {
        let low = place(Span { top: 20.0, bottom: 180.0 }, Span { top: 8.0, bottom: 192.0 }, NEED);
        assert_eq!(low, Place { under: false, room: 184.0, lap: 176.0 });
    }
}

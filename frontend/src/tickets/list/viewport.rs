//! What of the list is on the screen. Only those rows are there, and a few around them: a desk may have fifty thousand.
//! Rows have one height for each width of the screen, so that where each would stand is known without drawing it.

use std::ops::Range;

use leptos::{
    html,
    prelude::*,
    task::{spawn_local, tick},
};

use super::state::keep_focus;
use crate::{browser, shell::use_rail};

/// Rows that are drawn beyond either edge of the screen.
const BEYOND: usize = 12;
/// Rows come and go in blocks of so many, so that a small movement changes nothing.
const BLOCK: usize = 8;
/// New rows of one picture while somebody scrolls. Whoever jumps far sees the screen fill within a few pictures, and the page
/// never stands still for as long as all of them would take.
const PORTION: usize = 3;
/// How much of the screen's top the header and the names of the columns cover, in pixels.
const COVERED: f64 = 96.0;
/// How much of its foot a phone's bar covers, or what floats over the page.
const COVERED_BELOW: f64 = 72.0;
/// On a screen that is no higher, nothing stands still at its top.
const LOW: f64 = 420.0;
/// From this width of the screen on, the look into a ticket stands beside the list.
const BESIDE: f64 = 1200.0;
/// The narrowest screen that is no phone.
const NARROWEST: f64 = 721.0;
/// The id of the look into a ticket.
pub const PEEK: &str = "peek";

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A desk.
    Wide,
    /// A tablet, or a small desk beside the words of the rail: not every column fits.
    Medium,
    /// A tablet on which the words of the rail stand beside the list: the title has what room there is.
    Tight,
    /// A phone: each row has two lines for the title and one for what else is known.
    Phone,
}

impl Layout {
    /// By the width of the window, and whether the rail shows its words.
    fn of(width: f64, words: bool) -> Self {
        // As in the style sheet.
        match width {
            width if width <= 720.0 => Self::Phone,
            width if words && width < 920.0 => Self::Tight,
            width if width < 1024.0 || (words && width < 1180.0) => Self::Medium,
            _ => Self::Wide,
        }
    }

    /// How high a row is, in pixels; the style sheet gets it from here. On a phone it has three lines of 24, as the style sheet
    /// says, and what parts them from the next row's.
    pub fn row(self) -> f64 {
        if self == Self::Phone { 82.0 } else { 46.0 }
    }
}

/// What of the list is on the screen. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Viewport {
    /// What holds the rows.
    pub body: NodeRef<html::Div>,
    /// The places of the rows that are drawn.
    pub range: RwSignal<Range<usize>>,
    /// How much room there is.
    pub layout: RwSignal<Layout>,
    /// Whether the rail beside the list shows more than its drawings.
    words: Memo<bool>,
    seen: StoredValue<Seen>,
}

/// What was seen of the screen.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// How far the page was scrolled, in pixels.
    scrolled: f64,
    /// It is about to be looked at again.
    waiting: bool,
}

impl Viewport {
    /// Nothing is drawn yet.
    pub fn new() -> Self {
        let rail = use_rail();
        let words = Memo::new(move |_| rail.is_some_and(|rail| !rail.is_narrow()));
        Self {
            body: NodeRef::new(),
            range: RwSignal::new(0..0),
            layout: RwSignal::new(Layout::of(browser::window_size().0, words.get_untracked())),
            words,
            seen: StoredValue::new(Seen::default()),
        }
    }

    /// Follows the screen for as long as the owner that calls this is there; `count` says how many rows there are.
    pub fn follow(self, count: Signal<usize>) {
        let scroll = window_event_listener_untyped("scroll", move |_| self.look_soon(count));
        let resize = window_event_listener_untyped("resize", move |_| self.look_soon(count));
        on_cleanup(move || {
            scroll.remove();
            resize.remove();
        });
        Effect::new(move || {
            // Whoever makes the rail narrow gives the list room.
            self.words.track();
            if self.body.get().is_none() {
                return;
            }
            let rows = count.get();
            // What is left of a list that was longer may be nowhere near what was on the screen.
            if self.range.with_untracked(|range| range.end == 0 || range.end > rows) {
                self.measure(rows);
            } else {
                self.look_soon(count);
            }
        });
    }

    /// Draws what is on the screen with the next pictures, some of it with each.
    fn look_soon(self, count: Signal<usize>) {
        if self.seen.try_get_value().is_none_or(|seen| seen.waiting) {
            return;
        }
        self.seen.update_value(|seen| seen.waiting = true);
        request_animation_frame(move || {
            self.seen.try_update_value(|seen| seen.waiting = false);
            if let Some(rows) = count.try_get_untracked()
                && !self.look(rows, PORTION)
            {
                self.look_soon(count);
            }
        });
    }

    /// How far the page was scrolled when that was last looked at, in pixels.
    pub fn scrolled(self) -> f64 {
        self.seen.try_get_value().unwrap_or_default().scrolled
    }

    /// Looks what is on the screen, and draws it.
    pub fn measure(self, count: usize) {
        self.look(count, usize::MAX);
    }

    /// Looks what is on the screen, and draws at most so many rows that are not there yet. Whether that was all.
    fn look(self, count: usize, most: usize) -> bool {
        let Some(body) = self.body.try_get_untracked().flatten() else { return true };
        let (width, height) = browser::window_size();
        let layout = Layout::of(left_of(width, sheet().beside), self.words.try_get_untracked().unwrap_or_default());
        let top = body.get_bounding_client_rect().top();
        let scrolled = window().scroll_y().unwrap_or_default();
        self.seen.try_update_value(|seen| seen.scrolled = scrolled);
        if self.layout.try_get_untracked() != Some(layout) {
            keep_focus(move || {
                let _ = self.layout.try_set(layout);
            });
        }
        let (seen, wanted) = (on_screen(top, height, layout.row(), count), drawn(top, height, layout.row(), count));
        let there = self.range.try_get_untracked().unwrap_or_default();
        let range = portion(&there, &seen, &wanted, most);
        let all = range == wanted;
        if range != there {
            self.draw(&there, range);
        }
        all
    }

    /// Draws what stands at these places. What comes before rows that are there comes one by one, all with the same picture: a
    /// keyed list that gets several in that place puts every other row into the page anew.
    fn draw(self, there: &Range<usize>, now: Range<usize>) {
        if now.end <= there.start || there.start.saturating_sub(now.start) < 2 {
            let _ = self.range.try_set(now);
            return;
        }
        let above = now.start..there.start;
        spawn_local(async move {
            for start in above.rev() {
                let _ = self.range.try_set(start..now.end);
                tick().await;
            }
        });
    }

    /// Scrolls as little as is needed for the row of a place to be seen, and draws it.
    pub fn reveal(self, place: usize, count: usize) {
        let Some(body) = self.body.try_get_untracked().flatten() else { return };
        let row = self.layout.get_untracked().row();
        #[allow(clippy::cast_precision_loss, reason = "a list has fewer rows than a double can count")]
        let top = body.get_bounding_client_rect().top() + place as f64 * row;
        let height = browser::window_size().1;
        let above = if height > LOW { COVERED } else { 0.0 };
        let by = distance(top, row, above, height - sheet().below.max(COVERED_BELOW));
        if by.abs() > 0.0 {
            window().scroll_by_with_x_and_y(0.0, by);
        }
        self.measure(count);
    }
}

/// How far a row has to be moved up whose top stands so far below the top of the screen, to stand whole between two edges.
/// Where there is no room for all of it, its beginning shows.
fn distance(top: f64, row: f64, above: f64, below: f64) -> f64 {
    let lowest = (below - row).max(above);
    top - top.clamp(above, lowest)
}

/// What of the screen the look into a ticket takes, in pixels: beside the list or below it.
#[derive(Debug, Clone, Copy, Default)]
struct Sheet {
    beside: f64,
    below: f64,
}

fn sheet() -> Sheet {
    let Some(sheet) = document().get_element_by_id(PEEK) else { return Sheet::default() };
    let ((width, height), place) = (browser::window_size(), sheet.get_bounding_client_rect());
    // As in the style sheet.
    if width >= BESIDE {
        Sheet { beside: place.width(), below: 0.0 }
    } else {
        Sheet { beside: 0.0, below: height - place.top() }
    }
}

/// How wide the screen is to the list when something stands beside it. A phone it never is.
fn left_of(width: f64, beside: f64) -> f64 {
    if beside > 0.0 { (width - beside).max(NARROWEST) } else { width }
}

/// The places of the rows that are on the screen, when the first one of all stands `top` below the top of a screen so high.
fn on_screen(top: f64, height: f64, row: f64, count: usize) -> Range<usize> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative, never large")]
    let rows = |pixels: f64| (pixels.max(0.0) / row) as usize;
    rows(-top).min(count)..(rows(height - top) + 1).min(count)
}

/// The places of the rows to draw: those, and a few around them.
fn drawn(top: f64, height: f64, row: f64, count: usize) -> Range<usize> {
    let seen = on_screen(top, height, row, count);
    let start = seen.start.saturating_sub(BEYOND) / BLOCK * BLOCK;
    let end = ((seen.end + BEYOND).div_ceil(BLOCK) * BLOCK).min(count);
    start..end.max(start)
}

/// The places to draw now on the way to those that are wanted, with at most so many new ones: what is on the screen first, from
/// where rows are there already.
fn portion(there: &Range<usize>, seen: &Range<usize>, wanted: &Range<usize>, most: usize) -> Range<usize> {
    if most == usize::MAX {
        return wanted.clone();
    }
    let mut now = there.start.max(wanted.start)..there.end.min(wanted.end);
    if now.is_empty() || now.start > seen.end || now.end < seen.start {
        let start = seen.start.clamp(wanted.start, wanted.end);
        // To take away all that was there is work enough for one picture, unless that is as little as comes with one.
        if there.len() > most {
            return start..start;
        }
        now = start..start;
    }
    let above = now.start.saturating_sub(seen.start).min(most);
    let below = seen.end.saturating_sub(now.end).min(most - above);
    now = now.start - above..now.end + below;
    let left = most - above - below;
    let below = wanted.end.saturating_sub(now.end).min(left);
    // One with each picture is enough for what nobody sees yet.
    let above = now.start.saturating_sub(wanted.start).min(left - below).min(1);
    now.start - above..now.end + below
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_screen_and_a_little_more_is_drawn() {
        assert_eq!(drawn(180.0, 800.0, 46.0, 50_000), 0..32);
        assert_eq!(drawn(180.0, 800.0, 46.0, 5), 0..5);
        assert_eq!(drawn(180.0, 800.0, 46.0, 0), 0..0);
        // Scrolled past a thousand rows.
        assert_eq!(drawn(-46_000.0, 800.0, 46.0, 50_000), 984..1_032);
        // At the end, and past it.
        assert_eq!(drawn(-46.0 * 49_990.0, 800.0, 46.0, 50_000), 49_976..50_000);
        let past = drawn(-46.0 * 60_000.0, 800.0, 46.0, 50_000);
        assert_eq!(past.end, 50_000);
        // A screen of 4K at its full size.
        assert!(drawn(-46_000.0, 2160.0, 46.0, 50_000).len() <= 100);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn rows_come_in_portions_those_on_the_screen_first() {
        let (seen, wanted) = (1_000..1_018, 984..1_032);
        // All at once.
        assert_eq!(portion(&(0..40), &seen, &wanted, usize::MAX), wanted);
        // After a jump, from the top of the screen down, and then around it.
        let mut there = 0..40;
        let mut steps = Vec::new();
        while there != wanted {
            let next = portion(&there, &seen, &wanted, 8);
            steps.push(next.clone());
            there = next;
        }
        assert_eq!(steps[..4], [1_000..1_000, 1_000..1_008, 1_000..1_016, 1_000..1_024]);
        assert_eq!(steps[4..6], [1_000..1_032, 999..1_032]);
        assert_eq!(steps.len(), 1 + 4 + 16);
        // Whoever scrolls on keeps what is there.
        assert_eq!(portion(&(976..1_010), &seen, &wanted, 8), 984..1_018);
        assert_eq!(portion(&(1_006..1_050), &seen, &wanted, 8), 999..1_032);
        assert_eq!(portion(&(1_010..1_050), &seen, &wanted, 8), 1_002..1_032);
        // What is no more has no place.
        assert_eq!(portion(&(1_000..1_040), &(3..5), &(0..5), 8), 3..3);
        assert_eq!(portion(&(3..3), &(3..5), &(0..5), 8), 2..5);
        assert_eq!(portion(&(0..40), &(0..0), &(0..0), 8), 0..0);
        assert_eq!(portion(&(0..0), &(0..18), &(0..32), 8), 0..8);
        // Who scrolls on and on always sees some.
        assert_eq!(portion(&(900..908), &seen, &wanted, 8), 1_000..1_008);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_row_is_moved_as_little_as_needed() {
        let near = |by: f64, expected: f64| assert!((by - expected).abs() < 1e-9, "{by}");
        near(distance(300.0, 46.0, 96.0, 728.0), 0.0);
        near(distance(40.0, 46.0, 96.0, 728.0), -56.0);
        near(distance(700.0, 46.0, 96.0, 728.0), 18.0);
        // Something covers the lower half.
        near(distance(300.0, 46.0, 96.0, 300.0), 46.0);
        // There is less room than a row takes.
        let phone = Layout::Phone.row();
        near(distance(300.0, phone, 96.0, 115.0), 204.0);
        near(distance(0.0, phone, 0.0, 115.0), 0.0);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_stands_beside_the_list_leaves_it_fewer_columns() {
        assert_eq!(Layout::of(left_of(1440.0, 0.0), true), Layout::Wide);
        assert_eq!(Layout::of(left_of(1920.0, 440.0), true), Layout::Wide);
        assert_eq!(Layout::of(left_of(1280.0, 384.0), false), Layout::Medium);
        assert_eq!(Layout::of(left_of(900.0, 360.0), false), Layout::Medium);
        assert_eq!(Layout::of(left_of(360.0, 0.0), true), Layout::Phone);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_rail_takes_room_from_the_columns() {
        assert_eq!(Layout::of(768.0, false), Layout::Medium);
        assert_eq!(Layout::of(768.0, true), Layout::Tight);
        assert_eq!(Layout::of(1000.0, true), Layout::Medium);
        assert_eq!(Layout::of(1024.0, false), Layout::Wide);
        assert_eq!(Layout::of(1024.0, true), Layout::Medium);
        assert_eq!(Layout::of(1180.0, true), Layout::Wide);
        // The bar of a phone is below the list, not beside it.
        assert_eq!(Layout::of(360.0, true), Layout::Phone);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_small_movement_changes_nothing() {
        assert_eq!(drawn(-46_000.0, 800.0, 46.0, 50_000), drawn(-46_060.0, 800.0, 46.0, 50_000));
    }
}

//! Where the windows of the dock stand.

use serde::{Deserialize, Serialize};
use shared::{accounts::UserRef, ids::UserId};

/// How wide a window is, in pixels.
pub const WIDTH: f64 = 336.0;
/// How high it is.
pub const HEIGHT: f64 = 468.0;
/// What is left between two, and at the edge of the screen.
const GAP: f64 = 12.0;
/// What is left at the right for the button and for what is minimised.
const BUTTON_ROOM: f64 = 92.0;
/// What of a window has to be on the screen at the least, so that it can be moved back: its head.
const HEAD: f64 = 56.0;
/// The most windows that are remembered.
const MOST: usize = 8;

/// A window of the dock, as the browser remembers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// With whom.
    pub peer: UserRef,
    /// Whether it is only a button now.
    pub minimised: bool,
    /// Where the person has put it: its left and its upper edge. None while it stands in the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<(f64, f64)>,
}

/// Where a window is drawn, in pixels from the left and from the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its height.
    pub height: f64,
}

impl Spot {
    fn covers(self, other: Self) -> bool {
        let apart_x = self.left + WIDTH <= other.left || other.left + WIDTH <= self.left;
        let apart_y = self.top + self.height <= other.top || other.top + other.height <= self.top;
        !apart_x && !apart_y
    }
}

/// A window keeps its head on the screen, wherever it was put and however small the screen has become, and leaves free where the
/// button and the minimised stand: they lie over it, and over where one writes in it.
pub fn within((left, top): (f64, f64), (wide, high): (f64, f64)) -> (f64, f64) {
    let left = left.min(wide - WIDTH - BUTTON_ROOM).max(GAP);
    (left.round(), top.min(high - HEAD).max(GAP).round())
}

fn height(high: f64) -> f64 {
    HEIGHT.min(high - 2.0 * GAP)
}

fn put(place: (f64, f64), view: (f64, f64)) -> Spot {
    let (left, top) = within(place, view);
    Spot { left, top, height: height(view.1) }
}

/// The places in the row at the lower edge, from the right, that no window covers that was put somewhere.
fn row(windows: &[Window], view: (f64, f64)) -> Vec<Spot> {
    let put: Vec<Spot> = open(windows).filter_map(|window| Some(put(window.place?, view))).collect();
    let (mut row, mut left) = (Vec::new(), view.0 - BUTTON_ROOM - WIDTH);
    while left >= GAP {
        let spot = Spot { left: left.round(), top: (view.1 - height(view.1)).round(), height: height(view.1) };
        if !put.iter().any(|other| other.covers(spot)) {
            row.push(spot);
        }
        left -= WIDTH + GAP;
    }
    row
}

fn open(windows: &[Window]) -> impl Iterator<Item = &Window> {
    windows.iter().filter(|window| !window.minimised)
}

/// Where each window that is open stands, on a screen so wide and high. Those in the row do not cover each other; there is
/// room for all of them after [`fit`].
pub fn spots(windows: &[Window], view: (f64, f64)) -> Vec<(UserId, Spot)> {
    let mut row = row(windows, view).into_iter();
    open(windows)
        .filter_map(|window| {
            let spot = match window.place {
                Some(place) => Some(put(place, view)),
                None => row.next(),
            };
            Some((window.peer.id, spot?))
        })
        .collect()
}

/// Minimises the windows of the row that were opened first, until there is room for the rest.
pub fn fit(windows: &mut [Window], view: (f64, f64)) {
    let room = row(windows, view).len();
    let in_row = open(windows).filter(|window| window.place.is_none()).count();
    let extra = in_row.saturating_sub(room);
    let first = windows.iter_mut().filter(|window| !window.minimised && window.place.is_none());
    for window in first.take(extra) {
        window.minimised = true;
    }
}

/// Opens a window, or shows it again; the last that was opened is the last of the list.
pub fn show(windows: &mut Vec<Window>, peer: UserRef, view: (f64, f64)) {
    let known = windows.iter().position(|window| window.peer.id == peer.id);
    match known {
        // One that is open keeps its place in the row.
        Some(place) if windows.get(place).is_some_and(|window| !window.minimised) => {}
        Some(place) => {
            let window = windows.remove(place);
            windows.push(Window { minimised: false, peer, ..window });
        }
        None => {
            windows.push(Window { peer, minimised: false, place: None });
            let extra = windows.len().saturating_sub(MOST);
            windows.drain(..extra);
        }
    }
    fit(windows, view);
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: (f64, f64) = (1_440.0, 860.0);

    fn peer(id: i64) -> UserRef {
        UserRef { id: UserId(id), name: format!("person {id}"), avatar_url: None }
    }

    fn opened(ids: impl IntoIterator<Item = i64>, view: (f64, f64)) -> Vec<Window> {
        let mut windows = Vec::new();
        for id in ids {
            show(&mut windows, peer(id), view);
        }
        windows
    }

    fn drawn(windows: &[Window]) -> Vec<i64> {
        open(windows).map(|window| window.peer.id.0).collect()
    }

    #[test]
    fn windows_stand_in_a_row_and_do_not_cover_each_other() {
        let windows = opened([1, 2, 3], WIDE);
        let spots = spots(&windows, WIDE);
        assert_eq!(spots.len(), 3);
        for (place, (_, one)) in spots.iter().enumerate() {
            assert!(one.left >= GAP && one.left + WIDTH <= WIDE.0 - BUTTON_ROOM, "{one:?}");
            assert!(spots.iter().skip(place + 1).all(|(_, other)| !one.covers(*other)), "{one:?}");
        }
    }

    #[test]
    fn the_first_makes_room_for_the_last() {
        let windows = opened([1, 2, 3, 4], WIDE);
        assert_eq!(drawn(&windows), [2, 3, 4]);
        let mut narrow = windows;
        fit(&mut narrow, (900.0, 700.0));
        assert_eq!(drawn(&narrow), [3, 4]);
        show(&mut narrow, peer(1), (900.0, 700.0));
        assert_eq!(drawn(&narrow), [4, 1]);
        assert_eq!(narrow.len(), 4);
        assert_eq!(opened(1..=20, WIDE).len(), MOST);
    }

    #[test]
    fn one_that_was_moved_is_not_covered_by_the_row_and_stays_on_the_screen() {
        let mut windows = opened([1, 2], WIDE);
        windows[0].place = Some((WIDE.0 - BUTTON_ROOM - WIDTH - 40.0, 300.0));
        let spots = spots(&windows, WIDE);
        assert!(!spots[0].1.covers(spots[1].1), "{spots:?}");
        assert_eq!(within((9_000.0, 9_000.0), WIDE), (WIDE.0 - WIDTH - BUTTON_ROOM, WIDE.1 - HEAD));
        assert_eq!(within((-50.0, -50.0), WIDE), (GAP, GAP));
        // A screen that is smaller than a window.
        assert_eq!(within((100.0, 100.0), (300.0, 40.0)), (GAP, GAP));
    }
}

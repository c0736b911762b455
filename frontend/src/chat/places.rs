//! Where the windows of the dock stand.

use std::iter::successors;

use serde::{Deserialize, Serialize};
use shared::{accounts::UserRef, ids::UserId};

use crate::beside::Taken;

/// The widest screen that has a bar at the bottom instead, with the way to the chat's page, in pixels.
pub const PHONE: f64 = 720.0;
/// How wide a window is, in pixels.
pub const WIDTH: f64 = 336.0;
/// How high it is.
pub const HEIGHT: f64 = 468.0;
/// How high it is at the least above what else stands at the foot: lower, there would be nothing of the conversation in it.
const LEAST: f64 = 360.0;
/// What is left between two, and at the edges of the room.
const GAP: f64 = 12.0;
/// What is left at the right for the button and for what is minimised.
const BUTTON_ROOM: f64 = 92.0;
/// What of a window has to be on the screen at the least, so that it can be moved back: its head.
const HEAD: f64 = 56.0;
/// The most windows that are remembered.
const MOST: usize = 8;

/// How wide the rail is with its words, as it, and what follows, are in the shell's style sheet.
const RAIL: f64 = 228.0;
/// How wide it is with its drawings alone.
const NARROW_RAIL: f64 = 64.0;
/// How high the header is.
const HEADER: f64 = 52.0;
/// On a screen that is no higher, the header goes with the page.
const LOW: f64 = 420.0;

/// How wide the rail is on a screen of this width. A phone has none at its side.
pub fn rail(screen: f64, is_narrow: bool) -> f64 {
    if screen <= PHONE {
        0.0
    } else if is_narrow {
        NARROW_RAIL
    } else {
        RAIL
    }
}

/// Where windows may stand: over the page, and over nothing that stands around it. Its edges, in pixels from the left and from
/// the top of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    /// Whether something stands below it: then no window hangs over its lower edge.
    is_cut: bool,
}

impl Room {
    /// What the rail and what stands over the page for a while leave of a screen so wide and high.
    pub fn of((wide, high): (f64, f64), rail: f64, taken: Taken) -> Self {
        Self {
            left: rail,
            top: if high > LOW { HEADER } else { 0.0 },
            right: wide - taken.width,
            bottom: high - taken.height,
            is_cut: taken.height > 0.0,
        }
    }

    /// How many windows stand beside each other.
    pub fn fits(self) -> usize {
        self.row().count()
    }

    /// How high a window is.
    fn height(self) -> f64 {
        HEIGHT.min(self.bottom - self.top - 2.0 * GAP)
    }

    /// The places at the lower edge, from the right.
    fn row(self) -> impl Iterator<Item = Spot> {
        let height = self.height();
        let is_high = !self.is_cut || height >= LEAST;
        let first = self.right - BUTTON_ROOM - WIDTH;
        successors(is_high.then_some(first), |left| Some(left - WIDTH - GAP))
            .take_while(move |left| *left >= self.left + GAP)
            .map(move |left| Spot { left: left.round(), top: (self.bottom - height).round(), height })
    }

    /// A window keeps its head on the screen, wherever it was put and however small the screen has become, and leaves free
    /// where the button and the minimised stand: they lie over it, and over where one writes in it.
    pub fn within(self, (left, top): (f64, f64)) -> (f64, f64) {
        let kept = if self.is_cut { self.height() } else { HEAD };
        let left = left.min(self.right - WIDTH - BUTTON_ROOM).max(self.left + GAP);
        (left.round(), top.min(self.bottom - kept).max(self.top + GAP).round())
    }

    /// Where a window stands that was put somewhere.
    fn put(self, place: (f64, f64)) -> Spot {
        let (left, top) = self.within(place);
        Spot { left, top, height: self.height() }
    }
}

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

/// The places in the row that no window covers that was put somewhere. There is one at the least where there is a row at all:
/// the last that was opened lies over one that was put there, rather than nowhere.
fn free(windows: &[Window], room: Room) -> Vec<Spot> {
    let put: Vec<Spot> = open(windows).filter_map(|window| Some(room.put(window.place?))).collect();
    let free: Vec<Spot> = room.row().filter(|spot| !put.iter().any(|other| other.covers(*spot))).collect();
    if free.is_empty() { room.row().take(1).collect() } else { free }
}

fn open(windows: &[Window]) -> impl Iterator<Item = &Window> {
    windows.iter().filter(|window| !window.minimised)
}

/// Where each window stands that is open and for which there is room. Those in the row do not cover each other; the first that
/// were opened make room for the last. They stay open: they are there again as soon as there is room again.
pub fn spots(windows: &[Window], room: Room) -> Vec<(UserId, Spot)> {
    if room.fits() == 0 {
        return Vec::new();
    }
    let free = free(windows, room);
    let in_row = open(windows).filter(|window| window.place.is_none()).count();
    let mut without = in_row.saturating_sub(free.len());
    let mut row = free.into_iter();
    open(windows)
        .filter_map(|window| {
            let spot = match window.place {
                Some(place) => Some(room.put(place)),
                None if without > 0 => {
                    without -= 1;
                    None
                }
                None => row.next(),
            };
            Some((window.peer.id, spot?))
        })
        .collect()
}

/// Opens a window, or shows it again; the last that was opened is the last of the list.
pub fn show(windows: &mut Vec<Window>, peer: UserRef, room: Room) {
    // One that is seen keeps its place in the row.
    if spots(windows, room).iter().any(|(id, _)| *id == peer.id) {
        return;
    }
    let known = windows.iter().position(|window| window.peer.id == peer.id);
    let place = known.and_then(|known| windows.remove(known).place);
    windows.push(Window { peer, minimised: false, place });
    let extra = windows.len().saturating_sub(MOST);
    windows.drain(..extra);
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const WIDE: Room = Room { left: 228.0, top: 52.0, right: 1_440.0, bottom: 860.0, is_cut: false };
    /// The same beside a look into a ticket.
    const BESIDE: Room = Room { right: 1_008.0, ..WIDE };
    /// Above one, on a screen that is not high.
    const ABOVE: Room = Room { bottom: 400.0, is_cut: true, ..WIDE };

    /// The widths at which something changes, with the rail as it is there as long as nobody has chosen.
    const WIDTHS: [(f64, bool); 9] = [
        (360.0, true),
        (721.0, true),
        (768.0, true),
        (1_024.0, false),
        (1_199.0, false),
        (1_200.0, false),
        (1_280.0, false),
        (1_440.0, false),
        (1_920.0, false),
    ];

    /// What a look into a ticket takes, as its style sheet has it.
    fn look((wide, high): (f64, f64)) -> Taken {
        if wide >= 1_200.0 {
            Taken { width: (wide * 0.3).clamp(360.0, 440.0), height: 0.0 }
        } else {
            Taken { width: 0.0, height: high * if wide <= PHONE { 0.6 } else { 0.5 } }
        }
    }

    fn peer(id: i64) -> UserRef {
        UserRef { id: UserId(id), name: format!("person {id}"), avatar_url: None }
    }

    fn opened(ids: impl IntoIterator<Item = i64>, room: Room) -> Vec<Window> {
        let mut windows = Vec::new();
        for id in ids {
            show(&mut windows, peer(id), room);
        }
        windows
    }

    fn drawn(windows: &[Window], room: Room) -> Vec<i64> {
        spots(windows, room).into_iter().map(|(id, _)| id.0).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn so_many_windows_fit() {
        let fits = |high: f64, taken: fn((f64, f64)) -> Taken| {
            WIDTHS.map(|(wide, narrow)| Room::of((wide, high), rail(wide, narrow), taken((wide, high))).fits())
        };
        let nothing: fn((f64, f64)) -> Taken = |_| Taken::default();
        assert_eq!(fits(800.0, nothing), [0, 1, 1, 2, 2, 2, 2, 3, 4]);
        // Beside a look from the right; above one from below only where there is something to be seen of a conversation.
        assert_eq!(fits(800.0, look), [0, 0, 0, 0, 0, 1, 1, 1, 3]);
        assert_eq!(fits(1_024.0, look), [0, 1, 1, 2, 2, 1, 1, 1, 3]);
        // On a low screen they are low.
        assert_eq!(fits(400.0, nothing), [0, 1, 1, 2, 2, 2, 2, 3, 4]);
        // Whoever makes the rail narrow has more room.
        let narrow = |wide, taken| Room::of((wide, 800.0), rail(wide, true), taken).fits();
        assert_eq!(narrow(1_280.0, Taken::default()), 3);
        assert_eq!(narrow(1_440.0, look((1_440.0, 800.0))), 2);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn no_window_stands_over_the_rail_the_header_or_a_look_into_a_ticket() {
        let places = [None, Some((-9_000.0, -9_000.0)), Some((9_000.0, 9_000.0)), None, None];
        for (wide, _) in WIDTHS.into_iter().filter(|(wide, _)| *wide > PHONE) {
            for (high, narrow) in [(800.0, true), (800.0, false), (1_366.0, true), (1_366.0, false)] {
                let (rail, taken) = (rail(wide, narrow), look((wide, high)));
                let room = Room::of((wide, high), rail, taken);
                let mut windows = opened(1..=5, room);
                windows.iter_mut().zip(places).for_each(|(window, place)| window.place = place);
                for (_, spot) in spots(&windows, room) {
                    assert!(spot.left > rail && spot.top > HEADER, "{spot:?} at {wide} × {high}");
                    assert!(spot.left + WIDTH < wide - taken.width, "{spot:?} at {wide} × {high}");
                    let is_above = spot.top + spot.height <= high - taken.height;
                    assert!(is_above || taken.height < 1.0, "{spot:?} at {wide} × {high}");
                }
            }
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn windows_stand_in_a_row_and_do_not_cover_each_other() {
        let windows = opened([1, 2, 3], WIDE);
        let spots = spots(&windows, WIDE);
        assert_eq!(spots.len(), 3);
        for (place, (_, one)) in spots.iter().enumerate() {
            assert!(one.left >= WIDE.left + GAP && one.left + WIDTH <= WIDE.right - BUTTON_ROOM, "{one:?}");
            assert!(spots.iter().skip(place + 1).all(|(_, other)| !one.covers(*other)), "{one:?}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_first_makes_room_for_the_last_and_comes_back() {
        let mut windows = opened([1, 2, 3, 4], WIDE);
        assert_eq!(drawn(&windows, WIDE), [2, 3, 4]);
        // Whoever closes one, or has more room, sees it again.
        assert_eq!(drawn(&windows, Room { right: 1_920.0, ..WIDE }), [1, 2, 3, 4]);
        windows.pop();
        assert_eq!(drawn(&windows, WIDE), [1, 2, 3]);
        assert_eq!(opened(1..=20, WIDE).len(), MOST);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_a_look_into_a_ticket_displaces_stands_where_it_stood_afterwards() {
        let mut windows = opened([1, 2, 3], WIDE);
        let before = spots(&windows, WIDE);
        assert_eq!(drawn(&windows, BESIDE), [3]);
        assert!(drawn(&windows, ABOVE).is_empty());
        // One that is seen already changes nothing when it is chosen again.
        show(&mut windows, peer(3), BESIDE);
        assert_eq!(spots(&windows, WIDE), before);

        // One that is chosen meanwhile has the place, one that was minimised or closed stays so, and the rest comes back.
        show(&mut windows, peer(1), BESIDE);
        assert_eq!(drawn(&windows, BESIDE), [1]);
        assert_eq!(drawn(&windows, WIDE), [2, 3, 1]);
        windows[0].minimised = true;
        assert_eq!(drawn(&windows, WIDE), [3, 1]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn one_that_was_moved_is_not_covered_by_the_row_and_stays_on_the_screen() {
        let mut windows = opened([1, 2], WIDE);
        windows[0].place = Some((WIDE.right - BUTTON_ROOM - WIDTH - 40.0, 300.0));
        let two = spots(&windows, WIDE);
        assert!(!two[0].1.covers(two[1].1), "{two:?}");
        assert_eq!(WIDE.within((9_000.0, 9_000.0)), (WIDE.right - WIDTH - BUTTON_ROOM, WIDE.bottom - HEAD));
        assert_eq!(WIDE.within((-50.0, -50.0)), (WIDE.left + GAP, WIDE.top + GAP));
        // A screen that is smaller than a window.
        let tiny = Room::of((300.0, 40.0), 0.0, Taken::default());
        assert_eq!(tiny.within((100.0, 100.0)), (GAP, GAP));

        // Where it leaves no place in the row, the last that was opened is seen nonetheless.
        assert_eq!(BESIDE.fits(), 1);
        assert_eq!(drawn(&windows, BESIDE), [1, 2]);
    }
}

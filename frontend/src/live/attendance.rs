//! Whether the person is at any tab of this browser, by when there was input in one of them last.

use std::time::Duration;

/// Without input for this long the person is away, in milliseconds.
const AWAY: f64 = 300_000.0;

/// When there was input last, and what the server makes of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attendance {
    /// In milliseconds since 1970.
    last: f64,
    /// Whether the server takes the person for being here, where it was told.
    active: bool,
}

impl Attendance {
    /// Somebody has just opened the page.
    pub fn new(now: f64) -> Self {
        Self { last: now, active: true }
    }

    /// Whether the server takes the person for being here.
    pub fn is_active(self) -> bool {
        self.active
    }

    /// There is input; whether the server has to hear that the person is back.
    pub fn notes_input(&mut self, now: f64) -> bool {
        self.last = now;
        !std::mem::replace(&mut self.active, true)
    }

    /// Time passes; whether the server has to hear that the person is away.
    pub fn lapses(&mut self, now: f64) -> bool {
        let lapses = self.active && self.is_away(now);
        self.active &= !lapses;
        lapses
    }

    /// A socket is opened; for how many seconds there was no input, if the person is away: the server must not take them for
    /// being back.
    pub fn begins(&mut self, now: f64) -> Option<u32> {
        self.active = !self.is_away(now);
        let idle = Duration::try_from_secs_f64((now - self.last) / 1_000.0).unwrap_or_default();
        (!self.active).then(|| u32::try_from(idle.as_secs()).unwrap_or(u32::MAX))
    }

    fn is_away(self, now: f64) -> bool {
        now - self.last > AWAY
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_server_hears_once_that_somebody_left_and_once_that_they_are_back() {
        let mut here = Attendance::new(0.0);
        assert!(!here.notes_input(10_000.0) && !here.lapses(10_000.0 + AWAY));
        assert!(here.lapses(11_000.0 + AWAY) && !here.is_active());
        assert!(!here.lapses(60_000.0 + AWAY));
        assert!(here.notes_input(70_000.0 + AWAY) && here.is_active());
        assert!(!here.notes_input(80_000.0 + AWAY));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn nobody_comes_back_by_a_socket_that_is_opened_anew() {
        let mut here = Attendance::new(0.0);
        assert_eq!(here.begins(AWAY), None);
        assert!(here.is_active());
        // They left while there was no socket to say so.
        assert_eq!(here.begins(900_500.0), Some(900));
        assert!(!here.is_active() && !here.lapses(901_000.0));
        assert!(here.notes_input(902_000.0));
        assert_eq!(here.begins(903_000.0), None);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_clock_that_was_put_back_makes_nobody_leave() {
        let mut here = Attendance::new(1_000_000.0);
        assert_eq!(here.begins(0.0), None);
        assert!(!here.lapses(0.0));
    }
}

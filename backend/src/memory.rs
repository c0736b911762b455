//! Memory that nobody needs any more goes back to the system.

use std::{hint::black_box, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

/// How often. What was freed less than a second ago is kept: it is likely to be asked for again.
const OFTEN: Duration = Duration::from_secs(5);
/// Large enough to be pages of its own, in bytes.
const PAGES: usize = 1 << 20;

/// Gives back, now and then, what was freed, for as long as the program runs.
///
/// mimalloc gives freed pages back a second later, but looks for them only when other pages are freed. A busy desk frees some
/// all the time; an idle one would hold what its start and its last rush needed for good (16 MB after a start). So a few
/// pages are asked for here, never written to, and freed.
pub async fn give_back() {
    let mut every = interval(OFTEN);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        drop(black_box(Vec::<u8>::with_capacity(PAGES)));
    }
}

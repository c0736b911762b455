//! Where the dust is. Lengths are in CSS pixels, times in seconds.

use std::f64::consts::{PI, TAU};

/// How many arms the spiral has.
const ARMS: u32 = 3;
/// How many times an arm goes round on its way out.
const ROUNDS: f64 = 1.1;
/// How fast the whole turns, in radians.
const TURN: f64 = 0.024;
/// How fast a grain goes in along its arm, in arms.
const INWARDS: f64 = 0.008;
/// How far the pointer reaches.
const REACH: f64 = 190.0;
/// How strongly the dust nearest to the pointer turns about it, in radians.
const SWIRL: f64 = 1.0;
/// How far the pointer pushes the dust nearest to it.
const PUSH: f64 = 26.0;
/// How many shades there are: each is drawn at once.
pub const SHADES: usize = 6;

/// One grain of dust.
#[derive(Debug, Clone, Copy)]
struct Grain {
    /// Where on its arm it was at the beginning, from 0 (the middle) to 1.
    along: f64,
    /// The angle of its arm, and how far it is from its line.
    angle: f64,
    /// How much farther from the middle it is than its arm.
    aside: f64,
    /// Its radius.
    size: f64,
    /// How much of the accent it has, from 0 to 1.
    light: f64,
}

/// A grain as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speck {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Its radius.
    pub size: f64,
    /// Which of the [`SHADES`], from the faintest.
    pub shade: usize,
}

/// The pointer, as the dust feels it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pointer {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// From 0 (not there) to 1.
    pub strength: f64,
}

/// All of it.
#[derive(Debug)]
pub struct Dust {
    grains: Vec<Grain>,
    time: f64,
}

/// Chance that is the same each time (xorshift): nobody minds, and nothing is asked of the browser.
struct Chance(u32);

impl Chance {
    /// Up to one.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        f64::from(self.0) / f64::from(u32::MAX)
    }

    /// From minus one to one, seldom near either.
    fn about(&mut self) -> f64 {
        self.next() + self.next() - 1.0
    }
}

impl Dust {
    /// So many grains.
    pub fn new(count: u32) -> Self {
        let mut chance = Chance(0x7f4a_7c15);
        let grains = (0..count)
            .map(|number| Grain {
                along: (f64::from(number) + chance.next()) / f64::from(count.max(1)),
                angle: f64::from(number % ARMS) * TAU / f64::from(ARMS) + chance.about() * 0.5,
                aside: chance.about() * 0.05,
                size: 0.7 + chance.next() * 1.7,
                light: 0.35 + chance.next() * 0.65,
            })
            .collect();
        Self { grains, time: 0.0 }
    }

    /// Some time goes by.
    pub fn pass(&mut self, seconds: f64) {
        self.time += seconds;
    }

    /// What is to be drawn on a canvas of this size.
    pub fn specks(&self, width: f64, height: f64, pointer: Pointer) -> impl Iterator<Item = Speck> {
        let whole = width.hypot(height) * 0.56;
        self.grains.iter().map(move |grain| {
            let along = (grain.along - self.time * INWARDS).rem_euclid(1.0);
            let angle = grain.angle + along * ROUNDS * TAU - self.time * TURN;
            let distance = whole * (0.07 + along.powf(0.8) + grain.aside);
            let (sin, cos) = angle.sin_cos();
            // Wider than high, as seen from a little above.
            let (x, y) = bent(width / 2.0 + cos * distance, height / 2.0 + sin * distance * 0.8, pointer);
            // It comes out of nothing at the rim, and goes into nothing in the middle.
            let shown = grain.light * (along * PI).sin().max(0.0).sqrt();
            Speck { x, y, size: grain.size, shade: shade(shown) }
        })
    }
}

/// Round the pointer instead of through it.
fn bent(x: f64, y: f64, pointer: Pointer) -> (f64, f64) {
    let (dx, dy) = (x - pointer.x, y - pointer.y);
    let distance = dx.hypot(dy);
    let near = (-(distance / REACH).powi(2)).exp() * pointer.strength;
    if near < 0.001 {
        return (x, y);
    }
    let (sin, cos) = (SWIRL * near).sin_cos();
    let away = 1.0 + PUSH * near / distance.max(1.0);
    (pointer.x + (dx * cos - dy * sin) * away, pointer.y + (dx * sin + dy * cos) * away)
}

/// The shade of so much light.
fn shade(light: f64) -> usize {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number"
    )]
    let shade = (light.clamp(0.0, 1.0) * SHADES as f64) as usize;
    shade.min(SHADES - 1)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn all(dust: &Dust, pointer: Pointer) -> Vec<Speck> {
        dust.specks(1440.0, 900.0, pointer).collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_dust_goes_on_for_hours_and_stays_a_spiral() {
        let mut dust = Dust::new(240);
        for _ in 0..200 {
            dust.pass(60.0);
            let specks = all(&dust, Pointer::default());
            assert_eq!(specks.len(), 240);
            for speck in &specks {
                assert!(speck.x.is_finite() && speck.y.is_finite() && speck.shade < SHADES, "{speck:?}");
            }
            // It neither gathers in the middle nor leaves the screen.
            let seen =
                specks.iter().filter(|speck| (0.0..1440.0).contains(&speck.x) && (0.0..900.0).contains(&speck.y));
            let inner = specks.iter().filter(|speck| (speck.x - 720.0).hypot(speck.y - 450.0) < 100.0).count();
            assert!(seen.count() > 120 && inner < 40);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn it_moves_little_from_one_frame_to_the_next() {
        let mut dust = Dust::new(240);
        let before = all(&dust, Pointer::default());
        dust.pass(1.0 / 30.0);
        let moved = all(&dust, Pointer::default());
        let jumps = before.iter().zip(&moved).filter(|(a, b)| (a.x - b.x).hypot(a.y - b.y) > 3.0).count();
        // Those that begin their way anew at the rim.
        assert!(jumps <= 3, "{jumps}");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn it_bends_round_the_pointer_and_only_near_it() {
        let dust = Dust::new(240);
        let pointer = Pointer { x: 300.0, y: 300.0, strength: 1.0 };
        let (still, bent) = (all(&dust, Pointer::default()), all(&dust, pointer));
        let from = |speck: &Speck| (speck.x - 300.0).hypot(speck.y - 300.0);
        let mut near = 0;
        for (before, after) in still.iter().zip(&bent) {
            if from(before) > 3.0 * REACH {
                assert_eq!(before, after);
            }
            if from(before) < REACH / 2.0 {
                near += 1;
                assert!(from(after) > from(before), "{before:?} {after:?}");
            }
        }
        assert!(near > 0);
    }
}

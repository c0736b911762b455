//! How long to wait before the next try, so that a server that comes back is not run over by all who lost it.

/// The first wait is at most this long, in milliseconds.
const FIRST: f64 = 1_000.0;
/// No wait is longer.
const LONGEST: f64 = 30_000.0;

/// The wait before a try, in milliseconds: each up to twice as long as the one before, and never the same for two
/// browsers.
///
/// `failed` tries have failed since the line was last there; `chance` is between 0 and 1.
pub fn wait(failed: u32, chance: f64) -> f64 {
    let whole = (FIRST * 2_f64.powi(failed.min(16).cast_signed())).min(LONGEST);
    whole * chance.clamp(0.0, 1.0).mul_add(0.5, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_up_to_half_a_minute() {
        let longest: Vec<f64> = [0, 1, 2, 3, 4, 5, 6, u32::MAX].map(|failed| wait(failed, 1.0)).into();
        assert_eq!(longest, [1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 30_000.0, 30_000.0, 30_000.0]);
    }

    #[test]
    fn chance_takes_up_to_half_of_it() {
        assert!((wait(2, 0.0) - 2_000.0).abs() < f64::EPSILON);
        assert!((wait(2, 0.5) - 3_000.0).abs() < f64::EPSILON);
        assert!((wait(2, 7.0) - 4_000.0).abs() < f64::EPSILON);
    }
}

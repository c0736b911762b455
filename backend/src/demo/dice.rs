//! What chance decides in a demo desk. The same seed always decides the same, whatever version of a library or how many
//! tickets come before: every ticket throws dice of its own.

/// `SplitMix64` (Steele, Lea and Flood, 2014): small, quick and good enough to look like people.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of one thing: of the same seed, the same kind and the same number, the same dice.
    pub fn new(seed: u64, kind: u64, number: u64) -> Self {
        let mut dice = Self(seed);
        dice.0 = dice.next() ^ kind.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        dice.0 = dice.next() ^ number;
        dice.next();
        dice
    }

    /// 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below this one; 0 when there is none.
    pub fn below(&mut self, end: u64) -> u64 {
        u64::try_from((u128::from(self.next()) * u128::from(end)) >> 64).unwrap_or(0)
    }

    /// A place in a list of this length.
    pub fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// Whether something happens that happens so many times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A number from 0 to 1.
    pub fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let place = self.place(from.len());
        from.get(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_dice_fall_the_same() {
        let throw = |mut dice: Dice| [dice.next(), dice.next()];
        assert_eq!(throw(Dice::new(1, 2, 3)), throw(Dice::new(1, 2, 3)));
        assert_ne!(throw(Dice::new(1, 2, 3)), throw(Dice::new(1, 2, 4)));
        assert_ne!(throw(Dice::new(1, 2, 3)), throw(Dice::new(2, 2, 3)));
    }

    #[test]
    fn nothing_below_zero() {
        let mut dice = Dice::new(1, 1, 1);
        assert_eq!(dice.below(0), 0);
        assert!((0..1000).all(|_| dice.below(7) < 7));
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}

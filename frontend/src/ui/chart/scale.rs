//! The scale beside a chart.

/// The step from line to line, and the number at the top: round ones, at most four steps.
pub fn scale(most: i64) -> (i64, i64) {
    let most = most.max(4);
    let mut unit = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = unit * factor;
            if step * 4 >= most {
                return (step, (most + step - 1) / step * step);
            }
        }
        unit *= 10;
    }
}

/// Which of so many places are named: the last one, and as many before it as there is room for, evenly.
pub fn named(count: usize, room: usize) -> Vec<usize> {
    let Some(last) = count.checked_sub(1) else { return Vec::new() };
    let every = last.div_ceil(room.max(2) - 1).max(1);
    let mut places: Vec<usize> = (0..=last).rev().step_by(every).collect();
    places.reverse();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (most, expected) in [
            (0, (1, 4)),
            (4, (1, 4)),
            (5, (2, 6)),
            (21, (10, 30)),
            (39, (10, 40)),
            (41, (20, 60)),
            (1_234, (500, 1_500)),
        ] {
            assert_eq!(scale(most), expected, "{most}");
        }
    }

    #[test]
    fn the_last_place_is_named() {
        assert_eq!(named(7, 5), [0, 2, 4, 6]);
        assert_eq!(named(28, 5), [6, 13, 20, 27]);
        assert_eq!(named(1, 5), [0]);
        assert!(named(0, 5).is_empty());
        for count in 1..400 {
            let places = named(count, 5);
            assert!(places.len() <= 5 && places.last() == Some(&(count - 1)), "{count}: {places:?}");
        }
    }
}

//! The scale beside a chart.

/// The step from line to line, and the number at the top: whole and round ones, at most five steps.
pub fn scale(most: i64) -> (i64, i64) {
    let most = most.max(1);
    let mut unit = 1;
    loop {
        // A quarter of the next unit is a whole number from 25 on; of ten it is two once more.
        for step in [unit, unit * 2, unit * 5 / 2, unit * 5] {
            if step * 5 >= most {
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
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn steps_are_round() {
        for (most, expected) in [
            (0, (1, 1)),
            (1, (1, 1)),
            (2, (1, 2)),
            (5, (1, 5)),
            (6, (2, 6)),
            (11, (5, 15)),
            (21, (5, 25)),
            (39, (10, 40)),
            (51, (20, 60)),
            (101, (25, 125)),
            (1_234, (250, 1_250)),
        ] {
            assert_eq!(scale(most), expected, "{most}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_top_is_near_what_is_counted() {
        for most in 1..2_000 {
            let (step, top) = scale(most);
            assert_eq!(top % step, 0, "{most}: {step}, {top}");
            assert!(top >= most && top - most < step && top / step <= 5, "{most}: {step}, {top}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_last_place_is_named() {
        assert_eq!(named(7, 5), [0, 2, 4, 6]);
        assert_eq!(named(28, 5), [6, 13, 20, 27]);
        assert_eq!(named(28, 4), [0, 9, 18, 27]);
        assert_eq!(named(28, 2), [0, 27]);
        assert_eq!(named(1, 5), [0]);
        assert!(named(0, 5).is_empty());
        for (count, room) in (1..400).flat_map(|count| [5, 4, 2].map(|room| (count, room))) {
            let places = named(count, room);
            assert!(places.len() <= room && places.last() == Some(&(count - 1)), "{count}, {room}: {places:?}");
        }
    }
}

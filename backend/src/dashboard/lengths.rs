//! Medians and other ranks of what was counted by length, and how it spreads.

use shared::dashboard::{LengthCount, Lengths, Times};

use super::rows::Took;

/// Where one band ends and the next begins, in minutes: an hour, half a working day, a whole one, a day and a night, three
/// days and a week. The rounding of what is counted moves no length from one to another: hours are told apart where the
/// bounds are hours, and so are days.
const BOUNDS: [i64; 6] = [60, 4 * 60, 8 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60];

/// The lengths of both periods, from counts in any order.
pub fn times(mut took: Vec<Took>) -> Times {
    took.sort_unstable_by_key(|group| (group.recent, group.minutes));
    let (before, recent) = took.split_at(took.partition_point(|group| group.recent == 0));
    Times { recent: lengths(recent), before: lengths(before) }
}

/// The lengths of some groups, the shortest first.
fn lengths(groups: &[Took]) -> Lengths {
    let count = groups.iter().map(|group| group.n).sum();
    let rank = |percent| nearest_rank(groups, count, percent);
    Lengths { count, median_minutes: rank(50), p90_minutes: rank(90), bands: bands(groups) }
}

/// How many lie between each two bounds.
fn bands(groups: &[Took]) -> Vec<LengthCount> {
    let band = |place: usize| {
        let from = place.checked_sub(1).and_then(|shorter| BOUNDS.get(shorter)).copied();
        let to = BOUNDS.get(place).copied();
        // The first has no lower bound: clocks that were set back make no length shorter than it.
        let lies_in = |minutes: i64| from.is_none_or(|from| minutes >= from) && to.is_none_or(|to| minutes < to);
        LengthCount {
            from_minutes: from.unwrap_or(0),
            to_minutes: to,
            count: groups.iter().filter(|group| lies_in(group.minutes)).map(|group| group.n).sum(),
        }
    };
    (0..=BOUNDS.len()).map(band).collect()
}

/// The shortest length that so many percent of all do not exceed.
fn nearest_rank(groups: &[Took], count: i64, percent: i64) -> Option<i64> {
    let mut left = (count * percent + 99) / 100;
    groups.iter().find_map(|group| {
        left -= group.n;
        (left <= 0).then_some(group.minutes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(recent: i64, lengths: &[(i64, i64)]) -> Vec<Took> {
        lengths.iter().map(|&(minutes, n)| Took { recent, minutes, n }).collect()
    }

    fn counts(lengths: &Lengths) -> Vec<i64> {
        lengths.bands.iter().map(|band| band.count).collect()
    }

    #[test]
    fn nothing_has_no_length() {
        let times = times(Vec::new());
        assert_eq!(times.recent, times.before);
        assert_eq!((times.recent.count, times.recent.median_minutes, times.recent.p90_minutes), (0, None, None));
        assert_eq!(counts(&times.recent), [0; 7]);
    }

    #[test]
    fn ranks_are_lengths_that_were_seen() {
        let mut groups = took(1, &[(40, 1), (10, 1), (20, 1), (30, 1)]);
        groups.extend(took(0, &[(7, 9), (500, 1), (1, 0)]));
        let Times { recent, before } = times(groups);
        assert_eq!((recent.count, recent.median_minutes, recent.p90_minutes), (4, Some(20), Some(40)));
        assert_eq!((before.count, before.median_minutes, before.p90_minutes), (10, Some(7), Some(7)));
        assert_eq!(counts(&recent), [4, 0, 0, 0, 0, 0, 0]);
        assert_eq!(counts(&before), [9, 0, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn one_is_its_own_median() {
        let recent = times(took(1, &[(3, 1)])).recent;
        assert_eq!((recent.count, recent.median_minutes, recent.p90_minutes), (1, Some(3), Some(3)));
    }

    #[test]
    fn each_length_lies_in_one_band() {
        // The last minute of a band and the first of the next; from a day on what is counted are hours.
        let edges = [-3, 0, 59, 60, 239, 240, 479, 480, 1_439, 1_440, 4_260, 4_320, 10_020, 10_080, 500_000];
        let recent = times(took(1, &edges.map(|minutes| (minutes, 10)))).recent;
        assert_eq!(counts(&recent), [30, 20, 20, 20, 20, 20, 20]);
        assert_eq!(counts(&recent).iter().sum::<i64>(), recent.count);
        let bounds: Vec<_> = recent.bands.iter().map(|band| (band.from_minutes, band.to_minutes)).collect();
        assert!(bounds.windows(2).all(|two| two[0].1 == Some(two[1].0)), "{bounds:?}");
        assert_eq!((bounds[0].0, bounds[6].1), (0, None));
    }
}

//! Medians and other ranks of what was counted by length.

use shared::dashboard::{Lengths, Times};

use super::rows::Took;

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
    Lengths { count, median_minutes: rank(50), p90_minutes: rank(90) }
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

    #[test]
    fn nothing_has_no_length() {
        assert_eq!(times(Vec::new()), Times { recent: Lengths::default(), before: Lengths::default() });
    }

    #[test]
    fn ranks_are_lengths_that_were_seen() {
        let mut groups = took(1, &[(40, 1), (10, 1), (20, 1), (30, 1)]);
        groups.extend(took(0, &[(7, 9), (500, 1), (1, 0)]));
        let times = times(groups);
        assert_eq!(times.recent, Lengths { count: 4, median_minutes: Some(20), p90_minutes: Some(40) });
        assert_eq!(times.before, Lengths { count: 10, median_minutes: Some(7), p90_minutes: Some(7) });
    }

    #[test]
    fn one_is_its_own_median() {
        let times = times(took(1, &[(3, 1)]));
        assert_eq!(times.recent, Lengths { count: 1, median_minutes: Some(3), p90_minutes: Some(3) });
    }
}

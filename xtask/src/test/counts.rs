//! How many tests passed, read from what their runners print.

use std::{fmt, ops::Add};

/// Tests that passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed.
    pub failed: u32,
    /// Tests that were skipped.
    pub skipped: u32,
}

impl Counts {
    /// Adds up the closing lines of cargo test, wasm-bindgen-test, Playwright and node's test runner.
    pub fn read(log: &str) -> Self {
        log.lines().map(|line| Self::read_line(line.trim())).fold(Self::default(), Add::add)
    }

    /// The counts that one line closes with.
    fn read_line(line: &str) -> Self {
        if let Some(rest) = line.strip_prefix("test result:") {
            let number = |word| number_before(rest, word);
            return Self { passed: number("passed"), failed: number("failed"), skipped: number("ignored") };
        }
        let words: Vec<_> = line.split_whitespace().collect();
        // Playwright says "12 passed (1.2m)", "1 failed", "3 did not run"; node says "# pass 3".
        let (count, what) = match words.as_slice() {
            ["#", what, count] | [count, what] | [count, what @ "passed", _] | [count, what @ "did", "not", "run"] => {
                (count.parse().unwrap_or(0), *what)
            }
            _ => return Self::default(),
        };
        match what {
            "passed" | "pass" => Self { passed: count, ..Self::default() },
            "failed" | "fail" | "flaky" | "cancelled" => Self { failed: count, ..Self::default() },
            "skipped" | "did" | "todo" => Self { skipped: count, ..Self::default() },
            _ => Self::default(),
        }
    }

    /// Whether nothing failed and, on CI, nothing was skipped either.
    pub const fn passes(self, ci: bool) -> bool {
        self.failed == 0 && !(ci && self.skipped > 0)
    }

    /// A layer whose tool counts nothing counts as one; one that failed never counts as passed.
    pub fn settle(self, ok: bool) -> Self {
        match (ok, self) {
            (true, Self { passed: 0, failed: 0, .. }) => Self { passed: 1, ..self },
            (false, Self { failed: 0, .. }) => Self { failed: 1, ..self },
            _ => self,
        }
    }
}

/// The number before a word, as in "3 passed;".
fn number_before(text: &str, word: &str) -> u32 {
    let mut last = 0;
    for part in text.split([' ', ';', '.']) {
        if part == word {
            return last;
        }
        if let Ok(number) = part.parse() {
            last = number;
        }
    }
    0
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts without names.
    fn counts(passed: u32, failed: u32, skipped: u32) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn cargo_test_is_understood() {
        let log = "running 3 tests\n\
            test result: ok. 12 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.10s\n\
            test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(Counts::read(log), counts(13, 3, 2));
    }

    #[test]
    fn playwright_is_understood() {
        let log = "Running 6 tests using 2 workers\n  1 failed\n    [sqlite] › journey.spec.ts:3:1 › a\n  \
            2 skipped\n  1 did not run\n  12 passed (1.2m)\n";
        assert_eq!(Counts::read(log), counts(12, 1, 3));
    }

    #[test]
    fn node_is_understood() {
        assert_eq!(
            Counts::read("# tests 4\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0\n"),
            counts(3, 1, 0)
        );
    }

    #[test]
    fn on_ci_a_skipped_test_is_a_failure() {
        assert!(counts(5, 0, 1).passes(false));
        assert!(!counts(5, 0, 1).passes(true));
        assert!(counts(5, 0, 0).passes(true));
        assert!(!counts(5, 1, 0).passes(false));
        // Told as a failure of its layer, not only by the way the run ends.
        assert_eq!(counts(5, 0, 1).settle(false), counts(5, 1, 1));
    }

    #[test]
    fn a_failure_without_counts_counts() {
        assert_eq!(Counts::default().settle(false), counts(0, 1, 0));
        assert_eq!(Counts::default().settle(true), counts(1, 0, 0));
        assert_eq!(counts(5, 0, 0).settle(false), counts(5, 1, 0));
    }
}

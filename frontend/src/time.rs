//! Moments in the reader's language, by the browser's own `Intl`: no calendar data travels with the page.

mod formats;

use chrono::{DateTime, NaiveDate, Utc};
use js_sys::Date;

use crate::{browser, i18n::Locale};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// The time of day as the whole moment has it: `5:04` in Spanish, `05:04` in British English. Asked for two digits of the minute,
/// browsers take one of the hour everywhere.
const CLOCK: [(&str, &str); 2] = [("hour", "numeric"), ("minute", "numeric")];

#[allow(clippy::cast_precision_loss, reason = "milliseconds of this era fit a double")]
fn millis(moment: DateTime<Utc>) -> f64 {
    moment.timestamp_millis() as f64
}

/// Now, by this machine's clock.
pub fn now() -> DateTime<Utc> {
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds of this era")]
    DateTime::from_timestamp_millis(browser::now() as i64).unwrap_or_default()
}

/// The unit a distance is told in, and how many of it: `(-5, "minute")`. Days count from midnight in the reader's
/// eyes, but a ticket of 23:50 read at 0:10 is twenty minutes old, not from yesterday.
pub fn distance(seconds: f64) -> (f64, &'static str) {
    let size = seconds.abs();
    if size < HOUR {
        ((seconds / MINUTE).trunc(), "minute")
    } else if size < DAY {
        ((seconds / HOUR).trunc(), "hour")
    } else {
        ((seconds / DAY).trunc(), "day")
    }
}

/// `hace 5 min`, `ayer`; after a week the date.
pub fn relative(locale: Locale, moment: DateTime<Utc>, now: f64) -> String {
    told(locale, moment, now, false)
}

/// The same, and after a week the time of day beside the date: `3 mar, 16:20`.
pub fn relative_with_clock(locale: Locale, moment: DateTime<Utc>, now: f64) -> String {
    told(locale, moment, now, true)
}

fn told(locale: Locale, moment: DateTime<Utc>, now: f64, clock: bool) -> String {
    // A server's clock a little ahead of ours must not show the future.
    let seconds = ((millis(moment) - now) / 1000.0).min(0.0);
    if seconds.abs() >= 7.0 * DAY {
        return date(locale, moment, now, clock);
    }
    let (value, unit) = distance(seconds);
    let style = if value == 0.0 { "long" } else { "short" };
    // With `auto`, zero minutes read "this minute"; zero seconds read "now".
    let told = if value == 0.0 { (0.0, "second") } else { (value, unit) };
    formats::distance(locale, told, &[("numeric", "auto"), ("style", style)])
}

/// `3 mar`, with the year when it is not this one, and with the time of day when that is asked for.
fn date(locale: Locale, moment: DateTime<Utc>, now: f64, clock: bool) -> String {
    let year = |ms: f64| Date::new(&ms.into()).get_full_year();
    let mut pairs = vec![("day", "numeric"), ("month", "short")];
    if year(millis(moment)) != year(now) {
        pairs.push(("year", "numeric"));
    }
    if clock {
        pairs.extend(CLOCK);
    }
    formats::moment(locale, moment, &pairs)
}

/// The whole moment: `24 de noviembre de 2026, 10:42`.
pub fn full(locale: Locale, moment: DateTime<Utc>) -> String {
    formats::moment(locale, moment, &[("dateStyle", "long"), ("timeStyle", "short")])
}

/// The time of day: `10:42`.
pub fn of_day(locale: Locale, moment: DateTime<Utc>) -> String {
    formats::moment(locale, moment, &CLOCK)
}

/// The day as a conversation is divided by: `hoy`, `ayer`, then `lunes, 24 de noviembre`, with the year when it is not this one.
pub fn day(locale: Locale, moment: DateTime<Utc>, now: f64) -> String {
    let ago = day_number(millis(moment)) - day_number(now);
    if ago >= -1 {
        // A server's clock a little ahead of ours must not show tomorrow.
        return formats::distance(locale, (if ago < 0 { -1.0 } else { 0.0 }, "day"), &[("numeric", "auto")]);
    }
    let year = |ms: f64| Date::new(&ms.into()).get_full_year();
    let mut pairs = vec![("weekday", "long"), ("day", "numeric"), ("month", "long")];
    if year(millis(moment)) != year(now) {
        pairs.push(("year", "numeric"));
    }
    formats::moment(locale, moment, &pairs)
}

/// The number of a day as the reader counts them: those of their time zone.
pub fn local_day(moment: DateTime<Utc>) -> i64 {
    day_number(millis(moment))
}

fn day_number(ms: f64) -> i64 {
    let offset = Date::new(&ms.into()).get_timezone_offset() * 60_000.0;
    #[allow(clippy::cast_possible_truncation, reason = "days of this era")]
    let day = ((ms - offset) / (DAY * 1000.0)).floor() as i64;
    day
}

/// A number: `12.345,6` in Spanish, `12,345.6` in English.
pub fn number(locale: Locale, number: f64) -> String {
    formats::number(locale, number, &[])
}

/// A whole number: `12.345` in Spanish, `12,345` in English.
pub fn whole(locale: Locale, count: impl TryInto<i64>) -> String {
    let count = count.try_into().unwrap_or(i64::MAX);
    #[allow(clippy::cast_precision_loss, reason = "nothing is counted beyond what a double holds")]
    number(locale, count as f64)
}

/// A share of a hundred: `32 %` in Spanish, `32%` in English.
pub fn percent(locale: Locale, share: f64) -> String {
    formats::number(locale, share / 100.0, &[("style", "percent")])
}

/// How long something took, in the two largest units: `18 min`, `5 h 40 min`, `3 d 4 h`; in English `18 min`, `5 hr 40 min`,
/// `3 days 4 hr`. Less than a minute is a minute.
pub fn length(locale: Locale, minutes: i64) -> String {
    told_length(locale, minutes, |_| "short")
}

/// The same where there is room for words: `2 h 5 min`, `3 días 4 h`; in English `2 hr 5 min`, `3 days 4 hr`.
pub fn length_in_words(locale: Locale, minutes: i64) -> String {
    told_length(locale, minutes, |unit| if unit == "day" { "long" } else { "short" })
}

fn told_length(locale: Locale, minutes: i64, display: impl Fn(&str) -> &'static str) -> String {
    let parts = units_of(minutes).into_iter().filter(|(count, _)| *count > 0);
    let parts = parts.map(|(count, unit)| measure(locale, count, unit, display(unit)));
    // A number and its unit stay together.
    parts.map(|part| part.replace(' ', "\u{a0}")).collect::<Vec<_>>().join(" ")
}

/// The two units that a length is told in, and how many of each. Less than a minute is a minute.
fn units_of(minutes: i64) -> [(i64, &'static str); 2] {
    let minutes = minutes.max(1);
    if minutes < 1440 {
        [(minutes / 60, "hour"), (minutes % 60, "minute")]
    } else {
        [(minutes / 1440, "day"), (minutes % 1440 / 60, "hour")]
    }
}

/// So many of a unit of `Intl.NumberFormat`, in full (`long`) or not (`short`): `3 días`, `12 min`.
fn measure(locale: Locale, count: i64, unit: &'static str, display: &'static str) -> String {
    #[allow(clippy::cast_precision_loss, reason = "minutes of this era")]
    formats::measure(locale, count as f64, &[("style", "unit"), ("unit", unit), ("unitDisplay", display)])
}

/// A day of the calendar, short: `12 nov`.
pub fn date_short(locale: Locale, date: NaiveDate) -> String {
    formats::moment(locale, noon(date), &[("day", "numeric"), ("month", "short"), ("timeZone", "UTC")])
}

/// A day of the calendar: `jueves, 12 de noviembre`.
pub fn date_long(locale: Locale, date: NaiveDate) -> String {
    formats::moment(
        locale,
        noon(date),
        &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("timeZone", "UTC")],
    )
}

/// The day of a moment where the reader is, short, with the year when it is not this one.
pub fn day_short(locale: Locale, moment: DateTime<Utc>) -> String {
    date(locale, moment, browser::now(), false)
}

fn noon(date: NaiveDate) -> DateTime<Utc> {
    DateTime::from_timestamp(i64::from(date.to_epoch_days()) * 86_400 + 43_200, 0).unwrap_or_default()
}

/// The hour of the day where the reader is, from 0 to 23.
pub fn hour() -> u32 {
    Date::new(&browser::now().into()).get_hours()
}

/// RFC 3339, for `<time datetime>`.
pub fn machine(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::units_of;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_length_is_told_in_the_two_largest_units() {
        assert_eq!(units_of(0), [(0, "hour"), (1, "minute")]);
        assert_eq!(units_of(59), [(0, "hour"), (59, "minute")]);
        assert_eq!(units_of(125), [(2, "hour"), (5, "minute")]);
        assert_eq!(units_of(1_439), [(23, "hour"), (59, "minute")]);
        assert_eq!(units_of(3 * 1_440 + 59), [(3, "day"), (0, "hour")]);
        assert_eq!(units_of(4 * 1_440 - 1), [(3, "day"), (23, "hour")]);
    }

    // `Intl` is the browser's own.
    #[cfg(target_arch = "wasm32")]
    mod written {
        use chrono::{NaiveDate, TimeDelta};
        use wasm_bindgen_test::wasm_bindgen_test;

        use crate::{
            i18n::Locale,
            time::{date_short, length, length_in_words, millis, noon, of_day, relative, whole},
        };

        #[wasm_bindgen_test]
        fn english_is_written_as_in_britain() {
            let date = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap_or_default();
            assert_eq!(date_short(Locale::en, date), "30 Nov");
            for hour in 0..24 {
                // Which hour it is depends on where the browser is; that it has two digits and no half of the day does not.
                let clock = of_day(Locale::en, noon(date) + TimeDelta::hours(hour));
                assert!(clock.len() == 5 && clock.ends_with(|c: char| c.is_ascii_digit()), "{clock}");
            }
        }

        #[wasm_bindgen_test]
        fn a_length_and_a_distance_are_written_alike() {
            let plain = |text: String| text.replace('\u{a0}', " ");
            assert_eq!(plain(length(Locale::en, 23 * 60 + 25)), "23 hr 25 min");
            let now = noon(NaiveDate::from_ymd_opt(2026, 11, 30).unwrap_or_default());
            for (ago, written) in [(22 * 60, "22 hr"), (5, "5 min")] {
                assert_eq!(plain(length(Locale::en, ago)), written);
                let told = relative(Locale::en, now - TimeDelta::minutes(ago), millis(now));
                assert_eq!(plain(told), format!("{written} ago"));
            }
        }

        #[wasm_bindgen_test]
        fn a_length_has_words_where_there_is_room() {
            let told = |locale, minutes| length_in_words(locale, minutes).replace('\u{a0}', " ");
            assert_eq!(told(Locale::es, 125), "2 h 5 min");
            assert_eq!(told(Locale::es, 3 * 1_440 + 4 * 60), "3 días 4 h");
            assert_eq!(told(Locale::es, 1_440), "1 día");
            assert_eq!(told(Locale::en, 125), "2 hr 5 min");
            assert_eq!(told(Locale::en, 3 * 1_440), "3 days");
        }

        #[wasm_bindgen_test]
        fn thousands_are_parted_as_the_language_does() {
            assert_eq!(whole(Locale::es, 12_345_u32), "12.345");
            assert_eq!(whole(Locale::en, 12_345_usize), "12,345");
            assert_eq!(whole(Locale::en, 7), "7");
        }
    }
}

//! Moments in the reader's language, by the browser's own `Intl`: no calendar data travels with the page.

use chrono::{DateTime, Utc};
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::{browser, i18n::Locale, prefs::language_tag};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

fn locales(locale: Locale) -> Array {
    Array::of1(&JsValue::from_str(language_tag(locale)))
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in pairs {
        Reflect::set(&object, &(*key).into(), &(*value).into()).ok();
    }
    object
}

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
    // A server's clock a little ahead of ours must not show the future.
    let seconds = ((millis(moment) - now) / 1000.0).min(0.0);
    if seconds.abs() >= 7.0 * DAY {
        return date(locale, moment, now);
    }
    let (value, unit) = distance(seconds);
    let style = if value == 0.0 { "long" } else { "short" };
    let format = Intl::RelativeTimeFormat::new(&locales(locale), &options(&[("numeric", "auto"), ("style", style)]));
    // With `auto`, zero minutes read "this minute"; zero seconds read "now".
    let text = if value == 0.0 { format.format(0.0, "second") } else { format.format(value, unit) };
    text.into()
}

/// `3 mar`, with the year when it is not this one.
fn date(locale: Locale, moment: DateTime<Utc>, now: f64) -> String {
    let year = |ms: f64| Date::new(&ms.into()).get_full_year();
    let mut pairs = vec![("day", "numeric"), ("month", "short")];
    if year(millis(moment)) != year(now) {
        pairs.push(("year", "numeric"));
    }
    format(locale, moment, &pairs)
}

/// The whole moment: `24 de noviembre de 2026, 10:42`.
pub fn full(locale: Locale, moment: DateTime<Utc>) -> String {
    format(locale, moment, &[("dateStyle", "long"), ("timeStyle", "short")])
}

/// The time of day: `10:42`.
pub fn of_day(locale: Locale, moment: DateTime<Utc>) -> String {
    format(locale, moment, &[("hour", "numeric"), ("minute", "2-digit")])
}

/// The day as a conversation is divided by: `hoy`, `ayer`, then `lunes, 24 de noviembre`, with the year when it is not this one.
pub fn day(locale: Locale, moment: DateTime<Utc>, now: f64) -> String {
    let ago = day_number(millis(moment)) - day_number(now);
    if ago >= -1 {
        let format = Intl::RelativeTimeFormat::new(&locales(locale), &options(&[("numeric", "auto")]));
        // A server's clock a little ahead of ours must not show tomorrow.
        return format.format(if ago < 0 { -1.0 } else { 0.0 }, "day").into();
    }
    let year = |ms: f64| Date::new(&ms.into()).get_full_year();
    let mut pairs = vec![("weekday", "long"), ("day", "numeric"), ("month", "long")];
    if year(millis(moment)) != year(now) {
        pairs.push(("year", "numeric"));
    }
    format(locale, moment, &pairs)
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
    let format = Intl::NumberFormat::new(&locales(locale), &Object::new());
    format
        .format()
        .call1(&JsValue::UNDEFINED, &number.into())
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// RFC 3339, for `<time datetime>`.
pub fn machine(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn format(locale: Locale, moment: DateTime<Utc>, pairs: &[(&str, &str)]) -> String {
    let format = Intl::DateTimeFormat::new(&locales(locale), &options(pairs));
    let date = Date::new(&millis(moment).into());
    format.format().call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

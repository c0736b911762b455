//! Lengths of time in the reader's language: `12 min`, `3 h`.

use chrono::TimeDelta;
use js_sys::{Array, Intl, Object, Reflect};

use crate::{i18n::Locale, prefs::language_tag};

/// The largest unit that fits, and how many of it; never less than a minute.
fn unit(length: TimeDelta) -> (i64, &'static str) {
    let minutes = length.num_minutes().max(1);
    match minutes {
        0..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    }
}

/// A length of time, rounded down to its largest unit.
pub fn span(locale: Locale, length: TimeDelta) -> String {
    let (count, unit) = unit(length);
    let options = Object::new();
    for (key, value) in
        [("style", "unit"), ("unit", unit), ("unitDisplay", if unit == "day" { "long" } else { "short" })]
    {
        Reflect::set(&options, &key.into(), &value.into()).ok();
    }
    let format = Intl::NumberFormat::new(&Array::of1(&language_tag(locale).into()), &options);
    #[allow(clippy::cast_precision_loss, reason = "days of this era fit a double")]
    let count = (count as f64).into();
    format
        .format()
        .call1(&wasm_bindgen::JsValue::UNDEFINED, &count)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit_that_fits() {
        assert_eq!(unit(TimeDelta::seconds(5)), (1, "minute"));
        assert_eq!(unit(TimeDelta::minutes(59)), (59, "minute"));
        assert_eq!(unit(TimeDelta::minutes(60)), (1, "hour"));
        assert_eq!(unit(TimeDelta::hours(49)), (2, "day"));
    }
}

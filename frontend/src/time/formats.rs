//! What the browser needs to write a moment or a number. It is long in making one of these, and a list needs the same few for
//! each of its rows, so each is made once and kept.

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use super::millis;
use crate::{i18n::Locale, prefs::to_language};

/// Options of `Intl`, as their names and values.
type Pairs = [(&'static str, &'static str)];

/// The formats of one kind that were asked for so far. There are about a dozen: they are looked through one by one.
type Kept<T> = RefCell<Vec<(Locale, Box<Pairs>, T)>>;

thread_local! {
    static DATES: Kept<Function> = const { RefCell::new(Vec::new()) };
    static NUMBERS: Kept<Function> = const { RefCell::new(Vec::new()) };
    static DISTANCES: Kept<Intl::RelativeTimeFormat> = const { RefCell::new(Vec::new()) };
}

/// A moment, where the reader is unless the options name a time zone.
pub fn moment(locale: Locale, moment: DateTime<Utc>, pairs: &Pairs) -> String {
    let make = |locales: &Array, options: &Object| Intl::DateTimeFormat::new(locales, options).format();
    called(&DATES.with(|kept| get(kept, locale, pairs, make)), &Date::new(&millis(moment).into()))
}

/// A number.
pub fn number(locale: Locale, number: f64, pairs: &Pairs) -> String {
    let make = |locales: &Array, options: &Object| Intl::NumberFormat::new(locales, options).format();
    called(&NUMBERS.with(|kept| get(kept, locale, pairs, make)), &number.into())
}

/// So many of a unit of time, by the language alone: that of one country may make plurals of its signs, `22 hrs`, where it leaves
/// a distance from now at `22 hr ago`.
pub fn measure(locale: Locale, count: f64, pairs: &Pairs) -> String {
    let make = |_: &Array, options: &Object| {
        Intl::NumberFormat::new(&Array::of1(&to_language(locale).as_str().into()), options).format()
    };
    called(&NUMBERS.with(|kept| get(kept, locale, pairs, make)), &count.into())
}

/// A distance from now, in a unit of `Intl.RelativeTimeFormat`.
pub fn distance(locale: Locale, (value, unit): (f64, &str), pairs: &Pairs) -> String {
    DISTANCES.with(|kept| get(kept, locale, pairs, Intl::RelativeTimeFormat::new)).format(value, unit).into()
}

fn get<T: Clone>(kept: &Kept<T>, locale: Locale, pairs: &Pairs, make: impl FnOnce(&Array, &Object) -> T) -> T {
    let there = |(of, with, _): &&(Locale, Box<Pairs>, T)| *of == locale && **with == *pairs;
    if let Some((_, _, format)) = kept.borrow().iter().find(there) {
        return format.clone();
    }
    let options = Object::new();
    for (key, value) in pairs {
        Reflect::set(&options, &(*key).into(), &(*value).into()).ok();
    }
    let format = make(&Array::of1(&to_language(locale).formats().into()), &options);
    kept.borrow_mut().push((locale, pairs.into(), format.clone()));
    format
}

fn called(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

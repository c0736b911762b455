//! What charts share: their names, and their slices as rows of a table.

use leptos::prelude::*;

use crate::{
    i18n::{I18n, Locale, t_string},
    time,
    ui::chart::{Slice, Table, TableRow},
};

/// Words that follow the language.
pub fn words(read: impl Fn() -> &'static str + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || read().to_owned())
}

/// How large a part of a whole is; of nothing it is nothing.
pub fn share(locale: Locale, value: i64, whole: i64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "nothing is counted beyond what a double holds")]
    let percent = value as f64 * 100.0 / whole.max(1) as f64;
    time::percent(locale, percent)
}

/// Slices as rows, with their shares of the whole where they have one.
pub fn as_table(i18n: I18n, first: &str, slices: &[Slice], shares: bool) -> Table {
    let locale = i18n.get_locale();
    let whole: i64 = slices.iter().map(|slice| slice.value).sum();
    let row = |slice: &Slice| {
        let mut cells = vec![time::whole(locale, slice.value).into()];
        if shares {
            cells.push(share(locale, slice.value, whole).into());
        }
        TableRow { name: slice.name.clone(), href: slice.href.clone(), cells }
    };
    let mut head = vec![first.to_owned(), t_string!(i18n, dashboard.chart.count).to_owned()];
    if shares {
        head.push(t_string!(i18n, dashboard.chart.share).to_owned());
    }
    Table { head, rows: slices.iter().map(row).collect() }
}

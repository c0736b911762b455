//! Charts: drawn here as SVG, moved by their styles, and each as a table too.
//!
//! What a chart shows are signals. New numbers change what is drawn where it stands, so that it moves there and nothing
//! else does.

mod bars;
mod card;
mod donut;
mod line;
mod mark;
mod moving;
mod scale;

use leptos::ev;
use shared::{
    accounts::UserRef,
    tickets::{Priority, Status},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

pub use bars::Bars;
pub use card::{ChartCard, Table, TableCell, TableRow};
pub use donut::Donut;
pub use line::{LineChart, LineLegend, LinePoint, Series};
pub use moving::Moving;

use crate::browser;

/// One of the things that a chart compares.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Tells it from the others for as long as the chart lives.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// How many.
    pub value: i64,
    /// The class that gives it its colour, as the colour of text.
    pub class: &'static str,
    /// What stands before its name.
    pub sign: Sign,
    /// Where it leads.
    pub href: Option<String>,
}

/// What stands before a name, so that colour is not all that tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Sign {
    /// Nothing.
    Nothing,
    /// A dot in the slice's colour.
    Dot,
    /// A state's mark.
    Status(Status),
    /// A priority's mark.
    Priority(Priority),
    /// A person's picture.
    Person(UserRef),
}

/// The sum of all.
fn sum(slices: &[Slice]) -> i64 {
    slices.iter().map(|slice| slice.value).sum()
}

/// How many percent of a whole, as a number between 0 and 100.
fn percent(value: i64, whole: i64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "nothing is counted beyond what a double holds")]
    let share = value as f64 / whole.max(1) as f64;
    share * 100.0
}

/// The keys that were there, where they were, and behind them those that are new: what is compared does not change places
/// while it is looked at.
fn settled(before: Option<&Vec<String>>, now: &[Slice]) -> Vec<String> {
    let is_there = |key: &&String| now.iter().any(|slice| slice.key == **key);
    let mut keys: Vec<String> = before.into_iter().flatten().filter(is_there).cloned().collect();
    let new: Vec<String> = now.iter().map(|slice| slice.key.clone()).filter(|key| !keys.contains(key)).collect();
    keys.extend(new);
    keys
}

/// The arrows, Home and End go from link to link in a list of them, or from bar to bar; Tab does too.
fn step(event: &ev::KeyboardEvent) {
    let list = event.current_target().and_then(|list| list.dyn_into::<Element>().ok());
    let Some(found) = list.and_then(|list| list.query_selector_all("a, button").ok()) else { return };
    let links: Vec<HtmlElement> = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let focused = browser::focused();
    let Some(at) = links.iter().position(|link| Some(link) == focused.as_ref()) else { return };
    let to = match event.key().as_str() {
        "ArrowDown" | "ArrowRight" => at + 1,
        "ArrowUp" | "ArrowLeft" => at.saturating_sub(1),
        "Home" => 0,
        "End" => links.len() - 1,
        _ => return,
    };
    event.prevent_default();
    if let Some(link) = links.get(to) {
        link.focus().ok();
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn slice(key: &str, value: i64) -> Slice {
        Slice { key: key.to_owned(), name: String::new(), value, class: "", sign: Sign::Nothing, href: None }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_was_there_stays_where_it_was() {
        let now = [slice("b", 9), slice("c", 5), slice("a", 1)];
        assert_eq!(settled(None, &now), ["b", "c", "a"]);
        let before = vec!["a".to_owned(), "gone".to_owned(), "b".to_owned()];
        assert_eq!(settled(Some(&before), &now), ["a", "b", "c"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_share_of_nothing_is_nothing() {
        assert!(percent(0, 0).abs() < f64::EPSILON);
        assert!((percent(1, 4) - 25.0).abs() < f64::EPSILON);
    }
}

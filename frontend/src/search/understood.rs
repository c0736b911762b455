//! What of a search is no word, in words.

use shared::{search::Narrowing, tickets::AssigneeFilter};

use crate::{
    i18n::{I18n, t_string},
    ui::{priority_label, status_label},
};

/// The filters of a searched text as it was understood; none when there are none.
pub fn understood(i18n: I18n, text: &str) -> Option<String> {
    let (narrowing, _) = Narrowing::read(text);
    let mut parts = Vec::new();
    if let Some(id) = narrowing.number {
        parts.push(t_string!(i18n, search.number, id = id));
    }
    if !narrowing.statuses.is_empty() {
        let names = either(i18n, narrowing.statuses.iter().map(|&status| status_label(i18n, status)));
        parts.push(t_string!(i18n, search.status, names = names));
    }
    if !narrowing.priorities.is_empty() {
        let names = either(i18n, narrowing.priorities.iter().map(|&priority| priority_label(i18n, priority)));
        parts.push(t_string!(i18n, search.priority, names = names));
    }
    match narrowing.assignee {
        None => {}
        Some(AssigneeFilter::Me) => parts.push(t_string!(i18n, search.mine).to_owned()),
        Some(AssigneeFilter::Nobody) => parts.push(t_string!(i18n, search.unassigned).to_owned()),
        Some(AssigneeFilter::Id(id)) => parts.push(t_string!(i18n, search.of_person, id = id)),
    }
    (!parts.is_empty()).then(|| format!("{} {}.", t_string!(i18n, search.narrowed), parts.join("\u{a0}· ")))
}

/// What looks like a filter and was searched for as words, said so that nobody wonders; none when there is none.
pub fn not_understood(i18n: I18n, text: &str) -> Option<String> {
    let parts = Narrowing::read(text).0.not_understood;
    (!parts.is_empty()).then(|| t_string!(i18n, search.not_understood, parts = parts.join(" ")))
}

/// Names as a sentence lists them: the last one after an “or”, the others after commas.
fn either<'a>(i18n: I18n, names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.map(str::to_lowercase).collect();
    let Some(last) = names.pop() else { return String::new() };
    if names.is_empty() {
        return last;
    }
    format!("{} {} {last}", names.join(", "), t_string!(i18n, search.or))
}

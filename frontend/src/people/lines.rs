//! The lines of a file of people, and what becomes of each.

use leptos::prelude::*;
use shared::{
    imports::{ImportedLine, Outcome},
    problem::FieldErrors,
};

use crate::{
    api::field_message,
    i18n::{I18n, t, t_string, use_i18n},
    time,
    ui::role_label,
};

/// As many lines as are looked through at once.
const SHOWN: usize = 100;

/// The first of them, in a table that scrolls by itself. What becomes of a line stands beside its number: on a phone the rest
/// is off the edge.
#[component]
pub fn Lines(
    /// The lines.
    lines: Vec<ImportedLine>,
) -> impl IntoView {
    let i18n = use_i18n();
    let more = lines.len().saturating_sub(SHOWN);
    let rows = lines.into_iter().take(SHOWN).map(|line| view! { <Row line/> }).collect_view();
    view! {
        <div class="import-lines" role="region" tabindex="0" aria-label=move || t_string!(i18n, people.import.region)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, people.import.line)}</th>
                        <th scope="col">{t!(i18n, people.import.outcome)}</th>
                        <th scope="col">{t!(i18n, people.username)}</th>
                        <th scope="col">{t!(i18n, people.name)}</th>
                        <th scope="col">{t!(i18n, people.email)}</th>
                        <th scope="col">{t!(i18n, people.role)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(more > 0).then(|| view! { <p class="muted">{move || t_string!(i18n, people.import.more, count = time::whole(i18n.get_locale(), more))}</p> })}
    }
    .into_any()
}

/// One line.
#[component]
fn Row(
    /// The line.
    line: ImportedLine,
) -> impl IntoView {
    let i18n = use_i18n();
    let ImportedLine { line, outcome, username, name, email, role, fields, .. } = line;
    let fields = StoredValue::new(fields);
    let outcome_words = move || match outcome {
        Outcome::Created => t_string!(i18n, people.import.will_create).into_any(),
        Outcome::Exists => t_string!(i18n, people.import.exists).into_any(),
        Outcome::Refused => {
            let wrong = fields.with_value(|fields| wrong(i18n, fields));
            let lines = wrong.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
            view! { <ul class="import-wrong">{lines}</ul> }.into_any()
        }
    };
    let role = move || role.map(|role| role_label(i18n, role));
    view! {
        <tr class:bad=outcome == Outcome::Refused class:muted=outcome == Outcome::Exists>
            <td>{line}</td>
            <td class="import-outcome">{outcome_words}</td>
            <td>{username}</td>
            <td>{name}</td>
            <td>{email}</td>
            <td>{role}</td>
        </tr>
    }
    .into_any()
}

/// What is wrong with each field, a line each: "Correo: no es una dirección…".
fn wrong(i18n: I18n, fields: &FieldErrors) -> Vec<String> {
    let one = |(field, codes): (&String, &Vec<_>)| {
        let field = match field.as_str() {
            "username" => t_string!(i18n, people.username),
            "name" => t_string!(i18n, people.name),
            "email" => t_string!(i18n, people.email),
            "role" => t_string!(i18n, people.role),
            _ => t_string!(i18n, people.language),
        };
        let reasons = codes.iter().map(|&code| field_message(i18n, code)).collect::<Vec<_>>().join(" ");
        format!("{field}: {reasons}")
    };
    fields.iter().map(one).collect()
}

//! What the desk runs on, for administrators.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::about::{About, DatabaseKind};

use crate::{
    api::about as api,
    i18n::{t, t_string, use_i18n},
    time,
    ui::Loaded,
};

/// `/about`.
#[component]
pub fn AboutPage() -> impl IntoView {
    let i18n = use_i18n();
    let about = LocalResource::new(api::about);
    view! {
        <Title text=move || t_string!(i18n, about.title)/>
        <div class="settings">
            <h1>{t!(i18n, about.title)}</h1>
            <p class="lead">{t!(i18n, about.lead)}</p>
            <Loaded resource=about lines=6 let:now>
                <Facts about=now.get_untracked()/>
            </Loaded>
        </div>
    }
    .into_any()
}

/// A database by the name it is known by.
fn database_name(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::Sqlite => "SQLite",
        DatabaseKind::Postgres => "PostgreSQL",
        DatabaseKind::Mysql => "MySQL",
        DatabaseKind::Mariadb => "MariaDB",
    }
}

/// So many bytes as people say it, in the unit that fits, to a tenth: 14.2 and `MB`.
fn size(bytes: i64) -> (f64, &'static str) {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    #[allow(clippy::cast_precision_loss, reason = "to a tenth")]
    let (mut size, mut unit) = (bytes.max(0) as f64, "B");
    for larger in UNITS {
        if size < 1000.0 {
            break;
        }
        (size, unit) = (size / 1000.0, larger);
    }
    ((size * 10.0).round() / 10.0, unit)
}

/// All of it.
#[component]
fn Facts(
    /// What the server says.
    about: About,
) -> impl IntoView {
    let i18n = use_i18n();
    let About { version, started_at, database, tickets, people, audit_entries } = about;
    let started = move || time::full(i18n.get_locale(), started_at);
    #[allow(clippy::cast_precision_loss, reason = "nothing is counted beyond what a double holds")]
    let count = move |n: i64| view! { <dd>{move || time::number(i18n.get_locale(), n as f64)}</dd> };
    let (bytes, unit) = size(database.bytes);
    let room = move || format!("{} {unit}", time::number(i18n.get_locale(), bytes));
    view! {
        <section class="settings-part" aria-labelledby="about-program">
            <div class="settings-side"><h2 id="about-program">{t!(i18n, about.program)}</h2></div>
            <div class="settings-body">
                <dl class="about-facts">
                    <dt>{t!(i18n, about.version)}</dt><dd>"Turno " {version}</dd>
                    <dt>{t!(i18n, about.started)}</dt><dd>{started}</dd>
                </dl>
                <p class="mb-0"><a href="/api/v1/docs/" rel="external">{t!(i18n, about.docs)}</a></p>
            </div>
        </section>
        <section class="settings-part" aria-labelledby="about-database">
            <div class="settings-side"><h2 id="about-database">{t!(i18n, about.database)}</h2></div>
            <div class="settings-body">
                <dl class="about-facts">
                    <dt>{t!(i18n, about.kind)}</dt><dd>{database_name(database.kind)} " " {database.version}</dd>
                    <dt>{t!(i18n, about.size)}</dt><dd>{room}</dd>
                    <dt>{t!(i18n, about.schema)}</dt><dd>{database.schema_version}</dd>
                </dl>
            </div>
        </section>
        <section class="settings-part" aria-labelledby="about-contents">
            <div class="settings-side"><h2 id="about-contents">{t!(i18n, about.contents)}</h2></div>
            <div class="settings-body">
                <dl class="about-facts">
                    <dt>{t!(i18n, about.tickets)}</dt>{count(tickets)}
                    <dt>{t!(i18n, about.people)}</dt>{count(people)}
                    <dt>{t!(i18n, about.entries)}</dt>{count(audit_entries)}
                </dl>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        for (bytes, said) in [
            (0, (0.0, "B")),
            (999, (999.0, "B")),
            (1_000, (1.0, "kB")),
            (14_238_000, (14.2, "MB")),
            (1_500_000_000, (1.5, "GB")),
            (-1, (0.0, "B")),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}

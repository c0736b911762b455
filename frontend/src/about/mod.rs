//! What the desk runs on, for administrators.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use shared::about::{About, AboutMail, AboutStorage, DatabaseKind, StorageKind};

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
    let About { version, started_at, database, storage, mail, tickets, people, audit_entries } = about;
    let started = move || time::full(i18n.get_locale(), started_at);
    view! {
        <Section id="about-program" title=move || t_string!(i18n, about.program)>
            <dl class="about-facts">
                <dt>{t!(i18n, about.version)}</dt><dd>"Turno " {version}</dd>
                <dt>{t!(i18n, about.started)}</dt><dd>{started}</dd>
            </dl>
            <p class="mb-0"><a href="/api/v1/docs/" rel="external">{t!(i18n, about.docs)}</a></p>
        </Section>
        <Section id="about-database" title=move || t_string!(i18n, about.database)>
            <dl class="about-facts">
                <dt>{t!(i18n, about.kind)}</dt><dd>{database_name(database.kind)} " " {database.version}</dd>
                <dt>{t!(i18n, about.size)}</dt><dd><Room bytes=database.bytes/></dd>
                <dt>{t!(i18n, about.schema)}</dt><dd>{database.schema_version}</dd>
            </dl>
        </Section>
        <Section id="about-storage" title=move || t_string!(i18n, about.storage)><Files storage/></Section>
        <Section id="about-mail" title=move || t_string!(i18n, about.mail)><Sending mail/></Section>
        <Section id="about-contents" title=move || t_string!(i18n, about.contents)>
            <dl class="about-facts">
                <dt>{t!(i18n, about.tickets)}</dt><dd><Count n=tickets/></dd>
                <dt>{t!(i18n, about.people)}</dt><dd><Count n=people/></dd>
                <dt>{t!(i18n, about.entries)}</dt><dd><Count n=audit_entries/></dd>
            </dl>
        </Section>
    }
    .into_any()
}

/// A part of the page under its name.
#[component]
fn Section(
    /// What names it.
    id: &'static str,
    /// Its name.
    #[prop(into)]
    title: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="settings-part" aria-labelledby=id>
            <div class="settings-side"><h2 id=id>{title}</h2></div>
            <div class="settings-body">{children()}</div>
        </section>
    }
    .into_any()
}

/// A number, as people of the language write it.
#[component]
fn Count(
    /// The number.
    n: i64,
) -> impl IntoView {
    let i18n = use_i18n();
    move || time::whole(i18n.get_locale(), n)
}

/// How much room something takes.
#[component]
fn Room(
    /// In bytes.
    bytes: i64,
) -> impl IntoView {
    let i18n = use_i18n();
    let (size, unit) = size(bytes);
    move || format!("{} {unit}", time::number(i18n.get_locale(), size))
}

/// The files that people attach.
#[component]
fn Files(
    /// What the server says of them.
    storage: AboutStorage,
) -> impl IntoView {
    let i18n = use_i18n();
    let AboutStorage { kind, place, files, bytes, reachable } = storage;
    let kind = move || match kind {
        StorageKind::Folder => t_string!(i18n, about.folder),
        StorageKind::Bucket => t_string!(i18n, about.bucket),
    };
    view! {
        <dl class="about-facts">
            <dt>{kind}</dt><dd class="text-break">{place}</dd>
            <dt>{t!(i18n, about.files)}</dt><dd><Count n=files/></dd>
            <dt>{t!(i18n, about.size)}</dt><dd><Room bytes/></dd>
        </dl>
        {(!reachable).then(|| view! { <p class="trouble">{t!(i18n, about.unreachable)}</p> })}
    }
    .into_any()
}

/// The sending of mail.
#[component]
fn Sending(
    /// What the server says of it.
    mail: AboutMail,
) -> impl IntoView {
    let i18n = use_i18n();
    let AboutMail { configured, queued, failed } = mail;
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let server =
        move || if configured { t_string!(i18n, about.configured) } else { t_string!(i18n, about.unconfigured) };
    view! {
        <dl class="about-facts">
            <dt>{t!(i18n, about.mail_server)}</dt><dd>{server}</dd>
            <dt>{t!(i18n, about.queued)}</dt><dd><Count n=count(queued)/></dd>
            <dt>{t!(i18n, about.failed)}</dt><dd><Count n=count(failed)/></dd>
        </dl>
        <p class="mb-0"><A href="/mail">{t!(i18n, about.mails)}</A></p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
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

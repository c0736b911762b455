//! Importing people: choose a file, see what it would do, do it.

use leptos::{html, prelude::*, task::spawn_local};
use shared::{
    imports::{ImportedLine, Outcome, UserImport},
    problem::{FieldCode, ProblemCode},
};
use web_sys::File;

use super::{lines::Lines, state::People};
use crate::{
    api::{ClientError, users},
    i18n::{I18n, t, t_string, tu_count, tu_string, use_i18n},
    time,
    ui::{Button, ButtonKind, Dialog, use_toasts},
};

/// The columns a file has, with somebody in it.
const EXAMPLE: &str = "username,name,email,role,locale\nlucia,Lucía Prado,lucia@example.org,technician,es";

/// What the dialog knows. A handle.
#[derive(Debug, Clone, Copy)]
struct Import {
    file: StoredValue<Option<File>, LocalStorage>,
    report: RwSignal<Option<UserImport>>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    asked: StoredValue<u32>,
    i18n: I18n,
}

impl Import {
    fn new(i18n: I18n) -> Self {
        Self {
            file: StoredValue::new_local(None),
            report: RwSignal::new(None),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            asked: StoredValue::new(0),
            i18n,
        }
    }

    /// Asks what a file would do.
    fn check(self, file: File) {
        self.file.set_value(Some(file.clone()));
        self.report.set(None);
        self.trouble.set(None);
        self.busy.set(true);
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        spawn_local(async move {
            let checked = users::import(&file, true).await;
            // Another file was chosen meanwhile, or the dialog was closed: what this one would do is of no interest.
            if self.asked.try_get_value() == Some(number) {
                self.tell(checked);
            }
        });
    }

    /// Imports the file that was checked.
    fn go(self, done: impl FnOnce(usize) + 'static) {
        let Some(file) = self.file.get_value().filter(|_| !self.busy.get_untracked()) else { return };
        self.trouble.set(None);
        self.busy.set(true);
        spawn_local(async move {
            match users::import(&file, false).await {
                Ok(report) => done(report.created),
                failed => self.tell(failed),
            }
        });
    }

    fn tell(self, told: Result<UserImport, ClientError>) {
        let _ = self.busy.try_set(false);
        match told {
            Ok(report) => {
                let _ = self.report.try_set(Some(report));
            }
            Err(error) => {
                // Somebody may have made one of them meanwhile: the report comes with the refusal.
                let current = error.problem().filter(|problem| problem.code == ProblemCode::ImportRefused);
                let report = current.and_then(|problem| serde_json::from_value(problem.current.clone()?).ok());
                if report.is_some() {
                    let _ = self.report.try_set(report);
                }
                let _ = self.trouble.try_set(Some(words_for(self.i18n, &error)));
            }
        }
    }
}

/// Why a file cannot be imported, and what to do.
fn words_for(i18n: I18n, error: &ClientError) -> String {
    let fields = error.field_errors();
    match fields.get("file").and_then(|codes| codes.first()) {
        Some(FieldCode::Required) => return tu_string!(i18n, people.import.empty).to_owned(),
        Some(FieldCode::TooLong) => return tu_string!(i18n, people.import.too_many).to_owned(),
        Some(FieldCode::FileTooLarge) => return tu_string!(i18n, people.import.too_large).to_owned(),
        Some(_) => return tu_string!(i18n, people.import.not_csv).to_owned(),
        None => {}
    }
    if error.code() == Some(ProblemCode::ValidationFailed) {
        let names = fields.into_keys().collect::<Vec<_>>().join(", ");
        return tu_string!(i18n, people.import.missing, names = names);
    }
    error.message(i18n)
}

/// The dialog.
#[component]
pub fn ImportDialog(
    /// The list.
    people: People,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog open title=move || t_string!(i18n, people.import.heading) wide=true on_close=move |()| open.set(false)>
            <Wizard people open/>
        </Dialog>
    }
    .into_any()
}

/// What is in it, anew each time it opens.
#[component]
fn Wizard(
    /// The list.
    people: People,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let import = Import::new(i18n);
    let created = Memo::new(move |_| {
        let ready = |report: &UserImport| if report.refused == 0 { report.created } else { 0 };
        import.report.with(|report| report.as_ref().map_or(0, ready))
    });
    let go = move |_| {
        import.go(move |count| {
            use_toasts().success(tu_count!(i18n, count, people.import.done, count = count));
            people.reload();
            let _ = open.try_set(false);
        });
    };
    view! {
        <div class="import">
            <p>{t!(i18n, people.import.explain)}</p>
            <figure><figcaption>{t!(i18n, people.import.example)}</figcaption><pre tabindex="0">{EXAMPLE}</pre></figure>
            <Choose import/>
            <div role="status">
                {move || {
                    let checks = import.busy.get() && import.report.with(Option::is_none);
                    if checks { t_string!(i18n, people.import.checking) } else { "" }
                }}
            </div>
            {move || import.trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            {move || import.report.get().map(|report| view! { <Report report/> })}
            <div class="dialog-foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| open.set(false)>{t!(i18n, people.cancel)}</Button>
                <Show when=move || created.get() != 0>
                    <Button kind=ButtonKind::Primary busy=import.busy on_click=go>
                        {move || t_string!(i18n, people.import.confirm, count = time::whole(i18n.get_locale(), created.get()))}
                    </Button>
                </Show>
            </div>
        </div>
    }
    .into_any()
}

/// Chooses a file.
#[component]
fn Choose(
    /// What the dialog knows.
    import: Import,
) -> impl IntoView {
    let i18n = import.i18n;
    let input = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            import.check(file);
        }
        // The same file may be chosen again, mended.
        input.set_value("");
    };
    let open = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <input
            node_ref=input
            type="file"
            name="people"
            accept=".csv,text/csv"
            hidden
            aria-label=move || t_string!(i18n, people.import.file)
            on:change=chosen
        />
        <Button busy=import.busy on_click=open>
            {move || if import.report.with(Option::is_some) { t_string!(i18n, people.import.other) } else { t_string!(i18n, people.import.choose) }}
        </Button>
    }
    .into_any()
}

/// What the file would do.
#[component]
fn Report(
    /// What the server says of it.
    report: UserImport,
) -> impl IntoView {
    let i18n = use_i18n();
    let UserImport { created, existing, refused, ignored_columns, lines, .. } = report;
    let whole = move |count: usize| time::whole(i18n.get_locale(), count);
    let ignored = (!ignored_columns.is_empty()).then(|| ignored_columns.join(", "));
    let advice = move || match (refused, created) {
        (0, 0) => Some(t_string!(i18n, people.import.nothing)),
        (0, _) => None,
        _ => Some(t_string!(i18n, people.import.fix)),
    };
    // While something is wrong only that is of interest.
    let shown: Vec<ImportedLine> = match refused {
        0 => lines,
        _ => lines.into_iter().filter(|line| line.outcome == Outcome::Refused).collect(),
    };
    view! {
        <div role="status">
            <ul class="import-totals">
                <li>{move || t_string!(i18n, people.import.created, count = whole(created))}</li>
                {(existing > 0).then(|| view! { <li>{move || t_string!(i18n, people.import.existing, count = whole(existing))}</li> })}
                {(refused > 0).then(|| view! { <li class="bad">{move || t_string!(i18n, people.import.refused, count = whole(refused))}</li> })}
            </ul>
        </div>
        {move || advice().map(|advice| view! { <p>{advice}</p> })}
        {move || ignored.clone().map(|names| view! { <p class="muted">{t_string!(i18n, people.import.ignored, names = names)}</p> })}
        <Lines lines=shown/>
    }
    .into_any()
}

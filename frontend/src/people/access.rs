//! Takes a person's access away, or gives it back, after asking.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    accounts::{UpdateUser, User},
    problem::ProblemCode,
};

use super::state::People;
use crate::{
    api::{ClientError, users},
    i18n::{I18n, t, t_string, tu_string, use_i18n},
    ui::{Button, ButtonKind, Dialog, use_toasts},
};

/// A person whose access is about to change.
#[derive(Debug, Clone)]
pub struct Access {
    /// Who.
    pub person: User,
}

/// What went wrong, in the words of this page.
pub fn trouble_of(i18n: I18n, error: &ClientError) -> String {
    match error.code() {
        Some(ProblemCode::LastAdmin) => tu_string!(i18n, people.last_admin).to_owned(),
        _ => error.message(i18n),
    }
}

/// The question.
#[component]
pub fn Ask(
    /// The list.
    people: People,
    /// Whom it is about, while it is open.
    asking: RwSignal<Option<Access>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    // The words stay while the dialog closes.
    let last = RwSignal::new((String::new(), true));
    Effect::new(move || {
        if let Some(Access { person }) = asking.get() {
            last.set((person.name, person.active));
            trouble.set(None);
        }
    });
    let heading = Signal::derive(move || {
        let (name, active) = last.get();
        if active {
            t_string!(i18n, people.deactivate_heading, name = name)
        } else {
            t_string!(i18n, people.reactivate_heading, name = name)
        }
    });
    let active = move || last.with(|(_, active)| *active);
    let explain = move || {
        if active() { t_string!(i18n, people.deactivate_explain) } else { t_string!(i18n, people.reactivate_explain) }
    };
    let word = move || if active() { t_string!(i18n, people.deactivate) } else { t_string!(i18n, people.reactivate) };
    let go = move || {
        let Some(Access { person }) = asking.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let change = UpdateUser { active: Some(!person.active), ..UpdateUser::default() };
            let changed = users::update(person.id, &change).await;
            let _ = busy.try_set(false);
            match changed {
                Ok(person) => {
                    let name = person.name.clone();
                    let text = if person.active {
                        tu_string!(i18n, people.reactivated, name = name)
                    } else {
                        tu_string!(i18n, people.deactivated, name = name)
                    };
                    people.replace(person);
                    let _ = asking.try_set(None);
                    use_toasts().success(text);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(trouble_of(i18n, &error)));
                }
            }
        });
    };
    view! {
        <Dialog open=Signal::derive(move || asking.with(Option::is_some)) title=heading on_close=move |()| asking.set(None)>
            <div class="ask">
                <p>{explain}</p>
                {move || trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
                <div class="foot">
                    <Button kind=ButtonKind::Quiet on_click=move |_| asking.set(None)>{t!(i18n, people.cancel)}</Button>
                    <Button kind=ButtonKind::Primary busy on_click=move |_| go()>{word}</Button>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

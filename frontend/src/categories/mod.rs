//! Categories, for administrators.

mod edit;
mod remove;
mod state;

pub use edit::colour_name;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_meta::Title;
use shared::{categories::Category, ids::CategoryId, problem::FieldCode};

use edit::Edit;
use remove::Ask;
use state::{Desk, Direction, Refusal};

use crate::{
    browser,
    i18n::{t, t_string, use_i18n},
    tickets::staff::Staff,
    ui::{Button, ButtonKind, CategoryTag, EmptyState, LoadError, SkeletonRows, TextField, focus_first_invalid},
};

/// `/categories`: the list, with making, editing and deleting.
#[component]
pub fn CategoriesPage() -> impl IntoView {
    let i18n = use_i18n();
    let desk = Desk::new(i18n);
    let staff = Staff::load();
    view! {
        <Title text=move || t_string!(i18n, categories.title)/>
        <div class="cats">
            <h1>{t!(i18n, categories.title)}</h1>
            <p class="lead">{t!(i18n, categories.lead)}</p>
            <Body desk staff/>
            <p class="visually-hidden" role="status">{move || desk.said.get()}</p>
        </div>
        <Ask desk/>
    }
    .into_any()
}

/// The list, or what there is instead.
#[component]
fn Body(
    /// The page.
    desk: Desk,
    /// Who can look after a category.
    staff: Staff,
) -> impl IntoView {
    let there = Memo::new(move |_| desk.items.with(Option::is_some));
    let some = Memo::new(move |_| desk.items.with(|items| items.as_ref().is_some_and(|items| !items.is_empty())));
    move || match (there.get(), desk.error.get()) {
        (false, Some(error)) => view! { <LoadError error retry=move || desk.load()/> }.into_any(),
        (false, None) => view! { <SkeletonRows rows=4/> }.into_any(),
        (true, _) => view! {
            <Show when=move || some.get() fallback=move || view! { <NoneYet/> }>
                <Rows desk staff/>
            </Show>
            // It stays as it is while categories come and go, and keeps the focus.
            <Add desk/>
        }
        .into_any(),
    }
}

/// There is no category.
#[component]
fn NoneYet() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState
            title=move || t_string!(i18n, categories.none_yet)
            text=move || t_string!(i18n, categories.none_yet_hint)
        />
    }
}

/// The categories in their order.
#[component]
fn Rows(
    /// The page.
    desk: Desk,
    /// Who can look after a category.
    staff: Staff,
) -> impl IntoView {
    let i18n = use_i18n();
    let items = move || desk.items.get().unwrap_or_default();
    // Every field that a row shows, so that a change shows.
    let key = |category: &Category| (category.id, category.name.clone(), category.colour, category.default_assignee_id);
    view! {
        <ol aria-label=move || t_string!(i18n, categories.region)>
            <For each=items key=key let:category>
                <li><Row category desk staff/></li>
            </For>
        </ol>
    }
    .into_any()
}

/// One category, or the form that changes it.
#[component]
fn Row(
    /// The category.
    category: Category,
    /// The page.
    desk: Desk,
    /// Who can look after it.
    staff: Staff,
) -> impl IntoView {
    let id = category.id;
    let kept = StoredValue::new(category);
    move || {
        if desk.editing.get() == Some(id) {
            view! { <Edit category=kept.get_value() desk staff/> }.into_any()
        } else {
            view! { <Shown category=kept.get_value() desk staff/> }.into_any()
        }
    }
}

/// A category and what can be done with it.
#[component]
fn Shown(
    /// The category.
    category: Category,
    /// The page.
    desk: Desk,
    /// Who can look after it.
    staff: Staff,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = category.id;
    let assignee = category.default_assignee_id;
    let goes_to = move || {
        let person = staff.all().into_iter().find(|person| Some(person.id) == assignee)?;
        Some(t_string!(i18n, categories.goes_to, name = person.name))
    };
    let tag = category.clone();
    let kept = StoredValue::new(category);
    let name_of = move || kept.with_value(|category| category.name.clone());
    view! {
        <span class="name">
            <CategoryTag category=tag/>
            {move || goes_to().map(|words| view! { <span class="goes-to">{words}</span> })}
        </span>
        <span class="tools">
            <Mover desk id direction=Direction::Up name=Signal::derive(name_of)/>
            <Mover desk id direction=Direction::Down name=Signal::derive(name_of)/>
            <button
                type="button"
                class="quiet-link"
                id=edit_id(id)
                aria-label=move || t_string!(i18n, categories.edit_name, name = name_of())
                on:click=move |_| desk.editing.set(Some(id))
            >
                {t!(i18n, categories.edit)}
            </button>
            <button
                type="button"
                class="quiet-link"
                aria-label=move || t_string!(i18n, categories.remove_name, name = name_of())
                on:click=move |_| desk.removing.set(Some(kept.get_value()))
            >
                {t!(i18n, categories.remove)}
            </button>
        </span>
    }
    .into_any()
}

/// Moves a category one place. At the end of the list it stays where it is, and keeps the focus.
#[component]
fn Mover(
    /// The page.
    desk: Desk,
    /// The category.
    id: CategoryId,
    /// Where to.
    direction: Direction,
    /// What it is called.
    name: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let stuck = move || !desk.can_move(id, direction);
    let label = move || match direction {
        Direction::Up => t_string!(i18n, categories.up, name = name.get()),
        Direction::Down => t_string!(i18n, categories.down, name = name.get()),
    };
    let own_id = format!("move-{id}-{}", if direction == Direction::Up { "up" } else { "down" });
    let own = own_id.clone();
    let go = move |_| {
        desk.shift(id, direction);
        // Moving the row takes the focus away from it.
        let own = own.clone();
        request_animation_frame(move || browser::focus_id(&own));
    };
    let path = match direction {
        Direction::Up => "M8 12.5v-9M4 7.5l4-4 4 4",
        Direction::Down => "M8 3.5v9M4 8.5l4 4 4-4",
    };
    view! {
        <button
            type="button"
            class="step"
            id=own_id
            aria-label=label
            title=label
            aria-disabled=move || stuck().to_string()
            on:click=go
        >
            <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                <path d=path></path>
            </svg>
        </button>
    }
    .into_any()
}

/// What the button is called that begins to change a category.
fn edit_id(id: CategoryId) -> String {
    format!("category-edit-{id}")
}

/// What a form with a name knows. A handle.
#[derive(Debug, Clone, Copy)]
struct NameForm {
    name: RwSignal<String>,
    busy: RwSignal<bool>,
    errors: RwSignal<Vec<FieldCode>>,
    trouble: RwSignal<Option<String>>,
}

impl NameForm {
    fn new(name: String) -> Self {
        Self {
            name: RwSignal::new(name),
            busy: RwSignal::new(false),
            errors: RwSignal::default(),
            trouble: RwSignal::new(None),
        }
    }

    /// Runs what the form is for; `done` when it went well.
    fn run<F>(self, work: impl FnOnce(String) -> F, done: impl FnOnce() + 'static)
    where
        F: Future<Output = Result<(), Refusal>> + 'static,
    {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        self.errors.set(Vec::new());
        let work = work(self.name.get_untracked().trim().to_owned());
        spawn_local(async move {
            let outcome = work.await;
            let _ = self.busy.try_set(false);
            match outcome {
                Ok(()) => done(),
                Err(Refusal { codes, words }) => {
                    let _ = self.errors.try_set(codes);
                    let _ = self.trouble.try_set(words);
                    focus_first_invalid();
                }
            }
        });
    }
}

/// Adds a category.
#[component]
fn Add(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = NameForm::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.run(
            move |name| desk.add(name),
            move || {
                let _ = form.name.try_set(String::new());
            },
        );
    };
    view! {
        <form class="add" novalidate on:submit=submit>
            <TextField
                label=Signal::derive(move || t_string!(i18n, categories.new).to_owned())
                value=form.name
                errors=form.errors
            />
            <Button kind=ButtonKind::Primary busy=form.busy>{t!(i18n, categories.add)}</Button>
            {move || form.trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
        </form>
    }
    .into_any()
}

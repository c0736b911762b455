//! Changes a category, in its place.

use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    categories::{Category, Colour, UpdateCategory},
    ids::UserId,
};

use super::{NameForm, edit_id, state::Desk};
use crate::{
    browser,
    i18n::{I18n, t, t_string, use_i18n},
    tickets::staff::Staff,
    ui::{Button, ButtonKind, Select, TextField, colour_class, fresh_id},
};

/// The form.
#[component]
pub fn Edit(
    /// The category.
    category: Category,
    /// The page.
    desk: Desk,
    /// Who can look after it.
    staff: Staff,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = category.id;
    let form = NameForm::new(category.name.clone());
    let colour = RwSignal::new(category.colour);
    let assignee = RwSignal::new(category.default_assignee_id.map(|id| id.to_string()).unwrap_or_default());
    let before = StoredValue::new(category);
    let close = move || {
        let _ = desk.editing.try_set(None);
        // What began it stands in its place again.
        request_animation_frame(move || browser::refocus(&format!("#{}", edit_id(id))));
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let change = move |name: String| {
            let assignee: Option<UserId> = assignee.with_untracked(|id| id.parse().ok());
            // Only what is other than it was.
            before.with_value(|before| UpdateCategory {
                name: (name != before.name).then_some(name),
                position: None,
                colour: Some(colour.get_untracked()).filter(|&colour| colour != before.colour),
                default_assignee_id: (assignee != before.default_assignee_id).then_some(assignee),
            })
        };
        form.run(move |name| desk.change(id, change(name)), close);
    };
    view! {
        <form
            class="edit"
            novalidate
            on:submit=submit
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
        >
            <TextField
                label=Signal::derive(move || t_string!(i18n, categories.name).to_owned())
                value=form.name
                errors=form.errors
                autofocus=true
            />
            <Palette chosen=colour/>
            <AssigneeField value=assignee staff/>
            {move || form.trouble.get().map(|trouble| view! { <p class="trouble" role="alert">{trouble}</p> })}
            <div class="foot">
                <Button kind=ButtonKind::Quiet on_click=move |_| close()>{t!(i18n, categories.cancel)}</Button>
                <Button kind=ButtonKind::Primary busy=form.busy>{t!(i18n, categories.save)}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// Who gets its new tickets.
#[component]
fn AssigneeField(
    /// The number of who is chosen; empty for nobody.
    value: RwSignal<String>,
    /// Who can be.
    staff: Staff,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), t_string!(i18n, categories.nobody).to_owned())];
        options.extend(staff.all().into_iter().map(|person| (person.id.to_string(), person.name)));
        options
    });
    view! {
        <Select
            label=move || t_string!(i18n, categories.assignee)
            hint=move || t_string!(i18n, categories.assignee_hint)
            value
            options
            name="default_assignee"
        />
    }
    .into_any()
}

/// The colours to choose from.
#[component]
fn Palette(
    /// The one that is chosen.
    chosen: RwSignal<Colour>,
) -> impl IntoView {
    let i18n = use_i18n();
    // Of several palettes on a page each is a group of its own.
    let group = fresh_id("colour");
    let choice = move |colour: Colour| {
        let name = move || colour_name(i18n, colour);
        view! {
            <label class=format!("swatch {}", colour_class(colour)) title=name>
                <input
                    type="radio"
                    name=group.clone()
                    value=colour.as_str()
                    aria-label=name
                    prop:checked=move || chosen.get() == colour
                    on:change=move |_| chosen.set(colour)
                />
                <i class="hue-dot" aria-hidden="true"></i>
            </label>
        }
    };
    view! {
        <fieldset class="palette">
            <legend>{t!(i18n, categories.colour)} ": " <b>{move || colour_name(i18n, chosen.get())}</b></legend>
            {Colour::ALL.map(choice).collect_view()}
        </fieldset>
    }
    .into_any()
}

/// A colour in words.
pub fn colour_name(i18n: I18n, colour: Colour) -> &'static str {
    match colour {
        Colour::Grey => t_string!(i18n, categories.colours.grey),
        Colour::Red => t_string!(i18n, categories.colours.red),
        Colour::Orange => t_string!(i18n, categories.colours.orange),
        Colour::Yellow => t_string!(i18n, categories.colours.yellow),
        Colour::Green => t_string!(i18n, categories.colours.green),
        Colour::Teal => t_string!(i18n, categories.colours.teal),
        Colour::Blue => t_string!(i18n, categories.colours.blue),
        Colour::Purple => t_string!(i18n, categories.colours.purple),
        Colour::Pink => t_string!(i18n, categories.colours.pink),
    }
}

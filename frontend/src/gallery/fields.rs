//! What is filled in and chosen, in every state that a form can be in.

use leptos::prelude::*;
use shared::problem::FieldCode;

use crate::ui::{
    Checkbox, FieldNote, PasswordField, Select, TextArea, TextField,
    filter::{Caret, FindBox, PillOption, PillSelect, PillSheet},
    fresh_id,
};

fn text(words: &str) -> RwSignal<String> {
    RwSignal::new(words.to_owned())
}

fn stored(words: &str) -> Signal<String> {
    Signal::stored(words.to_owned())
}

/// What the server refuses.
fn wrong() -> Signal<Vec<FieldCode>> {
    Signal::stored(vec![FieldCode::Required])
}

/// What is wrong in words of its own.
fn said() -> Signal<Option<String>> {
    Signal::stored(Some("Somebody else has that name.".to_owned()))
}

#[component]
pub fn Fields() -> impl IntoView {
    let fixed = Signal::stored(true);
    view! {
        <div class="gallery-group" data-ui="field">
            <TextField label="Name" value=text("Ana Ruiz") name="plain"/>
            <TextField label="Empty, with a hint" value=text("") hint="What to know before writing." placeholder="For example…"/>
            <TextField label="Not needed" value=text("") optional=true/>
            <TextField label="Wrong" value=text("") errors=wrong()/>
            <TextField label="Wrong, in words" value=text("ana") error=said()/>
            <TextField label="Not to be changed" value=text("admin") disabled=fixed/>
            <TextArea label="A longer text" value=text("Since this morning it blinks red and prints nothing.")/>
            <TextArea label="A longer text, with a hint" value=text("") rows=2 hint="What you see." placeholder="It blinks…" optional=true/>
            <TextArea label="A longer text, wrong" value=text("") rows=2 errors=wrong()/>
            <TextArea label="A longer text, fixed" value=text("As it was.") rows=2 disabled=fixed/>
            // As it stands under a field that is not one of these.
            <FieldNote id=fresh_id("note") hint="A note, without its field"/>
            <FieldNote id=fresh_id("note") errors=wrong() error=said()/>
        </div>
        <div class="gallery-group" data-ui="password">
            <PasswordField label="Password" value=text("Nube-Tetera") rules=false/>
            <PasswordField label="Password, wrong" value=text("") rules=false errors=wrong()/>
            <PasswordField label="New password" value=text("") hint="Nobody else knows it."/>
            <PasswordField label="New password, short" value=text("Nube")/>
            <PasswordField label="New password, easy to guess" value=text("Password1234")/>
            <PasswordField label="New password, good" value=text("Nube-Tetera-Faro-42")/>
            <PasswordField label="New password, not needed" value=text("") optional=true/>
        </div>
    }
    .into_any()
}

#[component]
pub fn Choices() -> impl IntoView {
    let options = ["Low", "Medium", "High"].map(|name| (name.to_lowercase(), name.to_owned()));
    let options = Signal::stored(options.to_vec());
    let fixed = Signal::stored(true);
    view! {
        <div class="gallery-group" data-ui="select">
            <Select label="Priority" value=text("medium") options/>
            <Select label="Priority, not needed" value=text("low") options optional=true hint="How soon."/>
            <Select label="Priority, wrong" value=text("high") options errors=wrong()/>
            <Select label="Priority, fixed" value=text("high") options disabled=fixed/>
        </div>
        <div class="gallery-group" data-ui="checkbox">
            <Checkbox label="Tell me by mail" checked=RwSignal::new(true) hint="At once, and once for each ticket."/>
            <Checkbox label="Not yet" checked=RwSignal::new(false)/>
            <Checkbox label="Not now" checked=RwSignal::new(false) disabled=fixed/>
            <Checkbox label="Always" checked=RwSignal::new(true) disabled=fixed/>
        </div>
        <Pills/>
    }
    .into_any()
}

/// What narrows a list.
#[component]
fn Pills() -> impl IntoView {
    let options =
        ["", "mine", "none"].map(|value| PillOption::new(value, if value.is_empty() { "Anyone" } else { value }));
    let options = Signal::stored(options.to_vec());
    let mine = Signal::stored(Some("mine".to_owned()));
    let on = Signal::stored(true);
    view! {
        <div class="gallery-row" data-ui="filter">
            <PillSelect label=stored("Technician") options value=Signal::stored(None::<String>) on_change=move |_| ()/>
            <PillSelect label=stored("Technician, chosen") options value=mine on_change=move |_| ()/>
            <PillSelect label=stored("Technician, plain") options value=mine plain=true on_change=move |_| ()/>
            <PillSheet label=stored("State") text=stored("State")>{boxes()}</PillSheet>
            <PillSheet label=stored("State") text=stored("Open, Waiting") on>{boxes()}</PillSheet>
            <PillSheet label=stored("State") text=stored("State, plain") plain=true>{boxes()}</PillSheet>
            <button type="button" class="pill">"Pill"</button>
            <button type="button" class="pill" aria-pressed="true">"Pill, pressed"</button>
            <button type="button" class="pill">"Pill that opens" <Caret/></button>
        </div>
        // It looks as the bar that it is in wants it to.
        <div class="tickets-bar" data-ui="filter">
            <FindBox label=stored("Look for") text=stored("") on_text=move |_| ()/>
            <FindBox label=stored("Look for, found") text=stored("toner") on_text=move |_| ()/>
        </div>
    }
    .into_any()
}

/// What stands on a sheet.
fn boxes() -> impl IntoView {
    let state = |(name, on): (&'static str, bool)| {
        view! { <label><input type="checkbox" prop:checked=on/>{name}</label> }
    };
    [("Open", true), ("Waiting", true), ("Closed", false)].map(state).collect_view()
}

//! What is shown, by kind.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use shared::{
    categories::{Category, Colour},
    ids::{CategoryId, TicketId},
    problem::FieldCode,
    tickets::{Priority, Status},
};

use crate::{
    api::ClientError,
    browser,
    ui::{
        Avatar, Button, ButtonKind, CategoryTag, Checkbox, Dialog, EmptyState, Icon, LoadError, Logo, Menu, MenuAction,
        PasswordField, PriorityMark, RelativeTime, Select, SkeletonRows, StatusMark, Stub, Symbol, TextArea, TextField,
        filter::{PillOption, PillSelect, PillSheet},
        use_toasts,
    },
};

/// Surfaces, inks, accents and states.
const COLOURS: [&str; 20] = [
    "paper",
    "sunken",
    "surface",
    "raised",
    "line",
    "line-strong",
    "line-control",
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "accent-strong",
    "accent-soft",
    "accent-text",
    "open",
    "progress",
    "waiting",
    "closed",
    "urgent",
    "note",
];

#[component]
pub fn Tokens() -> impl IntoView {
    let swatch = |name: &'static str| {
        view! { <span class="swatch"><i style:--swatch=format!("var(--t-{name})")></i>{name}</span> }
    };
    let sizes = (1..=7).map(|size| {
        view! { <span style:font-size=format!("var(--t-size-{size})")>{format!("Size {size}")}</span> }
    });
    view! {
        <div class="gallery-row">{COLOURS.map(swatch).collect_view()}</div>
        <div class="gallery-row">{sizes.collect_view()}</div>
    }
    .into_any()
}

#[component]
pub fn Presses() -> impl IntoView {
    let kinds = [
        (ButtonKind::Primary, "Primary"),
        (ButtonKind::Secondary, "Secondary"),
        (ButtonKind::Quiet, "Quiet"),
        (ButtonKind::Danger, "Danger"),
    ];
    let row = |busy: bool, disabled: bool| {
        let buttons = kinds.map(|(kind, name)| {
            view! { <Button kind busy=Signal::stored(busy) disabled=Signal::stored(disabled) on_click=move |_| ()>{name}</Button> }
        });
        view! { <div class="gallery-row">{buttons.collect_view()}</div> }
    };
    view! {
        {row(false, false)}
        {row(true, false)}
        {row(false, true)}
        <div class="gallery-row">
            <Button kind=ButtonKind::Primary on_click=move |_| ()><Icon symbol=Symbol::Plus/>"With an icon"</Button>
            <Button kind=ButtonKind::Quiet class="btn-icon" label="Search" on_click=move |_| ()><Icon symbol=Symbol::Search/></Button>
            <button type="button" class="quiet-link">"Quiet link"</button>
            <button type="button" class="pill">"Pill"</button>
            <button type="button" class="pill" aria-pressed="true">"Pill, pressed"</button>
        </div>
    }
    .into_any()
}

#[component]
pub fn Marks() -> impl IntoView {
    let states = [Status::Open, Status::InProgress, Status::Waiting, Status::Closed];
    let priorities = [Priority::Low, Priority::Medium, Priority::High, Priority::Urgent];
    view! {
        <div class="gallery-row">{states.map(|status| view! { <StatusMark status label=true/> }).collect_view()}</div>
        <div class="gallery-row">{states.map(|status| view! { <StatusMark status/> }).collect_view()}</div>
        <div class="gallery-row">
            {priorities.map(|priority| view! { <PriorityMark priority label=true/> }).collect_view()}
        </div>
        <div class="gallery-row">
            {priorities.map(|priority| view! { <PriorityMark priority/> }).collect_view()}
            <Stub id=TicketId(1042)/>
            <Logo/>
            <RelativeTime at=moment(3)/>
            <RelativeTime at=moment(26 * 60)/>
        </div>
        <div class="gallery-row">{symbols().map(|symbol| view! { <Icon symbol/> }).collect_view()}</div>
    }
    .into_any()
}

/// So many minutes ago.
fn moment(minutes: i64) -> DateTime<Utc> {
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
    let now = DateTime::from_timestamp_millis(browser::now() as i64).unwrap_or_default();
    now - TimeDelta::minutes(minutes)
}

fn symbols() -> [Symbol; 40] {
    use Symbol::{
        Back, Bell, Bin, Check, Checks, Circle, Clip, Clock, Collapse, Comment, Contrast, Cross, Down, Expand, Eye,
        EyeOff, File, Inbox, Info, Labels, Language, Leave, Lock, Log, Mail, Minus, Moon, Move, Offline, Pencil,
        Person, Plus, Search, Send, Sliders, Sun, Ticket, Unassigned, Urgent, Warning,
    };
    [
        Ticket, Comment, Person, Labels, Search, Clock, Moon, Sun, Contrast, Plus, Cross, Check, Down, Collapse, Eye,
        EyeOff, Inbox, Unassigned, Urgent, Mail, Bell, Warning, Leave, Language, Log, Sliders, Info, Clip, File, Lock,
        Offline, Send, Back, Minus, Move, Expand, Pencil, Bin, Circle, Checks,
    ]
}

#[component]
pub fn Faces() -> impl IntoView {
    let people = ["Ana Ruiz", "Luis Peña", "Inés Soto", "Marco Díaz", "Jorge Paz", "Ñ"];
    let tags = Colour::ALL.map(|colour| {
        let category =
            Category { id: CategoryId(1), name: format!("{colour:?}"), position: 1, colour, default_assignee_id: None };
        view! { <CategoryTag category/> }
    });
    view! {
        <div class="gallery-row">{people.map(|name| view! { <Avatar name/> }).collect_view()}</div>
        <div class="gallery-row">{tags.collect_view()}</div>
    }
    .into_any()
}

fn text(words: &str) -> RwSignal<String> {
    RwSignal::new(words.to_owned())
}

#[component]
pub fn Fields() -> impl IntoView {
    let wrong = Signal::stored(vec![FieldCode::Required]);
    view! {
        <TextField label="Name" value=text("Ana Ruiz") name="plain"/>
        <TextField label="Empty, with a hint" value=text("") hint="What to know before writing." placeholder="For example…"/>
        <TextField label="Not needed" value=text("") optional=true/>
        <TextField label="Wrong" value=text("") errors=wrong/>
        <TextField label="Not to be changed" value=text("admin") disabled=Signal::stored(true)/>
        <TextArea label="A longer text" value=text("Since this morning it blinks red and prints nothing.")/>
        <PasswordField label="Password" value=text("Nube-Tetera") rules=false/>
    }
    .into_any()
}

#[component]
pub fn Choices() -> impl IntoView {
    let options = || ["Low", "Medium", "High"].map(|name| (name.to_lowercase(), name.to_owned())).to_vec();
    let no_one = Signal::stored(None::<String>);
    let pills =
        || ["", "mine", "none"].map(|value| PillOption::new(value, if value.is_empty() { "Anyone" } else { value }));
    view! {
        <Select label="Priority" value=text("medium") options=Signal::stored(options())/>
        <Select label="Priority, fixed" value=text("high") options=Signal::stored(options()) disabled=Signal::stored(true)/>
        <Checkbox label="Tell me by mail" checked=RwSignal::new(true) hint="At once, and once for each ticket."/>
        <Checkbox label="Not now" checked=RwSignal::new(false) disabled=Signal::stored(true)/>
        <div class="gallery-row">
            <PillSelect label=Signal::stored("Technician".to_owned()) options=Signal::stored(pills().to_vec())
                value=no_one on_change=move |_| ()/>
            <PillSelect label=Signal::stored("Technician, chosen".to_owned()) options=Signal::stored(pills().to_vec())
                value=Signal::stored(Some("mine".to_owned())) on_change=move |_| ()/>
            <PillSheet label=Signal::stored("State".to_owned()) text=Signal::stored("State".to_owned())>{boxes()}</PillSheet>
            <PillSheet label=Signal::stored("State".to_owned()) text=Signal::stored("Open, Waiting".to_owned())
                on=Signal::stored(true)>{boxes()}</PillSheet>
            <PillSheet label=Signal::stored("Columns".to_owned()) text=Signal::stored("Columns".to_owned())
                plain=true>{boxes()}</PillSheet>
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

#[component]
pub fn Floating() -> impl IntoView {
    let open = RwSignal::new(false);
    let toasts = use_toasts();
    view! {
        <div class="gallery-row">
            <Menu label="A menu" class="btn btn-secondary" trigger=|| "Menu">
                <MenuAction chosen=Signal::stored(true) on_click=|()| ()>"Chosen"</MenuAction>
                <MenuAction on_click=|()| ()><Icon symbol=Symbol::Pencil/>"With an icon"</MenuAction>
            </Menu>
            <Button on_click=move |_| open.set(true)>"Dialog"</Button>
            <Button on_click=move |_| toasts.success("It worked.")>"Good message"</Button>
            <Button on_click=move |_| toasts.error("It did not. Try again.")>"Bad message"</Button>
            <Button on_click=move |_| toasts.invite("There is more.", "Show", || ())>"Offer"</Button>
        </div>
        <Dialog open title="A dialog" on_close=move |()| open.set(false)>
            <p>"It asks one thing, and its buttons say what they do."</p>
            <div class="dialog-foot">
                <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary on_click=move |_| open.set(false)>"Do it"</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

#[component]
pub fn States() -> impl IntoView {
    view! {
        <SkeletonRows rows=3/>
        <LoadError error=ClientError::Offline retry=|| ()/>
        <EmptyState title="Nothing here yet" text="What comes in will stand here.">
            <Button kind=ButtonKind::Primary on_click=move |_| ()>"Open the first"</Button>
        </EmptyState>
    }
    .into_any()
}

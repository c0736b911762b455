//! What lies over the page for a while: menus, dialogs and messages.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::{Button, ButtonKind, Dialog, Icon, Menu, MenuAction, MenuLink, Symbol, use_toasts};

/// How long an offer stays.
const STAY: Duration = Duration::from_secs(10);

#[component]
pub fn Floating() -> impl IntoView {
    view! {
        <div class="gallery-row" data-ui="menu">
            <Menu label="A menu" class="btn btn-secondary" trigger=|| "Menu">
                <MenuAction chosen=Signal::stored(true) on_click=|()| ()>"Chosen"</MenuAction>
                <MenuAction chosen=Signal::stored(false) on_click=|()| ()>"Not chosen"</MenuAction>
                <MenuAction on_click=|()| ()><Icon symbol=Symbol::Pencil/>"With an icon"</MenuAction>
                <MenuAction lang="es" on_click=|()| ()>"En otro idioma"</MenuAction>
                <MenuLink href="/tickets"><Icon symbol=Symbol::Ticket/>"Elsewhere"</MenuLink>
            </Menu>
        </div>
        <Dialogs/>
        <Messages/>
    }
    .into_any()
}

#[component]
fn Dialogs() -> impl IntoView {
    let (plain, wide, alert) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    view! {
        <div class="gallery-row" data-ui="dialog">
            <Button on_click=move |_| plain.set(true)>"Dialog"</Button>
            <Button on_click=move |_| wide.set(true)>"Wide dialog"</Button>
            <Button on_click=move |_| alert.set(true)>"Dialog that interrupts"</Button>
        </div>
        <Dialog open=plain title="A dialog" on_close=move |()| plain.set(false)>
            <p>"It asks one thing, and its buttons say what they do."</p>
            <div class="dialog-foot">
                <Button on_click=move |_| plain.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary on_click=move |_| plain.set(false)>"Do it"</Button>
            </div>
        </Dialog>
        <Dialog open=wide title="A wide dialog" wide=true on_close=move |()| wide.set(false)>
            <p>"It has room for what is looked at, and for what is written in lines as long as these are."</p>
        </Dialog>
        <Dialog open=alert title="A dialog that interrupts" alert=true on_close=move |()| alert.set(false)>
            <p>"What is deleted is gone."</p>
            <div class="dialog-foot">
                <Button autofocus=true on_click=move |_| alert.set(false)>"Keep it"</Button>
                <Button kind=ButtonKind::Danger on_click=move |_| alert.set(false)>"Delete it"</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// They appear where the page has its messages.
#[component]
fn Messages() -> impl IntoView {
    let toasts = use_toasts();
    let news = move || {
        toasts.news("Ana Ruiz answered".to_owned(), "#1042 It prints nothing".to_owned(), "/tickets".to_owned(), || ());
    };
    let offer = move || toasts.offer("It is closed.".to_owned(), "Undo".to_owned(), STAY, || ());
    view! {
        <div class="gallery-row" data-ui="toasts">
            <Button on_click=move |_| toasts.success("It worked.")>"Good message"</Button>
            <Button on_click=move |_| toasts.error("It did not. Try again.")>"Bad message"</Button>
            <Button on_click=move |_| news()>"News"</Button>
            <Button on_click=move |_| offer()>"Message with a way back"</Button>
            <Button on_click=move |_| toasts.invite("There is more.", "Show", || ())>"Offer"</Button>
        </div>
    }
    .into_any()
}

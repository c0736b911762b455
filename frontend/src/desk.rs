//! What lies behind the login.
//!
//! A release build cuts it off into a file of its own (feature `split`), so that the login page does not wait for it: it
//! is loaded while the person types, or when somebody comes who is already logged in. Whatever only [`draw`] reaches is
//! in that file; what the login page uses too stays in the program itself. See `cargo xtask`'s `split.rs`.

#[cfg(feature = "split")]
use leptos::wasm_split::SplitLoaderError;
use leptos::{prelude::*, task::spawn_local};
use shared::permissions::DeskAction;

use crate::{
    about::AboutPage,
    audit::AuditPage,
    browser,
    categories::CategoriesPage,
    chat::ChatPage,
    dashboard::DashboardPage,
    i18n::{t, t_string, use_i18n},
    mail::MailPage,
    not_found::NotFoundPage,
    notifications::NotificationsPage,
    password_links::{ForgotPage, SetPasswordPage},
    people::PeoplePage,
    profile::ProfilePage,
    replies::RepliesPage,
    search::SearchPage,
    session::use_session,
    settings::SettingsPage,
    shell::Frame,
    tickets::{NewTicketPage, TicketPage, TicketsPage},
    ui::{Button, ButtonKind, EmptyState},
};

/// A part of the page that the login page does without: nearly all of it needs a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What stands around all others.
    Frame,
    /// The desk in numbers.
    Dashboard,
    /// The list of tickets.
    Tickets,
    /// The form that opens one.
    NewTicket,
    /// One ticket.
    Ticket,
    /// Private messages.
    Chat,
    /// What a search found.
    Search,
    /// The desk's people.
    People,
    /// The desk's categories.
    Categories,
    /// What staff answers again and again.
    Replies,
    /// The audit log.
    Audit,
    /// The desk's settings.
    Settings,
    /// What the desk runs on.
    About,
    /// What the person is told of.
    Notifications,
    /// The desk's mails.
    Mail,
    /// The person's own settings.
    Profile,
    /// Where one asks for a link to set another password.
    Forgot,
    /// Where that link leads.
    SetPassword,
}

/// Draws a place.
type Draw = fn(Place) -> AnyView;

/// Whether what lies behind the login is here yet.
#[derive(Debug, Clone, Copy)]
enum Arrival {
    NotAskedFor,
    OnItsWay,
    Here(Draw),
    Failed,
}

/// The way to what lies behind the login.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    arrival: RwSignal<Arrival>,
}

impl Desk {
    /// Made once, for the whole page.
    pub fn provide() -> Self {
        let desk = Self { arrival: RwSignal::new(Arrival::NotAskedFor) };
        provide_context(desk);
        desk
    }

    /// Fetches it, unless it is here or on its way.
    pub fn fetch(self) {
        if matches!(self.arrival.get_untracked(), Arrival::OnItsWay | Arrival::Here(_)) {
            return;
        }
        self.arrival.set(Arrival::OnItsWay);
        spawn_local(async move {
            self.arrival.set(match arrive().await {
                Ok(draw) => Arrival::Here(draw),
                Err(Missing) => Arrival::Failed,
            });
        });
    }

    /// Whether nothing is missing any more, or will not come.
    pub fn is_settled(self) -> bool {
        matches!(self.arrival.get(), Arrival::Here(_) | Arrival::Failed)
    }
}

/// It did not come.
#[derive(Debug)]
struct Missing;

/// The way to what lies behind the login; [`Desk::provide`] has made it.
pub fn use_desk() -> Desk {
    use_context().unwrap_or_else(Desk::provide)
}

/// Its styles are a file of their own too, on the way at the same time.
#[cfg(feature = "split")]
async fn arrive() -> Result<Draw, Missing> {
    let styles = browser::styles("turno-desk-styles");
    let draw = cut_off().await.map_err(|_| Missing)?;
    if styles.await { Ok(draw) } else { Err(Missing) }
}

#[cfg(not(feature = "split"))]
#[allow(clippy::unused_async, reason = "nothing is fetched in a build that is not cut")]
async fn arrive() -> Result<Draw, Missing> {
    Ok(draw)
}

#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(desk, wasm_split_path = leptos::wasm_split, fallible)]
fn cut_off() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

/// A place, as soon as it is here. Until then a word that it is coming; when it does not come, a word and a way to try again.
pub fn later(place: Place) -> AnyView {
    let desk = use_desk();
    desk.fetch();
    (move || match desk.arrival.get() {
        Arrival::Here(draw) => draw(place),
        Arrival::Failed => view! { <NotHere/> }.into_any(),
        Arrival::NotAskedFor | Arrival::OnItsWay => view! { <Coming/> }.into_any(),
    })
    .into_any()
}

/// It is on its way; over a good connection nobody sees this. `boot.js` moves the line as the bytes come.
#[component]
fn Coming() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="door">
            <div class="boot-box coming" role="status">
                <p class="boot-words">{t!(i18n, common.loading)}</p>
                <div class="boot-line" role="progressbar" aria-label=move || t_string!(i18n, common.loading)></div>
            </div>
        </main>
    }
}

/// It did not come: no connection, or a newer version stands in its place. Loading the page again helps with both.
#[component]
fn NotHere() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="door">
            <EmptyState
                whole=true
                title=move || t_string!(i18n, session.unreachable_title)
                text=move || t_string!(i18n, session.unreachable_text)
            >
                <Button kind=ButtonKind::Primary on_click=move |_| browser::reload()>{t!(i18n, common.retry)}</Button>
            </EmptyState>
        </main>
    }
}

fn draw(place: Place) -> AnyView {
    match place {
        Place::Frame => view! { <Frame/> }.into_any(),
        Place::Dashboard => view! { <DashboardPage/> }.into_any(),
        Place::Tickets => view! { <TicketsPage/> }.into_any(),
        Place::NewTicket => view! { <NewTicketPage/> }.into_any(),
        Place::Ticket => view! { <TicketPage/> }.into_any(),
        Place::Chat => view! { <ChatPage/> }.into_any(),
        Place::Search => view! { <SearchPage/> }.into_any(),
        Place::People => allowed(DeskAction::ManageUsers, || view! { <PeoplePage/> }.into_any()),
        Place::Categories => allowed(DeskAction::ManageCategories, || view! { <CategoriesPage/> }.into_any()),
        Place::Replies => allowed(DeskAction::UseReplies, || view! { <RepliesPage/> }.into_any()),
        Place::Audit => allowed(DeskAction::ReadAudit, || view! { <AuditPage/> }.into_any()),
        Place::Settings => allowed(DeskAction::ManageSettings, || view! { <SettingsPage/> }.into_any()),
        Place::About => allowed(DeskAction::ManageSettings, || view! { <AboutPage/> }.into_any()),
        Place::Notifications => view! { <NotificationsPage/> }.into_any(),
        Place::Mail => allowed(DeskAction::ManageMail, || view! { <MailPage/> }.into_any()),
        Place::Forgot => view! { <ForgotPage/> }.into_any(),
        Place::SetPassword => view! { <SetPasswordPage/> }.into_any(),
        Place::Profile => view! { <ProfilePage/> }.into_any(),
    }
}

/// A page for those who may do this; for anyone else there is nothing at its address.
fn allowed(action: DeskAction, page: fn() -> AnyView) -> AnyView {
    let session = use_session();
    let may = Memo::new(move |_| session.can(action));
    (move || if may.get() { page() } else { view! { <NotFoundPage/> }.into_any() }).into_any()
}

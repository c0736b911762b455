//! What lies behind the login.
//!
//! A release build cuts it off into files of its own (feature `split`), so that the login page does not wait for them: tickets and
//! what stands around them are loaded while the person types, or when somebody comes who is already logged in, and the rest soon
//! after, or when somebody goes there. Whatever only [`draw`] reaches, or only [`draw_aside`], is in one of these files, and what
//! both do is in another; what the login page uses too stays in the program itself. See `cargo xtask`'s `split.rs`.

use std::time::Duration;

#[cfg(feature = "split")]
use leptos::wasm_split::SplitLoaderError;
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
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

/// A part of the page that the login page does without, and that people work in all day.
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
}

/// A part of the page that people come to now and then: a piece of its own, so that tickets do not wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
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

/// How long after the desk has come the rest is fetched, for whoever goes there next.
const AT_REST: Duration = Duration::from_secs(2);

/// Draws a part of a piece.
type Draw<P> = fn(P) -> AnyView;

/// Whether a piece is here yet.
#[derive(Debug, Clone, Copy)]
enum Arrival<P: Copy> {
    NotAskedFor,
    OnItsWay,
    Here(Draw<P>),
    Failed,
}

impl<P: Copy + 'static> Arrival<P> {
    /// Fetches the piece, unless it is here or on its way.
    fn fetch(this: RwSignal<Self>, come: impl Future<Output = Result<Draw<P>, Missing>> + 'static) {
        if matches!(this.get_untracked(), Self::OnItsWay | Self::Here(_)) {
            return;
        }
        this.set(Self::OnItsWay);
        spawn_local(async move { this.set(come.await.map_or(Self::Failed, Self::Here)) });
    }

    fn is_on_its_way(self) -> bool {
        matches!(self, Self::OnItsWay)
    }

    /// Whether it is here, or will not come.
    fn is_over(self) -> bool {
        matches!(self, Self::Here(_) | Self::Failed)
    }
}

/// The way to what lies behind the login.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    daily: RwSignal<Arrival<Place>>,
    aside: RwSignal<Arrival<Aside>>,
    /// Somebody went aside, and it was not fetched for whoever may go there next.
    is_awaited: RwSignal<bool>,
}

impl Desk {
    /// Made once, for the whole page.
    pub fn provide() -> Self {
        let desk = Self {
            daily: RwSignal::new(Arrival::NotAskedFor),
            aside: RwSignal::new(Arrival::NotAskedFor),
            is_awaited: RwSignal::new(false),
        };
        provide_context(desk);
        desk
    }

    /// Fetches it, unless it is here or on its way; and what lies aside, soon after.
    pub fn fetch(self) {
        Arrival::fetch(self.daily, async move {
            let draw = arrive().await?;
            // What somebody asked for meanwhile and did not get is theirs to ask for again.
            let go_on = move || {
                if matches!(self.aside.get_untracked(), Arrival::NotAskedFor) {
                    Arrival::fetch(self.aside, arrive_aside());
                }
            };
            set_timeout(go_on, AT_REST);
            Ok(draw)
        });
    }

    /// Fetches what lies aside, for somebody who is there.
    pub fn fetch_aside(self) {
        self.is_awaited.set(true);
        Arrival::fetch(self.aside, arrive_aside());
    }

    /// Fetches it once more. Where there is a connection and it still does not come, a newer version stands in its place: loading
    /// the page again helps.
    fn try_again(self) {
        self.aside.set(Arrival::OnItsWay);
        spawn_local(async move {
            let come = arrive_aside().await;
            if come.is_err() && browser::is_online() {
                browser::reload();
            }
            self.aside.set(come.map_or(Arrival::Failed, Arrival::Here));
        });
    }

    /// Whether nothing that somebody waits for is missing any more, or will not come.
    pub fn is_settled(self) -> bool {
        let (daily, aside) = (self.daily.get(), self.aside.get());
        let waits = daily.is_on_its_way() || (self.is_awaited.get() && aside.is_on_its_way());
        !waits && (daily.is_over() || aside.is_over())
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
async fn with_styles<P>(piece: impl Future<Output = Result<Draw<P>, SplitLoaderError>>) -> Result<Draw<P>, Missing> {
    let styles = browser::styles("turno-desk-styles");
    let draw = piece.await.map_err(|_| Missing)?;
    if styles.await { Ok(draw) } else { Err(Missing) }
}

#[cfg(feature = "split")]
async fn arrive() -> Result<Draw<Place>, Missing> {
    with_styles(cut_off()).await
}

#[cfg(feature = "split")]
async fn arrive_aside() -> Result<Draw<Aside>, Missing> {
    with_styles(cut_off_aside()).await
}

#[cfg(not(feature = "split"))]
#[allow(clippy::unused_async, reason = "nothing is fetched in a build that is not cut")]
async fn arrive() -> Result<Draw<Place>, Missing> {
    Ok(draw)
}

#[cfg(not(feature = "split"))]
#[allow(clippy::unused_async, reason = "nothing is fetched in a build that is not cut")]
async fn arrive_aside() -> Result<Draw<Aside>, Missing> {
    Ok(draw_aside)
}

#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(desk, wasm_split_path = leptos::wasm_split, fallible)]
fn cut_off() -> Result<Draw<Place>, SplitLoaderError> {
    Ok(draw)
}

#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(aside, wasm_split_path = leptos::wasm_split, fallible)]
fn cut_off_aside() -> Result<Draw<Aside>, SplitLoaderError> {
    Ok(draw_aside)
}

/// A place, as soon as it is here. Until then a word that it is coming; when it does not come, a word and a way to try again.
pub fn later(place: Place) -> AnyView {
    let desk = use_desk();
    desk.fetch();
    (move || match desk.daily.get() {
        Arrival::Here(draw) => draw(place),
        Arrival::Failed => view! { <main class="door"><NotHere on_retry=browser::reload/></main> }.into_any(),
        Arrival::NotAskedFor | Arrival::OnItsWay => view! { <main class="door"><Coming/></main> }.into_any(),
    })
    .into_any()
}

/// Whether what lies aside is needed at an address: all but tickets and the desk in numbers. `boot.js` asks by the same rule.
pub fn lies_aside(path: &str) -> bool {
    path != "/" && path != "/tickets" && !path.starts_with("/tickets/")
}

/// The same of what lies aside, within the frame.
pub fn aside(part: Aside) -> AnyView {
    let desk = use_desk();
    desk.fetch_aside();
    let was_late = StoredValue::new(false);
    (move || match desk.aside.get() {
        Arrival::Here(draw) => {
            if was_late.get_value() {
                // Whoever waits has been told so; now they are told what came.
                browser::refocus_on_late_heading();
            }
            draw(part)
        }
        arrival => {
            was_late.set_value(true);
            waiting(desk, arrival)
        }
    })
    .into_any()
}

/// And outside of it, for those without a session.
pub fn outside(part: Aside) -> AnyView {
    let desk = use_desk();
    desk.fetch_aside();
    (move || match desk.aside.get() {
        Arrival::Here(draw) => draw(part),
        arrival => view! { <main class="door">{waiting(desk, arrival)}</main> }.into_any(),
    })
    .into_any()
}

fn waiting(desk: Desk, arrival: Arrival<Aside>) -> AnyView {
    if arrival.is_over() {
        view! { <div class="late"><NotHere on_retry=move || desk.try_again()/></div> }.into_any()
    } else {
        view! { <div class="late"><Coming/></div> }.into_any()
    }
}

/// It is on its way; over a good connection nobody sees this. `boot.js` moves the line as the bytes come.
#[component]
fn Coming() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=move || t_string!(i18n, common.loading)/>
        <div class="boot-box coming" role="status">
            <p class="boot-words">{t!(i18n, common.loading)}</p>
            <div class="boot-line" role="progressbar" aria-label=move || t_string!(i18n, common.loading)></div>
        </div>
    }
}

/// It did not come: no connection, or a newer version stands in its place.
#[component]
fn NotHere(on_retry: impl Fn() + Send + Sync + 'static) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=move || t_string!(i18n, session.unreachable_title)/>
        <EmptyState
            whole=true
            title=move || t_string!(i18n, session.unreachable_title)
            text=move || t_string!(i18n, session.unreachable_text)
        >
            <Button kind=ButtonKind::Primary on_click=move |_| on_retry()>{t!(i18n, common.retry)}</Button>
        </EmptyState>
    }
}

fn draw(place: Place) -> AnyView {
    match place {
        Place::Frame => view! { <Frame/> }.into_any(),
        Place::Dashboard => view! { <DashboardPage/> }.into_any(),
        Place::Tickets => view! { <TicketsPage/> }.into_any(),
        Place::NewTicket => view! { <NewTicketPage/> }.into_any(),
        Place::Ticket => view! { <TicketPage/> }.into_any(),
    }
}

fn draw_aside(part: Aside) -> AnyView {
    match part {
        Aside::Chat => view! { <ChatPage/> }.into_any(),
        Aside::Search => view! { <SearchPage/> }.into_any(),
        Aside::People => allowed(DeskAction::ManageUsers, || view! { <PeoplePage/> }.into_any()),
        Aside::Categories => allowed(DeskAction::ManageCategories, || view! { <CategoriesPage/> }.into_any()),
        Aside::Replies => allowed(DeskAction::UseReplies, || view! { <RepliesPage/> }.into_any()),
        Aside::Audit => allowed(DeskAction::ReadAudit, || view! { <AuditPage/> }.into_any()),
        Aside::Settings => allowed(DeskAction::ManageSettings, || view! { <SettingsPage/> }.into_any()),
        Aside::About => allowed(DeskAction::ManageSettings, || view! { <AboutPage/> }.into_any()),
        Aside::Notifications => view! { <NotificationsPage/> }.into_any(),
        Aside::Mail => allowed(DeskAction::ManageMail, || view! { <MailPage/> }.into_any()),
        Aside::Forgot => view! { <ForgotPage/> }.into_any(),
        Aside::SetPassword => view! { <SetPasswordPage/> }.into_any(),
        Aside::Profile => view! { <ProfilePage/> }.into_any(),
    }
}

/// A page for those who may do this; for anyone else there is nothing at its address.
fn allowed(action: DeskAction, page: fn() -> AnyView) -> AnyView {
    let session = use_session();
    let may = Memo::new(move |_| session.can(action));
    (move || if may.get() { page() } else { view! { <NotFoundPage/> }.into_any() }).into_any()
}

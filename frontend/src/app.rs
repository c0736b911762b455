//! The page as a whole: what every part shares, and which address shows what.

use std::time::Duration;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    NavigateOptions, StaticSegment,
    components::{ParentRoute, Route, Router, Routes},
    hooks::{use_location, use_navigate},
    path,
};

use crate::{
    brand::Brand,
    browser,
    desk::{Aside, Desk, Place, aside, later, outside},
    i18n::I18nSubContextProvider,
    login::LoginPage,
    not_found::NotFoundPage,
    prefs::Prefs,
    session::{EndReason, Phase, use_session},
    shell::Shell,
    ui::{ToastStack, provide_now},
    unread::counted,
};

/// Where the page begins.
const HOME: &str = "/";

/// How long the preloader takes to fade: a little more than `boot.css` says.
const FADE: Duration = Duration::from_millis(160);

/// Starts the page in the document's body.
pub fn start() {
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    mount_to_body(App);
    use_session().start();
}

/// The page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_now();
    let desk = Desk::provide();
    let brand = Brand::provide();
    let prefs = Prefs::provide();
    let session = use_session();
    Effect::new(move || {
        if let Some(user) = session.user() {
            prefs.follow_account(&user);
        }
    });
    Effect::new(move || {
        let settled = match session.phase() {
            Phase::Asking => false,
            Phase::In => desk.is_settled(),
            Phase::Out(_) | Phase::Unreachable => true,
        };
        if settled
            && brand.is_settled()
            && let Some(boot) = document().get_element_by_id("boot")
        {
            // It fades, and is gone.
            boot.class_list().add_1("done").ok();
            set_timeout(move || boot.remove(), FADE);
        }
    });
    view! {
        <Title formatter=move |title: String| {
            let name = brand.name();
            counted(if title.is_empty() { name } else { format!("{title} · {name}") })
        }/>
        <I18nSubContextProvider initial_locale=prefs.locale_signal()>
            <Router>
                <Guard/>
                <Pages/>
            </Router>
            <ToastStack/>
        </I18nSubContextProvider>
    }
}

/// Which address shows what.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFoundPage/> }.into_any()>
            <Route path=path!("/login") view=|| view! { <LoginPage/> }.into_any()/>
            <Route path=path!("/forgot") view=|| outside(Aside::Forgot)/>
            <Route path=path!("/set-password/:token") view=|| outside(Aside::SetPassword)/>
            <ParentRoute path=StaticSegment("") view=|| view! { <Shell/> }.into_any()>
                <Route path=StaticSegment("") view=|| later(Place::Dashboard)/>
                <Route path=path!("/tickets") view=|| later(Place::Tickets)/>
                <Route path=path!("/tickets/new") view=|| later(Place::NewTicket)/>
                <Route path=path!("/tickets/:id") view=|| later(Place::Ticket)/>
                <Route path=path!("/chat/:user_id?") view=|| aside(Aside::Chat)/>
                <Route path=path!("/search") view=|| aside(Aside::Search)/>
                <Route path=path!("/people") view=|| aside(Aside::People)/>
                <Route path=path!("/categories") view=|| aside(Aside::Categories)/>
                <Route path=path!("/replies") view=|| aside(Aside::Replies)/>
                <Route path=path!("/audit") view=|| aside(Aside::Audit)/>
                <Route path=path!("/settings") view=|| aside(Aside::Settings)/>
                <Route path=path!("/about") view=|| aside(Aside::About)/>
                <Route path=path!("/notifications") view=|| aside(Aside::Notifications)/>
                <Route path=path!("/mail") view=|| aside(Aside::Mail)/>
                <Route path=path!("/profile") view=|| aside(Aside::Profile)/>
                <Route path=path!("/ui") view=gallery/>
                <Route path=path!("/*any") view=|| view! { <NotFoundPage/> }.into_any()/>
            </ParentRoute>
        </Routes>
    }
}

/// Every component in every state.
#[cfg(debug_assertions)]
fn gallery() -> AnyView {
    view! { <crate::gallery::GalleryPage/> }.into_any()
}

/// For development only.
#[cfg(not(debug_assertions))]
fn gallery() -> AnyView {
    view! { <NotFoundPage/> }.into_any()
}

/// Sends those without a session to the login page, with the way back, and those with one from there to where they
/// were going.
#[component]
fn Guard() -> impl IntoView {
    let session = use_session();
    let location = use_location();
    let navigate = use_navigate();
    let replace = || NavigateOptions { replace: true, ..NavigateOptions::default() };
    Effect::new(move || {
        let path = location.pathname.get();
        match session.phase() {
            Phase::Out(reason) if !is_outside(&path) => {
                let search = location.search.get_untracked();
                let query = if search.is_empty() { String::new() } else { format!("?{search}") };
                let back = format!("{path}{query}");
                // Whoever logs out has left: the next person starts at the beginning.
                let target = if reason == Some(EndReason::LoggedOut) || back == HOME {
                    "/login".to_owned()
                } else {
                    format!("/login?next={}", browser::escape(&back))
                };
                navigate(&target, replace());
            }
            Phase::In if path == "/login" => {
                let next = location.query.with_untracked(|query| query.get("next"));
                navigate(&way_back(next.as_deref()), replace());
            }
            _ => {}
        }
    });
}

/// Whether a place is there for those without a session.
fn is_outside(path: &str) -> bool {
    path == "/login" || path == "/forgot" || path.starts_with("/set-password/")
}

/// The address to go back to: one of this page's own, or the beginning. `//host` and `/\host` would leave it.
pub fn way_back(next: Option<&str>) -> String {
    match next {
        Some(next)
            if next.starts_with('/')
                && !next.starts_with("//")
                && !next.contains('\\')
                && !next.chars().any(char::is_control)
                && !next.starts_with("/login") =>
        {
            next.to_owned()
        }
        _ => HOME.to_owned(),
    }
}

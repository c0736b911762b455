//! The way out. Whoever logs out leaves nothing behind for the next at this screen, not even what waits to be sent: so they are
//! asked before that is lost.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    chat::use_chat,
    drafts,
    i18n::{I18n, t, t_count, t_string, use_i18n},
    session::use_session,
    tickets,
    ui::{Button, ButtonKind, Dialog, use_toasts},
};

/// The way out. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// How much would be lost, while the person is asked.
    asked: RwSignal<Option<usize>>,
    i18n: I18n,
}

/// The way out of this page.
pub fn use_leaving() -> Leaving {
    expect_context()
}

impl Leaving {
    /// Made once for everything behind the login.
    pub fn provide() {
        provide_context(Self { asked: RwSignal::new(None), i18n: use_i18n() });
    }

    /// Logs out; at once where nothing waits to be sent.
    pub fn leave(self) {
        match unsent() {
            0 => self.log_out(),
            count => self.asked.set(Some(count)),
        }
    }

    fn log_out(self) {
        let (session, i18n) = (use_session(), self.i18n);
        spawn_local(async move {
            if let Err(error) = session.log_out().await {
                use_toasts().error(error.message(i18n));
            }
        });
    }
}

/// How many messages and answers of the person at the screen are not sent yet, in any tab or in this one alone; untracked.
fn unsent() -> usize {
    let Some(user) = use_session().user_untracked() else { return 0 };
    drafts::count_unsent(user.id) + use_chat().count_only_here() + tickets::count_only_here()
}

/// Asks whether to log out although something waits to be sent.
#[component]
pub fn LeavingDialog() -> impl IntoView {
    let leaving = use_leaving();
    let (i18n, asked) = (leaving.i18n, leaving.asked);
    let stay = move || asked.set(None);
    let go = move || {
        asked.set(None);
        leaving.log_out();
    };
    let lost = move || {
        let count = asked.get().unwrap_or_default();
        t_count!(i18n, count, session.leave.lost, count = count)
    };
    view! {
        <Dialog
            open=Signal::derive(move || asked.get().is_some())
            title=move || t_string!(i18n, session.leave.title)
            alert=true
            on_close=move |()| stay()
        >
            <p>{lost}</p>
            <div class="dialog-foot">
                <Button kind=ButtonKind::Primary autofocus=true on_click=move |_| stay()>
                    {t!(i18n, session.leave.stay)}
                </Button>
                <Button kind=ButtonKind::Danger on_click=move |_| go()>{t!(i18n, session.leave.go)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

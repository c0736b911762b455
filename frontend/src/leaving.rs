//! The way out. Whoever logs out leaves nothing behind for the next at this screen, not even what waits to be sent: so they are
//! asked before that is lost. A file that was sent is on its way for a while, and goes no further without them.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    attachments,
    chat::use_chat,
    drafts,
    i18n::{I18n, t, t_count, t_string, use_i18n},
    session::use_session,
    tickets,
    ui::{Button, ButtonKind, Dialog, use_toasts},
};

/// How often it is counted again while the person is asked: what they wait for may be sent meanwhile.
const COUNT_AGAIN: Duration = Duration::from_secs(1);

/// What would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unsent {
    /// Messages and answers of the person at the screen that are not sent yet, in any tab or in this one alone.
    messages: usize,
    /// Files of theirs that are on their way in this one.
    files: usize,
}

impl Unsent {
    /// What would be lost now, if anything; untracked.
    fn count() -> Option<Self> {
        let user = use_session().user_untracked()?;
        let kept = drafts::count_unsent(user.id);
        let unsent = Self {
            messages: kept + use_chat().count_only_here() + tickets::count_only_here(),
            files: attachments::count_under_way(),
        };
        (unsent.messages + unsent.files > 0).then_some(unsent)
    }

    /// Whether more would be lost than in the other case.
    fn is_more_than(self, other: Self) -> bool {
        self.messages > other.messages || self.files > other.files
    }
}

/// The way out. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// What would be lost, while the person is asked.
    asked: RwSignal<Option<Unsent>>,
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
        match Unsent::count() {
            None => self.log_out(),
            some => self.asked.set(some),
        }
    }

    /// Logs out although something is lost, but not more than the person was told.
    fn leave_all_the_same(self) {
        match (self.asked.get_untracked(), Unsent::count()) {
            (Some(told), Some(now)) if now.is_more_than(told) => self.asked.set(Some(now)),
            _ => {
                self.asked.set(None);
                self.log_out();
            }
        }
    }

    /// Counts again what is asked about. Once nothing would be lost there is no question.
    fn count_again(self) {
        if let Some(told) = self.asked.try_get_untracked().flatten() {
            let now = Unsent::count();
            if now != Some(told) {
                self.asked.set(now);
            }
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

/// Asks whether to log out although something waits to be sent.
#[component]
pub fn LeavingDialog() -> impl IntoView {
    let leaving = use_leaving();
    let (i18n, asked) = (leaving.i18n, leaving.asked);
    let open = Memo::new(move |_| asked.with(Option::is_some));
    Effect::new(move || {
        if open.get() {
            let counting = set_interval_with_handle(move || leaving.count_again(), COUNT_AGAIN).ok();
            on_cleanup(move || {
                if let Some(counting) = counting {
                    counting.clear();
                }
            });
        }
    });
    let stay = move || asked.set(None);
    let title = move || {
        if asked.get().is_some_and(|unsent| unsent.messages == 0) {
            t_string!(i18n, session.leave.title_files)
        } else {
            t_string!(i18n, session.leave.title)
        }
    };
    let messages = move || {
        let count = asked.get().map_or(0, |unsent| unsent.messages);
        (count > 0).then(|| t_count!(i18n, count, session.leave.lost, count = count))
    };
    let files = move || {
        let count = asked.get().map_or(0, |unsent| unsent.files);
        (count > 0).then(|| t_count!(i18n, count, session.leave.files, count = count))
    };
    view! {
        <Dialog open title alert=true on_close=move |()| stay()>
            {move || messages().map(|words| view! { <p>{words}</p> })}
            {move || files().map(|words| view! { <p>{words}</p> })}
            <div class="dialog-foot">
                <Button kind=ButtonKind::Primary autofocus=true on_click=move |_| stay()>
                    {t!(i18n, session.leave.stay)}
                </Button>
                <Button kind=ButtonKind::Danger on_click=move |_| leaving.leave_all_the_same()>
                    {t!(i18n, session.leave.go)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn nobody_loses_more_than_they_were_told() {
        let told = Unsent { messages: 2, files: 1 };
        assert!(!told.is_more_than(told));
        assert!(!Unsent { messages: 1, files: 0 }.is_more_than(told));
        assert!(Unsent { messages: 1, files: 2 }.is_more_than(told));
        assert!(Unsent { messages: 3, files: 0 }.is_more_than(told));
    }
}

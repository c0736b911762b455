//! `/chat` and `/chat/{id}`: the conversations, and one of them. On a phone one of the two at a time.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use shared::{ids::UserId, problem::ProblemCode};
use wasm_bindgen::JsCast;

use super::{
    list::{ConversationList, Face},
    pane::{Pane, PaneBody},
    state::use_chat,
    thread::Come,
    words::{Whereabouts, name_of},
};
use crate::{
    api::ClientError,
    browser,
    i18n::{t, t_string, use_i18n},
    ui::{EmptyState, Icon, Symbol},
};

/// The field that finds people.
const FIND: &str = ".chat-side input";

/// The page.
#[component]
pub fn ChatPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let peer = Memo::new(move |_| params.with(|params| params.get("user_id")?.parse::<UserId>().ok()));
    let query = use_query_map();
    let navigate = use_navigate();
    // Whoever wants to write to somebody looks for them first; the address forgets it, so that they can want it again.
    Effect::new(move || {
        if query.with(|query| query.get("find").is_some()) {
            let navigate = navigate.clone();
            request_animation_frame(move || {
                let field = document().query_selector(FIND).ok().flatten();
                if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
                    field.focus().ok();
                }
                navigate("/chat", NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
            });
        }
    });
    let title = move || match peer.get() {
        Some(peer) if is_missing(peer) => t_string!(i18n, chat.missing).to_owned(),
        Some(peer) => t_string!(i18n, chat.with, name = name_of(i18n, peer)),
        None => t_string!(i18n, chat.title).to_owned(),
    };
    view! {
        <Title text=title/>
        <div class="chat-page" class:open=move || peer.get().is_some()>
            <h1 class="visually-hidden">{title}</h1>
            <section class="chat-side" aria-label=move || t_string!(i18n, chat.conversations)>
                <h2>{t!(i18n, chat.title)}</h2>
                <ConversationList current=peer/>
            </section>
            {move || match peer.get() {
                Some(peer) => view! {
                    <Show when=move || !is_missing(peer) fallback=|| view! { <Missing/> }>
                        <One peer/>
                    </Show>
                }
                .into_any(),
                None => view! {
                    <div class="chat-none-chosen">
                        <EmptyState
                            title=move || t_string!(i18n, chat.choose)
                            text=move || t_string!(i18n, chat.choose_hint)
                        />
                    </div>
                }
                .into_any(),
            }}
        </div>
    }
    .into_any()
}

/// Whether the server knows nobody under this number whom the person may write to; tracked.
fn is_missing(peer: UserId) -> bool {
    let thread = use_chat().thread(peer);
    thread.is_some_and(|thread| thread.come.with(|come| matches!(come, Come::Failed(error) if is_not_found(error))))
}

fn is_not_found(error: &ClientError) -> bool {
    error.code() == Some(ProblemCode::NotFound)
}

/// The address leads to nobody.
#[component]
fn Missing() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="chat-one chat-missing" aria-label=move || t_string!(i18n, chat.missing)>
            <EmptyState title=move || t_string!(i18n, chat.missing) text=move || t_string!(i18n, chat.missing_hint)>
                <A href="/chat" attr:class="btn btn-secondary">{t!(i18n, chat.back)}</A>
            </EmptyState>
        </section>
    }
    .into_any()
}

/// One conversation.
#[component]
fn One(peer: UserId) -> impl IntoView {
    let i18n = use_i18n();
    let Some(thread) = use_chat().thread(peer) else { return ().into_any() };
    use_chat().find(peer);
    let pane = Pane::new(thread, Signal::stored(true));
    // On a phone the keyboard would cover what is to be read first.
    let fine = browser::matches("(pointer: fine)");
    if fine {
        pane.focus();
    }
    let (title, typing) = (move || t_string!(i18n, chat.with, name = name_of(i18n, peer)), thread.typing);
    // Until it is known who they are, a round of their face's size holds its place.
    let face = move || match use_chat().person(peer) {
        Some(person) => view! { <Face user=person.user/> }.into_any(),
        None => view! { <span class="chat-face" aria-hidden="true"><span class="avatar"></span></span> }.into_any(),
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && !browser::is_in_dialog(&event) && pane.leave_side() {
            event.prevent_default();
        }
    };
    view! {
        <section class="chat-one" aria-label=title node_ref=pane.part on:keydown=key data-takes-files="">
            <header class="chat-head">
                <A href="/chat" attr:class="btn btn-quiet btn-icon chat-back"
                    attr:aria-label=move || t_string!(i18n, chat.back)>
                    <Icon symbol=Symbol::Back/>
                </A>
                {face}
                <div class="chat-who">
                    <h2>{move || name_of(i18n, peer)}</h2>
                    <p><Whereabouts peer typing/></p>
                </div>
                <Tools pane/>
            </header>
            <PaneBody pane/>
        </section>
    }
    .into_any()
}

/// What can be done with a conversation beside writing.
#[component]
pub fn Tools(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let i18n = pane.i18n;
    let finding = move || pane.finding.get();
    let choosing = move || pane.chosen.with(Option::is_some);
    view! {
        <button type="button" class="btn btn-quiet btn-icon" class:on=finding aria-pressed=move || finding().to_string()
            aria-label=move || t_string!(i18n, chat.find) title=move || t_string!(i18n, chat.find)
            on:click=move |_| pane.finding.update(|finding| *finding = !*finding)>
            <Icon symbol=Symbol::Search/>
        </button>
        <button type="button" class="btn btn-quiet btn-icon" class:on=choosing aria-pressed=move || choosing().to_string()
            aria-label=move || t_string!(i18n, chat.select) title=move || t_string!(i18n, chat.select)
            on:click=move |_| pane.choose(pane.chosen.with_untracked(Option::is_none))>
            <Icon symbol=Symbol::Ticket/>
        </button>
    }
    .into_any()
}

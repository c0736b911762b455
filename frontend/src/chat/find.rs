//! Looking for words in a conversation.

use leptos::{ev::KeyboardEvent, prelude::*};
use shared::chat::{Message, MessageQuery};

use super::{
    pane::Pane,
    words::{found_in, name_of},
};
use crate::{
    api::chat as api,
    i18n::{t, t_string},
    pages::Pages,
    ui::{Button, EmptyState, Icon, LoadError, RelativeTime, SkeletonRows, Symbol, filter::FindBox},
    words::parts,
};

/// So many are read at once.
const PAGE: u32 = 25;

/// The field, and what was found, the newest first.
#[component]
pub fn Find(
    /// The conversation.
    pane: Pane,
) -> impl IntoView {
    let i18n = pane.i18n;
    let words = RwSignal::new(String::new());
    let hits = Pages::<Message>::new();
    let look = move |cursor: Option<String>| {
        let goes_on = cursor.is_some();
        let query = MessageQuery { q: Some(words.get_untracked()), limit: Some(PAGE), cursor };
        hits.load(goes_on, async move { api::messages(pane.thread.peer, &query).await });
    };
    let chosen = move |text: String| {
        words.set(text.clone());
        hits.clear();
        if !text.is_empty() {
            look(None);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            pane.leave_side();
        }
    };
    let place = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if let Some(place) = place.get() {
            request_animation_frame(move || {
                use wasm_bindgen::JsCast;
                let field = place.query_selector("input").ok().flatten();
                if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
                    field.focus().ok();
                }
            });
        }
    });
    view! {
        <div class="chat-find" role="search" aria-label=move || t_string!(i18n, chat.find) on:keydown=key node_ref=place>
            <div class="chat-find-bar">
                <FindBox
                    label=Signal::derive(move || t_string!(i18n, chat.find).to_owned())
                    text=words
                    on_text=chosen
                />
                <button type="button" class="btn btn-quiet btn-icon" aria-label=move || t_string!(i18n, chat.find_close)
                    title=move || t_string!(i18n, chat.find_close)
                    on:click=move |_| _ = pane.leave_side()>
                    <Icon symbol=Symbol::Cross/>
                </button>
            </div>
            <div class="chat-find-hits">
                <Hits pane words hits/>
                <Show when=move || hits.next.with(Option::is_some)>
                    <p class="tickets-more">
                        <Button busy=hits.loading on_click=move |_| {
                            if let Some(rest) = hits.rest() {
                                look(Some(rest));
                            }
                        }>{t!(i18n, common.more)}</Button>
                    </p>
                </Show>
            </div>
        </div>
    }
    .into_any()
}

/// What was found, or what there is instead.
#[component]
fn Hits(pane: Pane, words: RwSignal<String>, hits: Pages<Message>) -> impl IntoView {
    let i18n = pane.i18n;
    let count = Memo::new(move |_| hits.items.with(|items| items.as_ref().map(Vec::len)));
    let again = move || {
        let query = MessageQuery { q: Some(words.get_untracked()), limit: Some(PAGE), cursor: None };
        hits.load(false, async move { api::messages(pane.thread.peer, &query).await });
    };
    move || match (count.get(), hits.error.get()) {
        _ if words.with(String::is_empty) => ().into_any(),
        (_, Some(error)) => view! { <LoadError error retry=again/> }.into_any(),
        (None, None) => view! { <SkeletonRows rows=3/> }.into_any(),
        (Some(0), None) => view! { <EmptyState title=move || t_string!(i18n, chat.find_none)/> }.into_any(),
        (Some(_), None) => view! {
            <ul class="chat-hits" aria-label=move || t_string!(i18n, chat.find_list)>
                <For each=move || hits.items.get().unwrap_or_default() key=|message| message.id let:message>
                    <Hit message pane words/>
                </For>
            </ul>
        }
        .into_any(),
    }
}

#[component]
fn Hit(message: Message, pane: Pane, words: RwSignal<String>) -> impl IntoView {
    let i18n = pane.i18n;
    let (id, at, mine) = (message.id, message.created_at, message.from_id == pane.thread.me);
    let by = move || if mine { t_string!(i18n, chat.you).to_owned() } else { name_of(i18n, pane.thread.peer) };
    let kept = StoredValue::new(message);
    let said = move || {
        let text = kept.with_value(|message| found_in(i18n, message, &words.get()));
        let parts = parts(&text, &words.get()).into_iter();
        parts
            .map(|(part, is)| if is { view! { <mark>{part}</mark> }.into_any() } else { part.into_any() })
            .collect_view()
    };
    view! {
        <li>
            <button type="button" class="chat-hit" on:click=move |_| pane.go_to(id)>
                <span class="chat-hit-by"><b>{by}</b> <RelativeTime at/></span>
                <span>{said}</span>
            </button>
        </li>
    }
    .into_any()
}

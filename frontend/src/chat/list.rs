//! The conversations, and the way to a new one.

use leptos::prelude::*;
use shared::{
    accounts::UserRef,
    chat::{ChatPerson, Conversation},
    ids::UserId,
    page::Page,
};

use super::{
    state::{Chat, use_chat},
    words::in_a_line,
};
use crate::{
    api::chat as api,
    i18n::{t, t_string, use_i18n},
    pages::Pages,
    session::use_session,
    ui::{
        Avatar, Button, EmptyState, Icon, LoadError, PresenceDot, RelativeTime, SkeletonRows, Symbol, filter::FindBox,
        role_label,
    },
    unread::in_badge,
};

/// The list; a field above it finds people.
#[component]
pub fn ConversationList(
    /// The conversation that is shown.
    #[prop(into)]
    current: Signal<Option<UserId>>,
    /// Takes whom the person chose, instead of following the link.
    #[prop(optional, into)]
    on_choose: Option<Callback<UserId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = RwSignal::new(String::new());
    let found = Pages::<ChatPerson>::new();
    let look = move || {
        let q = words.get_untracked();
        found.load(false, async move { api::people(&q).await.map(|page: Page<ChatPerson>| page) });
    };
    let typed = move |text: String| {
        words.set(text.clone());
        found.clear();
        if !text.is_empty() {
            look();
        }
    };
    let choose = Callback::new(move |peer: UserId| {
        words.set(String::new());
        if let Some(on_choose) = on_choose {
            on_choose.run(peer);
        }
    });
    let way = Way { current, choose, follows: on_choose.is_none() };
    view! {
        <div class="chat-find-bar">
            <FindBox
                label=Signal::derive(move || t_string!(i18n, chat.find_person).to_owned())
                text=words
                on_text=typed
            />
        </div>
        <div class="chat-list-scroll">
            <Show
                when=move || words.with(|words| !words.is_empty())
                fallback=move || view! { <Conversations way/> }
            >
                <People found way retry=Callback::new(move |()| look())/>
            </Show>
        </div>
    }
    .into_any()
}

/// What a row leads to.
#[derive(Debug, Clone, Copy)]
struct Way {
    current: Signal<Option<UserId>>,
    choose: Callback<UserId>,
    /// Whether the link is followed.
    follows: bool,
}

impl Way {
    fn click(self, event: &web_sys::MouseEvent, peer: UserId) {
        // In another tab, where the browser is asked for that.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        if !self.follows {
            event.prevent_default();
        }
        self.choose.run(peer);
    }
}

#[component]
fn Conversations(way: Way) -> impl IntoView {
    let i18n = use_i18n();
    let chat = use_chat();
    let list = chat.conversations();
    let count = Memo::new(move |_| list.with(|list| list.as_ref().map(Vec::len)));
    let staff = use_session().user_untracked().is_some_and(|user| user.role.is_staff());
    let hint = move || if staff { t_string!(i18n, chat.empty_staff) } else { t_string!(i18n, chat.empty_user) };
    move || match (count.get(), chat.error()) {
        (None, Some(error)) => view! { <LoadError error retry=move || chat.look()/> }.into_any(),
        (None, None) => view! { <SkeletonRows rows=5/> }.into_any(),
        (Some(0), _) => view! { <EmptyState title=move || t_string!(i18n, chat.empty) text=hint/> }.into_any(),
        (Some(_), _) => view! { <Rows chat way/> }.into_any(),
    }
}

#[component]
fn Rows(chat: Chat, way: Way) -> impl IntoView {
    let i18n = use_i18n();
    let list = chat.conversations();
    view! {
        <ul class="chat-list" aria-label=move || t_string!(i18n, chat.conversations)>
            <For each=move || list.get().unwrap_or_default() key=|one| one.user.id let:one>
                <Row first=one way/>
            </For>
        </ul>
        <Show when=move || chat.has_more()>
            <p class="tickets-more">
                <Button busy=chat.loading_more() on_click=move |_| chat.load_more()>{t!(i18n, common.more)}</Button>
            </p>
        </Show>
    }
    .into_any()
}

/// A conversation: its row stays while what it says changes.
#[component]
fn Row(first: Conversation, way: Way) -> impl IntoView {
    let i18n = use_i18n();
    let chat = use_chat();
    let user = first.user.clone();
    let peer = user.id;
    let one = Memo::new(move |_| {
        let found = chat.conversations().with(|list| list.as_ref()?.iter().find(|one| one.user.id == peer).cloned());
        found.unwrap_or_else(|| first.clone())
    });
    let typing = chat.thread(peer).map(|thread| thread.typing);
    let said = move || {
        if typing.is_some_and(|typing| typing.get()) {
            return view! { <span class="chat-typing">{t!(i18n, chat.typing_short)}</span> }.into_any();
        }
        let words = one.with(|one| {
            let message = one.last_message.as_ref()?;
            let line = in_a_line(i18n, message);
            Some(if message.to_id == peer { t_string!(i18n, chat.you_said, text = line) } else { line })
        });
        words.into_any()
    };
    let at = move || one.with(|one| one.last_message.as_ref().map(|message| message.created_at));
    let unread = move || one.with(|one| one.unread);
    view! {
        <li>
            <a
                class="chat-row"
                class:on=move || way.current.get() == Some(peer)
                class:unread=move || { unread() > 0 }
                href=format!("/chat/{peer}")
                aria-current=move || (way.current.get() == Some(peer)).then_some("page")
                on:click=move |event| way.click(&event, peer)
            >
                <Face user=user.clone()/>
                <span class="chat-row-name">{user.name.clone()}</span>
                <span class="chat-row-time">{move || at().map(|at| view! { <RelativeTime at/> })}</span>
                <span class="chat-row-said">{said}</span>
                {move || (unread() > 0).then(|| view! {
                    <span class="count" aria-hidden="true">{in_badge(unread())}</span>
                    <span class="visually-hidden">{t_string!(i18n, chat.unread, count = unread().to_string())}</span>
                })}
            </a>
        </li>
    }
    .into_any()
}

/// Somebody's picture, with a dot that says whether they are there.
#[component]
pub fn Face(
    /// Who.
    user: UserRef,
) -> impl IntoView {
    view! {
        <span class="chat-face present">
            <Avatar name=user.name.clone() url=user.avatar_url/>
            <PresenceDot user=user.id/>
        </span>
    }
    .into_any()
}

/// Whom the person can write to.
#[component]
fn People(found: Pages<ChatPerson>, way: Way, retry: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| found.items.with(|items| items.as_ref().map(Vec::len)));
    move || match (count.get(), found.error.get()) {
        (_, Some(error)) => view! { <LoadError error retry=move || retry.run(())/> }.into_any(),
        (None, None) => view! { <SkeletonRows rows=3/> }.into_any(),
        (Some(0), None) => view! { <p class="chat-none" role="status">{t!(i18n, chat.nobody)}</p> }.into_any(),
        (Some(_), None) => view! {
            <ul class="chat-list" aria-label=move || t_string!(i18n, chat.people)>
                <For each=move || found.items.get().unwrap_or_default() key=|one| one.user.id let:one>
                    <PersonRow person=one way/>
                </For>
            </ul>
        }
        .into_any(),
    }
}

#[component]
fn PersonRow(person: ChatPerson, way: Way) -> impl IntoView {
    let i18n = use_i18n();
    let peer = person.user.id;
    let (user, role) = (person.user.clone(), person.role);
    let choose = move |event: web_sys::MouseEvent| {
        use_chat().meet(person.clone());
        way.click(&event, peer);
    };
    view! {
        <li>
            <a class="chat-row" href=format!("/chat/{peer}") on:click=choose>
                <Face user=user.clone()/>
                <span class="chat-row-name">{user.name}</span>
                <span class="chat-row-time"><Icon symbol=Symbol::Comment/></span>
                <span class="chat-row-said">{move || role_label(i18n, role)}</span>
            </a>
        </li>
    }
    .into_any()
}

//! Whom one may mean while one types an `@`: a list beside the answer box, for the keyboard and the mouse.

use std::time::Duration;

use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use shared::{
    fields::USERNAME_MAX,
    ids::TicketId,
    tickets::{Mention, MentionQuery, Visibility},
};

use super::{
    room::{self, Need},
    state::State,
};
use crate::{
    api::tickets as api,
    i18n::{I18n, t, t_string},
    ui::Avatar,
};

/// How long after the last key people are looked for.
const PAUSE: Duration = Duration::from_millis(150);
/// With six people, and with three.
const NEED: Need = Need { whole: 264.0, least: 132.0 };

/// What the list knows. A handle.
#[derive(Debug, Clone, Copy)]
pub struct Naming {
    id: TicketId,
    i18n: I18n,
    /// Whether an internal note is being written.
    note: RwSignal<bool>,
    field: NodeRef<html::Textarea>,
    /// Whom the name may mean; none while nothing is shown.
    found: RwSignal<Option<Vec<Mention>>>,
    at: RwSignal<usize>,
    /// The beginning of a name before the cursor.
    begun: RwSignal<Option<String>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Naming {
    /// A list for a field of the page.
    pub fn new(state: State, note: RwSignal<bool>, field: NodeRef<html::Textarea>) -> Self {
        let naming = Self {
            id: state.id,
            i18n: state.i18n,
            note,
            field,
            found: RwSignal::new(None),
            at: RwSignal::new(0),
            begun: RwSignal::new(None),
            timer: StoredValue::new(None),
        };
        on_cleanup(move || naming.stop());
        naming
    }

    /// Whether the list is shown; tracked.
    pub fn is_open(self) -> bool {
        self.found.with(|found| found.as_ref().is_some_and(|found| !found.is_empty()))
    }

    /// The id of the person that Enter would choose, while there is one; tracked.
    pub fn active(self) -> Option<String> {
        self.is_open().then(|| option_id(self.at.get()))
    }

    /// Something was typed.
    pub fn typed(self) {
        self.stop();
        let Some(field) = self.field.get_untracked() else { return };
        let caret = field.selection_start().ok().flatten().unwrap_or_default();
        let begun = begun(&field.value(), caret).map(|(_, name)| name.to_owned());
        if begun.is_none() {
            return self.close();
        }
        self.begun.set(begun);
        self.timer.set_value(set_timeout_with_handle(move || self.look(), PAUSE).ok());
    }

    fn stop(self) {
        if let Some(handle) = self.timer.try_get_value().flatten() {
            handle.clear();
        }
    }

    fn look(self) {
        let Some(begun) = self.begun.try_get_untracked().flatten() else { return };
        let visibility = if self.note.get_untracked() { Visibility::Internal } else { Visibility::Public };
        let query = MentionQuery { q: Some(begun.clone()), visibility: Some(visibility), limit: None };
        spawn_local(async move {
            // What does not come is not missed: the name can be typed.
            let Ok(page) = api::mentionable(self.id, &query).await else { return };
            // A late answer to an earlier text is dropped.
            if self.begun.try_get_untracked().flatten() == Some(begun) {
                let _ = self.at.try_set(0);
                let _ = self.found.try_set(Some(page.items));
            }
        });
    }

    /// Takes a key that is for the list; false for any other. What is written then goes into `text`.
    pub fn takes(self, event: &KeyboardEvent, text: RwSignal<String>) -> bool {
        if event.is_composing()
            || event.ctrl_key()
            || event.meta_key()
            || event.shift_key()
            || !untrack(move || self.is_open())
        {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" => self.step(true),
            "ArrowUp" => self.step(false),
            "Enter" | "Tab" => self.choose(self.at.get_untracked(), text),
            "Escape" => self.close(),
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }

    /// Goes up or down, and round again.
    fn step(self, down: bool) {
        let count = self.found.with_untracked(|found| found.as_ref().map_or(0, Vec::len)).max(1);
        self.at.update(|at| *at = (*at + if down { 1 } else { count - 1 }) % count);
        room::reveal(option_id(self.at.get_untracked()));
    }

    fn choose(self, index: usize, text: RwSignal<String>) {
        let person = self.found.with_untracked(|found| found.as_ref().and_then(|found| found.get(index).cloned()));
        self.close();
        let (Some(person), Some(field)) = (person, self.field.get_untracked()) else { return };
        let caret = field.selection_start().ok().flatten().unwrap_or_default();
        let value = field.value();
        let Some((start, name)) = begun(&value, caret) else { return };
        let before = value.get(..start).unwrap_or_default();
        let after = value.get(start + 1 + name.len()..).unwrap_or_default();
        let space = if after.starts_with(char::is_whitespace) { "" } else { " " };
        let head = format!("{before}@{}{space}", person.username);
        let written = format!("{head}{after}");
        let caret = u32::try_from(head.encode_utf16().count()).unwrap_or(caret);
        field.set_value(&written);
        field.set_selection_range(caret, caret).ok();
        text.set(written);
    }

    /// Shows nothing.
    pub fn close(self) {
        self.stop();
        let _ = self.begun.try_set(None);
        let _ = self.found.try_set(None);
    }
}

/// The beginning of a name that ends at a place (in UTF-16, as browsers count), and where its `@` stands, in bytes.
fn begun(text: &str, caret: u32) -> Option<(usize, &str)> {
    let mut units = 0;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            let here = units;
            units += u32::try_from(c.len_utf16()).unwrap_or(1);
            here >= caret
        })
        .map_or(text.len(), |(at, _)| at);
    let before = text.get(..end)?;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let start = before.rfind(|c: char| !is_part(c))?;
    let name = before.get(start..)?.strip_prefix('@')?;
    let joined = before.get(..start)?.chars().next_back().is_some_and(|c| is_part(c) && c != '.' || c == '@');
    (!joined && name.chars().count() <= USERNAME_MAX).then_some((start, name))
}

/// The id of the list.
pub const LIST: &str = "mention-list";

fn option_id(index: usize) -> String {
    format!("mention-{index}")
}

/// The list, while there is somebody to choose.
#[component]
pub fn NameList(
    /// What it knows.
    naming: Naming,
    /// What is being written.
    #[prop(into)]
    text: Signal<RwSignal<String>>,
) -> impl IntoView {
    let i18n = naming.i18n;
    let person = move |(index, person): (usize, Mention)| {
        let name = person.name.clone();
        view! {
            <li
                role="option"
                id=option_id(index)
                aria-selected=move || (naming.at.get() == index).to_string()
                // Before the field loses the focus, which would close the list.
                on:mousedown=move |event| {
                    event.prevent_default();
                    naming.choose(index, text.get_untracked());
                }
            >
                <Avatar name=person.name url=person.avatar_url/>
                <span>{name}</span>
                <span class="faint">"@" {person.username}</span>
            </li>
        }
    };
    let told = move || match naming.found.get() {
        Some(found) if found.is_empty() => t_string!(i18n, conversation.mention.none).to_owned(),
        Some(found) => t_string!(i18n, conversation.mention.found, count = found.len()),
        None => String::new(),
    };
    let panel = NodeRef::<html::Div>::new();
    room::keep_in_sight(panel, NEED);
    view! {
        <p class="visually-hidden" role="status">{told}</p>
        <Show when=move || naming.found.with(Option::is_some)>
            <div class="names" node_ref=panel>
                <Show
                    when=move || naming.is_open()
                    fallback=move || view! { <p aria-hidden="true">{t!(i18n, conversation.mention.none)}</p> }
                >
                    <ul role="listbox" id=LIST aria-label=move || t_string!(i18n, conversation.mention.list)>
                        {move || naming.found.get().unwrap_or_default().into_iter().enumerate().map(person).collect_view()}
                    </ul>
                </Show>
            </div>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::begun;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_name_begins_after_an_at_sign_and_ends_at_the_cursor() {
        assert_eq!(begun("Hola @an", 8), Some((5, "an")));
        assert_eq!(begun("Hola @an y más", 8), Some((5, "an")));
        assert_eq!(begun("@", 1), Some((0, "")));
        assert_eq!(begun("(@ana.r", 7), Some((1, "ana.r")));
        assert_eq!(begun("👍 @in", 6), Some((5, "in")));
        assert_eq!(begun("ñandú @é", 8), Some((8, "é")));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_address_and_a_finished_word_begin_none() {
        for (text, caret) in [("ana@exa", 7), ("@ana ", 5), ("ana", 3), ("", 0), ("@ana", 0), ("@@ana", 5)] {
            assert_eq!(begun(text, caret), None, "{text}");
        }
        assert_eq!(begun(&format!("@{}", "a".repeat(60)), 61), None);
    }
}

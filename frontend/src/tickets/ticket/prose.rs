//! What somebody wrote, as HTML that the server made safe. A long quote shows its beginning until it is opened.

use leptos::{ev::MouseEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::i18n::{t_string, use_i18n};

/// Quotes that are higher, in pixels, are folded: about six lines.
const HIGH: i32 = 150;
/// A quote that shows its beginning.
const FOLDED: &str = "folded";
/// The button behind a quote that can be folded.
const TURN: &str = "quote-turn";

/// What somebody wrote.
#[component]
pub fn Prose(
    /// Safe HTML.
    html: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Div>::new();
    // How high it is is known once it is on the page.
    Effect::new(move || {
        let Some(prose) = node.get() else { return };
        request_animation_frame(move || fold(&prose));
    });
    // The buttons follow the language.
    let folded = RwSignal::new(0_u32);
    Effect::new(move || {
        folded.track();
        let (more, less) = (t_string!(i18n, conversation.quote.more), t_string!(i18n, conversation.quote.less));
        if let Some(prose) = node.get() {
            name(&prose, more, less);
            let again = prose.clone();
            request_animation_frame(move || name(&again, more, less));
        }
    });
    let turn = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(button) = target.filter(|target| target.class_list().contains(TURN)) else { return };
        if let Some(quote) = button.previous_element_sibling() {
            let open = quote.class_list().contains(FOLDED);
            quote.class_list().toggle_with_force(FOLDED, !open).ok();
            button.set_attribute("aria-expanded", if open { "true" } else { "false" }).ok();
            folded.update(|turns| *turns += 1);
        }
    };
    view! { <div class="prose" node_ref=node inner_html=html on:click=turn></div> }
}

/// Folds the quotes that are high.
fn fold(prose: &Element) {
    for quote in children(prose) {
        let again = quote.next_element_sibling().is_some_and(|next| next.class_list().contains(TURN));
        if quote.tag_name() != "BLOCKQUOTE" || again || quote.scroll_height() <= HIGH {
            continue;
        }
        let Ok(button) = document().create_element("button") else { return };
        button.set_attribute("type", "button").ok();
        button.set_class_name(&format!("quiet-link {TURN}"));
        button.set_attribute("aria-expanded", "false").ok();
        quote.class_list().add_1(FOLDED).ok();
        quote.after_with_node_1(&button).ok();
    }
}

/// Names the buttons.
fn name(prose: &Element, more: &str, less: &str) {
    for button in children(prose).into_iter().filter(|child| child.class_list().contains(TURN)) {
        let open = button.get_attribute("aria-expanded").as_deref() == Some("true");
        button.set_text_content(Some(if open { less } else { more }));
    }
}

fn children(prose: &Element) -> Vec<Element> {
    let all = prose.children();
    (0..all.length()).filter_map(|index| all.item(index)).collect()
}

//! The focus goes where a person would look for it, and is not taken from where they put it.

use frontend::browser;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::document;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn the_heading_takes_the_focus_that_nothing_has_but_not_what_was_the_persons() {
    let page = document().create_element("main").unwrap();
    page.set_id("content");
    page.set_inner_html("<h1>Personas</h1><button id='pressed'></button>");
    document().body().unwrap().append_child(&page).unwrap();

    browser::refocus_on_heading();
    TimeoutFuture::new(150).await;
    assert_eq!(browser::focused().unwrap().tag_name(), "H1");
    assert!(browser::is_focus_free());

    browser::focus_id("pressed");
    assert!(!browser::is_focus_free());
    TimeoutFuture::new(300).await;
    browser::by_id("pressed").unwrap().remove();
    // The last of its looks is over by then.
    TimeoutFuture::new(1500).await;
    assert_eq!(browser::focused(), None);
    page.remove();
}

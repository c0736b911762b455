//! The picture that browsers show beside the title: with the number of unread messages on it while there are some.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::{
    brand::{set_icon, use_brand},
    unread::unread,
};

/// How large the picture is drawn, in pixels.
const SIZE: u32 = 64;
/// The colours of the number and of what it stands on: the same on every desk, as every browser's tabs are different.
const PAPER: &str = "#b42318";
const INK: &str = "#ffffff";

/// Keeps the picture up to date for as long as what calls it is shown.
pub fn follow() {
    let brand = use_brand();
    Effect::new(move || {
        let (count, plain) = (unread().get(), brand.icon());
        if let Some(plain) = plain {
            if count == 0 { set_icon(&plain) } else { draw(&plain, count) }
        }
    });
    on_cleanup(move || {
        if let Some(plain) = untrack(|| brand.icon()) {
            set_icon(&plain);
        }
    });
}

/// Loads the plain picture and puts the number on it; when it does not come the plain one stays.
fn draw(plain: &str, count: u32) {
    let Ok(image) = HtmlImageElement::new() else { return };
    let loaded = image.clone();
    let done = Closure::once_into_js(move || {
        // More may have come, or have been read, while it loaded.
        if unread().get_untracked() == count
            && let Some(address) = with_number(&loaded, count)
        {
            set_icon(&address);
        }
    });
    image.set_onload(Some(done.unchecked_ref()));
    image.set_src(plain);
}

fn with_number(image: &HtmlImageElement, count: u32) -> Option<String> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(SIZE);
    canvas.set_height(SIZE);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let size = f64::from(SIZE);
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, size, size).ok()?;
    let words = if count > 9 { "9+".to_owned() } else { count.to_string() };
    let radius = size * 0.31;
    let (x, y) = (size - radius, size - radius);
    context.set_fill_style_str(PAPER);
    context.begin_path();
    context.arc(x, y, radius, 0.0, std::f64::consts::TAU).ok()?;
    context.fill();
    context.set_fill_style_str(INK);
    context.set_font(&format!("bold {}px sans-serif", if count > 9 { 26 } else { 32 }));
    context.set_text_align("center");
    context.set_text_baseline("middle");
    context.fill_text(&words, x, y + 2.0).ok()?;
    canvas.to_data_url().ok()
}

//! Cuts a square out of a picture, in the browser: dragged with the pointer, moved and zoomed with the keys.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::{
    i18n::{t, t_string, use_i18n},
    ui::{Button, ButtonKind},
};

/// The side of what is cut out, in pixels: twice what the server keeps.
const SIDE: u32 = 512;
/// How much larger than at first a picture is shown at most.
const ZOOM_MAX: f64 = 5.0;
/// How far a key moves, as a part of what is shown.
const STEP: f64 = 0.05;

/// What part of the picture is shown: its middle and how much it is enlarged.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    width: f64,
    height: f64,
    x: f64,
    y: f64,
    zoom: f64,
}

impl Frame {
    /// The middle of a picture of this size, as large as fits.
    fn new(width: f64, height: f64) -> Self {
        Self { width, height, x: width / 2.0, y: height / 2.0, zoom: 1.0 }
    }

    /// The side of what is shown, in pixels of the picture.
    fn side(self) -> f64 {
        self.width.min(self.height) / self.zoom
    }

    /// Moved by parts of what is shown, never past the picture's edge.
    fn moved(self, right: f64, down: f64) -> Self {
        let (side, half) = (self.side(), self.side() / 2.0);
        let x = (self.x + right * side).clamp(half, (self.width - half).max(half));
        let y = (self.y + down * side).clamp(half, (self.height - half).max(half));
        Self { x, y, ..self }
    }

    /// Enlarged so, around its middle.
    fn zoomed(self, zoom: f64) -> Self {
        Self { zoom: zoom.clamp(1.0, ZOOM_MAX), ..self }.moved(0.0, 0.0)
    }
}

/// Shows a picture in a square and hands over what the person leaves in it.
#[component]
pub fn Cropper(
    /// Where the browser keeps the picture.
    url: String,
    /// Whether what was cut out is on its way.
    busy: RwSignal<bool>,
    /// Takes what was cut out, as PNG.
    #[prop(into)]
    on_done: Callback<Blob>,
    /// The browser cannot read the picture.
    #[prop(into)]
    on_fail: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let image = NodeRef::<html::Img>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let frame = RwSignal::new(None::<Frame>);
    let arrived = move |_| match image.get_untracked() {
        Some(image) if image.natural_width() > 0 => {
            frame.set(Some(Frame::new(image.natural_width().into(), image.natural_height().into())));
        }
        _ => on_fail.run(()),
    };
    Effect::new(move || {
        if let (Some(frame), Some(canvas), Some(image)) = (frame.get(), canvas.get(), image.get()) {
            draw(&canvas, &image, frame);
        }
    });
    let save = move |_| {
        if let Some(canvas) = canvas.get_untracked().filter(|_| frame.with_untracked(Option::is_some)) {
            cut_out(&canvas, on_done, on_fail);
        }
    };
    view! {
        <div class="crop">
            <img node_ref=image src=url alt="" hidden on:load=arrived on:error=move |_| on_fail.run(())/>
            <Square canvas frame/>
            <p class="field-hint">{t!(i18n, profile.avatar.crop_hint)}</p>
            <Zoom frame/>
            <div class="dialog-foot">
                <Button kind=ButtonKind::Primary busy on_click=save>{t!(i18n, profile.avatar.save)}</Button>
            </div>
        </div>
    }
    .into_any()
}

/// The square that shows what will be cut out.
#[component]
fn Square(
    /// The element.
    canvas: NodeRef<html::Canvas>,
    /// What it shows.
    frame: RwSignal<Option<Frame>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let change = move |by: &dyn Fn(Frame) -> Frame| frame.update(|frame| *frame = frame.map(by));
    let held = RwSignal::new(None::<(f64, f64)>);
    let place = |event: &ev::PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let take = move |event: ev::PointerEvent| {
        if let Some(canvas) = canvas.get_untracked() {
            canvas.set_pointer_capture(event.pointer_id()).ok();
            held.set(Some(place(&event)));
        }
    };
    let drag = move |event: ev::PointerEvent| {
        let (Some(canvas), Some((x, y))) = (canvas.get_untracked(), held.get_untracked()) else { return };
        let shown = canvas.get_bounding_client_rect().width().max(1.0);
        let (to_x, to_y) = place(&event);
        held.set(Some((to_x, to_y)));
        // The picture follows the pointer, so what is shown goes the other way.
        change(&|frame| frame.moved((x - to_x) / shown, (y - to_y) / shown));
    };
    let key = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowLeft" => change(&|frame| frame.moved(-STEP, 0.0)),
            "ArrowRight" => change(&|frame| frame.moved(STEP, 0.0)),
            "ArrowUp" => change(&|frame| frame.moved(0.0, -STEP)),
            "ArrowDown" => change(&|frame| frame.moved(0.0, STEP)),
            "+" => change(&|frame| frame.zoomed(frame.zoom * 1.1)),
            "-" => change(&|frame| frame.zoomed(frame.zoom / 1.1)),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <canvas
            node_ref=canvas
            class="crop-square"
            width=SIDE
            height=SIDE
            role="img"
            tabindex="0"
            aria-label=move || t_string!(i18n, profile.avatar.canvas)
            on:pointerdown=take
            on:pointermove=drag
            on:pointerup=move |_| held.set(None)
            on:pointercancel=move |_| held.set(None)
            on:keydown=key
        ></canvas>
    }
    .into_any()
}

/// How much the picture is enlarged.
#[component]
fn Zoom(
    /// What is shown.
    frame: RwSignal<Option<Frame>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let zoom = move || frame.with(|frame| frame.map_or(1.0, |frame| frame.zoom)).to_string();
    let slide = move |text: String| {
        if let Ok(zoom) = text.parse::<f64>() {
            frame.update(|frame| *frame = frame.map(|frame| frame.zoomed(zoom)));
        }
    };
    view! {
        <label class="crop-zoom">
            <span>{t!(i18n, profile.avatar.zoom)}</span>
            <input
                type="range"
                min="1"
                max=ZOOM_MAX.to_string()
                step="0.05"
                prop:value=zoom
                on:input:target=move |event| slide(event.target().value())
            />
        </label>
    }
    .into_any()
}

fn draw(canvas: &HtmlCanvasElement, image: &HtmlImageElement, frame: Frame) {
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok()) else { return };
    let (side, all) = (frame.side(), f64::from(SIDE));
    let (left, top) = (frame.x - side / 2.0, frame.y - side / 2.0);
    context.clear_rect(0.0, 0.0, all, all);
    context
        .draw_image_with_html_image_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            image, left, top, side, side, 0.0, 0.0, all, all,
        )
        .ok();
}

fn cut_out(canvas: &HtmlCanvasElement, on_done: Callback<Blob>, on_fail: Callback<()>) {
    let take = Closure::once_into_js(move |picture: Option<Blob>| match picture {
        // The dialog may be closed by now.
        Some(picture) => drop(on_done.try_run(picture)),
        None => drop(on_fail.try_run(())),
    });
    if canvas.to_blob(take.unchecked_ref()).is_err() {
        on_fail.run(());
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_shown_never_leaves_the_picture() {
        let frame = Frame::new(300.0, 100.0);
        assert_eq!((frame.side(), frame.x, frame.y), (100.0, 150.0, 50.0));
        let right = frame.moved(9.0, 9.0);
        assert_eq!((right.x, right.y), (250.0, 50.0));
        let near = right.zoomed(2.0).moved(9.0, 9.0);
        assert_eq!((near.side(), near.x, near.y), (50.0, 275.0, 75.0));
        let back = near.zoomed(0.1);
        assert_eq!((back.zoom, back.x, back.y), (1.0, 250.0, 50.0));
    }
}

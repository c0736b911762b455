//! Drawing it: some thirty times a second while the pointer moves and a little longer, then not at all.

use std::{cell::RefCell, rc::Rc};

use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, MutationObserver, MutationObserverInit};

use super::dust::{Dust, Pointer, SHADES};
use crate::browser;

/// Milliseconds between two pictures.
const PACE: f64 = 32.0;
/// How long it goes on after the pointer came to rest, in seconds, and how long it then takes to come to rest itself.
const AWAKE: f64 = 1.5;
/// See [`AWAKE`].
const EASE: f64 = 2.5;
/// CSS pixels of the page for each grain, and the most grains.
const AREA: f64 = 4_800.0;
/// See [`AREA`].
const MOST: f64 = 260.0;
/// More pixels for each CSS pixel than this nobody sees in dust.
const SHARPEST: f64 = 2.0;
/// By how much of its height a page changes when a phone's address bar comes or goes, at most.
const BAR: f64 = 0.25;
/// With less of its battery left a machine has better things to do.
const LOW: f64 = 0.2;

/// What a drawing is made of.
struct Drawing {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    dust: Dust,
    width: f64,
    height: f64,
    /// How wide and how high the page was for which the dust was made.
    frame: (f64, f64),
    colour: String,
    /// Where the pointer is; none until it moves.
    target: Option<(f64, f64)>,
    /// As the dust feels it.
    pointer: Pointer,
    /// When the pointer last moved, by this machine's clock in milliseconds.
    moved: f64,
    /// When the last picture was drawn.
    drawn: f64,
    /// Pictures are being drawn.
    running: bool,
}

/// The listeners of a drawing, removed when its canvas is gone.
type Listeners = Rc<RefCell<Vec<WindowListenerHandle>>>;

/// Draws on a canvas until that is gone.
pub fn draw(canvas: HtmlCanvasElement) {
    spawn_local(async move {
        if !is_low().await {
            begin(canvas);
        }
    });
}

fn begin(canvas: HtmlCanvasElement) {
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok()) else { return };
    let mut drawing = Drawing {
        canvas,
        context,
        dust: Dust::new(0),
        width: 0.0,
        height: 0.0,
        frame: (0.0, 0.0),
        colour: String::new(),
        target: None,
        pointer: Pointer::default(),
        moved: browser::now(),
        drawn: browser::now(),
        running: false,
    };
    drawing.fit();
    drawing.dress();
    let drawing = Rc::new(RefCell::new(drawing));
    listen(&drawing);
    wake(&drawing);
}

/// Follows the pointer, the window, whether anybody sees it, and the theme.
fn listen(drawing: &Rc<RefCell<Drawing>>) {
    let listeners = Listeners::default();
    let moving = (drawing.clone(), listeners.clone());
    let moves = window_event_listener(ev::pointermove, move |event| {
        if moving.0.borrow().is_gone() {
            return leave(&moving.1);
        }
        {
            let mut drawing = moving.0.borrow_mut();
            drawing.target = Some((f64::from(event.client_x()), f64::from(event.client_y())));
            drawing.moved = browser::now();
        }
        wake(&moving.0);
    });
    let sizing = drawing.clone();
    let sizes = window_event_listener(ev::resize, move |_| {
        if !sizing.borrow().is_gone() {
            sizing.borrow_mut().fit();
            wake(&sizing);
        }
    });
    let showing = drawing.clone();
    let shows = window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() && !showing.borrow().is_gone() {
            wake(&showing);
        }
    });
    listeners.borrow_mut().extend([moves, sizes, shows]);
    follow_theme(drawing.clone());
}

fn leave(listeners: &Listeners) {
    for listener in listeners.borrow_mut().drain(..) {
        listener.remove();
    }
}

/// Another theme is another accent.
fn follow_theme(drawing: Rc<RefCell<Drawing>>) {
    let changed = Closure::<dyn Fn(JsValue, MutationObserver)>::new(move |_, observer: MutationObserver| {
        if drawing.borrow().is_gone() {
            observer.disconnect();
        } else {
            drawing.borrow_mut().dress();
            wake(&drawing);
        }
    });
    let options = MutationObserverInit::new();
    options.set_attributes(true);
    options.set_attribute_filter(&js_sys::Array::of1(&"data-bs-theme".into()));
    if let (Ok(observer), Some(root)) =
        (MutationObserver::new(changed.as_ref().unchecked_ref()), document().document_element())
    {
        observer.observe_with_options(&root, &options).ok();
    }
    // It lives as long as the observer may call it.
    changed.forget();
}

/// Draws on, unless it does already.
fn wake(drawing: &Rc<RefCell<Drawing>>) {
    let mut now = drawing.borrow_mut();
    if !now.running {
        now.running = true;
        now.drawn = browser::now();
        drop(now);
        again(drawing.clone());
    }
}

/// The next picture. Most browsers ask for none while the page is hidden, and then none is drawn.
fn again(drawing: Rc<RefCell<Drawing>>) {
    request_animation_frame(move || {
        let goes_on = drawing.borrow_mut().step();
        if goes_on {
            again(drawing);
        }
    });
}

impl Drawing {
    fn is_gone(&self) -> bool {
        !self.canvas.is_connected()
    }

    /// As large as the page, and as sharp as the screen within reason. The dust is made anew only for another page: that of a
    /// phone whose address bar comes or goes is the same, and nothing moves on it.
    fn fit(&mut self) {
        let ratio = window().device_pixel_ratio().clamp(1.0, SHARPEST);
        self.width = f64::from(self.canvas.client_width());
        self.height = f64::from(self.canvas.client_height());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a screen's width")]
        let pixels = |length: f64| (length * ratio).round() as u32;
        self.canvas.set_width(pixels(self.width));
        self.canvas.set_height(pixels(self.height));
        self.context.scale(ratio, ratio).ok();
        let page = (self.width, self.height);
        if !is_nearly(self.frame, page) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a few hundred")]
            let grains = (self.width * self.height / AREA).clamp(60.0, MOST) as u32;
            self.dust = Dust::new(grains);
            self.frame = page;
        }
        // Another size is an empty canvas, and dust that rests draws none of its own.
        self.paint();
    }

    /// In the accent of the theme.
    fn dress(&mut self) {
        let style = window().get_computed_style(&self.canvas).ok().flatten();
        self.colour = style.and_then(|style| style.get_property_value("color").ok()).unwrap_or_default();
        self.paint();
    }

    /// One picture, unless it is too early for it; whether there is to be another.
    fn step(&mut self) -> bool {
        let now = browser::now();
        let passed = now - self.drawn;
        if passed < PACE {
            return true;
        }
        self.drawn = now;
        let pace = pace((now - self.moved) / 1000.0);
        if self.is_gone() || pace <= 0.0 || document().hidden() {
            self.running = false;
            return false;
        }
        // A page that was hidden goes on where it was.
        let seconds = (passed / 1000.0).min(0.1);
        self.dust.pass(seconds * pace);
        self.feel(1.0 - (-seconds * 5.0).exp());
        self.paint();
        true
    }

    /// The dust feels the pointer a little late.
    fn feel(&mut self, part: f64) {
        let Some((x, y)) = self.target else { return };
        if self.pointer.strength == 0.0 {
            (self.pointer.x, self.pointer.y) = (x, y);
        }
        self.pointer.x += (x - self.pointer.x) * part;
        self.pointer.y += (y - self.pointer.y) * part;
        self.pointer.strength += (1.0 - self.pointer.strength) * part;
    }

    /// All grains of one shade at once: a few calls of the browser in place of hundreds.
    fn paint(&self) {
        self.context.clear_rect(0.0, 0.0, self.width, self.height);
        self.context.set_fill_style_str(&self.colour);
        let specks: Vec<_> = self.dust.specks(self.frame.0, self.frame.1, self.pointer).collect();
        for shade in 0..SHADES {
            #[allow(clippy::cast_precision_loss, reason = "a small number")]
            self.context.set_global_alpha((shade as f64 + 0.6) / SHADES as f64);
            self.context.begin_path();
            for speck in specks.iter().filter(|speck| speck.shade == shade) {
                self.context.move_to(speck.x + speck.size, speck.y);
                self.context.arc(speck.x, speck.y, speck.size, 0.0, std::f64::consts::TAU).ok();
            }
            self.context.fill();
        }
    }
}

/// Whether a page, its width and its height, is the one before with or without a phone's address bar.
fn is_nearly(before: (f64, f64), now: (f64, f64)) -> bool {
    (before.0 - now.0).abs() < 1.0 && (before.1 - now.1).abs() <= before.1 * BAR
}

/// How fast the dust moves so many seconds after the pointer did: in full, then ever slower, then not.
fn pace(since: f64) -> f64 {
    let left = 1.0 - ((since - AWAKE) / EASE).clamp(0.0, 1.0);
    left * left * (3.0 - 2.0 * left)
}

/// Whether the machine runs on the last of its battery. Few browsers say; where one does not, there is enough.
async fn is_low() -> bool {
    let property = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let navigator: JsValue = window().navigator().into();
    let Ok(ask) = property(&navigator, "getBattery").dyn_into::<js_sys::Function>() else { return false };
    let Ok(answer) = ask.call0(&navigator).and_then(JsCast::dyn_into::<js_sys::Promise>) else {
        return false;
    };
    let Ok(battery) = JsFuture::from(answer).await else { return false };
    let is_charging = property(&battery, "charging").is_truthy();
    !is_charging && property(&battery, "level").as_f64().is_some_and(|level| level < LOW)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{is_nearly, pace};

    #[wasm_bindgen_test(unsupported = test)]
    fn an_address_bar_makes_no_other_page() {
        let page = (360.0, 740.0);
        assert!(is_nearly(page, (360.0, 684.0)) && is_nearly(page, (360.0, 800.0)));
        // The keyboard, the phone on its side, another window; and the first page of all.
        assert!(!is_nearly(page, (360.0, 420.0)));
        assert!(!is_nearly(page, (740.0, 360.0)));
        assert!(!is_nearly(page, (380.0, 740.0)));
        assert!(!is_nearly((0.0, 0.0), page));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn it_comes_to_rest_soon_after_the_pointer() {
        assert!((pace(0.0) - 1.0).abs() < 1e-9);
        assert!((pace(1.4) - 1.0).abs() < 1e-9);
        assert!(pace(3.0) < 1.0 && pace(3.0) > 0.0);
        assert!(pace(4.1) <= 0.0);
        assert!(pace(1e9) <= 0.0);
    }
}

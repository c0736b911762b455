//! Who of the tabs holds the socket: whoever has the browser's Web Lock of that name. A tab that is closed, or crashes, lets
//! go of it by itself, and the next in line gets it. One that sleeps does not: from that it can be taken.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Promise};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use crate::lock;

/// A place in the line of those who would lead; dropping it gives it up, and the lead with it.
pub struct Candidacy {
    abort: AbortController,
    /// Ends the lead; there is none while others have it.
    release: Rc<RefCell<Option<Function>>>,
    _begin: Closure<dyn FnMut() -> Promise>,
}

impl Candidacy {
    /// Stands in line, begins when it is this tab's turn, and hears when another takes it; none where the browser has no
    /// such locks.
    pub fn stand(name: &str, begin: impl Fn() + 'static, taken: impl FnOnce() + 'static) -> Option<Self> {
        Self::ask(begin, taken, |signal, begin| lock::request(name, Some(signal), begin))
    }

    /// The same, with the turn of whoever has it.
    pub fn seize(name: &str, begin: impl Fn() + 'static, taken: impl FnOnce() + 'static) -> Option<Self> {
        Self::ask(begin, taken, |_, begin| lock::seize(name, begin))
    }

    fn ask(
        begin: impl Fn() + 'static,
        taken: impl FnOnce() + 'static,
        request: impl FnOnce(&AbortSignal, &Function) -> Option<Promise>,
    ) -> Option<Self> {
        let abort = AbortController::new().ok()?;
        let release = Rc::new(RefCell::new(None));
        let kept = Rc::clone(&release);
        let begin = Closure::<dyn FnMut() -> Promise>::new(move || {
            let held = Promise::new(&mut |resolve, _| drop(kept.replace(Some(resolve))));
            begin();
            held
        });
        let asked = request(&abort.signal(), begin.as_ref().unchecked_ref())?;
        let held = Rc::clone(&release);
        spawn_local(async move {
            // Given up before its turn, it ends with an error that concerns nobody.
            let is_over = JsFuture::from(asked).await.is_err();
            let was_held = held.borrow().is_some();
            if is_over && was_held {
                taken();
            }
        });
        Some(Self { abort, release, _begin: begin })
    }
}

impl Drop for Candidacy {
    fn drop(&mut self) {
        match self.release.borrow_mut().take() {
            Some(release) => drop(release.call0(&JsValue::UNDEFINED)),
            None => self.abort.abort(),
        }
    }
}

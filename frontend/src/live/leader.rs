//! Who of the tabs holds the socket: whoever has the browser's Web Lock of that name. A tab that is closed, or crashes, lets
//! go of it by itself, and the next in line gets it. A tab with a lock is not put to sleep in the background either.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Object, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// A place in the line of those who would lead; dropping it gives it up, and the lead with it.
pub struct Candidacy {
    abort: AbortController,
    /// Ends the lead; there is none while others have it.
    release: Rc<RefCell<Option<Function>>>,
    _begin: Closure<dyn FnMut() -> Promise>,
}

impl Candidacy {
    /// Stands in line, and begins when it is this tab's turn; none where the browser has no such locks.
    pub fn stand(name: &str, begin: impl Fn() + 'static) -> Option<Self> {
        let abort = AbortController::new().ok()?;
        let release = Rc::new(RefCell::new(None));
        let kept = Rc::clone(&release);
        let begin = Closure::<dyn FnMut() -> Promise>::new(move || {
            let held = Promise::new(&mut |resolve, _| drop(kept.replace(Some(resolve))));
            begin();
            held
        });
        let asked = request(name, &abort, begin.as_ref().unchecked_ref())?;
        // Given up, it ends with an error that concerns nobody.
        spawn_local(async move { drop(JsFuture::from(asked).await) });
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

/// Asks for the lock, which is held until the promise that `begin` gives is kept. Not every browser has locks, so they are
/// looked for by name.
fn request(name: &str, abort: &AbortController, begin: &Function) -> Option<Promise> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
    request.call3(&locks, &name.into(), &options, begin).ok()?.dyn_into().ok()
}

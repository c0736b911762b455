//! One tab at a time, by the browser's Web Locks. Not every browser has them, so they are looked for by name.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

/// Does `work` as soon as no other tab of this browser does work of this name; at once where there are no locks. A tab that
/// is closed lets go by itself.
pub async fn alone(name: &str, work: impl Future<Output = ()> + 'static) {
    let work = Rc::new(RefCell::new(Some(work)));
    let begin = {
        let work = Rc::clone(&work);
        Closure::<dyn FnMut() -> Promise>::new(move || {
            let work = work.borrow_mut().take();
            future_to_promise(async move {
                if let Some(work) = work {
                    work.await;
                }
                Ok(JsValue::UNDEFINED)
            })
        })
    };
    if let Some(held) = request(name, None, begin.as_ref().unchecked_ref()) {
        JsFuture::from(held).await.ok();
    }
    // There are no locks, or this one was refused: the work is still to be done.
    let left = work.borrow_mut().take();
    if let Some(work) = left {
        work.await;
    }
}

/// Asks for a lock, unless `signal` gives up first, and holds it until the promise that `begin` gives is kept; none where
/// there are no locks.
pub fn request(name: &str, signal: Option<&AbortSignal>, begin: &Function) -> Option<Promise> {
    let options = Object::new();
    if let Some(signal) = signal {
        Reflect::set(&options, &"signal".into(), signal).ok()?;
    }
    ask(name, &options, begin)
}

/// Takes a lock at once from whoever holds it: what they were given for it ends with an error.
pub fn seize(name: &str, begin: &Function) -> Option<Promise> {
    let options = Object::new();
    Reflect::set(&options, &"steal".into(), &JsValue::TRUE).ok()?;
    ask(name, &options, begin)
}

fn ask(name: &str, options: &Object, begin: &Function) -> Option<Promise> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    request.call3(&locks, &name.into(), options, begin).ok()?.dyn_into().ok()
}

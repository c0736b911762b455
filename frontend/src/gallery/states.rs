//! Lists that load, fail, are no longer fresh, or are empty.

use std::future::{pending, ready};

use leptos::prelude::*;

use crate::{
    api::ClientError,
    ui::{Button, ButtonKind, EmptyState, LoadError, Loaded, SkeletonRows},
};

/// What comes from a server that is made up.
type Answer = Result<String, ClientError>;

#[component]
pub fn States() -> impl IntoView {
    let later = LocalResource::new(pending::<Answer>);
    let never = LocalResource::new(|| ready::<Answer>(Err(ClientError::Unreadable)));
    // It comes, and the next time it does not.
    let gone = RwSignal::new(false);
    let once = LocalResource::new(move || {
        ready::<Answer>(if gone.get() { Err(ClientError::Offline) } else { Ok("What has come.".to_owned()) })
    });
    view! {
        <div class="gallery-group" data-ui="loaded">
            <SkeletonRows rows=3/>
            <LoadError error=ClientError::Offline retry=|| ()/>
            <LoadError error=ClientError::SessionEnded retry=|| ()/>
            <Loaded resource=later lines=2 let:words><p>{words}</p></Loaded>
            <Loaded resource=never lines=2 let:words><p>{words}</p></Loaded>
            <Loaded resource=once lines=2 let:words><p>{words}</p></Loaded>
            <div class="gallery-row">
                <Button on_click=move |_| gone.set(true)>"Let it go stale"</Button>
            </div>
        </div>
        <div class="gallery-group" data-ui="empty">
            <EmptyState title="Nothing here yet" text="What comes in will stand here.">
                <Button kind=ButtonKind::Primary on_click=move |_| ()>"Open the first"</Button>
            </EmptyState>
            <EmptyState title="Nothing, and nothing to do about it"/>
            <EmptyState title="Nothing on the whole page" text="Its title is the page's heading." whole=true/>
        </div>
    }
    .into_any()
}

//! `/ui`, in development builds only: every component in every state, in light and in dark, beside each other. To look at
//! while one is changed, and for the journey that keeps its pictures. Its words are for developers, in English only.
//! What shows the components of a folder of `ui/` carries its name as `data-ui`: the journey misses what nobody shows, and
//! so do the tests of `xtask/src/gallery.rs`, which read the sources.

mod charts;
mod fields;
mod floating;
mod parts;
mod states;

use leptos::prelude::*;
use leptos_meta::Title;

use charts::Charts;
use fields::{Choices, Fields};
use floating::Floating;
use parts::{Faces, Marks, Presses, Tokens};
use states::States;

/// The page.
#[component]
pub fn GalleryPage() -> impl IntoView {
    view! {
        <Title text="Components"/>
        <div class="gallery" lang="en">
            <h1>"Components"</h1>
            <div class="gallery-sides">
                <Side theme="light"/>
                <Side theme="dark"/>
            </div>
        </div>
    }
    .into_any()
}

/// All of them in one theme, whatever the page's.
#[component]
fn Side(
    /// `light` or `dark`.
    theme: &'static str,
) -> impl IntoView {
    view! {
        <div class="gallery-side" data-bs-theme=theme>
            <Part theme name="Tokens"><Tokens/></Part>
            <Part theme name="Buttons"><Presses/></Part>
            <Part theme name="Marks"><Marks/></Part>
            <Part theme name="Faces"><Faces/></Part>
            <Part theme name="Fields"><Fields/></Part>
            <Part theme name="Choices"><Choices/></Part>
            <Part theme name="What floats"><Floating/></Part>
            <Part theme name="Charts"><Charts theme/></Part>
            <Part theme name="Lists that load, fail or are empty"><States/></Part>
        </div>
    }
    .into_any()
}

/// Components of a kind.
#[component]
fn Part(
    /// The theme they are shown in.
    theme: &'static str,
    /// What kind.
    name: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="gallery-part" aria-label=format!("{name}, {theme}")>
            <h2>{name}</h2>
            {children()}
        </section>
    }
    .into_any()
}

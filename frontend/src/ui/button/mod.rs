//! Buttons.

use leptos::prelude::*;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one thing to do next.
    Primary,
    /// Anything else.
    #[default]
    Secondary,
    /// Something that should not stand out.
    Quiet,
    /// Something that is lost when pressed.
    Danger,
}

impl ButtonKind {
    /// Every kind, the loudest first.
    pub const ALL: [Self; 4] = [Self::Primary, Self::Secondary, Self::Quiet, Self::Danger];

    fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn btn-secondary",
            Self::Quiet => "btn btn-quiet",
            Self::Danger => "btn btn-danger",
        }
    }
}

/// A button. With `on_click` it does that; without, it submits its form. While `busy` it shows so, keeps the focus and
/// does nothing.
#[component]
pub fn Button(
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// Whether what it started is still under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it does.
    #[prop(optional, into)]
    on_click: Option<Callback<web_sys::MouseEvent>>,
    /// Whether it submits its form; so it does anyway when there is no `on_click`.
    #[prop(optional)]
    submit: bool,
    /// Whether it has the focus when the dialog that it is in opens.
    #[prop(optional)]
    autofocus: bool,
    /// A name for screen readers, when the content is not enough.
    #[prop(optional, into)]
    label: Option<TextProp>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let press = move |event: web_sys::MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_click) = on_click {
            on_click.run(event);
        }
    };
    view! {
        <button
            type=if on_click.is_some() && !submit { "button" } else { "submit" }
            class=format!("{} {class}", kind.class())
            class:busy=busy
            disabled=disabled
            autofocus=autofocus
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-label=move || label.as_ref().map(TextProp::get)
            on:click=press
        >
            {children()}
        </button>
    }
}

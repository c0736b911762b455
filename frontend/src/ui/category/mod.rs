//! What a ticket is about, as a small coloured label.

use leptos::prelude::*;
use shared::categories::{Category, Colour};

/// The class that paints something in a colour of the palette.
pub fn colour_class(colour: Colour) -> &'static str {
    match colour {
        Colour::Grey => "hue hue-grey",
        Colour::Red => "hue hue-red",
        Colour::Orange => "hue hue-orange",
        Colour::Yellow => "hue hue-yellow",
        Colour::Green => "hue hue-green",
        Colour::Teal => "hue hue-teal",
        Colour::Blue => "hue hue-blue",
        Colour::Purple => "hue hue-purple",
        Colour::Pink => "hue hue-pink",
    }
}

/// A category: its name, beside a dot in its colour. The name says all; the colour only helps to find it.
#[component]
pub fn CategoryTag(
    /// Which.
    category: Category,
) -> impl IntoView {
    view! {
        <span class=format!("cat-chip {}", colour_class(category.colour))>
            <i aria-hidden="true"></i>
            <span>{category.name}</span>
        </span>
    }
}

//! Whether somebody is there, as a dot beside their picture that follows the stream.

use leptos::prelude::*;
use shared::ids::UserId;

use super::use_live;
use crate::ui::PresenceMark;

/// The dot of a person.
#[component]
pub fn PresenceDot(
    /// Whose.
    user: UserId,
) -> impl IntoView {
    view! { <PresenceMark state=use_live().presence(user)/> }
}

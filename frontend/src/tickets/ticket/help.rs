//! What Markdown does, in a few lines, for whoever asks.

use leptos::prelude::*;

use crate::i18n::{t, t_string, use_i18n};

/// Opens under the answer box.
#[component]
pub fn MarkdownHelp() -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        [
            (format!("**{}**", t_string!(i18n, conversation.write.help_bold)), String::new()),
            (format!("*{}*", t_string!(i18n, conversation.write.help_italic)), String::new()),
            (format!("`{}`", t_string!(i18n, conversation.write.help_code)), String::new()),
            (format!("- {}", t_string!(i18n, conversation.write.help_list)), String::new()),
            (format!("> {}", t_string!(i18n, conversation.write.help_quote)), String::new()),
            (format!("[{}](https://…)", t_string!(i18n, conversation.write.help_link)), String::new()),
            ("#1042".to_owned(), t_string!(i18n, conversation.write.help_ticket).to_owned()),
            ("@ana".to_owned(), t_string!(i18n, conversation.write.help_person).to_owned()),
        ]
    };
    view! {
        <details class="write-help">
            <summary>{t!(i18n, conversation.write.help)}</summary>
            <ul>
                {move || {
                    let row = |(code, means): (String, String)| view! { <li><code>{code}</code> " " {means}</li> };
                    rows().into_iter().map(row).collect_view()
                }}
            </ul>
        </details>
    }
    .into_any()
}

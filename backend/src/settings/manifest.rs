//! `/manifest.webmanifest`: what a system shows of the desk once a person has installed the page. Beside the page, not under
//! the API: browsers look for it there.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde_json::{Value, json};
use shared::settings::PublicSettings;

use super::service;
use crate::{state::State, web::file, words::Words};

/// What the page stands on until it is drawn: `--t-paper` of its styles, in light.
const PAPER: &str = "#f6f5f2";
/// The longest name that systems show below an icon, in characters.
const SHORT: usize = 12;

/// The manifest, in the language of people who have not chosen one.
#[get("/manifest.webmanifest")]
pub async fn get_manifest(state: Data<State>, request: HttpRequest) -> HttpResponse {
    let manifest = manifest(&service::public(&state)).to_string();
    let tag = service::tag_of(manifest.as_bytes());
    let content = (!file::is_known(&request, &tag)).then(|| manifest.into_bytes());
    file::kept(&tag, false, "application/manifest+json", content)
}

fn manifest(desk: &PublicSettings) -> Value {
    let words = &Words::of(desk.default_locale).manifest;
    let icon = |size: u32, purpose: &str, name: &str| {
        json!({
            "src": format!("/icons/{name}-{size}.png"),
            "sizes": format!("{size}x{size}"),
            "type": "image/png",
            "purpose": purpose,
        })
    };
    json!({
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": desk.default_locale.as_str(),
        "dir": "ltr",
        "name": desk.name,
        "short_name": short(&desk.name),
        "description": words.description,
        "theme_color": desk.primary_colour,
        "background_color": PAPER,
        "icons": [
            icon(192, "any", "turno"),
            icon(512, "any", "turno"),
            icon(512, "maskable", "turno-maskable"),
        ],
        "shortcuts": [{ "name": words.new_ticket, "url": "/tickets/new", "icons": [icon(192, "any", "turno")] }],
    })
}

/// The name, or as many of its words as fit below an icon; at least the first.
fn short(name: &str) -> String {
    let mut short = String::new();
    for word in name.split_whitespace() {
        if !short.is_empty() && short.chars().count() + 1 + word.chars().count() > SHORT {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_long_name_is_shown_by_its_first_words() {
        assert_eq!(short("Turno"), "Turno");
        assert_eq!(short("Mesa de ayuda de la Facultad"), "Mesa de");
        assert_eq!(short("Administraciones Públicas"), "Administraciones");
    }
}

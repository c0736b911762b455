//! The OpenAPI document: what the code says of itself. `turno openapi` prints it; `openapi.yaml` is a copy that a test
//! holds against it.

use std::sync::OnceLock;

use actix_web::{HttpResponse, http::header};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document, RefOr, Required, Schema,
        request_body::RequestBody,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::{
    error::AppError,
    web::{errors, methods::Methods, routes::Routes},
};

/// Where the API stands.
pub const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Turno",
        description = "The help desk in one program: its whole API, as the page, integrations and generated clients use it.\n\n\
            **Sessions.** `log_in` sets the cookie `turno_session`; every request with it made on purpose extends the \
            session, except those with `X-Turno-Background: 1`. Unsafe requests (POST, PUT, PATCH, DELETE) carry the \
            session's `csrf_token` in `X-CSRF-Token`.\n\n\
            **Tokens.** Programs send a personal token, made with `create_token`, as `Authorization: Bearer …`. It does what \
            its person may do, as far as its scopes go; it needs neither session nor CSRF token, and extends none. A token \
            with the scope `read` answers questions alone. What concerns sessions, tokens and the password takes a session. \
            When a request has both, the token counts.\n\n\
            **Errors** are problem documents (RFC 9457) with a stable `code`.\n\n\
            **Lists** are `{items, next_cursor}`; a cursor is good for the same filters and order.",
        license(name = "MIT", identifier = "MIT")
    ),
    servers((url = "/", description = "This desk")),
    tags(
        (name = "session", description = "Logging in, the session and its end"),
        (name = "me", description = "One's own account"),
        (name = "users", description = "People, for administrators"),
        (name = "password links", description = "Setting a password with a link, without a session"),
        (name = "categories", description = "What tickets are about"),
        (name = "replies", description = "Saved replies, for staff"),
        (name = "tickets", description = "Tickets and their history"),
        (name = "views", description = "Lists of tickets that are kept under a name, and how many tickets they have"),
        (name = "comments", description = "Answers and internal notes"),
        (name = "watchers", description = "Who follows a ticket"),
        (name = "attachments", description = "Files on tickets and comments"),
        (name = "search", description = "Finding tickets, comments and people"),
        (name = "reports", description = "The list of tickets as a file"),
        (name = "dashboard", description = "The desk in numbers"),
        (name = "notifications", description = "What one is told of"),
        (name = "chat", description = "Private messages"),
        (name = "live", description = "What happens, told while it happens, and who is there"),
        (name = "administration", description = "The desk's settings, its audit log and what it runs on"),
        (name = "mail", description = "The mails the desk sends, for administrators")
    ),
    security(("session" = [], "csrf" = []), ("bearer" = [])),
    modifiers(&Components)
)]
struct Api;

/// The security schemes and the schema of problems, which no handler names.
struct Components;

impl Modify for Components {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        components.schemas.insert("Problem".to_owned(), errors::problem_schema());
        let mut nested = Vec::new();
        <shared::problem::Problem as utoipa::ToSchema>::schemas(&mut nested);
        components.schemas.extend(nested);
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("turno_…")
            .description(Some("A personal token, made with `create_token`."))
            .build();
        components.security_schemes.insert("bearer".to_owned(), SecurityScheme::Http(bearer).into());
        let mut scheme = |name: &str, scheme: ApiKey| {
            components.security_schemes.insert(name.to_owned(), SecurityScheme::ApiKey(scheme).into());
        };
        scheme("session", ApiKey::Cookie(ApiKeyValue::with_description(shared::session::COOKIE, "Set by `log_in`.")));
        scheme(
            "csrf",
            ApiKey::Header(ApiKeyValue::with_description(
                shared::session::CSRF_HEADER,
                "The session's `csrf_token`; unsafe requests need it, others ignore it.",
            )),
        );
    }
}

/// The document of every route the program serves under [`BASE`].
pub fn document() -> Document {
    let mut routes = Document::default();
    crate::api(&mut Routes::Describe(&mut routes));
    let mut document = Api::openapi().nest(BASE, routes);
    // Reads need no CSRF token.
    for item in document.paths.paths.values_mut() {
        if let Some(operation) = &mut item.get
            && operation.security.is_none()
        {
            let by = |scheme: &str| SecurityRequirement::new(scheme, Vec::<String>::new());
            operation.security = Some(vec![by("session"), by("bearer")]);
        }
        for operation in [&mut item.post, &mut item.put, &mut item.patch].into_iter().flatten() {
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                without_null(body);
            }
        }
    }
    document
}

/// A body that may be left out, which handlers call an `Option`, is there or not: none is read as null, as such a type
/// otherwise tells.
fn without_null(body: &mut RequestBody) {
    if matches!(body.required, Some(Required::True)) {
        return;
    }
    body.required = Some(Required::False);
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        if let Some(RefOr::T(Schema::OneOf(choices))) = &content.schema
            && let Some(named) = choices.items.iter().find(|choice| matches!(choice, RefOr::Ref(_)))
        {
            content.schema = Some(named.clone());
        }
    }
}

/// What a running program needs of the document, which itself is far larger.
pub struct Served {
    /// As `openapi.json` serves it.
    written: String,
    /// Which methods its paths take.
    pub methods: Methods,
}

/// Written when somebody first asks for it, or for a path that is not there, and then kept for the whole life of the program: most
/// desks never need it.
pub fn served() -> Result<&'static Served, serde_json::Error> {
    static SERVED: OnceLock<Served> = OnceLock::new();
    if let Some(served) = SERVED.get() {
        return Ok(served);
    }
    let document = document();
    let served = Served { written: serde_json::to_string(&document)?, methods: Methods::of(&document) };
    Ok(SERVED.get_or_init(|| served))
}

/// The OpenAPI document.
pub async fn serve() -> Result<HttpResponse, AppError> {
    let served = served().map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(served.written.as_str()))
}

/// Whatever else is done to it.
pub async fn only_read() -> Result<HttpResponse, AppError> {
    Err(AppError::MethodNotAllowed("GET, HEAD".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| match value.as_str() {
                Some(target) if name == "$ref" => drop(found.insert(target)),
                _ => references(value, found),
            }),
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = serde_json::to_value(document()).unwrap();
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.len() > 20);
        for target in found {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
        }
    }

    #[test]
    fn a_body_is_there_or_not_and_never_null() {
        let document = serde_json::to_value(document()).unwrap();
        let operations =
            document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
        let mut optional = BTreeSet::new();
        for operation in operations {
            let Some(body) = operation.get("requestBody") else { continue };
            let name = operation["operationId"].as_str().unwrap();
            for content in body["content"].as_object().unwrap().values() {
                assert!(content["schema"]["$ref"].is_string(), "{name} takes {}", content["schema"]);
            }
            if body["required"] != true {
                assert_eq!(body["required"], false, "{name}");
                optional.insert(name);
            }
        }
        let expected = ["close_ticket", "create_password_link", "mark_ticket_read", "reopen_ticket"];
        assert_eq!(optional, BTreeSet::from(expected));
    }

    #[test]
    fn every_operation_says_what_it_is_and_how_it_can_fail() {
        let document = serde_json::to_value(document()).unwrap();
        let mut names = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name), "{name} is there twice");
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
                let responses = operation["responses"].as_object().unwrap();
                // What anybody may ask for refuses nobody; login does.
                let open =
                    operation["security"].as_array().is_some_and(|needs| needs.iter().all(|need| need == &json!({})));
                let refuses = (!open || name == "log_in").then_some("401");
                for status in refuses.into_iter().chain(["500", "503"]) {
                    assert!(responses.contains_key(status), "{method} {path} does not tell of {status}");
                }
            }
        }
        assert!(names.len() > 25);
    }
}

//! The errors an operation can answer, for the OpenAPI document: one type for each kind of operation, so that a handler
//! names its kind and the document lists every status it can give.

use shared::problem::{MEDIA_TYPE, Problem};
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr, Response, ResponsesBuilder,
        content::ContentBuilder,
        header::HeaderBuilder,
        response::ResponseBuilder,
        schema::{ObjectBuilder, Type},
    },
};

const MALFORMED: (&str, &str) = ("400", "The body, a parameter or the cursor is malformed");
const NOBODY: (&str, &str) = ("401", "There is no session, or it has ended");
const WRONG: (&str, &str) = ("401", "The name or the password is wrong");
const FORBIDDEN: (&str, &str) = ("403", "The caller may not do this");
const FORGED: (&str, &str) = ("403", "The CSRF token is missing or wrong, or the caller may not do this");
const NOTHING: (&str, &str) = ("404", "There is no such thing, or the caller may not know of it");
const CONFLICT: (&str, &str) = ("409", "It was changed meanwhile, is taken, or cannot become that");
const LARGE: (&str, &str) = ("413", "The body is too large");
const MEDIA: (&str, &str) = ("415", "The body is not JSON");
const FIELDS: (&str, &str) = ("422", "Some fields break a rule");
const ROWS: (&str, &str) = ("422", "The list has more rows than the kind of file holds");
const MANY: (&str, &str) = ("429", "Too many attempts; see Retry-After");
const FAULT: (&str, &str) = ("500", "A fault of the server");
const AWAY: (&str, &str) = ("503", "The database is away or the server is busy; see Retry-After");

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = [$($error:expr),+];)+) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                responses(&[$($error),+])
            }
        }
    )+};
}

kinds! {
    /// Login.
    LogIn = [MALFORMED, WRONG, FORGED, LARGE, MEDIA, MANY, FAULT, AWAY];
    /// A question about what the caller always may know.
    Ask = [NOBODY, FAULT, AWAY];
    /// A search.
    Find = [MALFORMED, NOBODY, FAULT, AWAY];
    /// A list with filters.
    List = [MALFORMED, NOBODY, FORBIDDEN, FAULT, AWAY];
    /// A list as a file.
    Export = [MALFORMED, NOBODY, ROWS, FAULT, AWAY];
    /// One thing.
    Read = [NOBODY, FORBIDDEN, NOTHING, FAULT, AWAY];
    /// A list that belongs to one thing.
    ListOfOne = [MALFORMED, NOBODY, NOTHING, FAULT, AWAY];
    /// A change without a body.
    Act = [NOBODY, FORGED, FAULT, AWAY];
    /// A change of one thing without a body.
    ActOnOne = [NOBODY, FORGED, NOTHING, FAULT, AWAY];
    /// A change of one thing without a body that something may forbid.
    Change = [NOBODY, FORGED, NOTHING, CONFLICT, FAULT, AWAY];
    /// A change with a body.
    Send = [MALFORMED, NOBODY, FORGED, LARGE, MEDIA, FIELDS, FAULT, AWAY];
    /// A body that one may not send all the time.
    SendSparingly = [MALFORMED, NOBODY, FORGED, LARGE, MEDIA, FIELDS, MANY, FAULT, AWAY];
    /// A new thing.
    Create = [MALFORMED, NOBODY, FORGED, CONFLICT, LARGE, MEDIA, FIELDS, FAULT, AWAY];
    /// A new thing that belongs to another.
    CreateIn = [MALFORMED, NOBODY, FORGED, NOTHING, LARGE, MEDIA, FIELDS, FAULT, AWAY];
    /// A change of one thing with a body.
    Update = [MALFORMED, NOBODY, FORGED, NOTHING, CONFLICT, LARGE, MEDIA, FIELDS, FAULT, AWAY];
}

fn responses(errors: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    errors
        .iter()
        .fold(ResponsesBuilder::new(), |builder, &(status, description)| {
            builder.response(status, problem(status, description))
        })
        .build()
        .into()
}

fn problem(status: &str, description: &str) -> Response {
    let schema = Ref::from_schema_name(Problem::name());
    let response = ResponseBuilder::new()
        .description(description)
        .content(MEDIA_TYPE, ContentBuilder::new().schema(Some(schema)).build());
    if !matches!(status, "429" | "503") {
        return response.build();
    }
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
    response
        .header("Retry-After", HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait")).build())
        .build()
}

/// Keeps the schema that [`problem`] refers to in the document.
pub fn problem_schema() -> RefOr<utoipa::openapi::Schema> {
    Problem::schema()
}

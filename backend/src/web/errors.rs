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
const NOBODY: (&str, &str) = ("401", "There is no session or token, or it has ended");
const WRONG: (&str, &str) = ("401", "The name or the password is wrong");
const FORBIDDEN: (&str, &str) = ("403", "The caller may not do this");
const FORGED: (&str, &str) = ("403", "The CSRF token is missing or wrong, or the caller may not do this");
const NOTHING: (&str, &str) = ("404", "There is no such thing, or the caller may not know of it");
const SLOW: (&str, &str) = ("408", "The body came too slowly, or stopped coming");
const CONFLICT: (&str, &str) = ("409", "It was changed meanwhile, is taken, or cannot become that");
const GONE: (&str, &str) = ("410", "The link was used, is too old, or never was one");
const LARGE: (&str, &str) = ("413", "The body is too large");
const MEDIA: (&str, &str) = ("415", "The body is not of the media type that the operation takes");
const RANGE: (&str, &str) = ("416", "The file ends before the part that was asked for");
const FIELDS: (&str, &str) = ("422", "Some fields break a rule");
const ROWS: (&str, &str) = ("422", "The list has more rows than the kind of file holds");
const MANY: (&str, &str) = ("429", "Too many attempts; see Retry-After");
const AT_ONCE: (&str, &str) = ("429", "Too many of the same person at once; see Retry-After");
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
    LogIn = [MALFORMED, WRONG, FORGED, SLOW, LARGE, MEDIA, MANY, FAULT, AWAY];
    /// A request for a link, which answers everybody alike.
    AskForLink = [MALFORMED, FORGED, SLOW, LARGE, MEDIA, FIELDS, MANY, FAULT, AWAY];
    /// What is read with a link.
    ReadByLink = [GONE, MANY, FAULT, AWAY];
    /// What is sent with a link.
    SendByLink = [MALFORMED, FORGED, SLOW, GONE, LARGE, MEDIA, FIELDS, MANY, FAULT, AWAY];
    /// A question about what the caller always may know.
    Ask = [NOBODY, FAULT, AWAY];
    /// A question that a session may ask and a token may not.
    AskInSession = [NOBODY, FORBIDDEN, FAULT, AWAY];
    /// What anybody may ask.
    Open = [FAULT, AWAY];
    /// A file that anybody may have.
    OpenFile = [NOTHING, FAULT, AWAY];
    /// A question for some.
    AskAllowed = [NOBODY, FORBIDDEN, FAULT, AWAY];
    /// A question about the desk that not everybody may ask.
    AskAsStaff = [NOBODY, FORBIDDEN, FAULT, AWAY];
    /// A search.
    Find = [MALFORMED, NOBODY, FAULT, AWAY];
    /// A list with filters.
    List = [MALFORMED, NOBODY, FORBIDDEN, FAULT, AWAY];
    /// A list as a file.
    Export = [MALFORMED, NOBODY, ROWS, AT_ONCE, FAULT, AWAY];
    /// One thing.
    Read = [NOBODY, FORBIDDEN, NOTHING, FAULT, AWAY];
    /// A list that belongs to one thing.
    ListOfOne = [MALFORMED, NOBODY, NOTHING, FAULT, AWAY];
    /// A list that belongs to one thing and that not everybody who sees it may ask for.
    ListOfOneForSome = [MALFORMED, NOBODY, FORBIDDEN, NOTHING, FAULT, AWAY];
    /// A change without a body.
    Act = [NOBODY, FORGED, FAULT, AWAY];
    /// A change of one thing without a body.
    ActOnOne = [NOBODY, FORGED, NOTHING, FAULT, AWAY];
    /// A change of one thing without a body that something may forbid.
    Change = [NOBODY, FORGED, NOTHING, CONFLICT, FAULT, AWAY];
    /// A change of the desk without a body that something may forbid.
    Attempt = [NOBODY, FORGED, CONFLICT, FAULT, AWAY];
    /// A change of one thing by what the path names, which not everything can be chosen for.
    Choose = [NOBODY, FORGED, NOTHING, FIELDS, FAULT, AWAY];
    /// A change with a body.
    Send = [MALFORMED, NOBODY, FORGED, SLOW, LARGE, MEDIA, FIELDS, FAULT, AWAY];
    /// A change with a body of what others may have changed meanwhile.
    Revise = [MALFORMED, NOBODY, FORGED, SLOW, CONFLICT, LARGE, MEDIA, FIELDS, FAULT, AWAY];
    /// A body that one may not send all the time.
    SendSparingly = [MALFORMED, NOBODY, FORGED, SLOW, LARGE, MEDIA, FIELDS, MANY, FAULT, AWAY];
    /// The same, about one thing.
    SendInSparingly = [MALFORMED, NOBODY, FORGED, NOTHING, SLOW, LARGE, MEDIA, FIELDS, MANY, FAULT, AWAY];
    /// A new thing.
    Create = [MALFORMED, NOBODY, FORGED, SLOW, CONFLICT, LARGE, MEDIA, FIELDS, FAULT, AWAY];
    /// A new thing that belongs to another.
    CreateIn = [MALFORMED, NOBODY, FORGED, NOTHING, SLOW, LARGE, MEDIA, FIELDS, FAULT, AWAY];
    /// Files that belong to another thing.
    Upload = [MALFORMED, NOBODY, FORGED, NOTHING, SLOW, LARGE, MEDIA, FIELDS, AT_ONCE, FAULT, AWAY];
    /// One thing, or a picture of it, that is there for whoever may see it.
    Look = [NOBODY, NOTHING, FAULT, AWAY];
    /// A file, or a part of it.
    Download = [NOBODY, NOTHING, RANGE, FAULT, AWAY];
    /// A change of one thing with a body.
    Update = [MALFORMED, NOBODY, FORGED, NOTHING, SLOW, CONFLICT, LARGE, MEDIA, FIELDS, FAULT, AWAY];
    /// Something said to somebody, which one may not do all the time.
    SayTo = [MALFORMED, NOBODY, FORGED, NOTHING, SLOW, CONFLICT, LARGE, MEDIA, FIELDS, MANY, FAULT, AWAY];
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

//! `/tickets/{id}/attachments`, `/attachments` and `/attachment-rules`.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json},
};
use shared::{
    attachments::{Attachment, AttachmentRules, MAX_FILES, UploadName, Uploaded},
    fields,
    ids::{AttachmentId, CommentId, TicketId},
    page::Page,
    tickets::PageQuery,
};
use utoipa::ToSchema;

use super::{
    download,
    entry::{Attached, Place},
    service, upload,
};
use crate::{
    auth::caller::{Caller, Onlooker},
    error::AppError,
    state::State,
    web::{Asking, Id, Params, errors, upload::Pieces},
};

/// The form of an upload, for the document; it is read piece by piece.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it describes a form that is never held in memory")]
struct AttachmentForm {
    /// The file, under its name. The field may come several times.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    /// The comment it belongs to: one's own, of this ticket, not older than an hour. Without it the file belongs to the
    /// ticket itself, and is an answer of its own.
    comment_id: Option<CommentId>,
    /// What the program calls the upload, in 1 to 64 visible characters of ASCII: sent again under the same name to the same
    /// ticket it is attached once, and answered as it is.
    #[schema(max_length = 64)]
    client_id: Option<String>,
}

/// The field that names the comment: a number.
const COMMENT: upload::Field = ("comment_id", 100);
/// The field with what the program calls the upload.
const CLIENT_ID: upload::Field = ("client_id", 1_000);

/// Ask what may be attached
#[utoipa::path(
    tag = "attachments",
    operation_id = "get_attachment_rules",
    responses((status = 200, description = "The rules", body = AttachmentRules), errors::Ask)
)]
#[get("/attachment-rules")]
pub async fn get_attachment_rules(state: Data<State>, _onlooker: Onlooker) -> Json<AttachmentRules> {
    Json(AttachmentRules {
        max_bytes: state.config.max_upload,
        max_files: MAX_FILES,
        extensions: state.config.extensions.clone(),
    })
}

/// List a ticket's attachments
///
/// Oldest first; those of internal notes for staff only.
#[utoipa::path(
    tag = "attachments",
    operation_id = "list_attachments",
    params(("id" = TicketId, Path, description = "The ticket"), PageQuery),
    responses((status = 200, description = "A page of attachments", body = Page<Attachment>), errors::ListOfOne)
)]
#[get("/tickets/{id}/attachments")]
pub async fn list_attachments(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    query: Params<PageQuery>,
) -> Result<Json<Page<Attachment>>, AppError> {
    service::list(&state, &caller, id.0, &query.0).await.map(Json)
}

/// Attach a file
///
/// One file is answered with its attachment, several with a list of them in their order. Either all are attached, or none.
/// Extension and content must be of the same, allowed kind: see `get_attachment_rules`. A name is kept without folders and
/// without characters that cannot be seen. With a `client_id`, sending again is safe: what came already under that name is
/// answered with 200, as it is now.
///
/// A file is kept and handed out as it was sent, byte by byte: of pictures only thumbnails and avatars are made without
/// metadata. An archive, with those within it, may unpack to a hundred times its size, or to 50 MiB where that is more, and
/// never to more than 1 GiB. A JPEG or WebP may have bytes behind its end (telephones keep a film there); a PNG or GIF that
/// has is refused.
///
/// Eight uploads of a person are read at once, these and those of chat together. A hundred more wait for their turn, up to two
/// minutes each, with nothing read of them; what is more is answered with 429.
#[utoipa::path(
    tag = "attachments",
    operation_id = "upload_attachment",
    params(("id" = TicketId, Path, description = "The ticket")),
    request_body(content = AttachmentForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Attached", body = Uploaded),
        (status = 200, description = "What had been attached already", body = Uploaded),
        errors::Upload
    )
)]
#[post("/tickets/{id}/attachments")]
pub async fn upload_attachment(
    state: Data<State>,
    caller: Caller,
    id: Id<TicketId>,
    asking: Asking,
    Pieces(form): Pieces,
) -> Result<HttpResponse, AppError> {
    let may = service::may_attach(&state, &caller, id.0);
    let fields = [COMMENT, CLIENT_ID];
    let (_under_way, upload) = upload::take(&state, caller.id(), &asking, form, &fields, may).await?;
    let several = upload.files.len() > 1;
    let comment = upload.value(COMMENT.0).map(str::parse).transpose();
    let comment = comment.map_err(|_| AppError::MalformedBody("comment_id is not a number.".to_owned()))?;
    let name = UploadName { client_id: upload.value(CLIENT_ID.0).map(str::to_owned) };
    fields::check(&name).map_err(AppError::Validation)?;
    let place = Place { ticket: id.0, comment, client_id: name.client_id.as_deref() };
    let Attached { files: mut attachments, fresh } = service::attach(&state, &caller, place, upload.files).await?;
    let mut response = if fresh { HttpResponse::Created() } else { HttpResponse::Ok() };
    match attachments.pop() {
        Some(one) if !several => {
            response.insert_header(("Location", one.url.clone()));
            Ok(response.json(Uploaded::One(one)))
        }
        last => {
            attachments.extend(last);
            Ok(response.json(Uploaded::Several(Page::whole(attachments))))
        }
    }
}

/// Download an attachment
///
/// Always as a download under its own name and of its own type, never to be shown. Parts (`Range`) and conditions
/// (`If-None-Match`, `If-Range`) are understood.
#[utoipa::path(
    tag = "attachments",
    operation_id = "download_attachment",
    params(("id" = AttachmentId, Path, description = "The attachment")),
    responses(
        (status = 200, description = "The file", body = String, content_type = "*/*"),
        (status = 206, description = "A part of it", body = String, content_type = "*/*"),
        (status = 304, description = "The caller has it already"),
        errors::Download
    )
)]
#[get("/attachments/{id}")]
pub async fn download_attachment(
    state: Data<State>,
    caller: Caller,
    id: Id<AttachmentId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let found = service::find(&state, &caller, id.0).await?;
    download::file(&state, &request, &found.into()).await
}

/// See a picture small
///
/// Up to 320 pixels wide or high, without what a camera wrote into it. Pages show them by themselves, so it does not extend
/// the session.
#[utoipa::path(
    tag = "attachments",
    operation_id = "get_thumbnail",
    params(("id" = AttachmentId, Path, description = "The attachment")),
    responses(
        (status = 200, description = "The small picture", content(
            (String = "image/jpeg"),
            (String = "image/png"),
        )),
        (status = 304, description = "The caller has it already"),
        errors::Look
    )
)]
#[get("/attachments/{id}/thumbnail")]
pub async fn get_thumbnail(
    state: Data<State>,
    onlooker: Onlooker,
    id: Id<AttachmentId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let found = service::find(&state, &onlooker.0, id.0).await?;
    download::thumbnail(&state, &request, &found.into()).await
}

/// Delete an attachment
///
/// Whoever attached it may for fifteen minutes, an administrator at any time. The history keeps its name.
#[utoipa::path(
    tag = "attachments",
    operation_id = "delete_attachment",
    params(("id" = AttachmentId, Path, description = "The attachment")),
    responses((status = 204, description = "Deleted"), errors::ActOnOne)
)]
#[delete("/attachments/{id}")]
pub async fn delete_attachment(
    state: Data<State>,
    caller: Caller,
    id: Id<AttachmentId>,
) -> Result<HttpResponse, AppError> {
    service::delete(&state, &caller, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

//! `/reports`.

use std::{fs::File, io};

use actix_web::{
    HttpResponse,
    body::SizedStream,
    get,
    http::header::{self, ContentEncoding},
    web::{Bytes, BytesMut, Data},
};
use futures_util::{Stream, TryStreamExt, stream::try_unfold};
use shared::reports::{ExportFormat, ExportQuery};
use tokio::io::AsyncReadExt;

use super::{described::ExportFile, service::Order};
use crate::{
    auth::caller::Caller,
    error::AppError,
    state::State,
    web::{Asking, Params, errors},
};

/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;

/// Export tickets as CSV
///
/// The tickets that `list_tickets` answers with the same filters, all of them: UTF-8 with a byte order mark, lines end with
/// CR LF, moments in UTC. A text that a spreadsheet would take for a formula has an apostrophe before it.
///
/// One export of a person is written at a time, of whatever kind. Five more wait in line for up to five minutes each; what is
/// more is answered with 429.
#[utoipa::path(
    tag = "reports",
    operation_id = "export_tickets_csv",
    params(ExportQuery),
    responses(
        (status = 200, description = "The file", body = ExportFile, content_type = "text/csv",
            headers(("Content-Disposition" = String, description = "`attachment` and the file's name"))),
        errors::Export
    )
)]
#[get("/reports/tickets.csv")]
pub async fn export_tickets_csv(
    state: Data<State>,
    caller: Caller,
    asking: Asking,
    query: Params<ExportQuery>,
) -> Result<HttpResponse, AppError> {
    export(&state, &caller, &asking, ExportFormat::Csv, &query.0).await
}

/// Export tickets as a workbook
///
/// The same for Excel and its like, with numbers and dates as such; up to 1,048,574 tickets. Several at once wait in line, see
/// `export_tickets_csv`.
#[utoipa::path(
    tag = "reports",
    operation_id = "export_tickets_xlsx",
    params(ExportQuery),
    responses(
        (status = 200, description = "The file", body = ExportFile,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            headers(("Content-Disposition" = String, description = "`attachment` and the file's name"))),
        errors::Export
    )
)]
#[get("/reports/tickets.xlsx")]
pub async fn export_tickets_xlsx(
    state: Data<State>,
    caller: Caller,
    asking: Asking,
    query: Params<ExportQuery>,
) -> Result<HttpResponse, AppError> {
    export(&state, &caller, &asking, ExportFormat::Xlsx, &query.0).await
}

/// Export tickets as a document to print
///
/// The same as PDF: A4, landscape, in whatever script the titles are. Several at once wait in line, see `export_tickets_csv`.
#[utoipa::path(
    tag = "reports",
    operation_id = "export_tickets_pdf",
    params(ExportQuery),
    responses(
        (status = 200, description = "The file", body = ExportFile, content_type = "application/pdf",
            headers(("Content-Disposition" = String, description = "`attachment` and the file's name"))),
        errors::Export
    )
)]
#[get("/reports/tickets.pdf")]
pub async fn export_tickets_pdf(
    state: Data<State>,
    caller: Caller,
    asking: Asking,
    query: Params<ExportQuery>,
) -> Result<HttpResponse, AppError> {
    export(&state, &caller, &asking, ExportFormat::Pdf, &query.0).await
}

async fn export(
    state: &State,
    caller: &Caller,
    asking: &Asking,
    format: ExportFormat,
    query: &ExportQuery,
) -> Result<HttpResponse, AppError> {
    let order = Order::understand(caller, format, query)?;
    let mut response = HttpResponse::Ok();
    response
        .content_type(format.media_type())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", order.file_name())))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if format != ExportFormat::Csv {
        // They are compressed inside.
        response.insert_header(ContentEncoding::Identity);
    }
    if asking.headers_only {
        return Ok(response.finish());
    }
    let file = order.carry_out(state, caller, asking).await?;
    let length = file.metadata().map_err(AppError::internal)?.len();
    Ok(response.body(SizedStream::new(length, chunks(file))))
}

/// A file, piece by piece.
fn chunks(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    try_unfold(tokio::fs::File::from_std(file), async |mut file| {
        let mut bytes = BytesMut::with_capacity(CHUNK);
        let read = file.read_buf(&mut bytes).await?;
        Ok::<_, io::Error>((read > 0).then(|| (bytes.freeze(), file)))
    })
    .inspect_err(|error: &io::Error| tracing::error!(%error, "a list broke off on its way out"))
}

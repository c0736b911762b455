//! `/healthz`, `/readyz` and `/metrics`, for operators and load balancers.

use std::time::Duration;

use actix_web::{HttpResponse, get, web::Data};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::{db::dialect, error::AppError, state::State};

/// The process answers.
#[get("/healthz")]
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// The process can serve: its database answers too.
#[get("/readyz")]
pub async fn ready(state: Data<State>) -> Result<HttpResponse, AppError> {
    let mut conn = state.db.read().await?;
    dialect::ping(&mut conn).await.map_err(|error| AppError::Unavailable { cause: error.to_string() })?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n"))
}

/// Counters and histograms in Prometheus' text format.
#[get("/metrics")]
pub async fn metrics(recorder: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(recorder.render())
}

/// Folds what the histograms gathered into their summaries, for as long as the program runs; without it they grow.
pub async fn upkeep(recorder: &PrometheusHandle) {
    let mut every = tokio::time::interval(Duration::from_secs(5));
    loop {
        every.tick().await;
        recorder.run_upkeep();
    }
}

//! Turno's server.
//!
//! [`start`] builds the whole program from a [`Config`]; `main` and every test call it. A slice (accounts, tickets, …)
//! owns its routes: `handlers` say who may and what is asked, `service` what happens, `store` is the SQL, `rows` what
//! the database keeps.

pub mod about;
pub mod accounts;
mod assets;
pub mod attachments;
pub mod audit;
pub mod auth;
pub mod categories;
pub mod chat;
pub mod cli;
pub mod config;
pub mod dashboard;
pub mod db;
pub mod demo;
pub mod error;
pub mod events;
mod first_steps;
pub mod images;
mod limits;
pub mod mail;
pub mod markdown;
mod memory;
pub mod notifications;
pub mod openapi;
pub mod password_links;
pub mod realtime;
pub mod replies;
pub mod reports;
mod rush;
pub mod search;
pub mod settings;
pub mod state;
mod stopping;
pub mod storage;
pub mod text;
mod threads;
pub mod tickets;
pub mod views;
pub mod web;
mod words;

use std::{
    future::ready,
    io,
    net::{SocketAddr, TcpListener},
};

use actix_web::{
    App, HttpRequest, HttpServer,
    dev::Server,
    middleware::{Compress, from_fn},
    rt,
    web::{Data, JsonConfig, PayloadConfig, scope, to},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use thiserror::Error;
use tokio::net::TcpSocket;
use tracing_actix_web::TracingLogger;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    attachments::Uploads,
    auth::Auth,
    config::Config,
    db::{Db, DbError},
    error::AppError,
    images::turns::Places,
    mail::{
        Mailroom,
        sender::{Courier, CourierError},
    },
    realtime::Live,
    reports::Exports,
    settings::kept::KeptSettings,
    state::State,
    storage::Storage,
    web::{health, problems, routes::Routes, stuck},
};

/// Connections that wait to be taken, as many as actix has unless told otherwise.
const BACKLOG: u32 = 1024;

/// Why the server did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The database.
    #[error("{0}")]
    Database(#[from] DbError),
    /// The address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The threads that hash passwords.
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The mail server.
    #[error("{0}")]
    Mail(#[from] CourierError),
    /// The files that people attach.
    #[error("{0}")]
    Storage(#[from] storage::OpenError),
}

/// A server that listens. Await `server` to serve until it is stopped.
pub struct Running {
    /// Where it listens; the port is real even when it was asked to choose one.
    pub address: SocketAddr,
    /// What handlers share.
    pub state: Data<State>,
    /// The server itself.
    pub server: Server,
}

/// Every route under [`openapi::BASE`] that the document describes.
pub fn api(routes: &mut Routes) {
    routes
        .configure(auth::routes)
        .configure(accounts::routes)
        .configure(password_links::routes)
        .configure(categories::routes)
        .configure(replies::routes)
        // Before the tickets, one of which would be called `similar`.
        .configure(search::routes)
        .configure(tickets::routes)
        .configure(views::routes)
        .configure(attachments::routes)
        .configure(reports::routes)
        .configure(dashboard::routes)
        .configure(demo::routes)
        .configure(first_steps::routes)
        .configure(settings::routes)
        .configure(audit::routes)
        .configure(about::routes)
        .configure(mail::routes)
        .configure(notifications::routes)
        .configure(chat::routes)
        .configure(realtime::routes);
}

/// An address that this process will listen on, where nobody listens yet. Until it does, another one may take it too, and then
/// the second to listen fails.
pub struct Place {
    address: SocketAddr,
    socket: TcpSocket,
}

impl Place {
    /// Takes an address. It fails when somebody listens there, before anything else is done; and until this process listens
    /// itself, whoever connects is refused rather than kept waiting.
    pub fn take(address: SocketAddr) -> Result<Self, StartError> {
        let socket = bind(address).map_err(|source| StartError::Listen { address, source })?;
        Ok(Self { address, socket })
    }

    fn listen(self) -> Result<TcpListener, StartError> {
        let listening = self.socket.listen(BACKLOG).and_then(tokio::net::TcpListener::into_std);
        listening.map_err(|source| StartError::Listen { address: self.address, source })
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    // What is left of the connections of a process that has just ended is in nobody's way.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Starts serving. The schema must be up to date; see [`db::migrate`].
pub async fn start(config: Config) -> Result<Running, StartError> {
    start_at(Place::take(config.listen)?, config).await
}

/// Starts serving at an address that was taken before.
pub async fn start_at(place: Place, config: Config) -> Result<Running, StartError> {
    let courier = config.mail.as_ref().map(|server| Courier::new(server, config.mail_pace.patience)).transpose()?;
    let db = Db::open_with(&config.database, config.database_patience).await?;
    let storage = Storage::open(&config.storage, &config.spool).await?;
    let settings = KeptSettings::load(&db, config.technician_scope).await?;
    let live = Live::begin(&db, &config, settings.technician_scope()).await?;
    let state = Data::new(State {
        auth: Auth::new(&config)?,
        db,
        mail: Mailroom::new(&config),
        storage,
        exports: Exports::default(),
        uploads: Uploads::default(),
        pictures: Places::default(),
        config: config.clone(),
        settings,
        started_at: db::now(),
        live,
    });
    let telling = state.clone();
    rt::spawn(async move { Box::pin(realtime::run(&telling)).await });
    let sweeping = state.clone();
    rt::spawn(async move {
        tokio::join!(auth::service::sweep(&sweeping), notifications::service::sweep(&sweeping));
    });
    let following = state.clone();
    rt::spawn(async move { settings::kept::follow(&following).await });
    let resting = state.clone();
    rt::spawn(async move { resting.db.rest().await });
    let telling = state.clone();
    rt::spawn(async move { chat::digest::forever(&telling).await });
    rt::spawn(memory::give_back());
    let collecting = state.clone();
    rt::spawn(async move { attachments::collect::forever(&collecting).await });

    let recorder = Data::new(recorder());
    let kept = recorder.clone();
    rt::spawn(async move { health::upkeep(&kept).await });
    let shared = state.clone();
    let listen = |source| StartError::Listen { address: config.listen, source };
    let listener = place.listen()?;
    let server = HttpServer::new(move || {
        // Unless told otherwise, the reader sends the document's address to a validator on the internet.
        let reader = utoipa_swagger_ui::Config::from("/api/v1/openapi.json").validator_url("none");
        let docs = SwaggerUi::new("/api/v1/docs/{_:.*}").config(reader);
        App::new()
            // Before the scope, which takes every path below it.
            .service(
                actix_web::web::resource("/api/v1/openapi.json")
                    .get(openapi::serve)
                    .default_service(to(openapi::only_read)),
            )
            .service(actix_web::web::redirect("/api/v1/docs", "/api/v1/docs/"))
            .service(docs)
            .app_data(shared.clone())
            .app_data(recorder.clone())
            .app_data(JsonConfig::default().limit(web::JSON_LIMIT))
            .app_data(PayloadConfig::default().limit(web::JSON_LIMIT))
            .service(scope(openapi::BASE).configure(|config| api(&mut Routes::Serve(config))))
            .service(health::alive)
            .service(health::ready)
            .service(health::metrics)
            .service(settings::get_manifest)
            .default_service(to(move |request| ready(anything_else(&request))))
            .wrap(from_fn(problems::answer))
            .wrap(Compress::default())
            .wrap(TracingLogger::default())
    })
    .on_connect(stuck::limit)
    .workers(config.workers)
    // A compressed answer leaves in two pieces, and the second would wait 40 ms for the first to be acknowledged.
    .tcp_nodelay(true)
    // Who closes has left, and a long answer is no longer worked on. No browser closes its half and still listens.
    .h1_allow_half_closed(false)
    .shutdown_timeout(10)
    // See `stopping`.
    .disable_signals()
    .listen(listener)
    .map_err(listen)?;
    let address = server.addrs().first().copied().unwrap_or(config.listen);
    state.mail.open(address);
    let sending = state.clone();
    rt::spawn(async move { mail::sender::run(&sending, courier.as_ref()).await });
    Ok(Running { address, state, server: server.run() })
}

/// An unknown path of the API, or a place in the page.
fn anything_else(request: &HttpRequest) -> Result<actix_web::HttpResponse, AppError> {
    if request.path().starts_with("/api/") {
        let methods = &openapi::served().map_err(AppError::internal)?.methods;
        return Err(methods.of_path(request.path()).map_or(AppError::NotFound, AppError::MethodNotAllowed));
    }
    assets::serve(request)
}

/// The process's metrics; installed once, however many servers a test starts.
fn recorder() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another metrics recorder is installed");
            }
            handle
        })
        .clone()
}

//! Connections: how they are made, lent and given up.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use deadpool::managed::{Manager, Object, QueueMode, Timeouts};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{
    AsyncConnection, AsyncMysqlConnection, AsyncPgConnection, SimpleAsyncConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, PoolError, RecyclingMethod, deadpool::Pool},
};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::time::timeout;

use super::{
    AsyncSqlite, DbError, PATIENCE, WAIT,
    bounds::Bounds,
    sqlite::{self, Access},
};

/// A connection that nobody has used for so long is closed.
const REST: Duration = Duration::from_mins(1);
/// One that is older is closed as soon as it is not in use.
const AGE: Duration = Duration::from_mins(5);

/// How long it takes at most to lend one: a place in the pool, an idle connection that is tried and a new one, each for as
/// long as [`WAIT`] says. On a server that is frozen each idle one would be tried in its turn.
const LEND: Duration = Duration::from_secs(15);
/// How long making one may take, tried by whoever asks for it without a pool.
const CONNECT: Duration = Duration::from_secs(10);

/// What has PostgreSQL speak English. An ordinary role may not choose, and to let it try would be an error in the server's log
/// for each connection.
const ENGLISH_POSTGRES: &str =
    "SELECT set_config('lc_messages', 'C', false) FROM pg_roles WHERE rolname = current_user AND rolsuper";
/// What has MySQL and MariaDB speak English.
const ENGLISH_MYSQL: &str = "SET SESSION lc_messages = 'en_US'";

/// No connection could be had, in time or at all.
pub(super) fn unavailable(error: &deadpool::managed::PoolError<PoolError>) -> DbError {
    DbError::Unavailable(error.to_string())
}

/// Connections to a SQLite file.
pub(super) fn sqlite_pool(path: &Path, size: usize, access: Access) -> Result<Pool<AsyncSqlite>, DbError> {
    let path = path.to_owned();
    pool("", size, RecyclingMethod::Fast, move |_| {
        let path = path.clone();
        async move { sqlite::connect(&path, access).map(|(connection, _)| connection) }.boxed()
    })
}

/// Connections that `setup` makes. The one used last is lent first, so that those nobody needs are seen to rest.
pub(super) fn pool<C>(
    url: &str,
    size: usize,
    recycling_method: RecyclingMethod<C>,
    setup: impl Fn(String) -> BoxFuture<'static, ConnectionResult<C>> + Send + Sync + 'static,
) -> Result<Pool<C>, DbError>
where
    C: AsyncConnection + diesel_async::pooled_connection::PoolableConnection + 'static,
    AsyncDieselConnectionManager<C>: Manager<Type = C, Error = PoolError>,
{
    let mut config = ManagerConfig::default();
    config.recycling_method = recycling_method;
    config.custom_setup = Box::new(move |url: &str| setup(url.to_owned()));
    let manager = AsyncDieselConnectionManager::new_with_config(url, config);
    Pool::builder(manager)
        .max_size(size)
        .queue_mode(QueueMode::Lifo)
        .timeouts(Timeouts { wait: Some(WAIT), create: Some(WAIT), recycle: Some(WAIT) })
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(|error| DbError::Unavailable(error.to_string()))
}

/// A connection to a server, within `patience` and never later than [`LEND`] says.
pub(super) async fn lend<C>(
    pool: &Pool<C>,
    patience: Duration,
) -> Result<Object<AsyncDieselConnectionManager<C>>, DbError>
where
    C: AsyncConnection + 'static,
    AsyncDieselConnectionManager<C>: Manager<Type = C, Error = PoolError>,
{
    match timeout(LEND.min(patience), pool.get()).await {
        Ok(lent) => lent.map_err(|error| unavailable(&error)),
        Err(_) => Err(DbError::Unavailable("the database does not answer".to_owned())),
    }
}

/// Closes the connections that nobody has used for a while, and any after its time: each to a SQLite file holds pages of it,
/// and in its caches what it was once asked.
pub(super) fn rest(pool: &Pool<AsyncSqlite>) {
    pool.retain(|_, lent| lent.last_used() < REST && lent.created.elapsed() < AGE);
}

/// Connects to PostgreSQL, with TLS when the server offers it or the URL demands it (`sslmode`). Without bounds the server
/// goes by its own settings.
pub(crate) async fn connect_postgres(url: String, bounds: Option<Bounds>) -> ConnectionResult<AsyncPgConnection> {
    let bad = |error: &dyn std::fmt::Display| ConnectionError::BadConnection(error.to_string());
    let failed = |error: tokio_postgres::Error| bad(&format!("{error}{}", cause(&error)));
    let tls = rustls_config().map_err(|error| bad(&error))?;
    let mut config: tokio_postgres::Config = url.parse().map_err(failed)?;
    // A network that swallows what is sent: the system gives the connection up by itself, and with it what waits to be closed.
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(PATIENCE);
    }
    in_time(async {
        let connecting = config.connect(tokio_postgres_rustls::MakeRustlsConnect::new(tls));
        let (client, connection) = connecting.await.map_err(failed)?;
        let mut connection = AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
        in_english(&mut connection, ENGLISH_POSTGRES).await;
        if let Some(bounds) = bounds {
            let told = connection.batch_execute(&bounds.postgres()).await;
            told.map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        Ok(connection)
    })
    .await
}

/// Connects to MySQL or MariaDB. Statements see what is committed when they begin, as on PostgreSQL: what is read after a
/// lock was waited for is what the lock protects, and no gaps between rows are locked. Without bounds the server goes by its
/// own settings.
pub(crate) async fn connect_mysql(url: String, bounds: Option<Bounds>) -> ConnectionResult<AsyncMysqlConnection> {
    in_time(async {
        let mut connection = AsyncMysqlConnection::establish(&url).await?;
        let level = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
        connection.batch_execute(level).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        in_english(&mut connection, ENGLISH_MYSQL).await;
        if let Some(bounds) = bounds {
            let told = connection.batch_execute(&bounds.mysql()).await;
            told.map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        Ok(connection)
    })
    .await
}

/// Has a server say in English what goes wrong: much of it is told apart by its text alone, in `dialect`. PostgreSQL speaks to an
/// ordinary role as its administrator has set it up, so there the texts are known in Spanish as well.
async fn in_english<C: SimpleAsyncConnection>(connection: &mut C, ask: &str) {
    if let Err(error) = connection.batch_execute(ask).await {
        tracing::debug!(%error, "the database chooses the language of its errors");
    }
}

/// A new connection, unless making it takes too long: a frozen server's system takes connections all the same.
async fn in_time<C>(connecting: impl Future<Output = ConnectionResult<C>>) -> ConnectionResult<C> {
    let silent = |_| ConnectionError::BadConnection("the server does not answer".to_owned());
    timeout(CONNECT, connecting).await.map_err(silent)?
}

/// What lies behind an error, for its message.
pub(super) fn cause(error: &dyn std::error::Error) -> String {
    error.source().map(|source| format!(": {source}")).unwrap_or_default()
}

/// The system's certificates, loaded once.
pub(super) fn rustls_config() -> Result<rustls::ClientConfig, rustls::Error> {
    static CONFIG: OnceLock<rustls::ClientConfig> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(config.clone());
    }
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(CONFIG.get_or_init(|| config).clone())
}

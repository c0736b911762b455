//! A database for each test, and a way to look at it from outside the program.

use std::{
    env, fs,
    io::Write,
    path::PathBuf,
    rc::Rc,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use backend::db::{AsyncSqlite, DatabaseUrl, migrate::migrate};
use diesel::{
    Connection, QueryableByName, SqliteConnection,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncConnection, AsyncMysqlConnection, AsyncPgConnection, SimpleAsyncConnection};
use tempfile::TempDir;

use super::server::{Server, is_installed, on_its_own_runtime};

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
    Mysql,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// Whether tests on it are left out; fails when it was asked for and is not there.
    pub fn is_skipped(self) -> bool {
        static ONCE: OnceLock<Vec<Kind>> = OnceLock::new();
        let skipped = ONCE.get_or_init(|| {
            let asked = env::var("TURNO_TEST_DATABASES").ok();
            let asked: Option<Vec<&str>> = asked.as_deref().map(|names| names.split(',').map(str::trim).collect());
            let is_left_out = |kind: &Kind| match &asked {
                Some(names) => !names.contains(&kind.name()),
                None => !is_installed(*kind),
            };
            let skipped: Vec<Kind> = Kind::ALL.into_iter().filter(is_left_out).collect();
            if !skipped.is_empty() {
                let names: Vec<&str> = skipped.iter().map(|kind| kind.name()).collect();
                // Not captured, as what a test prints is.
                let _ =
                    writeln!(std::io::stderr(), "skipped, not asked for or not on this machine: {}", names.join(", "));
            }
            skipped
        });
        skipped.contains(&self)
    }
}

/// A database that no other test touches.
#[derive(Clone)]
pub struct Database {
    pub kind: Kind,
    /// As `DATABASE_URL` says it.
    pub url: String,
    name: String,
    _folder: Option<Rc<TempDir>>,
}

impl Database {
    /// A database with nothing in it.
    pub async fn empty(kind: Kind) -> Self {
        let name = new_name();
        match kind {
            Kind::Sqlite => Self::in_folder(name, |_| ()),
            Kind::Postgres | Kind::Mysql => {
                server(kind).execute(&format!("CREATE DATABASE {name}")).await;
                Self { kind, url: server(kind).server.url(&name), name, _folder: None }
            }
        }
    }

    /// A database with the schema of this program and nothing else.
    pub async fn migrated(kind: Kind) -> Self {
        let name = new_name();
        match kind {
            Kind::Sqlite => Self::in_folder(name, |path| {
                fs::write(path, sqlite_template()).unwrap();
            }),
            Kind::Postgres => {
                server(kind).execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}")).await;
                Self { kind, url: server(kind).server.url(&name), name, _folder: None }
            }
            Kind::Mysql => {
                let server = server(kind);
                server.execute(&format!("CREATE DATABASE {name}; USE {name}; {}", server.copy)).await;
                Self { kind, url: server.server.url(&name), name, _folder: None }
            }
        }
    }

    /// A migrated database on a server that the test has for itself.
    pub async fn on(server: &Server, kind: Kind) -> Self {
        let name = new_name();
        let admin = server.url(if kind == Kind::Postgres { "postgres" } else { "mysql" });
        Outside::connect(kind, &admin).await.execute(&format!("CREATE DATABASE {name}")).await;
        let database = Self { kind, url: server.url(&name), name, _folder: None };
        migrate(&database.parsed()).await.unwrap();
        database
    }

    fn in_folder(name: String, fill: impl FnOnce(&PathBuf)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("turno.db");
        fill(&path);
        let url = format!("sqlite:{}", path.display());
        Self { kind: Kind::Sqlite, url, name, _folder: Some(Rc::new(folder)) }
    }

    /// The URL as the program reads it.
    pub fn parsed(&self) -> DatabaseUrl {
        DatabaseUrl::parse(&self.url).unwrap()
    }

    /// A connection that is not the program's.
    pub async fn outside(&self) -> Outside {
        Outside::connect(self.kind, &self.url).await
    }

    /// Gives the room back; whatever still is connected loses its connection.
    pub async fn remove(&self) {
        match self.kind {
            // A file, gone with its folder.
            Kind::Sqlite => (),
            Kind::Postgres => server(self.kind).execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await,
            Kind::Mysql => {
                let mut outside = server(self.kind).outside().await;
                let name = &self.name;
                let connected = "SELECT CAST(id AS SIGNED) AS n FROM information_schema.processlist";
                for id in outside.numbers(&format!("{connected} WHERE db = '{name}'")).await {
                    // Most are gone by themselves meanwhile.
                    let _ = outside.attempt(&format!("KILL {id}")).await;
                }
                outside.execute(&format!("DROP DATABASE {name}")).await;
            }
        }
    }
}

fn new_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("desk{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The database that others are copied from.
const TEMPLATE: &str = "turno_template";

/// The server that the tests of this process share.
struct Shared {
    kind: Kind,
    server: Server,
    /// What makes another migrated database, where the server has no word for that.
    copy: String,
}

impl Shared {
    async fn execute(&self, sql: &str) {
        self.outside().await.execute(sql).await;
    }

    async fn outside(&self) -> Outside {
        Outside::connect(self.kind, &self.server.url(admin_database(self.kind))).await
    }
}

fn admin_database(kind: Kind) -> &'static str {
    if kind == Kind::Postgres { "postgres" } else { "mysql" }
}

fn server(kind: Kind) -> &'static Shared {
    static POSTGRES: OnceLock<Shared> = OnceLock::new();
    static MYSQL: OnceLock<Shared> = OnceLock::new();
    let cell = if kind == Kind::Postgres { &POSTGRES } else { &MYSQL };
    cell.get_or_init(|| {
        let server = Server::start(kind).unwrap_or_else(|error| panic!("no {}: {error}", kind.name()));
        let (admin, template) = (server.url(admin_database(kind)), server.url(TEMPLATE));
        let copy = on_its_own_runtime(async move {
            Outside::connect(kind, &admin).await.execute(&format!("CREATE DATABASE {TEMPLATE}")).await;
            migrate(&DatabaseUrl::parse(&template).unwrap()).await.unwrap();
            if kind == Kind::Mysql { mysql_copy(&template).await } else { String::new() }
        });
        Shared { kind, server, copy }
    })
}

/// A migrated file.
fn sqlite_template() -> &'static [u8] {
    static ONCE: OnceLock<Vec<u8>> = OnceLock::new();
    ONCE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("turno.db");
        let url = DatabaseUrl::Sqlite(path.clone());
        on_its_own_runtime(async move { migrate(&url).await.unwrap() });
        fs::read(path).unwrap()
    })
}

/// The statements that make a database like the migrated one, as it is at the end: running through all that it once was takes
/// four times as long.
async fn mysql_copy(template: &str) -> String {
    use diesel_async::RunQueryDsl;

    let mut connection = AsyncMysqlConnection::establish(template).await.unwrap();
    let tables =
        "SELECT CAST(table_name AS CHAR) AS name FROM information_schema.tables WHERE table_schema = DATABASE()";
    let tables: Vec<Table> = diesel::sql_query(tables).load(&mut connection).await.unwrap();
    // One may refer to another that comes later.
    let mut statements = "SET foreign_key_checks = 0;\n".to_owned();
    for Table { name } in tables {
        let made = diesel::sql_query(format!("SHOW CREATE TABLE {name}"));
        let Made { statement } = made.get_result(&mut connection).await.unwrap();
        let rows = diesel::sql_query(format!("SELECT COUNT(*) AS n FROM {name}"));
        let Number { n } = rows.get_result(&mut connection).await.unwrap();
        statements.push_str(&format!("{statement};\n"));
        if n > 0 {
            statements.push_str(&format!("INSERT INTO {name} SELECT * FROM {TEMPLATE}.{name};\n"));
        }
    }
    statements
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = Text, column_name = "Create Table")]
    statement: String,
}

/// A connection of the test's own, as another program would have it.
pub enum Outside {
    Sqlite(AsyncSqlite),
    Postgres(AsyncPgConnection),
    Mysql(AsyncMysqlConnection),
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

macro_rules! on_outside {
    ($self:expr, |$c:ident| $body:expr) => {
        match $self {
            Outside::Sqlite($c) => $body,
            Outside::Postgres($c) => $body,
            Outside::Mysql($c) => $body,
        }
    };
}

impl Outside {
    /// Connects.
    pub async fn connect(kind: Kind, url: &str) -> Self {
        match kind {
            Kind::Sqlite => {
                let path = url.strip_prefix("sqlite:").unwrap();
                let mut connection = AsyncSqlite::new(SqliteConnection::establish(path).unwrap());
                connection.batch_execute("PRAGMA busy_timeout = 20000; PRAGMA synchronous = OFF").await.unwrap();
                Self::Sqlite(connection)
            }
            Kind::Postgres => Self::Postgres(AsyncPgConnection::establish(url).await.unwrap()),
            Kind::Mysql => Self::Mysql(AsyncMysqlConnection::establish(url).await.unwrap()),
        }
    }

    /// Runs statements.
    pub async fn execute(&mut self, sql: &str) {
        self.attempt(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    async fn attempt(&mut self, sql: &str) -> diesel::QueryResult<()> {
        on_outside!(self, |c| c.batch_execute(sql).await)
    }

    /// The integers of a query whose only column is `n`.
    pub async fn numbers(&mut self, sql: &str) -> Vec<i64> {
        use diesel_async::RunQueryDsl;

        let rows: Vec<Number> = on_outside!(self, |c| diesel::sql_query(sql).load(c).await)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.into_iter().map(|row| row.n).collect()
    }

    /// The one integer of a query whose only column is `n`.
    pub async fn number(&mut self, sql: &str) -> i64 {
        *self.numbers(sql).await.first().unwrap_or_else(|| panic!("{sql}: no rows"))
    }
}

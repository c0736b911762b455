//! The schema: migrated at the start, compared by `turno verify-schema`, and never touched by an older program.

use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

use actix_web::rt;
use backend::db::{
    Db,
    migrate::{MigrateError, migrate},
    verify,
};

use crate::support::{Database, Kind};

async fn differences(database: &Database) -> Vec<String> {
    let db = Db::open(&database.parsed()).await.unwrap();
    verify::differences(&mut db.read().await.unwrap()).await.unwrap()
}

/// Another database on the same server of PostgreSQL, with these words.
async fn beside(database: &Database, words: &str) -> Database {
    let (server, name) = database.url.rsplit_once('/').unwrap();
    let name = format!("{name}_beside");
    database.outside().await.execute(&format!("CREATE DATABASE {name} TEMPLATE template0 {words}")).await;
    let mut other = database.clone();
    other.url = format!("{server}/{name}");
    other
}

/// Changes that leave every table, column and index where it was.
const OTHERWISE: &[&str] = &[
    "CREATE TABLE spies (id BIGINT NOT NULL PRIMARY KEY)",
    "DELETE FROM __diesel_schema_migrations WHERE version = '20261129000200'",
];
const OTHERWISE_ON_SQLITE: &[&str] = &[
    "DROP INDEX users_username; CREATE INDEX users_username ON users (username_folded)",
    "DROP INDEX tickets_status_created; CREATE INDEX tickets_status_created ON tickets (title)",
    "DROP TRIGGER tickets_search_update",
    "CREATE TRIGGER tickets_search_update AFTER UPDATE OF title, description ON tickets BEGIN SELECT 1; END",
    "CREATE TRIGGER spy AFTER INSERT ON tickets BEGIN SELECT 1; END",
    // It has no statement for these two.
    "PRAGMA writable_schema = ON; \
     UPDATE sqlite_master SET sql = REPLACE(sql, 'role SMALLINT', 'role INTEGER') WHERE name = 'users'; \
     UPDATE sqlite_master SET sql = REPLACE(sql, 'requester_id BIGINT NOT NULL REFERENCES users (id)', \
     'requester_id BIGINT NOT NULL') WHERE name = 'tickets'; \
     PRAGMA writable_schema = OFF",
];
const OTHERWISE_ON_POSTGRES: &[&str] = &[
    "DROP INDEX users_username; CREATE INDEX users_username ON users (username_folded)",
    "DROP INDEX tickets_status_created; CREATE INDEX tickets_status_created ON tickets (title)",
    "CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER spy AFTER INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION spy()",
    "ALTER TABLE users ALTER COLUMN role TYPE INTEGER",
    "ALTER TABLE tickets DROP CONSTRAINT tickets_requester_id_fkey",
];
const OTHERWISE_ON_MYSQL: &[&str] = &[
    "DROP INDEX users_username ON users; CREATE INDEX users_username ON users (username_folded)",
    "DROP INDEX tickets_status_created ON tickets; CREATE INDEX tickets_status_created ON tickets (title)",
    "CREATE TRIGGER spy BEFORE INSERT ON tickets FOR EACH ROW SET NEW.version = 1",
    "ALTER TABLE users MODIFY role INT NOT NULL",
    "ALTER TABLE tickets DROP FOREIGN KEY tickets_ibfk_2",
];

on_each_database! {
    only(mysql)
    async fn whoever_migrates_waits_for_whoever_does(database: Database) {
        let lock = "CONCAT('turno-', SHA1(DATABASE()))";
        let mut other = database.outside().await;
        assert_eq!(other.number(&format!("SELECT CAST(GET_LOCK({lock}, 0) AS SIGNED) AS n")).await, 1);
        let url = database.parsed();
        let migrating = rt::spawn(async move { migrate(&url).await });
        let waiting = "SELECT COUNT(*) AS n FROM information_schema.processlist \
                       WHERE db = DATABASE() AND state = 'User lock'";
        let (mut watching, began) = (database.outside().await, Instant::now());
        while watching.number(waiting).await == 0 {
            assert!(began.elapsed() < Duration::from_secs(20) && !migrating.is_finished(), "it does not wait");
        }
        other.execute(&format!("DO RELEASE_LOCK({lock})")).await;
        assert!(!migrating.await.unwrap().unwrap().is_empty());
        assert_eq!(differences(&database).await, [""; 0]);
    }

    /// With `TURNO_WRITE_SCHEMA` in the environment it writes down what the program is to expect from its next build on.
    async fn a_migrated_database_is_as_expected(database: Database) {
        let ran = migrate(&database.parsed()).await.unwrap();
        assert!(!ran.is_empty());
        let db = Db::open(&database.parsed()).await.unwrap();
        let description = verify::description(&mut db.read().await.unwrap()).await.unwrap();
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/describe").join(match database.kind {
            Kind::Sqlite => "sqlite.txt",
            Kind::Postgres => "postgres.txt",
            Kind::Mysql => "mysql.txt",
        });
        if env::var_os("TURNO_WRITE_SCHEMA").is_some() {
            fs::write(&kept, &description).unwrap();
        }
        assert_eq!(description, fs::read_to_string(&kept).unwrap(), "{} is of other migrations", kept.display());
        assert_eq!(differences(&database).await, [""; 0]);
        assert_eq!(migrate(&database.parsed()).await.unwrap(), [""; 0], "a migration ran twice");
    }

    async fn an_empty_database_lacks_every_table(database: Database) {
        let found = differences(&database).await;
        for table in ["users", "sessions", "categories", "tickets", "ticket_watchers", "comments", "events", "event_counter"] {
            assert!(found.contains(&format!("table {table} is missing")), "{table}: {found:?}");
        }
    }

    async fn each_difference_is_named(database: Database) {
        migrate(&database.parsed()).await.unwrap();
        let mut outside = database.outside().await;
        outside.execute("ALTER TABLE tickets DROP COLUMN version").await;
        outside.execute("ALTER TABLE comments ADD COLUMN mood VARCHAR(10)").await;
        outside.execute("DROP TABLE ticket_watchers").await;
        match database.kind {
            Kind::Mysql => outside.execute("DROP INDEX tickets_updated ON tickets").await,
            _ => outside.execute("DROP INDEX tickets_updated").await,
        }
        let mut expected = vec![
            "column comments.mood is not expected",
            "column tickets.version is missing",
            "index tickets_updated on tickets is missing",
            "table ticket_watchers is missing",
        ];
        // SQLite changes no column.
        match database.kind {
            Kind::Sqlite => {}
            Kind::Postgres => {
                outside.execute("ALTER TABLE users ALTER COLUMN name DROP NOT NULL").await;
                outside.execute("ALTER TABLE users ALTER COLUMN locale TYPE BIGINT USING 0").await;
            }
            Kind::Mysql => {
                outside.execute("ALTER TABLE users MODIFY name VARCHAR(100) NULL").await;
                outside.execute("ALTER TABLE users MODIFY locale BIGINT NOT NULL").await;
            }
        }
        let changed: &[&str] = match database.kind {
            Kind::Sqlite => &[],
            Kind::Postgres => &[
                "column users.locale is bigint not null, not character varying(10) not null",
                "column users.name is character varying(100), not character varying(100) not null",
            ],
            Kind::Mysql => &[
                "column users.locale is bigint not null, not varchar(10) collate utf8mb4_bin not null",
                "column users.name is varchar(100) collate utf8mb4_bin, not varchar(100) collate utf8mb4_bin not null",
            ],
        };
        expected.extend(changed);
        expected.sort_unstable();
        let mut found = differences(&database).await;
        found.sort();
        assert_eq!(found, expected);
    }

    async fn what_has_its_name_and_is_something_else_is_named(database: Database) {
        migrate(&database.parsed()).await.unwrap();
        let mut outside = database.outside().await;
        for sql in OTHERWISE {
            outside.execute(sql).await;
        }
        let (of_its_own, method, whole) = match database.kind {
            Kind::Sqlite => (OTHERWISE_ON_SQLITE, "", "integer"),
            Kind::Postgres => (OTHERWISE_ON_POSTGRES, "btree ", "integer"),
            Kind::Mysql => (OTHERWISE_ON_MYSQL, "", "int"),
        };
        for sql in of_its_own {
            outside.execute(sql).await;
        }
        let mut expected = vec![
            format!("column users.role is {whole} not null, not smallint not null"),
            "foreign key requester_id on tickets is missing".to_owned(),
            format!("index tickets_status_created on tickets is {method}(title), not {method}(status, created_at, id)"),
            format!("index users_username on users is {method}(username_folded), not unique {method}(username_folded)"),
            "migration 20261129000200 is missing".to_owned(),
            "table spies is not expected".to_owned(),
            "trigger spy on tickets is not expected".to_owned(),
        ];
        if database.kind == Kind::Sqlite {
            let event = "CREATE TRIGGER tickets_search_update AFTER UPDATE OF title, description ON tickets BEGIN";
            let body = "INSERT INTO tickets_search (tickets_search, rowid, title, description) \
                        VALUES ('delete', old.id, old.title, old.description); \
                        INSERT INTO tickets_search (rowid, title, description) VALUES (new.id, new.title, new.description);";
            expected.push(format!(
                "trigger tickets_search_update on tickets is {event} SELECT 1; END, not {event} {body} END"
            ));
        }
        let mut found = differences(&database).await;
        found.sort();
        assert_eq!(found, expected);
    }

    /// One that it was not told about would look better to it than all others.
    only(sqlite)
    async fn the_planner_of_sqlite_knows_every_index_of_the_tables_it_was_told_about(database: Database) {
        migrate(&database.parsed()).await.unwrap();
        let mut outside = database.outside().await;
        let known = "SELECT COUNT(*) AS n FROM sqlite_stat1";
        assert!(outside.number(known).await > 10);
        let index = "SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'index' AND tbl_name IN (SELECT tbl FROM sqlite_stat1)";
        let told = outside.number(&format!("{index} AND name IN (SELECT idx FROM sqlite_stat1)")).await;
        assert_eq!(told, outside.number(index).await, "an index has no statistics");
        assert_eq!(told, outside.number(known).await, "statistics of an index that is not there");
    }

    only(postgres)
    async fn a_database_that_is_not_in_utf8_is_refused(database: Database) {
        let other = beside(&database, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'").await;
        let error = migrate(&other.parsed()).await.unwrap_err();
        assert!(matches!(error, MigrateError::Encoding(_)), "{error}");
        let line = error.to_string();
        assert!(line.contains("LATIN1") && line.contains("UTF8") && !line.contains('\n'), "{line}");
        let tables = "SELECT COUNT(*) AS n FROM pg_tables WHERE schemaname = 'public'";
        assert_eq!(other.outside().await.number(tables).await, 0);
    }

    /// There its parser takes each character beyond ASCII for a letter.
    only(postgres)
    async fn words_end_at_signs_in_the_locale_of_c_too(database: Database) {
        let other = beside(&database, "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'").await;
        migrate(&other.parsed()).await.unwrap();
        let mut outside = other.outside().await;
        let step = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/postgres/2026-11-30-020000_signs_between_words");
        let part = |name: &str| fs::read_to_string(step.join(name)).unwrap();
        outside.execute(&part("down.sql")).await;
        outside
            .execute(
                "INSERT INTO users (id, username, username_folded, name, name_folded, email, email_folded, role, active, locale, \
                 theme, created_at) VALUES (1, 'ana', 'ana', 'Ana', 'ana', 'a@b.org', 'a@b.org', 0, TRUE, 'es', 'system', 1); \
                 INSERT INTO tickets (id, status, priority, requester_id, version, created_at, updated_at, title, title_folded, \
                 description) VALUES (1, 0, 1, 1, 1, 1, 1, '¿Qué pasa?', '¿que pasa?', 'El «tóner»—“negro”…'); \
                 INSERT INTO comments (id, ticket_id, author_id, visibility, created_at, body) VALUES (1, 1, 1, 0, 1, '¡Col·lecció!')",
            )
            .await;
        let ticket = "SELECT COUNT(*) AS n FROM tickets WHERE search @@ to_tsquery('simple', 'que & toner & negro')";
        let comment = "SELECT COUNT(*) AS n FROM comments WHERE search @@ to_tsquery('simple', 'col & leccio')";
        assert_eq!((outside.number(ticket).await, outside.number(comment).await), (0, 0), "it is right as it was");
        outside.execute(&part("up.sql")).await;
        assert_eq!((outside.number(ticket).await, outside.number(comment).await), (1, 1));
    }

    async fn a_program_older_than_the_schema_refuses_it(database: Database) {
        migrate(&database.parsed()).await.unwrap();
        let mut outside = database.outside().await;
        outside.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')").await;
        let error = migrate(&database.parsed()).await.unwrap_err();
        assert!(matches!(error, MigrateError::Newer(_)), "{error}");
        assert!(error.to_string().contains("99990101000000"), "{error}");
    }

    async fn two_that_start_at_once_migrate_once(database: Database) {
        for _ in 0..5 {
            let database = Database::empty(database.kind).await;
            let url = database.parsed();
            let (one, two) = tokio::join!(migrate(&url), migrate(&url));
            let mut ran = [one.unwrap().len(), two.unwrap().len()];
            ran.sort_unstable();
            assert_eq!(ran[0], 0);
            assert!(ran[1] > 0);
            assert_eq!(differences(&database).await, [""; 0]);
        }
    }
}

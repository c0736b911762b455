//! The schema: migrated at the start, compared by `turno verify-schema`, and never touched by an older program.

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

on_each_database! {
    async fn a_migrated_database_is_as_expected(database: Database) {
        let ran = migrate(&database.parsed()).await.unwrap();
        assert!(!ran.is_empty());
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
        if database.kind != Kind::Sqlite {
            expected.extend(["column users.locale is of type bigint", "column users.name takes NULL"]);
        }
        expected.sort_unstable();
        let mut found = differences(&database).await;
        found.sort();
        assert_eq!(found, expected);
    }

    /// One that it was not told about would look better to it than all others.
    async fn the_planner_of_sqlite_knows_every_index_of_the_tables_it_was_told_about(database: Database) {
        if database.kind != Kind::Sqlite {
            return;
        }
        migrate(&database.parsed()).await.unwrap();
        let mut outside = database.outside().await;
        let known = "SELECT COUNT(*) AS n FROM sqlite_stat1";
        assert!(outside.number(known).await > 10);
        let index = "SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'index' AND tbl_name IN (SELECT tbl FROM sqlite_stat1)";
        let told = outside.number(&format!("{index} AND name IN (SELECT idx FROM sqlite_stat1)")).await;
        assert_eq!(told, outside.number(index).await, "an index has no statistics");
        assert_eq!(told, outside.number(known).await, "statistics of an index that is not there");
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

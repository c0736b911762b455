//! Database servers that speak another language than English: what goes wrong there is understood all the same.

use actix_web::rt::System;
use backend::{
    db::{DatabaseUrl, Db, dialect},
    on_conn,
};
use diesel_async::SimpleAsyncConnection;
use tokio::task::spawn_blocking;

use crate::{
    bounds::ask,
    support::{Database, Kind, Server, new_id},
};

on_each_database! {
    only(postgres)
    async fn whoever_may_choose_is_told_errors_in_english(app: TestApp) {
        let is_english = "(current_setting('lc_messages') = 'C')::int::bigint";
        assert_eq!(ask(&app.state.db, is_english).await, 1);
        // And whoever may not is served as well.
        let role = format!("ordinary_{}", new_id());
        app.database.outside().await.execute(&format!("CREATE ROLE {role} LOGIN")).await;
        let url = app.database.url.replacen("postgres@", &format!("{role}@"), 1);
        let db = Db::open(&DatabaseUrl::parse(&url).unwrap()).await.unwrap();
        assert_eq!(ask(&db, is_english).await, 0);
    }
}

#[test]
fn a_server_that_speaks_spanish_is_understood() {
    let kind = Kind::Mysql;
    if kind.is_skipped() {
        return;
    }
    System::new().block_on(async {
        let mut server = Server::start(kind).unwrap();
        let database = Database::on(&server, kind).await;
        database.outside().await.execute("SET GLOBAL lc_messages = 'es_ES'").await;
        let others = "SELECT CAST(@@SESSION.lc_messages = 'es_ES' AS SIGNED) AS n";
        assert_eq!(database.outside().await.number(others).await, 1, "it does not speak Spanish");

        let db = Db::open(&database.parsed()).await.unwrap();
        assert_eq!(ask(&db, "CAST(@@SESSION.lc_messages = 'en_US' AS SIGNED)").await, 1);
        let (mut first, mut second) = (db.read().await.unwrap(), db.read().await.unwrap());
        let change = "UPDATE event_counter SET last_id = last_id + 100";
        on_conn!(&mut first, |c| c.batch_execute("BEGIN").await).unwrap();
        on_conn!(&mut first, |c| c.batch_execute(change).await).unwrap();
        on_conn!(&mut second, |c| c.batch_execute("SET SESSION innodb_lock_wait_timeout = 1").await).unwrap();
        let error = on_conn!(&mut second, |c| c.batch_execute(change).await).unwrap_err();
        assert!(dialect::is_connection_lost(&error), "{error}");
        drop((first, second, db));
        spawn_blocking(move || server.stop()).await.unwrap();
    });
}

//! Comma-separated values, byte for byte.

use serde_json::json;

use super::export;
use crate::support::Reply;

/// The rows of a file, without the names of the columns.
fn rows(file: &Reply) -> Vec<Vec<String>> {
    let text = file.bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text);
    assert_eq!(reader.headers().unwrap().len(), 10);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The numbers of its tickets, in its order.
pub fn ids(file: &Reply) -> Vec<i64> {
    rows(file).iter().map(|row| row[0].parse().unwrap()).collect()
}

const SPANISH: &str = "\u{FEFF}Número,Título,Estado,Prioridad,Categoría,Solicita,Técnico,Creado,Actividad,Cerrado\r\n";
const ENGLISH: &str = "\u{FEFF}Number,Title,Status,Priority,Category,Requester,Technician,Created,Activity,Closed\r\n";

on_each_database! {
    async fn a_row_says_all_of_a_ticket(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Impresora").await;
        let category = app.number("SELECT MIN(id) AS n FROM categories").await;
        app.sql(&format!(
            "UPDATE tickets SET status = 3, priority = 3, assignee_id = {}, category_id = {category}, \
             created_at = 1700000000123456, updated_at = 1700003600000000, closed_at = 1700003600000000 WHERE id = {ticket}; \
             UPDATE categories SET name = 'Redes' WHERE id = {category}",
            tech.id
        ))
        .await;
        let rest = format!("{},{},2023-11-14T22:13:20Z,2023-11-14T23:13:20Z,2023-11-14T23:13:20Z\r\n", ana.name, tech.name);
        // In the person's own language, or the one they ask for; moments are the same for all.
        let spanish = export(&ana, "csv", &[("time_zone", "Europe/Madrid")]).await.text;
        assert_eq!(spanish, format!("{SPANISH}{ticket},Impresora,Cerrado,Urgente,Redes,{rest}"));
        let english = export(&ana, "csv", &[("locale", "en")]).await.text;
        assert_eq!(english, format!("{ENGLISH}{ticket},Impresora,Closed,Urgent,Redes,{rest}"));
        ana.patch("/me", json!({ "locale": "en" })).await.expect(200);
        assert_eq!(export(&ana, "csv", &[]).await.text, english);
    }

    async fn an_empty_list_is_its_names(app: TestApp) {
        let ana = app.user().await;
        assert_eq!(export(&ana, "csv", &[]).await.text, SPANISH);
    }

    async fn no_cell_is_a_formula(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let titles = [
            ("=cmd()", "'=cmd()"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("-2", "'-2"),
            ("@SUM(A1:A9)", "'@SUM(A1:A9)"),
            ("＝1+1", "'＝1+1"),
            ("＠x", "'＠x"),
            ("x;=1+1;y", "x;'=1+1;y"),
            ("x;\"=1+1;y", "x;'\"=1+1;y"),
            ("\"=1+1", "'\"=1+1"),
            ("\",=1+1", "\",=1+1"),
            ("a=b", "a=b"),
        ];
        for (title, _) in titles {
            app.ticket(&ana, title).await;
        }
        admin.post("/categories", json!({ "name": "=Redes" })).await.expect(201);
        app.sql(&format!("UPDATE users SET name = '=HYPERLINK(1)' WHERE id = {}", ana.id)).await;
        app.sql("UPDATE tickets SET category_id = (SELECT MAX(id) FROM categories)").await;
        let rows = rows(&export(&ana, "csv", &[("sort", "created_at")]).await);
        assert_eq!(rows.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), titles.map(|(_, safe)| safe));
        for row in rows {
            assert_eq!((row[4].as_str(), row[5].as_str()), ("'=Redes", "'=HYPERLINK(1)"));
        }
    }

    async fn whatever_is_written_comes_back(app: TestApp) {
        let ana = app.user().await;
        let titles = ["dice \"hola\", y más", "日本語 العربية עברית", "🖨️👩‍💻", "coma, y; punto", "'comillas'", "e\u{301}"];
        for title in titles {
            app.ticket(&ana, title).await;
        }
        let id = app.ticket(&ana, "dos líneas").await;
        app.sql(&format!("UPDATE tickets SET title = 'dos\nlíneas' WHERE id = {id}")).await;
        let file = export(&ana, "csv", &[("sort", "created_at")]).await;
        let rows = rows(&file);
        assert_eq!(rows.iter().take(titles.len()).map(|row| row[1].as_str()).collect::<Vec<_>>(), titles);
        assert_eq!(rows[titles.len()][1], "dos\nlíneas");
        assert!(file.text.contains("\"dice \"\"hola\"\", y más\""));
    }
}

//! The workbook, opened again.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use serde_json::json;

use super::export;
use crate::support::Reply;

/// The rows of a file, without the names of the columns.
fn rows(file: &Reply) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file.bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range("Tickets").unwrap();
    assert_eq!(sheet.width(), 10);
    sheet.rows().skip(1).map(<[Data]>::to_vec).collect()
}

/// The numbers of its tickets, in its order.
pub fn ids(file: &Reply) -> Vec<i64> {
    let number = |row: &Vec<Data>| match row[0] {
        Data::Float(number) => number as i64,
        ref other => panic!("{other:?} is no number"),
    };
    rows(file).iter().map(number).collect()
}

/// One of the files inside.
fn part(file: &Reply, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file.bytes.to_vec())).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap_or_else(|error| panic!("{name}: {error}")).read_to_string(&mut text).unwrap();
    text
}

/// All that is written inside.
pub fn everything(file: &Reply) -> String {
    let archive = zip::ZipArchive::new(Cursor::new(file.bytes.to_vec())).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.iter().map(|name| part(file, name)).collect()
}

on_each_database! {
    async fn cells_have_types(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "=cmd()").await;
        app.sql(&format!(
            "UPDATE tickets SET status = 3, priority = 3, assignee_id = {}, created_at = 1700000000000000, \
             updated_at = 1700003600000000, closed_at = 1700003600000000 WHERE id = {ticket}",
            tech.id
        ))
        .await;
        let other = app.ticket(&ana, "00123").await;
        let file = export(&ana, "xlsx", &[("sort", "created_at"), ("time_zone", "Europe/Madrid")]).await;
        let rows = rows(&file);
        let text = |text: &str| Data::String(text.to_owned());
        assert_eq!(rows[0][0], Data::Float(ticket as f64));
        assert_eq!(rows[0][1..4], [text("=cmd()"), text("Cerrado"), text("Urgente")]);
        assert_eq!(rows[0][5..7], [text(&ana.name), text(&tech.name)]);
        let moment = |cell: &Data| match cell {
            // In days since the end of 1899, as a sheet counts them.
            Data::DateTime(moment) if moment.is_datetime() => {
                let seconds = (moment.as_f64() * 86_400.0).round() as i64;
                let first = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap().and_hms_opt(0, 0, 0).unwrap();
                (first + chrono::TimeDelta::seconds(seconds)).format("%Y-%m-%d %H:%M:%S").to_string()
            }
            other => panic!("{other:?} is no moment"),
        };
        // An hour ahead of UTC in November.
        assert_eq!(moment(&rows[0][7]), "2023-11-14 23:13:20");
        assert_eq!(moment(&rows[0][9]), "2023-11-15 00:13:20");
        assert_eq!(rows[1][0..2], [Data::Float(other as f64), text("00123")]);
        assert_eq!((&rows[1][6], &rows[1][9]), (&Data::Empty, &Data::Empty));
    }

    async fn nothing_in_it_is_a_formula_or_leads_elsewhere(app: TestApp) {
        let ana = app.user().await;
        let titles = ["=cmd()", "=HYPERLINK(\"http://example.org\")", "http://example.org", "{=1}", "@x", "<f>1</f> & \"a\""];
        for title in titles {
            app.ticket(&ana, title).await;
        }
        let file = export(&ana, "xlsx", &[("sort", "created_at")]).await;
        assert_eq!(rows(&file).iter().map(|row| row[1].to_string()).collect::<Vec<_>>(), titles);
        let sheet = part(&file, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("<f ") && !sheet.contains("hyperlink"), "{sheet}");
    }

    async fn the_names_stay_in_sight_and_filter(app: TestApp) {
        let ana = app.user().await;
        for n in 0..3 {
            app.ticket(&ana, &format!("Aviso {n}")).await;
        }
        let file = export(&ana, "xlsx", &[]).await;
        let sheet = part(&file, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<pane ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{sheet}");
        assert!(sheet.contains("<autoFilter ref=\"A1:J4\""), "{sheet}");
        let book = part(&file, "xl/workbook.xml");
        assert!(book.contains("Print_Titles"), "{book}");
        // An empty list has names too, and its filter.
        let empty = export(&ana, "xlsx", &[("status", "closed")]).await;
        assert!(ids(&empty).is_empty());
        assert!(part(&empty, "xl/worksheets/sheet1.xml").contains("<autoFilter ref=\"A1:J1\""));
    }

    settings(|config| config.public_url = Some("https://desk.example/help/".parse().unwrap()))
    async fn a_number_leads_to_its_ticket(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Uno").await;
        let file = export(&ana, "xlsx", &[]).await;
        assert_eq!(ids(&file), [ticket]);
        let links = part(&file, "xl/worksheets/_rels/sheet1.xml.rels");
        assert!(links.contains(&format!("https://desk.example/help/tickets/{ticket}")), "{links}");
    }

    async fn it_speaks_the_language_asked_for(app: TestApp) {
        let ana = app.user().await;
        app.ticket_like(&ana, json!({ "title": "Uno", "priority": "high" })).await;
        let row = rows(&export(&ana, "xlsx", &[("locale", "en")]).await).remove(0);
        assert_eq!(row[2..4], [Data::String("Open".to_owned()), Data::String("High".to_owned())]);
        assert!(everything(&export(&ana, "xlsx", &[("locale", "en")]).await).contains("Requester"));
    }
}

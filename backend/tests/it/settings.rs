//! `/settings` and `/about`: what the desk calls itself, how it looks, what technicians see, what it runs on.

use std::{io::Cursor, time::Duration};

use backend::settings::service::brand;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use serde_json::{Value, json};
use shared::permissions::TechnicianScope;

use crate::support::{Client, Kind, Reply, TestApp, until};

/// The boundary of the forms sent here.
const BOUNDARY: &str = "----turno-test";

/// A picture of one colour.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let red = RgbImage::from_pixel(width, height, Rgb([200, 0, 0]));
    DynamicImage::from(red).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A form with one field.
pub fn form(field: &str, name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// Sends one as a picture of the desk.
pub async fn send_to(person: &Client, path: &str, form: Vec<u8>) -> Reply {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    person.request(Method::PUT, path).header("Content-Type", kind).body(form).send().await
}

async fn send(person: &Client, form: Vec<u8>) -> Reply {
    send_to(person, "/settings/logo", form).await
}

/// Sends a logo.
async fn set_logo(person: &Client, content: &[u8]) -> Reply {
    send(person, form("file", "logo.png", content)).await
}

/// A picture of the desk, as anybody gets it, and its tag.
pub async fn read_picture(app: &TestApp, path: &str) -> (RgbImage, String) {
    let reply = reqwest::get(format!("{}{path}", app.origin)).await.unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.headers()["content-type"], "image/png");
    assert_eq!(reply.headers()["x-content-type-options"], "nosniff");
    let tag = reply.headers()["etag"].to_str().unwrap().to_owned();
    let bytes = reply.bytes().await.unwrap();
    (image::load_from_memory(&bytes).unwrap().to_rgb8(), tag)
}

on_each_database! {
    async fn a_new_desk_has_settings(app: TestApp) {
        let admin = app.admin().await;
        let settings = admin.get("/settings").await.expect(200);
        assert_eq!(settings.json, json!({
            "name": "Turno",
            "primary_colour": "#0b6e66",
            "technician_scope": "queue",
            "technician_scope_chosen": false,
            "technician_scope_default": "queue",
            "logo_url": null,
            "favicon_url": null,
            "favicon_chosen": false,
            "version": 1,
            "updated_at": null,
        }));
        let public = app.anonymous().get("/settings/public").await.expect(200);
        assert_eq!(public.json, json!({
            "name": "Turno", "primary_colour": "#0b6e66", "logo_url": null, "favicon_url": null, "default_locale": "es",
        }));
        let sheet = app.anonymous().get("/settings/theme.css").await.expect(200);
        assert_eq!((sheet.text.as_str(), sheet.header("content-type")), ("", Some("text/css; charset=utf-8")));
    }

    async fn an_installed_page_carries_the_name_and_the_colour_of_the_desk(app: TestApp) {
        let admin = app.admin().await;
        let change = json!({ "version": 1, "name": "Ayuda de la Facultad", "primary_colour": "#3454d1" });
        admin.patch("/settings", change).await.expect(200);
        let address = format!("{}/manifest.webmanifest", app.origin);
        let reply = reqwest::get(&address).await.unwrap();
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.headers()["content-type"], "application/manifest+json");
        assert_eq!(reply.headers()["cache-control"], "no-cache");
        let tag = reply.headers()["etag"].clone();
        let manifest: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
        assert_eq!(manifest["name"], "Ayuda de la Facultad");
        assert_eq!(manifest["short_name"], "Ayuda de la");
        assert_eq!(manifest["theme_color"], "#3454d1");
        assert_eq!(manifest["lang"], "es");
        assert_eq!(manifest["icons"].as_array().map(Vec::len), Some(3));

        let again = reqwest::Client::new().get(&address).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), 304);
        let other = json!({ "version": 2, "name": "Turno" });
        admin.patch("/settings", other).await.expect(200);
        let changed = reqwest::Client::new().get(&address).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(changed.status(), 200);
    }

    async fn the_administrator_changes_them_and_anybody_sees_it(app: TestApp) {
        let admin = app.admin().await;
        let change = json!({ "version": 1, "name": " Ayuda · Ñandú ", "primary_colour": "#3454D1" });
        let changed = admin.patch("/settings", change).await.expect(200);
        assert_eq!((&changed["name"], &changed["primary_colour"]), (&"Ayuda · Ñandú".into(), &"#3454d1".into()));
        assert_eq!(changed["version"], 2);
        assert!(changed["updated_at"].is_string());
        assert_eq!(admin.get("/settings").await.expect(200).json, changed.json);
        let public = app.anonymous().get("/settings/public").await.expect(200);
        assert_eq!((&public["name"], &public["primary_colour"]), (&"Ayuda · Ñandú".into(), &"#3454d1".into()));
        let sheet = app.anonymous().get("/settings/theme.css").await.expect(200);
        assert!(sheet.text.contains("--t-accent: #3454d1;"), "{}", sheet.text);
        let known = sheet.header("etag").unwrap().to_owned();
        let again = app.anonymous().request(Method::GET, "/settings/theme.css").header("If-None-Match", &known);
        assert_eq!(again.send().await.expect(304).text, "");

        let told = admin.get("/audit").await.expect(200);
        let told = told.items();
        assert_eq!((told.len(), &told[0]["kind"]), (1, &"settings_updated".into()));
        assert_eq!(told[0]["changes"], json!([
            { "field": "name", "from": "Turno", "to": "Ayuda · Ñandú" },
            { "field": "primary_colour", "from": "#0b6e66", "to": "#3454d1" },
        ]));
        // The same again is no change.
        let same = json!({ "version": 2, "name": "Ayuda · Ñandú", "primary_colour": "#3454d1" });
        assert_eq!(admin.patch("/settings", same).await.expect(200)["version"], 2);
        assert_eq!(admin.get("/audit").await.expect(200).items().len(), 1);
        let brand = brand(&mut app.state.db.read().await.unwrap()).await.unwrap();
        assert_eq!((brand.name.as_str(), brand.colour.as_str(), brand.logo), ("Ayuda · Ñandú", "#3454d1", None));
    }

    async fn a_setting_keeps_its_rules(app: TestApp) {
        let admin = app.admin().await;
        let before = app.stored().await;
        for (field, value, code) in [
            ("name", " ".to_owned(), "required"),
            ("name", "\u{200b}".to_owned(), "required"),
            ("name", "x".repeat(61), "too_long"),
            ("name", "a\nb".to_owned(), "invalid_characters"),
            ("name", "\u{202e}krose".to_owned(), "invalid_characters"),
            ("primary_colour", "blue".to_owned(), "invalid_colour"),
            ("primary_colour", "#12345".to_owned(), "invalid_colour"),
            ("primary_colour", "#1234567".to_owned(), "invalid_colour"),
            ("primary_colour", "#12345g".to_owned(), "invalid_colour"),
            ("primary_colour", "#000;}*{".to_owned(), "invalid_colour"),
            ("primary_colour", "#ffcc00".to_owned(), "low_contrast"),
            ("primary_colour", "#ffffff".to_owned(), "low_contrast"),
        ] {
            admin.patch("/settings", json!({ "version": 1, field: value })).await.refuses(field, code);
        }
        for body in [
            json!({ "version": 1, "technician_scope": "some" }),
            json!({ "version": 1, "nothing": 1 }),
            json!({ "version": "1" }),
        ] {
            admin.patch("/settings", body).await.expect(400).problem("malformed_body");
        }
        assert_eq!(app.stored().await, before);
        assert_eq!(admin.get("/settings").await.expect(200)["version"], 1);
        admin.patch("/settings", json!({ "version": 1, "name": "ñ".repeat(60), "primary_colour": "#767676" })).await.expect(200);
    }

    async fn who_was_slower_is_told_what_it_is_now(app: TestApp) {
        let (one, other) = (app.admin().await, app.admin().await);
        one.patch("/settings", json!({ "version": 1, "name": "Uno" })).await.expect(200);
        let refused =
            other.patch("/settings", json!({ "version": 1, "name": "Dos" })).await.expect(409).problem("version_conflict");
        assert_eq!((&refused["current"]["name"], &refused["current"]["version"]), (&"Uno".into(), &2.into()));
        other.patch("/settings", json!({ "version": 2, "name": "Dos" })).await.expect(200);
        // Ten at once: one of them.
        let tries = (0..10).map(|n| {
            let one = one.clone();
            async move { one.patch("/settings", json!({ "version": 3, "name": format!("N{n}") })).await.status }
        });
        let mut answers = futures_util::future::join_all(tries).await;
        answers.sort_unstable();
        assert_eq!(answers, [[200].as_slice(), &[409; 9]].concat());
        assert_eq!(one.get("/settings").await.expect(200)["version"], 4);
    }

    async fn a_change_without_a_version_is_made_to_whatever_is_there(app: TestApp) {
        let admin = app.admin().await;
        admin.patch("/settings", json!({ "version": 1, "name": "Uno" })).await.expect(200);
        let changed = admin.patch("/settings", json!({ "primary_colour": "#3454d1" })).await.expect(200);
        assert_eq!((&changed["name"], &changed["primary_colour"]), (&"Uno".into(), &"#3454d1".into()));
        assert_eq!(changed["version"], 3);
        let other = admin.patch("/settings", json!({ "version": null, "name": "Otra" })).await.expect(200);
        assert_eq!((&other["name"], &other["version"]), (&"Otra".into(), &4.into()));
        admin.patch("/settings", json!({ "version": 3, "name": "Tarde" })).await.expect(409).problem("version_conflict");
    }

    async fn what_technicians_see_changes_at_once(app: TestApp) {
        let (ana, tech, other, admin) =
            (app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let (waiting, given) = (app.ticket(&ana, "Libre").await, app.ticket(&ana, "De otro").await);
        app.give(given, &other).await;
        let sees = async || {
            let list = tech.get("/tickets?sort=created_at").await.expect(200).ids();
            for ticket in [waiting, given] {
                let expected = if list.contains(&ticket) { 200 } else { 404 };
                tech.get(&format!("/tickets/{ticket}")).await.expect(expected);
            }
            list
        };
        assert_eq!(sees().await, [waiting]);
        let choose = async |version: i64, scope: Value| {
            admin.patch("/settings", json!({ "version": version, "technician_scope": scope })).await.expect(200)
        };
        assert_eq!(choose(1, "all".into()).await["technician_scope"], "all");
        assert_eq!(sees().await, [waiting, given]);
        assert_eq!(choose(2, "assigned".into()).await["technician_scope_chosen"], true);
        assert_eq!(sees().await, [0; 0]);
        // Back to what the server was started with.
        let reset = choose(3, Value::Null).await;
        assert_eq!((&reset["technician_scope"], &reset["technician_scope_chosen"]), (&"queue".into(), &false.into()));
        assert_eq!(sees().await, [waiting]);
        let told = admin.list("/audit", &[("action", "settings_updated")]).await.expect(200);
        assert_eq!(told.items()[1]["changes"], json!([{ "field": "technician_scope", "from": "all", "to": "assigned" }]));
    }

    settings(|config| config.technician_scope = TechnicianScope::All)
    async fn what_the_server_was_started_with_holds_until_something_is_chosen(app: TestApp) {
        let (ana, tech, other, admin) =
            (app.user().await, app.technician().await, app.technician().await, app.admin().await);
        let given = app.ticket(&ana, "De otro").await;
        app.give(given, &other).await;
        tech.get(&format!("/tickets/{given}")).await.expect(200);
        let settings = admin.get("/settings").await.expect(200);
        assert_eq!((&settings["technician_scope"], &settings["technician_scope_default"]), (&"all".into(), &"all".into()));
        // Saving something else chooses nothing.
        admin.patch("/settings", json!({ "version": 1, "name": "Ayuda" })).await.expect(200);
        tech.get(&format!("/tickets/{given}")).await.expect(200);
        admin.patch("/settings", json!({ "version": 2, "technician_scope": "queue" })).await.expect(200);
        tech.get(&format!("/tickets/{given}")).await.expect(404);
    }

    async fn a_second_process_follows_within_seconds(app: TestApp) {
        let admin = app.admin().await;
        let other = TestApp::start(&app.database, &[]).await;
        admin.patch("/settings", json!({ "version": 1, "name": "Ayuda", "primary_colour": "#3454d1" })).await.expect(200);
        until("the other process knows", Duration::from_secs(10), async || {
            other.anonymous().get("/settings/public").await.expect(200)["name"] == "Ayuda"
        })
        .await;
        other.stopper().stop(false).await;
    }

    async fn the_logo_is_for_anybody_to_see(app: TestApp) {
        let admin = app.admin().await;
        app.anonymous().get("/settings/logo").await.expect(404).problem("not_found");
        for (format, size, shown) in [
            (ImageFormat::Png, (30, 20), (30, 20)),
            (ImageFormat::Jpeg, (1280, 240), (640, 120)),
            (ImageFormat::WebP, (100, 480), (50, 240)),
            (ImageFormat::Gif, (10, 10), (10, 10)),
        ] {
            let settings = set_logo(&admin, &picture(size.0, size.1, format)).await.expect(200);
            let url = settings["logo_url"].as_str().unwrap().to_owned();
            let (read, tag) = read_picture(&app, &url).await;
            assert_eq!((read.width(), read.height()), shown, "{format:?}");
            assert!(read.get_pixel(0, 0).0[0] > 180 && read.get_pixel(0, 0).0[1] < 30, "{format:?}");
            let (small, _) = read_picture(&app, settings["favicon_url"].as_str().unwrap()).await;
            assert_eq!((small.width(), small.height()), (64, 64));
            // Kept for good under its own address; elsewhere it is asked for again, and not sent again.
            let path = url.strip_prefix("/api/v1").unwrap();
            let own = app.anonymous().get(path).await.expect(200);
            assert!(own.header("cache-control").unwrap().contains("immutable"));
            let known = app.anonymous().request(Method::GET, "/settings/logo").header("If-None-Match", &tag).send().await;
            assert_eq!(known.expect(304).header("cache-control"), Some("no-cache"));
            assert_eq!(app.anonymous().get("/settings/public").await.expect(200)["logo_url"], url.as_str());
        }
        let brand = brand(&mut app.state.db.read().await.unwrap()).await.unwrap();
        assert!(brand.logo.unwrap().starts_with(b"\x89PNG"));

        admin.delete("/settings/logo").await.expect(204);
        app.anonymous().get("/settings/logo").await.expect(404).problem("not_found");
        app.anonymous().get("/settings/favicon").await.expect(404).problem("not_found");
        assert_eq!(admin.get("/settings").await.expect(200)["logo_url"], Value::Null);
        admin.delete("/settings/logo").await.expect(204);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM settings_pictures").await, 0);
        let told = admin.list("/audit", &[("action", "settings_updated")]).await.expect(200);
        assert_eq!(told.items().len(), 5);
        assert_eq!((&told.items()[0]["changes"][0]["field"], &told.items()[0]["changes"][0]["to"]), (&"logo".into(), &Value::Null));
    }

    async fn what_is_no_logo_is_refused(app: TestApp) {
        let admin = app.admin().await;
        let before = app.stored().await;
        let script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        for content in [script.as_slice(), b"MZ\x90\0\x03", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n and no more", b"GIF89a"] {
            set_logo(&admin, content).await.refuses("file", "not_a_picture");
        }
        // A few bytes that claim twenty thousand pixels each way.
        let mut bomb = picture(1, 1, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
        let sum = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        set_logo(&admin, &bomb).await.refuses("file", "picture_too_large");
        // A byte too many, and so many that nobody reads them.
        for size in [1024 * 1024 + 1, 2 * 1024 * 1024] {
            let refused = set_logo(&admin, &vec![0; size]).await.expect(413).problem("too_large");
            assert_eq!(refused["fields"], json!({ "file": ["file_too_large"] }));
            assert_eq!(refused["detail"], "The file is larger than 1 MB.");
        }
        set_logo(&admin, b"").await.refuses("file", "required");
        send(&admin, form("other", "x.png", &picture(1, 1, ImageFormat::Png))).await.refuses("file", "required");
        let whole = form("file", "x.png", &picture(1, 1, ImageFormat::Png));
        send(&admin, whole[..whole.len() - 30].to_vec()).await.expect(400).problem("malformed_body");
        send(&admin, b"rubbish".to_vec()).await.expect(400).problem("malformed_body");
        admin.put("/settings/logo", json!({ "file": "x" })).await.expect(415).problem("unsupported_media_type");
        // The name of a file is nobody's business.
        let odd = form("file", "../../\u{202e}gnp.exe", &picture(3, 3, ImageFormat::Png));
        assert_eq!(app.stored().await, before);
        assert_eq!(admin.get("/settings").await.expect(200)["version"], 1);
        send(&admin, odd).await.expect(200);

        let without_token = Client { csrf: None, ..admin.clone() };
        set_logo(&without_token, &picture(1, 1, ImageFormat::Png)).await.expect(403).problem("csrf_rejected");
        let tech = app.technician().await;
        set_logo(&tech, &picture(1, 1, ImageFormat::Png)).await.expect(403).problem("forbidden");
    }

    async fn the_administrator_learns_what_the_desk_runs_on(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        app.ticket(&ana, "Ratón").await;
        let about = admin.get("/about").await.expect(200);
        assert_eq!(about["version"], env!("CARGO_PKG_VERSION"));
        let kind = about["database"]["kind"].as_str().unwrap();
        match app.database.kind {
            Kind::Sqlite => assert_eq!(kind, "sqlite"),
            Kind::Postgres => assert_eq!(kind, "postgres"),
            Kind::Mysql => assert!(["mysql", "mariadb"].contains(&kind), "{kind}"),
        }
        assert!(about["database"]["version"].as_str().unwrap().starts_with(|c: char| c.is_ascii_digit()));
        assert!(about["database"]["bytes"].as_i64().unwrap() > 10_000);
        assert!(about["database"]["schema_version"].as_str().unwrap() >= "20261125030000");
        assert_eq!((&about["tickets"], &about["people"], &about["audit_entries"]), (&1.into(), &2.into(), &1.into()));
        assert!(about["started_at"].is_string());
    }

    async fn the_administrator_learns_where_files_are_and_how_mail_stands(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        let about = admin.get("/about").await.expect(200);
        let place = app.storage().join("files").display().to_string();
        assert_eq!(
            about["storage"],
            json!({ "kind": "folder", "place": place, "files": 0, "bytes": 0, "reachable": true })
        );
        assert_eq!(about["mail"], json!({ "configured": false, "queued": 0, "failed": 0 }));

        let ticket = app.ticket(&ana, "Ratón").await;
        let file = b"Se enciende y se apaga.";
        for _ in 0..2 {
            ana.attach(ticket, &[("nota.txt", file)]).await.expect(201);
        }
        admin.post("/mails", json!({})).await.expect(201);
        app.sql("UPDATE mails SET state = 2").await;
        admin.post("/mails", json!({})).await.expect(201);
        let about = admin.get("/about").await.expect(200);
        // The same file twice is kept once.
        assert_eq!((&about["storage"]["files"], &about["storage"]["bytes"]), (&1.into(), &file.len().into()));
        assert_eq!(about["mail"], json!({ "configured": false, "queued": 1, "failed": 1 }));

        std::fs::remove_dir_all(app.storage().join("files")).unwrap();
        assert_eq!(admin.get("/about").await.expect(200)["storage"]["reachable"], false);
    }
}

/// The sum a PNG chunk ends with (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

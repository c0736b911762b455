//! `/settings/favicon`: what browsers show beside the page's name, made of the logo or chosen.

use image::ImageFormat::{Jpeg, Png};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    settings::{form, picture, read_picture, send_to},
    support::{Client, Reply, TestApp},
};

/// Sends a favicon.
async fn set_favicon(person: &Client, content: &[u8]) -> Reply {
    send_to(person, "/settings/favicon", form("file", "icon.png", content)).await
}

/// Sends a logo that leaves most of a square empty.
async fn set_wide_logo(person: &Client) -> Reply {
    send_to(person, "/settings/logo", form("file", "logo.jpg", &picture(1280, 240, Jpeg))).await
}

/// Whether the picture that browsers show reaches into the corner of its square, and its tag.
async fn corner(app: &TestApp, url: &Value) -> (bool, String) {
    let (read, tag) = read_picture(app, url.as_str().unwrap()).await;
    assert_eq!((read.width(), read.height()), (64, 64));
    (read.get_pixel(0, 0).0[0] > 180, tag)
}

on_each_database! {
    async fn one_of_its_own_takes_the_place_of_the_logos(app: TestApp) {
        let admin = app.admin().await;
        let logo = set_wide_logo(&admin).await.expect(200);
        assert_eq!(logo["favicon_chosen"], false);
        assert!(!corner(&app, &logo["favicon_url"]).await.0);

        let own = set_favicon(&admin, &picture(300, 300, Png)).await.expect(200);
        assert_eq!((&own["favicon_chosen"], &own["logo_url"]), (&true.into(), &logo["logo_url"]));
        assert_ne!(own["favicon_url"], logo["favicon_url"]);
        assert_eq!(own["version"], 3);
        let (whole, tag) = corner(&app, &own["favicon_url"]).await;
        assert!(whole);
        assert_eq!(app.anonymous().get("/settings/public").await.expect(200)["favicon_url"], own["favicon_url"]);
        // Kept for good under its own address; elsewhere it is asked for again, and not sent again.
        let path = own["favicon_url"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
        let lasting = app.anonymous().get(path).await.expect(200);
        assert!(lasting.header("cache-control").unwrap().contains("immutable"));
        let known = app.anonymous().request(Method::GET, "/settings/favicon").header("If-None-Match", &tag).send().await;
        assert_eq!(known.expect(304).header("cache-control"), Some("no-cache"));
        // The same again is no change.
        assert_eq!(set_favicon(&admin, &picture(300, 300, Png)).await.expect(200)["version"], 3);

        admin.delete("/settings/favicon").await.expect(204);
        let without = admin.get("/settings").await.expect(200);
        assert_eq!((&without["favicon_chosen"], &without["favicon_url"]), (&false.into(), &logo["favicon_url"]));
        assert!(!corner(&app, &without["favicon_url"]).await.0);
        admin.delete("/settings/favicon").await.expect(204);

        let told = admin.list("/audit", &[("action", "settings_updated")]).await.expect(200);
        let changes = told.items().iter().map(|entry| &entry["changes"][0]);
        let changes: Vec<(&Value, bool)> = changes.map(|change| (&change["field"], change["to"].is_null())).collect();
        assert_eq!(changes, [(&json!("favicon"), true), (&json!("favicon"), false), (&json!("logo"), false)]);
    }

    async fn it_needs_no_logo_and_outlives_it(app: TestApp) {
        let admin = app.admin().await;
        let own = set_favicon(&admin, &picture(32, 32, Png)).await.expect(200);
        assert_eq!((&own["logo_url"], &own["favicon_chosen"]), (&Value::Null, &true.into()));
        app.anonymous().get("/settings/logo").await.expect(404).problem("not_found");
        let both = set_wide_logo(&admin).await.expect(200);
        assert_eq!(both["favicon_url"], own["favicon_url"]);
        admin.delete("/settings/logo").await.expect(204);
        assert!(corner(&app, &own["favicon_url"]).await.0);
        admin.delete("/settings/favicon").await.expect(204);
        app.anonymous().get("/settings/favicon").await.expect(404).problem("not_found");
        assert_eq!(admin.get("/settings").await.expect(200)["favicon_url"], Value::Null);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM settings_pictures").await, 0);
    }

    async fn it_keeps_the_rules_of_the_logo(app: TestApp) {
        let admin = app.admin().await;
        let before = app.stored().await;
        for content in [b"<svg xmlns='http://www.w3.org/2000/svg'></svg>".as_slice(), b"\x89PNG\r\n\x1a\n and no more"] {
            set_favicon(&admin, content).await.refuses("file", "not_a_picture");
        }
        set_favicon(&admin, b"").await.refuses("file", "required");
        let without_token = Client { csrf: None, ..admin.clone() };
        set_favicon(&without_token, &picture(1, 1, Png)).await.expect(403).problem("csrf_rejected");
        assert_eq!(app.stored().await, before);
        let tech = app.technician().await;
        set_favicon(&tech, &picture(1, 1, Png)).await.expect(403).problem("forbidden");
    }
}

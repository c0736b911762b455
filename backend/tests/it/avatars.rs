//! `/me/avatar` and `/users/{id}/avatar`: people's pictures.

use backend::images::turns::PLACES;
use futures_util::future::join_all;
use image::{GenericImageView, ImageFormat};
use reqwest::Method;
use serde_json::Value;

use crate::support::{Client, Reply, deep_png, picture, png, progressive_jpeg};

async fn send(person: &Client, name: &str, content: impl Into<Vec<u8>>) -> Reply {
    person.request(Method::PUT, "/me/avatar").file(name, content).send().await
}

/// A PNG of a few bytes that claims a size.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(1, 1);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = !bytes[12..29].iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    });
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn path(reply: &Value) -> String {
    let url = reply["avatar_url"].as_str().expect("a picture");
    url.strip_prefix("/api/v1").unwrap().to_owned()
}

on_each_database! {
    async fn a_person_sets_replaces_and_removes_their_picture(app: TestApp) {
        let (ana, admin) = (app.user().await, app.admin().await);
        assert_eq!(ana.get("/me").await.expect(200)["avatar_url"], Value::Null);
        let me = send(&ana, "yo.png", png(600, 200)).await.expect(200);
        let first = path(&me.json);
        assert!(first.starts_with(&format!("/users/{}/avatar?v=", ana.id)), "{first}");
        // Anyone who is logged in sees it, square and small.
        let shown = admin.get(&first).await.expect(200);
        assert_eq!(shown.header("content-type"), Some("image/jpeg"));
        let read = image::load_from_memory(&shown.bytes).unwrap();
        assert_eq!((read.width(), read.height()), (256, 256));
        for (x, y) in [(4, 4), (128, 128), (250, 250)] {
            let colour = read.get_pixel(x, y).0;
            assert!(colour[1] > 150 && colour[0] < 60, "the margins were not cut off: {colour:?}");
        }
        let second = path(&send(&ana, "otra.jpg", picture(40, 40, ImageFormat::Jpeg)).await.expect(200).json);
        assert_ne!(first, second, "a browser that keeps the first would not see the second");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM avatars").await, 1);
        assert_eq!(admin.get(&format!("/users/{}", ana.id)).await["avatar_url"], format!("/api/v1{second}"));

        ana.delete("/me/avatar").await.expect(204);
        assert_eq!(ana.get("/me").await["avatar_url"], Value::Null);
        admin.get(&second).await.expect(404).problem("not_found");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM avatars").await, 0);
        let before = app.stored().await;
        ana.delete("/me/avatar").await.expect(204);
        assert_eq!(app.stored().await, before, "nothing was there, and yet something was noted");
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'user_updated'").await, 3);
    }

    settings(|config| config.workers = 2)
    async fn eight_pictures_at_once_are_one_after_the_other(app: TestApp) {
        let ana = app.user().await;
        let sent = join_all((0..8).map(|n| send(&ana, "yo.png", png(10 + n, 10)))).await;
        sent.into_iter().for_each(|reply| drop(reply.expect(200)));
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM avatars").await, 1);
        let (set, told) = ("SELECT set_at AS n FROM avatars", "SELECT avatar_at AS n FROM users WHERE avatar_at IS NOT NULL");
        assert_eq!(app.number(set).await, app.number(told).await, "the address is of another picture");
        join_all((0..4).map(|_| ana.delete("/me/avatar"))).await.into_iter().for_each(|reply| drop(reply.expect(204)));
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'user_updated'").await, 9);
    }

    async fn every_kind_of_picture_is_read(app: TestApp) {
        let ana = app.user().await;
        for (name, format) in [
            ("a.png", ImageFormat::Png), ("a.jpg", ImageFormat::Jpeg), ("a.gif", ImageFormat::Gif), ("a.webp", ImageFormat::WebP),
        ] {
            send(&ana, name, picture(30, 20, format)).await.expect(200);
        }
        // The content counts, not the name.
        send(&ana, "a.txt", png(3, 3)).await.expect(200);
    }

    async fn what_is_no_picture_is_refused(app: TestApp) {
        let ana = app.user().await;
        let before = app.stored().await;
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        for (name, content) in [
            ("a.svg", svg.as_bytes().to_vec()),
            ("a.png", svg.as_bytes().to_vec()),
            ("a.png", b"MZ\x90\x00\x03\x00\x00\x00".to_vec()),
            ("a.jpg", b"\xff\xd8\xff".to_vec()),
            ("a.png", png(30, 30)[..60].to_vec()),
            ("a.zip", b"PK\x03\x04".to_vec()),
        ] {
            send(&ana, name, content).await.refuses("file", "not_a_picture");
        }
        send(&ana, "bomb.png", claiming(20_000, 20_000)).await.refuses("file", "picture_too_large");
        send(&ana, "bomb.png", claiming(8_000, 8_000)).await.refuses("file", "picture_too_large");
        send(&ana, "a.png", "").await.refuses("file", "required");
        assert_eq!(app.stored().await, before);
    }

    async fn a_picture_of_any_shape_becomes_a_square(app: TestApp) {
        let ana = app.user().await;
        for (width, height) in [(16_384, 1), (1, 16_384), (600, 3), (1, 1)] {
            let me = send(&ana, "linea.png", png(width, height)).await.expect(200);
            let shown = ana.get(&path(&me.json)).await.expect(200);
            let read = image::load_from_memory(&shown.bytes).unwrap();
            assert_eq!((read.width(), read.height()), (256, 256), "{width} × {height}");
        }
        let me = send(&ana, "gradual.jpg", progressive_jpeg(300, 200)).await.expect(200);
        ana.get(&path(&me.json)).await.expect(200);
        for (name, large) in [("profunda.png", deep_png(8_001, 8_000)), ("gradual.jpg", progressive_jpeg(7000, 7000))] {
            send(&ana, name, large).await.refuses("file", "picture_too_large");
        }
    }

    async fn who_finds_no_room_is_told_to_come_back(app: TestApp) {
        let ana = app.user().await;
        let rooms: Vec<_> = (0..PLACES).map(|_| app.state.pictures.take().unwrap()).collect();
        let reply = send(&ana, "a.png", png(9, 9)).await.expect(503).problem("unavailable");
        assert!(reply.header("retry-after").is_some());
        drop(rooms);
        send(&ana, "a.png", png(9, 9)).await.expect(200);
        app.state.pictures.take().unwrap();
    }

    async fn what_is_no_file_is_refused(app: TestApp) {
        let ana = app.user().await;
        let before = app.stored().await;
        let put = || ana.request(Method::PUT, "/me/avatar");
        put().json(&serde_json::json!({ "file": "x" })).send().await.expect(415).problem("unsupported_media_type");
        put().send().await.expect(415).problem("unsupported_media_type");
        put().header("Content-Type", "multipart/form-data").body("x").send().await.expect(400).problem("malformed_body");
        let broken = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx";
        let kind = "multipart/form-data; boundary=b";
        put().header("Content-Type", kind).body(broken).send().await.expect(400).problem("malformed_body");
        let other = "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n";
        put().header("Content-Type", kind).body(other).send().await.refuses("file", "required");
        send(&ana, "large.png", vec![0; 5 * 1024 * 1024 + 1]).await.expect(413).problem("too_large");
        app.anonymous().request(Method::PUT, "/me/avatar").file("a.png", png(3, 3)).send().await.expect(401);
        assert_eq!(app.stored().await, before);
    }

    async fn a_browser_asks_for_a_picture_once(app: TestApp) {
        let ana = app.user().await;
        let url = path(&send(&ana, "yo.png", png(9, 9)).await.expect(200).json);
        let first = ana.get(&url).await.expect(200);
        assert_eq!(first.header("cache-control"), Some("private, max-age=31536000, immutable"));
        assert_eq!(first.header("x-content-type-options"), Some("nosniff"));
        let tag = first.header("etag").unwrap().to_owned();
        let bare = url.split('?').next().unwrap();
        for other in [bare.to_owned(), format!("{bare}?v=1")] {
            assert_eq!(ana.get(&other).await.expect(200).header("cache-control"), Some("private, no-cache"));
        }
        let again = ana.request(Method::GET, bare).header("If-None-Match", &tag).send().await.expect(304);
        assert!(again.bytes.is_empty());
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        ana.request(Method::GET, bare).header("If-None-Match", "\"1\", W/\"2\"").send().await.expect(200);
        ana.get(&format!("{bare}?v=x")).await.expect(400).problem("malformed_parameter");
        ana.get("/users/999999/avatar").await.expect(404);
        ana.get("/users/x/avatar").await.expect(404);
    }

    /// The page fetches pictures by itself: that must not keep a session alive.
    async fn a_picture_does_not_extend_the_session(app: TestApp) {
        let ana = app.user().await;
        let url = path(&send(&ana, "yo.png", png(9, 9)).await.expect(200).json);
        app.let_pass(ana.session, std::time::Duration::from_secs(100)).await;
        let end = ana.get("/session").await.expect(200)["expires_at"].clone();
        ana.get(&url).await.expect(200);
        assert_eq!(ana.get("/session").await.expect(200)["expires_at"], end);
    }

    async fn a_picture_goes_with_its_person_wherever_they_are_shown(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let hers = format!("/api/v1{}", path(&send(&ana, "a.png", png(9, 9)).await.expect(200).json));
        let his = format!("/api/v1{}", path(&send(&tech, "t.png", png(9, 9)).await.expect(200).json));
        let made = app.ticket_like(&ana, serde_json::json!({ "title": "Ratón" })).await;
        assert_eq!(made["requester"]["avatar_url"], hers);
        let ticket = made.id();
        let given = tech.post(&format!("/tickets/{ticket}/assign"), serde_json::json!({ "assignee_id": tech.id })).await.expect(200);
        assert_eq!((&given["requester"]["avatar_url"], &given["assignee"]["avatar_url"]), (&hers.clone().into(), &his.clone().into()));
        let list = tech.get("/tickets").await.expect(200);
        assert_eq!((&list.items()[0]["requester"]["avatar_url"], &list.items()[0]["assignee"]["avatar_url"]), (&hers.clone().into(), &his.clone().into()));
        let comment = tech.post(&format!("/tickets/{ticket}/comments"), serde_json::json!({ "body": "Voy" })).await.expect(201);
        assert_eq!(comment["author"]["avatar_url"], his);
        let comments = ana.get(&format!("/tickets/{ticket}/comments")).await.expect(200);
        assert_eq!(comments.items()[0]["author"]["avatar_url"], his);
        let history = ana.get(&format!("/tickets/{ticket}/history")).await.expect(200);
        assert_eq!(history.items()[0]["actor"]["avatar_url"], hers);
    }
}

//! Pictures of every size: small ones of those that can be made, and none of the others.

use reqwest::Method;

use super::samples;
use crate::support::{Reply, TestApp, deep_png, progressive_jpeg};

/// The size of the small picture of an attachment.
async fn small(app: &TestApp, person: &crate::support::Client, attached: &Reply) -> (u32, u32) {
    let url = attached["thumbnail_url"].as_str().expect("a small picture").to_owned();
    assert!(url.starts_with("/api/v1"), "{url} at {}", app.origin);
    let reply = person.request_at(Method::GET, &url).send().await.expect(200);
    let picture = image::load_from_memory(&reply.bytes).unwrap();
    (picture.width(), picture.height())
}

on_each_database! {
    async fn a_picture_that_is_too_large_is_attached_all_the_same(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        for (name, bytes) in [("profunda.png", deep_png(8_001, 8_000)), ("gradual.jpg", progressive_jpeg(7000, 7000))] {
            let reply = ana.attach(ticket, &[(name, &bytes)]).await.expect(201);
            assert!(reply["thumbnail_url"].is_null(), "{name}");
            assert_eq!(ana.get(&format!("/attachments/{}", reply.id())).await.expect(200).bytes, bytes);
        }
        // They are what they seem to be: smaller ones are read, of which one takes more than is held at once.
        let pictures = [
            ("profunda.png", deep_png(700, 500)),
            ("grande.png", deep_png(4_200, 3_000)),
            ("gradual.jpg", progressive_jpeg(700, 500)),
        ];
        for (name, bytes) in pictures {
            let reply = ana.attach(ticket, &[(name, &bytes)]).await.expect(201);
            assert_eq!(small(&app, &ana, &reply).await, (320, 229), "{name}");
        }
    }

    async fn a_picture_of_one_line_is_made_small(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        for (wide, high, expected) in [(16_384, 1, (320, 1)), (1, 16_384, (1, 320))] {
            let reply = ana.attach(ticket, &[("linea.png", &samples::png(wide, high))]).await.expect(201);
            assert_eq!(small(&app, &ana, &reply).await, expected);
        }
    }
}

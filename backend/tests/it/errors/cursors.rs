//! Cursors: a page goes on where another one ended, in the list that one was of and in no other.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::json;

use super::bodies::Desk;
use crate::support::{Operation, document, operations};

/// Where every list of the document is that is read page by page, of the things of this desk.
fn paged(desk: &Desk) -> Vec<String> {
    let has_pages = |operation: &&Operation| {
        let told = &document()["paths"][&operation.path][operation.method.to_lowercase()];
        told["parameters"].as_array().into_iter().flatten().any(|parameter| parameter["name"] == "cursor")
    };
    let place = |operation: &Operation| {
        assert_eq!(operation.method, "GET", "{} is no list", operation.id);
        let path = desk.path(&operation.path.replace("/tickets/{id}", "/tickets/{t}").replace("{user_id}", "{u}"));
        assert!(!path.contains('{'), "{path} names something that is not on the desk");
        path
    };
    operations().iter().filter(has_pages).map(place).collect()
}

on_each_database! {
    async fn no_list_goes_on_where_another_one_ended(app: TestApp) {
        let desk = Desk::new(&app).await;
        app.ticket(&desk.admin, "Teclado").await;
        // In another order it is another list, of tickets too.
        let page = desk.admin.list("/tickets", &[("limit", "1"), ("sort", "created_at")]).await.expect(200);
        let other = page["next_cursor"].as_str().unwrap().to_owned();
        // Most go on after a number: that alone does not make it theirs.
        let nowhere = BASE64_URL_SAFE_NO_PAD.encode(json!(["AAAAAAAAAAAA", 1]).to_string());
        let paths = paged(&desk);
        assert!(paths.len() >= 13, "{paths:?}");
        for path in paths {
            desk.admin.request_at(Method::GET, &path).send().await.expect(200);
            for cursor in
                [other.as_str(), &nowhere, "", "rubbish", "bnVsbA", "W10", "%00", "a\0b", "ñ", &"A".repeat(3000)]
            {
                let asked = desk.admin.request_at(Method::GET, &path).query(&[("cursor", cursor)]);
                asked.send().await.expect(400).problem("invalid_cursor");
            }
        }
    }
}

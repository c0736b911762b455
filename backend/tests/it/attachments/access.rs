//! Who may see, attach and delete.

use std::fs;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::samples;
use crate::support::{Client, Form};

const MINUTE: i64 = 60 * 1_000_000;

/// What comes back for a path as it is written: reqwest resolves the dots in one before it asks.
async fn raw(person: &Client, path: &str) -> Vec<u8> {
    let mut socket = TcpStream::connect(person.origin.trim_start_matches("http://")).await.unwrap();
    let cookie = person.cookie.as_deref().unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: turno_session={cookie}\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    answer
}

fn holds(answer: &[u8], bytes: &[u8]) -> bool {
    answer.windows(bytes.len()).any(|window| window == bytes)
}

/// A path that climbs, and what it is written as to get past whoever looks for dots and slashes.
fn disguised(path: &str) -> [String; 7] {
    [
        path.to_owned(),
        path.replace("../", "..%2f"),
        path.replace("..", "%2e%2e"),
        path.replace("../", "%2E%2E%2F"),
        path.replace("..", "%252e%252e"),
        path.replace("../", "..\\"),
        path.replace("../", "....//"),
    ]
}

on_each_database! {
    async fn another_persons_file_is_not_there(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let (tech, other, watcher) = (app.technician().await, app.technician().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.give(ticket, &tech).await;
        app.invite(ticket, &watcher).await;
        let png = samples::png(20, 20);
        let id = ana.attach(ticket, &[("a.png", &png)]).await.expect(201).id();
        for path in [format!("/attachments/{id}"), format!("/attachments/{id}/thumbnail")] {
            for person in [&ana, &tech, &watcher] {
                person.get(&path).await.expect(200);
            }
            for person in [&luis, &other] {
                person.get(&path).await.expect(404).problem("not_found");
            }
            app.anonymous().get(&path).await.expect(401).problem("not_authenticated");
        }
        luis.delete(&format!("/attachments/{id}")).await.expect(404).problem("not_found");
        luis.attach(ticket, &[("b.png", &png)]).await.expect(404).problem("not_found");
        luis.get(&format!("/tickets/{ticket}/attachments")).await.expect(404).problem("not_found");
        // Not even by what is in it: not for its owner either.
        let hash: String = Sha256::digest(&png).iter().map(|byte| format!("{byte:02x}")).collect();
        for person in [&luis, &ana] {
            person.get(&format!("/attachments/{hash}")).await.expect(404).problem("not_found");
            person.get(&format!("/attachments/{hash}/thumbnail")).await.expect(404).problem("not_found");
        }
    }

    async fn no_path_leads_to_the_files_themselves(app: TestApp) {
        const KEY: &[u8] = b"what signs every session of this desk";
        const DATABASE: &[u8] = b"SQLite format 3\0";
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let png = samples::png(20, 20);
        let id = ana.attach(ticket, &[("a.png", &png)]).await.expect(201).id();
        let beginning = &png[..32];
        // This is how it would look.
        assert!(holds(&raw(&ana, &format!("/api/v1/attachments/{id}")).await, beginning));
        // As in a data folder: the key and the database are beside the files.
        fs::write(app.storage().join("secret_key"), KEY).unwrap();
        fs::write(app.storage().join("turno.db"), DATABASE).unwrap();
        let root = app.storage().to_str().unwrap().trim_start_matches('/');
        // From wherever it climbs, it comes to the top.
        let up = "../".repeat(16);
        for file in app.files() {
            for path in [
                format!("/{file}"),
                format!("//{root}/{file}"),
                format!("/../{file}"),
                format!("/../../{file}"),
                format!("/files/../{file}"),
                format!("/{up}{root}/{file}"),
                format!("/api/v1/attachments/../{file}"),
                format!("/api/v1/attachments/{up}{root}/{file}"),
                format!("/api/v1/attachments/{id}/{up}{root}/{file}"),
            ] {
                for path in disguised(&path) {
                    let answer = raw(&ana, &path).await;
                    assert!(answer.starts_with(b"HTTP/1.1 ") && !answer.starts_with(b"HTTP/1.1 5"), "{path}");
                    for secret in [KEY, DATABASE, beginning] {
                        assert!(!holds(&answer, secret), "{path}: {}", String::from_utf8_lossy(&answer));
                    }
                }
            }
        }
    }

    async fn a_file_on_an_internal_note_is_for_staff(app: TestApp) {
        let (ana, tech, admin, watcher) =
            (app.user().await, app.technician().await, app.admin().await, app.user().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        app.invite(ticket, &watcher).await;
        let open = ana.attach(ticket, &[("abierto.txt", b"x")]).await.expect(201).id();
        let note = json!({ "body": "Mira", "visibility": "internal" });
        let note = tech.post(&format!("/tickets/{ticket}/comments"), note).await.expect(201).id();
        let before = ana.get(&format!("/tickets/{ticket}/history")).await.expect(200).json;
        let form = Form::default().field("comment_id", note).file("secreto.png", &samples::png(20, 20));
        let secret = tech.upload(ticket, form).await.expect(201).id();
        let after = ana.attach(ticket, &[("despues.txt", b"x")]).await.expect(201).id();
        for person in [&tech, &admin] {
            assert_eq!(person.get(&format!("/tickets/{ticket}/attachments")).await.ids(), [open, secret, after]);
            person.get(&format!("/attachments/{secret}")).await.expect(200);
            person.get(&format!("/attachments/{secret}/thumbnail")).await.expect(200);
            let history = person.get(&format!("/tickets/{ticket}/history")).await;
            assert!(history.text.contains("secreto.png"));
        }
        for person in [&ana, &watcher] {
            assert_eq!(person.get(&format!("/tickets/{ticket}/attachments")).await.ids(), [open, after]);
            assert_eq!(person.pages(&format!("/tickets/{ticket}/attachments"), &[], 1).await.len(), 2);
            for path in [format!("/attachments/{secret}"), format!("/attachments/{secret}/thumbnail")] {
                person.get(&path).await.expect(404).problem("not_found");
            }
            person.delete(&format!("/attachments/{secret}")).await.expect(404).problem("not_found");
            assert!(!person.get(&format!("/tickets/{ticket}/history")).await.text.contains("secreto"));
        }
        tech.delete(&format!("/attachments/{secret}")).await.expect(204);
        let history = ana.get(&format!("/tickets/{ticket}/history")).await.expect(200);
        assert_eq!(history.items().len(), before["items"].as_array().unwrap().len() + 1);
        assert!(!history.text.contains("secreto"));
    }

    async fn whoever_attached_it_deletes_it_for_fifteen_minutes(app: TestApp) {
        let (ana, tech, admin) = (app.user().await, app.technician().await, app.admin().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let attach = async |name: &str| ana.attach(ticket, &[(name, name.as_bytes())]).await.expect(201).id();
        let (soon, late) = (attach("pronto.txt").await, attach("tarde.txt").await);
        let path = |id: i64| format!("/attachments/{id}");
        tech.delete(&path(soon)).await.expect(403).problem("forbidden");
        app.sql(&format!("UPDATE attachments SET created_at = created_at - {}", 14 * MINUTE)).await;
        ana.delete(&path(soon)).await.expect(204);
        for reply in [ana.delete(&path(soon)).await, ana.get(&path(soon)).await] {
            reply.expect(404).problem("not_found");
        }
        app.sql(&format!("UPDATE attachments SET created_at = created_at - {}", 2 * MINUTE)).await;
        ana.delete(&path(late)).await.expect(403).problem("edit_window_over");
        ana.get(&path(late)).await.expect(200);
        admin.delete(&path(late)).await.expect(204);
        assert_eq!(app.files(), [""; 0]);
        let history = ana.get(&format!("/tickets/{ticket}/history")).await.expect(200);
        let told: Vec<(&Value, &Value)> = history
            .items()
            .iter()
            .filter(|entry| entry["kind"] == "attachment_deleted")
            .map(|entry| (&entry["actor"]["id"], &entry["changes"]))
            .collect();
        let gone = |id: i64, name: &str| json!([{ "field": "attachment", "from": { "id": id, "name": name }, "to": null }]);
        let (one, two) = (gone(soon, "pronto.txt"), gone(late, "tarde.txt"));
        assert_eq!(told, [(&ana.id.into(), &one), (&admin.id.into(), &two)]);
    }
}

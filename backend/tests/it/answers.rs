//! What a desk that has been worked on answers: every list with things in it, every number counted.

use std::time::Duration;

use backend::openapi::BASE;
use reqwest::Method;
use serde_json::json;

use crate::support::{Client, Operation, TestApp, faults, operations, until};

/// Loading the demo takes seconds, on a busy machine many.
const LONG: Duration = Duration::from_secs(60);

/// A desk with two years of work on it, and people who have just done something.
struct Desk {
    people: [Client; 3],
    ticket: i64,
    attachment: i64,
    /// A message with a file, and the file.
    message: [i64; 2],
}

impl Desk {
    async fn new(app: &TestApp) -> Self {
        let (ana, bea, luz) = (app.user().await, app.technician().await, app.admin().await);
        luz.act("/demo").await.expect(202);
        until("the demo is loaded", LONG, async || luz.get("/demo").await.expect(200)["phase"] == "loaded").await;
        let ticket = app.ticket(&ana, "Teclado roto").await;
        bea.post(&format!("/tickets/{ticket}/assign"), json!({ "assignee_id": bea.id })).await.expect(200);
        let answer = json!({ "body": format!("@{} ¿desde **cuándo**?", ana.username), "status": "waiting" });
        bea.post(&format!("/tickets/{ticket}/comments"), answer).await.expect(201);
        luz.attach(ticket, &[("a.txt", b"hola")]).await.expect(201);
        let attachment = luz.get(&format!("/tickets/{ticket}/attachments")).await.expect(200).ids()[0];
        let sent = luz.request(Method::POST, &format!("/conversations/{}/files", bea.id)).file("b.txt", &b"hola"[..]);
        let sent = sent.send().await.expect(201);
        let message = [sent.id(), sent["files"][0]["id"].as_i64().unwrap()];
        for (from, to) in [(&ana, &bea), (&bea, &luz), (&luz, &ana)] {
            from.post(&format!("/conversations/{}/messages", to.id), json!({ "body": "Hola" })).await.expect(201);
            from.post("/views", json!({ "name": "Urgentes", "filters": { "priority": "urgent" } })).await.expect(201);
        }
        Self { people: [ana, bea, luz], ticket, attachment, message }
    }

    /// Where an operation asks about something of this desk; what there is none of has the id 1.
    fn path(&self, operation: &Operation) -> String {
        let id = match operation.path.trim_start_matches(BASE).split('/').nth(1) {
            Some("tickets") => self.ticket,
            Some("attachments") => self.attachment,
            Some("messages") => self.message[0],
            Some("conversations" | "users") => self.people[1].id,
            _ => 1,
        };
        let parts = operation.path.split('/').map(|part| match part {
            "{file_id}" => self.message[1].to_string(),
            part if part.starts_with('{') => id.to_string(),
            part => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

on_each_database! {
    async fn what_a_busy_desk_answers_is_what_the_document_says(app: TestApp) {
        let desk = Desk::new(&app).await;
        let mut wrong = Vec::new();
        let mut answered = 0;
        let mut downloads = Vec::new();
        for operation in operations().iter().filter(|operation| operation.method == "GET") {
            for person in &desk.people {
                let path = desk.path(operation);
                let mut asked = vec![path.clone()];
                if operation.id == "search" {
                    asked.extend(["teclado", "persona", "cuándo"].map(|text| format!("{path}?q={text}")));
                }
                for path in asked {
                    let reply = person.request_at(Method::GET, &path).send().await;
                    answered += usize::from(reply.status == 200);
                    if reply.status == 200 && operation.id.starts_with("download_") {
                        downloads.push((operation.id.as_str(), reply.header("content-type").unwrap_or_default().to_owned()));
                    }
                    wrong.extend(faults(&operation.id, &reply).into_iter().map(|fault| format!("{path}: {fault}")));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for download in ["download_attachment", "download_message_file"] {
            assert!(downloads.contains(&(download, "text/plain".to_owned())), "{download}: {downloads:?}");
        }
        assert!(answered >= 80, "only {answered} answers had something to look at");
        let [ana, bea, luz] = &desk.people;
        for (person, path) in [
            (ana, "/notifications"), (bea, "/conversations"), (luz, "/audit"), (luz, "/tickets"), (luz, "/search?q=teclado"),
        ] {
            assert!(!person.get(path).await.expect(200).items().is_empty(), "{path} had nothing in it");
        }
    }
}

//! Attaching: what is stored, what it is called, what is answered.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::samples;
use crate::support::{Client, Form};

/// The names of a ticket's attachments, in their order.
async fn names(who: &Client, ticket: i64) -> Vec<String> {
    let list = who.get(&format!("/tickets/{ticket}/attachments")).await.expect(200);
    list.items().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

on_each_database! {
    async fn a_file_comes_back_as_it_was(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let ticket = app.ticket(&ana, "Ratón").await;
        let bytes: Vec<u8> = (0..700_000_u32).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_le_bytes()).collect();
        let bytes = [samples::pdf(), bytes].concat();
        let reply = ana.attach(ticket, &[("Informe nº 3.pdf", &bytes)]).await.expect(201);
        let id = reply.id();
        let url = format!("/api/v1/attachments/{id}");
        assert_eq!(reply.header("location"), Some(url.as_str()));
        assert_eq!(reply["uploader"], json!({ "id": ana.id, "name": ana.name, "avatar_url": null }));
        assert!(reply["created_at"].is_string());
        let expected = json!({
            "id": id, "ticket_id": ticket, "comment_id": null, "name": "Informe nº 3.pdf", "media_type": "application/pdf",
            "size": bytes.len(), "url": url, "thumbnail_url": null,
        });
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&reply[field.as_str()], value, "{field}");
        }
        let list = tech.get(&format!("/tickets/{ticket}/attachments")).await.expect(200);
        assert_eq!((list.items(), &list["next_cursor"]), ([reply.json.clone()].as_slice(), &Value::Null));
        let download = tech.get(&format!("/attachments/{id}")).await.expect(200);
        assert_eq!(download.bytes, bytes);
        let files = app.files();
        assert_eq!(files.len(), 1, "{files:?}");
        assert!(files[0].starts_with("files/files/"), "{files:?}");
        assert!(!reply.text.contains(files[0].rsplit('/').next().unwrap().split('-').next().unwrap()), "the hash is told");
        let history = ana.get(&format!("/tickets/{ticket}/history")).await.expect(200);
        let told = history.items().last().unwrap();
        assert_eq!((&told["kind"], &told["actor"]["id"]), (&"attachment_added".into(), &ana.id.into()));
        let change = json!([{ "field": "attachment", "from": null, "to": { "id": id, "name": "Informe nº 3.pdf" } }]);
        assert_eq!(told["changes"], change);
    }

    async fn what_is_sent_again_under_its_name_is_attached_once(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let (ticket, other) = (app.ticket(&ana, "Ratón").await, app.ticket(&ana, "Teclado").await);
        let form = |name: &str, bytes: &[u8]| Form::default().field("client_id", name).file("a.txt", bytes);
        let first = ana.upload(ticket, form("una", b"hola")).await.expect(201);
        let before = app.stored().await;
        // Whatever comes with the name this time.
        for bytes in [b"hola".as_slice(), b"otra cosa"] {
            let again = ana.upload(ticket, form("una", bytes)).await.expect(200);
            assert_eq!(again.json, first.json);
        }
        assert_eq!(app.stored().await, before);
        assert_eq!(app.files().len(), 1);
        // Another name, another ticket and another person are something else.
        ana.upload(ticket, form("dos", b"hola")).await.expect(201);
        ana.upload(other, form("una", b"hola")).await.expect(201);
        tech.upload(ticket, form("una", b"hola")).await.expect(201);
        // Several are one upload, and come back in their order.
        let several = || form("tres", b"hola").file("b.txt", b"b").file("c.txt", b"c");
        let sent = ana.upload(ticket, several()).await.expect(201);
        assert_eq!(ana.upload(ticket, several()).await.expect(200).json, sent.json);
        assert_eq!(names(&ana, ticket).await, ["a.txt", "a.txt", "a.txt", "a.txt", "b.txt", "c.txt"]);
        // What was deleted since is not attached again by half.
        ana.delete(&format!("/attachments/{}", sent.ids()[1])).await.expect(204);
        assert_eq!(ana.upload(ticket, several()).await.expect(200).ids(), [sent.ids()[0], sent.ids()[2]]);
        for wrong in ["a b", "ñ", &"a".repeat(65)] {
            let refused = ana.upload(ticket, form(wrong, b"hola")).await;
            refused.expect(422).problem("validation_failed");
        }
    }

    async fn of_two_uploads_of_one_name_at_once_one_is_attached(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let send = || ana.upload(ticket, Form::default().field("client_id", "una").file("a.txt", b"hola"));
        let answers = join_all([send(), send(), send()]).await;
        let mut codes: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        codes.sort_unstable();
        assert_eq!(codes, [200, 200, 201]);
        assert!(answers.iter().all(|answer| answer.json == answers[0].json));
        assert_eq!(names(&ana, ticket).await, ["a.txt"]);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM events WHERE kind = 'attachment_added'").await, 1);
    }

    async fn several_files_come_together_or_not_at_all(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let (pdf, png) = (samples::pdf(), samples::png(20, 10));
        let reply = ana.attach(ticket, &[("a.pdf", &pdf), ("b.png", &png), ("c.txt", b"hola")]).await.expect(201);
        let named: Vec<&str> = reply.items().iter().filter_map(|item| item["name"].as_str()).collect();
        assert_eq!(named, ["a.pdf", "b.png", "c.txt"]);
        assert_eq!(ana.get(&format!("/tickets/{ticket}/attachments")).await.items(), reply.items());
        let history = ana.get(&format!("/tickets/{ticket}/history")).await;
        assert_eq!(history.items().last().unwrap()["changes"].as_array().unwrap().len(), 3);
        for limit in [1, 2, 3] {
            let paged = ana.pages(&format!("/tickets/{ticket}/attachments"), &[], limit).await;
            assert_eq!(paged, reply.items(), "by {limit}");
        }

        let (stored, files) = (app.stored().await, app.files());
        ana.attach(ticket, &[("d.txt", b"hola de nuevo"), ("e.png", b"no picture")]).await.refuses("file", "file_content_mismatch");
        ana.attach(ticket, &[("d.txt", b"x".as_slice()); 11]).await.refuses("file", "too_many_files");
        assert_eq!((app.stored().await, app.files()), (stored, files));
        ana.attach(ticket, &[("d.txt", b"x".as_slice()); 10]).await.expect(201);
    }

    async fn two_files_of_one_name_are_two_files(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let one = ana.attach(ticket, &[("captura.txt", b"uno")]).await.expect(201).id();
        let two = ana.attach(ticket, &[("captura.txt", b"dos")]).await.expect(201).id();
        assert_ne!(one, two);
        assert_eq!(names(&ana, ticket).await, ["captura.txt", "captura.txt"]);
        assert_eq!(ana.get(&format!("/attachments/{one}")).await.text, "uno");
        assert_eq!(ana.get(&format!("/attachments/{two}")).await.text, "dos");
    }

    async fn one_content_is_kept_once_until_nobody_needs_it(app: TestApp) {
        let (ana, luis) = (app.user().await, app.user().await);
        let (hers, his) = (app.ticket(&ana, "Suyo").await, app.ticket(&luis, "De él").await);
        let png = samples::png(30, 30);
        let one = ana.attach(hers, &[("uno.png", &png)]).await.expect(201).id();
        let files = app.files();
        assert_eq!(files.len(), 2, "the file and its small picture: {files:?}");
        let two = luis.attach(his, &[("dos.png", &png)]).await.expect(201);
        assert_eq!(app.files(), files);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM blobs").await, 1);

        ana.delete(&format!("/attachments/{one}")).await.expect(204);
        assert_eq!(app.files(), files);
        let left = luis.get(&format!("/attachments/{}", two.id())).await.expect(200);
        assert_eq!(left.bytes, png);
        luis.get(&format!("/attachments/{}/thumbnail", two.id())).await.expect(200);
        luis.delete(&format!("/attachments/{}", two.id())).await.expect(204);
        assert_eq!(app.files(), [""; 0]);
        assert_eq!(app.number("SELECT COUNT(*) AS n FROM blobs").await, 0);
        ana.attach(hers, &[("uno.png", &png)]).await.expect(201);
        assert_eq!(app.files().len(), 2);
    }

    settings(|config| config.workers = 2)
    async fn one_content_from_many_at_once(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let text = "lo mismo\n".repeat(50_000);
        let attach = async || ana.attach(ticket, &[("log.txt", text.as_bytes())]).await;
        let sent = join_all((0..8).map(|_| attach())).await;
        let ids: Vec<i64> = sent.into_iter().map(|reply| reply.expect(201).id()).collect();
        assert_eq!((app.files().len(), app.number("SELECT COUNT(*) AS n FROM blobs").await), (1, 1));
        for id in &ids {
            assert_eq!(ana.get(&format!("/attachments/{id}")).await.text, text);
        }
        // Coming and going at once: whatever is left over is whole.
        let (going, coming) = ids.split_at(4);
        let gone = join_all(going.iter().map(async |id| ana.delete(&format!("/attachments/{id}")).await.status)).await;
        assert_eq!(gone, [204; 4]);
        let kept = join_all((0..6).map(|_| attach())).await;
        for id in kept.into_iter().map(|reply| reply.expect(201).id()).chain(coming.iter().copied()) {
            assert_eq!(ana.get(&format!("/attachments/{id}")).await.text, text);
        }
        assert_eq!(app.files().len(), 1);
    }

    async fn a_name_is_kept_as_it_was_but_for_what_harms(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let long = format!("{}.txt", "ñ".repeat(400));
        let cut = format!("{}.txt", "ñ".repeat(125));
        for (sent, kept) in [
            ("../../../etc/passwd.txt", "passwd.txt"),
            ("C:\\Windows\\System32\\a.txt", "a.txt"),
            ("تقرير الطابعة.txt", "تقرير الطابعة.txt"),
            ("🖨️ 👩\u{200d}💻.txt", "🖨️ 👩\u{200d}💻.txt"),
            ("foto\u{202e}txt.gnp.txt", "fototxt.gnp.txt"),
            ("\u{2067}שלום\u{2069}.txt", "שלום.txt"),
            ("a\"b.txt", "a\"b.txt"),
            ("a\r\nX-Evil: 1.txt", "aX-Evil: 1.txt"),
            ("  con espacios .txt ", "con espacios .txt"),
            ("MAYÚSCULAS.TXT", "MAYÚSCULAS.TXT"),
            (&long, &cut),
        ] {
            let reply = ana.attach(ticket, &[(sent, b"x")]).await.expect(201);
            assert_eq!(reply["name"], *kept, "{sent:?}");
            let download = ana.get(&format!("/attachments/{}", reply.id())).await.expect(200);
            let header = download.headers["content-disposition"].to_str().unwrap().to_owned();
            assert!(header.starts_with("attachment; filename=\""), "{header}");
            // A name with a line in it adds no header.
            assert_eq!(download.header("x-evil"), None, "{sent:?}");
            let encoded = header.split("filename*=UTF-8''").nth(1).unwrap_or_else(|| panic!("{header}"));
            assert_eq!(decoded(encoded), *kept, "{header}");
            assert!(header.is_ascii(), "{header}");
        }
        // What turned the direction hid that it is a program.
        ana.attach(ticket, &[("foto\u{202e}gnp.exe", &samples::program())]).await.refuses("file", "file_type_not_allowed");
    }

    async fn a_name_with_backslashes_has_folders_in_it_as_browsers_send_it(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        for (sent, kept) in [
            (r#""..\..\boot.txt""#, "boot.txt"),
            (r#""C:\Users\ana\informe.txt""#, "informe.txt"),
            (r#""nota.txt\""#, "nota.txt"),
            (r#""a%22b.txt""#, "a\"b.txt"),
            (r#""a\"b.txt""#, "a\"b.txt"),
            (r#""_.txt"; filename*=UTF-8''%C3%91.txt"#, "Ñ.txt"),
        ] {
            let form = Form::default().part(&format!("name=\"file\"; filename={sent}"), b"x");
            let reply = ana.upload(ticket, form).await.expect(201);
            assert_eq!(reply["name"], *kept, "{sent}");
        }
        // Its extension is that of the name which is kept.
        let hidden = Form::default().part(r#"name="file"; filename="a.txt\b.exe""#, b"x");
        ana.upload(ticket, hidden).await.refuses("file", "file_type_not_allowed");
        let broken = Form::default().part(r#"name="file"; filename="a.txt"#, b"x");
        ana.upload(ticket, broken).await.expect(400).problem("malformed_body");
        // What else is sent in a form is read by the same rules.
        let picture = Form::default().part(r#"name="file"; filename="C:\yo.png\""#, &samples::png(20, 20));
        ana.request(reqwest::Method::PUT, "/me/avatar").form(picture).send().await.expect(200);
    }

    async fn a_file_on_a_comment_is_the_authors_to_attach(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let (ticket, other) = (app.ticket(&ana, "Ratón").await, app.ticket(&ana, "Otro").await);
        let comment = ana.post(&format!("/tickets/{ticket}/comments"), json!({ "body": "x" })).await.expect(201).id();
        let form = |comment: i64| Form::default().field("comment_id", comment).file("a.txt", b"hola");
        let reply = ana.upload(ticket, form(comment)).await.expect(201);
        assert_eq!(reply["comment_id"], comment);
        // The order of the fields does not matter, and an empty field is none.
        let turned = Form::default().file("b.txt", b"hola").field("comment_id", comment);
        assert_eq!(ana.upload(ticket, turned).await.expect(201)["comment_id"], comment);
        let empty = Form::default().field("comment_id", "").file("c.txt", b"hola");
        assert_eq!(ana.upload(ticket, empty).await.expect(201)["comment_id"], Value::Null);
        let history = ana.get(&format!("/tickets/{ticket}/history")).await;
        assert!(history.items().iter().any(|entry| entry["kind"] == "attachment_added" && entry["comment_id"] == comment));

        let (stored, files) = (app.stored().await, app.files());
        ana.upload(other, form(comment)).await.refuses("comment_id", "unknown");
        tech.upload(ticket, form(comment)).await.refuses("comment_id", "unknown");
        ana.upload(ticket, form(999_999)).await.refuses("comment_id", "unknown");
        for rubbish in ["x", "1.5", "99999999999999999999", "1 OR 1=1"] {
            let form = Form::default().field("comment_id", rubbish).file("a.txt", b"hola");
            ana.upload(ticket, form).await.expect(400).problem("malformed_body");
        }
        assert_eq!((app.stored().await, app.files()), (stored, files));
        // Longer than it may be rewritten, since a large file comes slowly, and not for ever.
        let pass = async |minutes: i64| {
            app.sql(&format!("UPDATE comments SET created_at = created_at - {}", minutes * 60 * 1_000_000)).await;
        };
        pass(59).await;
        ana.upload(ticket, form(comment)).await.expect(201);
        let (stored, files) = (app.stored().await, app.files());
        pass(2).await;
        ana.upload(ticket, form(comment)).await.expect(403).problem("edit_window_over");
        assert_eq!((app.stored().await, app.files()), (stored, files));
    }

    async fn attaching_is_activity(app: TestApp) {
        let (ana, tech) = (app.user().await, app.technician().await);
        let (old, new) = (app.ticket(&ana, "Primero").await, app.ticket(&ana, "Segundo").await);
        assert_eq!(ana.get("/tickets").await.ids(), [new, old]);
        ana.attach(old, &[("a.txt", b"x")]).await.expect(201);
        assert_eq!(ana.get("/tickets").await.ids(), [old, new]);
        assert_eq!(ana.get(&format!("/tickets/{old}")).await["version"], 1);
        // But on an internal note it leaves no trace that its requester could see.
        let note = json!({ "body": "x", "visibility": "internal" });
        let note = tech.post(&format!("/tickets/{new}/comments"), note).await.expect(201).id();
        tech.upload(new, Form::default().field("comment_id", note).file("a.txt", b"y")).await.expect(201);
        assert_eq!(ana.get("/tickets").await.ids(), [old, new]);
        // A closed ticket takes files as it takes words.
        ana.act(&format!("/tickets/{old}/close")).await.expect(200);
        ana.attach(old, &[("b.txt", b"x")]).await.expect(201);
    }

    settings(|config| { config.max_upload = 3 << 20; config.extensions = vec!["txt".into(), "mp4".into()]; })
    async fn the_rules_are_told(app: TestApp) {
        let ana = app.user().await;
        let rules = ana.get("/attachment-rules").await.expect(200);
        assert_eq!(rules.json, json!({ "max_bytes": 3 << 20, "max_files": 10, "extensions": ["txt", "mp4"] }));
        let ticket = app.ticket(&ana, "Ratón").await;
        ana.attach(ticket, &[("a.pdf", &samples::pdf())]).await.refuses("file", "file_type_not_allowed");
        let film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
        assert_eq!(ana.attach(ticket, &[("a.mp4", film)]).await.expect(201)["media_type"], "video/mp4");
    }
}

/// Undoes percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

//! `GET /attachments/{id}`: whole, in part, or not again; and the small pictures.

use std::time::Duration;

use reqwest::Method;

use super::samples;
use crate::support::Reply;

/// What every download says.
fn guarded(reply: &Reply) {
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
    assert!(reply.header("etag").is_some_and(|etag| etag.starts_with('"')));
}

on_each_database! {
    async fn a_file_is_saved_and_never_shown(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        // What calls itself text may hold a page's words, as long as it does not begin with them.
        let page = format!("Salía esto:\n{}", "<script>alert(1)</script>\n".repeat(100));
        let id = ana.attach(ticket, &[("pagina.txt", page.as_bytes())]).await.expect(201).id();
        let path = format!("/attachments/{id}");
        // Not even compressed: what is sent is what was attached.
        let reply = ana.request(Method::GET, &path).header("Accept-Encoding", "br, gzip").send().await.expect(200);
        guarded(&reply);
        assert_eq!(reply.text, page);
        assert_eq!(reply.header("content-type"), Some("text/plain"));
        assert_eq!(reply.header("content-length"), Some(page.len().to_string().as_str()));
        assert_eq!(reply.header("accept-ranges"), Some("bytes"));
        assert!(reply.header("content-disposition").unwrap().starts_with("attachment; "));
        assert!(reply.header("last-modified").unwrap().ends_with("GMT"));
        let head = ana.request(Method::HEAD, &path).send().await.expect(200);
        assert_eq!(head.text, "");
        assert_eq!(head.header("content-length"), reply.header("content-length"));
        assert_eq!(head.header("etag"), reply.header("etag"));
    }

    async fn a_part_is_served(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let text: String = (0..100_000).map(|n| char::from(b'a' + (n % 26) as u8)).collect();
        let id = ana.attach(ticket, &[("a.log", text.as_bytes())]).await.expect(201).id();
        let part = async |range: &str| {
            ana.request(Method::GET, &format!("/attachments/{id}")).header("Range", range).send().await
        };
        let end = text.len() - 1;
        for (range, from, to) in [
            ("bytes=0-0", 0, 0),
            ("bytes=10-19", 10, 19),
            ("bytes=99990-", 99_990, end),
            ("bytes=-10", 99_990, end),
            ("bytes=99990-999999", 99_990, end),
            ("bytes=0-", 0, end),
        ] {
            let reply = part(range).await.expect(206);
            guarded(&reply);
            assert_eq!(reply.text, text[from..=to], "{range}");
            assert_eq!(reply.header("content-range"), Some(format!("bytes {from}-{to}/100000").as_str()), "{range}");
            assert_eq!(reply.header("content-length"), Some((to - from + 1).to_string().as_str()), "{range}");
        }
        for range in ["bytes=100000-", "bytes=-0", "bytes=200000-300000"] {
            let reply = part(range).await.expect(416).problem("range_not_satisfiable");
            assert_eq!(reply.header("content-range"), Some("bytes */100000"), "{range}");
        }
        for range in ["bytes=0-1,5-6", "bytes=5-2", "lines=1-2", "rubbish"] {
            assert_eq!(part(range).await.expect(200).text.len(), text.len(), "{range}");
        }
    }

    async fn what_somebody_has_is_not_sent_again(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let sent = ana.attach(ticket, &[("a.txt", b"hola a todos"), ("b.txt", b"hola a todos")]).await.expect(201).ids();
        let path = format!("/attachments/{}", sent[0]);
        let whole = ana.get(&path).await.expect(200);
        let (etag, modified) = (whole.header("etag").unwrap(), whole.header("last-modified").unwrap());
        // One content twice has two names, so that nobody learns that somebody else has it too.
        assert_ne!(ana.get(&format!("/attachments/{}", sent[1])).await.header("etag"), Some(etag));
        let ask = async |headers: &[(&str, &str)]| {
            let request = ana.request(Method::GET, &path);
            headers.iter().fold(request, |request, (name, value)| request.header(name, value)).send().await
        };
        for theirs in [etag.to_owned(), format!("\"x\", {etag}"), "*".to_owned(), format!("W/{etag}")] {
            let reply = ask(&[("If-None-Match", &theirs)]).await.expect(304);
            assert_eq!((reply.text.as_str(), reply.header("etag")), ("", Some(etag)), "{theirs}");
        }
        ask(&[("If-None-Match", "\"other\"")]).await.expect(200);
        let range = ("Range", "bytes=0-3");
        assert_eq!(ask(&[range, ("If-Range", etag)]).await.expect(206).text, "hola");
        assert_eq!(ask(&[range, ("If-Range", modified)]).await.expect(206).text, "hola");
        for stale in ["\"other\"", "Wed, 21 Oct 2015 07:28:00 GMT", "rubbish"] {
            assert_eq!(ask(&[range, ("If-Range", stale)]).await.expect(200).text, "hola a todos", "{stale}");
        }
    }

    async fn a_small_picture_stands_upright_and_tells_nothing(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let photo = samples::photo(800, 600);
        let reply = ana.attach(ticket, &[("foto.jpg", &photo)]).await.expect(201);
        let url = reply["thumbnail_url"].as_str().unwrap().to_owned();
        let small = ana.request_at(Method::GET, &url).send().await.expect(200);
        guarded(&small);
        assert_eq!(small.header("content-type"), Some("image/jpeg"));
        assert_eq!(small.header("content-disposition"), None);
        assert_eq!(small.header("content-length"), Some(small.bytes.len().to_string().as_str()));
        let picture = image::load_from_memory(&small.bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (240, 320), "turned as the camera was held");
        for secret in [b"Exif".as_slice(), b"GPS-SECRET"] {
            assert!(!small.bytes.windows(secret.len()).any(|bytes| bytes == secret));
        }
        // What was attached stays as it was.
        assert_eq!(ana.get(&format!("/attachments/{}", reply.id())).await.bytes, photo);
        let etag = small.header("etag").unwrap();
        let again = ana.request_at(Method::GET, &url).header("If-None-Match", etag).send().await;
        again.expect(304);
        let text = ana.attach(ticket, &[("a.txt", b"x")]).await.expect(201);
        assert!(text["thumbnail_url"].is_null());
        ana.get(&format!("/attachments/{}/thumbnail", text.id())).await.expect(404).problem("not_found");
    }

    async fn looking_at_small_pictures_does_not_extend_the_session(app: TestApp) {
        let ana = app.user().await;
        let ticket = app.ticket(&ana, "Ratón").await;
        let id = ana.attach(ticket, &[("a.png", &samples::png(9, 9))]).await.expect(201).id();
        app.let_pass(ana.session, Duration::from_secs(200)).await;
        let left = async || ana.get("/session").await.expect(200)["expires_at"].as_str().unwrap().to_owned();
        let before = left().await;
        ana.get(&format!("/attachments/{id}/thumbnail")).await.expect(200);
        ana.get("/attachment-rules").await.expect(200);
        assert_eq!(left().await, before);
        ana.get(&format!("/attachments/{id}")).await.expect(200);
        assert_ne!(left().await, before);
    }
}

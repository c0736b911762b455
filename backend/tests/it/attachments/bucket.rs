//! Files in a bucket of S3.
//!
//! What leads there is in the environment, which belongs to a whole process: so the test runs in another one.

use std::{
    env,
    net::TcpListener,
    process::{Command, Stdio},
    time::Duration,
};

use actix_web::rt;
use backend::{attachments::collect::collect, config::Config, db, storage::StorageUrl};
use chrono::TimeDelta;
use reqwest::Method;

use super::samples;
use crate::{
    cli::{Serving, folder, run, turno},
    support::{Bucket, Fault, Keys, Kind, TestApp, until},
};

/// The bucket's name, and what the keys in it begin with.
const BUCKET: &str = "escritorio";
const PREFIX: &str = "turno/pruebas";
/// What its owner signs with.
const KEYS: Keys = Keys { id: "prueba", secret: "clave/de+prueba=", region: "eu-west-1" };

fn settings(config: &mut Config) {
    config.storage = StorageUrl::S3 { bucket: BUCKET.to_owned(), prefix: PREFIX.to_owned() };
}

/// Begins anew in another process, where the environment leads to a bucket, and does its work there.
#[test]
fn files_are_kept_in_a_bucket() {
    if Kind::Sqlite.is_skipped() {
        return;
    }
    let Ok(endpoint) = env::var("AWS_ENDPOINT") else { return in_a_process_of_its_own() };
    let bucket = Bucket::start(TcpListener::bind(endpoint.trim_start_matches("http://")).unwrap(), KEYS);
    TestApp::run(Kind::Sqlite, &[settings], async |app| {
        what_is_attached_is_there_and_goes(&app, &bucket).await;
        a_large_file_goes_in_parts(&app, &bucket).await;
        what_breaks_off_is_told(&app, &bucket).await;
        who_downloads_what_is_being_deleted_finds_nothing(&app, &bucket).await;
        what_is_forgotten_is_collected(&app, &bucket).await;
    });
}

/// The variables that lead to a bucket.
fn leading_to(address: &str, keys: Keys) -> [(&'static str, String); 5] {
    [
        ("AWS_ENDPOINT", format!("http://{address}")),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_ACCESS_KEY_ID", keys.id.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", keys.secret.to_owned()),
        ("AWS_REGION", keys.region.to_owned()),
    ]
}

#[test]
fn with_wrong_keys_the_desk_does_not_start_and_says_why() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let bucket = Bucket::start(listener, KEYS);
    let folder = folder();
    // What is migrated is told too, on lines of their own.
    run(&mut turno(folder.path(), &["migrate"]), "").succeeds();
    let storage = format!("s3://{BUCKET}/{PREFIX}");
    let serve = |keys: Keys, listen: &str| {
        let mut command = turno(folder.path(), &["serve", "--listen", listen]);
        command.env("STORAGE_URL", &storage).envs(leading_to(&address, keys));
        command
    };
    for (keys, says) in [
        (Keys { id: "otra", ..KEYS }, "InvalidAccessKeyId"),
        (Keys { secret: "otra", ..KEYS }, "SignatureDoesNotMatch"),
        (Keys { region: "us-east-1", ..KEYS }, "AuthorizationHeaderMalformed"),
    ] {
        let line = run(&mut serve(keys, "127.0.0.1:0"), "").fails();
        assert!(line.contains("STORAGE_URL") && line.contains(BUCKET) && line.contains(says), "{line}");
        assert!(!line.contains(keys.secret), "a secret is shown: {line}");
        assert_eq!(bucket.keys(), [""; 0]);
    }
    drop(Serving::start(&mut serve(KEYS, "127.0.0.1:0")));
}

fn in_a_process_of_its_own() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "attachments::bucket::files_are_kept_in_a_bucket", "--nocapture"])
        .envs(leading_to(&address.to_string(), KEYS))
        .env("TURNO_TEST_DATABASES", "sqlite")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("1 passed"), "{out}\n{err}");
}

async fn what_is_attached_is_there_and_goes(app: &TestApp, bucket: &Bucket) {
    let ana = app.user().await;
    let ticket = app.ticket(&ana, "Ratón").await;
    let picture = samples::png(400, 300);
    let id = ana.attach(ticket, &[("a.png", &picture)]).await.expect(201).id();
    let keys = bucket.keys();
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert!(keys.iter().all(|key| key.starts_with(PREFIX)), "{keys:?}");
    let path = format!("/attachments/{id}");
    assert_eq!(ana.get(&path).await.expect(200).bytes, picture);
    let part = ana.request(Method::GET, &path).header("Range", "bytes=10-19").send().await.expect(206);
    assert_eq!(part.bytes, picture[10..20]);
    ana.get(&format!("{path}/thumbnail")).await.expect(200);
    // The same content again is not kept again.
    let again = ana.attach(ticket, &[("b.png", &picture)]).await.expect(201).id();
    assert_eq!(bucket.keys(), keys);
    ana.delete(&path).await.expect(204);
    assert_eq!(bucket.keys(), keys);
    ana.delete(&format!("/attachments/{again}")).await.expect(204);
    assert_eq!(bucket.keys(), [""; 0]);
}

async fn a_large_file_goes_in_parts(app: &TestApp, bucket: &Bucket) {
    let ana = app.user().await;
    let ticket = app.ticket(&ana, "Ratón").await;
    let text: Vec<u8> = (0..12_000_000_u32).map(|n| b'a' + u8::try_from(n / 1000 % 26).unwrap()).collect();
    let id = ana.attach(ticket, &[("a.log", &text)]).await.expect(201).id();
    assert_eq!(bucket.uploads(), (0, 1));
    let path = format!("/attachments/{id}");
    assert!(ana.get(&path).await.expect(200).bytes == text);
    let part = ana.request(Method::GET, &path).header("Range", "bytes=-7").send().await.expect(206);
    assert_eq!(part.bytes, text[text.len() - 7..]);
    ana.delete(&path).await.expect(204);
}

async fn what_breaks_off_is_told(app: &TestApp, bucket: &Bucket) {
    let ana = app.user().await;
    let ticket = app.ticket(&ana, "Ratón").await;
    let large = vec![b'x'; 12_000_000];
    let stored = app.stored().await;
    bucket.fail(Fault::RefusedPart);
    ana.attach(ticket, &[("a.log", &large)]).await.expect(503).problem("unavailable");
    // Neither parts nor a row are left.
    assert_eq!(bucket.uploads(), (0, 2));
    assert_eq!((app.stored().await, bucket.keys()), (stored, Vec::new()));
    let id = ana.attach(ticket, &[("a.log", &large)]).await.expect(201).id();
    bucket.fail(Fault::BrokenDownload);
    // It goes on where it broke off, or the person sees that it did: never a file that is shorter than it was.
    let url = format!("{}/api/v1/attachments/{id}", app.origin);
    let request =
        reqwest::Client::new().get(url).header("Cookie", format!("turno_session={}", ana.cookie.clone().unwrap()));
    if let Ok(whole) = request.send().await.unwrap().bytes().await {
        assert!(whole == large);
    }
    assert!(ana.get(&format!("/attachments/{id}")).await.expect(200).bytes == large);
    ana.delete(&format!("/attachments/{id}")).await.expect(204);
}

async fn who_downloads_what_is_being_deleted_finds_nothing(app: &TestApp, bucket: &Bucket) {
    let ana = app.user().await;
    let ticket = app.ticket(&ana, "Ratón").await;
    let id = ana.attach(ticket, &[("a.txt", b"hola")]).await.expect(201).id();
    let gate = bucket.gate.clone().acquire_owned().await.unwrap();
    let asked = bucket.asked();
    let asking = ana.clone();
    let download = rt::spawn(async move { asking.get(&format!("/attachments/{id}")).await });
    until("the bucket is asked", Duration::from_secs(20), async || bucket.asked() > asked).await;
    ana.delete(&format!("/attachments/{id}")).await.expect(204);
    drop(gate);
    download.await.unwrap().expect(404).problem("not_found");
}

async fn what_is_forgotten_is_collected(app: &TestApp, bucket: &Bucket) {
    let ana = app.user().await;
    let ticket = app.ticket(&ana, "Ratón").await;
    let id = ana.attach(ticket, &[("a.txt", b"hola")]).await.expect(201).id();
    for n in 0..5 {
        bucket.put(&format!("{PREFIX}/files/ab/cd/abcd-{n}"), db::now());
    }
    let known = 1;
    assert_eq!(collect(&app.state, db::now()).await.unwrap(), 0);
    assert_eq!(collect(&app.state, db::now() + TimeDelta::hours(25)).await.unwrap(), 5);
    let files = bucket.keys().into_iter().filter(|key| key.contains("/files/")).count();
    assert_eq!(files, known);
    assert!(bucket.keys().contains(&format!("{PREFIX}/desk")));
    ana.get(&format!("/attachments/{id}")).await.expect(200);
}

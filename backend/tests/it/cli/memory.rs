//! How much memory the program takes for what is larger than it may hold: many uploads at once, a long list as a file.
//!
//! What counts is what the program has asked for (`RssAnon`). The database is mapped besides, and its pages, which the system
//! takes back whenever it needs them, count in `VmHWM` for each connection that has read them: so this looks every few
//! milliseconds instead of reading that once. What a program that keeps all of it would hold, it would hold for seconds.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use actix_web::{rt::System, web::Bytes};
use futures_util::future::join_all;
use image::{
    ExtendedColorType, ImageEncoder, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
};
use reqwest::{
    Client,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::{Serving, folder, run, turno};
use crate::support::{Database, Kind};

const MEGABYTE: usize = 1024 * 1024;
/// How often is looked.
const OFTEN: Duration = Duration::from_millis(2);

/// What a process has asked for now, in bytes.
fn held(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// Watches how much a process holds, from its beginning to its end.
struct Watch {
    done: Arc<AtomicBool>,
    watching: Option<JoinHandle<usize>>,
}

impl Watch {
    fn begin(process: u32) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let seen = done.clone();
        let watching = thread::spawn(move || {
            let mut most = held(process);
            while !seen.load(Ordering::Relaxed) {
                thread::sleep(OFTEN);
                most = most.max(held(process));
            }
            most
        });
        Self { done, watching: Some(watching) }
    }

    /// The most that it held, in bytes.
    fn end(mut self) -> usize {
        self.done.store(true, Ordering::Relaxed);
        self.watching.take().unwrap().join().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
    }
}

/// A desk with invented tickets, and its administrator's name and password.
struct Invented {
    folder: tempfile::TempDir,
    url: String,
    login: [String; 2],
}

impl Invented {
    fn new(url: &str, tickets: u32) -> Self {
        let folder = folder();
        let tickets = tickets.to_string();
        let mut fill = turno(folder.path(), &["demo", "--tickets", &tickets]);
        let said = run(fill.env("DATABASE_URL", url), "").succeeds();
        let login = said.lines().find_map(|line| match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["admin", username, password] => Some([username.to_owned(), password.to_owned()]),
            _ => None,
        });
        Self { folder, url: url.to_owned(), login: login.expect("the administrator's login") }
    }

    fn serve(&self) -> Serving {
        let mut command = turno(self.folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
        Serving::start(command.env("DATABASE_URL", &self.url).env("LOGIN_RATE_PER_MINUTE", "10000"))
    }

    /// A client that is logged in as the administrator, and the token its changes carry.
    async fn enter(&self, serving: &Serving) -> (Client, String) {
        self.enter_as(serving, &self.login[0]).await
    }

    /// The same as another person, who has the administrator's password.
    async fn enter_as(&self, serving: &Serving, login: &str) -> (Client, String) {
        // No connection is used again: the server closes one that rests for five seconds, which is how long the others may take to
        // log in, and what is sent into it at that moment is lost.
        let client = Client::builder().cookie_store(true).pool_max_idle_per_host(0).build().unwrap();
        let password = &self.login[1];
        let body = json!({ "login": login, "password": password });
        let reply = client.post(format!("{}/api/v1/session", serving.origin)).json(&body).send().await.unwrap();
        assert_eq!(reply.status(), 201);
        let session: Value = reply.json().await.unwrap();
        (client, session["csrf_token"].as_str().unwrap().to_owned())
    }

    /// So many people who are to the desk what its administrator is, with the same password: copied, since working out one
    /// for each would take longer than all that is measured. Gives back their names.
    async fn copies(&self, database: &Database, count: usize) -> Vec<String> {
        let login = &self.login[0];
        let columns = ["username", "username_folded", "name", "name_folded", "email", "email_folded"];
        let copied = columns.map(|column| format!("{column} || n")).join(", ");
        let sql = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) \
             INSERT INTO users ({}, role, active, locale, theme, password_hash, created_at) \
             SELECT {copied}, role, active, locale, theme, password_hash, created_at FROM users, numbers \
             WHERE username = '{login}'",
            columns.join(", ")
        );
        database.outside().await.execute(&sql).await;
        (1..=count).map(|n| format!("{login}{n}")).collect()
    }
}

/// A file of 25 MB that no other one is.
fn large(n: u8) -> Bytes {
    let mut content = vec![b'x'; 25 * MEGABYTE];
    content[0] = b'a' + n;
    content.into()
}

/// Bytes that no compression makes much smaller.
fn noise() -> impl FnMut() -> u8 {
    let mut seed = 7_u32;
    move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_le_bytes()[3] >> 1
    }
}

/// A photograph of 25 megapixels, with more bytes than usual.
fn photograph() -> Bytes {
    let (wide, high) = (6_000, 4_100);
    let mut chance = noise();
    // A strip, again and again: to make up all of it takes long.
    let strip: Vec<u8> = (0..wide * 3 * high / 100).map(|_| chance()).collect();
    let pixels = RgbImage::from_raw(wide, high, strip.repeat(100)).unwrap();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 68).encode_image(&pixels).unwrap();
    assert!((15 * MEGABYTE..25 * MEGABYTE).contains(&bytes.len()), "{} bytes", bytes.len());
    bytes.into()
}

/// A picture of a screen, of which a tenth is no plain surface.
fn screen(wide: u32, high: u32) -> Bytes {
    let mut chance = noise();
    let mut pixels = vec![200; wide as usize * high as usize * 4];
    pixels.iter_mut().take(wide as usize * high as usize * 4 / 10).for_each(|byte| *byte = chance());
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(&pixels, wide, high, ExtendedColorType::Rgba8).unwrap();
    assert!((2 * MEGABYTE..25 * MEGABYTE).contains(&bytes.len()), "{} bytes", bytes.len());
    bytes.into()
}

/// Of fifty people, so that none waits for another and all are read at once: whoever kept them whole would hold 1,250 MB.
#[test]
fn fifty_uploads_of_25_mb_at_once_take_less_than_100_mb() {
    // Few contents, so that the disk need not keep a gigabyte; each arrives whole all the same.
    uploads_take_less_than_100_mb(50, || (1..7).map(large).collect());
}

/// Small ones are made of these, one after another: of the largest that telephones make, of the largest screens, and of what is
/// decoded with all its pixels at once.
#[test]
fn photographs_and_screens_among_fifty_uploads_take_no_more() {
    uploads_take_less_than_100_mb(50, || {
        (1..5).map(large).chain([photograph(), screen(5_120, 2_880), screen(3_840, 2_160)]).collect()
    });
}

fn uploads_take_less_than_100_mb(people: usize, contents: impl FnOnce() -> Vec<Bytes>) {
    if Kind::Sqlite.is_skipped() {
        return;
    }
    System::new().block_on(async {
        let contents = contents();
        let database = Database::empty(Kind::Sqlite).await;
        let desk = Invented::new(&database.url, 60);
        let names = desk.copies(&database, people).await;
        let serving = desk.serve();
        let mut people = Vec::new();
        for name in &names {
            people.push(desk.enter_as(&serving, name).await);
        }
        let attach = async |(client, token): &(Client, String), ticket: i64, content: Bytes| {
            let name = match content[..2] {
                [0xFF, 0xD8] => "a.jpg",
                [0x89, b'P'] => "a.png",
                _ => "a.log",
            };
            let form = Form::new().part("file", Part::stream(content).file_name(name));
            let path = format!("{}/api/v1/tickets/{ticket}/attachments", serving.origin);
            let sent = client.post(path).header("X-CSRF-Token", token).multipart(form).send().await.unwrap();
            let status = sent.status();
            let attached: Value = sent.json().await.unwrap();
            assert_eq!(status, 201, "{attached}");
            // A small picture was made of each, for which it was decoded.
            assert_eq!(attached["thumbnail_url"].is_string(), name != "a.log", "{attached}");
        };
        // What the first one of them wakes up is not measured.
        attach(&people[0], 1, large(0)).await;
        let process = serving.child.id();
        let (before, watch) = (held(process), Watch::begin(process));
        let sent = people.iter().zip(1..).zip(contents.iter().cycle());
        join_all(sent.map(|((person, ticket), content)| attach(person, ticket, content.clone()))).await;
        let more = watch.end().saturating_sub(before);
        assert!(more < 100 * MEGABYTE, "{} kB more than before", more / 1024);
        drop(serving);
        database.remove().await;
    });
}

/// What grows with the list may be a fifth of 50 MB for a fifth of 100,000 tickets. Whoever kept the rows would hold more, and
/// so would whoever kept the file: that is why the titles are long where that costs no time (a PDF breaks them into lines).
#[test]
fn exports_take_no_more_memory_the_longer_the_list_is() {
    if Kind::Sqlite.is_skipped() {
        return;
    }
    System::new().block_on(async {
        let database = Database::empty(Kind::Sqlite).await;
        let desk = Invented::new(&database.url, 20_000);
        for (kinds, longer) in [(&["pdf"][..], 0), (&["csv", "xlsx"][..], 1_000)] {
            if longer > 0 {
                let sql = format!("UPDATE tickets SET title = title || hex(zeroblob({}))", longer / 2);
                database.outside().await.execute(&sql).await;
            }
            let serving = desk.serve();
            let (client, _) = desk.enter(&serving).await;
            let process = serving.child.id();
            let most_of = async |kind: &str, filter: &str| {
                let path = format!("{}/api/v1/reports/tickets.{kind}?{filter}", serving.origin);
                let watch = Watch::begin(process);
                let reply = client.get(path).send().await.unwrap();
                assert_eq!(reply.status(), 200, "{kind}");
                let size = reply.bytes().await.unwrap().len();
                (watch.end(), size)
            };
            for &kind in kinds {
                // A part of the list takes what any part takes, once the allocator has found its shape.
                most_of(kind, "priority=urgent").await;
                let (of_some, small) = most_of(kind, "priority=urgent").await;
                // The whole list, and all of it by what is written in the search box.
                for filter in ["", "q=status:open,in_progress,waiting,closed"] {
                    let (of_all, whole) = most_of(kind, filter).await;
                    assert!(whole > 4 * small, "{kind}: {small} of {whole} bytes are no small part");
                    let more = of_all.saturating_sub(of_some);
                    assert!(more < 10 * MEGABYTE, "{kind}: {} kB more for {whole} bytes than for {small}", more / 1024);
                }
            }
        }
        database.remove().await;
    });
}

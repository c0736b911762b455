//! A bucket as S3 has them, as far as the program asks for: objects, parts, lists, and faults on demand, for whoever signs.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write,
    net::TcpListener,
    sync::{Arc, Mutex},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::{Method, StatusCode},
    rt::System,
    web::{Bytes, Data, PayloadConfig, to},
};
use chrono::{DateTime, Utc};
use futures_util::stream;
use tokio::sync::Semaphore;

use super::signature::{self, Keys};

/// What goes wrong with the next request of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A part of an upload is refused.
    RefusedPart,
    /// A download breaks off.
    BrokenDownload,
}

#[derive(Default)]
struct Inside {
    objects: BTreeMap<String, (Bytes, DateTime<Utc>)>,
    /// Parts that have come of uploads that have not ended.
    parts: BTreeMap<String, BTreeMap<u32, Bytes>>,
    faults: VecDeque<Fault>,
    begun: usize,
    asked: usize,
}

/// The bucket, on a thread of its own for as long as the process runs.
#[derive(Clone)]
pub struct Bucket {
    inside: Arc<Mutex<Inside>>,
    keys: Keys,
    /// Downloads wait for this.
    pub gate: Arc<Semaphore>,
}

impl Bucket {
    /// Listens. What is not signed with these keys it refuses.
    pub fn start(listener: TcpListener, keys: Keys) -> Self {
        let bucket = Self { inside: Arc::default(), keys, gate: Arc::new(Semaphore::new(1)) };
        let shared = Data::new(bucket.clone());
        std::thread::spawn(move || {
            System::new().block_on(async move {
                let app = move || {
                    App::new()
                        .app_data(shared.clone())
                        .app_data(PayloadConfig::new(64 << 20))
                        .default_service(to(answer))
                };
                HttpServer::new(app).workers(2).listen(listener).unwrap().run().await.unwrap();
            });
        });
        bucket
    }

    /// The keys of what is in it.
    pub fn keys(&self) -> Vec<String> {
        self.inside.lock().unwrap().objects.keys().cloned().collect()
    }

    /// Puts something into it, as somebody else does.
    pub fn put(&self, key: &str, at: DateTime<Utc>) {
        self.inside.lock().unwrap().objects.insert(key.to_owned(), (Bytes::from_static(b"x"), at));
    }

    /// Lets something go wrong.
    pub fn fail(&self, fault: Fault) {
        self.inside.lock().unwrap().faults.push_back(fault);
    }

    /// Uploads in parts that have neither been completed nor broken off, and how many there ever were.
    pub fn uploads(&self) -> (usize, usize) {
        let inside = self.inside.lock().unwrap();
        (inside.parts.len(), inside.begun)
    }

    /// How many downloads were asked for.
    pub fn asked(&self) -> usize {
        self.inside.lock().unwrap().asked
    }
}

impl Inside {
    fn fails(&mut self, fault: Fault) -> bool {
        let fails = self.faults.front() == Some(&fault);
        if fails {
            self.faults.pop_front();
        }
        fails
    }
}

/// The value of a parameter; an empty one for a name that stands alone.
fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

async fn answer(request: HttpRequest, body: Bytes, bucket: Data<Bucket>) -> HttpResponse {
    if let Err(code) = signature::check(&request, &body, bucket.keys, Utc::now()) {
        return HttpResponse::Forbidden().body(format!("<Error><Code>{code}</Code></Error>"));
    }
    // The first part of the path is the bucket.
    let path = request.path().trim_start_matches('/');
    let key = path.split_once('/').map_or("", |(_, key)| key).to_owned();
    if *request.method() == Method::GET && !key.is_empty() {
        bucket.inside.lock().unwrap().asked += 1;
        drop(bucket.gate.acquire().await.unwrap());
    }
    let mut inside = bucket.inside.lock().unwrap();
    let upload = parameter(&request, "uploadId");
    match (request.method().as_str(), upload) {
        ("POST", None) if parameter(&request, "uploads").is_some() => {
            inside.begun += 1;
            let id = inside.begun.to_string();
            inside.parts.insert(id.clone(), BTreeMap::new());
            xml(&format!("<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"))
        }
        ("PUT", Some(id)) => {
            if inside.fails(Fault::RefusedPart) {
                return HttpResponse::Forbidden().body("<Error><Code>AccessDenied</Code></Error>");
            }
            let number = parameter(&request, "partNumber").unwrap().parse().unwrap();
            inside.parts.get_mut(&id).unwrap().insert(number, body);
            HttpResponse::Ok().insert_header(("ETag", format!("\"{number}\""))).finish()
        }
        ("POST", Some(id)) => {
            let parts = inside.parts.remove(&id).unwrap();
            let whole: Vec<u8> = parts.into_values().flatten().collect();
            inside.objects.insert(key, (whole.into(), Utc::now()));
            xml("<CompleteMultipartUploadResult><ETag>\"1\"</ETag></CompleteMultipartUploadResult>")
        }
        ("DELETE", Some(id)) => {
            inside.parts.remove(&id);
            HttpResponse::NoContent().finish()
        }
        ("PUT", None) => {
            inside.objects.insert(key, (body, Utc::now()));
            HttpResponse::Ok().insert_header(("ETag", "\"1\"")).finish()
        }
        ("DELETE", None) => {
            inside.objects.remove(&key);
            HttpResponse::NoContent().finish()
        }
        ("POST", None) => {
            let text = String::from_utf8_lossy(&body).into_owned();
            let mut deleted = String::new();
            for key in text.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next()) {
                inside.objects.remove(key);
                let _ = write!(deleted, "<Deleted><Key>{key}</Key></Deleted>");
            }
            xml(&format!("<DeleteResult>{deleted}</DeleteResult>"))
        }
        _ if key.is_empty() => list(&inside, &request),
        _ => object(&mut inside, &request, &key),
    }
}

fn xml(text: &str) -> HttpResponse {
    HttpResponse::Ok().content_type("application/xml").body(text.to_owned())
}

/// Two at a time, so that there is always another page.
fn list(inside: &Inside, request: &HttpRequest) -> HttpResponse {
    let prefix = parameter(request, "prefix").unwrap_or_default();
    let after = parameter(request, "continuation-token").unwrap_or_default();
    let mut found = inside.objects.iter().filter(|(key, _)| key.starts_with(&prefix) && **key > after);
    let (mut items, mut last) = (String::new(), String::new());
    for (key, (bytes, at)) in found.by_ref().take(2) {
        let (size, at) = (bytes.len(), at.to_rfc3339());
        let _ = write!(
            items,
            "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>{at}</LastModified><ETag>\"1\"</ETag></Contents>"
        );
        last.clone_from(key);
    }
    if found.next().is_some() {
        let _ = write!(items, "<NextContinuationToken>{last}</NextContinuationToken>");
    }
    xml(&format!("<ListBucketResult>{items}</ListBucketResult>"))
}

fn object(inside: &mut Inside, request: &HttpRequest, key: &str) -> HttpResponse {
    let Some((bytes, at)) = inside.objects.get(key).cloned() else { return HttpResponse::NotFound().finish() };
    let range = request.headers().get("range").and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let mut response = HttpResponse::Ok();
    response.insert_header(("ETag", "\"1\"")).insert_header(("Last-Modified", at.to_rfc2822().replace("+0000", "GMT")));
    let part = match range.and_then(|range| range.split_once('-')) {
        None => bytes,
        Some((from, to)) => {
            let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap_or(bytes.len() - 1));
            response.status(StatusCode::PARTIAL_CONTENT);
            response.insert_header(("Content-Range", format!("bytes {from}-{to}/{}", bytes.len())));
            bytes.slice(from..=to)
        }
    };
    if *request.method() == Method::GET && inside.fails(Fault::BrokenDownload) {
        let length = part.len() as u64;
        let pieces = [Ok(part.slice(..part.len() / 2)), Err(std::io::Error::other("broken off"))];
        return response.body(actix_web::body::SizedStream::new(length, stream::iter(pieces)));
    }
    if *request.method() == Method::HEAD {
        return response
            .no_chunking(part.len() as u64)
            .body(actix_web::body::SizedStream::new(part.len() as u64, stream::iter([Ok::<_, std::io::Error>(part)])));
    }
    response.body(part)
}

//! A person, or a program, at the other end of HTTP.

use reqwest::{
    Method, RequestBuilder,
    header::{COOKIE, HeaderMap},
};
use serde_json::Value;
use shared::session;

use super::{contract, form::Form};

/// Somebody who sends requests: nobody in particular, or a person with a session.
#[derive(Clone)]
pub struct Client {
    pub http: reqwest::Client,
    /// `http://127.0.0.1:…`
    pub origin: String,
    /// The person's number; 0 when there is none.
    pub id: i64,
    pub username: String,
    pub name: String,
    /// The session's number.
    pub session: i64,
    /// The value of the session's cookie.
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    /// A personal token.
    pub bearer: Option<String>,
    /// Whether its requests say that nobody made them on purpose.
    pub background: bool,
}

impl Client {
    pub async fn get(&self, path: &str) -> Reply {
        self.request(Method::GET, path).send().await
    }

    /// GET with parameters, encoded here.
    pub async fn list(&self, path: &str, parameters: &[(&str, &str)]) -> Reply {
        self.request(Method::GET, path).query(parameters).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.request(Method::POST, path).json(&body).send().await
    }

    /// Attaches files to a ticket.
    pub async fn attach(&self, ticket: i64, files: &[(&str, &[u8])]) -> Reply {
        let form = files.iter().fold(Form::default(), |form, (name, bytes)| form.file(name, bytes));
        self.upload(ticket, form).await
    }

    /// Sends an upload for a ticket.
    pub async fn upload(&self, ticket: i64, form: Form) -> Reply {
        self.request(Method::POST, &format!("/tickets/{ticket}/attachments")).form(form).send().await
    }

    /// POST without a body.
    pub async fn act(&self, path: &str) -> Reply {
        self.request(Method::POST, path).send().await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.request(Method::PATCH, path).json(&body).send().await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.request(Method::PUT, path).json(&body).send().await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.request(Method::DELETE, path).send().await
    }

    /// Every item of a list, read page by page.
    pub async fn pages(&self, path: &str, parameters: &[(&str, &str)], limit: usize) -> Vec<Value> {
        let limit_text = limit.to_string();
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut asked = parameters.to_vec();
            asked.push(("limit", &limit_text));
            asked.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = self.list(path, &asked).await.expect(200);
            assert!(page.items().len() <= limit, "more than {limit} on a page: {}", page.text);
            items.extend_from_slice(page.items());
            assert!(items.len() < 10_000, "the list does not end");
            match page["next_cursor"].as_str() {
                Some(next) => {
                    assert_eq!(page.items().len(), limit, "a page before the last is not full: {}", page.text);
                    cursor = Some(next.to_owned());
                }
                None => return items,
            }
        }
    }

    /// A request with the session's cookie and, when it is unsafe, its CSRF token. Paths are under `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> Request {
        self.request_at(method, &format!("{}{path}", backend::openapi::BASE))
    }

    /// The same, with the whole path.
    pub fn request_at(&self, method: Method, path: &str) -> Request {
        let mut request = self.bare(method.clone(), path);
        if let Some(csrf) = self.csrf.as_ref().filter(|_| !method.is_safe()) {
            request = request.header(session::CSRF_HEADER, csrf);
        }
        request
    }

    /// A request with the cookie and nothing else; with the whole path.
    pub fn bare(&self, method: Method, path: &str) -> Request {
        let mut builder = self.http.request(method.clone(), format!("{}{path}", self.origin));
        if let Some(cookie) = &self.cookie {
            builder = builder.header(COOKIE, format!("{}={cookie}", session::COOKIE));
        }
        if let Some(token) = &self.bearer {
            builder = builder.bearer_auth(token);
        }
        if self.background {
            builder = builder.header(session::BACKGROUND_HEADER, "1");
        }
        Request { method, path: path.to_owned(), builder }
    }

    /// The same person, whose requests nobody makes on purpose.
    pub fn in_background(&self) -> Self {
        Self { background: true, ..self.clone() }
    }
}

/// A request to send.
pub struct Request {
    method: Method,
    path: String,
    builder: RequestBuilder,
}

impl Request {
    pub fn header(self, name: &str, value: impl AsRef<str>) -> Self {
        Self { builder: self.builder.header(name, value.as_ref()), ..self }
    }

    pub fn query(self, parameters: &[(&str, &str)]) -> Self {
        Self { builder: self.builder.query(parameters), ..self }
    }

    pub fn json(self, body: &Value) -> Self {
        Self { builder: self.builder.json(body), ..self }
    }

    /// A `multipart/form-data` body with a file in the field `file`.
    pub fn file(self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        let part = reqwest::multipart::Part::bytes(content.into()).file_name(name.to_owned());
        Self { builder: self.builder.multipart(reqwest::multipart::Form::new().part("file", part)), ..self }
    }

    pub fn form(self, form: Form) -> Self {
        let kind = form.content_type();
        self.header("Content-Type", kind).body(form.finish())
    }

    pub fn body(self, body: impl Into<reqwest::Body>) -> Self {
        Self { builder: self.builder.body(body), ..self }
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Reply {
        let asked = format!("{} {}", self.method, self.path);
        let response = self.builder.send().await.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        contract::check(self.method.as_str(), &self.path, status, &text);
        assert_ne!(status, 500, "{asked} failed inside: {text}");
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply { status, headers, json, text, bytes, asked }
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null when the body is no JSON.
    pub json: Value,
    pub text: String,
    pub bytes: actix_web::web::Bytes,
    asked: String,
}

impl Reply {
    /// Fails, and shows the body, when the status is another one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}: {}", self.asked, self.status, self.text);
        self
    }

    /// Fails unless it is a complete problem document with this code.
    #[track_caller]
    pub fn problem(self, code: &str) -> Self {
        assert_eq!(self.json["code"], code, "{} answered {}: {}", self.asked, self.status, self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.asked);
        assert_eq!(self.json["status"], self.status, "{}", self.text);
        assert_eq!(self.json["type"], format!("/problems/{code}"), "{}", self.text);
        assert!(!self.json["title"].as_str().unwrap_or_default().is_empty(), "{}", self.text);
        assert!(!self.json["detail"].as_str().unwrap_or_default().is_empty(), "{}", self.text);
        let id = self.header("x-request-id").unwrap_or_default();
        assert_eq!(self.json["instance"], format!("urn:uuid:{id}"), "{}", self.text);
        if matches!(self.status, 429 | 503) {
            let seconds: u64 =
                self.header("retry-after").unwrap_or_default().parse().expect("a Retry-After in seconds");
            assert!((1..=60).contains(&seconds), "Retry-After: {seconds}");
        }
        self
    }

    /// Fails unless it refuses this field, and no other, for this reason.
    #[track_caller]
    pub fn refuses(self, field: &str, code: &str) -> Self {
        let reply = self.expect(422).problem("validation_failed");
        assert_eq!(reply.json["fields"], serde_json::json!({ field: [code] }), "{}: {}", reply.asked, reply.text);
        reply
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    #[track_caller]
    pub fn id(&self) -> i64 {
        self.json["id"].as_i64().unwrap_or_else(|| panic!("{} answered without an id: {}", self.asked, self.text))
    }

    /// The items of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        let items = self.json["items"].as_array();
        items.unwrap_or_else(|| panic!("{} answered without items: {}", self.asked, self.text))
    }

    /// The ids of a list, in its order.
    #[track_caller]
    pub fn ids(&self) -> Vec<i64> {
        ids(self.items())
    }
}

/// The ids of items, in their order.
#[track_caller]
pub fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().expect("an id")).collect()
}

impl std::ops::Index<&str> for Reply {
    type Output = Value;

    fn index(&self, field: &str) -> &Value {
        &self.json[field]
    }
}

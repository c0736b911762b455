//! Every answer of every test is held against the OpenAPI document: an operation answers only what it says it can.

use std::{collections::BTreeMap, sync::OnceLock};

use serde_json::Value;

use super::{Reply, schema};

/// An operation of the document.
pub struct Operation {
    pub id: String,
    pub method: String,
    /// As in the document, with `{id}`.
    pub path: String,
    pub statuses: Vec<u16>,
    /// Whether it takes anything after a question mark.
    pub takes_query: bool,
    /// The schema of its body, when it takes JSON.
    pub json: Option<Value>,
    /// Whether it has a body that must be there.
    pub needs_body: bool,
}

/// The document.
pub fn document() -> &'static Value {
    static ONCE: OnceLock<Value> = OnceLock::new();
    ONCE.get_or_init(|| serde_json::to_value(backend::openapi::document()).unwrap())
}

/// All of them.
pub fn operations() -> &'static [Operation] {
    static ONCE: OnceLock<Vec<Operation>> = OnceLock::new();
    ONCE.get_or_init(|| {
        let document = document();
        let mut found = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in ["get", "post", "put", "patch", "delete"] {
                let Some(operation) = item.get(method) else { continue };
                let parameters = operation["parameters"].as_array();
                let responses: BTreeMap<String, Value> =
                    serde_json::from_value(operation["responses"].clone()).unwrap();
                found.push(Operation {
                    id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    takes_query: parameters.into_iter().flatten().any(|parameter| parameter["in"] == "query"),
                    statuses: responses.keys().filter_map(|status| status.parse().ok()).collect(),
                    json: operation["requestBody"]["content"]["application/json"].get("schema").cloned(),
                    needs_body: operation["requestBody"]["required"] == true,
                });
            }
        }
        found
    })
}

/// Fails when the document does not say that this request can be answered so.
#[track_caller]
pub fn check(method: &str, path: &str, status: u16, text: &str) {
    let path = path.split('?').next().unwrap_or_default();
    let operation = operations().iter().find(|operation| operation.method == method && fits(&operation.path, path));
    if let Some(operation) = operation {
        assert!(
            operation.statuses.contains(&status),
            "{} ({method} {path}) answered {status}, which the OpenAPI document does not say it can: {text}",
            operation.id,
        );
    }
}

/// What is wrong with an answer by what the document says of the operation: with its media type, and with what it says in JSON.
pub fn faults(id: &str, reply: &Reply) -> Vec<String> {
    let kind = reply.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kind.is_empty() {
        return Vec::new();
    }
    let operation = operations().iter().find(|operation| operation.id == id).unwrap();
    let told = &document()["paths"][&operation.path][operation.method.to_lowercase()]["responses"];
    let content = &told[reply.status.to_string()]["content"];
    match content[kind].get("schema") {
        Some(told) if kind.ends_with("json") => schema::faults(document(), told, &reply.json),
        Some(_) => Vec::new(),
        // What people have attached is of whatever type it is.
        None if content.get("*/*").is_some() => Vec::new(),
        None => vec![format!("the document does not tell of {kind} with the status {}", reply.status)],
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(expected, found)| expected.starts_with('{') || expected == found)
}

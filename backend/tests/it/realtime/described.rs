//! Every frame is described with all of its fields, where programs are told what to send and what to expect.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));

/// The fields of each frame besides its type.
type Frames = BTreeMap<String, BTreeSet<String>>;

fn document() -> Value {
    serde_json::to_value(backend::openapi::document()).unwrap()
}

/// Adds the fields of a schema to those that are known; its type, where it names one.
fn gather(document: &Value, schema: &Value, fields: &mut BTreeSet<String>) -> Option<String> {
    let schema = match schema["$ref"].as_str() {
        Some(place) => document.pointer(place.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    let mut kind = None;
    for part in schema["allOf"].as_array().into_iter().flatten() {
        kind = gather(document, part, fields).or(kind);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        if name == "type" {
            kind = field["enum"][0].as_str().map(str::to_owned);
        } else {
            fields.insert(name.clone());
        }
    }
    kind
}

fn fields_of(document: &Value, schema: &Value) -> (Option<String>, BTreeSet<String>) {
    let mut fields = BTreeSet::new();
    (gather(document, schema, &mut fields), fields)
}

/// The frames of a side, as the program has them.
fn frames(document: &Value, side: &str) -> Frames {
    let all = document["components"]["schemas"][side]["oneOf"].as_array().unwrap();
    let frames = all.iter().map(|frame| fields_of(document, frame));
    frames.map(|(kind, fields)| (kind.expect("a frame names its type"), fields)).collect()
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The table of the README that begins with this.
fn table(head: &str) -> Frames {
    let rows = README.split_once(head).expect("the table is there").1.lines().skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            let kind = quoted(cells[1]).next().expect("a type").to_owned();
            (kind, quoted(cells[2]).map(str::to_owned).collect())
        })
        .collect()
}

#[test]
fn the_readme_has_every_frame_with_its_fields() {
    let document = document();
    let (client, server) = (frames(&document, "ClientFrame"), frames(&document, "ServerFrame"));
    assert_eq!((client.len(), server.len()), (7, 11));
    assert_eq!(table("| the client says |"), client);
    assert_eq!(table("| the server says |"), server);
}

#[test]
fn the_operation_has_every_frame_with_its_fields() {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let operation = &paths.iter().find(|(path, _)| path.ends_with("/ws")).expect("the operation").1["get"];
    let description = operation["description"].as_str().unwrap().replace('\n', " ");
    let (_, of_client) = description.split_once("**What the client says**").unwrap();
    let (of_client, of_server) = of_client.split_once("**What the server says**").unwrap();
    let (of_server, _) = of_server.split_once("**Messages**").unwrap();
    let (_, of_message) = fields_of(&document, &document["components"]["schemas"]["Message"]);
    for (said, side) in [(of_client, "ClientFrame"), (of_server, "ServerFrame")] {
        for (kind, fields) in frames(&document, side) {
            let begin = if fields.is_empty() { format!("`{kind}`") } else { format!("`{kind}` (") };
            let (_, rest) = said.split_once(&begin).unwrap_or_else(|| panic!("{side}: no {begin} in {said}"));
            let named: BTreeSet<&str> = match rest.split_once(')') {
                Some((named, _)) if !fields.is_empty() => quoted(named).collect(),
                _ => BTreeSet::new(),
            };
            let is_named = |field: &String| {
                named.contains(field.as_str()) || (named.contains("Message") && of_message.contains(field))
            };
            let missing: Vec<&String> = fields.iter().filter(|field| !is_named(field)).collect();
            assert!(missing.is_empty(), "{side} {kind}: {missing:?} are not described");
            let extra: Vec<&&str> =
                named.iter().filter(|name| **name != "Message" && !fields.contains(**name)).collect();
            assert!(extra.is_empty(), "{side} {kind}: there are no {extra:?}");
        }
    }
}

//! Whether a value is what a schema of the OpenAPI document says: nothing else, and nothing more.
//!
//! It knows the words that the document uses of answers, and complains of any other. Unlike JSON Schema it also finds what an
//! object has and the document does not tell of.

use std::collections::BTreeSet;

use chrono::DateTime;
use serde_json::Value;

/// Words that say nothing of the value; `pattern` only of what is sent, which an answer repeats at most.
const REMARKS: [&str; 6] = ["description", "default", "example", "title", "contentMediaType", "pattern"];

/// What is wrong with a value by a schema that refers to others of the same document.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    strangers(document, schema, value, "", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    for (word, says) in schema.as_object().unwrap_or_else(|| panic!("{schema} is no schema")) {
        let holds = match word.as_str() {
            "$ref" => {
                check(document, target(document, says), value, place, found);
                true
            }
            "allOf" => {
                items(says).iter().for_each(|part| check(document, part, value, place, found));
                true
            }
            "oneOf" => items(says).iter().filter(|part| fits(document, part, value)).count() == 1,
            "properties" | "items" | "additionalProperties" | "propertyNames" => {
                inside(document, schema, word, value, place, found);
                true
            }
            "required" => {
                value.as_object().is_none_or(|fields| items(says).iter().all(|name| fields.contains_key(text(name))))
            }
            "type" if says.is_array() => items(says).iter().any(|kind| is_a(text(kind), value)),
            "type" => is_a(text(says), value),
            "enum" => items(says).contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= says.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= says.as_f64().unwrap()),
            "minLength" => length(value).is_none_or(|length| length >= says.as_u64().unwrap()),
            "maxLength" => length(value).is_none_or(|length| length <= says.as_u64().unwrap()),
            "format" if says == "date-time" => {
                value.as_str().is_none_or(|text| DateTime::parse_from_rfc3339(text).is_ok())
            }
            // How numbers are kept, and what texts are for.
            "format" => true,
            word => REMARKS.contains(&word),
        };
        if !holds {
            found.push(format!("`{place}` is {value}, which is not as `{word}: {says}` says"));
        }
    }
}

/// What a schema says of what is in an object or a list.
fn inside(document: &Value, schema: &Value, word: &str, value: &Value, place: &str, found: &mut Vec<String>) {
    let says = &schema[word];
    if word == "items" {
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            check(document, says, item, &format!("{place}/{number}"), found);
        }
        return;
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        let place = format!("{place}/{name}");
        match word {
            "propertyNames" => check(document, says, &Value::from(name.as_str()), &place, found),
            "properties" => {
                if let Some(schema) = says.get(name) {
                    check(document, schema, field, &place, found);
                }
            }
            // Where it says that there are no others, that is seen by itself.
            _ => {
                if says.is_object() && schema["properties"].get(name).is_none() {
                    check(document, says, field, &place, found);
                }
            }
        }
    }
}

/// What objects have that no schema tells of.
fn strangers(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let mut parts = Vec::new();
    apply(document, schema, value, &mut parts);
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        for says in parts.iter().filter_map(|part| part.get("items")) {
            strangers(document, says, item, &format!("{place}/{number}"), found);
        }
    }
    let told: BTreeSet<&str> = parts
        .iter()
        .filter_map(|part| part["properties"].as_object())
        .flat_map(|fields| fields.keys().map(String::as_str))
        .collect();
    let others: Vec<&Value> =
        parts.iter().filter_map(|part| part.get("additionalProperties")).filter(|says| says.is_object()).collect();
    for (name, field) in value.as_object().into_iter().flatten() {
        let place = format!("{place}/{name}");
        // An object of which nothing is told may hold anything.
        if !told.is_empty() && others.is_empty() && !told.contains(name.as_str()) {
            found.push(format!("`{place}` is {field}, and the document does not tell of it"));
        }
        for says in parts.iter().filter_map(|part| part["properties"].get(name)).chain(others.iter().copied()) {
            strangers(document, says, field, &place, found);
        }
    }
}

/// The schemas that apply to a value, however they are reached.
fn apply<'a>(document: &'a Value, schema: &'a Value, value: &Value, parts: &mut Vec<&'a Value>) {
    parts.push(schema);
    if let Some(reference) = schema.get("$ref") {
        apply(document, target(document, reference), value, parts);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        apply(document, part, value, parts);
    }
    for part in schema["oneOf"].as_array().into_iter().flatten().filter(|part| fits(document, part, value)) {
        apply(document, part, value, parts);
    }
}

fn fits(document: &Value, schema: &Value, value: &Value) -> bool {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found.is_empty()
}

fn target<'a>(document: &'a Value, reference: &Value) -> &'a Value {
    let pointer = text(reference).trim_start_matches('#');
    document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    }
}

fn items(says: &Value) -> &[Value] {
    says.as_array().unwrap_or_else(|| panic!("{says} is no list"))
}

fn text(says: &Value) -> &str {
    says.as_str().unwrap_or_else(|| panic!("{says} is no text"))
}

fn length(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A ticket with a person, or none, and what both have in common.
    fn document() -> Value {
        json!({ "schemas": {
            "Person": {
                "type": "object",
                "required": ["id"],
                "properties": { "id": { "type": "integer", "minimum": 1 }, "name": { "type": "string", "maxLength": 3 } },
            },
            "Kind": { "oneOf": [
                { "type": "object", "required": ["a"], "properties": { "a": { "type": "string", "enum": ["x"] } } },
                { "type": "object", "required": ["b"], "properties": { "b": { "type": ["number", "null"] } } },
            ] },
            "Ticket": {
                "description": "A ticket.",
                "allOf": [
                    { "$ref": "#/schemas/Person", "description": "Who." },
                    { "type": "object", "properties": {
                        "at": { "type": "string", "format": "date-time" },
                        "of": { "oneOf": [{ "$ref": "#/schemas/Person" }, { "type": "null" }] },
                        "kinds": { "type": "array", "items": { "$ref": "#/schemas/Kind" } },
                        "any": {},
                        "counts": { "type": "object", "additionalProperties": { "type": "integer" } },
                    } },
                ],
            },
        } })
    }

    fn faults_of(value: &Value) -> Vec<String> {
        faults(&document(), &json!({ "$ref": "#/schemas/Ticket" }), value)
    }

    #[test]
    fn what_is_as_it_should_be_has_no_faults() {
        for value in [
            json!({ "id": 1 }),
            json!({ "id": 7, "name": "ñññ", "at": "2026-01-02T03:04:05Z", "of": null, "any": { "x": [1] } }),
            json!({ "id": 7, "of": { "id": 2 }, "kinds": [{ "a": "x" }, { "b": 1.5 }, { "b": null }], "counts": { "x": 1 } }),
        ] {
            assert_eq!(faults_of(&value), Vec::<String>::new(), "{value}");
        }
    }

    #[test]
    fn each_fault_is_found_where_it_is() {
        for (value, place) in [
            (json!({}), "``"),
            (json!([]), "``"),
            (json!({ "id": "1" }), "`/id`"),
            (json!({ "id": 1.5 }), "`/id`"),
            (json!({ "id": 0 }), "`/id`"),
            (json!({ "id": null }), "`/id`"),
            (json!({ "id": 1, "name": "ññññ" }), "`/name`"),
            (json!({ "id": 1, "at": "2026-01-02" }), "`/at`"),
            (json!({ "id": 1, "of": {} }), "`/of`"),
            (json!({ "id": 1, "of": { "id": 2, "email": "x" } }), "`/of/email`"),
            (json!({ "id": 1, "kinds": [{ "a": "x" }, { "a": "y" }] }), "`/kinds/1`"),
            (json!({ "id": 1, "kinds": [{ "a": "x", "b": 1 }] }), "`/kinds/0`"),
            (json!({ "id": 1, "kinds": [{ "a": "x", "c": 1 }] }), "`/kinds/0/c`"),
            (json!({ "id": 1, "counts": { "x": "1" } }), "`/counts/x`"),
            (json!({ "id": 1, "more": 1 }), "`/more`"),
        ] {
            let found = faults_of(&value);
            assert!(found.iter().any(|fault| fault.starts_with(place)), "{value}: {found:?}");
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_a_fault() {
        let schema = json!({ "type": "integer", "multipleOf": 2 });
        assert_eq!(faults(&document(), &schema, &json!(2)).len(), 1);
    }
}

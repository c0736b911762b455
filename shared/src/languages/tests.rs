//! How languages are told apart and count, and what a reader would stumble over in any of them. That a key is missing does not
//! even compile; what it says is looked at here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::*;

/// What is the same word in more than one language: names, what one language has from the other, and how a day is written.
const SAME: [&str; 15] = [
    "%d/%m/%Y %H:%M",
    "Bucket",
    "Chat",
    "Excel (XLSX)",
    "Markdown",
    "Ticket",
    "Tickets",
    "Token",
    "Turno",
    "dd/mm/yyyy hh:mm",
    "no",
    "ticket {{ id }}",
    "{{ count }} ticket",
    "{{ count }} tickets",
    "{{ name }}: {{ text }}",
];

/// The sources in which more than one language is named. One more has its line in the first; the others do without it.
const NAMED: [&str; 3] = ["shared/src/languages.rs", "backend/src/accounts/sheet.rs", "backend/src/demo/people.rs"];

/// The texts of a language by their keys: `common.nav.chat`.
type Texts = BTreeMap<String, String>;

/// The workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn locales() -> PathBuf {
    root().join("frontend/locales")
}

/// Every language there is a file for.
fn languages() -> BTreeMap<String, Texts> {
    let files = fs::read_dir(locales()).unwrap();
    files.map(|file| file.unwrap().path()).map(|path| (name_of(&path), texts(&path))).collect()
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn texts(file: &Path) -> Texts {
    let parts: BTreeMap<String, Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut texts = Texts::new();
    for (part, tree) in &parts {
        gather(part, tree, &mut texts);
    }
    texts
}

fn gather(key: &str, tree: &Value, texts: &mut Texts) {
    match tree {
        Value::Object(branches) => {
            for (name, branch) in branches {
                gather(&format!("{key}.{name}"), branch, texts);
            }
        }
        Value::String(text) => assert!(texts.insert(key.to_owned(), text.clone()).is_none(), "{key} is there twice"),
        other => panic!("{key} is no text: {other}"),
    }
}

/// The names between double braces.
fn values(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).map(|rest| rest.split("}}").next().unwrap_or_default().trim()).collect()
}

/// Whether a text is a form of what is said of a number that its language may do without.
fn is_more(key: &str, texts: &Texts) -> bool {
    let stem = key.strip_suffix(".few").or_else(|| key.strip_suffix(".many"));
    stem.is_some_and(|stem| texts.contains_key(&format!("{stem}.one")) && texts.contains_key(&format!("{stem}.other")))
}

/// Complaints about single texts, all at once: whoever translates mends them in one go.
fn complain(about: impl Fn(&str, &str, &str) -> Option<&'static str>) {
    let mut complaints = Vec::new();
    for (language, texts) in languages() {
        for (key, text) in &texts {
            if let Some(complaint) = about(&language, key, text) {
                complaints.push(format!("{language} {key}: {complaint}: {text:?}"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn the_tag_is_the_name_on_the_wire() {
    for locale in Locale::ALL {
        assert_eq!(serde_json::to_value(locale).unwrap(), locale.as_str());
        assert_eq!(Locale::of_tag(locale.as_str()), Some(locale));
        assert!(locale.formats().starts_with(locale.as_str()), "{locale:?} is written as another language");
    }
    assert_eq!(Locale::ALL.first(), Some(&Locale::default()));
    assert_eq!(Locale::of_tag("xx"), None);
}

#[test]
fn each_way_of_counting_has_its_forms() {
    for (counting, forms) in [
        (Counting::One, "other one other other other other other other other"),
        (Counting::NoneAndOne, "one one other other other other other other other"),
        (Counting::Polish, "many one few many many many few many few"),
        (Counting::EastSlavic, "many one few many many one few many few"),
        (Counting::Alike, "other other other other other other other other other"),
    ] {
        let found = [0, 1, 2, 5, 12, 21, 22, 111, 104].map(|count| match counting.category(count) {
            Category::One => "one",
            Category::Few => "few",
            Category::Many => "many",
            Category::Other => "other",
        });
        assert_eq!(found.join(" "), forms, "{counting:?}");
    }
}

#[test]
fn every_language_says_everything_with_the_same_values() {
    let languages = languages();
    let spanish = &languages["es"];
    assert!(spanish.len() > 500, "the texts were not found");
    for (language, texts) in &languages {
        let keys = |texts: &Texts| texts.keys().filter(|key| !is_more(key, texts)).cloned().collect::<BTreeSet<_>>();
        let (here, there) = (keys(texts), keys(spanish));
        assert!(here == there, "{language} and es differ in {:?}", here.symmetric_difference(&there));
        for (key, text) in texts.iter().filter(|(key, _)| !is_more(key, texts)) {
            assert_eq!(values(text), values(&spanish[key]), "{language} {key}");
        }
    }
}

#[test]
fn every_language_has_its_file() {
    let spoken: BTreeSet<_> = Locale::ALL.iter().map(|locale| locale.as_str().to_owned()).collect();
    assert_eq!(languages().into_keys().collect::<BTreeSet<_>>(), spoken);
}

/// How many languages a source names, apart from its tests.
fn named(source: &str) -> usize {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    let has = |name: String| source.match_indices(&name).any(|(at, _)| !source[at + name.len()..].starts_with(goes_on));
    let names = |locale: &Locale| {
        let tag = locale.as_str();
        has(format!("\"{tag}\"")) || has(format!("::{tag}")) || has(format!("::{locale:?}"))
    };
    Locale::ALL.iter().filter(|locale| names(locale)).count()
}

#[test]
fn a_language_is_a_line_and_a_file() {
    assert_eq!(named("match locale { Locale::Es => ',', Locale::En => '.' }"), 2);
    assert_eq!(named("use super::escape; const FIRST: &str = \"es\";\n#[cfg(test)]\nmod tests { Locale::en }"), 1);
    let root = root();
    let crates = ["backend", "frontend", "shared", "xtask"].map(|name| root.join(name).join("src"));
    let scripts = ["backend/build.rs", "frontend/build.rs", "frontend/boot.js", "frontend/sw.js", "frontend/theme.js"];
    let mut places = [&crates[..], &scripts.map(|path| root.join(path))].concat();
    let mut naming = BTreeSet::new();
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()));
        } else if place.extension().is_some_and(|ending| ending == "rs" || ending == "js")
            && place.file_stem().is_some_and(|name| name != "tests")
            && named(&fs::read_to_string(&place).unwrap()) > 1
        {
            naming.insert(place.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
    assert_eq!(naming, BTreeSet::from(NAMED.map(str::to_owned)));
}

#[test]
fn texts_are_tidy() {
    complain(|_, _, text| {
        let bare =
            values(text).iter().fold(text.to_owned(), |bare, name| bare.replace(&format!("{{{{ {name} }}}}"), ""));
        match text {
            text if text.trim().is_empty() => Some("nothing"),
            text if text.trim() != text => Some("blank at an end"),
            text if text.contains("  ") => Some("two blanks"),
            text if text.contains("...") => Some("three dots instead of …"),
            _ if bare.contains(['{', '}']) => Some("a value is written {{ name }}"),
            _ => None,
        }
    });
}

#[test]
fn quotation_marks_are_those_of_the_language() {
    complain(|language, _, text| {
        let foreign: &[char] = match language {
            "es" => &['"', '\'', '“', '”', '‘', '’'],
            "en" => &['"', '\'', '«', '»'],
            _ => &['"', '\''],
        };
        let even = text.matches('«').count() == text.matches('»').count()
            && text.matches('“').count() == text.matches('”').count();
        if text.contains(foreign) {
            Some("straight or foreign quotation marks")
        } else if even {
            None
        } else {
            Some("a quotation that does not end")
        }
    });
}

#[test]
fn spanish_opens_its_questions_and_exclamations() {
    let closes_what_it_opened = |text: &str, opening: char, closing: char| {
        let mut open = false;
        let in_turn = text.chars().filter(|&sign| sign == opening || sign == closing).all(|sign| {
            let expected = open == (sign == closing);
            open = sign == opening;
            expected
        });
        in_turn && !open
    };
    assert!(closes_what_it_opened("¿No llega? Mira. ¿Y ahora?", '¿', '?'));
    assert!(!closes_what_it_opened("Sigues ahí?", '¿', '?'));
    assert!(!closes_what_it_opened("¿Sigues ahí", '¿', '?'));
    complain(|language, _, text| {
        let fine = closes_what_it_opened(text, '¿', '?') && closes_what_it_opened(text, '¡', '!');
        match language {
            "es" if !fine => Some("a question begins with ¿, an exclamation with ¡"),
            "en" if text.contains(['¿', '¡']) => Some("a Spanish mark"),
            _ => None,
        }
    });
}

#[test]
fn what_is_said_of_a_number_has_each_form_that_its_language_needs() {
    for (language, texts) in languages() {
        let locale = Locale::of_tag(&language).unwrap();
        let needed = |form| (0..=1_000).any(|count| locale.category(count) == form);
        let stems = texts.keys().filter_map(|key| key.strip_suffix(".one"));
        let counted: Vec<&str> = stems.filter(|stem| texts.contains_key(&format!("{stem}.other"))).collect();
        assert!(counted.len() > 10, "{language}: the texts were not found");
        for stem in counted {
            let several = &texts[&format!("{stem}.other")];
            for (form, end) in
                [(Category::One, "one"), (Category::Few, "few"), (Category::Many, "many"), (Category::Other, "other")]
            {
                let text = texts.get(&format!("{stem}.{end}"));
                assert!(text.is_some() || !needed(form), "{language} {stem}: nothing says it in the form {end}");
                // Another language has that form of more than one number: the number is said in each.
                assert!(text.is_none_or(|text| values(text) == values(several)), "{language} {stem}.{end}: {text:?}");
            }
            assert!(!values(several).is_empty(), "{language} {stem}: it says no number: {several}");
        }
    }
}

#[test]
fn one_is_told_apart_from_several() {
    // As two keys, only two forms could be told apart.
    complain(|_, key, text| {
        let of_one = key.ends_with("_one") || key.ends_with("_single");
        (of_one && text.starts_with("1 "))
            .then_some("the forms of a number are `one` and `other` under a key of their own")
    });
}

#[test]
fn nothing_was_left_untranslated() {
    let languages = languages();
    let spanish = &languages["es"];
    let others = languages.iter().filter(|(language, _)| *language != "es");
    let mut same = BTreeSet::new();
    for (language, texts) in others {
        for (key, text) in texts.iter().filter(|(key, text)| spanish.get(*key) == Some(*text)) {
            assert!(SAME.contains(&text.as_str()), "{language} {key} is what it is in Spanish: {text:?}");
            same.insert(text.as_str());
        }
    }
    let gone: Vec<_> = SAME.iter().filter(|text| !same.contains(**text)).collect();
    assert!(gone.is_empty(), "these need no exception: {gone:?}");
}

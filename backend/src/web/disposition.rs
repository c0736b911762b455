//! What a part of a form says of itself: which field it is, and what the file in it is called.

use actix_multipart::Field;
use actix_web::http::header::{CONTENT_DISPOSITION, parse_extended_value};

use crate::error::AppError;

/// A part's `Content-Disposition`, as browsers write it (RFC 7578; HTML standard, multipart/form-data encoding). Readers made
/// for other headers take a backslash for an escape, but in a form it is a backslash: a name from Windows has folders in it,
/// and one may end with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// The field's name.
    pub name: String,
    /// The file's, when it is one; as it was sent.
    pub file_name: Option<String>,
}

impl Disposition {
    /// What this part says.
    pub fn of(field: &Field) -> Result<Self, AppError> {
        let header =
            field.headers().get(CONTENT_DISPOSITION).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        header
            .and_then(read)
            .ok_or_else(|| AppError::MalformedBody("A part of the form does not say which field it is.".to_owned()))
    }
}

/// None for what is no part of a form, or has no name. Of two parameters of one name the first counts.
fn read(header: &str) -> Option<Disposition> {
    let (kind, mut rest) = header.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut name, mut file_name, mut extended) = (None, None, None);
    while !rest.trim().is_empty() {
        let (key, after) = rest.split_once('=')?;
        let (value, after) = first_value(after.trim_start())?;
        rest = after;
        match key.trim().to_ascii_lowercase().as_str() {
            "name" => name = name.or(Some(value)),
            "filename" => file_name = file_name.or(Some(value)),
            // No browser sends it and no form should have it, but some programs do, for names beyond ASCII (RFC 8187).
            "filename*" => extended = extended.or_else(|| decoded(&value)),
            _ => {}
        }
    }
    Some(Disposition { name: name?, file_name: extended.or(file_name) })
}

/// The value that a text begins with, and what comes after it and its semicolon.
fn first_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (plain, rest) = text.split_once(';').unwrap_or((text, ""));
        return Some((plain.trim().to_owned(), rest));
    };
    // A quotation mark in a name comes as `%22`, which is undone where names are cleaned. Older programs write `\"`, which
    // looks like a name that ends with a backslash; so the mark that ends a value is the one with nothing but a semicolon or
    // the end after it.
    let (content, after) = quoted
        .match_indices('"')
        .filter_map(|(at, _)| Some((quoted.get(..at)?, quoted.get(at + 1..)?)))
        .find(|(_, after)| ends_a_value(after))?;
    let after = after.trim_start();
    Some((content.replace("\\\"", "\""), after.strip_prefix(';').unwrap_or(after)))
}

/// Whether what comes after a quotation mark is the end, or a semicolon and perhaps another parameter.
fn ends_a_value(after: &str) -> bool {
    let after = after.trim_start();
    let Some(next) = after.strip_prefix(';').map(str::trim_start) else { return after.is_empty() };
    let key_ends =
        next.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '*' | '-' | '_')).unwrap_or(next.len());
    let after_key = next.get(key_ends..).unwrap_or_default();
    next.is_empty() || (key_ends > 0 && after_key.trim_start().starts_with('='))
}

fn decoded(value: &str) -> Option<String> {
    parse_extended_value(value).ok().map(|name| String::from_utf8_lossy(&name.value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of a file, by what stands after the field's.
    fn file_name(words: &str) -> Option<String> {
        let read = read(&format!("form-data; name=\"file\"; {words}")).unwrap_or_else(|| panic!("{words} is refused"));
        assert_eq!(read.name, "file", "{words}");
        read.file_name
    }

    #[test]
    fn a_name_is_as_it_was_sent() {
        for (words, expected) in [
            // As browsers send names.
            (r#"filename="informe.txt""#, "informe.txt"),
            (r#"filename="..\..\boot.txt""#, r"..\..\boot.txt"),
            (r#"filename="C:\nuevo\tabla.txt""#, r"C:\nuevo\tabla.txt"),
            (r#"filename="nota.txt\""#, r"nota.txt\"),
            (r#"filename="a%22b.txt""#, "a%22b.txt"),
            (r#"filename="a; name=b.txt""#, "a; name=b.txt"),
            (r#"filename="Ñandú 🖨️.txt""#, "Ñandú 🖨️.txt"),
            (r#"filename="""#, ""),
            // As other programs do.
            (r#"filename="a\"b.txt""#, "a\"b.txt"),
            (r#"filename="a\"; b.txt""#, "a\"; b.txt"),
            (r#"FileName = "a.txt" ; size=3;"#, "a.txt"),
            ("filename=a.txt; x=y", "a.txt"),
            (r#"filename="_.txt"; filename*=UTF-8''%C3%91.txt"#, "Ñ.txt"),
            (r#"filename="a.txt"; filename*=rubbish"#, "a.txt"),
            (r#"filename="a.txt"; filename="b.txt"; name="other""#, "a.txt"),
        ] {
            assert_eq!(file_name(words).as_deref(), Some(expected), "{words}");
        }
        assert_eq!(file_name("x=y"), None);
        let turned = read(r#"form-data; filename="nota.txt\"; name="file""#).unwrap();
        assert_eq!((turned.name.as_str(), turned.file_name.as_deref()), ("file", Some(r"nota.txt\")));
    }

    #[test]
    fn what_is_no_part_of_a_form_is_none() {
        for header in [
            "",
            "form-data",
            "form-data; filename=\"a.txt\"",
            "attachment; name=\"file\"",
            "form-data; name=\"file",
            "form-data; name=\"file\" x",
            "form-data; name",
        ] {
            assert_eq!(read(header), None, "{header}");
        }
    }
}
